import VigieRulebook

/// Where a pass over the bytes of a text is, and why it stopped there.
struct ByteWalk {
  enum Stop { case end, multibyte, hit }

  var index = 0
  var skeletonState: UInt32 = 0
  var anchorState: UInt32 = 0
  /// All facts of the bytes passed, for their signs.
  var seen: UInt32 = 0
  /// Whether the last byte passed is a letter of the skeleton.
  var isLetter = false
  var stop = Stop.end

  /// Steps both automata over ASCII up to a hit, a byte beyond ASCII, or the end.
  ///
  /// The tables are read without bounds checks: a byte is always an index of the 256 classes, and
  /// a state is a row of its own table, with room for every column a class can name (`Prefilter`
  /// builds all three together and never changes them).
  @inline(never)
  mutating func advance(
    over text: Span<UInt8>,
    classes: Span<UInt32>,
    skeleton: Span<UInt32>,
    skeletonHit: UInt32,
    anchors: Span<UInt32>,
    anchorHit: UInt32
  ) {
    var index = self.index
    var skeletonState = self.skeletonState
    var anchorState = self.anchorState
    var seen = self.seen
    let count = text.count
    let multibyte = ByteClass.multibyte
    var stop = ByteWalk.Stop.end
    var symbol: UInt32 = 0
    while index < count {
      let facts = unsafe classes[unchecked: Int(text[unchecked: index])]
      seen |= facts
      symbol = facts & 0xFF
      if symbol == multibyte {
        anchorState = 0
        stop = .multibyte
        break
      }
      anchorState = unsafe anchors[unchecked: Int(anchorState &+ (facts >> 8 & 0xFF))]
      skeletonState = unsafe skeleton[unchecked: Int(skeletonState &+ symbol)]
      index &+= 1
      if anchorState >= anchorHit || (skeletonState >= skeletonHit && symbol != 0) {
        stop = .hit
        break
      }
    }
    self.index = index
    self.skeletonState = skeletonState
    self.anchorState = anchorState
    self.seen = seen
    self.isLetter = symbol != 0
    self.stop = stop
  }
}

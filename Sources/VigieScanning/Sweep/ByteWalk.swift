import VigieRulebook

/// Where a pass over the bytes of a text is, and why it stopped there.
struct ByteWalk {
  enum Stop { case end, longWay, hit }

  var index = 0
  var skeletonState = 0
  var anchorState = 0
  /// All facts of the scalars passed, for their signs.
  var seen: UInt32 = 0
  var stop = Stop.end
  /// Whether the stop is a hit of an anchor that passed its gate.
  var isAnchorHit = false
  /// Whether the stop is a hit of a phrase's window.
  var isPhraseHit = false

  /// Steps both automata up to a hit, a scalar that needs the long way, or the end.
  ///
  /// The tables are read without bounds checks: a byte is always an index of the 256 classes, and
  /// a state is a row of its own table, with room for every column a class can name (`Prefilter`
  /// builds all of them together and never changes them). The loop waits for one load after
  /// another, so what it does beside them costs little, and all that is rare is told by one test:
  /// a byte beyond ASCII leads the anchors to a state of its own, beyond all accepting ones.
  @inline(never)
  mutating func advance<State: FixedWidthInteger & UnsignedInteger>(
    over text: Span<UInt8>,
    classes: Span<UInt32>,
    wideClasses: Span<UInt32>,
    skeleton: Span<State>,
    anchors: Span<State>,
    gates: Span<AnchorGate>,
    _ limits: Limits
  ) {
    var index = self.index
    var skeletonState = self.skeletonState
    var anchorState = self.anchorState
    var seen = self.seen
    let count = text.count
    let skeletonHit = limits.skeletonHit
    let anchorHit = limits.anchorHit
    stop = .end
    isAnchorHit = false
    while index < count {
      let facts = unsafe classes[unchecked: Int(text[unchecked: index])]
      index &+= 1
      seen |= facts
      anchorState = unsafe Int(
        truncatingIfNeeded: anchors[unchecked: anchorState &+ Int(facts >> 8 & 0xFF)]
      )
      skeletonState = unsafe Int(
        truncatingIfNeeded: skeleton[unchecked: skeletonState &+ Int(facts & 0xFF)]
      )
      if anchorState >= anchorHit {
        if anchorState == limits.escape {
          let (place, length) = ByteWalk.widePlace(text, index &- 1)
          let facts = unsafe place < 0 ? ByteClass.longWay : wideClasses[unchecked: place]
          if facts & 0xFF == ByteClass.longWay {
            index &-= 1
            stop = .longWay
            break
          }
          index &+= length &- 1
          seen |= facts
          skeletonState = unsafe Int(
            truncatingIfNeeded: skeleton[unchecked: skeletonState &+ Int(facts & 0xFF)]
          )
        } else {
          let gate = unsafe gates[unchecked: (anchorState &- anchorHit) >> limits.gateShift]
          if ByteWalk.isOpen(gate, text, index, classes) {
            isAnchorHit = true
            stop = .hit
            break
          }
        }
      }
      if skeletonState >= skeletonHit {
        stop = .hit
        break
      }
    }
    isPhraseHit = stop == .hit && skeletonState >= skeletonHit
    self.index = index
    self.skeletonState = skeletonState
    self.anchorState = anchorState
    self.seen = seen
  }

  /// From which states on a step is more than a step.
  struct Limits {
    var skeletonHit: Int
    var anchorHit: Int
    /// The state of the anchors after a byte beyond ASCII.
    var escape: Int
    /// The number of an accepting state of the anchors is its distance from the first, shifted.
    var gateShift: Int

    init(_ prefilter: Prefilter) {
      skeletonHit = Int(prefilter.skeleton.firstAccepting)
      anchorHit = Int(prefilter.anchors.firstAccepting)
      escape = Int(prefilter.anchors.escape)
      gateShift = prefilter.anchors.columnCount.trailingZeroBitCount
    }
  }

  /// The place among the wide classes of the scalar that starts at a byte, or -1, and its length.
  @inline(__always)
  private static func widePlace(_ text: Span<UInt8>, _ index: Int) -> (place: Int, length: Int) {
    let left = text.count &- index
    guard left > 1 else { return (-1, 0) }
    let lead = unsafe text[unchecked: index]
    let second = unsafe text[unchecked: index &+ 1]
    if lead < 0xE0 {
      guard lead >= 0xC2, second & 0xC0 == 0x80 else { return (-1, 0) }
      return (Int(lead & 0x1F) << 6 | Int(second & 0x3F), 2)
    }
    guard lead == 0xE2, second == 0x80, left > 2 else { return (-1, 0) }
    let third = unsafe text[unchecked: index &+ 2]
    guard third & 0xC0 == 0x80 else { return (-1, 0) }
    return (2_048 | Int(third & 0x3F), 3)
  }

  /// Whether a hit that ends before a byte passes its gate; neighbours beyond ASCII pass.
  @inline(__always)
  private static func isOpen(
    _ gate: AnchorGate,
    _ text: Span<UInt8>,
    _ end: Int,
    _ classes: Span<UInt32>
  ) -> Bool {
    if gate.lastByte != 0, unsafe text[unchecked: end &- 1] != gate.lastByte { return false }
    if gate.endsWord, end < text.count {
      let after = unsafe classes[unchecked: Int(text[unchecked: end])]
      if after & ByteClass.letter != 0 { return false }
    }
    let start = end &- Int(gate.startDistance)
    guard start < end, start > 0 else { return true }
    let before = unsafe classes[unchecked: Int(text[unchecked: start &- 1])]
    return before & ByteClass.letter == 0
  }
}

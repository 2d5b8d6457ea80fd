import VigieRulebook

/// Where a pass over the bytes of a text is, and why it stopped there.
///
/// The pass keeps two windows: the last symbols of the skeleton, which separators do not move, and
/// the last codes of the bytes (``StepTable``). It takes two bytes at a time and looks then whether
/// one of the windows is sought (``WindowSet`` has two a string, a step apart, so that none is passed
/// over). A step waits for the one before by a shift alone, its look-ups for nothing.
///
/// A window is met at every sixteenth step or so, which no processor foresees. So the walk goes ahead for a stretch of
/// steps whatever it meets, keeps the places, and looks at these afterwards: what they need of memory is asked for at
/// once.
struct ByteWalk {
  enum Stop { case end, longWay, hit }

  /// What stands before the next byte.
  var last = Last()
  /// The next byte.
  var index = 0
  /// How many bytes the last code stands for; 0 for what follows the text.
  var lastLength = 1
  /// Why the pass stopped; before the long way there may be hits as well.
  private(set) var stop = Stop.end
  /// The byte after the last letter of a phrase's window that was met; -1 for none.
  private(set) var phraseEnd = -1
  /// Whether an anchor's window was met right before `index`.
  private(set) var hasAnchor = false
  /// Where look-alikes stand in anchors, or so near that they may be part of what is sought there:
  /// from the first to the last place.
  private(set) var disguisedAnchors = 0..<0
  /// The byte after the last look-alike; -1 for none.
  private var lookalikeEnd = -1
  /// The same of the last that counts near an anchor.
  private var nearEnd = -1
  /// The byte up to which a look-alike may be part of what an anchor met so far stands for.
  private var anchorReach = 0
  private var isPastEnd = false
  /// All steps taken, for their signs.
  private(set) var seen: UInt32 = 0
  /// Where windows were met in the stretch ahead, and what may be one of their strings stands before.
  private var places = InlineArray<64, Place>(repeating: Place())
  /// How many these are.
  private var placeCount = 0
  /// The first of them that was not looked at yet.
  private var nextPlace = 0
  /// Where the stretch ahead ends, once a place in it was met.
  private var ahead = Place()
  /// Whether a scalar that no pair is stands there, or one after the next byte.
  private var isBeforeScalar = false

  /// The most places that may be kept before some more steps.
  private static let fewPlacesCount = 32
  /// How many steps are taken between two questions whether there is room for the places of more.
  private static let stepCount = 32
  /// The most bytes of a stretch: as far as the text is sure to be in the nearest cache when one goes back.
  private static let maxStretchByteCount = 2_048

  /// A place, and what stands before it.
  struct Place {
    var last = Last()
    var index = 0
  }

  /// The two windows.
  struct Last {
    /// The last symbols of the skeleton, the newest lowest.
    var symbols: UInt64 = 0
    /// The last codes, the newest lowest.
    var codes: UInt64 = 0

    /// Steps over two bytes.
    @inline(__always)
    mutating func takePair(_ step: UInt32) {
      symbols = symbols &<< UInt64(step) | UInt64(step &>> Step.symbols)
      codes = codes &<< 10 | UInt64(step &>> Step.codes & 1_023)
    }

    /// Steps over one scalar.
    @inline(__always)
    mutating func take(_ step: UInt32) {
      symbols = symbols &<< UInt64(step) | UInt64(step &>> Step.symbols)
      codes = codes &<< 5 | UInt64(step &>> Step.codes & 31)
    }

    /// Whether the window of a phrase is met.
    func isPhraseSought(_ words: Span<UInt32>) -> Bool {
      let row = words[Int(truncatingIfNeeded: symbols &>> 5 & Step.row) &+ PassTable.phrases]
      return row &>> UInt32(truncatingIfNeeded: symbols) & 1 != 0
    }

    /// Whether the window of an anchor is met.
    func isAnchorSought(_ words: Span<UInt32>) -> Bool {
      let row = words[Int(truncatingIfNeeded: codes &>> 5 & Step.row) &+ PassTable.anchors]
      return row &>> UInt32(truncatingIfNeeded: codes) & 1 != 0
    }

    /// 1 where one of the windows is sought, else 0.
    @inline(__always)
    func soughtCount(_ words: Span<UInt32>) -> Int {
      let phrases = unsafe words[
        unchecked: Int(truncatingIfNeeded: symbols &>> 5 & Step.row) &+ PassTable.phrases
      ]
      let anchors = unsafe words[
        unchecked: Int(truncatingIfNeeded: codes &>> 5 & Step.row) &+ PassTable.anchors
      ]
      let phrase = phrases &>> UInt32(truncatingIfNeeded: symbols)
      let anchor = anchors &>> UInt32(truncatingIfNeeded: codes)
      return Int((phrase | anchor) & 1)
    }

    /// 1 where a window is sought and what stands before it may be one of its strings, else 0.
    @inline(__always)
    func stringCount(_ words: Span<UInt32>, _ tests: Span<WindowTest>) -> Int {
      let phrase = PassTable.mayStand(symbols, PassTable.phrases, words, tests)
      let anchor = PassTable.mayStand(codes, PassTable.anchors, words, tests)
      return phrase | anchor
    }
  }

  /// Steps over a look-alike: its code is that of what it looks like, none where it is not seen; says whether it may be
  /// part of what an anchor near it stands for.
  mutating func takeLookalike(_ code: UInt8?, length: Int, countsNear: Bool) {
    if let code {
      last.codes = last.codes &<< 5 | UInt64(code)
      lastLength = length
    }
    lookalikeEnd = index
    guard countsNear else { return }
    nearEnd = index
    if index &- length <= anchorReach { noteDisguise() }
  }

  /// Notes an anchor that stands here, and whether a look-alike stands within its reach.
  mutating func noteAnchor(reach: Int) {
    if index &+ reach > anchorReach { anchorReach = index &+ reach }
    if nearEnd >= 0, index &- nearEnd <= reach { noteDisguise() }
  }

  /// Whether a look-alike may stand inside an anchor whose window is met.
  func mayBeDisguised(_ anchor: borrowing PassCandidate, _ text: Span<UInt8>) -> Bool {
    if lookalikeEnd >= 0, index &- lookalikeEnd <= Int(anchor.count) &* ByteWalk.maxLetterCount {
      return true
    }
    var place = index
    let end = min(text.count, index &+ max(0, Int(anchor.rest)))
    while place < end, text[place] < 0x80 { place &+= 1 }
    return place < end
  }

  /// The most bytes of a letter.
  private static let maxLetterCount = 4

  /// Notes a look-alike in an anchor or near one.
  mutating func noteDisguise() {
    let first = disguisedAnchors.isEmpty ? index : disguisedAnchors.lowerBound
    disguisedAnchors = first..<(index + 1)
  }

  /// Goes on up to a hit, a scalar that needs the long way, or the end.
  ///
  /// - Parameters:
  ///   - text: The text.
  ///   - words: The tables of ``PassTables``.
  ///   - candidates: Its candidates.
  ///   - tests: Its tests.
  ///   - firsts: The first candidate of each.
  mutating func advance(
    over text: Span<UInt8>,
    _ words: Span<UInt32>,
    _ candidates: Span<PassCandidate>,
    _ tests: Span<WindowTest>,
    _ firsts: Span<UInt32>
  ) {
    while true {
      while nextPlace < placeCount {
        take(places[nextPlace], text, words)
        nextPlace &+= 1
        if settles(text, words, candidates, firsts) { return }
      }
      if placeCount > 0 {
        (last, index) = (ahead.last, ahead.index)
        (placeCount, nextPlace) = (0, 0)
      }
      if isBeforeScalar {
        isBeforeScalar = false
        if takeScalar(text, words) == Step.wide {
          _ = settles(text, words, candidates, firsts)
          stop = .longWay
          return
        }
        if last.stringCount(words, tests) != 0, settles(text, words, candidates, firsts) { return }
      }
      guard index < text.count &- 1 else { break }
      goAhead(text, words, tests)
    }
    if index < text.count {
      phraseEnd = -1
      let step = words[Int(text[index]) &+ PassTable.singles]
      if step == Step.wide {
        hasAnchor = false
        stop = .longWay
        return
      }
      takeByte(step)
      if step & Step.shift != 0 { phraseEnd = index }
      if settles(text, words, candidates, firsts) { return }
    }
    if !isPastEnd {
      isPastEnd = true
      takeEnd()
      phraseEnd = -1
      if settles(text, words, candidates, firsts) { return }
    }
    stop = .end
  }

  /// Steps over a byte of ASCII.
  @inline(__always)
  mutating func takeByte(_ step: UInt32) {
    seen |= step
    last.take(step)
    index &+= 1
    lastLength = 1
  }

  /// Steps over what follows the text.
  mutating func takeEnd() {
    last.codes = last.codes &<< 5
    lastLength = 0
  }

  /// Takes two bytes after the other: up to the end of a stretch, a scalar that no pair is, or the last byte.
  ///
  /// The tables are read without bounds checks: there is a step for every pair of bytes, and a word
  /// for every row. The loop is all there is to most texts: it asks for nothing that a text decides but whether a scalar
  /// comes; each place is written down, and the next over it unless a window is met.
  @inline(never)
  private mutating func goAhead(
    _ text: Span<UInt8>,
    _ words: Span<UInt32>,
    _ tests: Span<WindowTest>
  ) {
    let bytes = unsafe text.bytes
    let farthest = min(text.count &- 1, index &+ ByteWalk.maxStretchByteCount)
    var place = Place(last: self.last, index: index)
    var seen: UInt32 = 0
    var count = 0
    while place.index < farthest, count <= ByteWalk.fewPlacesCount, !isBeforeScalar {
      let end = min(farthest, place.index &+ 2 &* ByteWalk.stepCount)
      while place.index < end {
        let pair = unsafe bytes.unsafeLoadUnaligned(
          fromUncheckedByteOffset: place.index,
          as: UInt16.self
        )
        let step = unsafe words[unchecked: Int(UInt16(littleEndian: pair)) &+ PassTable.pairs]
        if step == Step.wide {
          isBeforeScalar = true
          break
        }
        seen |= step
        place.index &+= 2
        place.last.takePair(step)
        unsafe places[unchecked: count] = place
        count &+= place.last.soughtCount(words)
      }
    }
    self.seen |= seen
    // Most windows stand in other words: what comes before them tells, of these as well without a question.
    for number in 0..<count {
      let met = unsafe places[unchecked: number]
      unsafe places[unchecked: placeCount] = met
      placeCount &+= met.last.stringCount(words, tests)
    }
    if placeCount > 0 {
      ahead = place
    } else {
      (last, index) = (place.last, place.index)
    }
  }

  /// Goes back to a place where a window was met.
  private mutating func take(_ place: Place, _ text: Span<UInt8>, _ words: Span<UInt32>) {
    (last, index) = (place.last, place.index)
    lastLength = 1
    let first = words[Int(text[index &- 2]) &+ PassTable.singles]
    let second = words[Int(text[index &- 1]) &+ PassTable.singles]
    phraseEnd = -1
    if first & Step.shift != 0 { phraseEnd = index &- 1 }
    if second & Step.shift != 0 { phraseEnd = index }
  }

  /// Steps over a byte of ASCII, where one comes first, and a scalar that needs no long way.
  ///
  /// - Returns: The last step; ``Step/wide`` before the long way.
  private mutating func takeScalar(_ text: Span<UInt8>, _ words: Span<UInt32>) -> UInt32 {
    phraseEnd = -1
    let byte = unsafe text[unchecked: index]
    if byte < 0x80 {
      let step = unsafe words[unchecked: Int(byte) &+ PassTable.singles]
      takeByte(step)
      if step & Step.shift != 0 { phraseEnd = index }
    }
    let (place, length) = ByteWalk.widePlace(text, index)
    let step = unsafe place < 0 ? Step.wide : words[unchecked: place &+ PassTable.wide]
    guard step != Step.wide else { return step }
    seen |= step
    last.take(step)
    index &+= length
    lastLength = length
    if step & Step.shift != 0 { phraseEnd = index }
    return step
  }

  /// Looks whether more than a window speaks for a string, and stops there.
  ///
  /// Most windows that are met stand in other words.
  private mutating func settles(
    _ text: Span<UInt8>,
    _ words: Span<UInt32>,
    _ candidates: Span<PassCandidate>,
    _ firsts: Span<UInt32>
  ) -> Bool {
    if phraseEnd >= 0 {
      let range = PassTable.candidates(last.symbols, PassTable.phrases, words, firsts)
      var place = range.lowerBound
      while place < range.upperBound,
        !ByteWalk.goesOn(candidates[place], last.symbols, text, phraseEnd, words)
      {
        place &+= 1
      }
      if place == range.upperBound { phraseEnd = -1 }
    }
    hasAnchor = false
    let range = PassTable.candidates(last.codes, PassTable.anchors, words, firsts)
    var place = range.lowerBound
    while place < range.upperBound, !hasAnchor {
      if unsafe candidates[unchecked: place].fits(last.codes) {
        let end = unsafe candidates[unchecked: place].end(
          windowEnd: index,
          lastLength: lastLength
        )
        let lastByte = unsafe candidates[unchecked: place].lastByte
        // What stands before the text has the code of signs: an anchor of these alone may seem to end there.
        hasAnchor = end > 0 && end <= text.count && (lastByte == 0 || text[end &- 1] == lastByte)
        if !hasAnchor { hasAnchor = unsafe mayBeDisguised(candidates[unchecked: place], text) }
      }
      place &+= 1
    }
    guard hasAnchor || phraseEnd >= 0 else { return false }
    stop = .hit
    return true
  }

  /// Whether the letters before a byte are those of a phrase, and the next ones may be.
  ///
  /// The end of most phrases decides: many begin with the same word. Only ASCII is looked at.
  @inline(__always)
  static func goesOn(
    _ candidate: borrowing PassCandidate,
    _ symbols: UInt64,
    _ text: Span<UInt8>,
    _ end: Int,
    _ words: Span<UInt32>
  ) -> Bool {
    guard candidate.fits(symbols) else { return false }
    var index = end
    var left = candidate.nextCount
    var next = UInt32(candidate.next)
    while left > 0, index < text.count, index &- end < maxLookCount {
      let step = unsafe words[unchecked: Int(text[unchecked: index]) &+ PassTable.singles]
      if step == Step.wide { return true }
      index &+= 1
      if step & Step.shift == 0 { continue }
      if step &>> Step.symbols != next & 31 { return false }
      next &>>= 5
      left &-= 1
    }
    return left == 0 || index < text.count
  }

  /// How many bytes after a window are looked at for the next letters.
  private static let maxLookCount = 12

  /// The place among the wide steps of the scalar that starts at a byte, or -1, and its length.
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
    guard lead <= 0xE2, left > 2 else { return (-1, 0) }
    let third = unsafe text[unchecked: index &+ 2]
    let place = Int(lead & 0x0F) << 12 | Int(second & 0x3F) << 6 | Int(third & 0x3F)
    // Shorter forms of a scalar are malformed.
    guard second & 0xC0 == 0x80, third & 0xC0 == 0x80, place >= 0x800 else { return (-1, 0) }
    return (place, 3)
  }
}

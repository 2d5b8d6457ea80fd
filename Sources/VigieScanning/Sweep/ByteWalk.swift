import VigieRulebook

/// Where a pass over the bytes of a text is, and why it stopped there.
///
/// The pass keeps two windows: the last symbols of the skeleton, which separators do not move, and
/// the last codes of the bytes (``StepTable``). It takes two bytes at a time and looks then whether
/// one of the windows is sought (``WindowSet`` has two a string, a step apart, so that none is passed
/// over). A step waits for the one before by a shift alone, its look-ups for nothing.
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
  /// The two windows, and what was met on the way.
  struct Last {
    /// The last symbols of the skeleton, the newest lowest.
    var symbols: UInt64 = 0
    /// The last codes, the newest lowest.
    var codes: UInt64 = 0
    /// All steps taken, for their signs.
    var seen: UInt32 = 0

    /// Steps over two bytes.
    @inline(__always)
    mutating func takePair(_ step: UInt32) {
      seen |= step
      symbols = symbols &<< UInt64(step) | UInt64(step &>> Step.symbols)
      codes = codes &<< 10 | UInt64(step &>> Step.codes & 1_023)
    }

    /// Steps over one scalar.
    @inline(__always)
    mutating func take(_ step: UInt32) {
      seen |= step
      symbols = symbols &<< UInt64(step) | UInt64(step &>> Step.symbols)
      codes = codes &<< 5 | UInt64(step &>> Step.codes & 31)
    }

    /// Undoes a pair that said nothing; what fell out of the windows no string asks for.
    @inline(__always)
    mutating func undoPair() {
      symbols &>>= 10
      codes &>>= 10
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

    /// Whether one of the windows is sought.
    ///
    /// - Parameter words: The tables.
    /// - Returns: Whether it is.
    @inline(__always)
    func isSought(_ words: Span<UInt32>) -> Bool {
      let phrases = unsafe words[
        unchecked: Int(truncatingIfNeeded: symbols &>> 5 & Step.row) &+ PassTable.phrases
      ]
      if phrases & 1 &<< UInt32(truncatingIfNeeded: symbols) != 0 { return true }
      let anchors = unsafe words[
        unchecked: Int(truncatingIfNeeded: codes &>> 5 & Step.row) &+ PassTable.anchors
      ]
      return anchors & 1 &<< UInt32(truncatingIfNeeded: codes) != 0
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
  func mayBeDisguised(_ anchor: borrowing WindowCandidate, _ text: Span<UInt8>) -> Bool {
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
  mutating func advance(
    over text: Span<UInt8>,
    _ words: Span<UInt32>,
    _ candidates: Span<WindowCandidate>,
    _ tests: Span<WindowTest>
  ) {
    while let step = skip(text, words, tests) {
      if step == Step.wide {
        _ = settles(text, words, candidates)
        stop = .longWay
        return
      }
      if settles(text, words, candidates) { return }
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
      if settles(text, words, candidates) { return }
    }
    if !isPastEnd {
      isPastEnd = true
      takeEnd()
      phraseEnd = -1
      if settles(text, words, candidates) { return }
    }
    stop = .end
  }

  /// Steps over a byte of ASCII.
  @inline(__always)
  mutating func takeByte(_ step: UInt32) {
    last.take(step)
    index &+= 1
    lastLength = 1
  }

  /// Steps over what follows the text.
  mutating func takeEnd() {
    last.codes = last.codes &<< 5
    lastLength = 0
  }

  /// Takes two bytes after the other up to a window, a scalar of the long way, or the last byte.
  ///
  /// The tables are read without bounds checks: there is a step for every pair of bytes, and a word
  /// for every row. The inner loop is all there is to most texts; what is rare is kept out of it, so
  /// that its few values stay in registers.
  ///
  /// - Returns: The last step, ``Step/wide`` before the long way; `nil` where less than two bytes are
  ///   left.
  @inline(never)
  private mutating func skip(
    _ text: Span<UInt8>,
    _ words: Span<UInt32>,
    _ tests: Span<WindowTest>
  ) -> UInt32? {
    let bytes = unsafe text.bytes
    let end = text.count &- 1
    var index = self.index
    var last = self.last
    defer {
      self.index = index
      self.last = last
    }
    while true {
      var step: UInt32 = 0
      var isSought = false
      while index < end {
        let pair = unsafe bytes.unsafeLoadUnaligned(
          fromUncheckedByteOffset: index,
          as: UInt16.self
        )
        step = unsafe words[unchecked: Int(UInt16(littleEndian: pair)) &+ PassTable.pairs]
        index &+= 2
        last.takePair(step)
        isSought = last.isSought(words)
        if isSought { break }
      }
      guard isSought else { return nil }
      if step < Step.wide {
        guard ByteWalk.mayStand(last, words, tests) else { continue }
        phraseEnd = -1
        lastLength = 1
        let second = unsafe words[
          unchecked: Int(text[unchecked: index &- 1]) &+ PassTable.singles
        ]
        if step & Step.shift != 0 {
          phraseEnd = second & Step.shift != 0 ? index : index &- 1
        }
        return step
      }
      phraseEnd = -1
      // The pair said nothing: back, and one scalar after the other.
      index &-= 2
      last.undoPair()
      let byte = unsafe text[unchecked: index]
      if byte < 0x80 {
        let step = unsafe words[unchecked: Int(byte) &+ PassTable.singles]
        last.take(step)
        index &+= 1
        lastLength = 1
        if step & Step.shift != 0 { phraseEnd = index }
      }
      let (place, length) = ByteWalk.widePlace(text, index)
      step = unsafe place < 0 ? Step.wide : words[unchecked: place &+ PassTable.wide]
      if step == Step.wide { return step }
      last.take(step)
      index &+= length
      lastLength = length
      if step & Step.shift != 0 { phraseEnd = index }
      if last.isSought(words), ByteWalk.mayStand(last, words, tests) {
        return step
      }
    }
  }

  /// Whether a window is met and what stands before it may be one of its strings.
  ///
  /// A function of its own: the loop that asks needs all registers.
  @inline(never)
  private static func mayStand(
    _ last: Last,
    _ words: Span<UInt32>,
    _ tests: Span<WindowTest>
  ) -> Bool {
    PassTable.mayStand(last.symbols, PassTable.phrases, words, tests)
      || PassTable.mayStand(last.codes, PassTable.anchors, words, tests)
  }

  /// Looks whether more than a window speaks for a string, and stops there.
  ///
  /// Most windows that are met stand in other words.
  private mutating func settles(
    _ text: Span<UInt8>,
    _ words: Span<UInt32>,
    _ candidates: Span<WindowCandidate>
  ) -> Bool {
    if phraseEnd >= 0 {
      let range = PassTable.candidates(last.symbols, PassTable.phrases, words)
      var place = range.lowerBound
      while place < range.upperBound,
        !ByteWalk.goesOn(candidates[place], last.symbols, text, phraseEnd, words)
      {
        place &+= 1
      }
      if place == range.upperBound { phraseEnd = -1 }
    }
    hasAnchor = false
    let range = PassTable.candidates(last.codes, PassTable.anchors, words)
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
    _ candidate: borrowing WindowCandidate,
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

/// What has to be undone in a text, and where.
///
/// A sign by itself asks for nothing: most texts with a `!` or a `<` hold no letter in disguise
/// and no tag. Phrases see through look-alikes; only where something else is sought, or is undone
/// besides, is their plain form needed.
package struct DecodingNeeds {
  /// The most windows; a text that asks for more is decoded as a whole.
  package static let maxWindowCount = 32
  /// How far around a place what is found may reach, bytes: the longest marking with a byte of
  /// disguise to each letter.
  private static let margin = 256
  /// The same for a letter in disguise, which has others of its marking near.
  private static let letterMargin = 128

  /// What to undo; nothing in most texts.
  package private(set) var steps = Decoder.Steps.none
  /// The parts of the text that change, in order, with what stands around them.
  private var windows = InlineArray<32, Range<Int>>(repeating: 0..<0)
  /// How many of these there are.
  package private(set) var windowCount = 0
  /// Whether only the text as a whole will do.
  package private(set) var isEverywhere = false

  /// What a text needs.
  ///
  /// - Parameters:
  ///   - signs: What a pass over the text met.
  ///   - anchors: Where look-alikes stand in or near anchors, in order.
  ///   - offset: Where the text starts in the one that these, signs and runs are counted in, bytes.
  ///   - places: Where signs stand, in order; `nil` where that is not known.
  ///   - runs: Letters of runs, in order, each the ``Decoder/minRunCount``th of its run or a later one: of each run that
  ///     may be base64 at least one. `nil` where that is not known.
  ///   - contexts: Where signs may stand for letters.
  ///   - text: The text.
  package init(
    _ signs: Decoder.Signs,
    anchors: [Range<Int>],
    from offset: Int = 0,
    places: [Int]? = nil,
    runs: [Int]? = nil,
    contexts: borrowing SignContexts,
    _ text: Span<UInt8>
  ) {
    if signs.contains(.disguisedAnchor) {
      // By index: without optimisation the iterator takes memory.
      for number in anchors.indices {
        // An anchor at the end of the text is met right after it.
        let lower = max(0, anchors[number].lowerBound - offset)
        let upper = min(text.count, anchors[number].upperBound - offset)
        guard upper >= 0, lower <= text.count else { continue }
        add(.plain, at: min(lower, upper)..<upper, DecodingNeeds.letterMargin, text)
      }
    }
    var sought = Decoder.Steps.none
    if signs.contains(.markup) { sought.insert(.markup) }
    if signs.contains(.percent) { sought.insert(.percent) }
    if signs.contains(.backslash) { sought.insert(.escapes) }
    if signs.contains(.leet) { sought.insert(.leet) }
    if sought.rawValue != 0 {
      if let places {
        addBegun(at: places, from: offset, contexts, text)
      } else {
        addBegun(sought, contexts, text)
      }
    }
    if signs.contains(.run), Decoder.holdsRun(text, at: runs, from: offset) {
      steps.insert(.base64)
      isEverywhere = true
    }
    // Where something else is undone, a mark may come to stand among letters, an anchor beside one.
    if steps.rawValue != 0 {
      if signs.contains(.leet) { steps.insert(.leet) }
      if signs.contains(.lookalike) { steps.insert(.plain) }
    }
  }

  /// A part of the text that changes, with what stands around it.
  package func window(_ number: Int) -> Range<Int> { windows[number] }

  /// Adds what starts at signs.
  private mutating func addBegun(
    _ sought: Decoder.Steps,
    _ contexts: SignContexts,
    _ text: Span<UInt8>
  ) {
    let interest = Decoder.interest
    var index = 0
    // Once every step is known to be needed everywhere there is nothing more to learn.
    while !(isEverywhere && sought.isSubset(of: steps)) {
      index = Decoder.skip(text, index..<text.count, interest.span, sought)
      guard index < text.count else { return }
      let step = Decoder.begins(text, at: index, contexts)
      if step.rawValue != 0 {
        let margin = step == .leet ? DecodingNeeds.letterMargin : DecodingNeeds.margin
        add(step, at: index..<(index + 1), margin, text)
      }
      index += 1
    }
  }

  /// The same where the places of all signs are known.
  private mutating func addBegun(
    at places: [Int],
    from offset: Int,
    _ contexts: SignContexts,
    _ text: Span<UInt8>
  ) {
    // By index: without optimisation the iterator takes memory for each place.
    for number in Decoder.numbers(of: places, within: offset..<offset + text.count) {
      let index = places[number] - offset
      let step = Decoder.begins(text, at: index, contexts)
      if step.rawValue != 0 {
        let margin = step == .leet ? DecodingNeeds.letterMargin : DecodingNeeds.margin
        add(step, at: index..<(index + 1), margin, text)
      }
    }
  }

  private mutating func add(
    _ step: Decoder.Steps,
    at place: Range<Int>,
    _ margin: Int,
    _ text: Span<UInt8>
  ) {
    steps.formUnion(step)
    guard !isEverywhere else { return }
    var start = text.unitEdge(atOrBefore: max(0, place.lowerBound - margin))
    var end = text.unitEdge(atOrBefore: min(text.count, place.upperBound + margin))
    // The windows of anchors come first, and those of signs among them.
    var first = windowCount
    while first > 0, windows[first - 1].upperBound >= start { first -= 1 }
    var last = first
    while last < windowCount, windows[last].lowerBound <= end {
      start = min(start, windows[last].lowerBound)
      end = max(end, windows[last].upperBound)
      last += 1
    }
    if first == last {
      guard windowCount < DecodingNeeds.maxWindowCount else {
        isEverywhere = true
        return
      }
      var index = windowCount
      while index > first {
        windows[index] = windows[index - 1]
        index -= 1
      }
      windowCount += 1
    } else if last > first + 1 {
      // It joins several.
      for index in last..<windowCount { windows[first + 1 + index - last] = windows[index] }
      windowCount -= last - first - 1
    }
    windows[first] = start..<end
  }
}

extension Decoder {
  /// What a pass over a text met, as far as it bears on decoding.
  package struct Signs: OptionSet, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// `<` or `&`.
    package static let markup = Signs(rawValue: 1 << 0)
    /// `%` or `=`.
    package static let percent = Signs(rawValue: 1 << 1)
    /// `!`, `|`, `+`, `€` or another sign beyond ASCII that may stand for a letter.
    package static let leet = Signs(rawValue: 1 << 2)
    /// `\\`.
    package static let backslash = Signs(rawValue: 1 << 3)
    /// A scalar that is invisible, or looks like another and stands beside a letter.
    package static let lookalike = Signs(rawValue: 1 << 4)
    /// A look-alike in or near an anchor.
    package static let disguisedAnchor = Signs(rawValue: 1 << 5)
    /// Letters of base64 enough for a run, which may be one.
    package static let run = Signs(rawValue: 1 << 6)

    /// Whether any of them asks for something by itself.
    package var mayNeedSteps: Bool { rawValue & ~Signs.lookalike.rawValue != 0 }
  }

  /// The steps that would change what others made of a text.
  static func steps(after steps: Steps, _ text: Span<UInt8>, _ contexts: SignContexts) -> Steps {
    var next = Steps.none
    var left = Steps.signed
    let interest = Decoder.interest
    var index = 0
    while left.rawValue != 0 {
      index = skip(text, index..<text.count, interest.span, left)
      guard index < text.count else { break }
      let step = begins(text, at: index, contexts)
      next.formUnion(step)
      left.subtract(step)
      index += 1
    }
    // Plain letters come of plain letters.
    let isPlain = steps.isSubset(of: .letters)
    if !isPlain, skip(text, 0..<text.count, interest.span, .plain) < text.count {
      next.insert(.plain)
    }
    if nextRun(text, from: 0) < text.count { next.insert(.base64) }
    return next
  }

  /// The step that undoes what starts at a byte; none where nothing does.
  static func begins(_ text: Span<UInt8>, at index: Int, _ contexts: SignContexts) -> Steps {
    switch text[index] {
    case 0x3C: tag(text, at: index, isMarkup: false) == nil ? .none : .markup
    case 0x26: reference(text, at: index) == nil ? .none : .markup
    case 0x25: hexByte(text, at: index + 1) == nil ? .none : .percent
    case 0x3D: quotedByte(text, at: index) == nil ? .none : .percent
    case 0x5C: escape(text, at: index) == nil ? .none : .escapes
    case 0x21, 0x7C, 0x2B, 0xC2, 0xE2: leetLetter(text, at: index, contexts) == nil ? .none : .leet
    default: .none
    }
  }

  /// The first byte of a range that a step looks at, or the end of the range.
  static func skip(
    _ source: Span<UInt8>,
    _ range: Range<Int>,
    _ interest: Span<UInt8>,
    _ steps: Steps
  ) -> Int {
    precondition(range.upperBound <= source.count && interest.count == 256)
    let mask = steps.rawValue
    let wide: UInt64 = steps.contains(.plain) ? highBits : 0
    // 0xC2 and 0xE2 differ in a bit that is taken out, as 0xFF, which is no byte of UTF-8, then never is.
    let lead: UInt64 = steps.contains(.leet) ? 0xC2C2_C2C2_C2C2_C2C2 : 0xFFFF_FFFF_FFFF_FFFF
    let bytes = unsafe source.bytes
    var index = range.lowerBound
    while index &+ 8 <= range.upperBound {
      // In bounds: checked once above.
      let block = unsafe bytes.unsafeLoadUnaligned(
        fromUncheckedByteOffset: index,
        as: UInt64.self
      )
      if mayHoldSign(block, wide, lead) {
        for place in index..<(index &+ 8)
        where unsafe interest[unchecked: Int(source[unchecked: place])] & mask != 0 {
          return place
        }
      }
      index &+= 8
    }
    while index < range.upperBound {
      if unsafe interest[unchecked: Int(source[unchecked: index])] & mask != 0 { break }
      index &+= 1
    }
    return index
  }

  private static let lowBits: UInt64 = 0x0101_0101_0101_0101
  private static let highBits: UInt64 = 0x8080_8080_8080_8080

  /// Whether one of eight bytes may be a sign: one of `< = | \ % & ! ( +`, a lead byte of a sign, or one that has a
  /// bit of `wide`.
  ///
  /// A byte is 0 where taking 1 from it borrows; what the borrow takes from the next byte may be a
  /// false alarm, never a miss.
  @inline(__always)
  private static func mayHoldSign(_ block: UInt64, _ wide: UInt64, _ lead: UInt64) -> Bool {
    // `<`, `=`, `\` and `|` differ in bits that are taken out.
    let bars = ((block & 0x9E9E_9E9E_9E9E_9E9E) ^ 0x1C1C_1C1C_1C1C_1C1C) &- lowBits
    let percent = (block ^ 0x2525_2525_2525_2525) &- lowBits
    let ampersand = (block ^ 0x2626_2626_2626_2626) &- lowBits
    let exclamation = (block ^ 0x2121_2121_2121_2121) &- lowBits
    // `(` and `+` differ in bits that are taken out.
    let plus = ((block & 0xFCFC_FCFC_FCFC_FCFC) ^ 0x2828_2828_2828_2828) &- lowBits
    let other = (block & 0xDFDF_DFDF_DFDF_DFDF) ^ lead
    let ascii = (bars | percent | ampersand | exclamation | plus) & ~block
    let beyond = (other &- lowBits) & ~other
    return (ascii | beyond) & highBits | block & wide != 0
  }
}

extension Decoder {
  /// The start of the next run that may be base64, or the end of the text.
  ///
  /// Any run of ``minRunCount`` letters covers eight bytes at a multiple of eight, and four more on
  /// one side of them: only where these hold no space or the like are letters looked at one by one.
  static func nextRun(_ text: Span<UInt8>, from start: Int) -> Int {
    var block = (start &+ 7) & ~7
    while block &+ 8 <= text.count {
      guard mayBeInRun(text, block), isRunByte(text[block]) else {
        block &+= 8
        continue
      }
      let (first, end) = run(text, around: block, from: start)
      if let first { return first }
      block = (end &+ 7) & ~7
    }
    return text.count
  }

  /// The run around a byte: its start where it may be base64, and its end.
  @inline(__always)
  private static func run(
    _ text: Span<UInt8>,
    around place: Int,
    from start: Int
  ) -> (first: Int?, end: Int) {
    var first = place
    while first > start, isRunByte(text[first &- 1]) { first &-= 1 }
    var end = place &+ 1
    while end < text.count, isRunByte(text[end]) { end &+= 1 }
    // Paths and options start with a byte of the alphabet that is none of the code.
    while first < end, !isAlphanumeric(text[first]) { first &+= 1 }
    let mayBe = end &- first >= minRunCount && mayBeBase64(text, first..<end)
    return (mayBe ? first : nil, end)
  }

  /// Whether a text holds a run that may be base64: around one of some places, or anywhere where these are not known.
  ///
  /// - Parameters:
  ///   - text: The text.
  ///   - places: The places, in order.
  ///   - offset: Where the text starts in the one that these are counted in, bytes.
  /// - Returns: Whether one does.
  static func holdsRun(_ text: Span<UInt8>, at places: [Int]?, from offset: Int) -> Bool {
    guard let places else { return nextRun(text, from: 0) < text.count }
    var end = 0
    // By index: without optimisation the iterator takes memory for each place.
    for number in numbers(of: places, within: offset..<offset + text.count)
    where places[number] - offset >= end {
      let run = run(text, around: places[number] - offset, from: end)
      if run.first != nil { return true }
      end = run.end
    }
    return false
  }

  /// Which of some places in order stand in a part of a text.
  static func numbers(of places: [Int], within part: Range<Int>) -> Range<Int> {
    func count(before limit: Int) -> Int {
      var (low, high) = (0, places.count)
      while low < high {
        let middle = (low + high) / 2
        if places[middle] < limit { low = middle + 1 } else { high = middle }
      }
      return low
    }
    return count(before: part.lowerBound)..<count(before: part.upperBound)
  }

  /// The end of a range, or a place in it before the run of base64 letters that goes on there.
  ///
  /// - Returns: The place; `nil` where one run fills the range.
  package static func edge(of text: Span<UInt8>, _ range: Range<Int>) -> Int? {
    var end = range.upperBound
    guard end < text.count, isRunByte(text[end]) else { return end }
    while end > range.lowerBound, isRunByte(text[end &- 1]) { end &-= 1 }
    return end > range.lowerBound ? end : nil
  }

  /// Whether a line that starts at a byte may go on with the base64 of the line before.
  package static func goesOn(_ text: Span<UInt8>, at start: Int) -> Bool {
    var before = start
    while before > 0, text[before &- 1] == 0x0A || text[before &- 1] == 0x0D { before &-= 1 }
    guard before < start, before >= minRunCount, start + minRunCount <= text.count else {
      return false
    }
    // What the lines say by themselves is nothing where they hold no whole groups of four.
    return (before - minRunCount..<before).allSatisfy { isRunByte(text[$0]) }
      && (start..<start + minRunCount).allSatisfy { isRunByte(text[$0]) }
  }

  /// Whether a run of ``minRunCount`` bytes or more may cover eight bytes.
  @inline(__always)
  private static func mayBeInRun(_ text: Span<UInt8>, _ block: Int) -> Bool {
    // In bounds: the caller leaves eight bytes from here on, and four are asked for before each use.
    let bytes = unsafe text.bytes
    let inside = unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: block, as: UInt64.self)
    if holdsBreak(inside) { return false }
    if block >= 4 {
      let before = unsafe bytes.unsafeLoadUnaligned(
        fromUncheckedByteOffset: block &- 4,
        as: UInt32.self
      )
      let four = UInt64(before) << 32 | 0x6161_6161
      if !holdsBreak(four), !isLowercase(inside & four) { return true }
    }
    guard block &+ 12 <= text.count else { return false }
    let after = unsafe bytes.unsafeLoadUnaligned(
      fromUncheckedByteOffset: block &+ 8,
      as: UInt32.self
    )
    let four = UInt64(after) << 32 | 0x6161_6161
    return !holdsBreak(four) && !isLowercase(inside & four)
  }

  /// Whether all bytes, of base64's alphabet, are lower-case letters, as those of words are.
  ///
  /// Of twelve letters that stand for text there is hardly ever none else: the first of four is one of
  /// `h`…`w`'s alone, the second of a quarter of all bytes.
  @inline(__always)
  private static func isLowercase(_ bytes: UInt64) -> Bool {
    bytes & 0x6060_6060_6060_6060 == 0x6060_6060_6060_6060
  }

  /// Whether one of eight bytes is below `+`, the least letter of base64, a full stop, or beyond
  /// ASCII; right after a byte that is, the next one up may be taken for one.
  @inline(__always)
  private static func holdsBreak(_ bytes: UInt64) -> Bool {
    let stop = (bytes ^ 0x2E2E_2E2E_2E2E_2E2E) &- lowBits
    return ((bytes &- 0x2B2B_2B2B_2B2B_2B2B) | bytes | stop) & highBits != 0
  }

  /// Whether a byte is a letter or digit of ASCII.
  @inline(__always)
  package static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte)
  }

  /// Whether a byte is a letter of either base64 alphabet (RFC 4648 §4, §5), as two bit sets.
  @inline(__always)
  package static func isRunByte(_ byte: UInt8) -> Bool {
    // Bits of `+`, `-`, `/`, `0`…`9`, then of `A`…`Z`, `_`, `a`…`z`.
    let bits: UInt64 = byte < 0x40 ? 0x03FF_A800_0000_0000 : 0x07FF_FFFE_87FF_FFFE
    return byte < 0x80 && bits >> UInt64(byte & 0x3F) & 1 != 0
  }
}

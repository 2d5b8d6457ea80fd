import VigieText

/// Which of what is sought at an anchor may stand at a place of a text: told by the characters around it, for all of
/// it at once.
package final class AnchorFilter: Sendable {
  /// How many characters before the anchor, and after it, say anything.
  private let beforeCount: Int
  private let afterCount: Int
  /// How many bytes the anchor has.
  private let ownCount: Int
  /// The class of each character of ASCII (``AnchorSurroundings/Characters``): those of one class are told apart by
  /// nothing that is sought.
  private let classes: [UInt8]
  private let classCount: Int
  /// How many words of bits there are: a bit for each way in which what is sought may stand there, those of one next to
  /// each other in one word.
  package let wordCount: Int
  /// The bits that allow a character at a place: the places before the anchor from the nearest on, its own, and those
  /// after it; at each of them for each class a run of words.
  private let allowed: [UInt64]
  /// The first bit of each of what is sought, and the bits whose next one, or next but one, is of the same.
  private let firsts: [UInt64]
  private let next: [UInt64]
  private let nextButOne: [UInt64]
  /// For each bit the number of what is sought.
  private let numbers: [UInt16]

  /// A filter of an anchor of so many bytes.
  init(_ sought: [AnchorSurroundings], count: Int) {
    typealias Characters = AnchorSurroundings.Characters
    // Where nothing is known of one side it has a way that is open.
    var ways: [(number: Int, before: [Characters], own: [Characters], after: [Characters])] = []
    var bits: [Int?] = []
    for (number, one) in sought.enumerated() {
      let most = max(1, one.before.count, one.after.count)
      // Those of one stay in one word.
      if bits.count & 63 + most > 64 { while bits.count & 63 != 0 { bits.append(nil) } }
      for way in 0..<most {
        bits.append(ways.count)
        // Of the side that has fewer ways the last stands for the others.
        func characters(_ list: [[Characters]]) -> [Characters] {
          list.isEmpty ? [] : list[min(way, list.count - 1)]
        }
        ways.append((number, characters(one.before), one.own, characters(one.after)))
      }
    }
    let wordCount = (bits.count + 63) / 64
    func words(_ isSet: (Int) -> Bool) -> [UInt64] {
      var words = [UInt64](repeating: 0, count: wordCount)
      for (bit, way) in bits.enumerated() {
        if let way, isSet(way) { words[bit >> 6] |= 1 << UInt64(bit & 63) }
      }
      return words
    }
    func isSame(_ way: Int, _ other: Int) -> Bool {
      ways.indices.contains(other) && ways[way].number == ways[other].number
    }
    firsts = words { !isSame($0, $0 - 1) }
    next = words { isSame($0, $0 + 1) }
    nextButOne = words { isSame($0, $0 + 2) }
    numbers = bits.map { $0.map { UInt16(ways[$0].number) } ?? 0 }
    self.wordCount = wordCount
    ownCount = count
    beforeCount = ways.map(\.before.count).max() ?? 0
    afterCount = ways.map(\.after.count).max() ?? 0
    func allows(_ list: [Characters], _ place: Int, _ character: UInt8) -> Bool {
      !list.indices.contains(place) || list[place].contains(character)
    }
    var known: [[UInt64]: UInt8] = [:]
    var columns: [[UInt64]] = []
    var classes = [UInt8](repeating: 0, count: 128)
    for character in UInt8(0)..<128 {
      let column =
        (0..<beforeCount).flatMap { place in words { allows(ways[$0].before, place, character) } }
        + (0..<count).flatMap { place in words { allows(ways[$0].own, place, character) } }
        + (0..<afterCount).flatMap { place in words { allows(ways[$0].after, place, character) } }
      if let number = known[column] {
        classes[Int(character)] = number
      } else {
        classes[Int(character)] = UInt8(columns.count)
        known[column] = UInt8(columns.count)
        columns.append(column)
      }
    }
    self.classes = classes
    classCount = columns.count
    allowed = (0..<(beforeCount + count + afterCount)).flatMap { place in
      columns.flatMap { $0[(place * wordCount)..<((place + 1) * wordCount)] }
    }
  }

  /// The number of what is sought, by a bit of its candidates.
  @inline(__always)
  package func number(_ word: Int, _ bit: Int) -> Int { Int(numbers[word &* 64 &+ bit]) }

  /// Which of what is sought may stand around an anchor of a text, a bit for each.
  ///
  /// - Parameters:
  ///   - word: The number of the word of bits.
  ///   - text: The text.
  ///   - start: Where the anchor starts, bytes.
  ///   - sought: The bits of those that are asked for.
  /// - Returns: The bits of those that are to be looked for (``number(_:_:)``).
  @inline(__always)
  package func candidates(
    _ word: Int,
    _ text: Span<UInt8>,
    at start: Int,
    among sought: UInt64 = .max
  ) -> UInt64 {
    let (lists, numbers) = (allowed, self.classes)
    let allowed = lists.span
    let classes = numbers.span
    let step = classCount * wordCount
    var row = word &+ beforeCount &* step
    var own = sought
    for offset in 0..<ownCount {
      let character = text[start &+ offset] & 0x7F
      // Here and below in bounds: there is a class for each character, and for each place a run of words for each class.
      own &= unsafe allowed[unchecked: row &+ Int(classes[unchecked: Int(character)]) &* wordCount]
      row &+= step
    }
    var found = own
    var index = start &+ ownCount
    for _ in 0..<afterCount {
      if found == 0 { return 0 }
      let character = AnchorFilter.character(after: &index, text)
      found &= unsafe allowed[
        unchecked: row &+ Int(classes[unchecked: Int(character)]) &* wordCount
      ]
      row &+= step
    }
    let after = any(found, word)
    if after == 0 { return 0 }
    found = own
    row = word
    index = start
    for _ in 0..<beforeCount {
      if found == 0 { return 0 }
      let character = AnchorFilter.character(before: &index, text)
      found &= unsafe allowed[
        unchecked: row &+ Int(classes[unchecked: Int(character)]) &* wordCount
      ]
      row &+= step
    }
    return any(found, word) & after
  }

  /// The first bits of what has any of its bits set: of four at most.
  @inline(__always)
  private func any(_ bits: UInt64, _ word: Int) -> UInt64 {
    let two = bits | bits >> 1 & next[word]
    return (two | two >> 2 & nextButOne[word]) & firsts[word]
  }

  /// Which of what is sought may start anywhere in a range, as bits.
  ///
  /// - Parameters:
  ///   - word: The number of the word of bits.
  ///   - text: The text.
  ///   - range: The bytes.
  ///   - sought: The bits of those that are asked for (``bits(_:of:)``).
  /// - Returns: Which of these may.
  package func candidates(
    _ word: Int,
    _ text: Span<UInt8>,
    in range: Range<Int>,
    among sought: UInt64
  ) -> UInt64 {
    let firsts = firsts[word]
    var left = sought
    var start = range.lowerBound
    while left & firsts != 0, start < range.upperBound {
      if text[start] & 0xC0 != 0x80 { left &= ~candidates(word, text, at: start, among: left) }
      start &+= 1
    }
    return sought & ~left & firsts
  }

  /// The bits of some of what is sought: of each all ways in which it may stand there.
  ///
  /// - Parameters:
  ///   - word: The number of the word of bits.
  ///   - isMeant: Whether what is sought under a number is one of them.
  /// - Returns: The bits.
  package func bits(_ word: Int, of isMeant: (Int) -> Bool) -> UInt64 {
    var bits: UInt64 = 0
    for bit in 0..<64 where word * 64 + bit < numbers.count && isMeant(number(word, bit)) {
      bits |= 1 << UInt64(bit)
    }
    return bits
  }

  /// The character before a byte, which is moved to its start.
  @inline(__always)
  private static func character(before index: inout Int, _ text: Span<UInt8>) -> UInt8 {
    guard index > 0 else { return AnchorSurroundings.Characters.edge }
    index &-= 1
    let byte = text[index]
    if byte < 0x80 { return byte > 1 ? byte : AnchorSurroundings.Characters.beyond }
    var left = 3
    while left > 0, index > 0, text[index] & 0xC0 == 0x80 {
      index &-= 1
      left &-= 1
    }
    return AnchorSurroundings.Characters.beyond
  }

  /// The character from a byte on, which is moved behind it.
  @inline(__always)
  private static func character(after index: inout Int, _ text: Span<UInt8>) -> UInt8 {
    guard index < text.count else { return AnchorSurroundings.Characters.edge }
    let byte = text[index]
    index &+= 1
    if byte < 0x80 { return byte > 1 ? byte : AnchorSurroundings.Characters.beyond }
    var left = 3
    while left > 0, index < text.count, text[index] & 0xC0 == 0x80 {
      index &+= 1
      left &-= 1
    }
    return AnchorSurroundings.Characters.beyond
  }
}

extension AnchorFilter {
  /// A filter that somebody else keeps, for who asks at each anchor of millions of texts: no reference is counted.
  @safe
  package struct Lent {
    private let filter: Unmanaged<AnchorFilter>
    /// How many words of bits there are.
    package let wordCount: Int

    /// A filter that outlives this value.
    package init(_ filter: AnchorFilter) {
      unsafe self.filter = Unmanaged.passUnretained(filter)
      wordCount = filter.wordCount
    }

    /// Which of what is sought may stand around an anchor of a text; see ``AnchorFilter/candidates(_:_:at:among:)``.
    package func candidates(_ word: Int, _ text: Span<UInt8>, at start: Int) -> UInt64 {
      unsafe filter._withUnsafeGuaranteedRef { $0.candidates(word, text, at: start) }
    }

    /// The number of what is sought, by a bit of its candidates.
    package func number(_ word: Int, _ bit: Int) -> Int {
      unsafe filter._withUnsafeGuaranteedRef { $0.number(word, bit) }
    }
  }
}

extension CompiledRules {
  /// What is sought at an anchor by what may stand around it.
  func makeFilter(ofGroup number: Int) -> AnchorFilter {
    let group = prefilter.anchorGroups[number]
    let sought = zip(group.kinds, group.targets).map { kind, target -> AnchorSurroundings in
      guard case .pattern(let pattern) = kind else { return .unknown }
      if knownSurroundings.count > 0 { return knownSurroundings[target] }
      let first = prefilter.anchorTargets[..<target].lastIndex { !$0.kind.isPattern(pattern) } ?? -1
      return surroundings(ofPattern: pattern)[target - first - 1]
    }
    return AnchorFilter(sought, count: group.literal.count)
  }

  /// What may stand around each anchor of a pattern.
  func surroundings(ofPattern number: Int) -> [AnchorSurroundings] {
    let source = source(of: number)
    return AnchorSurroundings.of(source.pattern.regex.value, anchors: source.anchors)
  }
}

extension Prefilter.AnchorTarget.Kind {
  /// Whether it is such a pattern.
  func isPattern(_ number: Int) -> Bool {
    if case .pattern(number) = self { true } else { false }
  }
}

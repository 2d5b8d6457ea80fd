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
  /// How many words of bits there are, a bit for each of what is sought.
  package let wordCount: Int
  /// Those that allow a character at a place: the places before the anchor from the nearest on, its own, and those after
  /// it; at each of them for each class a run of words.
  private let allowed: [UInt64]
  /// A bit for each of what is sought.
  private let all: [UInt64]

  /// A filter of an anchor of so many bytes.
  init(_ sought: [AnchorSurroundings], count: Int) {
    ownCount = count
    // What is not known of one says nothing of the place.
    func places(_ list: KeyPath<AnchorSurroundings, [AnchorSurroundings.Characters]>, _ most: Int)
      -> [[AnchorSurroundings.Characters]]
    {
      var places = (0..<most).map { place in
        sought.map { one in
          one[keyPath: list].indices.contains(place) ? one[keyPath: list][place] : .all
        }
      }
      while let last = places.last, last.allSatisfy({ $0 == .all }) { places.removeLast() }
      return places
    }
    let before = places(\.before, AnchorSurroundings.reach)
    let own = (0..<count).map { place in
      sought.map { $0.own.indices.contains(place) ? $0.own[place] : .all }
    }
    let after = places(\.after, AnchorSurroundings.reach)
    beforeCount = before.count
    afterCount = after.count
    wordCount = (sought.count + 63) / 64
    let wordCount = wordCount
    func bits(_ isSet: (Int) -> Bool) -> [UInt64] {
      var bits = [UInt64](repeating: 0, count: wordCount)
      for number in sought.indices where isSet(number) {
        bits[number >> 6] |= 1 << UInt64(number & 63)
      }
      return bits
    }
    all = bits { _ in true }
    let places = before + own + after
    var known: [[UInt64]: UInt8] = [:]
    var columns: [[UInt64]] = []
    var classes = [UInt8](repeating: 0, count: 128)
    for character in UInt8(0)..<128 {
      let column = places.flatMap { place in bits { place[$0].contains(character) } }
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
    allowed = places.indices.flatMap { place in
      columns.flatMap { $0[(place * wordCount)..<((place + 1) * wordCount)] }
    }
  }

  /// Which of what is sought may stand around an anchor of a text, as bits.
  ///
  /// - Parameters:
  ///   - word: The number of the word of bits.
  ///   - text: The text.
  ///   - start: Where the anchor starts, bytes.
  /// - Returns: The bits of those that are to be looked for.
  @inline(__always)
  package func candidates(_ word: Int, _ text: Span<UInt8>, at start: Int) -> UInt64 {
    let (lists, numbers) = (allowed, self.classes)
    let allowed = lists.span
    let classes = numbers.span
    let step = classCount * wordCount
    var row = word
    var found = all[word]
    var index = start
    for _ in 0..<beforeCount {
      let character = AnchorFilter.character(before: &index, text)
      found &= allowed[row &+ Int(classes[Int(character)]) &* wordCount]
      if found == 0 { return 0 }
      row &+= step
    }
    row = word &+ beforeCount &* step
    for offset in 0..<ownCount {
      let character = text[start &+ offset] & 0x7F
      found &= allowed[row &+ Int(classes[Int(character)]) &* wordCount]
      row &+= step
    }
    index = start &+ ownCount
    for _ in 0..<afterCount {
      if found == 0 { return 0 }
      let character = AnchorFilter.character(after: &index, text)
      found &= allowed[row &+ Int(classes[Int(character)]) &* wordCount]
      row &+= step
    }
    return found
  }

  /// Which of what is sought may start anywhere in a range, as bits.
  package func candidates(_ word: Int, _ text: Span<UInt8>, in range: Range<Int>) -> UInt64 {
    var found: UInt64 = 0
    for start in range where text[start] & 0xC0 != 0x80 {
      found |= candidates(word, text, at: start)
      if found == all[word] { break }
    }
    return found
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

extension CompiledRules {
  /// What is sought at an anchor by what may stand around it.
  func makeFilter(ofGroup number: Int) -> AnchorFilter {
    let group = prefilter.anchorGroups[number]
    let sought = zip(group.kinds, group.targets).map { kind, target -> AnchorSurroundings in
      guard case .pattern(let pattern) = kind else { return .unknown }
      if !knownSurroundings.isEmpty { return knownSurroundings[target] }
      let first = prefilter.anchorTargets[..<target].lastIndex { !$0.kind.isPattern(pattern) } ?? -1
      return surroundings(ofPattern: pattern)[target - first - 1]
    }
    return AnchorFilter(sought, count: group.literal.count)
  }

  /// What may stand around each anchor of a pattern.
  func surroundings(ofPattern number: Int) -> [AnchorSurroundings] {
    let source = patterns[number].source
    let anchors =
      source.anchors.isEmpty
      ? RequiredLiterals.of(source.regex.value) ?? [] : source.anchors
    return AnchorSurroundings.of(source.regex.value, anchors: anchors)
  }
}

extension Prefilter.AnchorTarget.Kind {
  /// Whether it is such a pattern.
  func isPattern(_ number: Int) -> Bool {
    if case .pattern(number) = self { true } else { false }
  }
}

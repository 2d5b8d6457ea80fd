import VigieCore
import VigieRulebook
import VigieText
import VigieUnicode

/// Ordinary uses, acronyms, and how far cue words reach.
extension Judge {
  func isOrdinary(_ rule: CompiledRule, _ place: Range<Int>) -> Bool {
    if place.lowerBound < words.words.count,
      words.words[place.lowerBound].before < .sentence
    {
      for pattern in rule.ordinaryBefore
      where pattern.matches(words, at: place.lowerBound - pattern.hashes.count) {
        return true
      }
    }
    if place.upperBound < words.words.count, words.words[place.upperBound].before < .sentence {
      for pattern in rule.ordinaryAfter where pattern.matches(words, at: place.upperBound) {
        return true
      }
    }
    return false
  }

  func hasNear(_ patterns: [WordPattern], _ near: Range<Int>) -> Bool {
    near.contains { index in patterns.contains { $0.matches(words, at: index) } }
  }

  /// Whether a marking of the same scheme that needs no such word stands anywhere in the text.
  func hasScheme(_ rule: CompiledRule, _ match: RawMatch, _ matches: [RawMatch]) -> Bool {
    matches.prefix(Sweep.maxCompanyCount).contains { other in
      let otherRule = rules.rules[other.rule]
      return otherRule.scheme == rule.scheme && otherRule.near.isEmpty && !other.isCovered
        && other.source == .phrase
    }
  }

  /// Whether a match is a portion mark among others: a text marked throughout names its scheme once.
  func isOneOfPortions(
    _ match: RawMatch,
    _ text: Span<UInt8>,
    _ line: LineLayout
  ) -> Bool {
    Portions.isPortion(text, match.range, line: line.range)
      && Portions.count(text, around: match.range.lowerBound) >= 2
  }

  /// Words left out of an acronym.
  static let smallWords: Set<String> = [
    "de", "du", "des", "la", "le", "les", "l", "d", "et", "a", "au", "aux", "en", "of", "the",
    "and",
    "for", "to", "der", "die", "das", "und", "fur", "von",
  ]

  /// Whether a short form in brackets stands for the words before it, or after it, that are not
  /// the marking.
  func isOtherAcronym(
    _ match: RawMatch,
    _ near: ArraySlice<RawMatch>,
    _ text: Span<UInt8>,
    _ place: Range<Int>
  ) -> Bool {
    guard match.range.count <= 5, place.count == 1 else { return false }
    let letters = words.letters[words.words[place.lowerBound].letters]
    guard letters.count >= 2 else { return false }
    let isBracketed = StampPosition.isBracketed(text, match.range)
    var initials: [(letter: UInt8, range: Range<Int>)] = []
    var index = place.lowerBound - 1
    while isBracketed, index >= 0, initials.count < letters.count,
      words.words[index + 1].before < .sentence
    {
      let word = words.words[index]
      if let first = word.letters.first, !isSmall(word) {
        initials.insert((words.letters[first], word.range), at: 0)
      }
      index -= 1
    }
    if initials.map(\.letter) == Array(letters) {
      return !near.contains { other in
        other.rule == match.rule && initials.contains { $0.range.overlaps(other.range) }
      }
    }
    // DR (direction régionale), DR = direction régionale, DR | direction régionale
    // DR, ici, veut dire « dose réduite »
    initials = []
    index = place.upperBound
    guard index < words.words.count else { return false }
    if !isExplained(text, match.range.upperBound..<words.words[index].range.lowerBound) {
      guard let start = explanation(from: index, text) else { return false }
      index = start
    }
    while index < words.words.count, initials.count < letters.count {
      let word = words.words[index]
      if let first = word.letters.first, !isSmall(word) {
        initials.append((words.letters[first], word.range))
      }
      index += 1
    }
    return initials.map(\.letter) == Array(letters)
      && !near.contains { other in
        other.rule == match.rule && initials.contains { $0.range.overlaps(other.range) }
      }
  }

  /// How many words there may be between a short form and what says that words explain it.
  private static let explanationReach = 9

  /// The first word of what a short form is said to mean, in its own sentence: after *veut dire* and the like, or in
  /// quotation marks after *c'est*.
  private func explanation(from start: Int, _ text: Span<UInt8>) -> Int? {
    let end = min(words.words.count - 1, start + Judge.explanationReach)
    var index = start
    while index < end, words.words[index].before < .sentence,
      words.words[index + 1].before < .sentence
    {
      let word = String(decoding: words.letters[words.words[index].letters], as: UTF8.self)
      let next = index + 1
      let gap = words.words[index].range.upperBound..<words.words[next].range.lowerBound
      if Judge.meaningWords.contains(word) || word == "est" && isQuoted(text, gap) { return next }
      index = next
    }
    return nil
  }

  /// Words after which stands what a short form means.
  private static let meaningWords: Set<String> = [
    "dire", "signifie", "signifiait", "means", "meaning", "bedeutet", "heisst", "significa",
  ]

  private func isQuoted(_ text: Span<UInt8>, _ gap: Range<Int>) -> Bool {
    var index = gap.lowerBound
    while index < gap.upperBound {
      let unit = text.scalar(at: index)
      if [0x22, 0xAB, 0x201C, 0x201E].contains(unit.value) { return true }
      index += unit.length
    }
    return false
  }

  /// Whether what stands between a short form and the next word says that the words explain it: an
  /// opening bracket, a sign of equality, the edge of a table's cell.
  func isExplained(_ text: Span<UInt8>, _ gap: Range<Int>) -> Bool {
    guard gap.count <= 4 else { return false }
    for index in gap {
      switch text[index] {
      case 0x28, 0x3D, 0x7C, 0x0A: return true
      default: continue
      }
    }
    return false
  }

  func isSmall(_ word: WordList.Word) -> Bool {
    word.letters.count <= 3
      && Judge.smallWords.contains(String(decoding: words.letters[word.letters], as: UTF8.self))
  }

  /// From how many of its small words on a language is the one of a text, to the exclusion of
  /// those that have none.
  static let languageCount = 3

  /// Counts the small words of each language around the match.
  mutating func countLanguages() {
    languageCounts.removeAll(keepingCapacity: true)
    for hit in hits where rules.evidence.isLanguage[hit.evidence] {
      languageCounts[hit.language, default: 0] += 1
    }
  }

  /// Whether words of a language may count: not where the text is plainly in others.
  func speaks(_ language: Int) -> Bool {
    if languageCounts[language] != nil { return true }
    return !languageCounts.values.contains { $0 >= Judge.languageCount }
      || !rules.evidence.isSpoken[language]
  }

  /// Whether cue words reach a match.
  func reaches(
    _ hit: CueIndex.Hit,
    _ place: Range<Int>,
    _ match: Range<Int>,
    _ text: Span<UInt8>,
    _ role: Role
  ) -> Bool {
    guard !hit.words.overlaps(place) else { return false }
    switch rules.evidence.kinds[hit.evidence].reach {
    case .near: return true
    case .opening: return false
    case .fileName: return role == .filename
    case .sentence: return isInSentence(hit.words, place)
    case .before:
      return hit.words.upperBound <= place.lowerBound && isInSentence(hit.words, place)
    case .after:
      return hit.words.lowerBound >= place.upperBound && isInSentence(hit.words, place)
    case .justBefore, .clauseBefore:
      return hit.words.upperBound <= place.lowerBound
        && place.lowerBound - hit.words.upperBound <= 4 && isInSentence(hit.words, place)
    case .rightBefore:
      return hit.words.upperBound == place.lowerBound && hit.words.upperBound > 0
        && joins(words.words[hit.words.upperBound - 1].range.upperBound, match.lowerBound, text)
    case .justAfter:
      return hit.words.lowerBound >= place.upperBound
        && hit.words.lowerBound - place.upperBound <= 4 && isInSentence(hit.words, place)
    }
  }

  /// Whether nothing but white space and quotation marks stands between a word and a match, and no line ends.
  private func joins(_ end: Int, _ start: Int, _ text: Span<UInt8>) -> Bool {
    var index = end
    while index < start {
      let unit = text.scalar(at: index)
      index += unit.length
      switch unit.value {
      case 0x0A, 0x0D: return false
      case 0x22, 0x27, 0xAB, 0x2018, 0x2019, 0x201C, 0x201E: continue
      default: guard ScalarFold.isWhiteSpace(unit.value) else { return false }
      }
    }
    return true
  }

  /// Words between two markings that leave them one list: *neither X nor Y*.
  static let listWords: Set<String> = [
    "et", "ou", "ni", "and", "or", "nor", "und", "oder", "noch", "en", "of", "du", "de", "la",
  ]

  /// Whether a cue just before is that of another marking, which stands between: *not X, but Y*.
  ///
  /// What joins two markings of a list, or nothing but a sign, leaves the cue to both.
  func isTaken(
    _ hit: CueIndex.Hit,
    _ place: Range<Int>,
    _ company: ArraySlice<RawMatch>,
    _ match: Range<Int>,
    _ text: Span<UInt8>
  ) -> Bool {
    let reach = rules.evidence.kinds[hit.evidence].reach
    guard reach == .justBefore || reach == .clauseBefore,
      place.lowerBound > hit.words.upperBound
    else { return false }
    let from = words.words[hit.words.upperBound - 1].range.upperBound
    var end = 0
    for other in company
    where other.range.lowerBound >= from && other.range.upperBound <= match.lowerBound
      && !other.isCovered && rules.rules[other.rule].kind == .marking
    {
      end = max(end, other.range.upperBound)
    }
    guard end > 0 else {
      return reach == .clauseBefore && isOtherClause(hit.words.upperBound, place, match, text)
    }
    return (firstWord(after: end)..<place.lowerBound).contains { index in
      let letters = words.letters[words.words[index].letters]
      return !Judge.listWords.contains(String(decoding: letters, as: UTF8.self))
    }
  }

  /// Words that open a clause which says the contrary of the one before.
  static let contrastWords: Set<String> = ["mais", "but", "yet", "sondern", "aber", "doch"]

  /// Whether a comma, a semicolon, a colon or a word of contrast stands between the word after a cue and a match.
  private func isOtherClause(
    _ next: Int,
    _ place: Range<Int>,
    _ match: Range<Int>,
    _ text: Span<UInt8>
  ) -> Bool {
    for index in words.words[next - 1].range.upperBound..<match.lowerBound
    where text[index] == 0x2C || text[index] == 0x3A || text[index] == 0x3B {
      return true
    }
    return (next..<place.lowerBound).contains { index in
      let letters = words.letters[words.words[index].letters]
      return Judge.contrastWords.contains(String(decoding: letters, as: UTF8.self))
    }
  }

  /// Whether one sentence ends between two runs of words, and only one.
  func isBeside(_ hit: Range<Int>, _ place: Range<Int>) -> Bool {
    let between =
      hit.upperBound <= place.lowerBound
      ? hit.upperBound...place.lowerBound : place.upperBound...max(place.upperBound, hit.lowerBound)
    var ends = 0
    for index in between where index < words.words.count {
      if words.words[index].before >= .sentence { ends += 1 }
    }
    return ends == 1
  }

  /// Whether no sentence ends between two runs of words.
  func isInSentence(_ hit: Range<Int>, _ place: Range<Int>) -> Bool {
    let between =
      hit.upperBound <= place.lowerBound
      ? hit.upperBound...place.lowerBound : place.upperBound...hit.lowerBound
    for index in between where index < words.words.count {
      if words.words[index].before >= .sentence { return false }
    }
    return true
  }
}

import VigieCore
import VigieRulebook
import VigieText
import VigieUnicode

/// Ordinary uses, acronyms, and how far cue words reach.
extension Judge {
  /// Whether the words beside a match make it ordinary language; quotation marks part it from those before.
  func isOrdinary(
    _ rule: CompiledRule,
    _ place: Range<Int>,
    _ text: Span<UInt8>,
    _ match: Range<Int>
  ) -> Bool {
    if place.lowerBound < words.words.count, words.words[place.lowerBound].before < .sentence,
      rule.ordinaryBefore.stands(in: words, endingAt: place.lowerBound),
      !isInQuotes(text, match)
    {
      return true
    }
    if isOfPerson(match, place, text) { return true }
    return place.upperBound < words.words.count
      && words.words[place.upperBound].before < .sentence
      && rule.ordinaryAfter.stands(in: words, at: place.upperBound)
  }

  /// Whether a short form in brackets follows the name of a person, whose office it is: *Mme Faure (DR)*.
  private func isOfPerson(_ match: Range<Int>, _ place: Range<Int>, _ text: Span<UInt8>) -> Bool {
    guard match.count <= 5, place.lowerBound >= 2, signs.mayHold(0x28),
      StampPosition.isBracketed(text, match)
    else { return false }
    var index = place.lowerBound - 1
    // A name of three words at most, all of them with a capital.
    while index > 0, place.lowerBound - index <= 3,
      ScalarFold.entry(text.scalar(at: words.words[index].range.lowerBound).value).isUppercase
    {
      index -= 1
      if Judge.titles.contains(words.hash(of: index)) { return true }
    }
    return false
  }

  /// What stands before the name of a person.
  private static let titles = hashes([
    "m", "mme", "mlle", "mm", "mmes", "monsieur", "madame", "mr", "mrs", "ms", "dr", "me", "herr",
    "frau",
  ])

  /// Whether quotation marks stand right around a match, white space left out.
  private func isInQuotes(_ text: Span<UInt8>, _ match: Range<Int>) -> Bool {
    guard signs.mayHoldQuotation, match.lowerBound > 0, match.upperBound < text.count else {
      return false
    }
    var start = match.lowerBound
    var unit = text.scalar(before: start)
    while ScalarFold.isWhiteSpace(unit.value), start > unit.length {
      start -= unit.length
      unit = text.scalar(before: start)
    }
    guard Judge.quotationMarks.contains(unit.value) else { return false }
    var end = match.upperBound
    var after = text.scalar(at: end)
    while ScalarFold.isWhiteSpace(after.value), end + after.length < text.count {
      end += after.length
      after = text.scalar(at: end)
    }
    return Judge.quotationMarks.contains(after.value)
  }

  /// The double quotation marks of all languages.
  private static let quotationMarks: [UInt32] = [0x22, 0xAB, 0xBB, 0x201C, 0x201D, 0x201E]

  func hasNear(_ patterns: WordPatternSet, _ near: Range<Int>) -> Bool {
    for index in near where patterns.stands(in: words, at: index) { return true }
    return false
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

  /// The hashes of words left out of an acronym.
  static let smallWords = hashes([
    "de", "du", "des", "la", "le", "les", "l", "d", "et", "a", "au", "aux", "en", "of", "the",
    "and", "for", "to", "der", "die", "das", "und", "fur", "von",
  ])

  static func hashes(_ words: [String]) -> [UInt64] {
    words.map { $0.utf8.reduce(WordList.emptyHash) { WordList.hash($0, $1) } }
  }

  /// Whether a short form in brackets stands for the words before it, or after it, that are not
  /// the marking.
  func isOtherAcronym(
    _ match: RawMatch,
    _ near: ArraySlice<RawMatch>,
    _ text: Span<UInt8>,
    _ place: Range<Int>
  ) -> Bool {
    guard match.range.count <= 5, place.count == 1 else { return false }
    let letters = words.words[place.lowerBound].letters
    guard letters.count >= 2 else { return false }
    if StampPosition.isBracketed(text, match.range),
      let initials = initials(before: place.lowerBound, letters)
    {
      return !isMarked(initials, match, near)
    }
    // DR (direction régionale), DR = direction régionale, DR | direction régionale
    var start = place.upperBound
    guard start < words.words.count else { return false }
    if !isExplained(text, match.range.upperBound..<words.words[start].range.lowerBound) {
      // DR, ici, veut dire « dose réduite »
      guard let said = explanation(from: start, text) else {
        let later = isSpeltLater(match, letters, start, text)
        return later.map { !isMarked($0, match, near) } ?? false
      }
      start = said
    }
    guard let initials = initials(from: start, letters) else { return false }
    return !isMarked(initials, match, near)
  }

  /// Whether brackets later in the sentence of a short form hold nothing but words that spell it otherwise:
  /// *note de frais DR à signer (déplacement régional)*.
  private func isSpeltLater(
    _ match: RawMatch,
    _ letters: Range<Int>,
    _ start: Int,
    _ text: Span<UInt8>
  ) -> Range<Int>? {
    let end = min(words.words.count, start + Judge.explanationReach)
    var index = start + 1
    while index < end, words.words[index].before < .sentence {
      let gap = words.words[index - 1].range.upperBound..<words.words[index].range.lowerBound
      if gap.count <= 4, gap.contains(where: { text[$0] == 0x28 }),
        let initials = initials(from: index, letters)
      {
        let after = words.words[initials.upperBound - 1].range.upperBound
        return after < text.count && text[after] == 0x29 ? initials : nil
      }
      index += 1
    }
    return nil
  }

  /// The words before one, small ones left out, whose first letters are some letters.
  private func initials(before end: Int, _ letters: Range<Int>) -> Range<Int>? {
    var left = letters.upperBound
    var index = end - 1
    while index >= 0, left > letters.lowerBound, words.words[index + 1].before < .sentence {
      let word = words.words[index]
      if !isSmall(index) {
        left -= 1
        if words.letters[word.letters.lowerBound] != words.letters[left] { return nil }
      }
      index -= 1
    }
    return left == letters.lowerBound ? index + 1..<end : nil
  }

  /// The words from one on, small ones left out, whose first letters are some letters.
  private func initials(from start: Int, _ letters: Range<Int>) -> Range<Int>? {
    var next = letters.lowerBound
    var index = start
    while index < words.words.count, next < letters.upperBound {
      let word = words.words[index]
      if !isSmall(index) {
        if words.letters[word.letters.lowerBound] != words.letters[next] { return nil }
        next += 1
      }
      index += 1
    }
    return next == letters.upperBound ? start..<index : nil
  }

  /// Whether another match of the rule stands in one of some words, small ones left out.
  private func isMarked(
    _ initials: Range<Int>,
    _ match: RawMatch,
    _ near: ArraySlice<RawMatch>
  ) -> Bool {
    near.contains { other in
      other.rule == match.rule
        && initials.contains { !isSmall($0) && words.words[$0].range.overlaps(other.range) }
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
      let word = words.words[index]
      let next = index + 1
      if Judge.meaningWords.contains(word.hash) { return next }
      if Judge.isWords.contains(word.hash),
        isQuoted(text, word.range.upperBound..<words.words[next].range.lowerBound)
      {
        return next
      }
      index = next
    }
    return nil
  }

  /// The hashes of words after which stands what a short form means, and of those where it must be in quotation marks.
  private static let meaningWords = hashes([
    "dire", "signifie", "signifiait", "means", "meaning", "bedeutet", "heisst", "significa",
  ])
  private static let isWords = hashes(["est"])

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

  private func isSmall(_ word: Int) -> Bool {
    words.words[word].letters.count <= 3 && Judge.smallWords.contains(words.hash(of: word))
  }

  /// From how many of its small words on a language is the one of a text, to the exclusion of
  /// those that have none.
  static let languageCount = 3

  /// Counts the small words of each language around the match.
  mutating func countLanguages() {
    for language in languageCounts.indices { languageCounts[language] = 0 }
    isLanguagePlain = false
    for hit in hits where evidence.isLanguage[hit.evidence] {
      languageCounts[hit.language] += 1
      if languageCounts[hit.language] >= Judge.languageCount { isLanguagePlain = true }
    }
  }

  /// Notes the cues that count in the text.
  mutating func readSpoken() {
    spoken.removeAll(keepingCapacity: true)
    for hit in hits where speaks(hit.language) { spoken.append(hit) }
  }

  /// Whether words of a language may count: not where the text is plainly in others.
  func speaks(_ language: Int) -> Bool {
    !isLanguagePlain || languageCounts[language] > 0 || !evidence.isSpoken[language]
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
    switch evidence.reaches[hit.evidence] {
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
    case .justAfter, .clauseAfter:
      return hit.words.lowerBound >= place.upperBound
        && hit.words.lowerBound - place.upperBound <= 4 && isInSentence(hit.words, place)
        && !(evidence.reaches[hit.evidence] == .clauseAfter
          && isNextClause(hit.words.lowerBound, place, match, text))
    }
  }

  /// Whether a colon, a semicolon or a dash parts a match from words after it, which other words open:
  /// *marked X: the gate is not guarded* denies nothing of X, *X: is not a classification* does.
  private func isNextClause(
    _ hit: Int,
    _ place: Range<Int>,
    _ match: Range<Int>,
    _ text: Span<UInt8>
  ) -> Bool {
    guard hit > place.upperBound else { return false }
    var index = match.upperBound
    var isAfterBlank = false
    while index < words.words[place.upperBound].range.lowerBound {
      let unit = text.scalar(at: index)
      index += unit.length
      switch unit.value {
      case 0x3A, 0x3B, 0x2013, 0x2014: return true
      case 0x2D where isAfterBlank: return true
      default: isAfterBlank = ScalarFold.isWhiteSpace(unit.value)
      }
    }
    return false
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
  static let listWords = hashes([
    "et", "ou", "ni", "and", "or", "nor", "und", "oder", "noch", "en", "of", "du", "de", "la",
  ])

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
    let reach = evidence.reaches[hit.evidence]
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
      !Judge.listWords.contains(words.hash(of: index))
    }
  }

  /// Words that open a clause which says the contrary of the one before.
  static let contrastWords = hashes(["mais", "but", "yet", "sondern", "aber", "doch"])

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
      Judge.contrastWords.contains(words.hash(of: index))
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

import VigieCore
import VigieRulebook
import VigieText
import VigieUnicode

/// Ordinary uses, languages, and how far cue words reach.
extension Judge {
  /// Whether the words beside a match make it ordinary language; quotation marks part it from those before.
  func isOrdinary(
    _ rule: CompiledRule,
    _ place: Range<Int>,
    _ text: Span<UInt8>,
    _ match: Range<Int>
  ) -> Bool {
    if rule.hasOrdinaryBefore, place.lowerBound < words.words.count,
      words.words[place.lowerBound].before < .sentence,
      rule.ordinaryBefore.stands(in: words, endingAt: place.lowerBound),
      !isInQuotes(text, match)
    {
      return true
    }
    if isOfPerson(match, place, text) { return true }
    return rule.hasOrdinaryAfter && place.upperBound < words.words.count
      && words.words[place.upperBound].before < .sentence
      && rule.ordinaryAfter.stands(in: words, at: place.upperBound)
      && !isParted(match.upperBound..<words.words[place.upperBound].range.lowerBound, text)
  }

  /// Whether a colon, a semicolon or a comma stands among some bytes before a word: what is beyond it says nothing of the
  /// words before, unless a comma parts names: *DR, DRH*.
  private func isParted(_ gap: Range<Int>, _ text: Span<UInt8>) -> Bool {
    let isName = ScalarFold.entry(text.scalar(at: gap.upperBound).value).isUppercase
    return gap.contains { index in
      text[index] == 0x3A || text[index] == 0x3B || text[index] == 0x2C && !isName
    }
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
      if evidence.grammar.has(.personTitle, words.hash(of: index)) { return true }
    }
    return false
  }

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
      return otherRule.scheme == rule.scheme && !otherRule.hasNear && !other.isCovered
        && other.source == .phrase
    }
  }

  /// What a rule is sure of before anything around its words is seen: nothing else is written so.
  static let surePrior = 1.0

  /// Notes where a marking of the same scheme whose words are sure by themselves stands anywhere in the text.
  ///
  /// Only rules that weigh it ask: a word that several schemes have, a letter in brackets.
  mutating func weighScheme(_ rule: CompiledRule, _ match: RawMatch, _ matches: [RawMatch]) {
    guard let number = evidence.number(of: .ofScheme), rule.weights[number].marking != 0 else {
      return
    }
    let hasOne = matches.prefix(Sweep.maxCompanyCount).contains { other in
      let otherRule = rules.rules[other.rule]
      return otherRule.schemeNumber == rule.schemeNumber && otherRule.prior >= Judge.surePrior
        && otherRule.kind == .marking && !other.isCovered && !other.range.overlaps(match.range)
    }
    if hasOne { see(number, rule) }
  }

  /// Whether a match is a portion mark among others: a text marked throughout names its scheme once.
  func isOneOfPortions(
    _ match: RawMatch,
    _ text: Span<UInt8>,
    _ line: LineLayout
  ) -> Bool {
    Portions.isPortion(text, match.range, line: line.range)
      && Portions.count(text, around: match.range.lowerBound).own >= 2
  }

  /// From how many of its small words on a language is the one of a text, to the exclusion of
  /// those that have none.
  static let languageCount = 3

  /// Counts the small words of each language around the match.
  mutating func countLanguages() {
    for language in languageCounts.indices {
      languageCounts[language] = 0
      languageWords[language] = 0
    }
    isLanguagePlain = false
    for hit in hits where evidence.isLanguage[hit.evidence] {
      // One small word alone, said again and again, may be of several languages.
      let word = words.hash(of: hit.words.lowerBound)
      let first = languageWords[hit.language]
      if first == 0 { languageWords[hit.language] = word }
      if first != 0, first != word { languageWords[hit.language] = .max }
      languageCounts[hit.language] += 1
      if languageCounts[hit.language] >= Judge.languageCount,
        languageWords[hit.language] == .max
      {
        isLanguagePlain = true
      }
    }
  }

  /// Notes the cues that count in the text.
  mutating func readSpoken() {
    spoken.removeAll(keepingCapacity: true)
    for index in hits.indices where speaks(hits[index].language) && !isDenied(index) {
      spoken.append(hits[index])
    }
  }

  /// Whether a cue is part of a longer one that says the contrary: *joint* in *ne sera pas joint*.
  private func isDenied(_ index: Int) -> Bool {
    let hit = hits[index]
    guard abs(evidence.kinds[hit.evidence].usage) >= Judge.contraryWeight else { return false }
    // Hits stand in the order of their first words.
    var other = index
    while other > 0,
      hits[other - 1].words.lowerBound + evidence.cues.maxWordCount > hit.words.lowerBound
    {
      other -= 1
      if denies(hits[other], hit) { return true }
    }
    other = index + 1
    while other < hits.count, hits[other].words.lowerBound == hit.words.lowerBound {
      if denies(hits[other], hit) { return true }
      other += 1
    }
    return false
  }

  private func denies(_ other: CueIndex.Hit, _ hit: CueIndex.Hit) -> Bool {
    other.words.lowerBound <= hit.words.lowerBound && hit.words.upperBound <= other.words.upperBound
      && other.words.count > hit.words.count && speaks(other.language)
      && abs(evidence.kinds[other.evidence].usage) >= Judge.contraryWeight
      && (evidence.kinds[other.evidence].usage < 0) != (evidence.kinds[hit.evidence].usage < 0)
  }

  /// From which weight on usage on a cue says something for itself.
  private static let contraryWeight = 1.0

  /// Whether words of a language may count: not where the text is plainly in others.
  func speaks(_ language: Int) -> Bool {
    !isLanguagePlain || languageCounts[language] > 0 || !evidence.isSpoken[language]
  }

  /// The longest short form of a marking, bytes; what is longer has words of its own.
  static let shortFormCount = 8

  /// Whether cue words reach a match.
  func reaches(
    _ hit: CueIndex.Hit,
    _ place: Range<Int>,
    _ match: Range<Int>,
    _ text: Span<UInt8>,
    _ role: Role
  ) -> Bool {
    // A match of signs alone has no words, and may stand amid those of the cue.
    guard hit.words.upperBound <= place.lowerBound || hit.words.lowerBound >= place.upperBound
    else {
      return false
    }
    switch evidence.reaches[hit.evidence] {
    case .near: return true
    case .nearShort: return match.count <= Judge.shortFormCount
    case .opening, .grammar: return false
    case .fileName: return role == .filename
    case .field: return isWithinField(hit.words)
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

  /// Whether a colon, a semicolon, a dash or a comma with a relative word parts a match from words after it, which other words open,
  /// or a word for what follows from it: *marked X: the gate is not guarded*, *X so it does not go there* and
  /// *(X) The gate is not guarded* deny nothing of X, *X: is not a classification* does.
  private func isNextClause(
    _ hit: Int,
    _ place: Range<Int>,
    _ match: Range<Int>,
    _ text: Span<UInt8>
  ) -> Bool {
    guard hit > place.upperBound else { return false }
    if evidence.grammar.has(.clauseTherefore, words.hash(of: place.upperBound)) { return true }
    // What follows the bracket of a portion mark is the paragraph that it marks.
    if Portions.isPortion(text, match, line: line.range) { return true }
    var index = match.upperBound
    var isAfterBlank = false
    while index < words.words[place.upperBound].range.lowerBound {
      let unit = text.scalar(at: index)
      index += unit.length
      switch unit.value {
      case 0x3A, 0x3B, 0x2013, 0x2014: return true
      case 0x2C where evidence.grammar.has(.clauseRelative, words.hash(of: place.upperBound)):
        return true
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
      place.lowerBound >= hit.words.upperBound
    else { return false }
    let from = words.words[hit.words.upperBound - 1].range.upperBound
    if place.lowerBound == hit.words.upperBound {
      // *recording isn't: X* denies that it is recorded.
      return reach == .clauseBefore && (from..<match.lowerBound).contains { text[$0] == 0x3A }
    }
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
      !evidence.grammar.has(.listJoin, words.hash(of: index))
    }
  }

  /// Whether a comma, a semicolon, a colon, a bar or a word of contrast stands between the word after a cue and a match.
  private func isOtherClause(
    _ next: Int,
    _ place: Range<Int>,
    _ match: Range<Int>,
    _ text: Span<UInt8>
  ) -> Bool {
    for index in words.words[next - 1].range.upperBound..<match.lowerBound
    where text[index] == 0x2C || text[index] == 0x3A || text[index] == 0x3B || text[index] == 0x7C {
      return true
    }
    return (next..<place.lowerBound).contains { index in
      evidence.grammar.has(.clauseContrast, words.hash(of: index))
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

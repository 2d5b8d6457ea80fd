import VigieCore
import VigieRulebook
import VigieText
import VigieUnicode

/// Weighs the matches of one text.
///
/// Kept by its thread: the word list and hits are used again for every match.
package struct Judge: ~Copyable {
  /// How far around a match words count, bytes on either side.
  package static let reach = 400
  /// How near another marking must stand to count as one of a list, or as company, bytes.
  static let companyReach = 220
  /// How many matches on either side are looked at: a flood must not make each of them slow.
  static let companyCount = 64

  private let rules: CompiledRules
  private var words = WordList()
  private var hits: [CueIndex.Hit] = []
  /// The words of mail footers; their evidence is the number of the pattern.
  private var boilerplate: [CueIndex.Hit] = []
  private var languageCounts: [Int: Int] = [:]
  /// Whether the words and cues at hand are those of the whole text.
  private var isRead = false
  private var openingWords = WordList()
  /// The evidence that the first line of the text shows.
  private var opening: [Int] = []
  private var sums = Sums()

  /// What is added up for one match.
  private struct Sums {
    var marking = 0.0
    var usage = 0.0
    var reasons: [Judgement.Reason] = []
    var seen: Set<Int> = []
  }

  init(_ rules: CompiledRules) { self.rules = rules }

  /// Weighs all matches of a text and adds them, likely or not, in text order.
  ///
  /// - Parameters:
  ///   - matches: Sorted by place; `isCovered` is filled in.
  ///   - text: The view in which they stand.
  ///   - role: What the text is.
  ///   - regions: Code and quotations of markup, in the view.
  ///   - judgements: Where to add them, with ranges of the view.
  mutating func judge(
    _ matches: [RawMatch],
    _ text: Span<UInt8>,
    role: Role,
    regions: [MarkupRegion],
    into judgements: inout [Judgement]
  ) {
    readOpening(text)
    isRead = false
    for index in matches.indices {
      judgements.append(judge(index, matches, text, role: role, regions: regions))
    }
  }

  private mutating func judge(
    _ index: Int,
    _ matches: [RawMatch],
    _ text: Span<UInt8>,
    role: Role,
    regions: [MarkupRegion]
  ) -> Judgement {
    let match = matches[index]
    let rule = rules.rules[match.rule]
    sums.marking = rule.prior
    sums.usage = rule.usagePrior
    sums.reasons.removeAll(keepingCapacity: true)
    sums.seen.removeAll(keepingCapacity: true)

    let line = LineLayout(text, around: match.range)
    readWords(text, around: match.range)
    let place = wordRange(of: match.range)
    let caveats = caveats(of: rule, place)

    letterCase(match, rule)
    let first = max(0, index - Judge.companyCount)
    let company = matches[first..<min(matches.count, index + Judge.companyCount + 1)]
    position(match, company, text, line, role, place, rule)
    weighCompany(index, company, text, line, rule)
    quotation(match, text, line, role, regions, place, rule)
    if !caveats.isEmpty { see(.caveat, rule) }
    if match.hasSentenceGap { see(.sentenceGap, rule) }
    if !match.disguise.isDisjoint(with: Judge.deliberate) { see(.disguised, rule) }
    if isOrdinary(rule, place) { see(.ordinaryUse, rule) }
    if isOtherAcronym(match, company, text, place) { see(.acronym, rule) }

    let near = near(place)
    for hit in hits
    where near.contains(hit.words.lowerBound) && hit.words.upperBound <= near.upperBound
      && reaches(hit, place) && speaks(hit.language)
    {
      see(hit.evidence, rule)
    }
    for evidence in opening { see(evidence, rule) }
    weighWording(place, rule)
    if !rule.near.isEmpty, !hasNear(rule.near, near), !hasScheme(rule, match, matches),
      !isOneOfPortions(match, text, line)
    {
      sums.marking = -.infinity
    }

    sums.reasons.sort { $0.evidence < $1.evidence }
    return Judgement(
      rule: match.rule,
      range: match.range,
      markingLogit: sums.marking,
      usageLogit: sums.usage,
      caveats: caveats.map(\.number),
      caveatRanges: caveats.map(\.range),
      disguise: match.disguise,
      reasons: sums.reasons
    )
  }

  /// The longest text whose words are read once for all its matches, bytes.
  private static let wholeTextCount = 4_096

  /// Reads the words around a match and the cues among them; of a short text all, and only once.
  private mutating func readWords(_ text: Span<UInt8>, around match: Range<Int>) {
    if isRead { return }
    if text.count <= Judge.wholeTextCount {
      words.read(text, 0..<text.count)
      isRead = true
    } else {
      let from = text.unitEdge(atOrBefore: match.lowerBound - Judge.reach)
      let to = text.unitEdge(atOrBefore: match.upperBound + Judge.reach)
      words.read(text, from..<to)
    }
    hits.removeAll(keepingCapacity: true)
    rules.evidence.cues.find(in: words, into: &hits)
    countLanguages()
    readBoilerplate()
  }

  /// The words within reach of a match.
  private func near(_ place: Range<Int>) -> Range<Int> {
    guard !words.words.isEmpty else { return 0..<0 }
    let at = min(place.lowerBound, words.words.count - 1)
    let last = min(max(place.upperBound - 1, at), words.words.count - 1)
    let floor = words.words[at].range.lowerBound - Judge.reach
    let ceiling = words.words[last].range.upperBound + Judge.reach
    var first = at
    while first > 0, words.words[first - 1].range.lowerBound >= floor { first -= 1 }
    var end = last + 1
    while end < words.words.count, words.words[end].range.upperBound <= ceiling { end += 1 }
    return first..<end
  }

  /// The most of a first line that is read, bytes.
  private static let openingCount = 160

  /// Finds the evidence that shows in the first line of a text, whatever the match.
  private mutating func readOpening(_ text: Span<UInt8>) {
    opening.removeAll(keepingCapacity: true)
    var start = 0
    while start < text.count, text[start] <= 0x20 { start += 1 }
    var end = start
    while end < min(text.count, start + Judge.openingCount), !LineLayout.isLineEnd(text[end]) {
      end += 1
    }
    openingWords.read(text, start..<text.unitEdge(atOrBefore: end))
    hits.removeAll(keepingCapacity: true)
    rules.evidence.cues.find(in: openingWords, into: &hits)
    for hit in hits
    where rules.evidence.kinds[hit.evidence].reach == .opening && !opening.contains(hit.evidence) {
      opening.append(hit.evidence)
    }
  }

  /// Disguises that nobody puts on by chance or for looks.
  private static let deliberate: Disguise = [
    .zeroWidth, .homoglyph, .compatibilityForm, .leet, .markupSplit, .encoded,
  ]

  // MARK: Adding up

  private mutating func see(_ evidence: StructuralEvidence, _ rule: CompiledRule) {
    guard let number = rules.evidence.number(of: evidence) else { return }
    see(number, rule)
  }

  private mutating func see(_ evidence: Int, _ rule: CompiledRule) {
    guard sums.seen.insert(evidence).inserted else { return }
    let marking = rule.markingWeights[evidence]
    let usage = rule.usageWeights[evidence]
    guard marking != 0 || usage != 0 else { return }
    sums.marking += marking
    sums.usage += usage
    sums.reasons.append(Judgement.Reason(evidence: evidence, marking: marking, usage: usage))
  }

  /// Adds what the learned words around a match weigh, times the weight of the kind.
  private mutating func weighWording(_ place: Range<Int>, _ rule: CompiledRule) {
    guard !rules.evidence.wording.isEmpty,
      let number = rules.evidence.number(of: .wording), rule.usageWeights[number] != 0
    else { return }
    let sum = rules.evidence.wording.weight(words, around: place)
    guard sum != 0 else { return }
    let usage = sum * rule.usageWeights[number]
    sums.usage += usage
    sums.reasons.append(Judgement.Reason(evidence: number, marking: 0, usage: usage))
  }

  // MARK: Form and position

  private mutating func letterCase(_ match: RawMatch, _ rule: CompiledRule) {
    switch match.letterCase {
    case .upper: see(.allCaps, rule)
    case .title: see(.titleCase, rule)
    case .lower: see(.lowerCase, rule)
    case .mixed: break
    }
  }

  private mutating func position(
    _ match: RawMatch,
    _ near: ArraySlice<RawMatch>,
    _ text: Span<UInt8>,
    _ line: LineLayout,
    _ role: Role,
    _ place: Range<Int>,
    _ rule: CompiledRule
  ) {
    switch role {
    case .filename: see(.filename, rule)
    case .subject: see(.subject, rule)
    case .channel: see(.channelName, rule)
    case .header: see(.header, rule)
    case .footer: see(.footer, rule)
    case .label, .metadata: see(.label, rule)
    default: break
    }
    let isBracketed = StampPosition.isBracketed(text, match.range)
    if isBracketed { see(.bracketed, rule) }
    if Portions.isPortion(text, match.range, line: line.range) {
      see(.portion, rule)
      if Portions.count(text, around: match.range.lowerBound) >= 2 { see(.secondPortion, rule) }
    }
    guard role != .filename, role != .channel, role != .label, role != .metadata else { return }
    let others = otherWords(line, near, match.range, rule)
    if others.before == 0, others.after == 0, line.hasStart, line.hasEnd {
      see(.ownLine, rule)
    } else if others.before == 0, line.hasStart {
      see(.lineStart, rule)
      if Neighbourhood.separator(text, after: match.range, line: line.range) {
        see(.heading, rule)
      }
    } else if others.after == 0, line.hasEnd,
      Neighbourhood.separator(text, before: match.range, line: line.range)
    {
      see(.trailing, rule)
    }
    if others.before > 0, others.after > 0, !isBracketed, isMidSentence(place),
      !Neighbourhood.separator(text, before: match.range, line: line.range),
      !Neighbourhood.separator(text, after: match.range, line: line.range)
    {
      see(.midSentence, rule)
    }
    if Neighbourhood.isLaughing(text, line: line.range) { see(.laughing, rule) }
    if Neighbourhood.colon(text, before: match.range, line: line.range) { see(.afterColon, rule) }
    // A text of one line has no first and no last one: these are places of a page.
    let isFirst = line.isFirst(text)
    let isLast = line.isLast(text)
    if isFirst, !isLast { see(.firstLine, rule) }
    if isLast, !isFirst { see(.lastLine, rule) }
  }

  /// Whether words of the same sentence stand on both sides.
  private func isMidSentence(_ place: Range<Int>) -> Bool {
    place.lowerBound > 0 && place.upperBound < words.words.count
      && words.words[place.lowerBound].before < .sentence
      && words.words[place.upperBound].before < .sentence
  }

  /// The words of the line that belong to no marking and to no caveat, before and after the match.
  private func otherWords(
    _ line: LineLayout,
    _ near: ArraySlice<RawMatch>,
    _ range: Range<Int>,
    _ rule: CompiledRule
  ) -> (before: Int, after: Int) {
    var before = 0
    var after = 0
    var index = firstWord(after: line.range.lowerBound)
    while index < words.words.count {
      let word = words.words[index]
      if word.range.lowerBound >= line.range.upperBound { break }
      if let length = caveatLength(rule, index) {
        index += length
        continue
      }
      index += 1
      if word.range.overlaps(range) || isNumeric(word) { continue }
      if near.contains(where: { $0.range.overlaps(word.range) }) { continue }
      if word.range.upperBound <= range.lowerBound {
        before += 1
      } else {
        after += 1
      }
    }
    return (before, after)
  }

  /// The first word that ends after a byte.
  private func firstWord(after byte: Int) -> Int {
    var low = 0
    var high = words.words.count
    while low < high {
      let middle = (low + high) / 2
      if words.words[middle].range.upperBound > byte { high = middle } else { low = middle + 1 }
    }
    return low
  }

  private func isNumeric(_ word: WordList.Word) -> Bool {
    word.letters.allSatisfy { (0x30...0x39).contains(words.letters[$0]) }
  }

  /// How many words a caveat of the rule has that stands at a word, or `nil`.
  private func caveatLength(_ rule: CompiledRule, _ index: Int) -> Int? {
    for caveat in rule.caveats {
      for pattern in caveat.words where pattern.matches(words, at: index) {
        return pattern.hashes.count
      }
    }
    return nil
  }

  /// The words that a range of the text overlaps.
  private func wordRange(of range: Range<Int>) -> Range<Int> {
    let first = firstWord(after: range.lowerBound)
    var last = first
    while last < words.words.count, words.words[last].range.lowerBound < range.upperBound {
      last += 1
    }
    return first..<last
  }

  /// The caveats of a rule in the match or right beside it.
  private func caveats(
    of rule: CompiledRule,
    _ place: Range<Int>
  ) -> [(number: Int, range: Range<Int>)] {
    guard !rule.caveats.isEmpty else { return [] }
    var found: [(number: Int, range: Range<Int>)] = []
    for index in max(0, place.lowerBound - 4)..<min(words.words.count, place.upperBound + 7) {
      if index >= place.upperBound, words.words[index].before == .paragraph { break }
      for (number, caveat) in rule.caveats.enumerated()
      where !found.contains(where: { $0.number == number }) {
        guard let pattern = caveat.words.first(where: { $0.matches(words, at: index) }) else {
          continue
        }
        let last = words.words[index + pattern.hashes.count - 1]
        found.append((number, words.words[index].range.lowerBound..<last.range.upperBound))
      }
    }
    return found
  }

  // MARK: Company

  private mutating func weighCompany(
    _ index: Int,
    _ near: ArraySlice<RawMatch>,
    _ text: Span<UInt8>,
    _ line: LineLayout,
    _ rule: CompiledRule
  ) {
    let match = near[index]
    var levels: Set<Level> = [rule.level]
    var isRepeated = false
    var hasCompany = false
    func visit(_ other: RawMatch) {
      guard !other.range.overlaps(match.range), !other.isCovered else { return }
      if other.rule == match.rule { isRepeated = true }
      let distance = max(
        other.range.lowerBound - match.range.upperBound,
        match.range.lowerBound - other.range.upperBound
      )
      guard distance <= Judge.companyReach else { return }
      let level = rules.rules[other.rule].level
      if other.rule != match.rule, level == rule.level { hasCompany = true }
      if !StampPosition.isBracketed(text, other.range) { levels.insert(level) }
    }
    for place in near.indices where place != index { visit(near[place]) }
    if isRepeated { see(.repeated, rule) }
    if hasCompany { see(.otherMarking, rule) }
    if levels.count >= 3, !Portions.isPortion(text, match.range, line: line.range) {
      see(.legend, rule)
    }
  }

  // MARK: Quotation, code, templates

  private mutating func quotation(
    _ match: RawMatch,
    _ text: Span<UInt8>,
    _ line: LineLayout,
    _ role: Role,
    _ regions: [MarkupRegion],
    _ place: Range<Int>,
    _ rule: CompiledRule
  ) {
    var isCode = false
    var isQuoteLine = false
    for region in regions where region.range.overlaps(match.range) {
      if region.kind == .code { isCode = true } else { isQuoteLine = true }
    }
    if role != .filename, role != .header, role != .footer {
      if Quotation.isQuoted(text, match.range, line: line.range) { see(.quoted, rule) }
      if isQuoteLine || Quotation.isQuoteLine(text, line: line.range) { see(.quoteLine, rule) }
      if isCode || Quotation.isCode(text, match.range, line: line.range) { see(.code, rule) }
      if Quotation.isPlaceholder(text, line: line.range) { see(.placeholder, rule) }
      if Quotation.isForwarded(text, line: line.range) { see(.forwarded, rule) }
    }
    if isQuestion(place) { see(.question, rule) }
    if isBoilerplate(near(place)) { see(.boilerplate, rule) }
  }

  /// Whether the sentence of the match ends in a question mark.
  private func isQuestion(_ place: Range<Int>) -> Bool {
    var index = place.upperBound
    while index < words.words.count {
      if words.words[index].before >= .sentence { return words.words[index].followsQuestion }
      index += 1
    }
    return words.endsInQuestion
  }

  /// Words of the footers that every mail of an organisation carries, folded.
  private static let boilerplateWords = CueIndex(
    [
      "destinataire*", "intended recipient*", "intended only", "addressee*", "recu par erreur",
      "received this", "par erreur", "in error", "strictement interdit*", "strictly prohibited",
      "avertir l'expediteur", "notify the sender", "unauthorised use", "unauthorized use",
      "disclaimer",
      "empfanger", "irrtumlich", "usage exclusif", "any attachments", "ses pieces jointes",
      "toutes les pieces jointes", "privileged", "absender", "unbefugte*",
    ].enumerated().map { (evidence: $0, language: 0, pattern: WordPattern($1)) }
  )

  /// Finds the places of words that only such footers hold.
  private mutating func readBoilerplate() {
    boilerplate.removeAll(keepingCapacity: true)
    Judge.boilerplateWords.find(in: words, into: &boilerplate)
  }

  /// Whether words of three kinds that only such footers hold stand within reach.
  private func isBoilerplate(_ near: Range<Int>) -> Bool {
    guard boilerplate.count >= 3 else { return false }
    var kinds: Set<Int> = []
    for hit in boilerplate where near.contains(hit.words.lowerBound) { kinds.insert(hit.evidence) }
    return kinds.count >= 3
  }

  // MARK: Words

  private func isOrdinary(_ rule: CompiledRule, _ place: Range<Int>) -> Bool {
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

  private func hasNear(_ patterns: [WordPattern], _ near: Range<Int>) -> Bool {
    near.contains { index in patterns.contains { $0.matches(words, at: index) } }
  }

  /// Whether a marking of the same scheme that needs no such word stands anywhere in the text.
  private func hasScheme(_ rule: CompiledRule, _ match: RawMatch, _ matches: [RawMatch]) -> Bool {
    matches.prefix(Sweep.maxCompanyCount).contains { other in
      let otherRule = rules.rules[other.rule]
      return otherRule.scheme == rule.scheme && otherRule.near.isEmpty && !other.isCovered
        && other.source == .phrase
    }
  }

  /// Whether a match is a portion mark among others: a text marked throughout names its scheme once.
  private func isOneOfPortions(
    _ match: RawMatch,
    _ text: Span<UInt8>,
    _ line: LineLayout
  ) -> Bool {
    Portions.isPortion(text, match.range, line: line.range)
      && Portions.count(text, around: match.range.lowerBound) >= 2
  }

  /// Words left out of an acronym.
  private static let smallWords: Set<String> = [
    "de", "du", "des", "la", "le", "les", "l", "d", "et", "a", "au", "aux", "en", "of", "the",
    "and",
    "for", "to", "der", "die", "das", "und", "fur", "von",
  ]

  /// Whether a short form in brackets stands for the words before it, or after it, that are not
  /// the marking.
  private func isOtherAcronym(
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
    // DR (direction régionale)
    initials = []
    index = place.upperBound
    guard index < words.words.count, text[words.words[index].range.lowerBound - 1] == 0x28 else {
      return false
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

  private func isSmall(_ word: WordList.Word) -> Bool {
    word.letters.count <= 3
      && Judge.smallWords.contains(String(decoding: words.letters[word.letters], as: UTF8.self))
  }

  /// From how many of its small words on a language is the one of a text, to the exclusion of
  /// those that have none.
  private static let languageCount = 3

  /// Counts the small words of each language around the match.
  private mutating func countLanguages() {
    languageCounts.removeAll(keepingCapacity: true)
    for hit in hits where rules.evidence.isLanguage[hit.evidence] {
      languageCounts[hit.language, default: 0] += 1
    }
  }

  /// Whether words of a language may count: not where the text is plainly in others.
  private func speaks(_ language: Int) -> Bool {
    if languageCounts[language] != nil { return true }
    return !languageCounts.values.contains { $0 >= Judge.languageCount }
      || !rules.evidence.isSpoken[language]
  }

  /// Whether cue words reach a match.
  private func reaches(_ hit: CueIndex.Hit, _ place: Range<Int>) -> Bool {
    guard !hit.words.overlaps(place) else { return false }
    switch rules.evidence.kinds[hit.evidence].reach {
    case .near: return true
    case .opening: return false
    case .sentence: return isInSentence(hit.words, place)
    case .before:
      return hit.words.upperBound <= place.lowerBound && isInSentence(hit.words, place)
    case .after:
      return hit.words.lowerBound >= place.upperBound && isInSentence(hit.words, place)
    case .justBefore:
      return hit.words.upperBound <= place.lowerBound
        && place.lowerBound - hit.words.upperBound <= 4 && isInSentence(hit.words, place)
    case .justAfter:
      return hit.words.lowerBound >= place.upperBound
        && hit.words.lowerBound - place.upperBound <= 4 && isInSentence(hit.words, place)
    }
  }

  /// Whether no sentence ends between two runs of words.
  private func isInSentence(_ hit: Range<Int>, _ place: Range<Int>) -> Bool {
    let between =
      hit.upperBound <= place.lowerBound
      ? hit.upperBound...place.lowerBound : place.upperBound...hit.lowerBound
    for index in between where index < words.words.count {
      if words.words[index].before >= .sentence { return false }
    }
    return true
  }
}

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

  private let inPlace = InPlace()
  let rules: CompiledRules
  let evidence: EvidenceTable
  /// The line of the last match.
  var line = LineLayout()
  /// What the text at hand holds anywhere.
  var signs = TextSigns()
  var words = WordList()
  /// Where each of the words at hand stands in the lexicon of the rules.
  var places: [UInt32] = []
  var hits: [CueIndex.Hit] = []
  /// Those of them in a language of the text.
  var spoken: [CueIndex.Hit] = []
  /// The words of mail footers; their evidence is the number of the pattern.
  var boilerplate: [CueIndex.Hit] = []
  /// How many small words of each language stand there, by its number.
  var languageCounts: [Int]
  /// The hash of the first of them, or the greatest number where there is another.
  var languageWords: [UInt64]
  /// Whether there are enough of any to exclude other languages.
  var isLanguagePlain = false
  /// Around which bytes of the text the words and cues at hand reach far enough.
  private(set) var known = 0..<0
  /// How many matches of the text were left out as another one covers them.
  var leftOutCount = 0
  /// Scratch memory for matches that overlap: their numbers by weight, and what stands of them.
  var turns: [Int] = []
  var standing: [Range<Int>] = []
  /// What was seen around the last place that was weighed: others may stand in the same.
  private var sight = Sight()
  /// A bit for each word at hand that a marking overlaps.
  var marked: [UInt64] = []
  /// The evidence that the first line of the text shows.
  var opening: [Cue] = []
  /// The words of the name of the field whose value the match is; none where it is no value.
  var field = 0..<0
  /// Whether that name says that the value is a marking.
  var isField = false
  /// The words that are figures, and those where addresses and digests stand.
  var figures: [Int] = []
  var indicators: [Range<Int>] = []
  /// Memory for the learned words around a match.
  var learned = WordingIndex.Hits()
  /// The table of the last value whose column was asked for, and the words of its name.
  var knownTable = KnownTable()
  var columnWords = WordList()
  var sums: Sums

  /// What some words of the text show.
  struct Cue {
    var evidence: Int
    /// Their bytes.
    var range: Range<Int>
  }

  /// What the cues and words around a place show, whatever rule is weighed there.
  private struct Sight {
    /// The bytes of the place; none where nothing is known.
    var range = 0..<0
    /// The cues that reach it, in their order, one for each piece of evidence.
    var cues: [Cue] = []
    /// Whether cues stand in the sentence before or after.
    var isBeside = false
    /// What the learned words weigh; `nil` before anybody asked.
    var wording: Double?
  }

  /// What is added up for one match.
  struct Sums {
    var marking = 0.0
    var usage = 0.0
    var reasons: [Judgement.Reason] = []
    /// A bit for each piece of evidence that was seen.
    private var seen: [UInt64]

    init(evidenceCount: Int) { seen = [UInt64](repeating: 0, count: evidenceCount / 64 + 1) }

    /// Starts with what a rule says before anything is seen.
    mutating func begin(_ rule: CompiledRule) {
      marking = rule.prior
      usage = rule.usagePrior
      reasons.removeAll(keepingCapacity: true)
      for index in seen.indices { seen[index] = 0 }
    }

    /// The reasons in the order of the evidence table: a list of their own, as ``reasons`` is filled again.
    var sortedReasons: [Judgement.Reason] {
      var sorted: [Judgement.Reason] = []
      sorted.reserveCapacity(reasons.count)
      for index in reasons.indices {
        var place = sorted.count
        sorted.append(reasons[index])
        while place > 0, sorted[place - 1].evidence > reasons[index].evidence {
          sorted[place] = sorted[place - 1]
          place -= 1
        }
        sorted[place] = reasons[index]
      }
      return sorted
    }

    func hasSeen(_ evidence: Int) -> Bool {
      seen[evidence >> 6] >> UInt64(evidence & 63) & 1 != 0
    }

    /// Notes a piece of evidence; says whether it is new.
    mutating func see(_ evidence: Int) -> Bool {
      let bit: UInt64 = 1 << UInt64(evidence & 63)
      if seen[evidence >> 6] & bit != 0 { return false }
      seen[evidence >> 6] |= bit
      return true
    }
  }

  init(_ rules: CompiledRules) {
    self.rules = rules
    evidence = rules.evidence
    languageCounts = [Int](repeating: 0, count: evidence.isSpoken.count)
    languageWords = [UInt64](repeating: 0, count: evidence.isSpoken.count)
    sums = Sums(evidenceCount: evidence.kinds.count)
  }

  /// Weighs all matches of a text and adds them, likely or not, in text order.
  ///
  /// - Parameters:
  ///   - matches: Sorted by place; `isCovered` is filled in.
  ///   - text: The view in which they stand.
  ///   - role: What the text is.
  ///   - regions: Code and quotations of markup, in the view.
  ///   - leavesOutCovered: Whether matches are left out that a likely one covers for certain.
  ///   - judgements: Where to add them, with ranges of the view.
  mutating func judge(
    _ matches: [RawMatch],
    _ text: Span<UInt8>,
    role: Role,
    regions: [MarkupRegion],
    leavesOutCovered: Bool,
    into judgements: inout [Judgement]
  ) {
    line = LineLayout()
    signs = TextSigns(text, matchCount: matches.count)
    known = 0..<0
    knownTable = KnownTable()
    sight.range = 0..<0
    if text.count <= Judge.wholeTextCount { read(text, 0..<text.count, matches[...]) }
    readOpening(text)
    leftOutCount = 0
    guard leavesOutCovered else {
      for index in matches.indices {
        judgements.append(judge(index, matches, text, role: role, regions: regions))
      }
      return
    }
    var start = 0
    while start < matches.count {
      var end = start + 1
      var reach = matches[start].range.upperBound
      while end < matches.count, matches[end].range.lowerBound < reach {
        reach = max(reach, matches[end].range.upperBound)
        end += 1
      }
      judge(cluster: start..<end, matches, text, role: role, into: &judgements)
      start = end
    }
  }

  mutating func judge(
    _ index: Int,
    _ matches: [RawMatch],
    _ text: Span<UInt8>,
    role: Role,
    regions: [MarkupRegion]
  ) -> Judgement {
    let match = matches[index]
    let rule = rules.rules[match.rule]
    readWords(text, around: index, matches)
    if rule.kind != .marking { return judgeValue(match, rule, text) }
    sums.begin(rule)

    if !line.isWhole || !line.range.contains(match.range) {
      line = LineLayout(text, around: match.range)
    }
    let place = wordRange(of: match.range)
    let near = near(place)
    let caveats = caveats(of: rule, place)
    readField(text, match.range, caveats.map(\.range))

    letterCase(match, text, place, rule)
    let first = max(0, index - Judge.companyCount)
    let company = matches[first..<min(matches.count, index + Judge.companyCount + 1)]
    let isTerm = isTerm(regions, match.range)
    position(match, text, line, role, place, isTerm: isTerm, rule)
    weighCompany(index, company, text, line, rule)
    weighScheme(rule, match, matches)
    quotation(match, text, line, role, regions, place, near, rule)
    if !caveats.isEmpty { see(.caveat, rule) }
    if match.hasSentenceGap { see(.sentenceGap, rule) }
    if !match.disguise.isDisjoint(with: Judge.deliberate) { see(.disguised, rule) }
    if isOrdinary(rule, place, text, match.range) { see(.ordinaryUse, rule) }
    if isAcronymAnywhere(match, company, text, place, within: 0..<words.words.count) {
      see(.acronym, rule)
    }

    content(text, match.range, place, near, role, rule)
    weighCues(near, place, rule, text, role: role, company: company, match: match.range)
    for cue in opening { see(cue, rule) }
    weighWording(place, rule)
    if rule.hasNear, !hasNear(rule.near, near), !hasScheme(rule, match, matches),
      !isOneOfPortions(match, text, line)
    {
      sums.marking = -.infinity
    }

    return Judgement(
      rule: match.rule,
      source: match.source,
      range: match.range,
      markingLogit: sums.marking,
      usageLogit: sums.usage,
      caveats: caveats.map(\.number),
      caveatRanges: caveats.map(\.range),
      disguise: match.disguise,
      reasons: sums.sortedReasons
    )
  }

  /// Weighs the cues among some words that reach a place; those that weigh nothing for a rule are none.
  ///
  /// - Parameters:
  ///   - near: The words within reach.
  ///   - place: The words of the match.
  ///   - rule: Its rule.
  ///   - text: The view in which it stands.
  ///   - role: What the text is.
  ///   - company: The matches around it, which may stand between it and a cue.
  ///   - match: The bytes of the match.
  mutating func weighCues(
    _ near: Range<Int>,
    _ place: Range<Int>,
    _ rule: CompiledRule,
    _ text: Span<UInt8>,
    role: Role,
    company: ArraySlice<RawMatch>,
    match: Range<Int>
  ) {
    // Of many matches around it others may be looked at for the next; for a value none are.
    let isShared = !company.isEmpty && company.count <= Judge.companyCount
    if isShared, sight.range == match {
      for cue in sight.cues { see(cue, rule) }
      if sight.isBeside { weighBeside(near, place, rule) }
      return
    }
    sight.range = isShared ? match : 0..<0
    sight.cues.removeAll(keepingCapacity: true)
    sight.wording = nil
    var isBeside = false
    // By index: what is seen is written down meanwhile.
    for index in spoken.indices {
      let hit = spoken[index]
      // Most of what stands in a text stands there several times.
      guard near.contains(hit.words.lowerBound), hit.words.upperBound <= near.upperBound,
        !sums.hasSeen(hit.evidence)
      else { continue }
      if reaches(hit, place, match, text, role), !isTaken(hit, place, company, match, text) {
        let cue = cue(hit)
        sight.cues.append(cue)
        see(cue, rule)
      } else if evidence.besides[hit.evidence] != 0 {
        isBeside = true
      }
    }
    sight.isBeside = isBeside
    if isBeside { weighBeside(near, place, rule) }
  }

  /// The longest text whose words are read once for all its matches, bytes.
  static let wholeTextCount = 1_024
  /// How much of a longer text is read on either side of a match, bytes: beyond ``reach`` what the sentence there and
  /// the learned words around it may take.
  static let margin = 640
  /// The most that is read at once for matches that stand near each other, bytes.
  static let readCount = 4_096

  /// Reads the words around a match, and around those after it that are near, unless they are at hand.
  mutating func readWords(_ text: Span<UInt8>, around index: Int, _ matches: [RawMatch]) {
    let match = matches[index].range
    if known.lowerBound <= match.lowerBound, match.upperBound <= known.upperBound { return }
    let from = text.unitEdge(atOrBefore: match.lowerBound - Judge.margin)
    var last = match.upperBound
    var next = index + 1
    while next < matches.count, matches[next].range.lowerBound <= last + Judge.margin,
      matches[next].range.upperBound <= from + Judge.readCount
    {
      last = max(last, matches[next].range.upperBound)
      next += 1
    }
    let to = text.unitEdge(atOrBefore: last + Judge.margin)
    while next < matches.count, matches[next].range.lowerBound < to { next += 1 }
    read(text, from..<to, matches[max(0, index - Judge.companyCount)..<next])
    known = match.lowerBound..<last
  }

  /// Reads the words of a part of a text, and what they show; `matches` are those in it.
  private mutating func read(
    _ text: Span<UInt8>,
    _ range: Range<Int>,
    _ matches: ArraySlice<RawMatch>
  ) {
    known = range
    sight.range = 0..<0
    words.read(text, range)
    findCues()
    countLanguages()
    readSpoken()
    readBoilerplate()
    readFigures(text)
    mark(matches)
  }

  /// Looks up the words at hand, and finds the cues among them.
  private mutating func findCues() {
    evidence.lexicon.find(words, into: &places)
    hits.removeAll(keepingCapacity: true)
    evidence.cues.find(in: words, at: places, evidence.lexicon, into: &hits)
  }

  /// The words within reach of a match.
  func near(_ place: Range<Int>) -> Range<Int> {
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
  static let openingCount = 160

  /// Finds the evidence that shows in the first line of a text, whatever the match.
  mutating func readOpening(_ text: Span<UInt8>) {
    opening.removeAll(keepingCapacity: true)
    var start = 0
    while start < text.count, text[start] <= 0x20 { start += 1 }
    if known.isEmpty {
      let end = Judge.openingEnd(text, start)
      words.read(text, start..<text.unitEdge(atOrBefore: end))
      findCues()
    }
    // Where the line ends is asked only where there is something to be seen in it.
    var lineEnd: Int?
    for index in hits.indices where evidence.isOpening[hits[index].evidence] {
      let cue = cue(hits[index])
      let end = lineEnd ?? Judge.openingEnd(text, start)
      lineEnd = end
      if cue.range.upperBound <= end, !opening.contains(where: { $0.evidence == cue.evidence }) {
        opening.append(cue)
      }
    }
  }

  /// Where the first line ends, as far as it is read.
  private static func openingEnd(_ text: Span<UInt8>, _ start: Int) -> Int {
    let limit = min(text.count, start + Judge.openingCount)
    var end = start
    while end < limit, !LineLayout.isLineEnd(text[end]) { end += 1 }
    return end
  }

  /// Disguises that nobody puts on by chance or for looks.
  static let deliberate: Disguise = [
    .zeroWidth, .homoglyph, .compatibilityForm, .leet, .markupSplit, .encoded,
  ]

  // MARK: Adding up

  @inline(__always)
  mutating func see(_ kind: StructuralEvidence, _ rule: CompiledRule) {
    if let number = evidence.number(of: kind) { see(number, rule) }
  }

  @inline(__always)
  mutating func see(_ evidence: Int, _ rule: CompiledRule) {
    see(Cue(evidence: evidence, range: 0..<0), rule)
  }

  mutating func see(_ cue: Cue, _ rule: CompiledRule) {
    guard sums.see(cue.evidence) else { return }
    let (marking, usage) = (rule.weights[cue.evidence].marking, rule.weights[cue.evidence].usage)
    guard marking != 0 || usage != 0 else { return }
    sums.marking += marking
    sums.usage += usage
    sums.reasons.append(
      Judgement.Reason(
        evidence: cue.evidence,
        marking: marking,
        usage: usage,
        words: cue.range
      )
    )
  }

  /// A cue with the bytes of its words.
  @inline(__always)
  private func cue(_ hit: CueIndex.Hit) -> Cue {
    let first = words.words[hit.words.lowerBound].range
    let last = words.words[hit.words.upperBound - 1].range
    return Cue(evidence: hit.evidence, range: first.lowerBound..<last.upperBound)
  }

  /// Adds a share of what the cues weigh that stand in the sentence before or after, and not in the
  /// match's own.
  mutating func weighBeside(_ near: Range<Int>, _ place: Range<Int>, _ rule: CompiledRule) {
    for hit in spoken
    where near.contains(hit.words.lowerBound) && hit.words.upperBound <= near.upperBound
      && evidence.besides[hit.evidence] != 0
      && isBeside(hit.words, place) && sums.see(hit.evidence)
    {
      let usage = rule.weights[hit.evidence].usage * evidence.besides[hit.evidence]
      guard usage != 0 else { continue }
      sums.usage += usage
      sums.reasons.append(
        Judgement.Reason(
          evidence: hit.evidence,
          marking: 0,
          usage: usage,
          words: cue(hit).range
        )
      )
    }
  }

  /// Adds what the learned words around a match weigh, times the weight of the kind.
  mutating func weighWording(_ place: Range<Int>, _ rule: CompiledRule) {
    guard !evidence.wording.isEmpty,
      let number = evidence.number(of: .wording), rule.weights[number].usage != 0
    else { return }
    let sum =
      sight.wording
      ?? evidence.wording.weight(words, at: places, evidence.lexicon, around: place, &learned)
    sight.wording = sum
    guard sum != 0 else { return }
    let usage = sum * rule.weights[number].usage
    sums.usage += usage
    sums.reasons.append(Judgement.Reason(evidence: number, marking: 0, usage: usage))
  }
}

package import VigieCore
import VigiePatterns
package import VigieRulebook
import VigieText
import VigieUnicode

/// One pass over a text: where the words of rules stand, and which further views it may need.
///
/// Kept by its thread. ``ByteWalk`` goes over the bytes with two windows: one over the skeleton, which
/// separators do not move, one over the bytes for the anchors of patterns and marks. A text in which
/// neither is met costs this pass and nothing else.
package struct Sweep: ~Copyable {
  /// The most places of one text that are judged; the rest is a gap.
  package static let maxMatchCount = 20_000
  /// How many of the last places are looked through for the same one: the rules that have one phrase, *top secret*,
  /// each in two spellings.
  private static let sameSpanCount = 64
  /// The most places that are looked through for one of the same scheme.
  static let maxCompanyCount = 512
  /// The most bytes of a text a pattern may look at beyond its reach.
  static let slackCount = 256

  let rules: CompiledRules
  /// Their phrases: asked for at each place, and no reference is counted for what is at hand.
  let phrases: [CompiledPhrase]
  /// The most places of this sweep's texts that are judged.
  let maxMatchCount: Int
  /// What counts the cost of rules, where anybody asked for it.
  let meter: SweepMeter?
  private let matcher = ExpressionMatcher()
  /// How the text is passed over.
  let variant: PassKernel.Variant
  /// The kernel, where it is used; the rules keep it.
  let kernel: PassKernel.Lent?
  /// The kernel's memory.
  let scratch: PassScratch
  /// What is asked of scalars that may look like others.
  let looks = ScalarLooks()
  /// For each pattern what is needed to run it.
  var patterns: [PatternRun]
  private var touchedPatterns: [Int] = []
  /// For each group of anchors what may stand around them, once it was met.
  var filters: [AnchorFilter.Lent?]
  /// What matches of patterns of digits may start with, once it was asked for.
  var knownDigitFilter: AnchorFilter?
  /// For each number of digits in a run the bits of the patterns that may take it.
  var digitBits: [UInt64] = []
  /// The letters around the last anchor that many patterns have.
  var triples = Triples()
  /// The letters around the last place where a phrase might be misspelt.
  var skeleton = Skeleton()
  /// The end of the last run of digits that was looked at.
  var digitEnd = 0
  /// Whether identifiers and credentials are sought: they stand in the text as it was written.
  var seeksValues = true

  /// The places found, in the order of their ends.
  package internal(set) var matches: [RawMatch] = []
  /// What was met on the way.
  package var signs: ByteSign { ByteSign(rawValue: signBits) }
  /// The bits of the signs: sets of another module are not worked on without calls.
  var signBits: UInt32 = 0
  /// Where look-alikes stand in or near anchors, in order, those that are near each other as one.
  var disguisedAnchors: [Range<Int>] = []
  /// Where the signs of the text stand, in order, as far as that is known.
  var signPlaces: [Int] = []
  /// Whether all of them are known.
  var areSignPlacesKnown = false
  /// Letters of the runs that may be base64, in order, each with fifteen before it.
  var runPlaces: [Int] = []
  /// Whether all of them are known.
  var areRunPlacesKnown = false
  /// Where letters of Greek and Cyrillic stand in the text, in order.
  var scriptPlaces: [Int] = []
  /// Whether all of them are known.
  var areScriptPlacesKnown = false
  /// Whether nothing is sought but where look-alikes stand in or near anchors.
  var seeksDisguiseOnly = false
  /// The columns of tables whose names hold anchors of values, in order.
  var columns: [NamedColumn] = []
  /// Before which byte no line that was asked for names columns.
  var namelessEnd = 0
  /// Scratch memory: a cell with the name of its column before it, and what is found there.
  var cellBytes: [UInt8] = []
  var cellMatches: [RawMatch] = []
  /// For each group of anchors whether it may stand in the name of a column, once that was asked.
  var columnGroups: [Bool?]
  /// The first pattern PCRE2 could not run to the end, and why.
  private(set) var failure: (pattern: Int, reason: MatchFailure)?
  /// Whether places beyond ``maxMatchCount`` were left out.
  private(set) var isTruncated = false

  /// How many places may still be looked at; below 0 the sweep has stopped.
  var effort = Int.max

  private(set) var role = Role.body
  /// How many places a pass met that it would look at; counted only where nothing else is asked.
  private var candidateCount: Int?

  /// A sweep for some rules.
  package init(
    _ rules: CompiledRules,
    maxMatchCount: Int = Sweep.maxMatchCount,
    meter: SweepMeter? = nil,
    variant: PassKernel.Variant = .chosen
  ) {
    self.rules = rules
    self.phrases = rules.phrases
    self.variant = variant
    self.kernel = variant == .portable ? nil : PassKernel.Lent(rules.kernel)
    self.scratch = PassScratch(for: variant)
    self.maxMatchCount = maxMatchCount
    self.meter = meter
    self.patterns = rules.patterns.map(PatternRun.init)
    self.filters = [AnchorFilter.Lent?](repeating: nil, count: rules.prefilter.anchorGroups.count)
    self.columnGroups = [Bool?](repeating: nil, count: rules.prefilter.anchorGroups.count)
  }

  /// Forgets the last text.
  mutating func reset() {
    if !matches.isEmpty { matches.removeAll(keepingCapacity: true) }
    if !columns.isEmpty { columns.removeAll(keepingCapacity: true) }
    if !disguisedAnchors.isEmpty { disguisedAnchors.removeAll(keepingCapacity: true) }
    signBits = 0
    namelessEnd = 0
    failure = nil
    isTruncated = false
    digitEnd = 0
    triples.forget()
    skeleton.forget()
    guard !touchedPatterns.isEmpty else { return }
    // By index: an iterator would hold the array, and emptying it would then copy it.
    for index in touchedPatterns.indices { patterns[touchedPatterns[index]].nextStart = 0 }
    touchedPatterns.removeAll(keepingCapacity: true)
  }

  /// Whether the last text holds nothing to weigh, and all of it was looked through.
  var isClean: Bool { matches.isEmpty && failure == nil && !isTruncated }

  /// Drops all places found so far, and may use them again.
  mutating func takeMatches(_ body: (inout [RawMatch]) -> Void) { body(&matches) }

  /// Passes over a text.
  ///
  /// - Parameters:
  ///   - text: The text, or a view of it.
  ///   - role: What the text is.
  ///   - seeksValues: Whether identifiers and credentials are sought as well.
  package mutating func run(_ text: Span<UInt8>, role: Role, seeksValues: Bool = true) {
    reset()
    self.role = role
    self.seeksValues = seeksValues
    if !kernelPass(text) {
      reset()
      pass(text)
    }
    if !columns.isEmpty { readColumns(text) }
    if signBits & ByteSign.script.rawValue != 0, rules.prefilter.hasScriptPhrases {
      scriptPass(text)
    }
  }

  /// Passes over a text for the phrases of other scripts alone.
  mutating func runScript(_ text: Span<UInt8>, role: Role) {
    reset()
    self.role = role
    areScriptPlacesKnown = false
    scriptPass(text)
  }

  /// How many places of a text a pass over it stops at: the cost of the pass without what it finds.
  package mutating func candidateCount(of text: Span<UInt8>) -> Int {
    reset()
    if let count = kernelCandidateCount(text) { return count }
    candidateCount = 0
    defer { candidateCount = nil }
    pass(text)
    return candidateCount ?? 0
  }

  /// The pass in Swift.
  private mutating func pass(_ text: Span<UInt8>) {
    let found = portablePass(text)
    if !found.isEmpty { disguisedAnchors.append(found) }
    if !disguisedAnchors.isEmpty { signBits |= ByteSign.disguisedAnchor.rawValue }
    // Only the kernel tells where they stand, and that there is no run.
    signBits |= ByteSign.run.rawValue
    areSignPlacesKnown = false
    areRunPlacesKnown = false
    areScriptPlacesKnown = false
  }

  /// Passes over a text; returns where look-alikes stand in or near anchors.
  private mutating func portablePass(_ text: Span<UInt8>) -> Range<Int> {
    let words = rules.prefilter.tables.words
    let candidates = rules.prefilter.tables.candidates
    let tests = rules.prefilter.tables.tests
    let firsts = rules.prefilter.tables.firsts
    var walk = ByteWalk()
    repeat {
      walk.advance(over: text, words.span, candidates.span, tests.span, firsts.span)
      if walk.stop == .end { break }
      if walk.hasAnchor { anchorHits(&walk, text, words.span) }
      if walk.phraseEnd >= 0 { phraseHits(walk.last.symbols, text, walk.phraseEnd, 0, words.span) }
      if walk.stop == .longWay { wide(text, &walk, words.span) }
    } while !isTruncated && effort >= 0
    signBits |= walk.seen >> Step.signs & 0x3F
    return walk.disguisedAnchors
  }

  /// Steps over a scalar beyond ASCII that has no step of its own.
  @inline(never)
  private mutating func wide(
    _ text: Span<UInt8>,
    _ walk: inout ByteWalk,
    _ words: Span<UInt32>
  ) {
    let unit = takeScalar(&walk, text)
    if walk.last.isAnchorSought(words) { anchorHits(&walk, text, words) }
    if unit.value == 0xFFFD, unit.length == 1 { signBits |= ByteSign.malformed.rawValue }
    let symbols = FoldedView.skeleton.fold(unit.value)
    for offset in 0..<symbols.count {
      walk.last.symbols = walk.last.symbols << 5 | UInt64(symbols[offset])
      if walk.last.isPhraseSought(words) {
        phraseHits(walk.last.symbols, text, walk.index, symbols.count - offset - 1, words)
      }
    }
  }

  /// Takes a scalar beyond ASCII into the window of anchors.
  @inline(__always)
  mutating func takeScalar(_ walk: inout ByteWalk, _ text: Span<UInt8>) -> WalkedScalar {
    let unit = text.scalar(at: walk.index)
    let range = walk.index..<(walk.index + unit.length)
    walk.index = range.upperBound
    let look = looks[unit.value]
    signBits |= signs(of: look, range, text)
    // What joins emoji is no sign of a disguise, but may part an anchor all the same.
    if look.signsBesideLetter & ByteSign.lookalike.rawValue != 0 || look.isUnseen {
      walk.takeLookalike(
        look.code,
        length: unit.length,
        countsNear: countsNearAnchors(look, range, text)
      )
    } else {
      walk.last.codes = walk.last.codes << 5 | UInt64(StepTable.wideCode)
      walk.lastLength = unit.length
    }
    return unit
  }

  /// The signs of a scalar where it stands.
  func signs(of look: ScalarLook, _ range: Range<Int>, _ text: Span<UInt8>) -> UInt32 {
    let signs = look.signsBesideLetter
    guard look.hangsOnLetters, !hasLetterBeside(text, range) else { return signs }
    return signs & ~ByteSign.lookalike.rawValue
  }

  private func hasLetterBeside(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
    func isLetter(_ byte: UInt8) -> Bool { byte >= 0x80 || (0x61...0x7A).contains(byte | 0x20) }
    return range.lowerBound > 0 && isLetter(text[range.lowerBound - 1])
      || range.upperBound < text.count && isLetter(text[range.upperBound])
  }

  /// Whether a look-alike may be part of what an anchor near it stands for: formulas are full of letters that stand
  /// alone.
  func countsNearAnchors(_ look: ScalarLook, _ range: Range<Int>, _ text: Span<UInt8>) -> Bool {
    func isInWord(_ byte: UInt8) -> Bool { byte >= 0x80 || Decoder.isAlphanumeric(byte) }
    return range.lowerBound > 0 && isInWord(text[range.lowerBound - 1])
      || range.upperBound < text.count && isInWord(text[range.upperBound])
      || !look.isSymbolAlone
  }

  @inline(never)
  private mutating func phraseHits(
    _ symbols: UInt64,
    _ text: Span<UInt8>,
    _ end: Int,
    _ symbolsAhead: Int,
    _ words: Span<UInt32>
  ) {
    if countsCandidate() { return }
    let firsts = rules.prefilter.tables.firsts
    for place in PassTable.candidates(symbols, PassTable.phrases, words, firsts.span) {
      let candidate = rules.prefilter.tables.candidates[place]
      guard
        symbolsAhead == 0
          ? ByteWalk.goesOn(candidate, symbols, text, end, words) : candidate.fits(symbols)
      else { continue }
      check(string: Int(candidate.string), text, end, Int(candidate.count) + symbolsAhead)
    }
  }

  /// Takes what asks for the anchors whose window ends before the walk.
  @inline(never)
  mutating func anchorHits(
    _ walk: inout ByteWalk,
    _ text: Span<UInt8>,
    _ words: Span<UInt32>
  ) {
    if countsCandidate() { return }
    let firsts = rules.prefilter.tables.firsts
    for place in PassTable.candidates(walk.last.codes, PassTable.anchors, words, firsts.span) {
      let candidate = rules.prefilter.tables.candidates[place]
      guard candidate.fits(walk.last.codes) else { continue }
      if Int(candidate.string) >= rules.prefilter.firstDigitString {
        if walk.mayBeDisguised(candidate, text) { walk.noteDisguise() }
        if !seeksDisguiseOnly { digitHit(walk.index, text) }
        continue
      }
      let end = candidate.end(windowEnd: walk.index, lastLength: walk.lastLength)
      let group = Int(candidate.string)
      let start = end - rules.prefilter.anchorGroups[group].count
      guard start >= 0, end <= text.count, stands(group, text, start) else {
        if walk.mayBeDisguised(candidate, text) { walk.noteDisguise() }
        continue
      }
      if rules.prefilter.anchorGroups[group].isWholeWord, hasLetterBeside(start..<end, in: text) {
        continue
      }
      walk.noteAnchor(reach: Int(candidate.reach))
      if !seeksDisguiseOnly { take(group, text, start..<end) }
    }
  }

  /// Looks for what an anchor that stands at a place may belong to.
  mutating func take(_ group: Int, _ text: Span<UInt8>, _ range: Range<Int>) {
    let filter = filter(of: group)
    for word in 0..<filter.wordCount {
      var candidates = filter.candidates(word, text, at: range.lowerBound)
      if candidates != 0 { readTriples(text, around: range, for: candidates.nonzeroBitCount) }
      while candidates != 0 {
        let index = filter.number(word, candidates.trailingZeroBitCount)
        candidates &= candidates &- 1
        switch rules.prefilter.anchorGroups[group].kinds[index] {
        case .pattern(let pattern): run(pattern, text, range)
        case .mark(let mark) where !hasDigitBeside(range, in: text): checkMark(mark, text, range)
        case .mark: break
        }
      }
    }
    if range.lowerBound >= namelessEnd, seeksValues, mayNameColumns(group) {
      noteColumn(group, text, range)
    }
  }

  /// Counts a place where nothing else is asked.
  private mutating func countsCandidate() -> Bool {
    guard let count = candidateCount else { return false }
    candidateCount = count + 1
    return true
  }

  private func stands(_ group: Int, _ text: Span<UInt8>, _ start: Int) -> Bool {
    let isExact = rules.prefilter.anchorGroups[group].isExact
    for offset in rules.prefilter.anchorGroups[group].literal.indices {
      let byte = text[start + offset]
      guard
        (isExact ? byte : Prefilter.lowercased(byte))
          == rules.prefilter.anchorGroups[group].literal[offset]
      else { return false }
    }
    return true
  }

  /// Whether a letter touches a range; digits may stand beside the anchor of a pattern.
  func hasLetterBeside(_ range: Range<Int>, in text: Span<UInt8>) -> Bool {
    func isLetter(_ scalar: UInt32) -> Bool { ScalarFold.isWord(scalar) && !isDigit(scalar) }
    return range.lowerBound > 0 && isLetter(text.scalar(before: range.lowerBound).value)
      || range.upperBound < text.count && isLetter(text.scalar(at: range.upperBound).value)
  }

  func hasDigitBeside(_ range: Range<Int>, in text: Span<UInt8>) -> Bool {
    range.lowerBound > 0 && isDigit(text.scalar(before: range.lowerBound).value)
      || range.upperBound < text.count && isDigit(text.scalar(at: range.upperBound).value)
  }

  private func isDigit(_ scalar: UInt32) -> Bool { (0x30...0x39).contains(scalar) }

  /// Runs a pattern around one of its anchors.
  private mutating func run(_ pattern: Int, _ text: Span<UInt8>, _ anchor: Range<Int>) {
    if !seeksValues, patterns[pattern].isOfValue { return }
    let next = patterns[pattern].nextStart
    guard next <= anchor.lowerBound else { return }
    let reach = Int(patterns[pattern].reach)
    let end = anchor.upperBound + 2 * reach
    let farthest = max(next, anchor.lowerBound - reach - rules.prefilter.longestAnchorCount)
    let seen = max(0, farthest - Sweep.slackCount)..<min(text.count, end + Sweep.slackCount)
    guard mayMatch(pattern, in: seen), makeReady(pattern) else { return }
    let lead = Int(patterns[pattern].lead)
    let from = max(next, text.unitEdge(atOrBefore: anchor.lowerBound - lead))
    patterns[pattern].nextStart = anchor.lowerBound + 1
    search(pattern, text, starting: from...anchor.lowerBound, end: end)
  }

  /// Prepares a pattern that is about to run; says whether PCRE2 takes it.
  mutating func makeReady(_ pattern: Int) -> Bool {
    if patterns[pattern].nextStart == 0 { touchedPatterns.append(pattern) }
    if patterns[pattern].expression != nil { return true }
    guard let program = rules.program(pattern) else {
      failure = failure ?? (pattern, .other(code: 0))
      return false
    }
    patterns[pattern].expression = program.expression.lent
    let farthest = Int(patterns[pattern].reach) + rules.prefilter.longestAnchorCount
    patterns[pattern].lead = Int32(clamping: program.lead ?? farthest)
    return true
  }

  /// Takes the matches of a pattern that start within a range.
  mutating func search(
    _ pattern: Int,
    _ text: Span<UInt8>,
    starting starts: ClosedRange<Int>,
    end: Int
  ) {
    effort -= 1
    guard let expression = patterns[pattern].expression else { return }
    let rule = Int(patterns[pattern].rule)
    let start = meter == nil ? 0 : SweepMeter.now()
    let matchCount = matches.count
    defer {
      meter?.count(.pattern, of: rule, since: start, matchCount: matches.count - matchCount)
    }
    let first = text.unitEdge(atOrBefore: starts.lowerBound - Sweep.slackCount)
    let last = text.unitEdge(atOrBefore: min(text.count, end + Sweep.slackCount))
    let subject = text.extracting(first..<last)
    var from = starts.lowerBound
    while from <= starts.upperBound {
      do throws(MatchFailure) {
        let found = try matcher.firstMatch(
          of: expression,
          in: subject,
          starting: (from - first)...(starts.upperBound - first),
          startsLine: first == 0 || text[first - 1] == 0x0A,
          endsLine: last == text.count || text[last] == 0x0A
        )
        guard let found else { return }
        let range = (found.lowerBound + first)..<(found.upperBound + first)
        let isRefused = rules.rules[rule].validator.map { !$0.accepts(text.extracting(range)) }
        // What a checksum refuses may hold what it takes, one digit further.
        from = max(isRefused == true ? range.lowerBound + 1 : range.upperBound, from + 1)
        patterns[pattern].nextStart = max(patterns[pattern].nextStart, from)
        guard !range.isEmpty, isRefused != true else { continue }
        add(
          RawMatch(
            rule: rule,
            range: range,
            source: .pattern,
            letterCase: letterCase(text, range),
            disguise: [],
            hasSentenceGap: false
          )
        )
      } catch {
        failure = failure ?? (pattern, error)
        return
      }
    }
  }

  mutating func add(_ match: RawMatch) {
    // Two phrases or patterns of one rule may see the same words, and so may two windows of one.
    for index in matches.indices.suffix(Sweep.sameSpanCount)
    where matches[index].rule == match.rule && matches[index].range == match.range {
      // What is right in one spelling of a rule is not misspelt in another.
      if matches[index].disguise.contains(.misspelt), !match.disguise.contains(.misspelt) {
        matches[index] = match
      }
      return
    }
    if matches.count < maxMatchCount {
      matches.append(match)
    } else {
      isTruncated = true
    }
  }
}

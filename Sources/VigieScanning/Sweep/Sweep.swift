package import VigieCore
import VigiePatterns
package import VigieRulebook
import VigieText
import VigieUnicode

/// One pass over a text: where the words of rules stand, and which further views it may need.
///
/// Kept by its thread. Two automata run side by side over the bytes: one over the skeleton, in which
/// separators do not move the state, one over the raw bytes for the anchors of patterns and marks.
/// A text in which neither has a hit costs this pass and nothing else.
package struct Sweep: ~Copyable {
  /// The most places of one text that are judged; the rest is a gap.
  package static let maxMatchCount = 100_000
  /// The most places that are looked through for one of the same scheme.
  static let maxCompanyCount = 512
  /// The most bytes of a text a pattern may look at beyond its reach.
  static let slackCount = 256

  private let rules: CompiledRules
  private let matcher = ExpressionMatcher()
  private var expressions: [Expression?]
  /// For each pattern the byte at which its next match may start.
  private var nextStarts: [Int]
  private var touchedPatterns: [Int] = []

  /// The places found, in the order of their ends.
  package private(set) var matches: [RawMatch] = []
  /// What was met on the way.
  package var signs: ByteSign { ByteSign(rawValue: signBits) }
  /// The bits of the signs: sets of another module are not worked on without calls.
  private var signBits: UInt32 = 0
  /// The first pattern PCRE2 could not run to the end, and why.
  private(set) var failure: (pattern: Int, reason: MatchFailure)?
  /// Whether places beyond ``maxMatchCount`` were left out.
  private(set) var isTruncated = false

  private var role = Role.body

  /// A sweep for some rules.
  package init(_ rules: CompiledRules) {
    self.rules = rules
    self.expressions = [Expression?](repeating: nil, count: rules.patterns.count)
    self.nextStarts = [Int](repeating: 0, count: rules.patterns.count)
  }

  /// Forgets the last text.
  mutating func reset() {
    if !matches.isEmpty { matches.removeAll(keepingCapacity: true) }
    signBits = 0
    failure = nil
    isTruncated = false
    guard !touchedPatterns.isEmpty else { return }
    for pattern in touchedPatterns { nextStarts[pattern] = 0 }
    touchedPatterns.removeAll(keepingCapacity: true)
  }

  /// Drops all places found so far, and may use them again.
  mutating func takeMatches(_ body: (inout [RawMatch]) -> Void) { body(&matches) }

  /// Passes over a text.
  package mutating func run(_ text: Span<UInt8>, role: Role) {
    reset()
    self.role = role
    pass(text)
    if signBits & ByteSign.script.rawValue != 0, rules.prefilter.hasScriptPhrases {
      scriptPass(text)
    }
  }

  private mutating func pass(_ text: Span<UInt8>) {
    let skeleton = rules.prefilter.skeleton
    let anchors = rules.prefilter.anchors
    if let narrowSkeleton = skeleton.narrowTransitions,
      let narrowAnchors = anchors.narrowTransitions
    {
      pass(text, narrowSkeleton, narrowAnchors)
    } else {
      pass(text, skeleton.transitions, anchors.transitions)
    }
  }

  private mutating func pass<State: FixedWidthInteger & UnsignedInteger>(
    _ text: Span<UInt8>,
    _ skeleton: [State],
    _ anchors: [State]
  ) {
    let classes = rules.prefilter.byteClasses
    let wideClasses = rules.prefilter.wideClasses
    let gates = rules.prefilter.anchorGates
    let limits = ByteWalk.Limits(rules.prefilter)
    var walk = ByteWalk()
    while walk.index < text.count, !isTruncated {
      walk.advance(
        over: text,
        classes: classes.span,
        wideClasses: wideClasses.span,
        skeleton: skeleton.span,
        anchors: anchors.span,
        gates: gates.span,
        limits
      )
      switch walk.stop {
      case .end: break
      case .longWay: walk.skeletonState = wide(text, &walk.index, walk.skeletonState)
      case .hit:
        if walk.isAnchorHit { anchorHits(UInt32(walk.anchorState), text, walk.index) }
        if walk.isPhraseHit { phraseHits(UInt32(walk.skeletonState), text, walk.index, 0) }
      }
    }
    signBits |= walk.seen >> 16 & 0x7FFF
  }

  /// Steps over a scalar beyond ASCII that is not among the wide classes.
  @inline(never)
  private mutating func wide(_ text: Span<UInt8>, _ index: inout Int, _ state: Int) -> Int {
    let unit = text.scalar(at: index)
    let range = index..<(index + unit.length)
    index = range.upperBound
    signBits |= ByteSign(of: unit.value, besideLetter: hasLetterBeside(text, range)).rawValue
    if unit.value == 0xFFFD, unit.length == 1 { signBits |= ByteSign.malformed.rawValue }
    let symbol = ScalarFold.skeleton(unit.value)
    if symbol == 0 { return state }
    if symbol < 32 {
      let next = rules.prefilter.skeleton.step(UInt32(state), symbol)
      if next >= rules.prefilter.skeleton.firstAccepting { phraseHits(next, text, index, 0) }
      return Int(next)
    }
    let symbols = FoldedView.skeleton.fold(unit.value)
    var state = UInt32(state)
    for offset in 0..<symbols.count {
      state = rules.prefilter.skeleton.step(state, symbols[offset])
      if state >= rules.prefilter.skeleton.firstAccepting {
        phraseHits(state, text, index, symbols.count - offset - 1)
      }
    }
    return Int(state)
  }

  private func hasLetterBeside(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
    func isLetter(_ byte: UInt8) -> Bool { byte >= 0x80 || (0x61...0x7A).contains(byte | 0x20) }
    return range.lowerBound > 0 && isLetter(text[range.lowerBound - 1])
      || range.upperBound < text.count && isLetter(text[range.upperBound])
  }

  /// The pass over the alphabet of Greek, Cyrillic and Latin together.
  private mutating func scriptPass(_ text: Span<UInt8>) {
    let automaton = rules.prefilter.script
    var state: UInt32 = 0
    var index = 0
    while index < text.count {
      let unit = text.scalar(at: index)
      index += unit.length
      let symbol = ScalarFold.script(unit.value)
      if symbol == 0 { continue }
      state = automaton.transitions[Int(state) + Int(symbol)]
      if state >= automaton.firstAccepting {
        for output in automaton.outputRange(of: state) {
          check(rules.prefilter.scriptWindows[Int(automaton.outputs[output])], text, index, 0)
        }
      }
    }
  }

  @inline(never)
  private mutating func phraseHits(
    _ state: UInt32,
    _ text: Span<UInt8>,
    _ end: Int,
    _ symbolsAhead: Int
  ) {
    let automaton = rules.prefilter.skeleton
    for output in automaton.outputRange(of: state) {
      check(
        rules.prefilter.skeletonWindows[Int(automaton.outputs[output])],
        text,
        end,
        symbolsAhead
      )
    }
  }

  private mutating func check(
    _ windows: [Prefilter.PhraseWindow],
    _ text: Span<UInt8>,
    _ end: Int,
    _ symbolsAhead: Int
  ) {
    for window in windows {
      let phrase = rules.phrases[window.phrase]
      if let match = PhraseCheck.match(
        text,
        endingAt: end,
        letterCount: window.letterCount + symbolsAhead,
        phrase,
        casing: rules.rules[phrase.rule].casing,
        splitsCamelCase: role == .filename
      ) {
        add(match)
      }
    }
  }

  @inline(never)
  private mutating func anchorHits(_ state: UInt32, _ text: Span<UInt8>, _ end: Int) {
    let automaton = rules.prefilter.anchors
    for output in automaton.outputRange(of: state) {
      let number = Int(automaton.outputs[output])
      // A copy of the target would cost more than this test, which most places fail.
      let start = end - rules.prefilter.anchorTargets[number].literal.count
      if rules.prefilter.anchorTargets[number].isWholeWord, !isWord(text, start..<end) { continue }
      let target = rules.prefilter.anchorTargets[number]
      if target.isExact, !stands(target.literal, text, start) { continue }
      switch target.kind {
      case .pattern(let pattern): run(pattern, text, start..<end)
      case .mark(let mark): checkMark(mark, text, start..<end)
      }
    }
  }

  private func stands(_ literal: [UInt8], _ text: Span<UInt8>, _ start: Int) -> Bool {
    for offset in literal.indices where text[start + offset] != literal[offset] { return false }
    return true
  }

  /// Whether no letter or digit touches a range.
  private func isWord(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
    if range.lowerBound > 0, ScalarFold.isWord(text.scalar(before: range.lowerBound).value) {
      return false
    }
    return range.upperBound == text.count
      || !ScalarFold.isWord(text.scalar(at: range.upperBound).value)
  }

  /// Runs a pattern around one of its anchors.
  private mutating func run(_ pattern: Int, _ text: Span<UInt8>, _ anchor: Range<Int>) {
    let source = rules.patterns[pattern].source
    let rule = rules.patterns[pattern].rule
    if nextStarts[pattern] == 0 { touchedPatterns.append(pattern) }
    var from = max(nextStarts[pattern], text.unitEdge(atOrBefore: anchor.lowerBound - source.reach))
    nextStarts[pattern] = max(nextStarts[pattern], anchor.lowerBound + 1)
    guard let expression = expression(pattern) else {
      failure = failure ?? (pattern, .other(code: 0))
      return
    }
    let first = text.unitEdge(atOrBefore: from - Sweep.slackCount)
    let last = text.unitEdge(
      atOrBefore: min(text.count, anchor.upperBound + 2 * source.reach + Sweep.slackCount)
    )
    let subject = text.extracting(first..<last)
    while from <= anchor.lowerBound {
      do throws(MatchFailure) {
        let found = try matcher.firstMatch(
          of: expression,
          in: subject,
          starting: (from - first)...(anchor.lowerBound - first),
          startsLine: first == 0 || text[first - 1] == 0x0A,
          endsLine: last == text.count || text[last] == 0x0A
        )
        guard let found else { return }
        let range = (found.lowerBound + first)..<(found.upperBound + first)
        from = max(range.upperBound, from + 1)
        nextStarts[pattern] = max(nextStarts[pattern], from)
        guard !range.isEmpty else { continue }
        if let validator = rules.rules[rule].validator,
          !validator.accepts(text.extracting(range))
        {
          continue
        }
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

  private mutating func expression(_ pattern: Int) -> Expression? {
    if let expression = expressions[pattern] { return expression }
    let expression = rules.expression(pattern)
    expressions[pattern] = expression
    return expression
  }

  /// Takes a short form where it stands as a stamp.
  private mutating func checkMark(_ mark: Int, _ text: Span<UInt8>, _ range: Range<Int>) {
    guard StampPosition.holds(text, range, role: role) else { return }
    add(
      RawMatch(
        rule: rules.marks[mark].rule,
        range: range,
        source: .mark,
        letterCase: letterCase(text, range),
        disguise: [],
        hasSentenceGap: false
      )
    )
  }

  private func letterCase(_ text: Span<UInt8>, _ range: Range<Int>) -> LetterCase {
    var upper = 0
    var lower = 0
    var startsAreUpper = true
    var isStart = true
    var index = range.lowerBound
    while index < range.upperBound {
      let unit = text.scalar(at: index)
      index += unit.length
      let entry = ScalarFold.entry(unit.value)
      if entry.isUppercase { upper += 1 }
      if entry.isLowercase {
        lower += 1
        if isStart { startsAreUpper = false }
      }
      isStart = !entry.isWord
    }
    if lower == 0, upper > 0 { return .upper }
    if upper == 0, lower > 0 { return .lower }
    return startsAreUpper && upper > 0 ? .title : .mixed
  }

  private mutating func add(_ match: RawMatch) {
    guard matches.count < Sweep.maxMatchCount else {
      isTruncated = true
      return
    }
    // Two phrases or patterns of one rule may see the same words.
    let isKnown = matches.suffix(8).contains { $0.rule == match.rule && $0.range == match.range }
    if !isKnown { matches.append(match) }
  }
}

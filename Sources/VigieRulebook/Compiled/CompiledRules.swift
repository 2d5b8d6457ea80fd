import VigieCore
package import VigiePatterns
import VigieText
import Synchronization

/// Rules ready to scan with: immutable, shared by every thread.
public final class CompiledRules: Sendable {
  /// The rules as written.
  public let set: RuleSet
  /// The rules by number.
  package let rules: [CompiledRule]
  package let evidence: EvidenceTable
  package let phrases: [CompiledPhrase]
  package let patterns: [CompiledPattern]
  package let marks: [CompiledMark]
  package let prefilter: Prefilter
  /// The patterns that are run over runs of digits, by number.
  package let digitPatterns: [Int]
  /// The least digits a run must have for any of them.
  package let leastDigitCount: Int
  /// For each pattern how many bytes before an anchor a match may start; empty where it is not known.
  let knownLeads: [Int]
  /// For each anchor what may stand around it; empty where it is not known.
  let knownSurroundings: SurroundingsTable
  /// What a match of each pattern must hold beside its anchors.
  package let companions: CompanionLiterals
  /// What was compiled so far, by pattern.
  private let expressions: Mutex<[PatternProgram?]>

  /// What may stand around anchors, by their group, as far as it was asked for.
  private let filters: Mutex<[AnchorFilter?]>
  /// What matches of the patterns of digits may start with, once it was asked for.
  private let digitFilters: Mutex<AnchorFilter?>

  /// What the kernel is given, once it was asked for.
  private let keptKernel = Mutex<PassKernel?>(nil)

  /// The kernel with the tables of these rules: made at the first call, shared by every thread.
  package var kernel: PassKernel {
    keptKernel.withLock { kept in
      if let kept { return kept }
      let kernel = PassKernel(self)
      kept = kernel
      return kernel
    }
  }

  /// Compiles rules.
  ///
  /// - Parameters:
  ///   - set: The rules as written.
  ///   - checked: Whether every pattern was compiled before (a trusted cache), so that it may wait
  ///     until it is needed.
  /// - Throws: ``RuleFaults`` with every fault.
  public convenience init(_ set: RuleSet, checked: Bool = false) throws(RuleFaults) {
    try self.init(set, checked: checked, index: nil)
  }

  /// Compiles rules that a cache will keep: what else it keeps of them is worked out with the rest, which takes less time
  /// than later.
  ///
  /// - Parameter set: The rules as written.
  /// - Throws: ``RuleFaults`` with every fault.
  public convenience init(forCache set: RuleSet) throws(RuleFaults) {
    try self.init(set, checked: false, index: nil, isForCache: true)
  }

  /// Compiles rules.
  ///
  /// - Parameters:
  ///   - set: The rules as written; the words of evidence may be left out where the index has them.
  ///   - checked: Whether every pattern was compiled before.
  ///   - index: What compiling the very same rules worked out before.
  ///   - isForCache: Whether all of an index is worked out at once, where there is none.
  /// - Throws: ``RuleFaults`` with every fault.
  package init(
    _ set: RuleSet,
    checked: Bool,
    index: RuleIndex?,
    isForCache: Bool = false
  ) throws(RuleFaults) {
    var faults: [RuleFault] = []
    let evidence = EvidenceTable(set.evidence, set.wording, index)
    let exactAnchors = index?.exactAnchors ?? []
    var rules: [CompiledRule] = []
    var schemes: [String: Int] = [:]
    var phrases: [CompiledPhrase] = []
    var patterns: [CompiledPattern] = []
    var anchorsOfPatterns: [[String]] = []
    var marks: [CompiledMark] = []
    var targets: [Prefilter.AnchorTarget] = []
    for (index, rule) in set.rules.enumerated() {
      do throws(RuleFault) {
        let scheme = schemes[rule.scheme, default: schemes.count]
        schemes[rule.scheme] = scheme
        rules.append(try CompiledRule(rule, evidence, scheme: scheme))
      } catch {
        faults.append(error)
      }
      for phrase in rule.phrases {
        let folded = FoldedPhrase(phrase.value)
        if folded.weight < 2 {
          faults.append(
            RuleFault(
              at: phrase.position,
              "the phrase '\(phrase.value)' has no two letters",
              mend: "write the words of the marking, or make it a pattern"
            )
          )
        }
        phrases.append(CompiledPhrase(folded, of: rule, index))
      }
      for mark in rule.marks {
        if !mark.value.utf8.allSatisfy({ $0 < 0x80 }) {
          faults.append(
            RuleFault(
              at: mark.position,
              "the short form '\(mark.value)' has letters beyond ASCII",
              mend: "name it in a phrase, with the word that stands before it"
            )
          )
          continue
        }
        targets.append(
          Prefilter.AnchorTarget(
            literal: Array(mark.value.utf8),
            kind: .mark(marks.count),
            isExact: true,
            isWholeWord: true,
            reach: Prefilter.AnchorTarget.markReach
          )
        )
        marks.append(CompiledMark(rule: index, literal: Array(mark.value.utf8)))
      }
      for pattern in rule.patterns {
        if pattern.mostDigits > 0, pattern.digits == 0 || pattern.mostDigits < pattern.digits {
          faults.append(pattern.faultOfMostDigits)
        }
        if pattern.digits > 0 {
          if !pattern.anchors.isEmpty { faults.append(pattern.faultOfTwoGates) }
          patterns.append(pattern.compiled(rule, index))
          anchorsOfPatterns.append([])
          continue
        }
        let anchors =
          pattern.anchors.isEmpty
          ? RequiredLiterals.of(pattern.regex.value) : pattern.anchors
        guard let anchors, !anchors.isEmpty else {
          faults.append(pattern.faultWithoutAnchor)
          continue
        }
        for anchor in anchors where !anchor.utf8.allSatisfy({ $0 < 0x80 }) {
          faults.append(
            RuleFault(
              at: pattern.regex.position,
              "the anchor '\(anchor)' has letters beyond ASCII",
              mend: "name a part of it that has none"
            )
          )
        }
        for anchor in anchors where anchor.utf8.count < Prefilter.AnchorTarget.minCount {
          faults.append(
            RuleFault(
              at: pattern.regex.position,
              "the anchor '\(anchor)' is a single letter",
              mend: "name one with what stands beside it: every text has that letter"
            )
          )
        }
        for anchor in anchors {
          targets.append(
            Prefilter.AnchorTarget(
              anchor,
              of: pattern,
              kind: .pattern(patterns.count),
              isExact: exactAnchors.indices.contains(targets.count)
                ? exactAnchors[targets.count] : nil
            )
          )
        }
        patterns.append(pattern.compiled(rule, index))
        anchorsOfPatterns.append(anchors)
      }
    }
    var expressions = [PatternProgram?](repeating: nil, count: patterns.count)
    if !checked {
      for (index, pattern) in patterns.enumerated() {
        do throws(ExpressionFault) {
          expressions[index] = PatternProgram(
            expression: try Expression(pattern.source.regex.value),
            lead: nil
          )
        } catch {
          faults.append(pattern.source.fault(error))
        }
      }
    }
    guard faults.isEmpty else { throw RuleFaults(faults) }
    self.set = set
    self.rules = rules
    self.evidence = evidence
    self.phrases = phrases
    self.patterns = patterns
    self.marks = marks
    let digitPatterns = patterns.indices.filter { patterns[$0].source.digits > 0 }
    self.digitPatterns = digitPatterns
    self.leastDigitCount = digitPatterns.map { patterns[$0].source.digits }.min() ?? .max
    self.prefilter = Prefilter(
      phrases: phrases.map(\.folded),
      misspelt: phrases.indices.filter { phrases[$0].toleratesMisspelling },
      anchors: targets,
      seeksDigits: !digitPatterns.isEmpty,
      index
    )
    let sources = zip(patterns, anchorsOfPatterns).map {
      PatternReading.Source(pattern: $0.source, anchors: $1)
    }
    if isForCache {
      let readings = PatternReading.all(of: sources)
      self.companions = CompanionLiterals(read: readings.map(\.companions))
      self.knownLeads = readings.map(\.lead)
      self.knownSurroundings = SurroundingsTable(of: targets, readings)
    } else {
      let companions = index?.companions ?? CompanionLiterals()
      self.companions =
        companions.count == patterns.count
        ? companions
        : CompanionLiterals(sources.lazy.map { ($0.pattern.regex.value, $0.anchors) })
      let leads = index?.leads ?? []
      self.knownLeads = leads.count == patterns.count ? leads : []
      let surroundings = index?.surroundings ?? SurroundingsTable()
      self.knownSurroundings =
        surroundings.count == targets.count ? surroundings : SurroundingsTable()
    }
    self.expressions = Mutex(expressions)
    self.digitFilters = Mutex(nil)
    self.filters = Mutex([AnchorFilter?](repeating: nil, count: prefilter.anchorGroups.count))
  }

  /// The program of a pattern, made on first use; `nil` where PCRE2 refuses it.
  package func program(_ pattern: Int) -> PatternProgram? {
    expressions.withLock { expressions in
      if let program = expressions[pattern], program.lead != nil { return program }
      guard
        let expression = expressions[pattern]?.expression
          ?? (try? Expression(patterns[pattern].source.regex.value))
      else { return nil }
      let lead = knownLeads.isEmpty ? self.lead(of: pattern) : knownLeads[pattern]
      let program = PatternProgram(expression: expression, lead: lead)
      expressions[pattern] = program
      return program
    }
  }

  /// What may stand around the anchors of a group, made on first use.
  package func filter(ofGroup number: Int) -> AnchorFilter {
    filters.withLock { filters in
      if let filter = filters[number] { return filter }
      let filter = makeFilter(ofGroup: number)
      filters[number] = filter
      return filter
    }
  }

  /// What matches of ``digitPatterns`` may start with, in their order; made on first use.
  package var digitFilter: AnchorFilter {
    digitFilters.withLock { known in
      if let known { return known }
      let filter = AnchorFilter(
        digitPatterns.map { .atStart(of: patterns[$0].source.regex.value) },
        count: 0
      )
      known = filter
      return filter
    }
  }

  /// How many bytes before an anchor a match of a pattern may start.
  private func lead(of pattern: Int) -> Int {
    PatternReading.lead(of: source(of: pattern))
  }

  /// A pattern with its anchors.
  func source(of pattern: Int) -> PatternReading.Source {
    let source = patterns[pattern].source
    let isGiven = !source.anchors.isEmpty || source.digits > 0
    return PatternReading.Source(
      pattern: source,
      anchors: isGiven ? source.anchors : RequiredLiterals.of(source.regex.value) ?? []
    )
  }

  /// How many letters of a phrase count once it is folded.
  public static func foldedLetterCount(_ phrase: String) -> Int {
    FoldedPhrase(phrase).weight
  }

  /// From how many letters on a word of such a phrase counts as long.
  package static var misspeltWordLetterCount: Int { FoldedPhrase.misspeltWordLetterCount }
}

/// A pattern ready to run.
package struct PatternProgram: Sendable {
  package let expression: Expression
  /// How many bytes before an anchor a match may start; `nil` before anybody asked.
  package let lead: Int?
}

extension Pattern {
  fileprivate func compiled(_ rule: Rule, _ number: Int) -> CompiledPattern {
    CompiledPattern(rule: number, source: self, isOfValue: rule.kind != .marking)
  }

  /// Why a pattern has either anchors or digits.
  fileprivate var faultOfTwoGates: RuleFault {
    RuleFault(
      at: regex.position,
      "the pattern names both anchors and digits",
      mend: "keep the anchors where every match holds one, else the digits"
    )
  }

  /// Why no run of digits is both long and short enough.
  fileprivate var faultOfMostDigits: RuleFault {
    RuleFault(
      at: regex.position,
      digits == 0
        ? "the pattern says digits-most: and no digits:"
        : "the pattern asks for \(digits) digits in a run of at most \(mostDigits)",
      mend: "write digits: as well, the least, and digits-most: as many or more"
    )
  }

  /// Why no anchor is found in the expression: it may be no expression at all.
  fileprivate var faultWithoutAnchor: RuleFault {
    faultOfExpression
      ?? RuleFault(
        at: regex.position,
        "the pattern requires no literal of three letters or more",
        mend: "name anchors: ASCII words of which every match holds one; or digits: for a number"
      )
  }
}

extension Prefilter.AnchorTarget {
  /// The most letters of an anchor that must be a word of its own.
  ///
  /// Shorter ones stand inside every other word: *ts*, *les*, *dr*.
  private static let maxWordCount = 3
  /// Whether an anchor of a pattern must be a word of its own.
  static func isWord(_ anchor: String) -> Bool {
    anchor.utf8.count <= maxWordCount
      && anchor.utf8.allSatisfy { (0x61...0x7A).contains($0 | 0x20) }
  }

  /// The least bytes of an anchor: at the place of a shorter one every other word would be a stop.
  fileprivate static let minCount = 2

  /// How many bytes around a mark say whether it is a stamp.
  fileprivate static let markReach = 32

  /// An anchor of a pattern; `isExact` says whether it must stand in its very case, where that is known.
  fileprivate init(_ anchor: String, of pattern: Pattern, kind: Kind, isExact: Bool?) {
    let literal = Array(anchor.utf8)
    self.init(
      literal: literal,
      kind: kind,
      isExact: isExact ?? AnchorCase.isExact(literal, in: pattern.regex.value),
      isWholeWord: Prefilter.AnchorTarget.isWord(anchor),
      reach: pattern.reach
    )
  }
}

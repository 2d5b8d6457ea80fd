import VigieCore

/// Something about a rule that its author should know.
public struct LintRemark: Sendable, Equatable {
  /// Whether the rule set may be used as it is.
  public enum Severity: String, Sendable, CaseIterable {
    /// Worth mending.
    case warning
    /// The rule set is refused.
    case error
  }

  /// Whether the rule set may be used as it is.
  public var severity: Severity
  /// The id of the rule, or `nil` where it is about none.
  public var rule: String?
  /// What, where, and how to mend it.
  public var fault: RuleFault

  /// A remark from its parts.
  public init(_ severity: Severity, rule: String?, _ fault: RuleFault) {
    self.severity = severity
    self.rule = rule
    self.fault = fault
  }
}

/// Checks of rules that load but may not be good rules.
public enum Lint {
  /// How many examples a marking should have, by kind.
  static let wantedExamples: [(usage: Usage?, name: String, count: Int)] = [
    (.applied, "applied", 5), (.mentioned, "mentioned", 3), (nil, "silent", 5),
  ]
  /// The least number of folded letters of a phrase, in any case of letters and in a strict one.
  ///
  /// *Source:* CONTRIBUTING.md; shorter phrases match by chance once separators do not count.
  package static let minLetterCount = (any: 6, strict: 4)
  /// The steps of a matcher over one window above which a pattern is worth a word, and refused.
  static let stepCounts = (warning: 1e6, error: 1e8)

  /// Returns what is to say about the rules of a set.
  ///
  /// - Parameters:
  ///   - set: The rules, with their examples.
  ///   - foldedLetterCount: How many letters of a phrase count once it is folded.
  /// - Returns: The remarks in the order of the rules, then those on rules that share
  ///   words, then those on evidence.
  public static func remarks(
    on set: RuleSet,
    foldedLetterCount: (String) -> Int
  ) -> [LintRemark] {
    var remarks: [LintRemark] = []
    for rule in set.rules {
      remarks += citations(rule)
      remarks += examples(rule)
      remarks += phrases(rule, foldedLetterCount)
      remarks += patterns(rule)
      remarks += anchors(rule)
      remarks += marks(rule)
      remarks += ownCues(rule)
      remarks += weights(rule, set.evidence)
    }
    remarks += shadows(set.rules)
    // A phrase of two letters stands in every other cue: its rule has been told what is wrong.
    let refused = Set(remarks.filter { $0.severity == .error }.compactMap(\.rule))
    remarks += markingCues(set).filter { $0.rule.map(refused.contains) != true }
    return remarks + set.evidence.flatMap { wordless($0, foldedLetterCount) }
  }

  /// Cues of which no word is left once they are folded, such as an emoji.
  private static func wordless(
    _ kind: EvidenceKind,
    _ foldedLetterCount: (String) -> Int
  ) -> [LintRemark] {
    kind.cues.flatMap { cue in
      cue.phrases.filter { phrase in
        foldedLetterCount(phrase) == 0 && !phrase.utf8.contains { (0x30...0x39).contains($0) }
      }.map { phrase in
        LintRemark(
          .error,
          rule: nil,
          RuleFault(
            at: SourcePosition(file: "evidence.yaml", line: 0, column: 0),
            "the cue \(quoted(phrase)) of '\(kind.name)' has no word, so that nothing matches it",
            mend: "leave it out, or write words"
          )
        )
      }
    }
  }

  /// Returns the patterns of some rules that can take all the time there is.
  package static func hazards(of rules: [Rule]) -> [RuleFault] {
    rules.flatMap(patterns).filter { $0.severity == .error }.map(\.fault)
  }

  private static func citations(_ rule: Rule) -> [LintRemark] {
    guard rule.cites.isEmpty else { return [] }
    return [
      LintRemark(
        .error,
        rule: rule.id,
        RuleFault(
          at: rule.position,
          "the rule cites nothing",
          mend: "name the text that defines the marking in cites: and sources:"
        )
      )
    ]
  }

  private static func examples(_ rule: Rule) -> [LintRemark] {
    wantedExamples.compactMap { wanted in
      let count = rule.examples.count { $0.usage == wanted.usage }
      guard count < wanted.count else { return nil }
      let isError = count < 1 && rule.kind == .marking
      return LintRemark(
        isError ? .error : .warning,
        rule: rule.id,
        RuleFault(
          at: rule.position,
          "the rule has \(count) of \(wanted.count) \(wanted.name) examples",
          mend: "add texts that people really write to examples: \(wanted.name):"
        )
      )
    }
  }

  private static func phrases(
    _ rule: Rule,
    _ foldedLetterCount: (String) -> Int
  ) -> [LintRemark] {
    let isStrict = rule.casing == .upper || rule.casing == .exact
    let least = isStrict ? minLetterCount.strict : minLetterCount.any
    return rule.phrases.compactMap { phrase in
      let count = foldedLetterCount(phrase.value)
      guard count < least else { return nil }
      return LintRemark(
        .error,
        rule: rule.id,
        RuleFault(
          at: phrase.position,
          "the phrase '\(phrase.value)' has \(count) folded letters; \(least) are needed",
          mend: isStrict || count < minLetterCount.strict
            ? "make it a mark or a pattern" : "make it a mark or a pattern, or set case: upper"
        )
      )
    }
  }

  private static func patterns(_ rule: Rule) -> [LintRemark] {
    rule.patterns.compactMap { pattern in
      let reason: String
      let mend: String
      var severity = LintRemark.Severity.error
      switch RegexCost.of(pattern.regex.value) {
      case .bounded: return nil
      case .unknown(let why):
        severity = .warning
        reason = "the cost of the pattern cannot be told: \(why)"
        mend = "write it more simply, or bound its repetitions"
      case .hazard(let hazard):
        let attack =
          "\(quoted(hazard.prefix)) + \(quoted(hazard.pump)) × n + \(quoted(hazard.suffix))"
        switch hazard.growth {
        case .exponential:
          reason = "the pattern can take exponential time on \(attack)" + proof(hazard, pattern)
          mend = "let only one repetition read each part, or make the inner one possessive (++)"
        case .polynomial(let degree):
          let window = Double(2 * pattern.reach)
          let steps = (0..<degree).reduce(1.0) { steps, _ in steps * window }
          guard steps > stepCounts.warning else { return nil }
          severity = steps > stepCounts.error ? .error : .warning
          reason =
            "the pattern can take n^\(degree) steps on \(attack)" + proof(hazard, pattern)
          mend = "bound one of the repetitions, such as {0,3}, or lower reach"
        }
      }
      return LintRemark(
        severity,
        rule: rule.id,
        RuleFault(at: pattern.regex.position, reason, mend: mend)
      )
    }
  }

  /// Anchors that a no-break space hides: they are bytes, where a space of the expression is any blank.
  private static func anchors(_ rule: Rule) -> [LintRemark] {
    rule.patterns.flatMap { pattern in
      pattern.anchors.filter { $0.contains(" ") }.map { anchor in
        LintRemark(
          .warning,
          rule: rule.id,
          RuleFault(
            at: pattern.regex.position,
            "the anchor '\(anchor)' has a space, and is not found where a no-break space stands",
            mend: "name one of its words"
          )
        )
      }
    }
  }

  /// The attack that makes a match of the pattern give up, in words.
  private static func proof(_ hazard: RegexHazard, _ pattern: Pattern) -> String {
    let regex = pattern.regex.value
    guard let text = hazard.proof(against: regex, within: 2 * pattern.reach) else {
      return "; no such text of \(2 * pattern.reach) bytes makes a match give up"
    }
    let count = text.utf8.count
    return "; proof: \(quoted(text)), \(count) bytes, on which a match gives up"
  }

  /// A text in quotes with its invisible scalars escaped.
  static func quoted(_ text: String) -> String {
    "'" + text.unicodeScalars.map { $0.escaped(asASCII: false) }.joined() + "'"
  }
}

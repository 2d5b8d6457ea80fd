import VigieCore

/// Something about a rule that its author should know.
public struct LintRemark: Sendable, Equatable {
  /// How bad it is.
  public enum Severity: String, Sendable, CaseIterable {
    /// Worth mending.
    case warning
    /// No rule to ship: lint ends in 1. What ``Lint/refusals(of:)`` names is refused for work as well.
    case error
  }

  /// How bad it is.
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
  /// The source that a new rule names until its author does.
  package static let sourceToName = "the text that defines the marking, with its section"
  /// The steps of a matcher over one window above which a pattern is worth a word, and refused.
  static let stepCounts = (warning: 1e6, error: 1e8)

  /// Returns what is to say about the rules of a set.
  ///
  /// - Parameters:
  ///   - set: The rules, with their examples.
  ///   - origins: What their files tell.
  ///   - foldedLetterCount: How many letters of a phrase count once it is folded.
  /// - Returns: The remarks in the order of the rules, then those on rules that share
  ///   words, on schemes and overrides, then those on evidence.
  public static func remarks(
    on set: RuleSet,
    origins: RuleOrigins = RuleOrigins(),
    foldedLetterCount: (String) -> Int
  ) -> [LintRemark] {
    var remarks: [LintRemark] = []
    for rule in set.rules {
      remarks += citations(rule)
      remarks += examples(rule)
      remarks += phrases(rule, foldedLetterCount)
      remarks += patterns(rule)
      remarks += anchors(rule)
      remarks += shortAnchors(rule)
      remarks += marks(rule)
      remarks += ownCues(rule)
      remarks += weights(rule, set.evidence)
    }
    remarks += shadows(set.rules)
    remarks += schemes(set.rules, origins)
    remarks += idleOverrides(origins)
    let refused = Set(
      set.rules.filter { !phrases($0, foldedLetterCount).isEmpty }.map(\.id)
    )
    remarks += markingCues(set, origins, refused: refused)
    remarks += grammar(set, origins)
    return remarks + set.evidence.flatMap { wordless($0, origins, foldedLetterCount) }
  }

  /// Cues of which no word is left once they are folded, such as an emoji.
  private static func wordless(
    _ kind: EvidenceKind,
    _ origins: RuleOrigins,
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
            at: place(of: phrase, kind.name, origins),
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

  /// Returns what keeps some rules from being used: patterns that can take all the time there is, and phrases that stand
  /// everywhere.
  package static func refusals(of rules: [Rule]) -> [RuleFault] {
    hazards(of: rules)
      + rules.flatMap { phrases($0, CompiledRules.foldedLetterCount) }.map(\.fault)
  }

  private static func citations(_ rule: Rule) -> [LintRemark] {
    if rule.cites.contains(sourceToName) {
      return [
        LintRemark(
          .warning,
          rule: rule.id,
          RuleFault(
            at: rule.position,
            "the rule cites what vigie rules new wrote, and no text",
            mend: "write under sources: which text defines the marking, and its section"
          )
        )
      ]
    }
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
    // Nobody speaks of a marking in the name of a file: what is sought there alone is never mentioned.
    let isOfFileNames = rule.examples.allSatisfy { $0.usage != .applied || $0.role == .filename }
    return wantedExamples.compactMap { wanted in
      let count = rule.examples.count { $0.usage == wanted.usage }
      guard count < wanted.count, !isOfFileNames || wanted.usage != .mentioned else { return nil }
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
            ? "make it a mark or a pattern"
            : "make it a mark or a pattern; case: upper would do, and then finds every phrase of the rule "
              + "in capitals only"
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
          mend =
            "let every text be read in one way only: no repetition in one of the same letters, no two "
            + "alternatives that begin alike; or make one possessive (++), the inner or the outer"
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

  /// Anchors that lead to no match, and those that a no-break space hides: they are bytes, where a space of the
  /// expression is any blank.
  private static func anchors(_ rule: Rule) -> [LintRemark] {
    rule.patterns.flatMap { pattern in
      AnchorSurroundings.strangers(to: pattern.regex.value, anchors: pattern.anchors).map {
        anchor in
        LintRemark(
          .error,
          rule: rule.id,
          RuleFault(
            at: pattern.regex.position,
            "no match of the pattern can hold the anchor \(quoted(anchor))"
              + (pattern.anchors.count == 1 ? ", around which alone it is tried" : ""),
            mend:
              "name letters that every match holds, or leave anchors: out where the pattern spells a word"
          )
        )
      }
    }
      + rule.patterns.flatMap { pattern in
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
      return
        "; none of the \(2 * pattern.reach) bytes over which the pattern is run made a match give "
        + "up here, but another text may"
    }
    let count = text.utf8.count
    return "; proof: \(quoted(text)), \(count) bytes, on which a match gives up"
  }

  /// A text in single quotes with its invisible scalars escaped.
  package static func quoted(_ text: String) -> String {
    "'" + text.unicodeScalars.map { $0 == "\"" ? "\"" : $0.escaped(asASCII: false) }.joined() + "'"
  }
}

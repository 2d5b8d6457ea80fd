/// The words that tell a sender why a message was stopped, by language.
public struct Tip: Sendable, Hashable {
  /// BCP 47 language tag to text, in tag order.
  public var texts: [(language: String, text: String)]

  /// A value from its parts.
  public init(texts: [(language: String, text: String)]) {
    self.texts = texts.sorted { $0.language < $1.language }
  }

  /// The text in a language, or `nil` where it is not translated.
  public subscript(language: String) -> String? {
    texts.first { $0.language == language }?.text
  }

  /// Whether two are the same.
  public static func == (left: Tip, right: Tip) -> Bool {
    left.texts.elementsEqual(right.texts) { $0 == $1 }
  }

  /// Hashes the value.
  public func hash(into hasher: inout Hasher) {
    for entry in texts {
      hasher.combine(entry.language)
      hasher.combine(entry.text)
    }
  }
}

/// What Vigie says of one message.
public struct Review: Sendable {
  /// The id of the message.
  public var id: String
  /// What must happen.
  public var verdict: Verdict
  /// The highest applied level; `public` without one.
  public var level: Level
  /// What was found.
  public var findings: [Finding]
  /// What was not read.
  public var gaps: [Gap]
  // Spelt out: `Tip?` would be made as nothing first and then given its value, and a review so made is copied with all it
  // refers to and destroyed, for every message.
  /// What the sender reads.
  public var tip: Optional<Tip>
  /// The verdict a policy in shadow mode would have given, where it is stricter than `verdict`.
  public var observed: Optional<Verdict>
  /// Whether the message is stopped and the policy lets its sender send it with a justification.
  public var mayOverride: Bool
  /// What the sender needs for that; made by what judges messages before they are stored.
  public var override: Optional<OverrideOffer>
  /// The verdict that the sender overrode; `nil` where nothing was.
  public var overridden: Optional<Verdict>
  /// The id of the compiled rule set and policy.
  public var ruleset: String

  /// A value from its parts.
  ///
  /// Inlined: called, it would be handed over in memory.
  @inlinable
  public init(
    id: String,
    verdict: Verdict,
    level: Level,
    findings: [Finding] = [],
    gaps: [Gap] = [],
    tip: Tip? = nil,
    observed: Verdict? = nil,
    mayOverride: Bool = false,
    override: OverrideOffer? = nil,
    overridden: Verdict? = nil,
    ruleset: String
  ) {
    self.id = id
    self.verdict = verdict
    self.level = level
    self.findings = findings
    self.gaps = gaps
    self.tip = tip
    self.observed = observed
    self.mayOverride = mayOverride
    self.override = override
    self.overridden = overridden
    self.ruleset = ruleset
  }
}

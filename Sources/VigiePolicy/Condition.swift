public import VigieCore

/// What a source says of a channel's property, or that it does not say.
public enum Answer: String, Sendable, CaseIterable {
  case yes
  case no
  case unknown

  /// The answer of an optional truth value.
  public init(_ value: Bool?) {
    switch value {
    case .some(true): self = .yes
    case .some(false): self = .no
    case .none: self = .unknown
    }
  }
}

/// What a finding is about; follows from its scheme.
public enum FindingKind: String, Sendable, CaseIterable {
  case marking
  case identifier
  case credential

  /// `identifier` for the scheme `pii`, `credential` for `credential`, `marking` for all others.
  public init(scheme: String) {
    switch scheme {
    case "pii": self = .identifier
    case "credential": self = .credential
    default: self = .marking
    }
  }
}

/// Which channels a case is about.
///
/// An empty list does not restrict; all lists must hold.
public struct ChannelCondition: Sendable, Hashable {
  /// Who can read it.
  public var visibility: [Visibility]
  /// Whether it is encrypted.
  public var encrypted: [Answer]
  /// Whether other servers take part.
  public var federated: [Answer]
  /// Patterns over the channel's name.
  public var names: [Glob]
  /// Patterns over the channel's id.
  public var ids: [Glob]

  /// A value from its parts.
  public init(
    visibility: [Visibility] = [],
    encrypted: [Answer] = [],
    federated: [Answer] = [],
    names: [Glob] = [],
    ids: [Glob] = []
  ) {
    self.visibility = visibility
    self.encrypted = encrypted
    self.federated = federated
    self.names = names
    self.ids = ids
  }

  /// Whether a channel meets the condition; `nil` is a channel of which nothing is known.
  public func holds(for channel: Channel?) -> Bool {
    (visibility.isEmpty || visibility.contains(channel?.visibility ?? .unknown))
      && (encrypted.isEmpty || encrypted.contains(Answer(channel?.encrypted)))
      && (federated.isEmpty || federated.contains(Answer(channel?.federated)))
      && (names.isEmpty || names.wants(channel?.name))
      && (ids.isEmpty || ids.wants(channel?.id))
  }
}

/// How a finding's level stands to the ceiling of its channel.
public enum CeilingRelation: String, Sendable, CaseIterable {
  /// The channel has a ceiling and the level is above it.
  case above
  /// The channel has a ceiling and the level is not above it.
  case within
  /// The channel has no ceiling.
  case none
}

/// What a finding must be.
///
/// An empty list does not restrict; all lists must hold.
public struct FindingCondition: Sendable, Hashable {
  /// Applied or mentioned; `nil` for both.
  public var usage: Usage?
  /// The lowest level that meets the condition.
  public var level: Level
  /// How the level stands to the channel's ceiling.
  public var ceiling: [CeilingRelation]
  /// Who defines the marking.
  public var schemes: [String]
  /// What the finding is about.
  public var kinds: [FindingKind]
  /// Patterns over the rule's id.
  public var rules: [Glob]
  /// Caveats of which the finding carries at least one.
  public var caveats: [String]
  /// The lowest confidence that meets the condition.
  public var confidence: Double

  /// A value from its parts.
  public init(
    usage: Usage? = nil,
    level: Level = .public,
    ceiling: [CeilingRelation] = [],
    schemes: [String] = [],
    kinds: [FindingKind] = [],
    rules: [Glob] = [],
    caveats: [String] = [],
    confidence: Double = 0
  ) {
    self.usage = usage
    self.level = level
    self.ceiling = ceiling
    self.schemes = schemes
    self.kinds = kinds
    self.rules = rules
    self.caveats = caveats
    self.confidence = confidence
  }

  /// Whether a finding meets the condition in a channel with this ceiling (`nil`: none).
  public func holds(for finding: Finding, ceiling limit: Level?) -> Bool {
    guard finding.level >= level, finding.confidence >= confidence else { return false }
    if let usage, usage != finding.usage { return false }
    let relation: CeilingRelation =
      limit.map { finding.level > $0 ? .above : .within } ?? CeilingRelation.none
    return (ceiling.isEmpty || ceiling.contains(relation))
      && (schemes.isEmpty || schemes.contains(finding.scheme))
      && (kinds.isEmpty || kinds.contains(FindingKind(scheme: finding.scheme)))
      && rules.wants(finding.rule)
      && (caveats.isEmpty || finding.caveats.contains { caveats.contains($0) })
  }
}

/// What a case is about: findings, or gaps.
public enum Subject: Sendable, Hashable {
  case findings(FindingCondition)
  /// Gaps for one of these reasons; an empty list is every reason.
  case gaps([GapReason])
}

/// When a case applies.
public struct Condition: Sendable, Hashable {
  /// What the case is about.
  public var subject: Subject
  /// Alternatives, of which one must hold; empty for every channel.
  public var channels: [ChannelCondition]
  /// Patterns over the domain of the sender.
  public var senders: [Glob]

  /// A value from its parts.
  public init(
    _ subject: Subject = .findings(FindingCondition()),
    channels: [ChannelCondition] = [],
    senders: [Glob] = []
  ) {
    self.subject = subject
    self.channels = channels
    self.senders = senders
  }

  /// Whether the condition holds whatever the channel, the sender and the subject's properties.
  public var takesEverything: Bool {
    guard channels.isEmpty, senders.isEmpty else { return false }
    return switch subject {
    case .findings(let condition): condition == FindingCondition()
    case .gaps(let reasons): reasons.isEmpty || Set(reasons).count == GapReason.allCases.count
    }
  }
}

import VigieCore
import VigiePolicy

extension Shape {
  /// One of the raw values of an enumeration, or several.
  fileprivate static func oneOrMore(of words: [String]) -> Form {
    .oneOrMore(Shape(.choice(words)))
  }

  /// `yes`, `no` or `unknown`, or several.
  fileprivate static let answers = oneOrMore(of: ["yes", "no", "unknown", "true", "false"])
}

extension ObjectShape {
  /// `policies/<name>.yaml`.
  static let policy = ObjectShape(
    name: "policy",
    keys: [
      .required("policy", .name, "name of the policy: the file name without .yaml"),
      .optional("title", .text, "what it is for"),
      .optional("observe", .flag, "shadow mode for the whole policy: record, let everything pass"),
      .optional(
        "ceilings",
        .list(Shape(.object(.ceiling)), atLeast: 1),
        "the highest level some channels are made for; the first match counts"
      ),
      .optional(
        "override-ceiling",
        .choice(Level.allCases.map(\.name)),
        "the highest level of a message that its sender may override, whatever the cases say; "
          + "default \(Policy.defaultOverrideCeiling.name)"
      ),
      .required(
        "cases",
        .list(Shape(.object(.policyCase)), atLeast: 1),
        "in order; each finding and each gap takes the first that matches"
      ),
    ]
  )

  /// One entry of `ceilings:`.
  static let ceiling = ObjectShape(
    name: "ceiling",
    keys: [
      .required("channel", .object(.channel), "the channels"),
      .required(
        "level",
        .choice(Level.allCases.map(\.name)),
        "the highest level they are made for"
      ),
    ]
  )

  /// One entry of `cases:`.
  static let policyCase = ObjectShape(
    name: "case",
    keys: [
      .required("name", .name, "unique name, cited by reports and explain"),
      .optional("when", .object(.condition), "every key must hold; without it: every finding"),
      .required("verdict", .choice(Verdict.allCases.map(\.name)), "what must happen"),
      .optional("tip", .name, "key of the words shown to the sender (tips/*.yaml)"),
      .optional(
        "override",
        .flag,
        "the sender may send nevertheless, with a justification; default false"
      ),
      .optional("observe", .flag, "shadow mode: record the verdict, let the message pass"),
    ]
  )

  /// `when:` of a case.
  static let condition = ObjectShape(
    name: "condition",
    keys: [
      .optional(
        "gap",
        Shape.oneOrMore(of: ["any"] + GapReason.allCases.map(\.rawValue)),
        "the case is about gaps, for these reasons; without it, about findings"
      ),
      .optional(
        "channel",
        .oneOrMore(Shape(.object(.channel))),
        "channels; a list is alternatives"
      ),
      .optional("sender", Shape.texts.form, "domains of senders; * any run, ! anything but"),
      .optional("usage", .choice(Usage.allCases.map(\.rawValue)), "applied or mentioned"),
      .optional("level", .choice(Level.allCases.map(\.name)), "this level or a higher one"),
      .optional(
        "ceiling",
        Shape.oneOrMore(of: CeilingRelation.allCases.map(\.rawValue)),
        "the level is above or within the channel's ceiling, or the channel has none"
      ),
      .optional("scheme", .oneOrMore(Shape(.name)), "schemes"),
      .optional(
        "kind",
        Shape.oneOrMore(of: FindingKind.allCases.map(\.rawValue)),
        "marking, identifier or credential"
      ),
      .optional("rule", Shape.texts.form, "ids of rules; * any run, ! anything but"),
      .optional("caveat", Shape.texts.form, "caveats of which one stands beside it"),
      .optional("confidence", .number, "this confidence (0 to 1) or a higher one"),
    ]
  )

  /// `channel:` of a condition or a ceiling.
  static let channel = ObjectShape(
    name: "channel condition",
    keys: [
      .optional(
        "visibility",
        Shape.oneOrMore(of: Visibility.allCases.map(\.rawValue)),
        "who can read it"
      ),
      .optional("encrypted", Shape.answers, "whether it is encrypted"),
      .optional("federated", Shape.answers, "whether other servers take part"),
      .optional("name", Shape.texts.form, "patterns over its name; * any run, ! anything but"),
      .optional("id", Shape.texts.form, "patterns over its id"),
    ]
  )

  /// `tips/<language>.yaml`.
  static let tips = ObjectShape(
    name: "tips file",
    keys: [
      .required("language", .text, "BCP 47 tag: the file name without .yaml"),
      .required("tips", .table(Shape(.text)), "key to the words the sender reads"),
    ]
  )
}

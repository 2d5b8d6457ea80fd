import VigieCore
import VigieCrypto
import VigieFilter
import VigiePolicy
import VigieRuleFiles
import VigieRulebook
import TestSupport

/// Filters and messages for tests.
enum Fixture {
  static let rules: [Rule] = [
    TestRules.rule("xx.dr", ["diffusion restreinte"], marks: ["DR"]),
    TestRules.rule("xx.s", ["très secret"], level: .topSecret),
    TestRules.rule(
      "pii.iban",
      patterns: [TestRules.pattern("FR\\d{2}(?: ?\\d{4}){5} ?\\d{3}", anchors: ["FR"])],
      kind: .identifier,
      scheme: "pii"
    ),
    TestRules.rule(
      "credential.token",
      patterns: [TestRules.pattern("tok_[a-z0-9]{8}")],
      kind: .credential,
      scheme: "credential",
      level: .confidential
    ),
    TestRules.rule("xx.slow", patterns: [TestRules.pattern("hush(a+)+$")]),
  ]

  static let evidence: [EvidenceKind] = [
    EvidenceKind(
      name: "meta-words",
      title: "spoken of",
      marking: 0,
      usage: -9,
      reach: .near,
      cues: [("fr", ["la mention"])]
    ),
    EvidenceKind(name: "filename", title: "in a file name", marking: 1, usage: 1),
  ]

  static let key = HMACKey(bytes: [UInt8](repeating: 7, count: 32))

  /// A filter with the shipped policy.
  static func filter(
    key: HMACKey? = Fixture.key,
    limits: Limits = Limits()
  ) throws -> Filter {
    let loaded = try ShippedRules.load()
    return Filter(
      rules: try TestRules.compiled(rules, evidence: evidence),
      policy: loaded.policy,
      tips: loaded.tips,
      authentication: key,
      limits: limits
    )
  }

  static let open = Channel(id: "!open", visibility: .public, encrypted: false)
  static let closed = Channel(id: "!closed", visibility: .private, encrypted: true)
}

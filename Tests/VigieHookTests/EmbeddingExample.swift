import VigieAudit
import VigieCore
import VigieFilter
import VigieHook
import VigieRuleFiles
import VigieRulebook

/// What the documentation of VigieHook shows, line for line; a test compares the two.
func embeddingExample(rules: String, audit: any AuditSink) async throws -> String {
  // Loaded and compiled once; Rules is the folder that comes with Vigie.
  let loaded = try RuleLoader.load(RuleSources(shipped: rules))
  let filter = Filter(
    rules: try CompiledRules(loaded.rules),
    policy: loaded.policy,
    tips: loaded.tips
  )
  let hook = PreSendHook(
    filter,
    options: HookOptions(
      deadline: .milliseconds(250),
      // Where nobody said what a room is made for, what is not judged passes; elsewhere it does not.
      failPolicy: FailPolicy(.open, .init(from: .restricted, .hold), .init(from: .secret, .closed))
    ),
    audit: audit
  )

  // For each message, before it is stored:
  let reply = await hook.review(
    Message(
      id: "$event",
      body: "Ci-joint la note, c'est du DIFFUSION RESTREINTE",
      sender: "@ann:agence.example",
      channel: Channel(id: "!room", name: "Annonces", visibility: .public, encrypted: false)
    )
  )
  switch reply.verdict {
  case .allow, .log: return "stored"
  case .warn, .redact, .hold, .block: return reply.review.tip?["fr"] ?? "not stored"
  }
}

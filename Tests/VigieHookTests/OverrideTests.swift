import Foundation
import MetricsTestKit
import Synchronization
import TestSupport
import Testing
import VigieAudit
import VigieCore
import VigieCrypto
import VigieFilter
import VigieHook
import VigiePolicy
import VigieRulebook

/// A clock that stands until it is set.
private final class Clock: Sendable {
  private let time = Mutex(1_780_000_000_000)

  var milliseconds: Int {
    get { time.withLock { $0 } }
    set { time.withLock { $0 = newValue } }
  }
}

@Suite("Overrides")
struct OverrideTests {
  private let audit = RecordingAudit()
  private let metrics = TestMetrics()
  private let clock = Clock()
  private let message = Message(
    id: "$1",
    body: "the plans are hush hush",
    html: "<p>the plans</p>",
    subject: "plans",
    sender: "@ann:here.example",
    channel: Channel(id: "!room", visibility: .public),
    attachments: [VigieCore.Attachment(name: "a.txt")]
  )

  /// Rules that find *hush hush* of a level, which is stopped and may be overridden up to a ceiling.
  private func filter(
    _ level: Level = .restricted,
    ceiling: Level = .restricted,
    mayOverride: Bool = true,
    fingerprints: (any MessageAuthentication)? = nil
  ) throws -> Filter {
    let rules = [TestRules.rule("xx.hush", ["hush hush"], level: level)]
    return Filter(
      rules: try CompiledRules(RuleSet(rules: rules, evidence: [], id: "sha256:test")),
      policy: Policy(
        name: "test",
        cases: [
          PolicyCase(name: "all", verdict: .hold, tip: "marked", mayOverride: mayOverride),
          PolicyCase(name: "gap", when: Condition(.gaps([])), verdict: .log),
        ],
        overrideCeiling: ceiling
      ),
      tips: try makeFilter().tips,
      authentication: fingerprints
    )
  }

  private func hook(
    _ filter: Filter? = nil,
    key: (any MessageAuthentication)? = nil,
    deadline: Duration = .seconds(60)
  ) throws -> PreSendHook {
    let clock = clock
    return PreSendHook(
      try filter ?? self.filter(),
      options: HookOptions(deadline: deadline),
      audit: audit,
      media: nil,
      overrideKey: key,
      metrics: metrics,
      now: { clock.milliseconds }
    )
  }

  private func count(_ outcome: String) -> Int64 {
    metrics.counterTotal(label: "vigie_hook_overrides", dimensions: [("outcome", outcome)])
  }

  /// The message with a token and a justification, and with something changed.
  private func again(
    _ token: String,
    because justification: String = "the minister asked for it",
    _ change: (inout Message) -> Void = { _ in }
  ) -> Message {
    var message = message
    message.id = "$2"
    message.override = OverrideRequest(token: token, justification: justification)
    change(&message)
    return message
  }

  @Test("what comes back with its token and a justification passes, and it is recorded")
  func accepted() async throws {
    let hook = try hook()
    let stopped = await hook.review(message)
    #expect(stopped.verdict == .hold && stopped.review.mayOverride)
    let offer = try #require(stopped.review.override)
    // Ten minutes.
    #expect(offer.expires == "2026-05-28T20:36:40Z")
    #expect(!offer.token.contains("room") && !offer.token.contains("ann"))
    let reply = await hook.review(again(offer.token))
    #expect(reply.verdict == .log && reply.review.overridden == .hold)
    #expect(reply.review.override == nil && reply.review.tip == nil && !reply.review.mayOverride)
    #expect(reply.review.findings.count == 1 && reply.review.level == .restricted)
    #expect(audit.reviews.map(\.verdict) == [.hold, .log])
    let kept = try #require(audit.reviews.last?.override)
    #expect(audit.reviews.first?.override == nil)
    #expect(kept.verdict == .hold && kept.justification.count == 64)
    var described = ""
    dump(audit.events, to: &described)
    #expect(!described.contains("minister") && !described.contains("plans"))
    #expect(count("offered") == 1 && count("accepted") == 1 && count("refused") == 0)
  }

  @Test("the hash of the justification can be checked by who has the key of fingerprints")
  func justificationHash() async throws {
    let key = try #require(HMACKey(bytes: [UInt8](repeating: 7, count: 32)))
    let hook = try hook(filter(fingerprints: key))
    let token = try #require(await hook.review(message).review.override?.token)
    _ = await hook.review(again(token, because: "because"))
    let code = key.code(for: Array("vigie justification\0because".utf8))
    #expect(audit.reviews.last?.override?.justification == code)
  }

  @Test("a token is good for nothing else, and a new one is offered")
  func bound() async throws {
    let hook = try hook()
    let token = try #require(await hook.review(message).review.override?.token)
    let changes: [(String, (inout Message) -> Void)] = [
      ("sender", { $0.sender = "@bob:here.example" }),
      ("channel", { $0.channel?.id = "!other" }),
      ("body", { $0.body = "the plans are hush hush." }),
      ("html", { $0.html = nil }),
      ("empty html", { $0.html = "" }),
      ("subject", { $0.subject = "planes" }),
      ("edit", { $0.replaces = "$0" }),
      ("name of a file", { $0.attachments[0].name = "b.txt" }),
      ("another file", { $0.attachments.append(VigieCore.Attachment(name: "c")) }),
      ("no file", { $0.attachments = [] }),
      ("an upload", { $0.attachments[0].content = .uploaded(id: "m", path: nil) }),
      ("bytes", { $0.attachments[0].content = .bytes(Array("x".utf8)) }),
      ("swapped texts", { ($0.subject, $0.body) = ($0.body, $0.subject) }),
    ]
    for (what, change) in changes {
      let reply = await hook.review(again(token, change))
      #expect(reply.verdict == .hold && reply.review.overridden == nil, "\(what)")
      let offer = try #require(reply.review.override, "\(what)")
      #expect(offer.token != token, "\(what)")
      // The new token is for what was sent now.
      #expect(await hook.review(again(offer.token, change)).verdict == .log, "\(what)")
    }
    #expect(count("refused") == Int64(changes.count))
    // What no token hangs on: the id and the name of the channel.
    #expect(await hook.review(again(token) { $0.id = "$3" }).verdict == .log)
  }

  @Test("other uploads, other bytes and other findings are another message")
  func files() async throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write("f", "hush hush")
    let hook = try hook()
    var first = message
    first.attachments = [VigieCore.Attachment(name: "f", content: .file(path: path))]
    let token = try #require(await hook.review(first).review.override?.token)
    func withFile(_ content: VigieCore.Attachment.Content) -> Message {
      again(token) { $0.attachments = [VigieCore.Attachment(name: "f", content: content)] }
    }
    #expect(await hook.review(withFile(.file(path: path))).verdict == .log)
    #expect(await hook.review(withFile(.bytes(Array("hush hush".utf8)))).verdict == .hold)
    _ = try directory.write("f", "hush hush, hush hush")
    #expect(await hook.review(withFile(.file(path: path))).verdict == .hold)
  }

  @Test("why a wish did not count is said, and no more")
  func refusals() async throws {
    let hook = try hook()
    let first = await hook.review(message)
    #expect(first.refusal == nil)
    let token = try #require(first.review.override?.token)
    #expect(await hook.review(again(token)).refusal == nil)
    for (reply, refusal) in [
      (await hook.review(again(token, because: " ")), OverrideRefusal.justification),
      (await hook.review(again(token) { $0.body = "the plans are hush hush." }), .otherContent),
      (await hook.review(again(token) { $0.sender = "@bob:here.example" }), .otherSender),
      (await hook.review(again(token) { $0.channel?.id = "!other" }), .otherSender),
      (await hook.review(again("no token")), .otherSender),
      (await hook.review(again(token) { $0.sender = nil }), .notOverridable),
      (await (try self.hook(filter(mayOverride: false))).review(again(token)), .notOverridable),
    ] {
      #expect(reply.verdict == .hold && reply.refusal == refusal)
    }
    clock.milliseconds += 600_000
    #expect(await hook.review(again(token)).refusal == .expired)
    let harmless = await hook.review(again(token) { $0.body = "see you at noon" })
    #expect(harmless.verdict != .allow || harmless.refusal == nil)
  }

  @Test("a token that was touched is refused, whatever the bit")
  func flipped() async throws {
    let hook = try hook()
    let token = try #require(await hook.review(message).review.override?.token)
    let bytes = Array(token.utf8)
    var refusedCount = 0
    for index in bytes.indices {
      for bit in 0..<7 {
        var touched = bytes
        touched[index] ^= 1 << bit
        let reply = await hook.review(again(String(decoding: touched, as: UTF8.self)))
        #expect(reply.verdict == .hold, "byte \(index), bit \(bit)")
        refusedCount += 1
      }
    }
    #expect(refusedCount == bytes.count * 7)
    let dot = try #require(token.firstIndex(of: "."))
    let code = token[token.index(after: dot)...]
    for forged in [
      "", ".", "\(token[..<dot])", "\(token[..<dot]).", "\(code)", ".\(code)", "+\(token)",
      "0\(token)", "\(Int.max).\(code)", "99999999999999999999.\(code)", "\(token) ", "\(token)0",
      String(token.dropLast()), token.uppercased(), String(repeating: token, count: 1_000),
    ] {
      #expect(await hook.review(again(forged)).verdict == .hold, "\(forged.prefix(100))")
    }
    #expect(await hook.review(again(token)).verdict == .log)
  }

  @Test("a token is good until it expires, and under its key only")
  func expired() async throws {
    let key = try #require(HMACKey(bytes: [UInt8](repeating: 7, count: 32)))
    let hook = try hook(key: key)
    let token = try #require(await hook.review(message).review.override?.token)
    // Another process with another key, and one with the same.
    #expect(await (try self.hook()).review(again(token)).verdict == .hold)
    #expect(await (try self.hook(key: key)).review(again(token)).verdict == .log)
    clock.milliseconds += 599_999
    #expect(await hook.review(again(token)).verdict == .log)
    clock.milliseconds += 1
    #expect(await hook.review(again(token)).verdict == .hold)
  }

  @Test(
    "a justification must say something",
    arguments: [
      ("", false), (" \n\t", false), ("\u{200B}\u{2060}\u{00A0}", false), ("…!?", false),
      ("x", true), ("7", true), ("必要", true), (String(repeating: "é", count: 500), true),
      (String(repeating: "é", count: 500) + "x", false),
    ]
  )
  func justified(text: String, passes: Bool) async throws {
    let hook = try hook()
    let token = try #require(await hook.review(message).review.override?.token)
    let reply = await hook.review(again(token, because: text))
    #expect(reply.verdict == (passes ? .log : .hold))
    #expect((audit.reviews.last?.override != nil) == passes)
  }

  @Test("nothing is offered above the ceiling, where the case says no, or to nobody")
  func notOffered() async throws {
    let high = await (try hook(filter(.confidential))).review(message)
    #expect(high.verdict == .hold && !high.review.mayOverride && high.review.override == nil)
    let raised = await (try hook(filter(.confidential, ceiling: .confidential))).review(message)
    #expect(raised.review.override != nil)
    let never = await (try hook(filter(mayOverride: false))).review(message)
    #expect(never.verdict == .hold && never.review.override == nil)
    for change: (inout Message) -> Void in [
      { $0.sender = nil }, { $0.sender = "" }, { $0.channel = nil }, { $0.channel?.id = "" },
    ] {
      var bare = message
      change(&bare)
      let reply = await (try hook()).review(bare)
      #expect(reply.verdict == .hold && reply.review.override == nil)
    }
    let clean = await (try hook()).review(Message(id: "$", body: "see you at noon"))
    #expect(clean.verdict == .allow && clean.review.override == nil)
  }

  @Test("rules that become stricter end what was offered before")
  func stricter() async throws {
    let hook = try hook()
    let token = try #require(await hook.review(message).review.override?.token)
    try hook.reload { try filter(.secret) }
    let reply = await hook.review(again(token))
    #expect(reply.verdict == .hold && reply.review.override == nil)
    #expect(count("refused") == 1)
  }

  @Test("what was not judged cannot be overridden")
  func notJudged() async throws {
    let key = try #require(HMACKey(bytes: [UInt8](repeating: 7, count: 32)))
    let token = try #require(await (try hook(key: key)).review(message).review.override?.token)
    let closed = PreSendHook(
      try filter(),
      options: HookOptions(deadline: .seconds(60), maxWaitingCount: 0, promptByteCount: 0),
      audit: audit,
      overrideKey: key,
      metrics: metrics
    )
    let reply = await closed.review(again(token))
    #expect(reply.failure == .overloaded && reply.verdict == .block)
    #expect(reply.review.override == nil && reply.review.overridden == nil)
  }

  @Test("it is the same for messages that go to the threads")
  func queued() async throws {
    let hook = try hook()
    let long = String(repeating: "nothing to see here, ", count: 1_000) + "hush hush"
    var first = message
    first.body = long
    let token = try #require(await hook.review(first).review.override?.token)
    let reply = await hook.review(again(token) { $0.body = long })
    #expect(reply.verdict == .log && reply.review.overridden == .hold)
    #expect(audit.reviews.last?.override?.verdict == .hold)
  }
}

import Foundation
import MetricsTestKit
import Synchronization
import TestSupport
import Testing
import VigieAudit
import VigieCore
import VigieFilter
import VigieHook
import VigieRulebook

/// Keeps what the hook records.
final class RecordingAudit: AuditSink {
  private let kept = Mutex<[AuditEvent]>([])

  var events: [AuditEvent] { kept.withLock { $0 } }
  var reviews: [AuditedReview] {
    events.compactMap { if case .review(let review) = $0 { review } else { nil } }
  }

  func record(_ event: AuditEvent) { kept.withLock { $0.append(event) } }
}

@Suite("Pre-send hook")
struct PreSendHookTests {
  private let audit = RecordingAudit()
  private let metrics = TestMetrics()
  /// Longer than what is judged at once.
  private let long = String(repeating: "nothing to see here, ", count: 1_000)

  private func hook(
    _ options: HookOptions = HookOptions(deadline: .seconds(60)),
    _ filter: Filter? = nil
  ) throws -> PreSendHook {
    PreSendHook(try filter ?? makeFilter(), options: options, audit: audit, metrics: metrics)
  }

  private func count(_ label: String, _ dimension: (String, String)) -> Int64 {
    metrics.counterTotal(label: label, dimensions: [dimension])
  }

  private func timeCount(_ path: String) -> Int {
    metrics.timers(label: "vigie_hook_review_time", dimensions: [("path", path)])
      .reduce(0) { $0 + $1.values.count }
  }

  @Test("judges a message as the filter does, and says so to audit and metrics")
  func judges() async throws {
    let hook = try hook()
    let clean = await hook.review(Message(id: "1", body: "see you at noon"))
    #expect(clean.verdict == .allow)
    let marked = await hook.review(
      Message(
        id: "2",
        body: "the plans are hush hush",
        sender: "@ann:here.example",
        channel: Channel(id: "!room", visibility: .public)
      )
    )
    #expect(marked.verdict == .block)
    #expect(marked.failure == nil)
    #expect(marked.review.findings.map(\.range) == [14..<23])
    #expect(marked.review.tip?["en"] == "Do not send this.")
    // Of what is allowed there is nothing to say.
    let kept = try #require(audit.reviews.first)
    #expect(audit.events.count == 1)
    #expect(kept.message == "2" && kept.channel == "!room" && kept.sender == "@ann:here.example")
    #expect(kept.verdict == .block && kept.level == .secret && kept.rules == ["xx.hush"])
    #expect(kept.ruleset == "sha256:test" && kept.failure == nil && kept.gaps.isEmpty)
    #expect(count("vigie_hook_reviews", ("verdict", "allow")) == 1)
    #expect(count("vigie_hook_reviews", ("verdict", "block")) == 1)
    #expect(timeCount("prompt") == 2)
    #expect(timeCount("queued") == 0)
  }

  @Test("an audit event holds no word of the message")
  func silence() async throws {
    let hook = try hook()
    let channel = Channel(id: "!room", name: "Marigold", visibility: .public)
    let body = "the submarine plans are hush hush"
    let attachments = [
      VigieCore.Attachment(name: "periscope.txt", content: .bytes([0xFF, 0xD8, 0xFF]))
    ]
    _ = await hook.review(
      Message(id: "1", body: body, subject: "torpedo", channel: channel, attachments: attachments)
    )
    var described = ""
    dump(audit.events, to: &described)
    #expect(described.contains("xx.hush"))
    for word in ["submarine", "hush hush", "torpedo", "periscope", "Marigold"] {
      #expect(!described.contains(word), "\(word)")
    }
  }

  @Test("long texts, files and floods of candidates go to the threads, with the same review")
  func queued() async throws {
    let filter = try makeFilter()
    let hook = try hook(HookOptions(deadline: .seconds(60), promptEffort: 50), filter)
    let flood = String(repeating: "hush hush ", count: 60)
    let file = VigieCore.Attachment(name: "a.txt", content: .bytes(Array("hush hush".utf8)))
    let messages = [
      Message(id: "long", body: long + "hush hush"),
      Message(id: "flood", body: flood),
      Message(id: "flooded page", html: "<p>" + flood + "</p>"),
      Message(id: "file", body: "see file", attachments: [file]),
    ]
    for (number, message) in messages.enumerated() {
      let reply = await hook.review(message)
      #expect(reply.failure == nil)
      #expect(reply.verdict == .block, "\(message.id)")
      #expect(timeCount("queued") == number + 1, "\(message.id)")
      if message.attachments.isEmpty {
        let own = filter.makeWorker().review(message)
        #expect(reply.review.findings == own.findings, "\(message.id)")
      }
    }
    #expect(timeCount("prompt") == 0)
    // A message that was given up leaves nothing behind in the worker that the next one takes.
    #expect(await hook.review(Message(id: "next", body: "hush hush")).review.findings.count == 1)
    #expect(timeCount("prompt") == 1)
  }

  @Test("what is late gets the answer of the fail policy, and the hook goes on")
  func late() async throws {
    let hook = try hook(
      HookOptions(deadline: .milliseconds(1), threadCount: 1, failPolicy: FailPolicy(.hold))
    )
    let huge = Message(id: "huge", body: String(repeating: long, count: 200))
    let reply = await hook.review(huge)
    #expect(reply.failure == .late)
    #expect(reply.verdict == .hold)
    #expect(reply.review.gaps.map(\.reason) == [.timeout])
    #expect(audit.reviews.map(\.failure) == [.late])
    #expect(audit.reviews.map(\.gaps) == [[.timeout]])
    #expect(count("vigie_hook_failures", ("reason", "late")) == 1)
    // Small messages do not wait for the thread that is busy, nor for good do long ones.
    #expect(await hook.review(Message(id: "small", body: "hush hush")).verdict == .block)
  }

  @Test("one message too many is answered at once")
  func overloaded() async throws {
    let hook = try hook(
      HookOptions(deadline: .seconds(60), maxWaitingCount: 0, failPolicy: FailPolicy(.closed))
    )
    let reply = await hook.review(Message(id: "long", body: long))
    #expect(reply.failure == .overloaded)
    #expect(reply.verdict == .block)
    #expect(reply.elapsed < .seconds(30))
    #expect(count("vigie_hook_failures", ("reason", "overloaded")) == 1)
  }

  @Test("who gives up does not wait, and it is recorded")
  func cancelled() async throws {
    let hook = try hook(HookOptions(deadline: .seconds(60), failPolicy: FailPolicy(.open)))
    let long = long
    let reply = await withTaskGroup(of: HookReply.self) { group in
      group.cancelAll()
      group.addTask { await hook.review(Message(id: "long", body: long)) }
      return await group.next()
    }
    #expect(reply?.failure == .cancelled)
    #expect(reply?.verdict == .log)
    #expect(audit.reviews.map(\.failure) == [.cancelled])
  }

  @Test("a late answer is that of the level the channel is made for")
  func failPolicy() {
    let policy = FailPolicy(.open, .init(from: .secret, .closed), .init(from: .restricted, .hold))
    #expect(policy.mode(upTo: nil) == .open)
    #expect(policy.mode(upTo: .internal) == .open)
    #expect(policy.mode(upTo: .restricted) == .hold)
    #expect(policy.mode(upTo: .confidential) == .hold)
    #expect(policy.mode(upTo: .secret) == .closed)
    #expect(policy.mode(upTo: .topSecret) == .closed)
    #expect(FailMode.allCases.map(\.verdict) == [.log, .block, .hold])
  }

  @Test("new rules are taken into use in one step; those that cannot be had change nothing")
  func reload() async throws {
    struct Broken: Error {}
    let hook = try hook()
    let message = Message(id: "1", body: "hush hush, and mum too")
    #expect(throws: Broken.self) { try hook.reload { throw Broken() } }
    #expect(hook.ruleset == "sha256:test")
    #expect(await hook.review(message).verdict == .block)
    let other = Filter(
      rules: try CompiledRules(
        RuleSet(rules: [TestRules.rule("xx.mum", ["and mum too"])], evidence: [], id: "sha256:new")
      ),
      policy: try makeFilter().policy,
      tips: try makeFilter().tips
    )
    try hook.reload { other }
    #expect(hook.ruleset == "sha256:new")
    let reply = await hook.review(message)
    #expect(reply.review.findings.map(\.rule) == ["xx.mum"])
    #expect(reply.review.ruleset == "sha256:new")
    var refusedCount = 0
    var replacedCount = 0
    for event in audit.events {
      switch event {
      case .refused(let reason, let kept):
        refusedCount += 1
        #expect(reason.contains("Broken") && kept == "sha256:test")
      case .replaced(let before, let now):
        replacedCount += 1
        #expect(before == "sha256:test" && now == "sha256:new")
      case .review, .upload, .lost, .torn, .purged, .reveal, .revealed: break
      }
    }
    #expect(refusedCount == 1 && replacedCount == 1)
    #expect(count("vigie_hook_reloads", ("outcome", "refused")) == 1)
    #expect(count("vigie_hook_reloads", ("outcome", "replaced")) == 1)
  }

  @Test("each of many messages is judged by one set of rules while these change")
  func concurrent() async throws {
    let first = try makeFilter()
    let second = Filter(
      rules: try CompiledRules(RuleSet(rules: [], evidence: [], id: "sha256:none")),
      policy: first.policy,
      tips: first.tips
    )
    let hook = try hook(HookOptions(deadline: .seconds(60), maxWaitingCount: 100_000), first)
    let long = long
    let replies = try await withThrowingTaskGroup(of: [HookReply].self) { group in
      for _ in 0..<8 {
        group.addTask {
          var replies: [HookReply] = []
          for number in 0..<200 {
            // Every eighth goes to the threads.
            let body = (number % 8 == 0 ? long : "") + "hush hush"
            replies.append(await hook.review(Message(id: "\(number)", body: body)))
          }
          return replies
        }
      }
      for number in 0..<100 {
        try hook.reload { number % 2 == 0 ? second : first }
        await Task.yield()
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    #expect(replies.count == 1_600)
    for reply in replies {
      #expect(reply.failure == nil)
      #expect((reply.verdict == .block) == (reply.review.ruleset == "sha256:test"))
    }
  }

  @Test("the example of the documentation runs, and is what the documentation shows")
  func example() async throws {
    let answer = try await embeddingExample(rules: ShippedRules.path, audit: audit)
    #expect(answer.hasPrefix("Votre message porte une mention de protection"))
    #expect(audit.reviews.map(\.rules) == [["fr.diffusion-restreinte"]])
    func lines(_ path: String, after start: String, upTo end: String) throws -> [String] {
      let text = try String(contentsOfFile: repositoryRoot + "/" + path, encoding: .utf8)
      let all = text.components(separatedBy: "\n")
      let first = try #require(all.firstIndex { $0.hasPrefix(start) })
      return all[(first + 1)...].prefix { $0 != end }.map {
        $0.trimmingCharacters(in: .whitespaces)
      }
    }
    let shown = try lines(
      "Sources/VigieHook/VigieHook.docc/VigieHook.md",
      after: "```swift",
      upTo: "```"
    )
    let run = try lines("Tests/VigieHookTests/EmbeddingExample.swift", after: "func ", upTo: "}")
    #expect(!shown.isEmpty)
    #expect(shown == run)
  }
}

import Foundation
import MetricsTestKit
import Synchronization
import TestSupport
import Testing
import VigieAudit
import VigieCore
import VigieFilter
import VigieHook
import VigiePolicy
import VigieRulebook
import VigieStore

/// Keeps inspections in memory; can be told to fail.
final class FakeMemory: MediaMemory {
  struct Broken: Error {}

  private struct State {
    var digests: [String: String] = [:]
    var kept: [String: [MediaInspection]] = [:]
    var keptCount = 0
    var isBroken = false
    var lookCount = 0
    var obstacle: (@Sendable () -> Void)?
  }

  private let state = Mutex(State())

  var isBroken: Bool {
    get { state.withLock { $0.isBroken } }
    set { state.withLock { $0.isBroken = newValue } }
  }
  /// How often somebody asked for bytes.
  var lookCount: Int { state.withLock { $0.lookCount } }
  /// Makes the next one who asks for bytes run a function first.
  func stopNext(_ obstacle: @escaping @Sendable () -> Void) {
    state.withLock { $0.obstacle = obstacle }
  }
  /// How often something was kept.
  var keptCount: Int { state.withLock { $0.keptCount } }
  var inspections: [MediaInspection] { state.withLock { $0.kept.values.flatMap(\.self) } }

  private func locked<Value: Sendable>(_ body: (inout State) throws -> Value) throws
    -> Value
  {
    try state.withLock { state in
      if state.isBroken { throw Broken() }
      return try body(&state)
    }
  }

  func inspection(of id: String, on basis: String) throws -> MediaInspection? {
    try locked { state in
      let kept = state.digests[id].flatMap { state.kept[$0] } ?? []
      return kept.first { $0.basis == basis } ?? kept.last
    }
  }

  func inspection(ofContent digest: String, as id: String, on basis: String) throws
    -> MediaInspection?
  {
    let obstacle = state.withLock { state in
      defer { state.obstacle = nil }
      state.lookCount += 1
      return state.obstacle
    }
    obstacle?()
    return try locked { state in
      let kept = state.kept[digest]?.first { $0.basis == basis }
      if kept != nil { state.digests[id] = digest }
      return kept
    }
  }

  func keep(_ inspection: MediaInspection, of id: String, content digest: String, byteCount: Int)
    throws
  {
    try locked { state in
      state.digests[id] = digest
      state.kept[digest, default: []].removeAll { $0.basis == inspection.basis }
      state.kept[digest, default: []].append(inspection)
      state.keptCount += 1
    }
  }
}

@Suite("Uploads")
struct MediaTests {
  private let audit = RecordingAudit()
  private let metrics = TestMetrics()
  private let memory = FakeMemory()
  private let open = Channel(id: "!open", visibility: .public, encrypted: false)
  private let cell = Channel(id: "!cell", name: "cell", visibility: .private, encrypted: true)
  private let marked = Upload(id: "mxc://x/1", content: .bytes(Array("é hush hush".utf8)))

  /// Rules that find *hush hush*, which is blocked in the open and logged elsewhere.
  private func filter(_ id: String = "sha256:test", everywhere: Bool = false) throws -> Filter {
    let shipped = try makeFilter()
    let condition = Condition(
      .findings(FindingCondition(level: .restricted)),
      channels: everywhere ? [] : [ChannelCondition(visibility: [.public])]
    )
    let policy = Policy(
      name: "test",
      cases: [
        PolicyCase(name: "marked", when: condition, verdict: .block, tip: "marked"),
        PolicyCase(name: "missing", when: Condition(.gaps([.missing])), verdict: .hold),
        PolicyCase(name: "gap", when: Condition(.gaps([])), verdict: .log),
      ]
    )
    return Filter(
      rules: try CompiledRules(
        RuleSet(
          rules: [TestRules.rule("xx.hush", ["hush hush"], level: .secret)],
          evidence: [],
          id: id
        )
      ),
      policy: policy,
      tips: shipped.tips
    )
  }

  private func hook(
    _ filter: Filter? = nil,
    _ options: HookOptions = HookOptions(deadline: .seconds(60), uploadDeadline: .seconds(60)),
    media: (any MediaMemory)? = nil
  ) throws -> PreSendHook {
    PreSendHook(
      try filter ?? self.filter(),
      options: options,
      audit: audit,
      media: media ?? memory,
      metrics: metrics
    )
  }

  private func post(
    _ ids: String...,
    in channel: Channel? = nil,
    path: String? = nil,
    name: String = "file"
  ) -> Message {
    Message(
      id: "$post",
      body: "see file",
      sender: "@ann:here.example",
      channel: channel ?? open,
      attachments: ids.map {
        VigieCore.Attachment(name: name, content: .uploaded(id: $0, path: path))
      }
    )
  }

  private func count(_ outcome: String) -> Int64 {
    metrics.counterTotal(label: "vigie_hook_media", dimensions: [("outcome", outcome)])
  }

  @Test("a file is inspected once, and each message that posts it is judged with its channel")
  func twice() async throws {
    let hook = try hook()
    let upload = await hook.inspect(marked)
    // Some channel would take it: the upload passes.
    #expect(upload.verdict == .log && upload.failure == nil)
    #expect(upload.review.id == "mxc://x/1" && upload.review.findings.map(\.range) == [3..<12])
    #expect(memory.keptCount == 1)
    let posted = await hook.review(post("mxc://x/1"))
    #expect(posted.verdict == .block && posted.failure == nil && posted.review.gaps.isEmpty)
    #expect(posted.review.findings.map(\.place.part) == [.attachment(0)])
    #expect(posted.review.tip?["en"] == "Do not send this.")
    // Forwarded to another room it is judged anew, by the same findings.
    let forwarded = await hook.review(post("mxc://x/1", in: cell))
    #expect(forwarded.verdict == .log)
    #expect(forwarded.review.findings == posted.review.findings)
    #expect(count("inspected") == 1 && count("known") == 2)
    #expect(audit.reviews.map(\.verdict) == [.block, .log])
  }

  @Test("findings move to the file of the message that they were found in")
  func places() async throws {
    let hook = try hook()
    _ = await hook.inspect(marked)
    _ = await hook.inspect(Upload(id: "clean", content: .bytes(Array("nothing".utf8))))
    _ = await hook.inspect(Upload(id: "sound", content: .bytes(Array("OggS\u{0}\u{2}".utf8))))
    let reply = await hook.review(post("clean", "sound", "clean", "mxc://x/1"))
    #expect(reply.review.findings.map(\.place.part.description) == ["attachments/3"])
    #expect(reply.review.gaps.map(\.place.part.description) == ["attachments/1"])
    #expect(reply.review.gaps.map(\.reason) == [.unsupported])
    #expect(reply.verdict == .block)
  }

  @Test("the name of the file is judged with the message, and not kept")
  func names() async throws {
    let hook = try hook()
    let plain = Upload(id: "a", name: "hush hush.txt", content: .bytes(Array("nothing".utf8)))
    #expect(await hook.inspect(plain).review.findings.map(\.place.role) == [.filename])
    #expect(memory.inspections.map(\.findings) == [[]])
    #expect(await hook.review(post("a")).verdict == .allow)
    let named = await hook.review(post("a", name: "hush hush.txt"))
    #expect(named.verdict == .block && named.review.findings.map(\.place.role) == [.filename])
  }

  @Test("what every channel refuses is refused when it is uploaded")
  func refused() async throws {
    let hook = try hook(filter(everywhere: true))
    let reply = await hook.inspect(marked)
    #expect(reply.verdict == .block && reply.review.override == nil)
    #expect(reply.review.tip?["en"] == "Do not send this.")
    guard case .upload(let kept)? = audit.events.first else {
      Issue.record("no upload in the audit")
      return
    }
    #expect(kept.message == "mxc://x/1" && kept.rules == ["xx.hush"] && kept.verdict == .block)
    #expect(kept.channel == nil && kept.sender == nil)
    #expect(
      metrics.counterTotal(label: "vigie_hook_uploads", dimensions: [("verdict", "block")]) == 1
    )
  }

  @Test("an upload that was never inspected is a gap, judged by the policy")
  func unknown() async throws {
    let hook = try hook()
    let reply = await hook.review(post("mxc://x/never"))
    #expect(reply.verdict == .hold)
    #expect(reply.review.gaps.map(\.reason) == [.missing])
    #expect(reply.review.gaps.map(\.detail) == ["the uploaded file was never inspected"])
    #expect(count("unknown") == 1)
    // Without any memory as well.
    let bare = PreSendHook(
      try filter(),
      options: HookOptions(deadline: .seconds(60)),
      audit: audit,
      metrics: metrics
    )
    #expect(await bare.review(post("mxc://x/never")).verdict == .hold)
  }

  @Test("where its bytes are at hand it is inspected when it is posted, once")
  func fromPath() async throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write("f", "hush hush")
    let hook = try hook()
    #expect(await hook.review(post("a", path: path)).verdict == .block)
    #expect(await hook.review(post("a", path: path)).verdict == .block)
    #expect(await hook.review(post("a")).verdict == .block)
    #expect(count("inspected") == 1 && memory.keptCount == 1)
    let gone = await hook.review(post("b", path: directory.path + "/gone"))
    #expect(gone.verdict == .hold)
    #expect(gone.review.gaps.map(\.detail) == ["the file does not exist"])
  }

  @Test("the same bytes are inspected once, whatever their id")
  func sameBytes() async throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write("f", "é hush hush")
    let hook = try hook()
    _ = await hook.inspect(marked)
    let again = await hook.inspect(Upload(id: "mxc://x/2", content: .file(path: path)))
    #expect(again.review.findings.map(\.range) == [3..<12])
    #expect(memory.keptCount == 1 && count("inspected") == 1)
    #expect(await hook.review(post("mxc://x/2")).verdict == .block)
  }

  @Test("under other rules it is inspected again, else the old findings count with a gap")
  func otherRules() async throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write("f", "é hush hush, and mum too")
    let hook = try hook()
    _ = await hook.inspect(Upload(id: "a", content: .file(path: path)))
    let rules = [
      TestRules.rule("xx.hush", ["hush hush"], level: .secret),
      TestRules.rule("xx.mum", ["and mum too"], level: .secret),
    ]
    let next = Filter(
      rules: try CompiledRules(RuleSet(rules: rules, evidence: [], id: "sha256:next")),
      policy: try filter().policy,
      tips: try filter().tips
    )
    try hook.reload { next }
    let stale = await hook.review(post("a"))
    #expect(stale.verdict == .block)
    #expect(stale.review.findings.map(\.rule) == ["xx.hush"])
    #expect(stale.review.gaps.map(\.reason) == [.missing])
    #expect(
      stale.review.gaps.map(\.detail) == ["the uploaded file was inspected under other rules"]
    )
    let moved = await hook.review(post("a", path: directory.path + "/gone"))
    #expect(moved.review.findings.map(\.rule) == ["xx.hush"])
    #expect(moved.review.gaps.map(\.detail) == ["the file does not exist"])
    let fresh = await hook.review(post("a", path: path))
    #expect(fresh.review.findings.map(\.rule) == ["xx.hush", "xx.mum"])
    #expect(fresh.review.gaps.isEmpty)
    #expect(await hook.review(post("a")).review.findings.count == 2)
    #expect(count("stale") == 1 && count("inspected") == 3)
  }

  @Test("other limits and another key of fingerprints are another basis")
  func basis() async throws {
    func bases(_ filter: Filter) async throws -> [String] {
      let memory = FakeMemory()
      _ = await (try hook(filter, media: memory)).inspect(marked)
      return memory.inspections.map(\.basis)
    }
    struct Key: MessageAuthentication {
      func code(for bytes: [UInt8]) -> String { "0f" }
    }
    let plain = try filter()
    let limited = Filter(
      rules: plain.rules,
      policy: plain.policy,
      tips: plain.tips,
      limits: Limits(maxFindingCount: 7)
    )
    let keyed = Filter(
      rules: plain.rules,
      policy: plain.policy,
      tips: plain.tips,
      authentication: Key()
    )
    let all = try await bases(plain) + bases(limited) + bases(keyed) + bases(plain)
    #expect(all.count == 4 && Set(all).count == 3 && all[0] == all[3])
  }

  @Test("a memory that fails is counted, and the service goes on")
  func broken() async throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write("f", "hush hush")
    let hook = try hook()
    _ = await hook.inspect(marked)
    memory.isBroken = true
    #expect(await hook.inspect(marked).review.findings.count == 1)
    #expect(count("unreadable") == 1 && count("unwritable") == 1)
    let lost = await hook.review(post("mxc://x/1"))
    #expect(lost.verdict == .hold && lost.failure == nil)
    #expect(
      lost.review.gaps.map(\.detail) == ["what was found in the uploaded file cannot be read"]
    )
    #expect(await hook.review(post("mxc://x/1", path: path)).verdict == .block)
    memory.isBroken = false
    #expect(await hook.review(post("mxc://x/1")).verdict == .block)
  }

  @Test("what is late is not kept: the message that posts it has a gap")
  func late() async throws {
    let options = HookOptions(
      deadline: .seconds(60),
      failPolicy: FailPolicy(.closed, .init(from: .secret, .hold)),
      uploadDeadline: .milliseconds(20)
    )
    let hook = try hook(nil, options)
    let gate = DispatchSemaphore(value: 0)
    memory.stopNext { gate.wait() }
    let reply = await hook.inspect(Upload(id: "a", content: marked.content))
    #expect(reply.failure == .late)
    // Not every channel refuses what is late.
    #expect(reply.verdict == .hold)
    #expect(reply.review.gaps.map(\.reason) == [.timeout])
    guard case .upload(let kept)? = audit.events.first else {
      Issue.record("no upload in the audit")
      return
    }
    #expect(kept.failure == .late)
    gate.signal()
    // The only thread is done with it when it looks at another one.
    while memory.lookCount < 2 {
      _ = await hook.inspect(Upload(id: "b", content: .bytes(Array("b".utf8))))
    }
    #expect(try memory.inspection(of: "a", on: "any") == nil)
    #expect(await hook.review(post("a")).verdict == .hold)
  }

  @Test("gaps that pass with time are not kept; what was found all the same is, as partial")
  func partial() async throws {
    let place = Place(part: .attachment(0), role: .bodyText)
    let lasting = Gap(place: place, reason: .encrypted, detail: "d")
    let passing = Gap(place: place, reason: .workerDied, detail: "d")
    let found = Finding(
      rule: "xx.hush",
      scheme: "xx",
      level: .secret,
      usage: .applied,
      confidence: 1,
      place: place,
      range: 0..<9,
      line: 1,
      column: 1,
      masked: "h"
    )
    typealias Kept = MediaInspection
    func kept(_ findings: [Finding], _ gaps: [Gap]) -> MediaInspection? {
      MediaInspection(basis: "now", findings: findings, gaps: gaps).worthKeeping
    }
    #expect(kept([], [lasting]) == Kept(basis: "now", gaps: [lasting]))
    #expect(kept([], [passing, lasting]) == nil)
    let partial = Kept(basis: Kept.partial, findings: [found], gaps: [lasting])
    #expect(kept([found], [passing, lasting]) == partial)
    // Posted without its bytes: the findings count, and it is said that they may not be all.
    try memory.keep(partial, of: "a", content: "00", byteCount: 1)
    let reply = await (try hook()).review(post("a"))
    #expect(reply.verdict == .block)
    #expect(reply.review.gaps.map(\.detail) == ["d", "the uploaded file was not wholly read"])
    // More than is kept: the gravest stay, and the rest is said.
    var mention = found
    mention.usage = .mentioned
    let many = try #require(
      kept(
        Array(repeating: mention, count: 500) + [found],
        Array(repeating: lasting, count: 500)
      )
    )
    #expect(many.findings.count == 256 && many.findings.last == found)
    #expect(many.gaps.count == 257 && many.gaps.last?.reason == .limit)
  }

  @Test("many at once, while rules change: none is lost, and none is judged by half of each")
  func concurrent() async throws {
    let directory = try TemporaryDirectory()
    let store = try MediaStore(path: directory.path + "/media.sqlite")
    let first = try filter()
    let second = try filter("sha256:next", everywhere: true)
    let path = try directory.write("f", "é hush hush")
    let hook = try hook(
      first,
      HookOptions(
        deadline: .seconds(60),
        maxWaitingCount: 10_000,
        uploadDeadline: .seconds(60),
        uploadThreadCount: 3
      ),
      media: store
    )
    let replies = try await withThrowingTaskGroup(of: [HookReply].self) { group in
      for task in 0..<8 {
        group.addTask {
          var replies: [HookReply] = []
          for number in 0..<10 {
            // Two contents, eighty ids.
            let id = "\(task)-\(number)"
            let text = number % 2 == 0 ? "é hush hush" : "é hush hush "
            _ = await hook.inspect(Upload(id: id, content: .bytes(Array(text.utf8))))
            replies.append(await hook.review(post(id, path: number % 2 == 0 ? path : nil)))
          }
          return replies
        }
      }
      for number in 0..<20 {
        try hook.reload { number % 2 == 0 ? second : first }
        await Task.yield()
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    #expect(replies.count == 80)
    for reply in replies {
      #expect(reply.failure == nil && reply.verdict == .block)
      #expect(reply.review.findings.map(\.range) == [3..<12])
    }
    #expect(try store.count() == 80)
    #expect(count("unknown") == 0 && count("unreadable") == 0 && count("unwritable") == 0)
  }

  @Test("from the upload to the message through a real store, over a restart")
  func store() async throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/media.sqlite"
    do {
      let store = try MediaStore(path: path)
      _ = await (try hook(media: store)).inspect(marked)
      try store.close()
    }
    let store = try MediaStore(path: path)
    let hook = try hook(media: store)
    #expect(await hook.review(post("mxc://x/1")).verdict == .block)
    #expect(await hook.review(post("mxc://x/1", in: cell)).verdict == .log)
    // The store dies; the service does not.
    try store.close()
    let lost = await hook.review(post("mxc://x/1"))
    #expect(lost.verdict == .hold && lost.failure == nil)
    #expect(await hook.inspect(marked).verdict == .log)
    #expect(count("unreadable") == 2 && count("unwritable") == 1)
  }
}

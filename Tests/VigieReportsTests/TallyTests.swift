import Testing
import VigieCore
import VigieReports

/// A message of a scan with some findings.
func scanned(
  _ id: String,
  channel: String? = "c",
  name: String? = "general",
  findings: [Finding] = [],
  gaps: [Gap] = [],
  verdict: Verdict = .allow,
  attachments: [VigieCore.Attachment] = []
) -> ScannedMessage {
  let message = Message(
    id: id,
    timestamp: "2026-06-01T10:00:00Z",
    channel: channel.map { Channel(id: $0, name: name, visibility: .public) },
    attachments: attachments
  )
  let level = findings.filter { $0.usage == .applied }.map(\.level).max() ?? .public
  let review = Review(
    id: id,
    verdict: verdict,
    level: level,
    findings: findings,
    gaps: gaps,
    ruleset: "sha256:test"
  )
  return ScannedMessage(message, review, byteCount: 100)
}

/// A finding of the scheme `xx`.
func finding(
  _ level: Level = .restricted,
  _ usage: Usage = .applied,
  disguise: Disguise = []
) -> Finding {
  Finding(
    rule: "xx.rule",
    scheme: "xx",
    level: level,
    usage: usage,
    confidence: 0.98,
    disguise: disguise,
    place: .body,
    range: 0..<4,
    line: 1,
    column: 1,
    masked: "H••• H•••"
  )
}

@Suite("Tally")
struct TallyTests {
  @Test("a channel is as open as its messages say, once they do")
  func visibility() {
    var name: String?
    func message(_ id: String, _ visibility: Visibility) -> ScannedMessage {
      let channel = Channel(id: "c", name: name, visibility: visibility)
      let message = Message(id: id, channel: channel)
      let review = Review(
        id: id,
        verdict: .allow,
        level: .public,
        findings: [],
        gaps: [],
        ruleset: "sha256:test"
      )
      return ScannedMessage(message, review, byteCount: 1)
    }
    for (seen, expected) in [
      ([Visibility.unknown, .private], Visibility.private), ([.unknown, .public], .public),
      ([.private, .unknown], .private), ([.private, .public, .private], .public),
    ] {
      for given in [nil, "salon"] {
        name = given
        var tally = Tally()
        for (number, visibility) in seen.enumerated() {
          tally.add(.message(message("\(number)", visibility)))
        }
        #expect(tally.channels.map(\.visibility) == [expected], "\(given ?? "-")")
      }
    }
  }

  @Test("channels are inspected, in part or not at all, and add up beyond those that are listed")
  func readingOfChannels() {
    var tally = Tally()
    let locked = Gap(place: .body, reason: .encrypted, detail: "x")
    let cut = Gap(place: .body, reason: .limit, detail: "x")
    tally.add(.message(scanned("1", channel: "whole")))
    tally.add(.message(scanned("2", channel: "mixed", gaps: [locked])))
    tally.add(.message(scanned("3", channel: "mixed")))
    tally.add(.message(scanned("4", channel: "cut", gaps: [cut])))
    tally.add(.message(scanned("5", channel: "locked", gaps: [locked])))
    tally.add(.message(scanned("6", channel: nil, gaps: [locked])))
    #expect(tally.channelCoverage == coverage(1, 2, 1))
    for number in 0..<Tally.maxChannelCount + 50 {
      for _ in 0..<2 {
        let gaps = number % 2 == 0 ? [] : [locked]
        tally.add(.message(scanned("m", channel: "\(number)", gaps: gaps)))
      }
    }
    let half = Tally.maxChannelCount / 2 + 25
    #expect(tally.channelCoverage == coverage(1 + half, 2, 1 + half))
  }

  private func coverage(_ inspected: Int, _ partly: Int, _ not: Int) -> Coverage {
    var coverage = Coverage()
    coverage.total = inspected + partly + not
    coverage.inspected = inspected
    coverage.partly = partly
    coverage.not = not
    return coverage
  }

  @Test("counts what is inspected, in part and not at all")
  func coverage() {
    var tally = Tally()
    let gap = Gap(
      place: Place(part: .attachment(1), role: .bodyText),
      reason: .unsupported,
      detail: "x"
    )
    let cut = Gap(place: Place(part: .attachment(0), role: .bodyText), reason: .limit, detail: "x")
    let attachments = [
      VigieCore.Attachment(name: "a", content: .bytes([])),
      VigieCore.Attachment(name: "b", content: .bytes([])),
      VigieCore.Attachment(name: "c"), VigieCore.Attachment(name: "d", content: .bytes([])),
    ]
    tally.add(.message(scanned("1")))
    tally.add(.message(scanned("2", gaps: [cut, gap], attachments: attachments)))
    tally.add(.gap(gap, isMessage: true))
    tally.add(.gap(gap, isMessage: false))
    tally.add(readByteCount: 10, unreadByteCount: 5, hasGaps: true)
    #expect(tally.messages.total == 3)
    #expect(tally.messages.inspected == 1)
    #expect(tally.messages.partly == 1)
    #expect(tally.messages.not == 1)
    #expect(tally.files.total == 4)
    #expect(tally.files.inspected == 1)
    #expect(tally.files.partly == 1)
    #expect(tally.files.not == 2)
    #expect(tally.bytes.total == 215)
    #expect(tally.bytes.inspected + tally.bytes.partly + tally.bytes.not == 215)
    #expect(tally.gaps[.unsupported] == 3)
  }

  @Test("lists the gravest findings, earlier ones first among equals, and no more than it may")
  func sightings() {
    var tally = Tally(sightingLimit: 3)
    for index in 0..<50 {
      tally.add(.message(scanned("r\(index)", findings: [finding()], verdict: .block)))
    }
    tally.add(.message(scanned("m", findings: [finding(.topSecret, .mentioned)], verdict: .log)))
    tally.add(.message(scanned("s", findings: [finding(.secret)], verdict: .block)))
    #expect(tally.sightings.map(\.message) == ["s", "r0", "r1"])
    #expect(tally.findings.total == 52)
    #expect(tally.findings.mentioned == 1)
  }

  @Test("counts channels one by one up to a limit, then together")
  func channels() {
    var tally = Tally()
    for index in 0..<Tally.maxChannelCount + 20 {
      tally.add(.message(scanned("m", channel: "c\(index)")))
    }
    #expect(tally.channels.count == Tally.maxChannelCount + 1)
    #expect(tally.channels.map(\.messageCount).reduce(0, +) == Tally.maxChannelCount + 20)
  }
}

import Testing
import VigieCore
import VigieFilter
import VigiePolicy
import TestSupport

/// What is said of a whole message.
@Suite("Reviews")
struct ReviewTests {
  private func review(_ message: Message, limits: Limits = Limits()) throws -> Review {
    try Fixture.filter(limits: limits).makeWorker().review(message)
  }

  @Test("nothing found, nothing unread: allowed")
  func clean() throws {
    let review = try review(
      Message(id: "m", body: "bonjour", html: "<p>bonjour</p>", channel: Fixture.open)
    )
    #expect(review.id == "m")
    #expect(review.verdict == .allow)
    #expect(review.level == .public)
    #expect(review.tip == nil)
    #expect(review.ruleset == "test")
  }

  @Test("the case of the policy decides, by usage, channel and scheme")
  func policy() throws {
    func verdict(_ body: String, _ channel: Channel?) throws -> Verdict {
      try review(Message(id: "m", body: body, channel: channel)).verdict
    }
    #expect(try verdict("DIFFUSION RESTREINTE", Fixture.open) == .block)
    #expect(try verdict("DIFFUSION RESTREINTE", Fixture.closed) == .log)
    #expect(try verdict("DIFFUSION RESTREINTE", nil) == .block)
    #expect(try verdict("la mention DIFFUSION RESTREINTE", Fixture.open) == .log)
    #expect(try verdict("FR14 2004 1010 0505 0001 3002 606", Fixture.closed) == .warn)
    #expect(try verdict("tok_a1b2c3d4", Fixture.open) == .block)
    #expect(try verdict("hush" + String(repeating: "a", count: 60) + "!", Fixture.open) == .log)
  }

  @Test("level and tip are those of what is applied")
  func level() throws {
    let both = try review(
      Message(id: "m", body: "DIFFUSION RESTREINTE\nTRÈS SECRET", channel: Fixture.open)
    )
    #expect(both.level == .topSecret)
    #expect(both.tip?["fr"]?.isEmpty == false)
    #expect(both.tip?["en"]?.isEmpty == false)
    let spoken = try review(
      Message(id: "m", body: "la mention TRÈS SECRET", channel: Fixture.open)
    )
    #expect(spoken.findings.map(\.level) == [.topSecret])
    #expect(spoken.level == .public)
  }

  @Test("body and HTML body are one text said twice")
  func twins() throws {
    let message = Message(
      id: "m",
      body: "DIFFUSION RESTREINTE\nla suite",
      html: "<h1>DIFFUSION RESTREINTE</h1><p>la suite</p>",
      channel: Fixture.open
    )
    let once = try review(message)
    #expect(once.findings.map(\.place) == [.body])

    var more = message
    more.html = "<h1>DIFFUSION RESTREINTE</h1><p>DIFFUSION RESTREINTE, TRÈS SECRET</p>"
    let found = try review(more).findings
    #expect(found.map(\.place.part) == [.body, .html, .html])
    #expect(found.map(\.rule) == ["xx.dr", "xx.dr", "xx.s"])

    var alone = message
    alone.body = "voir plus bas"
    let html = try #require(try review(alone).findings.first)
    #expect(html.place == .html)
    // The range is one of the raw HTML.
    #expect(html.range == 4..<24)
    #expect(html.column == 5)
  }

  @Test("the words are the same in another shape: still twins")
  func twinsOfOtherShape() throws {
    let found = try review(
      Message(
        id: "m",
        body: "DIFFUSION RESTREINTE",
        html: "<b>DIFFUSION</b>&nbsp;<i>RESTREINTE</i>",
        channel: Fixture.open
      )
    ).findings
    #expect(found.map(\.place) == [.body])
  }

  @Test("the name of each message's channel counts, whatever that of the last one was")
  func channelNames() throws {
    let worker = try Fixture.filter(limits: Limits()).makeWorker()
    let names = [
      "Salon", "Salon", "Salon DIFFUSION RESTREINTE", "Salon DIFFUSION RESTREINTE", "Salon", nil,
      "Salon", "Salot", "DIFFUSION RESTREINTE", "Salon",
    ]
    for (number, name) in names.enumerated() {
      let channel = Channel(id: "!c", name: name, visibility: .public)
      let review = worker.review(Message(id: "m", body: "bonjour", channel: channel))
      #expect(review.findings.count == (name?.contains("DIFFUSION") == true ? 1 : 0), "\(number)")
    }
  }

  @Test("subject, channel and attachments are read by their names, each in its place")
  func places() throws {
    let review = try review(
      Message(
        id: "m",
        body: "voir",
        subject: "DIFFUSION RESTREINTE",
        channel: Channel(id: "!c", name: "Salon DIFFUSION RESTREINTE", visibility: .public),
        attachments: [
          Attachment(name: "photo.jpg"), Attachment(name: "Note_DR_v2.pdf"),
          Attachment(name: "noteDiffusionRestreinteV2.pdf"),
        ]
      )
    )
    #expect(
      review.findings.map { "\($0.place.part) \($0.place.role.rawValue) \($0.range)" } == [
        "subject subject 0..<20", "channel channel 6..<26", "attachments/1 filename 5..<7",
        "attachments/2 filename 4..<23",
      ]
    )
    #expect(review.gaps.isEmpty)
  }

  @Test("text of attachments is read with its place, and their gaps are kept")
  func segments() throws {
    let place = Place(
      part: .attachment(0),
      path: ["a.docx"],
      role: .header,
      location: "page 1 top"
    )
    let gap = Gap(place: place, reason: .encrypted, detail: "a member is encrypted")
    let worker = try Fixture.filter().makeWorker()
    let message = Message(id: "m", body: "voir", channel: Fixture.open)
    let review = worker.review(
      message,
      segments: [Segment(place: place, text: Array("DIFFUSION RESTREINTE".utf8))],
      gaps: [gap]
    )
    #expect(review.findings.map(\.place) == [place])
    #expect(review.gaps == [gap])
    let bytes = Array("xx DIFFUSION RESTREINTE".utf8)
    let mapped = unsafe bytes.withUnsafeBytes { pointer in
      unsafe worker.review(message, place: place, text: pointer, gaps: [])
    }
    #expect(mapped.findings.map(\.range) == [3..<23])
    #expect(mapped.gaps.isEmpty)
  }

  @Test(
    "a flood of markings in an attachment ends in a gap, and the message is judged all the same"
  )
  func flood() throws {
    let worker = try Fixture.filter(limits: Limits(maxFindingCount: 3)).makeWorker()
    let place = Place(part: .attachment(0), role: .bodyText)
    let text = Array("DIFFUSION RESTREINTE\n".utf8)
    let segments = (0..<20).map { _ in Segment(place: place, text: text) }
    for _ in 0..<2 {
      let review = worker.review(Message(id: "m", body: "hello"), segments: segments, gaps: [])
      #expect(review.findings.count == 6)
      #expect(review.gaps.map(\.reason) == [.limit])
    }
    // One text after the other, as rules are tried, is no flood.
    for segment in segments { #expect(worker.findings(in: segment).findings.count == 1) }
  }

  @Test("gaps of the reader, of limits and of rules say what, and no word of the message")
  func gaps() throws {
    let body =
      "hush" + String(repeating: "a", count: 60)
      + "! DIFFUSION RESTREINTE, TRÈS SECRET, motsecretdici"
    let broken = Gap(place: .body, reason: .encoding, detail: "a lone surrogate")
    let message = Message(
      id: "m",
      body: body,
      channel: Fixture.open,
      attachments: [Attachment(name: "hush.pdf")],
      gaps: [broken]
    )
    let few = try review(message, limits: Limits(maxTextByteCount: 90, maxFindingCount: 1))
    #expect(few.gaps.map(\.reason) == [.encoding, .limit, .ruleLimit])
    #expect(few.findings.map(\.rule) == ["xx.dr"])
    let one = try review(message, limits: Limits(maxFindingCount: 1))
    #expect(one.gaps.map(\.reason) == [.encoding, .ruleLimit, .limit])
    #expect(one.findings.count == 1)
    for gap in few.gaps + one.gaps {
      #expect(!gap.detail.isEmpty)
      for word in ["hush", "aaaa", "DIFFUSION", "motsecretdici", "SECRET"] {
        #expect(!gap.detail.contains(word), "\(gap.detail)")
      }
    }
    #expect(few.gaps[1].detail == "\(body.utf8.count) bytes of text; those after 90 were not read")
    #expect(few.verdict == .block)
  }

  @Test("a worker keeps nothing of the message before")
  func reuse() throws {
    let worker = try Fixture.filter().makeWorker()
    let marked = Message(
      id: "a",
      body: "DIFFUSION RESTREINTE %44",
      html: "&#68;R",
      channel: Fixture.open,
      gaps: [Gap(place: .body, reason: .truncated, detail: "cut")]
    )
    let clean = Message(id: "b", body: "bonjour", channel: Fixture.open)
    for _ in 0..<3 {
      let first = worker.review(marked)
      #expect(first.findings.count == 2)
      #expect(first.gaps.count == 1)
      let second = worker.review(clean)
      #expect(second.findings.isEmpty && second.gaps.isEmpty && second.verdict == .allow)
      let segment = Segment(place: .body, text: Array("TRÈS SECRET".utf8))
      #expect(worker.findings(in: segment).findings.map(\.rule) == ["xx.s"])
    }
  }
}

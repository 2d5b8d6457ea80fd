import Foundation
import Testing
import VigieCore
import VigieExposure
import VigieJSON

@Suite("Exposure corpus")
struct CorpusTests {
  private let expected: JSONValue
  private let archive = corpus + "/rooms.jsonl"

  init() throws {
    let data = try Data(contentsOf: URL(fileURLWithPath: corpus + "/expected.json"))
    expected = try JSONValue(Array(data))
  }

  /// The two ends of a sum as the corpus knows them.
  private func figure(_ value: JSONValue?, _ name: String) throws -> Figure {
    guard case .array(let ends)? = value?[name], ends.count == 2,
      case .number(let certain) = ends[0], case .number(let possible) = ends[1]
    else { throw CocoaError(.fileReadCorruptFile) }
    return Figure(Int(certain), Int(possible))
  }

  @Test("every room holds what trying every moment says, neither more nor less")
  func rooms() throws {
    let report = try report(question, [archive], marker: "DIFFUSION RESTREINTE")
    guard case .object(let rooms)? = expected["rooms"] else {
      Issue.record("the corpus says nothing of rooms")
      return
    }
    #expect(rooms.count >= 40)
    var seen = 0
    for member in rooms {
      let room = report.rooms.first { $0.id == member.key }
      let messages = try figure(member.value, "messages")
      #expect(room?.messages ?? Figure() == messages, "\(member.key)")
      #expect(try room?.encrypted ?? Figure() == figure(member.value, "encrypted"), "\(member.key)")
      let marked = room?.levels[.restricted] ?? Figure()
      #expect(try marked == figure(member.value, "marked"), "\(member.key)")
      if room != nil { seen += 1 }
    }
    #expect(seen + report.closedRoomCount == rooms.count)
  }

  @Test("the sums of all rooms are those of the corpus")
  func sums() throws {
    let report = try report(question, [archive], marker: "DIFFUSION RESTREINTE")
    let total = expected["total"]
    #expect(try report.could.messages == figure(total, "messages"))
    #expect(try report.could.marked == figure(total, "marked"))
    #expect(try report.could.media == figure(total, "media"))
    #expect(try report.could.mediaByteCount == figure(total, "media_bytes"))
    #expect(try report.details.edits == figure(total, "edits"))
    #expect(try report.details.encrypted == figure(total, "encrypted"))
    #expect(try report.details.redacted == figure(total, "redacted"))
    #expect(try report.details.inWindow == figure(total, "in_window"))
    let doubted = report.details.doubts.values.reduce(0, +)
    #expect(doubted == report.could.messages.possible - report.could.messages.certain)
  }

  @Test("the order in which events stand in the archive changes nothing")
  func order() throws {
    let folder = try Folder()
    let text = try String(contentsOfFile: archive, encoding: .utf8)
    let lines = text.split(separator: "\n")
    let backward = try folder.write("back.jsonl", lines.reversed().joined(separator: "\n"))
    let forward = try report(question, [archive])
    let reversed = try report(question, [backward])
    #expect(forward.could.messages == reversed.could.messages)
    #expect(forward.could.rooms == reversed.could.rooms)
    #expect(forward.details.doubts == reversed.details.doubts)
  }

  @Test("an archive in two parts, or twice, never gives more for sure than there is")
  func twice() throws {
    let one = try report(question, [archive])
    let two = try report(question, [archive, archive])
    #expect(two.could.messages.certain == one.could.messages.certain)
    #expect(two.could.messages.possible == 2 * one.could.messages.possible)
    #expect(two.could.media == one.could.media)
    #expect(two.details.doubts[.severalArchives] == one.could.messages.certain)
  }

  @Test("the log tells what was read from what could be")
  func log() throws {
    var log = LogEvidence(question)
    try log.read(corpus + "/access.log", zone: 0)
    #expect(log.unreadCount == 0)
    #expect(log.coversWindow)
    let report = try report(question, [archive], log: log, marker: "DIFFUSION RESTREINTE")
    let did = try #require(report.did)
    let requests = try #require(report.requests)
    #expect(requests.count == 13)
    #expect(requests.answered == 11)
    #expect(requests.addresses.map(\.address) == ["192.0.2.7"])
    // Two rooms were opened; of one two messages and one with up to four around it, of the other up
    // to 20 and 10 more.
    #expect(did.rooms == Figure(2, 2))
    #expect(report.rooms.first { $0.id.hasPrefix("!equipe:") }?.read == Figure(3, 7))
    #expect(report.rooms.first { $0.id.hasPrefix("!annonces:") }?.read == Figure(0, 30))
    #expect(did.messages == Figure(3, 37))
    #expect(did.marked?.certain == 2)
    // m1 and m4 whole, m2 as a smaller picture, m3 was refused.
    #expect(did.media == Figure(2, 3))
    #expect(did.mediaByteCount.certain == 3500)
    // The members of one room up to then, and one profile.
    #expect(did.accounts.certain == 31)
  }

  @Test("claims are held against archives and log")
  func claims() throws {
    var log = LogEvidence(question)
    try log.read(corpus + "/access.log", zone: 0)
    let claims = [
      "messages=3", "messages=20", "messages=500", "messages=1000000", "media=2", "media=59386",
      "bytes=13.5GB", "bytes=3500", "marked=2", "readable:media=4", "readable:messages=2",
      "accounts=73467", "readable:accounts=73467",
    ]
    let verdicts = try report(
      question,
      [archive],
      log: log,
      claims: claims,
      marker: "DIFFUSION RESTREINTE"
    )
    .claims.map(\.verdict)
    #expect(
      verdicts == [
        .confirmed, .possible, .contradicted, .contradicted, .confirmed, .contradicted,
        .contradicted, .confirmed, .confirmed, .confirmed, .contradicted,
        .contradicted, .unknown,
      ]
    )
    let withoutLog = try report(question, [archive], claims: claims).claims.map(\.verdict)
    #expect(
      withoutLog == [
        .possible, .possible, .possible, .contradicted, .possible, .contradicted, .contradicted,
        .possible, .unknown, .confirmed, .contradicted,
        .unknown, .unknown,
      ]
    )
  }

  @Test("JSON fits the published schema")
  func json() throws {
    var log = LogEvidence(question)
    try log.read(corpus + "/access.log", zone: 0)
    for log in [nil, log] {
      let report = try report(
        question,
        [archive],
        log: log,
        claims: ["messages=643459", "marked=1"]
      )
      #expect(try JSONSchema(ExposureSchema.text).faults(in: JSONValue(report.json)) == [])
    }
  }
}

import Testing
import VigieExposure

@Suite("Access logs")
struct LogTests {
  private func line(
    _ path: String,
    account: String = account,
    time: String = "2026-06-10 12:00:00,123",
    status: String = "200",
    method: String = "GET"
  ) -> String {
    "\(time) - synapse.access.https.8448 - 471 - INFO - \(method)-12- 192.0.2.7 - 8448 - {\(account)} "
      + "Processed request: 0.1sec/-0.0sec (0.003sec, 0.000sec) (0.001sec/0.002sec/3) 4096B \(status) "
      + "\"\(method) \(path) HTTP/1.1\" \"Mozilla/5.0 (X11)\" [2 dbevts]"
  }

  private func read(_ lines: [String], _ question: Question = question, addresses: Set<String> = [])
    throws
    -> LogEvidence
  {
    let folder = try Folder()
    var log = LogEvidence(question, addresses: addresses)
    try log.read(try folder.write("a.log", lines.joined(separator: "\n")), zone: 0)
    return log
  }

  private func padded(_ hour: Int) -> String { hour < 10 ? "0\(hour)" : "\(hour)" }

  @Test("rooms that were read against the archive, or that no archive holds, are told")
  func strangeRooms() throws {
    var room = RoomLines()
    room.create(at: june(1), rule: "invite", history: "shared")
    room.say("bonjour", at: june(5))
    let folder = try Folder()
    let archive = try folder.write("a.jsonl", room.text)
    let log = try read(
      ["!r:agents.example", "!ailleurs:b"].map { line("/_matrix/client/v3/rooms/\($0)/messages") }
    )
    let found = try report(question, [archive], log: log, claims: ["messages=5"])
    let names = found.lacks.map(\.name)
    #expect(names.contains("log-out-of-reach"))
    #expect(names.contains("log-other-rooms"))
    #expect(found.did?.rooms == Figure(2, 2))
    // What was read could be read, and how much of it nobody knows.
    #expect(found.could.rooms == Figure(2, 2))
    #expect(found.could.messages == Figure(0, 1))
    #expect(found.did?.messages == Figure(0, 1))
    #expect(found.details.doubts == [.readAgainstArchive: 1])
    // More may have been read in the room that no archive holds.
    #expect(found.claims.map(\.verdict) == [.unknown])
  }

  @Test("only what the account asked for within the time counts")
  func scope() throws {
    let path = "/_matrix/client/v3/rooms/!r:b/messages"
    let log = try read([
      line(path), line(path, account: "@autre:agents.example"), line(path, account: "None"),
      line(path, account: "@admin:agents.example|\(account)"),
      line(path, time: "2026-06-12 00:00:00,000"), line(path, time: "2026-06-09 23:59:59,999"),
      line(path, status: "!200"), line(path, status: "200!"), line(path, status: "403"),
      "2026-06-10 12:00:00,123 - synapse.handlers - 1 - INFO - nothing of interest",
    ])
    #expect(log.requestCount == 5)
    #expect(log.answeredCount == 4)
    #expect(log.byteCount == 5 * 4096)
    #expect(log.addresses == ["192.0.2.7": 5])
    #expect(log.unreadCount == 0)
    #expect(log.lineCount == 10)
  }

  @Test("requests from other addresses are counted apart")
  func addresses() throws {
    let path = "/_matrix/client/v3/rooms/!r:b/messages"
    #expect(try read([line(path)], addresses: ["192.0.2.7"]).requestCount == 1)
    let other = try read([line(path)], addresses: ["203.0.113.1"])
    #expect(other.requestCount == 0)
    #expect(other.otherAddressCount == 1)
  }

  @Test("lines that look like requests and are none are told, not passed over")
  func damaged() throws {
    let whole = line("/_matrix/client/v3/sync")
    let log = try read([
      whole.replacing("200", with: "OK"), whole.replacing("4096B", with: "-"),
      whole.replacing("2026-06-10", with: "10/06/2026"), String(whole.prefix(150)),
      " Processed request: ", "{} Processed request: \"\"", String(repeating: "x", count: 3 << 20),
    ])
    #expect(log.requestCount == 0)
    #expect(log.unreadCount == 7)
  }

  @Test("cut anywhere, a line is read, told or no request, and never more than one")
  func truncated() throws {
    let whole = line("/_matrix/client/v3/rooms/%21r%3Ab/event/%24x?y=%")
    for count in 0...whole.count {
      let log = try read([String(whole.prefix(count))])
      #expect(log.requestCount + log.unreadCount <= 1)
    }
  }

  @Test("media fetched without saying by whom are told")
  func anonymous() throws {
    let log = try read([
      line("/_matrix/media/v3/download/b/m1", account: "None"),
      line("/_matrix/media/r0/thumbnail/b/m1", account: "None"),
      line("/_matrix/client/v3/sync", account: "None"),
    ])
    #expect(log.anonymousMediaCount == 2)
  }

  @Test("hours without any line are told")
  func silence() throws {
    let path = "/_matrix/client/v3/sync"
    let log = try read([
      line(path, time: "2026-06-09 23:30:00,000"), line(path, time: "2026-06-10 09:00:00,000"),
      line(path, time: "2026-06-12 00:10:00,000"),
    ])
    #expect(log.coversWindow)
    #expect(log.silence == june(10, 9)..<june(12))
    #expect(try !read([line(path)]).coversWindow)
    // Logs are rotated, and read in whatever order their names have.
    let times = (0..<50).map {
      "2026-06-\($0 < 2 ? "09" : $0 < 26 ? "10" : "11") \(padded(($0 + 22) % 24)):59:59,000"
    }
    #expect(try read(times.reversed().map { line(path, time: $0) }).silence == nil)
    let holed = times[..<20] + times[22...]
    #expect(try read(holed.shuffled().map { line(path, time: $0) }).silence?.count == 3 * 3_600_000)
  }

  @Test("a table says as much, with its own columns")
  func table() throws {
    let log = try read([
      "time,account,action,room,event,media,count,status,bytes,address",
      "2026-06-10T10:00:00Z,\(account),messages,!r:b,,,50,200,9000,192.0.2.9",
      "2026-06-10T10:00:01Z,\"\(account)\",media,,,mxc://b/m1,,200,70,",
      "2026-06-10T10:00:02Z,\(account),event,!r:b,$x,,,404,70,",
      "2026-06-10T10:00:02Z,\(account),messages,!r:b,,,viele,200,70,",
      "gestern,\(account),messages,!r:b,,,1,200,70,", "",
    ])
    #expect(log.requestCount == 3)
    #expect(log.answeredCount == 2)
    #expect(log.byteCount == 9140)
    #expect(log.unreadCount == 2)
  }

  @Test(
    "claims are read or refused",
    arguments: [
      ("messages=643459", 643_459...643_459), ("media=59,386", 59_386...59_386),
      ("readable:accounts=73467", 73_467...73_467),
      ("bytes=13.5GB", 13_450_000_000...13_550_000_000),
      ("bytes=100", 100...100), ("bytes=2kB", 1500...2500),
    ]
  )
  func claims(_ text: String, _ number: ClosedRange<Int>) {
    #expect(Claim(text)?.number == number)
  }

  @Test(
    "what is no claim is none",
    arguments: [
      "", "messages", "messages=", "messages=x", "messages=-1", "messages=1.5", "mails=3",
      "read:read:messages=1", "bytes=1.GB", "bytes=GB", "messages=99999999999999999999",
      "bytes=99999999TB", "stolen:messages=1",
    ]
  )
  func wrongClaims(_ text: String) { #expect(Claim(text) == nil) }
}

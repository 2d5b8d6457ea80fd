import Foundation
import Testing
import VigieCore
import VigieExposure
import VigieJSON
import VigieReports

@Suite("Sums of an exposure")
struct SumTests {
  private let archive = corpus + "/rooms.jsonl"

  /// Requests for whatever the archive holds and for what it does not, in and out of the time.
  private func table(_ seed: UInt64, _ ids: [(room: String, event: String)]) -> [String] {
    var state = seed
    func next(_ count: Int) -> Int {
      // *Source:* D. Knuth, MMIX, as a linear congruential generator.
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % count
    }
    var lines = ["time,account,action,room,event,media,profile,count,status,bytes"]
    for _ in 0..<300 {
      let time = "2026-06-\(9 + next(4) < 10 ? "09" : "\(10 + next(2))")T\(10 + next(10)):00:00Z"
      let (room, event) = next(12) == 0 ? ("!ailleurs:b", "$x") : ids[next(ids.count)]
      let head = "\(time),\(account)"
      switch next(8) {
      case 0: lines.append("\(head),messages,\(room),,,,\(next(60)),200,\(next(9000))")
      case 1: lines.append("\(head),messages,\(room),,,,,200,100")
      case 2: lines.append("\(head),members,\(room),,,,,200,100")
      case 3: lines.append("\(head),media,,,mxc://agents.example/m\(next(9)),,,200,\(next(90000))")
      case 4: lines.append("\(head),thumbnail,,,mxc://agents.example/t\(next(9)),,,200,50")
      case 5: lines.append("\(head),profile,,,,@fremd\(next(40)):b,,200,90")
      default: lines.append("\(head),event,\(room),\(event),,,,\(next(5) == 0 ? 404 : 200),100")
      }
    }
    return lines
  }

  @Test("nothing was read that could not be, whatever the log says", arguments: 0..<6)
  func didIsWithinCould(_ seed: UInt64) throws {
    let text = try String(contentsOfFile: archive, encoding: .utf8)
    let ids = try text.split(separator: "\n").compactMap { line -> (String, String)? in
      let event = try JSONValue(Array(line.utf8))
      guard let room = event["room_id"]?.string, let id = event["event_id"]?.string else {
        return nil
      }
      return (room, id)
    }
    #expect(ids.count > 1000)
    let folder = try Folder()
    var log = LogEvidence(question)
    let lines = table(seed &* 7919 &+ 1, ids).joined(separator: "\n")
    try log.read(try folder.write("log.csv", lines), zone: 0)
    #expect(log.unreadCount == 0)
    let found = try report(question, [archive], log: log, marker: "DIFFUSION RESTREINTE")
    let did = try #require(found.did)
    #expect(did.rooms.certain > 10)
    for (read, readable, name) in [
      (did.rooms, found.could.rooms, "rooms"), (did.accounts, found.could.accounts, "accounts"),
      (did.messages, found.could.messages, "messages"), (did.media, found.could.media, "media"),
      (did.mediaByteCount, found.could.mediaByteCount, "bytes"),
      (try #require(did.marked), try #require(found.could.marked), "marked"),
    ] {
      #expect(read.certain <= readable.certain, "\(name)")
      #expect(read.possible <= readable.possible, "\(name)")
    }
    for room in found.rooms {
      let read = try #require(room.read)
      #expect(read.certain <= room.messages.certain && read.possible <= room.messages.possible)
    }
    // The rooms add up to the sums, and the doubts to the difference of their ends.
    #expect(found.rooms.reduce(Figure()) { $0 + $1.messages } == found.could.messages)
    #expect(found.rooms.reduce(Figure()) { $0 + ($1.read ?? Figure()) } == did.messages)
    let doubted = found.details.doubts.values.reduce(0, +)
    #expect(doubted == found.could.messages.possible - found.could.messages.certain)
  }

  @Test("all that an archive holds is in reach, was taken away before, or is out of reach")
  func reckoning() throws {
    let found = try report(question, [archive])
    let text = try String(contentsOfFile: archive, encoding: .utf8)
    var totals: [String: Int] = [:]
    for line in text.split(separator: "\n") {
      let event = try JSONValue(Array(line.utf8))
      switch event["type"]?.string {
      case "m.room.message"?:
        let relation = event["content"]?["m.relates_to"]?["rel_type"]?.string
        totals[relation == "m.replace" ? "edit" : "message", default: 0] += 1
      case "m.room.encrypted"?: totals["encrypted", default: 0] += 1
      default: continue
      }
    }
    for kind in ["message", "edit", "encrypted"] {
      let reckoning = try #require(found.reckonings.first { $0.kind == kind })
      #expect(reckoning.total == totals[kind], "\(kind)")
      #expect(reckoning.readable + reckoning.gone + reckoning.closed == reckoning.total)
    }
    let messages = try #require(found.reckonings.first)
    #expect(messages.gone > 0 && messages.closed > 0)
    #expect(messages.readable == found.could.messages.possible)
  }

  @Test("a claim that holds in a wider way of counting is told which one, with its sums")
  func widened() throws {
    var room = RoomLines()
    room.create(at: june(1), rule: "public", history: "shared")
    for day in 2...6 { room.say("bonjour", at: june(day)) }
    room.event(
      "m.room.redaction",
      "{\"redacts\":\"$\(room.id)\(room.lines.count - 1)\"}",
      at: june(7),
      by: "@chef:agents.example"
    )
    room.say("à la fin", at: june(12) - 60_000)
    let folder = try Folder()
    let path = try folder.write("a.jsonl", room.text)
    let claims = try report(question, [path], claims: ["messages=5", "messages=6", "messages=99"])
      .claims
    #expect(claims.map(\.verdict) == [.possible, .possible, .contradicted])
    let reason = claims[1].reason.plain
    #expect(reason.contains("5 could be read, with 1 taken away before"))
    #expect(reason.contains("it is 6"))
    #expect(claims[1].reason["fr"].contains("5 étaient accessibles"))
  }
}

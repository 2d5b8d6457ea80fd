import Foundation
import VigieArchives
import VigieCore
import VigieExposure
import VigieJSON
import VigieReports

/// The folder of the corpus of this module.
let corpus = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent()
  .appendingPathComponent("Corpus/exposure").path

/// A folder of files that is removed at the end.
final class Folder {
  let path = NSTemporaryDirectory() + "vigie-exposure-\(UUID().uuidString)"

  init() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ name: String, _ text: String) throws -> String {
    let file = "\(path)/\(name)"
    let parent = (file as NSString).deletingLastPathComponent
    try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(fileURLWithPath: file))
    return file
  }
}

/// Reads archives twice and counts, without a scan unless `markers` finds a word in a body.
func report(
  _ question: Question,
  _ paths: [String],
  log: LogEvidence? = nil,
  claims: [String] = [],
  marker: String? = nil
) throws -> ExposureReport {
  var survey = Survey(question)
  for path in paths {
    var reader = try ArchiveReader(path: path, options: ArchiveOptions(readsAccess: true))
    survey.beginArchive()
    while let item = try reader.next() { survey.add(item) }
    survey.endArchive()
  }
  let ledger = Ledger(Judge(survey), log: log, isScanned: marker != nil)
  var described: [ScanDescription.Archive] = []
  for path in paths {
    var reader = try ArchiveReader(path: path)
    described.append(.init(path: path, format: reader.formatName, byteCount: reader.totalByteCount))
    // Verdicts come later than items, as they do when threads judge.
    var waiting: [ScanEvent] = []
    while let item = try reader.next() {
      ledger.observe(item)
      guard let marker else { continue }
      switch item {
      case .message(let message, _, let count):
        var review = Review(id: message.id, verdict: .allow, level: .public, ruleset: "")
        if message.body?.contains(marker) == true { review.level = .restricted }
        review.gaps = message.gaps
        waiting.append(.message(ScannedMessage(message, review, byteCount: count)))
      case .channel(let message, _, let count):
        let review = Review(id: message.id, verdict: .allow, level: .public, ruleset: "")
        waiting.append(
          .message(ScannedMessage(message, review, byteCount: count, isMessage: false))
        )
      case .gap(let gap, _): waiting.append(.gap(gap, isMessage: false))
      case .access: continue
      }
      if waiting.count > 7 { waiting.drain(into: ledger) }
    }
    waiting.drain(into: ledger)
    ledger.endArchive()
  }
  let ruleset = marker == nil ? nil : "marker"
  return ledger.report(on: described, ruleset: ruleset, claims: claims.compactMap { Claim($0) })
}

extension [ScanEvent] {
  fileprivate mutating func drain(into ledger: Ledger) {
    for event in self { ledger.deliver(event) }
    removeAll()
  }
}

/// A time of June 2026, milliseconds since 1970.
func june(_ day: Int, _ hour: Int = 0) -> Int {
  1_780_272_000_000 + ((day - 1) * 24 + hour) * 3_600_000
}

let account = "@camille.roux:agents.example"
/// 10 and 11 June 2026.
let window = june(10)..<june(12)
let question = Question(accounts: [account], window: window)

/// Matrix events of one room, one a line.
struct RoomLines {
  var id = "!r:agents.example"
  var lines: [String] = []

  mutating func event(
    _ type: String,
    _ content: String,
    at time: Int,
    by sender: String,
    _ more: String = ""
  ) {
    lines.append(
      """
      {"type":"\(type)","room_id":"\(id)","event_id":"$\(id)\(lines.count)","sender":"\(sender)",\
      "origin_server_ts":\(time),"content":\(content)\(more)}
      """
    )
  }

  mutating func state(_ type: String, _ content: String, at time: Int, key: String = "") {
    event(type, content, at: time, by: "@chef:agents.example", ",\"state_key\":\"\(key)\"")
  }

  mutating func member(_ account: String, _ membership: String, at time: Int, before: String? = nil)
  {
    let old = before.map { ",\"unsigned\":{\"prev_content\":{\"membership\":\"\($0)\"}}" } ?? ""
    event(
      "m.room.member",
      "{\"membership\":\"\(membership)\"}",
      at: time,
      by: account,
      ",\"state_key\":\"\(account)\"\(old)"
    )
  }

  mutating func create(at time: Int, rule: String, history: String) {
    state("m.room.create", "{\"creator\":\"@chef:agents.example\"}", at: time)
    member("@chef:agents.example", "join", at: time + 1)
    state("m.room.join_rules", "{\"join_rule\":\"\(rule)\"}", at: time + 2)
    state("m.room.history_visibility", "{\"history_visibility\":\"\(history)\"}", at: time + 3)
  }

  mutating func say(_ text: String, at time: Int, by sender: String = "@chef:agents.example") {
    event("m.room.message", "{\"msgtype\":\"m.text\",\"body\":\"\(text)\"}", at: time, by: sender)
  }

  var text: String { lines.joined(separator: "\n") + "\n" }
}

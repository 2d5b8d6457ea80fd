import VigieCore
import VigieCrypto
import VigieJSON

/// One line of the log: an event with its number, its time, and its link to the line before.
///
/// The hash is the SHA-256 of all bytes of the line before `,"hash":`, among which is the hash of the line
/// before: with nothing but `sha256sum` anybody can check it.
struct AuditEntry {
  /// What stands before the hash of a line, and after it.
  private static let hashMark = Array(#","hash":""#.utf8)
  private static let end = Array("\"}".utf8)
  private static let hashCount = 64
  /// The hash before the first entry.
  static let genesis = String(repeating: "0", count: hashCount)

  /// 1 for the first of a log.
  var number: Int
  /// RFC 3339, UTC.
  var time: String
  /// The hash of the entry before.
  var previous: String
  /// The hash of this one.
  var hash: String
  /// All members of the line.
  var members: JSONValue

  /// The bytes of a line, with its line feed, and its hash.
  static func line(
    _ event: AuditEvent,
    number: Int,
    time: String,
    after previous: String
  ) -> (bytes: [UInt8], hash: String) {
    var json = JSONWriter()
    json.beginObject()
    json.key("number")
    json.integer(number)
    json.key("time")
    json.string(time)
    json.key("event")
    json.string(event.name)
    write(event, to: &json)
    json.key("previous")
    json.string(previous)
    var bytes = json.takePart()
    let hash = Digest.sha256(bytes)
    bytes += hashMark + Array(hash.utf8) + end + [0x0A]
    return (bytes, hash)
  }

  /// Reads a line; `nil` where it is none, or its hash is not that of its bytes.
  init?(_ line: some RandomAccessCollection<UInt8>) {
    let tail = AuditEntry.hashMark.count + AuditEntry.hashCount + AuditEntry.end.count
    guard line.count > tail else { return nil }
    let hashed = Array(line.dropLast(tail))
    let rest = line.suffix(tail)
    let hash = String(
      decoding: rest.dropFirst(AuditEntry.hashMark.count).dropLast(AuditEntry.end.count),
      as: UTF8.self
    )
    guard rest.starts(with: AuditEntry.hashMark), rest.suffix(2).elementsEqual(AuditEntry.end),
      Digest.sha256(hashed) == hash,
      let members = try? JSONValue(Array(line)),
      case .number(let number)? = members["number"], let whole = Int(exactly: number),
      let time = members["time"]?.string, let previous = members["previous"]?.string
    else { return nil }
    self.number = whole
    self.time = time
    self.previous = previous
    self.hash = hash
    self.members = members
  }

  /// The name of the event.
  var event: String { members["event"]?.string ?? "" }

  /// The whole number of a member, or `nil` where there is none.
  func integer(_ key: String) -> Int? {
    guard case .number(let number)? = members[key] else { return nil }
    return Int(exactly: number)
  }

  private static func write(_ event: AuditEvent, to json: inout JSONWriter) {
    switch event {
    case .review(let review):
      json.key("message")
      json.string(review.message)
      json.key("channel")
      json.string(review.channel)
      json.key("sender")
      json.string(review.sender)
      write(review, to: &json)
    case .upload(let review):
      json.key("media")
      json.string(review.message)
      write(review, to: &json)
    case .replaced(let before, let now):
      json.key("before")
      json.string(before)
      json.key("now")
      json.string(now)
    case .refused(let reason, let kept):
      json.key("reason")
      json.string(reason)
      json.key("kept")
      json.string(kept)
    case .lost(let count):
      json.key("count")
      json.integer(count)
    case .torn(let byteCount):
      json.key("bytes")
      json.integer(byteCount)
    case .purged(let number, let hash):
      json.key("through")
      json.integer(number)
      json.key("through_hash")
      json.string(hash)
    case .reveal(let person, let reports, let archives, let ruleset):
      write(person, to: &json)
      json.key("reports")
      json.strings(reports)
      json.key("archives")
      json.integer(archives)
      json.key("ruleset")
      json.string(ruleset)
    case .revealed(let person, let message, let channel, let rules, let count):
      write(person, to: &json)
      json.key("message")
      json.string(message)
      json.key("channel")
      json.string(channel)
      json.key("rules")
      json.strings(rules)
      json.key("count")
      json.integer(count)
    }
  }

  private static func write(_ person: AuditedPerson, to json: inout JSONWriter) {
    json.key("user")
    json.string(person.name)
    json.key("uid")
    json.integer(person.uid)
    json.key("login_uid")
    if let login = person.loginUID { json.integer(login) } else { json.null() }
  }

  private static func write(_ review: AuditedReview, to json: inout JSONWriter) {
    json.key("verdict")
    json.string(review.verdict.name)
    json.key("observed")
    json.string(review.observed?.name)
    if let override = review.override {
      json.key("overridden")
      json.string(override.verdict.name)
      json.key("justification")
      json.string(override.justification)
    }
    json.key("level")
    json.string(review.level.name)
    json.key("rules")
    json.strings(review.rules)
    json.key("fingerprints")
    json.strings(review.fingerprints)
    json.key("gaps")
    json.strings(review.gaps.map(\.rawValue))
    json.key("failure")
    json.string(review.failure?.rawValue)
    json.key("ruleset")
    json.string(review.ruleset)
    json.key("elapsed_us")
    json.double(review.elapsed / .microseconds(1), decimals: 1)
  }
}

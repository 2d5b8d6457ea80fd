import VigieCore
import VigieJSON
import VigieReports

extension ExposureReport {
  /// The report as one JSON object: what `vigie exposure --json` prints.
  package var json: [UInt8] {
    var json = JSONWriter(isPretty: true)
    json.beginObject()
    json.key("version")
    json.integer(1)
    json.key("accounts")
    json.strings(question.accounts)
    json.key("from")
    json.string(rfc3339(milliseconds: question.window.lowerBound))
    json.key("to")
    json.string(rfc3339(milliseconds: question.window.upperBound))
    json.archives(archives)
    json.key("ruleset")
    json.string(ruleset)
    json.applied(applied)
    json.key("could")
    json.beginObject()
    write(could, to: &json)
    writeDetails(to: &json)
    json.endObject()
    json.key("did")
    writeReading(to: &json)
    json.key("reckoning")
    json.beginObject()
    for reckoning in reckonings {
      json.key(reckoning.name)
      json.beginObject()
      json.key("total")
      json.integer(reckoning.total)
      json.key("in_reach")
      json.integer(reckoning.readable)
      json.key("taken_away")
      json.integer(reckoning.gone)
      json.key("out_of_reach")
      json.integer(reckoning.closed)
      json.endObject()
    }
    json.endObject()
    writeRooms(to: &json)
    json.key("closed_rooms")
    json.integer(closedRoomCount)
    writeClaims(to: &json)
    json.key("lacks")
    json.beginArray()
    for lack in lacks {
      json.beginObject()
      json.key("name")
      json.string(lack.name)
      json.key("count")
      json.count(lack.count)
      json.key("words")
      json.string(lack.words.plain)
      json.endObject()
    }
    json.endArray()
    json.endObject()
    json.lineBreak()
    return json.take()
  }

  private func write(_ sums: Sums, to json: inout JSONWriter) {
    json.figure("rooms", sums.rooms)
    json.figure("accounts", sums.accounts)
    json.figure("messages", sums.messages)
    json.figure("media", sums.media)
    json.figure("media_bytes", sums.mediaByteCount)
    json.figure("marked", sums.marked)
  }

  private func writeDetails(to json: inout JSONWriter) {
    json.figure("sent_in_window", details.inWindow)
    json.figure("edits", details.edits)
    json.figure("encrypted", details.encrypted)
    json.figure("encrypted_media", details.encryptedMedia)
    json.figure("redacted", details.redacted)
    json.figure("system", details.system)
    json.figure("not_inspected", ruleset == nil ? nil : details.uninspected)
    json.key("levels")
    json.levels(ruleset == nil ? nil : details.levels)
    json.key("doubts")
    json.beginObject()
    for doubt in Doubt.allCases {
      guard let count = details.doubts[doubt] else { continue }
      json.key(doubt.rawValue)
      json.integer(count)
    }
    json.endObject()
  }

  private func writeReading(to json: inout JSONWriter) {
    guard let did, let requests else { return json.null() }
    json.beginObject()
    write(did, to: &json)
    json.key("requests")
    json.integer(requests.count)
    json.key("answered")
    json.integer(requests.answered)
    json.key("bytes_sent")
    json.integer(requests.byteCount)
    json.key("first")
    json.string(requests.times.flatMap { rfc3339(milliseconds: $0.lowerBound) })
    json.key("last")
    json.string(requests.times.flatMap { rfc3339(milliseconds: $0.upperBound) })
    json.key("addresses")
    json.beginArray()
    for (address, count) in requests.addresses {
      json.beginObject()
      json.key("address")
      json.string(address)
      json.key("requests")
      json.integer(count)
      json.endObject()
    }
    json.endArray()
    json.endObject()
  }

  private func writeRooms(to json: inout JSONWriter) {
    json.key("rooms")
    json.beginArray()
    for room in rooms {
      json.beginObject()
      json.key("id")
      json.string(room.id)
      json.key("name")
      json.string(room.name)
      json.key("way")
      json.string(room.way.rawValue)
      json.key("certain")
      json.boolean(room.isCertain)
      json.key("encrypted")
      json.boolean(room.isEncrypted)
      json.figure("accounts", room.accounts)
      json.figure("messages", room.messages)
      json.figure("encrypted_messages", room.encrypted)
      json.figure("files", room.files)
      json.key("levels")
      json.levels(ruleset == nil ? nil : room.levels)
      json.figure("read", room.read)
      json.key("requests")
      json.count(room.requests)
      json.key("doubt")
      json.string(room.doubt?.rawValue)
      json.endObject()
    }
    json.endArray()
  }

  private func writeClaims(to json: inout JSONWriter) {
    json.key("claims")
    json.beginArray()
    for judged in claims {
      json.beginObject()
      json.key("kind")
      json.string(judged.claim.kind.rawValue)
      json.key("subject")
      json.string(judged.claim.subject.rawValue)
      json.key("claimed")
      json.string(judged.claim.text)
      json.figure("could", judged.could)
      json.figure("did", judged.did)
      json.key("verdict")
      json.string(judged.verdict.rawValue)
      json.key("reason")
      json.string(judged.reason.plain)
      json.endObject()
    }
    json.endArray()
  }
}

extension JSONWriter {
  fileprivate mutating func count(_ value: Int?) { if let value { integer(value) } else { null() } }

  /// A key with the two ends of a figure; `null` where it was not counted.
  fileprivate mutating func figure(_ name: String, _ figure: Figure?) {
    key(name)
    value(figure)
  }

  private mutating func value(_ figure: Figure?) {
    guard let figure else { return null() }
    beginObject()
    key("certain")
    integer(figure.certain)
    key("possible")
    integer(figure.possible)
    endObject()
  }

  fileprivate mutating func levels(_ levels: [Level: Figure]?) {
    guard let levels else { return null() }
    beginObject()
    for level in Level.allCases where level > .public {
      key(level.name)
      value(levels[level] ?? Figure())
    }
    endObject()
  }
}

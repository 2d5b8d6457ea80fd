import GRDB
import VigieCore
import VigieJSON
package import VigieReports

/// How an event of a scan is written in columns and JSON; not a published shape: only ``ScanStore`` reads it.
enum StoredEvent {
  /// What a row of `event` is.
  enum Kind: Int64 {
    case message = 0
    /// What a channel says of itself.
    case channel = 1
    /// A gap that stands for one message.
    case unreadMessage = 2
    case unreadPart = 3

    /// Whether it says something of one message, or of a channel.
    var isMessage: Bool { self == .message || self == .channel }
  }

  /// A finding without its fingerprint, which stands with its item alone: keys may change.
  static func json(_ finding: Finding) -> String {
    var finding = finding
    finding.fingerprint = nil
    var json = JSONWriter()
    MediaInspection.write(finding, to: &json)
    return String(decoding: json.take(), as: UTF8.self)
  }

  static func json(_ gap: Gap) -> String {
    var json = JSONWriter()
    MediaInspection.write(gap, to: &json)
    return String(decoding: json.take(), as: UTF8.self)
  }

  static func json(_ tip: Tip) -> String {
    var json = JSONWriter()
    json.beginObject()
    for entry in tip.texts {
      json.key(entry.language)
      json.string(entry.text)
    }
    json.endObject()
    return String(decoding: json.take(), as: UTF8.self)
  }

  static func json(_ texts: [String]) -> String {
    var json = JSONWriter()
    json.strings(texts)
    return String(decoding: json.take(), as: UTF8.self)
  }

  /// Where a finding stands in its message, as one word.
  static func spot(_ finding: Finding) -> String {
    let place = finding.place
    return json(
      [place.part.description, place.role.rawValue, place.location, "\(finding.range.lowerBound)"]
        + place.path
    )
  }

  /// Reads what ``json(_:)`` wrote of a finding; `nil` where it is damaged.
  static func finding(_ json: String, fingerprint: String) -> Finding? {
    guard let value = try? JSONValue(Array(json.utf8)),
      var finding = MediaInspection.finding(value)
    else { return nil }
    finding.fingerprint = fingerprint
    return finding
  }

  static func gap(_ json: String) -> Gap? {
    (try? JSONValue(Array(json.utf8))).flatMap(MediaInspection.gap)
  }

  static func tip(_ json: String) -> Tip? {
    guard case .object(let members)? = try? JSONValue(Array(json.utf8)) else { return nil }
    let texts = members.compactMap { member in
      member.value.string.map { (language: member.key, text: $0) }
    }
    return texts.count == members.count ? Tip(texts: texts) : nil
  }

  static func strings(_ json: String) -> [String]? {
    guard let elements = (try? JSONValue(Array(json.utf8)))?.elements else { return nil }
    let texts = elements.compactMap(\.string)
    return texts.count == elements.count ? texts : nil
  }
}

/// An event as it is kept: what reports take, and the archive it stands in.
package struct KeptEvent: Sendable {
  /// The number of its archive in the run, from 0.
  package var archive: Int
  /// The event.
  package var event: ScanEvent
}

extension ScanStore {
  /// Hands over the events of a run in the order of its archives.
  ///
  /// One after the other: memory does not grow with their number.
  ///
  /// - Parameters:
  ///   - run: The run.
  ///   - archive: The number of the archive, from 0; `nil` for all.
  ///   - body: Takes each; where it throws, no more are read.
  /// - Throws: ``StoreFailure``, and what `body` throws.
  package func forEachEvent(
    of run: StoredRun,
    archive: Int? = nil,
    _ body: (KeptEvent) throws -> Void
  ) throws {
    var thrown: (any Error)?
    let ruleset = run.description.ruleset
    try reading { database in
      let reader = EventReader(database, self)
      do {
        try forEachBlock(of: run.id, archive: archive, database) { id, archive, events in
          for (offset, packed) in events.enumerated() {
            let event = try reader.event(packed, id + Int64(offset), ruleset: ruleset)
            do { try body(KeptEvent(archive: archive, event: event)) } catch {
              thrown = error
              throw error
            }
          }
        }
      } catch {
        if thrown == nil { throw error }
      }
    }
    if let thrown { throw thrown }
  }

  /// The runs that ended or not, on a basis under which the same content gives the same findings.
  package func runs(on basis: String) throws(StoreFailure) -> Set<Int64> {
    try reading { database in
      try Set(
        Int64.fetchAll(
          database,
          sql: "SELECT id FROM run WHERE basis = ? AND lasting",
          arguments: [basis]
        )
      )
    }
  }
}

extension ContentDigest {
  /// What finds messages that say the same in the same context.
  var word: Int64 { high ^ context }

  /// A digest from what is kept of it; `nil` where nothing is.
  init?(high: Int64?, low: Int64?, word: Int64?) {
    guard let high, let low, let word else { return nil }
    self.init(high: high, low: low, context: word ^ high)
  }
}

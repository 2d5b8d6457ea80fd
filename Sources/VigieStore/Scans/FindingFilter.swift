import GRDB
package import VigieCore

/// Which findings are asked for; what is empty or `nil` asks for nothing.
package struct FindingFilter: Sendable, Equatable {
  /// What was decided of them.
  package var states: [TriageState] = []
  /// The lowest level.
  package var level: Level?
  /// Their schemes.
  package var schemes: [String] = []
  /// Ids of rules, with `*` for any letters.
  package var rules: [String] = []
  /// Ids or names of channels, with `*`.
  package var channels: [String] = []
  /// Who can read the channels.
  package var visibilities: [Visibility] = []
  /// Senders, with `*`.
  package var senders: [String] = []
  /// Whether only messages are meant whose time is not known.
  package var isTimeless = false
  /// The earliest time of the message, milliseconds since 1970.
  package var since: Int?
  /// The time before which the message was sent.
  package var until: Int?
  /// Applied or mentioned.
  package var usage: Usage?
  /// First digits of fingerprints.
  package var fingerprints: [String] = []
  /// The run that found them.
  package var run: Int64?

  /// All findings.
  package init() {}

  /// Whether it asks for all findings.
  package var isEmpty: Bool { self == FindingFilter() }

  /// The conditions on `item` and on `place`, joined by AND, and their values.
  func conditions() -> (
    item: String, place: String, arguments: [String: any DatabaseValueConvertible]
  ) {
    var item: [String] = ["1"]
    var place: [String] = ["place.item = item.id"]
    var arguments: [String: any DatabaseValueConvertible] = [:]
    func any(_ words: [String], _ name: String, _ condition: (String) -> String) -> String? {
      if words.isEmpty { return nil }
      let parts = words.enumerated().map { index, word in
        arguments["\(name)\(index)"] = word
        return condition(":\(name)\(index)")
      }
      return "(" + parts.joined(separator: " OR ") + ")"
    }
    if let condition = any(states.map(\.rawValue), "state", { "item.state = \($0)" }) {
      item.append(condition)
    }
    if let level { item.append("item.level >= \(level.rawValue)") }
    if let condition = any(schemes, "scheme", { "item.scheme = \($0)" }) { item.append(condition) }
    if let condition = any(rules.map(FindingFilter.glob), "rule", { "item.rule GLOB \($0)" }) {
      item.append(condition)
    }
    let prefixes = fingerprints.map { FindingFilter.digits($0) + "*" }
    if let condition = any(prefixes, "print", { "item.fingerprint GLOB \($0)" }) {
      item.append(condition)
    }
    let isChannel = { (word: String) in "(place.source GLOB \(word) OR channel.name GLOB \(word))" }
    if let condition = any(channels.map(FindingFilter.glob), "channel", isChannel) {
      place.append(condition)
    }
    if let condition = any(
      visibilities.map(\.rawValue),
      "visibility",
      { "channel.visibility = \($0)" }
    ) {
      place.append(condition)
    }
    if let condition = any(senders.map(FindingFilter.glob), "sender", { "sender.name GLOB \($0)" })
    {
      place.append(condition)
    }
    if isTimeless { place.append("place.time IS NULL") }
    if let since { place.append("place.time >= \(since)") }
    if let until { place.append("place.time < \(until)") }
    if let usage { place.append("place.usage = \(usage == .applied ? 1 : 0)") }
    if let run { place.append("place.first <= \(run) AND place.last >= \(run)") }
    return (item.joined(separator: " AND "), place.joined(separator: " AND "), arguments)
  }

  /// Whether it asks for places, so that items without any are not meant.
  var asksForPlaces: Bool {
    !channels.isEmpty || !visibilities.isEmpty || !senders.isEmpty || since != nil || until != nil
      || isTimeless || usage != nil
      || run != nil
  }

  /// A pattern of SQLite's GLOB in which `*` alone stands for other letters.
  ///
  /// *Source:* SQLite, func.c: `[…]` is a set, in which `[` and `?` stand for themselves.
  private static func glob(_ text: String) -> String {
    text.map { $0 == "[" || $0 == "?" ? "[\($0)]" : String($0) }.joined()
  }

  /// The hex digits of a text; nothing else reaches a pattern.
  private static func digits(_ text: String) -> String {
    String(text.lowercased().filter { $0.isHexDigit && $0.isASCII })
  }
}

/// All findings of one fingerprint, and what was decided of them.
package struct KeptItem: Sendable {
  /// Its number in the store.
  package var id: Int64
  /// The fingerprint, 64 hex digits.
  package var fingerprint: String
  /// The rule, its scheme, the level when it was found last, and the masked text.
  package var rule: String
  /// Who defines the marking.
  package var scheme: String
  /// How sensitive it is.
  package var level: Level
  /// First letters only.
  package var masked: String
  /// The latest decision.
  package var state: TriageState
  /// Whether any of its places is applied.
  package var usage: Usage
  /// The run that found it first.
  package var firstRun: Int64
  /// The run that found it last.
  package var lastRun: Int64
  /// The places asked for, gone ones too.
  package var placeCount: Int
  /// Those that are not gone.
  package var presentCount: Int
  /// The decisions, the first made first.
  package var decisions: [KeptDecision]
}

/// Where a finding stands, or stood.
package struct KeptPlace: Sendable {
  /// The id of the channel, or `nil` where the archive has none.
  package var channelID: String?
  /// Its name, or `nil`.
  package var channelName: String?
  /// Who can read it.
  package var visibility: Visibility
  /// The id of the message.
  package var message: String
  /// The id of the message of which it is an edit.
  package var replaces: String?
  /// Who sent it, or `nil`.
  package var sender: String?
  /// RFC 3339, or `nil`.
  package var timestamp: String?
  /// What the archive calls the files that go with it.
  package var fileIDs: [String]
  /// The verdict on the message.
  package var verdict: Verdict
  /// The finding as it was seen last.
  package var finding: Finding
  /// The run that saw it first.
  package var firstRun: Int64
  /// The run that saw it last.
  package var lastRun: Int64
  /// The run that found it gone, or `nil`.
  package var goneRun: Int64?
}

extension ScanStore {
  /// Reads the places of one item, one after the other; valid only while it is handed over.
  package struct PlaceReader {
    fileprivate let database: Database
    fileprivate let store: ScanStore
    fileprivate let item: KeptItem
    fileprivate let condition: String
    fileprivate let arguments: [String: any DatabaseValueConvertible]

    /// Hands over the places, those that are not gone first, then the latest first.
    package func forEach(limit: Int = .max, _ body: (KeptPlace) throws -> Void) throws {
      do { try readEach(limit, body) } catch let error
        where error is RowDecodingError || error is DatabaseError
      {
        // Their words hold values of the row.
        throw store.failure(error)
      }
    }

    private func readEach(_ limit: Int, _ body: (KeptPlace) throws -> Void) throws {
      var arguments = arguments
      arguments["item"] = item.id
      let cursor = try Row.fetchCursor(
        database,
        sql: """
          SELECT channel.source, channel.name, channel.visibility, place.message, place.replaces,
            sender.name, place.time, place.stamp, place.ids, place.verdict, detail.contents,
            place.first, place.last, place.gone
          FROM place JOIN channel ON channel.id = place.channel
            JOIN detail ON detail.id = place.detail LEFT JOIN sender ON sender.id = place.sender
            JOIN item ON item.id = place.item
          WHERE item.id = :item AND \(condition)
          ORDER BY place.gone IS NOT NULL, place.time DESC, place.source, place.message, place.spot
          LIMIT \(limit)
          """,
        arguments: StatementArguments(arguments)
      )
      while let row = try cursor.next() {
        guard let visibility = Visibility(rawValue: try row.decode(atIndex: 2)),
          let verdict = Verdict(rawValue: try row.decode(atIndex: 9)),
          let finding = StoredEvent.finding(
            try row.decode(atIndex: 10),
            fingerprint: item.fingerprint
          )
        else { throw store.damaged }
        try body(
          KeptPlace(
            channelID: try row.decode(atIndex: 0),
            channelName: try row.decode(atIndex: 1),
            visibility: visibility,
            message: try row.decode(atIndex: 3),
            replaces: try row.decode(atIndex: 4),
            sender: try row.decode(atIndex: 5),
            timestamp: try row.decode(String?.self, atIndex: 7)
              ?? (try row.decode(Int?.self, atIndex: 6)).flatMap(rfc3339(milliseconds:)),
            fileIDs: (try row.decode(String?.self, atIndex: 8)).flatMap(StoredEvent.strings) ?? [],
            verdict: verdict,
            finding: finding,
            firstRun: try row.decode(atIndex: 11),
            lastRun: try row.decode(atIndex: 12),
            goneRun: try row.decode(atIndex: 13)
          )
        )
      }
    }
  }

  /// Hands over the items asked for, the gravest first; memory does not grow with their number.
  ///
  /// - Parameters:
  ///   - filter: Which.
  ///   - body: Takes each, and what reads its places.
  /// - Throws: ``StoreFailure``, and what `body` throws.
  package func forEachItem(
    matching filter: FindingFilter,
    _ body: (KeptItem, PlaceReader) throws -> Void
  ) throws {
    let (item, place, arguments) = filter.conditions()
    var thrown: (any Error)?
    try reading { database in
      let places = """
        FROM place JOIN channel ON channel.id = place.channel
          LEFT JOIN sender ON sender.id = place.sender WHERE \(place)
        """
      let cursor = try Row.fetchCursor(
        database,
        sql: """
          SELECT item.id, fingerprint, rule, scheme, level, masked, state, first, last,
            (SELECT MAX(place.usage) \(places)) AS usage, (SELECT COUNT(*) \(places)) AS total,
            (SELECT COUNT(*) \(places) AND place.gone IS NULL) AS present
          FROM item
          WHERE \(item) \(filter.asksForPlaces ? "AND EXISTS (SELECT 1 \(places))" : "")
          ORDER BY usage DESC, level DESC, present DESC, fingerprint
          """,
        arguments: StatementArguments(arguments)
      )
      while let row = try cursor.next() {
        let found = try kept(row, database)
        let reader = PlaceReader(
          database: database,
          store: self,
          item: found,
          condition: place,
          arguments: arguments.filter { name, _ in place.contains(":\(name)") }
        )
        do { try body(found, reader) } catch {
          thrown = error
          return
        }
      }
    }
    if let thrown { throw thrown }
  }

  private func kept(_ row: Row, _ database: Database) throws -> KeptItem {
    guard let level = Level(rawValue: try row.decode(atIndex: 4)),
      let state = TriageState(rawValue: try row.decode(atIndex: 6))
    else {
      throw damaged
    }
    return KeptItem(
      id: try row.decode(atIndex: 0),
      fingerprint: try row.decode(atIndex: 1),
      rule: try row.decode(atIndex: 2),
      scheme: try row.decode(atIndex: 3),
      level: level,
      masked: try row.decode(atIndex: 5),
      state: state,
      usage: (try row.decode(Int?.self, atIndex: 9)) == 1 ? .applied : .mentioned,
      firstRun: try row.decode(atIndex: 7),
      lastRun: try row.decode(atIndex: 8),
      placeCount: try row.decode(atIndex: 10),
      presentCount: try row.decode(atIndex: 11),
      decisions: try ScanStore.decisions(on: try row.decode(atIndex: 0), database)
    )
  }
}

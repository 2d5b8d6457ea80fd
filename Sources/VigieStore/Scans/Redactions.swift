import GRDB
package import VigieCore
import VigieCrypto
import VigieJSON

/// A list of what is to be taken away, in the terms of the server that holds it.
package enum RedactionFormat: String, Sendable, CaseIterable {
  /// For Synapse: rooms, events, and the addresses of media.
  case synapse = "synapse-redactions"
  /// For Slack: channels, time stamps, and files.
  case slack = "slack-deletions"
  /// For Mattermost: channels, users, and times of creation.
  case mattermost = "mattermost-deletions"
}

/// A message that is to be taken away.
package struct Redaction: Sendable, Equatable {
  /// The id of the channel; empty where the archive has none.
  package var channel: String
  /// The id of the message.
  package var message: String
  /// The id of the message of which it is an edit.
  package var replaces: String?
  /// Who sent it, or `nil`.
  package var sender: String?
  /// RFC 3339, or `nil`.
  package var timestamp: String?
  /// What the archive calls its files.
  package var fileIDs: [String]
  /// Whether it holds a finding itself; else it is an edit of a message that does.
  package var isMarked: Bool
  /// The highest level of its findings, or of those of the message it edits.
  package var level: Level
  /// The rules of these findings.
  package var rules: [String]
  /// Their fingerprints.
  package var fingerprints: [String]
}

extension ScanStore {
  /// Hands over what is to be taken away so that the places asked for are gone.
  ///
  /// Every message with such a place, wherever it was posted again, and all edits of such messages. Of one
  /// message the newest edit comes first and the message last: no older version shows up meanwhile.
  ///
  /// - Parameters:
  ///   - filter: The findings.
  ///   - body: Takes each message once.
  /// - Throws: ``StoreFailure``, and what `body` throws.
  package func forEachRedaction(
    of filter: FindingFilter,
    _ body: (Redaction) throws -> Void
  ) throws {
    let (item, place, arguments) = filter.conditions()
    // A temporary table needs the connection that writes; it goes with it.
    try writing { database in
      try database.execute(sql: "DROP TABLE IF EXISTS temp.marked")
      try database.execute(
        sql: """
          CREATE TEMP TABLE marked AS
          SELECT place.source AS source, place.message AS message, MAX(place.replaces) AS replaces,
            COALESCE(MAX(place.replaces), place.message) AS root, MAX(sender.name) AS sender,
            MAX(place.time) AS time, MAX(place.stamp) AS stamp, MAX(place.ids) AS ids,
            MAX(item.level) AS level, GROUP_CONCAT(DISTINCT item.rule) AS rules,
            GROUP_CONCAT(DISTINCT item.fingerprint) AS prints, MAX(place.last) AS run,
            1 AS is_marked
          FROM item JOIN place ON place.item = item.id
            JOIN channel ON channel.id = place.channel
            LEFT JOIN sender ON sender.id = place.sender
          WHERE \(item) AND \(place) AND place.gone IS NULL
          GROUP BY place.source, place.message;
          """,
        arguments: StatementArguments(arguments)
      )
      try database.execute(
        sql: "CREATE INDEX temp.marked_message ON marked (source, message)"
      )
      try addEdits(database)
      let cursor = try Row.fetchCursor(
        database,
        sql: """
          SELECT source, message, replaces, sender, time, stamp, ids, is_marked, level, rules,
            prints
          FROM marked
          ORDER BY source, MAX(time) OVER (PARTITION BY source, root) DESC, root,
            replaces IS NULL, time DESC, message DESC
          """
      )
      while let row = try cursor.next() {
        guard let level = Level(rawValue: try row.decode(atIndex: 8)) else { throw damaged }
        try body(
          Redaction(
            channel: try row.decode(atIndex: 0),
            message: try row.decode(atIndex: 1),
            replaces: try row.decode(atIndex: 2),
            sender: try row.decode(atIndex: 3),
            timestamp: try row.decode(String?.self, atIndex: 5)
              ?? (try row.decode(Int?.self, atIndex: 4)).flatMap(rfc3339(milliseconds:)),
            fileIDs: (try row.decode(String?.self, atIndex: 6)).flatMap(StoredEvent.strings) ?? [],
            isMarked: try row.decode(Int.self, atIndex: 7) == 1,
            level: level,
            rules: (try row.decode(String.self, atIndex: 9)).split(separator: ",").map(String.init)
              .sorted(),
            fingerprints: (try row.decode(String.self, atIndex: 10)).split(separator: ",").map(
              String.init
            ).sorted()
          )
        )
      }
      try database.execute(sql: "DROP TABLE temp.marked")
    }
  }
}

extension ScanStore {
  /// Adds the edits of marked messages that bear no mark themselves, of the runs that saw these last.
  private func addEdits(_ database: Database) throws {
    let runs = try Int64.fetchAll(database, sql: "SELECT DISTINCT run FROM marked ORDER BY run")
    let known = try DirectStatement(
      database,
      "SELECT 1 FROM temp.marked WHERE source = ? AND message = ?"
    )
    let add = try DirectStatement(
      database,
      """
      INSERT INTO temp.marked
      SELECT marked.source, ?1, ?2, ?2, ?3, ?4, ?5, ?6, level, rules, prints, run, 0
      FROM temp.marked JOIN channel ON channel.id = ?7
          AND COALESCE(channel.source, '') = marked.source
      WHERE marked.is_marked AND marked.run = ?8 AND marked.message = ?2 LIMIT 1
      """
    )
    let source = try DirectStatement(
      database,
      "SELECT COALESCE(source, '') FROM channel WHERE id = ?"
    )
    for run in runs {
      try forEachBlock(of: run, database) { _, _, events in
        for event in events where event.kind == .message {
          guard let replaces = event.replaces else { continue }
          try source.bind(event.channel, at: 1)
          let channel = try source.next() ? source.text(0) : nil
          source.reset()
          try known.bind(channel, at: 1)
          try known.bind(event.message, at: 2)
          let isKnown = try known.next()
          known.reset()
          if isKnown { continue }
          try add.bind(event.message, at: 1)
          try add.bind(replaces, at: 2)
          try add.bind(event.sender, at: 3)
          try add.bind(event.time.map(Int64.init), at: 4)
          try add.bind(event.stamp, at: 5)
          try add.bind(event.fileIDs.isEmpty ? nil : StoredEvent.json(event.fileIDs), at: 6)
          try add.bind(event.channel, at: 7)
          try add.bind(run, at: 8)
          try add.run()
        }
      }
    }
  }
}

extension RedactionFormat {
  /// Whether a message has the ids of this kind of server.
  ///
  /// *Source:* Matrix, appendices §4 (room ids start with `!`, event ids with `$`); Slack API, "message `ts`".
  package func fits(_ redaction: Redaction) -> Bool {
    switch self {
    case .synapse: redaction.channel.hasPrefix("!") && redaction.message.hasPrefix("$")
    case .slack:
      (redaction.replaces ?? redaction.message).utf8.allSatisfy {
        (0x30...0x39).contains($0) || $0 == 0x2E
      }
    case .mattermost: redaction.timestamp != nil
    }
  }

  /// The line of a message, with its line break: one JSON object.
  ///
  /// *Source:* Matrix Client-Server API v1.11, §11.12 (`PUT …/rooms/{room_id}/redact/{event_id}/{txn_id}`);
  /// Slack API, `chat.delete` and `files.delete`; Mattermost API v4, `DELETE /posts/{post_id}`, where the posts
  /// of a user and a time are found in the table `posts`, as exports have no ids.
  package func line(_ redaction: Redaction) -> [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    switch self {
    case .synapse:
      json.key("room_id")
      json.string(redaction.channel)
      json.key("event_id")
      json.string(redaction.message)
      json.key("txn_id")
      // The same for the same event, so that a list that is sent twice redacts once.
      let digest = Digest.sha256(Array("\(redaction.channel)\0\(redaction.message)".utf8))
      json.string("vigie-" + digest.prefix(32))
      json.key("edit_of")
      json.string(redaction.replaces)
      json.key("media")
      json.strings(redaction.fileIDs)
    case .slack:
      json.key("channel")
      json.string(redaction.channel)
      json.key("ts")
      json.string(redaction.replaces ?? redaction.message)
      json.key("files")
      // Addresses of Slack's files are their ids after a scheme.
      json.strings(redaction.fileIDs.map { String($0.split(separator: ":").last ?? "") })
    case .mattermost:
      let parts = redaction.channel.split(
        separator: "/",
        maxSplits: 1,
        omittingEmptySubsequences: false
      )
      json.key("team")
      json.string(parts.count == 2 ? String(parts[0]) : nil)
      json.key("channel")
      json.string(String(parts.last ?? ""))
      json.key("user")
      json.string(redaction.sender)
      json.key("create_at")
      if let time = redaction.timestamp.flatMap(milliseconds(rfc3339:)) {
        json.integer(time)
      } else {
        json.null()
      }
      json.key("message")
      json.string(redaction.message)
    }
    json.key("sender")
    json.string(redaction.sender)
    json.key("timestamp")
    json.string(redaction.timestamp)
    json.key("marked")
    json.boolean(redaction.isMarked)
    json.key("level")
    json.string(redaction.level.name)
    json.key("rules")
    json.strings(redaction.rules)
    json.key("fingerprints")
    json.strings(redaction.fingerprints)
    json.endObject()
    json.lineBreak()
    return json.take()
  }
}

import VigieCore
import VigieJSON
package import VigieReports
import VigieWire

/// Whether a message was inspected: in which scans, how far, why not, and what was found.
package struct MessageAnswer: Sendable {
  /// What one run says.
  package struct InRun: Sendable {
    /// The run.
    package var run: StoredRun
    /// What it holds of the message.
    package var kept: KeptMessages

    /// A value from its parts.
    package init(run: StoredRun, kept: KeptMessages) {
      self.run = run
      self.kept = kept
    }
  }

  /// The version of the JSON.
  package static let version = 1

  /// The id that was asked for.
  package let id: String
  /// The runs, the latest first.
  package let runs: [InRun]
  /// What people decided of the findings, by fingerprint.
  package let states: [String: TriageState]

  /// An answer.
  package init(id: String, runs: [InRun], states: [String: TriageState]) {
    self.id = id
    self.runs = runs
    self.states = states
  }

  /// How far the message was read in the latest run that holds it: where there are several of the id, the one read
  /// least; `nil` where no run holds it.
  package var reading: MessageReading? {
    let order: [MessageReading] = [.not, .partly, .inspected]
    let holding = runs.first { $0.kept.messages.contains { $0.message.review.id == id } }
    let readings = holding?.kept.messages.filter { $0.message.review.id == id }
      .map(\.message.reading)
    return order.first { readings?.contains($0) == true }
  }

  // MARK: - For people

  /// Writes the answer for people.
  package func write(to output: Output, for terminal: Terminal) {
    func row(_ label: String, _ text: String) {
      output.write(terminal.styled(Terminal.fit(label, 13), .dim) + text + "\n")
    }
    row("message", Terminal.safe(id))
    row("inspected", MessageAnswer.words(reading))
    for answer in runs {
      output.write("\n")
      let started = rfc3339(milliseconds: answer.run.started / 1000 * 1000) ?? ""
      let state = answer.run.ended == nil ? ", not ended" : ""
      row("run", "\(answer.run.id) of \(started)\(state)")
      if answer.kept.messages.isEmpty { row("", "holds no message of this id") }
      for (archive, message) in answer.kept.messages { write(message, archive, answer.run, row) }
      writeUnread(answer.kept, row)
    }
  }

  private static func words(_ reading: MessageReading?) -> String {
    switch reading {
    case .inspected?: "yes, all of it"
    case .partly?: "partly: the gaps below say what is missing"
    case .not?: "no: the gaps below say why"
    case nil: "unknown: no scan that the store keeps holds a message of this id"
    }
  }

  private func write(
    _ message: ScannedMessage,
    _ archive: Int,
    _ run: StoredRun,
    _ row: (String, String) -> Void
  ) {
    if archive < run.description.archives.count {
      row("archive", Terminal.safe(run.description.archives[archive].path))
    }
    row("channel", "\(Terminal.safe(message.channelLabel)) (\(message.visibility.rawValue))")
    if message.review.id != id {
      row("edit", "\(Terminal.safe(message.review.id)), of this message")
    }
    if let replaces = message.replaces, message.review.id == id {
      row("edits", Terminal.safe(replaces))
    }
    if let sender = message.sender { row("sender", Terminal.safe(sender)) }
    if let time = message.timestamp { row("time", Terminal.safe(time)) }
    row("read", message.reading.rawValue)
    if message.files.total > 0 {
      let files = message.files
      row(
        "files",
        "\(files.total): \(files.inspected) inspected, \(files.partly) partly, \(files.not) not"
      )
    }
    for gap in message.review.gaps {
      row(
        "gap",
        "\(gap.reason.rawValue) · \(Terminal.safe("\(gap.place)")) · \(Terminal.safe(gap.detail))"
      )
    }
    row("verdict", message.review.verdict.name)
    if message.review.findings.isEmpty { row("findings", "none") }
    for finding in message.review.findings {
      let print = finding.fingerprint ?? ""
      let state = states[print].map { " · \($0.rawValue)" } ?? ""
      row(
        "finding",
        "\(print.prefix(12)) · \(finding.rule) · \(finding.level.name) · \(finding.usage.rawValue) · "
          + "\(Terminal.safe(finding.masked)) · \(finding.placeForPeople)\(state)"
      )
    }
  }

  /// Says what of a run has no id, and so may be the message.
  private func writeUnread(_ kept: KeptMessages, _ row: (String, String) -> Void) {
    if kept.unreadMessageCount > 0 {
      let count = Terminal.count(kept.unreadMessageCount, "message")
      row("not read", "\(count) of the run, whose ids are not known")
    }
    if kept.unreadPartCount > 0 {
      let count = Terminal.count(kept.unreadPartCount, "part")
      row("not read", "\(count) of archives")
    }
  }

  // MARK: - For programs

  /// The answer as a JSON object, whose schema is ``schema``.
  package var json: [UInt8] {
    var json = JSONWriter(isPretty: true)
    json.beginObject()
    json.key("version")
    json.integer(MessageAnswer.version)
    json.key("message")
    json.string(id)
    json.key("inspected")
    json.string(reading?.rawValue ?? "unknown")
    json.key("runs")
    json.beginArray()
    for answer in runs {
      json.beginObject()
      json.key("run")
      json.integer(Int(answer.run.id))
      json.key("started")
      json.string(rfc3339(milliseconds: answer.run.started))
      json.key("ended")
      json.string(answer.run.ended.flatMap(rfc3339(milliseconds:)))
      json.key("ruleset")
      json.string(answer.run.description.ruleset)
      json.key("unread_messages")
      json.integer(answer.kept.unreadMessageCount)
      json.key("unread_parts")
      json.integer(answer.kept.unreadPartCount)
      json.key("messages")
      json.beginArray()
      for (archive, message) in answer.kept.messages {
        json.kept(message, archive, answer.run, states)
      }
      json.endArray()
      json.endObject()
    }
    json.endArray()
    json.endObject()
    json.lineBreak()
    return json.take()
  }

  /// The published JSON Schema of ``json``.
  ///
  /// *Source:* JSON Schema, draft 2020-12.
  package static var schema: String {
    FindingSchema.document(
      name: "findings-message",
      title: "What vigie findings message --json prints: whether a message was inspected",
      definition: definition
    )
  }

  private static let definition = """
    {
      "type": "object",
      "required": ["version", "message", "inspected", "runs"],
      "additionalProperties": false,
      "properties": {
        "version": { "const": 1 },
        "message": { "type": "string", "description": "the id that was asked for" },
        "inspected": { "enum": ["inspected", "partly", "not", "unknown"],
          "description": "in the latest run that holds it; unknown where none does" },
        "runs": {
          "type": "array",
          "description": "the latest first",
          "items": {
            "type": "object",
            "required": ["run", "started", "ended", "ruleset", "unread_messages", "unread_parts",
              "messages"],
            "additionalProperties": false,
            "properties": {
              "run": { "type": "integer", "minimum": 1 },
              "started": { "type": ["string", "null"], "description": "RFC 3339" },
              "ended": { "type": ["string", "null"], "description": "null while it has not" },
              "ruleset": { "type": "string", "description": "id of the rules" },
              "unread_messages": { "type": "integer", "minimum": 0,
                "description": "could not be read, and have no id: it may be one of them" },
              "unread_parts": { "type": "integer", "minimum": 0 },
              "messages": {
                "type": "array",
                "description": "the message, its edits, and the same id in other channels",
                "items": {
                  "type": "object",
                  "required": ["message", "replaces", "archive", "channel", "sender", "timestamp",
                    "inspected", "verdict", "level", "files", "gaps", "findings"],
                  "additionalProperties": false,
                  "properties": {
                    "message": { "type": "string" },
                    "replaces": { "type": ["string", "null"], "description": "of which it is an edit" },
                    "archive": { "type": "string", "description": "path as it was given" },
                    "channel": {
                      "type": "object",
                      "required": ["id", "name", "visibility"],
                      "additionalProperties": false,
                      "properties": {
                        "id": { "type": ["string", "null"] },
                        "name": { "type": ["string", "null"] },
                        "visibility": { "enum": ["public", "private", "direct", "unknown"] }
                      }
                    },
                    "sender": { "type": ["string", "null"] },
                    "timestamp": { "type": ["string", "null"] },
                    "inspected": { "enum": ["inspected", "partly", "not"] },
                    "verdict": { "enum": ["allow", "log", "warn", "redact", "hold", "block"] },
                    "level": { "enum": ["public", "internal", "restricted", "confidential", "secret",
                      "top-secret"] },
                    "files": {
                      "type": "object",
                      "required": ["total", "inspected", "partly", "not"],
                      "additionalProperties": { "type": "integer", "minimum": 0 }
                    },
                    "gaps": {
                      "type": "array",
                      "items": {
                        "type": "object",
                        "required": ["place", "reason", "detail"],
                        "additionalProperties": false,
                        "properties": {
                          "place": { "$ref": "#/$defs/place" },
                          "reason": { "type": "string" },
                          "detail": { "type": "string" }
                        }
                      }
                    },
                    "findings": {
                      "type": "array",
                      "items": {
                        "type": "object",
                        "required": ["state", "finding"],
                        "additionalProperties": false,
                        "properties": {
                          "state": { "enum": ["open", "confirmed", "false-alarm", "accepted",
                            "remediated", null] },
                          "finding": { "$ref": "#/$defs/finding" }
                        }
                      }
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
    """
}

extension JSONWriter {
  /// Writes a message as it was kept.
  fileprivate mutating func kept(
    _ message: ScannedMessage,
    _ archive: Int,
    _ run: StoredRun,
    _ states: [String: TriageState]
  ) {
    let archives = run.description.archives
    beginObject()
    for (key, text) in [
      ("message", message.review.id), ("replaces", message.replaces),
      ("archive", archive < archives.count ? archives[archive].path : ""),
    ] {
      self.key(key)
      string(text)
    }
    key("channel")
    beginObject()
    key("id")
    string(message.channelID)
    key("name")
    string(message.channelName)
    key("visibility")
    string(message.visibility.rawValue)
    endObject()
    for (key, text) in [
      ("sender", message.sender), ("timestamp", message.timestamp),
      ("inspected", message.reading.rawValue), ("verdict", message.review.verdict.name),
      ("level", message.review.level.name),
    ] {
      self.key(key)
      string(text)
    }
    key("files")
    beginObject()
    for (key, count) in [
      ("total", message.files.total), ("inspected", message.files.inspected),
      ("partly", message.files.partly), ("not", message.files.not),
    ] {
      self.key(key)
      integer(count)
    }
    endObject()
    key("gaps")
    beginArray()
    for gap in message.review.gaps { self.gap(gap) }
    endArray()
    key("findings")
    beginArray()
    for finding in message.review.findings {
      beginObject()
      key("state")
      string(finding.fingerprint.flatMap { states[$0]?.rawValue })
      key("finding")
      self.finding(finding)
      endObject()
    }
    endArray()
    endObject()
  }
}

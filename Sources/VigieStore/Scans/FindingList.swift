import VigieCore
import VigieJSON
package import VigieReports
import VigieWire

/// Writes items and their places for people and for programs, one after the other.
package final class FindingList {
  /// The version of the JSON.
  package static let version = 1

  private let output: Output
  private let terminal: Terminal
  private var json: JSONWriter?
  /// The items written.
  package private(set) var count = 0

  /// A list.
  ///
  /// - Parameters:
  ///   - output: Where it goes.
  ///   - terminal: How it is laid out for people.
  ///   - isJSON: Whether it is one JSON object, whose schema is ``FindingSchema/list``.
  package init(to output: Output, for terminal: Terminal, isJSON: Bool) {
    self.output = output
    self.terminal = terminal
    guard isJSON else { return }
    var json = JSONWriter(isPretty: true)
    json.beginObject()
    json.key("version")
    json.integer(FindingList.version)
    json.key("findings")
    json.beginArray()
    self.json = json
  }

  /// Writes an item.
  package func add(_ item: KeptItem, _ places: ScanStore.PlaceReader) throws {
    count += 1
    guard json != nil else { return try addRow(item, places) }
    json?.open(item)
    try places.forEach { place in
      json?.place(place)
      if let part = json?.takePart() { output.write(part) }
    }
    json?.endArray()
    json?.endObject()
    if let part = json?.takePart() { output.write(part) }
  }

  /// Ends the list.
  package func finish() {
    if json != nil {
      json?.endArray()
      json?.endObject()
      json?.lineBreak()
      if let rest = json?.takePart() { output.write(rest) }
    } else if count == 0 {
      output.write("No finding is kept that fits.\n")
    } else {
      output.write("\n\(Terminal.count(count, "finding"))\n")
    }
  }

  /// Two lines: what it is, and where it was seen last with what was decided; ids, which may be long, come last.
  private func addRow(_ item: KeptItem, _ places: ScanStore.PlaceReader) throws {
    let level = terminal.styled(Terminal.fit(item.level.name, 12), item.level.style)
    let usage = Terminal.fit(item.usage.rawValue, 9)
    let head =
      "\(item.fingerprint.prefix(12))  \(Terminal.fit(item.state.rawValue, 11))  \(level) \(usage) "
      + "\(Terminal.fit(item.rule, 28)) "
    let masked = Terminal.fit(Terminal.safe(item.masked), max(16, terminal.width - 79))
    output.write(head + terminal.styled(trimmed(masked), .cyan) + "\n")
    var line = "              "
    var last: KeptPlace?
    try places.forEach(limit: 1) { last = $0 }
    if let last {
      let channel = last.channelName ?? last.channelID ?? "(no channel)"
      let words = ["\(channel) (\(last.visibility.rawValue))", last.timestamp, last.sender]
      line += words.compactMap(\.self).map(Terminal.safe).joined(separator: " · ")
      line += " · " + last.finding.placeForPeople
    }
    if item.placeCount != 1 { line += " · \(Terminal.count(item.placeCount, "place"))" }
    if item.presentCount < item.placeCount {
      line += ", \(Terminal.grouped(item.placeCount - item.presentCount)) gone"
    }
    if let decision = item.decisions.last {
      line += " · \(Terminal.safe(decision.decision.who)): \(Terminal.safe(decision.decision.why))"
    }
    if let last { line += " · " + Terminal.safe(last.message) }
    if terminal.isCut { line = trimmed(Terminal.fit(line, terminal.width)) }
    output.write(terminal.styled(line, .dim) + "\n")
  }

  private func trimmed(_ text: String) -> String {
    String(text.reversed().drop { $0 == " " }.reversed())
  }
}

extension FindingList {
  /// Writes all that is kept of one item, for people.
  package static func page(
    of item: KeptItem,
    _ places: ScanStore.PlaceReader,
    to output: Output,
    for terminal: Terminal
  ) throws {
    func row(_ label: String, _ text: String) {
      output.write(terminal.styled(Terminal.fit(label, 13), .dim) + text + "\n")
    }
    row("fingerprint", item.fingerprint)
    row("rule", "\(item.rule) (scheme \(item.scheme))")
    row(
      "what",
      "\(terminal.styled(item.level.name, item.level.style)) · \(item.usage.rawValue) · "
        + Terminal.safe(item.masked)
    )
    row("state", item.state.rawValue)
    row("runs", "first found in \(item.firstRun), last in \(item.lastRun)")
    for kept in item.decisions {
      let time = rfc3339(milliseconds: kept.time) ?? ""
      let decision = kept.decision
      row(
        "",
        "\(time) \(decision.state.rawValue) by \(Terminal.safe(decision.who)): "
          + Terminal.safe(decision.why)
      )
    }
    try places.forEach { place in
      output.write("\n")
      let name = Terminal.safe(place.channelName ?? place.channelID ?? "(no channel)")
      row("place", "\(name) (\(place.visibility.rawValue)) · \(place.finding.placeForPeople)")
      // Names are not unique; what takes messages away asks for the id.
      if place.channelName != nil, let id = place.channelID { row("channel", Terminal.safe(id)) }
      let edit = place.replaces.map { ", an edit of \(Terminal.safe($0))" } ?? ""
      row("message", Terminal.safe(place.message) + edit)
      if let sender = place.sender { row("sender", Terminal.safe(sender)) }
      if let time = place.timestamp { row("time", Terminal.safe(time)) }
      if !place.fileIDs.isEmpty {
        row("files", place.fileIDs.map(Terminal.safe).joined(separator: ", "))
      }
      let gone = place.goneRun.map { ", gone in \($0)" } ?? ""
      row("runs", "\(place.firstRun) to \(place.lastRun)\(gone)")
      row(
        "verdict",
        "\(place.verdict.name) · \(place.finding.usage.rawValue), confidence "
          + Terminal.decimal(place.finding.confidence, 2)
      )
      let evidence = place.finding.evidence.map {
        "\($0.name) \($0.weight >= 0 ? "+" : "")\(Terminal.decimal($0.weight, 2))"
      }
      row("evidence", Terminal.safe(evidence.joined(separator: ", ")))
    }
  }
}

extension JSONWriter {
  /// Writes an item up to its open array of places.
  fileprivate mutating func open(_ item: KeptItem) {
    beginObject()
    for (key, text) in [
      ("fingerprint", item.fingerprint), ("rule", item.rule), ("scheme", item.scheme),
      ("level", item.level.name), ("usage", item.usage.rawValue), ("masked", item.masked),
      ("state", item.state.rawValue),
    ] {
      self.key(key)
      string(text)
    }
    key("decisions")
    beginArray()
    for kept in item.decisions {
      beginObject()
      key("state")
      string(kept.decision.state.rawValue)
      key("who")
      string(kept.decision.who)
      key("time")
      string(rfc3339(milliseconds: kept.time))
      key("why")
      string(kept.decision.why)
      endObject()
    }
    endArray()
    key("first_run")
    integer(Int(item.firstRun))
    key("last_run")
    integer(Int(item.lastRun))
    key("places")
    beginArray()
  }

  fileprivate mutating func place(_ place: KeptPlace) {
    beginObject()
    key("channel")
    beginObject()
    key("id")
    string(place.channelID)
    key("name")
    string(place.channelName)
    key("visibility")
    string(place.visibility.rawValue)
    endObject()
    for (key, text) in [
      ("message", place.message), ("replaces", place.replaces), ("sender", place.sender),
      ("timestamp", place.timestamp), ("verdict", place.verdict.name),
    ] {
      self.key(key)
      string(text)
    }
    key("files")
    strings(place.fileIDs)
    key("first_run")
    integer(Int(place.firstRun))
    key("last_run")
    integer(Int(place.lastRun))
    key("gone_run")
    if let gone = place.goneRun { integer(Int(gone)) } else { null() }
    key("finding")
    finding(place.finding)
    endObject()
  }
}

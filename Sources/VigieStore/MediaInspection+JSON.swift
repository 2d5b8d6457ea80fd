package import VigieCore
import VigieJSON

extension MediaInspection {
  /// Findings and gaps as one JSON object; not a published shape: only ``MediaStore`` reads it.
  package var json: String {
    var json = JSONWriter()
    json.beginObject()
    json.key("findings")
    json.beginArray()
    for finding in findings { MediaInspection.write(finding, to: &json) }
    json.endArray()
    json.key("gaps")
    json.beginArray()
    for gap in gaps {
      MediaInspection.write(gap, to: &json)
    }
    json.endArray()
    json.endObject()
    return String(decoding: json.take(), as: UTF8.self)
  }

  /// Reads what ``json`` wrote; `nil` where it is damaged.
  package init?(basis: String, json: String) {
    guard let value = try? JSONValue(Array(json.utf8)),
      let findings = value["findings"]?.elements, let gaps = value["gaps"]?.elements
    else { return nil }
    let readFindings = findings.compactMap(MediaInspection.finding)
    let readGaps = gaps.compactMap(MediaInspection.gap)
    guard readFindings.count == findings.count, readGaps.count == gaps.count else { return nil }
    self.init(basis: basis, findings: readFindings, gaps: readGaps)
  }

  static func write(_ gap: Gap, to json: inout JSONWriter) {
    json.beginObject()
    write(gap.place, to: &json)
    json.key("reason")
    json.string(gap.reason.rawValue)
    json.key("detail")
    json.string(gap.detail)
    json.endObject()
  }

  static func write(_ finding: Finding, to json: inout JSONWriter) {
    json.beginObject()
    for (key, text) in [
      ("rule", finding.rule), ("scheme", finding.scheme), ("level", finding.level.name),
      ("usage", finding.usage.rawValue), ("confidence", "\(finding.confidence)"),
      ("masked", finding.masked),
    ] {
      json.key(key)
      json.string(text)
    }
    json.key("fingerprint")
    json.string(finding.fingerprint)
    json.key("caveats")
    json.strings(finding.caveats)
    write(finding.place, to: &json)
    for (key, number) in [
      ("disguise", Int(finding.disguise.rawValue)), ("start", finding.range.lowerBound),
      ("end", finding.range.upperBound), ("line", finding.line), ("column", finding.column),
    ] {
      json.key(key)
      json.integer(number)
    }
    json.key("evidence")
    json.beginArray()
    for evidence in finding.evidence { json.strings([evidence.name, "\(evidence.weight)"]) }
    json.endArray()
    json.endObject()
  }

  private static func write(_ place: Place, to json: inout JSONWriter) {
    json.key("part")
    json.string(place.part.description)
    json.key("path")
    json.strings(place.path)
    json.key("role")
    json.string(place.role.rawValue)
    json.key("where")
    json.string(place.location)
  }

  static func finding(_ value: JSONValue) -> Finding? {
    guard let rule = value["rule"]?.string, let scheme = value["scheme"]?.string,
      let level = value["level"]?.string.flatMap(Level.init(name:)),
      let usage = value["usage"]?.string.flatMap(Usage.init(rawValue:)),
      let confidence = value["confidence"]?.string.flatMap(Double.init),
      let caveats = strings(value["caveats"]), let place = place(value),
      let disguise = integer(value["disguise"]).flatMap(UInt16.init(exactly:)),
      let start = integer(value["start"]), let end = integer(value["end"]), 0 <= start,
      start <= end, let line = integer(value["line"]), let column = integer(value["column"]),
      let masked = value["masked"]?.string, let pairs = value["evidence"]?.elements
    else { return nil }
    let evidence = pairs.compactMap { pair -> Evidence? in
      guard let texts = strings(pair), texts.count == 2, let weight = Double(texts[1]) else {
        return nil
      }
      return Evidence(name: texts[0], weight: weight)
    }
    guard evidence.count == pairs.count else { return nil }
    return Finding(
      rule: rule,
      scheme: scheme,
      level: level,
      usage: usage,
      confidence: confidence,
      caveats: caveats,
      disguise: Disguise(rawValue: disguise),
      place: place,
      range: start..<end,
      line: line,
      column: column,
      masked: masked,
      fingerprint: value["fingerprint"]?.string,
      evidence: evidence
    )
  }

  static func gap(_ value: JSONValue) -> Gap? {
    guard let place = place(value), let detail = value["detail"]?.string,
      let reason = value["reason"]?.string.flatMap(GapReason.init(rawValue:))
    else { return nil }
    return Gap(place: place, reason: reason, detail: detail)
  }

  private static func place(_ value: JSONValue) -> Place? {
    guard let part = value["part"]?.string.flatMap(Part.init), let path = strings(value["path"]),
      let role = value["role"]?.string.flatMap(Role.init(rawValue:)),
      let location = value["where"]?.string
    else { return nil }
    return Place(part: part, path: path, role: role, location: location)
  }

  private static func strings(_ value: JSONValue?) -> [String]? {
    guard let elements = value?.elements else { return nil }
    let texts = elements.compactMap(\.string)
    return texts.count == elements.count ? texts : nil
  }

  private static func integer(_ value: JSONValue?) -> Int? {
    guard case .number(let number)? = value else { return nil }
    return Int(exactly: number)
  }
}

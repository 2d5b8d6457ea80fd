import VigieCore
import VigieJSON

extension SARIFReport {
  func title(of rule: String) -> String { scan.rules[rule]?.title ?? rule }

  /// *Source:* §3.18, §3.19, §3.49.
  func tool() {
    json.key("tool")
    json.beginObject()
    json.key("driver")
    json.beginObject()
    json.key("name")
    json.string("Vigie")
    if let version = scan.version {
      json.key("version")
      json.string(version)
    }
    json.key("rules")
    json.beginArray()
    for rule in rules { descriptor(of: rule) }
    json.endArray()
    json.key("properties")
    json.beginObject()
    json.key("ruleset")
    json.string(scan.ruleset)
    json.key("policy")
    json.string(scan.policy)
    json.applied(scan.applied)
    json.endObject()
    json.endObject()
    json.endObject()
  }

  private func descriptor(of rule: SeenRule) {
    let sources = scan.rules[rule.id]?.sources ?? []
    json.beginObject()
    json.key("id")
    json.string(rule.id)
    json.key("shortDescription")
    json.text(title(of: rule.id))
    json.key("fullDescription")
    json.text("\(title(of: rule.id)): scheme \(rule.scheme), level \(rule.level.name).")
    json.key("help")
    let help = [
      "Applied: the content carries the marking; it belongs into a system approved for its level. Redact the message "
        + "with its edits and copies, delete its files, and tell the security officer.",
      "Mentioned: the marking is talked about; nothing needs to be done.",
      sources.isEmpty ? "" : "Defined by: " + sources.joined(separator: "; ") + ".",
    ]
    json.text(help.filter { !$0.isEmpty }.joined(separator: "\n\n"))
    json.key("defaultConfiguration")
    json.beginObject()
    json.key("level")
    json.string(rule.level >= .restricted ? "error" : "warning")
    json.endObject()
    json.key("properties")
    json.beginObject()
    json.key("tags")
    json.strings([rule.scheme, rule.level.name])
    json.endObject()
    json.endObject()
  }

  func artifacts(_ tally: Tally) {
    json.key("artifacts")
    json.beginArray()
    for (index, archive) in scan.archives(read: tally).enumerated() {
      json.beginObject()
      json.key("location")
      artifactLocation(index)
      json.key("length")
      json.integer(archive.contents?.byteCount ?? archive.byteCount)
      json.key("roles")
      json.strings(["analysisTarget"])
      if let contents = archive.contents {
        json.key("description")
        json.text(contents.inWords)
      }
      json.endObject()
    }
    json.endArray()
  }

  /// *Source:* §3.4; the path as the operator gave it, as a reference of RFC 3986.
  func artifactLocation(_ index: Int) {
    json.beginObject()
    json.key("uri")
    json.string(SARIFReport.reference(toPath: scan.archives[index].path))
    json.key("index")
    json.integer(index)
    json.endObject()
  }

  /// A path as a URI reference: an absolute one as `file:`, a first step with a colon after `./`.
  package static func reference(toPath path: String) -> String {
    var text: [UInt8] = []
    let plain = Array("-._~/!$&'()*+,;=:@".utf8)
    for byte in path.utf8 {
      let isLetter =
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) && byte < 0x80
      if isLetter || plain.contains(byte) {
        text.append(byte)
      } else {
        let digits = String(byte, radix: 16, uppercase: true)
        text += Array(("%" + (digits.count == 1 ? "0" : "") + digits).utf8)
      }
    }
    let encoded = String(decoding: text, as: UTF8.self)
    if path.hasPrefix("/") { return "file://" + encoded }
    let first = encoded.prefix { $0 != "/" }
    return first.contains(":") ? "./" + encoded : encoded
  }

  /// *Source:* §3.20.
  func invocation(_ tally: Tally) {
    json.key("invocations")
    json.beginArray()
    json.beginObject()
    json.key("executionSuccessful")
    json.boolean(true)
    if let time = scan.startTime {
      json.key("startTimeUtc")
      json.string(time)
    }
    json.key("properties")
    json.beginObject()
    for (name, coverage) in [
      ("channels", tally.channelCoverage), ("messages", tally.messages), ("files", tally.files),
      ("bytes", tally.bytes),
    ] {
      json.key(name)
      json.beginObject()
      json.key("total")
      json.integer(coverage.total)
      json.key("inspected")
      json.integer(coverage.inspected)
      json.key("partly")
      json.integer(coverage.partly)
      json.key("not")
      json.integer(coverage.not)
      json.endObject()
    }
    json.endObject()
    json.key("toolExecutionNotifications")
    json.beginArray()
    output.write(json.takePart())
    // These are JSON with commas already.
    gaps.read { output.write(Array($0)) }
    json.endArray()
    json.endObject()
    json.endArray()
  }

  /// *Source:* §3.58: something was not inspected, which is no failure of the tool.
  func notify(_ gap: Gap, of message: ScannedMessage?) {
    var json = JSONWriter()
    json.beginObject()
    json.key("descriptor")
    json.beginObject()
    json.key("id")
    json.string("gap.\(gap.reason.rawValue)")
    json.endObject()
    json.key("level")
    json.string("warning")
    json.key("message")
    json.text("Not inspected (\(gap.reason.rawValue)): \(gap.detail)")
    if let message {
      json.key("locations")
      json.beginArray()
      json.beginObject()
      json.key("logicalLocations")
      json.beginArray()
      json.beginObject()
      json.key("name")
      json.string(message.review.id)
      json.key("fullyQualifiedName")
      json.string(
        "\(message.channelID ?? message.channelLabel)/\(message.review.id)/\(gap.place.part)"
      )
      json.key("kind")
      json.string("message")
      json.endObject()
      json.endArray()
      json.endObject()
      json.endArray()
    }
    json.endObject()
    gaps.write((gapCount == 0 ? [] : [UInt8(ascii: ",")]) + json.take())
    gapCount += 1
  }
}

extension JSONWriter {
  /// Writes `{"text":…}`, the message of §3.11.
  mutating func text(_ text: String) {
    beginObject()
    key("text")
    string(text)
    endObject()
  }
}

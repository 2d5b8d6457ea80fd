import VigieCore
import VigieCrypto
import VigieJSON

/// A log in the Static Analysis Results Interchange Format, for tools that gather findings of all kinds.
///
/// A result is a finding: its message and channel are logical locations, and where one archive is scanned the archive
/// is the artifact. Applied findings are `error` from restricted on and `warning` below; mentioned ones are `note`.
/// Gaps are notifications of the invocation. Masked always: such logs are passed on.
///
/// *Source:* SARIF 2.1.0, OASIS Standard incorporating Approved Errata 01; sections stand beside the members.
package final class SARIFReport: ReportFormat {
  package static let name = "sarif"

  private let output: Output
  private let scan: ScanDescription
  private let gaps: ReportSpool
  private var json = JSONWriter()
  /// The rules that found something, in the order in which they first did.
  private var rules: [SeenRule] = []
  private var ruleIndex: [String: Int] = [:]
  private var gapCount = 0

  private struct SeenRule {
    var id: String
    var scheme: String
    var level: Level
  }

  package init(to output: Output, of scan: ScanDescription, for terminal: Terminal) {
    self.output = output
    self.scan = scan
    gaps = ReportSpool(for: output)
    json.beginObject()
    json.key("$schema")
    json.string("https://json.schemastore.org/sarif-2.1.0.json")
    json.key("version")
    json.string("2.1.0")
    json.key("runs")
    json.beginArray()
    json.beginObject()
    // §3.14.16: bytes are counted in no unit of text here; columns are Unicode scalars.
    json.key("columnKind")
    json.string("unicodeCodePoints")
    json.key("results")
    json.beginArray()
  }

  package func add(_ event: ScanEvent) {
    switch event {
    case .message(let message):
      for finding in message.review.findings { result(finding, in: message) }
      for gap in message.review.gaps { notify(gap, of: message) }
    case .gap(let gap, _):
      notify(gap, of: nil)
    }
    output.write(json.takePart())
  }

  package func finish(_ tally: Tally) {
    json.endArray()
    tool()
    artifacts()
    invocation(tally)
    json.endObject()
    json.endArray()
    json.endObject()
    json.lineBreak()
    output.write(json.take())
  }
}

// MARK: - Results

extension SARIFReport {
  /// *Source:* §3.27.
  private func result(_ finding: Finding, in message: ScannedMessage) {
    json.beginObject()
    json.key("ruleId")
    json.string(finding.rule)
    json.key("ruleIndex")
    json.integer(index(of: finding))
    json.key("level")
    json.string(SARIFReport.level(of: finding))
    json.key("message")
    json.text(
      "\(title(of: finding.rule)), \(finding.usage.rawValue), level \(finding.level.name): "
        + finding.maskedForPeople
    )
    json.key("locations")
    json.beginArray()
    location(of: finding, in: message)
    json.endArray()
    // §3.27.17: what stays the same when the content is posted again, else where it stands.
    json.key("partialFingerprints")
    json.beginObject()
    if let fingerprint = finding.fingerprint {
      json.key("vigieContent/v1")
      json.string(fingerprint)
    }
    json.key("vigiePlace/v1")
    json.string(place(of: finding, in: message))
    json.endObject()
    // §3.27.25: 0…100.
    json.key("rank")
    json.double(finding.confidence * 100, decimals: 1)
    properties(of: finding, in: message)
    json.endObject()
  }

  private func index(of finding: Finding) -> Int {
    if let known = ruleIndex[finding.rule] {
      rules[known].level = max(rules[known].level, finding.level)
      return known
    }
    ruleIndex[finding.rule] = rules.count
    rules.append(SeenRule(id: finding.rule, scheme: finding.scheme, level: finding.level))
    return rules.count - 1
  }

  /// *Source:* §3.27.10.
  private static func level(of finding: Finding) -> String {
    guard finding.usage == .applied else { return "note" }
    return finding.level >= .restricted ? "error" : "warning"
  }

  /// *Source:* §3.28, §3.33: the innermost logical location last, each with its full name.
  private func location(of finding: Finding, in message: ScannedMessage) {
    let channel = message.channelID ?? message.channelLabel
    let place = ([finding.place.part.description] + finding.place.path + [finding.place.location])
      .filter { !$0.isEmpty }.joined(separator: " › ")
    json.beginObject()
    if scan.archives.count == 1 {
      json.key("physicalLocation")
      json.beginObject()
      json.key("artifactLocation")
      artifactLocation(0)
      json.endObject()
    }
    json.key("logicalLocations")
    json.beginArray()
    let steps = [
      (kind: "channel", name: message.channelLabel, path: channel),
      (kind: "message", name: message.review.id, path: "\(channel)/\(message.review.id)"),
      (kind: "part", name: place, path: "\(channel)/\(message.review.id)/\(place)"),
    ]
    for step in steps {
      json.beginObject()
      json.key("name")
      json.string(step.name)
      json.key("fullyQualifiedName")
      json.string(step.path)
      json.key("kind")
      json.string(step.kind)
      json.endObject()
    }
    json.endArray()
    json.endObject()
  }

  /// A digest of where a finding stands; there is no text in it.
  private func place(of finding: Finding, in message: ScannedMessage) -> String {
    var digest = DigestBuilder()
    digest.add(finding.rule)
    digest.add(message.channelID ?? "")
    digest.add(message.review.id)
    for step in [finding.place.part.description] + finding.place.path { digest.add(step) }
    digest.add(finding.place.location)
    digest.add("\(finding.range.lowerBound) \(finding.range.upperBound)")
    return Digest.hex(digest.finalize())
  }

  private func properties(of finding: Finding, in message: ScannedMessage) {
    json.key("properties")
    json.beginObject()
    json.key("usage")
    json.string(finding.usage.rawValue)
    json.key("confidence")
    json.double(finding.confidence, decimals: 3)
    json.key("level")
    json.string(finding.level.name)
    json.key("scheme")
    json.string(finding.scheme)
    json.key("verdict")
    json.string(message.review.verdict.name)
    json.key("masked")
    json.string(finding.masked)
    json.key("caveats")
    json.strings(finding.caveats)
    json.key("disguise")
    json.strings(finding.disguise.names)
    json.key("role")
    json.string(finding.place.role.rawValue)
    json.key("range")
    json.beginArray()
    json.integer(finding.range.lowerBound)
    json.integer(finding.range.upperBound)
    json.endArray()
    json.key("line")
    json.integer(finding.line)
    json.key("column")
    json.integer(finding.column)
    json.key("channel")
    json.string(message.channelID)
    json.key("visibility")
    json.string(message.visibility.rawValue)
    json.key("sender")
    json.string(message.sender)
    json.key("timestamp")
    json.string(message.timestamp)
    json.endObject()
  }
}

// MARK: - The run

extension SARIFReport {
  private func title(of rule: String) -> String { scan.rules[rule]?.title ?? rule }

  /// *Source:* §3.18, §3.19, §3.49.
  private func tool() {
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

  private func artifacts() {
    json.key("artifacts")
    json.beginArray()
    for (index, archive) in scan.archives.enumerated() {
      json.beginObject()
      json.key("location")
      artifactLocation(index)
      json.key("length")
      json.integer(archive.byteCount)
      json.key("roles")
      json.strings(["analysisTarget"])
      json.endObject()
    }
    json.endArray()
  }

  /// *Source:* §3.4; the path as the operator gave it, as a reference of RFC 3986.
  private func artifactLocation(_ index: Int) {
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
      let isLetter = (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) && byte < 0x80
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
  private func invocation(_ tally: Tally) {
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
      ("messages", tally.messages), ("files", tally.files), ("bytes", tally.bytes),
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
  private func notify(_ gap: Gap, of message: ScannedMessage?) {
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
  fileprivate mutating func text(_ text: String) {
    beginObject()
    key("text")
    string(text)
    endObject()
  }
}

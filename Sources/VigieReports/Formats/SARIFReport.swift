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

  let output: Output
  let scan: ScanDescription
  let gaps: ReportSpool
  var json = JSONWriter()
  /// The rules that found something, in the order in which they first did.
  var rules: [SeenRule] = []
  private var ruleIndex: [String: Int] = [:]
  var gapCount = 0

  struct SeenRule {
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
    artifacts(tally)
    invocation(tally)
    json.endObject()
    json.endArray()
    json.endObject()
    json.lineBreak()
    output.write(json.take())
  }
}

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

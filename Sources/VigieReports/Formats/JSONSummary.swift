import VigieCore
package import VigieJSON
import VigieWire

/// The counts of a scan as one JSON object: what `vigie scan --json` prints.
package final class JSONSummary: ReportFormat {
  package static let name = "json"

  private let output: Output
  private let scan: ScanDescription

  package init(to output: Output, of scan: ScanDescription, for terminal: Terminal) {
    self.output = output
    self.scan = scan
  }

  package func add(_ event: ScanEvent) {}

  package func finish(_ tally: Tally) {
    var json = JSONWriter(isPretty: true)
    json.beginObject()
    json.key("version")
    json.integer(1)
    json.archives(scan.archives(read: tally))
    json.key("ruleset")
    json.string(scan.ruleset)
    json.key("policy")
    json.string(scan.policy)
    json.applied(scan.applied)
    json.key("verdict")
    json.string(tally.verdict.name)
    json.key("coverage")
    json.beginObject()
    json.coverage("channels", tally.channelCoverage)
    json.coverage("messages", tally.messages)
    json.coverage("files", tally.files)
    json.coverage("bytes", tally.bytes)
    json.endObject()
    counts(of: tally, to: &json)
    channels(of: tally, to: &json)
    json.endObject()
    json.lineBreak()
    output.write(json.take())
  }

  private func counts(of tally: Tally, to json: inout JSONWriter) {
    json.key("verdicts")
    json.beginObject()
    for verdict in Verdict.allCases {
      json.key(verdict.name)
      json.integer(tally.verdicts[verdict] ?? 0)
    }
    json.endObject()
    json.key("findings")
    json.beginObject()
    json.usage("total", tally.findings)
    json.key("levels")
    json.beginObject()
    for level in Level.allCases {
      json.usage(level.name, tally.levels[level] ?? Tally.UsageCount())
    }
    json.endObject()
    json.usages("schemes", tally.schemes)
    json.usages("rules", tally.rules)
    json.key("disguises")
    json.beginObject()
    for (name, count) in tally.disguises.sorted(by: { $0.key < $1.key }) {
      json.key(name)
      json.integer(count)
    }
    json.endObject()
    json.endObject()
    json.key("gaps")
    json.beginObject()
    for reason in GapReason.allCases where tally.gaps[reason] != nil {
      json.key(reason.rawValue)
      json.integer(tally.gaps[reason] ?? 0)
    }
    json.endObject()
    unread(of: tally, to: &json)
  }

  /// What was not read, one by one.
  private func unread(of tally: Tally, to json: inout JSONWriter) {
    json.key("unread")
    json.beginArray()
    for unread in tally.unread {
      json.beginObject()
      json.key("message")
      json.string(unread.message)
      json.key("channel")
      json.string(unread.channel)
      json.key("gap")
      json.gap(unread.gap)
      json.endObject()
    }
    json.endArray()
  }

  private func channels(of tally: Tally, to json: inout JSONWriter) {
    json.key("channels")
    json.beginArray()
    for channel in tally.channels where channel.findings.total > 0 {
      json.beginObject()
      json.key("id")
      json.string(channel.id)
      json.key("name")
      json.string(channel.name)
      json.key("visibility")
      json.string(channel.visibility.rawValue)
      json.key("messages")
      json.integer(channel.messageCount)
      json.key("stopped")
      json.integer(channel.stoppedCount)
      json.key("level")
      json.string(channel.level.name)
      json.usage("findings", channel.findings)
      json.endObject()
    }
    json.endArray()
  }
}

extension JSONWriter {
  /// Writes what was read, in the shape `archive` of ``ReportSchema``.
  package mutating func archives(_ archives: [ScanDescription.Archive]) {
    key("archives")
    beginArray()
    for archive in archives {
      beginObject()
      key("path")
      string(archive.path)
      key("format")
      string(archive.format)
      key("bytes")
      integer(archive.contents?.byteCount ?? archive.byteCount)
      key("exports")
      if let contents = archive.contents {
        beginObject()
        for export in contents.exports {
          key(export.format)
          integer(export.count)
        }
        endObject()
      } else {
        null()
      }
      let seal = archive.contents?.seal
      key("sha256")
      string(seal?.sha256)
      key("size")
      if let seal { integer(seal.byteCount) } else { null() }
      key("files")
      if let count = seal?.fileCount { integer(count) } else { null() }
      endObject()
    }
    endArray()
  }

  /// Writes which rules were applied, in the shape `applied` of ``ReportSchema``.
  package mutating func applied(_ applied: AppliedRules?) {
    key("rules")
    guard let applied else { return null() }
    beginObject()
    key("digest")
    string(applied.digest)
    key("sites")
    beginArray()
    for site in applied.sites {
      beginObject()
      key("path")
      string(site.path)
      key("files")
      strings(site.files)
      endObject()
    }
    endArray()
    key("policy_file")
    string(applied.policyFile)
    endObject()
  }

  fileprivate mutating func coverage(_ name: String, _ coverage: Coverage) {
    key(name)
    beginObject()
    key("total")
    integer(coverage.total)
    key("inspected")
    integer(coverage.inspected)
    key("partly")
    integer(coverage.partly)
    key("not")
    integer(coverage.not)
    endObject()
  }

  fileprivate mutating func usage(_ name: String, _ count: Tally.UsageCount) {
    key(name)
    beginObject()
    key("applied")
    integer(count.applied)
    key("mentioned")
    integer(count.mentioned)
    endObject()
  }

  fileprivate mutating func usages(_ name: String, _ counts: [String: Tally.UsageCount]) {
    key(name)
    beginObject()
    for (name, count) in counts.sorted(by: { $0.key < $1.key }) { usage(name, count) }
    endObject()
  }
}

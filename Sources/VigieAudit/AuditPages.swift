import VigieJSON

/// A number with its word.
func count(_ number: Int, _ one: String, _ many: String) -> String {
  "\(number) \(number == 1 ? one : many)"
}

extension AuditVerification {
  /// Some lines for a person.
  public var page: String {
    var lines: [String] = []
    if let broken = firstBreak {
      let place = broken.line == 0 ? broken.path : "\(broken.path):\(broken.line)"
      lines.append("\(place): \(broken.reason)")
      lines.append("The log holds up to entry \(head.number).")
    } else {
      lines.append(
        "The log holds: " + count(entryCount, "entry", "entries") + " in "
          + count(fileCount, "file", "files")
          + (entryCount > 1 ? ", \(firstNumber) to \(head.number)." : ".")
      )
      lines.append("head \(head.json)")
    }
    return (lines + notes.map { "note: \($0)" }).joined(separator: "\n") + "\n"
  }

  /// One JSON object; its schema is ``AuditSchema/verify``.
  public var json: String {
    var json = JSONWriter(isPretty: true)
    json.beginObject()
    json.key("holds")
    json.boolean(firstBreak == nil)
    json.key("files")
    json.integer(fileCount)
    json.key("entries")
    json.integer(entryCount)
    json.key("first")
    json.integer(firstNumber)
    json.key("head")
    json.beginObject()
    json.key("number")
    json.integer(head.number)
    json.key("hash")
    json.string(head.hash)
    json.endObject()
    json.key("break")
    if let broken = firstBreak {
      json.beginObject()
      json.key("path")
      json.string(broken.path)
      json.key("line")
      json.integer(broken.line)
      json.key("reason")
      json.string(broken.reason)
      json.endObject()
    } else {
      json.null()
    }
    json.key("notes")
    json.strings(notes)
    json.endObject()
    json.lineBreak()
    return String(decoding: json.take(), as: UTF8.self)
  }
}

extension AuditReport {
  /// The most names that a page shows of each kind.
  private static let shownCount = 20

  /// The counts by their keys in JSON, in the order of a page.
  private var sections: [(key: String, title: String, counts: [Count])] {
    [
      ("verdicts", "Verdicts", verdicts),
      ("observed", "Held back by shadow mode: the verdict that would have been", observed),
      ("observed_rules", "Rules behind what shadow mode held back", observedRules),
      (
        "overridden", "Sent with a justification: the verdict that the sender overrode", overridden
      ),
      ("rules", "Rules", rules),
      ("channels", "Channels in which messages were stopped, or would have been", channels),
      ("uploads", "Uploads", uploads),
      ("failures", "Not judged", failures),
      ("others", "Other events", others),
    ]
  }

  /// Some lines for a person.
  public var page: String {
    guard let times = times else { return "No entry in this time.\n" }
    var lines = [
      count(reviewCount, "message", "messages")
        + " with an entry, \(times.lowerBound) to \(times.upperBound)"
    ]
    for (_, title, counts) in sections where !counts.isEmpty {
      lines += ["", title]
      let width = counts.map { $0.name.count }.max() ?? 0
      lines += counts.prefix(AuditReport.shownCount).map { count in
        "  " + count.name + String(repeating: " ", count: width - count.name.count + 2)
          + "\(count.count)"
      }
      if counts.count > AuditReport.shownCount {
        lines.append("  … and \(counts.count - AuditReport.shownCount) more (--json)")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// One JSON object; its schema is ``AuditSchema/report``.
  public var json: String {
    var json = JSONWriter(isPretty: true)
    json.beginObject()
    json.key("since")
    json.string(times?.lowerBound)
    json.key("until")
    json.string(times?.upperBound)
    json.key("reviews")
    json.integer(reviewCount)
    for (key, _, counts) in sections {
      json.key(key)
      json.beginObject()
      for count in counts {
        json.key(count.name)
        json.integer(count.count)
      }
      json.endObject()
    }
    json.endObject()
    json.lineBreak()
    return String(decoding: json.take(), as: UTF8.self)
  }
}

package import VigieCore
package import VigieJSON

/// Lines out: what Vigie says of one message, in version 1 of its JSON.
package enum ReviewLine {
  /// The version of the shapes; a change that breaks readers makes a new one.
  package static let version = 1

  /// The line of a review, without a line break.
  ///
  /// - Parameters:
  ///   - review: The review.
  ///   - elapsedMicroseconds: How long it took.
  /// - Returns: One JSON object in UTF-8.
  package static func bytes(_ review: Review, elapsedMicroseconds: Int) -> [UInt8] {
    var writer = JSONWriter()
    writer.reviewLine(review, elapsedMicroseconds: elapsedMicroseconds)
    return writer.take()
  }
}

extension JSONWriter {
  /// Writes a review as an object.
  ///
  /// - Parameters:
  ///   - review: The review.
  ///   - elapsedMicroseconds: How long it took.
  package mutating func reviewLine(_ review: Review, elapsedMicroseconds: Int) {
    beginObject()
    key("id")
    string(review.id)
    key("verdict")
    string(review.verdict.name)
    if let observed = review.observed {
      key("observed")
      string(observed.name)
    }
    key("level")
    string(review.level.name)
    key("findings")
    beginArray()
    for finding in review.findings { self.finding(finding) }
    endArray()
    key("gaps")
    beginArray()
    for gap in review.gaps { self.gap(gap) }
    endArray()
    key("tip")
    tip(review.tip)
    key("ruleset")
    string(review.ruleset)
    key("elapsed_us")
    integer(elapsedMicroseconds)
    endObject()
  }

  /// Writes a tip as an object of texts by language, or `null`.
  package mutating func tip(_ tip: Tip?) {
    guard let tip else { return null() }
    beginObject()
    for entry in tip.texts {
      key(entry.language)
      string(entry.text)
    }
    endObject()
  }

  /// Writes a finding as an object.
  package mutating func finding(_ finding: Finding) {
    beginObject()
    findingMembers(finding)
    endObject()
  }

  /// Writes the members of a finding into the open object.
  package mutating func findingMembers(_ finding: Finding) {
    key("rule")
    string(finding.rule)
    key("scheme")
    string(finding.scheme)
    key("level")
    string(finding.level.name)
    key("usage")
    string(finding.usage.rawValue)
    key("confidence")
    double(finding.confidence, decimals: 4)
    key("caveats")
    strings(finding.caveats)
    key("disguise")
    strings(finding.disguise.names)
    key("place")
    place(finding.place)
    key("range")
    beginArray()
    integer(finding.range.lowerBound)
    integer(finding.range.upperBound)
    endArray()
    key("line")
    integer(finding.line)
    key("column")
    integer(finding.column)
    key("masked")
    string(finding.masked)
    key("fingerprint")
    string(finding.fingerprint)
    key("evidence")
    beginArray()
    for evidence in finding.evidence {
      beginObject()
      key("name")
      string(evidence.name)
      key("weight")
      double(evidence.weight, decimals: 4)
      endObject()
    }
    endArray()
  }

  /// Writes a gap as an object.
  package mutating func gap(_ gap: Gap) {
    beginObject()
    key("place")
    place(gap.place)
    key("reason")
    string(gap.reason.rawValue)
    key("detail")
    string(gap.detail)
    endObject()
  }

  /// Writes a place as an object.
  package mutating func place(_ place: Place) {
    beginObject()
    key("part")
    string(place.part.description)
    key("path")
    strings(place.path)
    key("role")
    string(place.role.rawValue)
    key("where")
    string(place.location)
    endObject()
  }
}

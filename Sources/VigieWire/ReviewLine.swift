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
  ///   - failure: Why the message was not judged; `nil` where it was.
  ///   - elapsedMicroseconds: How long it took.
  /// - Returns: One JSON object in UTF-8.
  package static func bytes(
    _ review: Review,
    failure: ReviewFailure? = nil,
    elapsedMicroseconds: Int
  ) -> [UInt8] {
    var writer = JSONWriter()
    writer.reviewLine(review, failure: failure, elapsedMicroseconds: elapsedMicroseconds)
    return writer.take()
  }
}

extension ReviewLine {
  /// What the writer says of a message of which there is nothing to say, as of most: written once for all of them.
  fileprivate static let clearMembers: [UInt8] = {
    var writer = JSONWriter()
    writer.beginObject()
    let clear = Review(id: "", verdict: .allow, level: .public, ruleset: "")
    writer.judgementMembers(clear, failure: nil)
    writer.endObject()
    // Without the braces.
    return Array(writer.take().dropFirst().dropLast())
  }()
}

extension Review {
  /// Whether there is nothing to say of the message.
  fileprivate var isClear: Bool {
    verdict == .allow && level == .public && findings.isEmpty && gaps.isEmpty && tip == nil
      && observed == nil && overridden == nil && override == nil
  }
}

extension JSONWriter {
  /// Writes a review as an object.
  ///
  /// - Parameters:
  ///   - review: The review.
  ///   - failure: Why the message was not judged; `nil` where it was.
  ///   - elapsedMicroseconds: How long it took.
  package mutating func reviewLine(
    _ review: Review,
    failure: ReviewFailure? = nil,
    elapsedMicroseconds: Int
  ) {
    beginObject()
    reviewMembers(review, failure: failure, elapsedMicroseconds: elapsedMicroseconds)
    endObject()
  }

  /// Writes the members of a review into the open object.
  ///
  /// - Parameters:
  ///   - review: The review.
  ///   - failure: Why the message was not judged; `nil` where it was.
  ///   - elapsedMicroseconds: How long it took.
  package mutating func reviewMembers(
    _ review: Review,
    failure: ReviewFailure? = nil,
    elapsedMicroseconds: Int
  ) {
    key("id")
    string(review.id)
    if failure == nil, review.isClear {
      members(ReviewLine.clearMembers)
    } else {
      judgementMembers(review, failure: failure)
    }
    key("ruleset")
    string(review.ruleset)
    key("elapsed_us")
    integer(elapsedMicroseconds)
  }

  /// Writes what is said of a message, without what it is called and who says so.
  fileprivate mutating func judgementMembers(_ review: Review, failure: ReviewFailure?) {
    key("verdict")
    string(review.verdict.name)
    if let observed = review.observed {
      key("observed")
      string(observed.name)
    }
    if let overridden = review.overridden {
      key("overridden")
      string(overridden.name)
    }
    if let failure {
      key("failure")
      string(failure.rawValue)
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
    if let offer = review.override { overrideOffer(offer) }
  }

  /// Writes the member `override`: what a sender needs to send a stopped message all the same.
  private mutating func overrideOffer(_ offer: OverrideOffer) {
    key("override")
    beginObject()
    key("token")
    string(offer.token)
    key("expires")
    string(offer.expires)
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

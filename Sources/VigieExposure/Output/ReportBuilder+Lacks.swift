import VigieCore
import VigieReports

extension ReportBuilder {
  /// Why the archives may not hold all that could be read; `nil` where nothing says so.
  var archiveLack: Phrase? {
    let survey = ledger.judge.survey
    if !ledger.lostParts.isEmpty { return Phrase("hole.parts") }
    guard let times = survey.times else { return Phrase("hole.timeless") }
    if times.upperBound < survey.question.window.upperBound - LogEvidence.slack {
      return Phrase("hole.ends")
    }
    return outsideRooms.isEmpty ? nil : Phrase("hole.rooms")
  }

  /// Rooms that were read and that no archive holds.
  private var outsideRooms: [String] {
    let read = ledger.log?.rooms.filter { $0.value.readingCount > 0 } ?? [:]
    return read.keys.filter { ledger.judge.survey.index[$0] == nil }
  }

  /// Why the log may not show all that was read; `nil` where nothing says so.
  var logLack: Phrase? {
    guard let log = ledger.log else { return nil }
    if !log.coversWindow { return Phrase("hole.log-short") }
    if log.silence != nil { return Phrase("hole.log-silent") }
    if log.unreadCount > 0 { return Phrase("hole.log-unread") }
    if !outsideRooms.isEmpty { return Phrase("hole.log-rooms") }
    return log.otherAddressCount > 0 ? Phrase("hole.log-addresses") : nil
  }

  /// Everything that was not looked at or is not known, the gravest first.
  func lacks() -> [ExposureReport.Lack] {
    var lacks: [ExposureReport.Lack] = []
    func add(_ name: String, _ count: Int? = nil, _ words: Phrase? = nil) {
      guard count != 0 else { return }
      let words = words ?? Phrase("lack.\(name)")
      lacks.append(ExposureReport.Lack(name: name, count: count, words: words))
    }
    let survey = ledger.judge.survey
    if !survey.isAccountSeen { add("account-unseen") }
    add("access-unknown", survey.silentArchives.count)
    for reason in GapReason.allCases {
      let why = ["reason": Phrase("gap.\(reason.rawValue)")]
      let words = Phrase("lack.archive", parts: why)
      add("archive-\(reason.rawValue)", ledger.lostParts[reason] ?? 0, words)
    }
    if let times = survey.times, times.upperBound < survey.question.window.upperBound {
      let end = ["end": rfc3339(milliseconds: times.upperBound) ?? ""]
      add("archive-ends", nil, Phrase("lack.archive-ends", end))
    }
    let reached = Set(report.rooms.map(\.id))
    let unsure = survey.rooms.filter { !$0.isWhole && reached.contains($0.id) }
    add("membership-incomplete", unsure.count)
    let undated = survey.rooms.filter {
      reached.contains($0.id)
        && ($0.joinRules.undated != nil || $0.joinRules.isEmpty && $0.visibility != .unknown)
    }
    add("rules-undated", undated.count)
    add("encrypted", report.details.encrypted.possible)
    add("redacted", report.details.redacted.possible)
    if !ledger.isScanned { add("not-scanned") }
    for reason in GapReason.allCases {
      let why = ["reason": Phrase("gap.\(reason.rawValue)")]
      let words = Phrase("lack.message", parts: why)
      add("message-\(reason.rawValue)", ledger.lostInMessages[reason] ?? 0, words)
    }
    add("media-unsized", ledger.media.unsized)
    add("media-nameless", ledger.media.nameless.possible)
    guard let log else {
      add("no-log")
      return lacks
    }
    if !log.coversWindow { add("log-short") }
    if let silence = log.silence {
      let start = rfc3339(milliseconds: silence.lowerBound) ?? ""
      let end = rfc3339(milliseconds: silence.upperBound) ?? ""
      add("log-silent", nil, Phrase("lack.log-silent", ["start": start, "end": end]))
    }
    add("log-unread", log.unreadCount)
    add("log-anonymous-media", log.anonymousMediaCount)
    add("log-other-addresses", log.otherAddressCount)
    add("log-other-rooms", outsideRooms.count)
    add("log-out-of-reach", report.rooms.count { $0.way == .none && ($0.requests ?? 0) > 0 })
    return lacks
  }
}

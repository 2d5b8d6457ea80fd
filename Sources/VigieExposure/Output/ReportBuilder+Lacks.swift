import VigieCore
import VigieReports

extension ReportBuilder {
  /// Why the archives may not hold all that could be read; `nil` where nothing says so.
  var archiveLack: String? {
    let survey = ledger.judge.survey
    if !ledger.lostParts.isEmpty { return "parts of the archives could not be read" }
    guard let times = survey.times else { return "they hold no message with a time" }
    if times.upperBound < survey.question.window.upperBound - LogEvidence.slack {
      return "they end before the time asked about does"
    }
    return outsideRooms.isEmpty ? nil : "the access log names rooms that they do not hold"
  }

  /// Rooms that were read and that no archive holds.
  private var outsideRooms: [String] {
    let read = ledger.log?.rooms.filter { $0.value.readingCount > 0 } ?? [:]
    return read.keys.filter { ledger.judge.survey.index[$0] == nil }
  }

  /// Why the log may not show all that was read; `nil` where nothing says so.
  var logLack: String? {
    guard let log = ledger.log else { return nil }
    if !log.coversWindow { return "it does not cover the time asked about" }
    if log.silence != nil { return "it is silent for some of the time" }
    if log.unreadCount > 0 { return "some of its lines could not be read" }
    if !outsideRooms.isEmpty { return "it names rooms that no archive holds" }
    return log.otherAddressCount > 0 ? "requests from other addresses were left out" : nil
  }

  /// Everything that was not looked at or is not known, the gravest first.
  func lacks() -> [ExposureReport.Lack] {
    var lacks: [ExposureReport.Lack] = []
    func add(_ name: String, _ count: Int?, _ words: String) {
      if count != 0 { lacks.append(ExposureReport.Lack(name: name, count: count, words: words)) }
    }
    let survey = ledger.judge.survey
    if !survey.isAccountSeen {
      add("account-unseen", nil, "no archive names the account; its name may be written otherwise")
    }
    add(
      "access-unknown",
      survey.silentArchives.count,
      "archives do not say who was in their rooms, nor when"
    )
    for reason in GapReason.allCases {
      add(
        "archive-\(reason.rawValue)",
        ledger.lostParts[reason] ?? 0,
        "parts of archives were not read"
      )
    }
    if let times = survey.times, times.upperBound < survey.question.window.upperBound {
      let end = rfc3339(milliseconds: times.upperBound) ?? ""
      add(
        "archive-ends",
        nil,
        "the last message of the archives is of \(end): of later ones nothing is known"
      )
    }
    let reached = Set(report.rooms.map(\.id))
    let unsure = survey.rooms.filter { !$0.isWhole && reached.contains($0.id) }
    add(
      "membership-incomplete",
      unsure.count,
      "rooms in reach whose members are not all told; a ban of which nothing is said is taken for none"
    )
    let undated = survey.rooms.filter {
      reached.contains($0.id)
        && ($0.joinRules.undated != nil || $0.joinRules.isEmpty && $0.visibility != .unknown)
    }
    add(
      "rules-undated",
      undated.count,
      "rooms whose join rule is that of the end of the archive, taken to have held all along"
    )
    let details = report.details
    add(
      "encrypted",
      details.encrypted.possible,
      "messages in reach are encrypted end to end: their text needs the keys of the account"
    )
    add(
      "redacted",
      details.redacted.possible,
      "messages were readable and were taken away later: nobody can say any more what they held"
    )
    if !ledger.isScanned { add("not-scanned", nil, "no text was inspected for markings") }
    for reason in GapReason.allCases {
      add(
        "message-\(reason.rawValue)",
        ledger.lostInMessages[reason] ?? 0,
        "parts of messages in reach were not inspected"
      )
    }
    add("media-unsized", ledger.media.unsized, "files of which the archives do not say the size")
    add(
      "media-nameless",
      ledger.media.nameless.possible,
      "files that nothing tells apart: all may be one, or each another"
    )
    return lacks + logLacks()
  }

  private func logLacks() -> [ExposureReport.Lack] {
    guard let log = ledger.log else {
      let words = "without an access log nothing shows what was really read"
      return [ExposureReport.Lack(name: "no-log", count: nil, words: words)]
    }
    var lacks: [ExposureReport.Lack] = []
    func add(_ name: String, _ count: Int?, _ words: String) {
      if count != 0 { lacks.append(ExposureReport.Lack(name: name, count: count, words: words)) }
    }
    if !log.coversWindow {
      add("log-short", nil, "the access log does not cover the time asked about")
    }
    if let silence = log.silence {
      let start = rfc3339(milliseconds: silence.lowerBound) ?? ""
      let end = rfc3339(milliseconds: silence.upperBound) ?? ""
      add("log-silent", nil, "the access log says nothing from \(start) to \(end)")
    }
    add("log-unread", log.unreadCount, "lines of the access log could not be read")
    add(
      "log-anonymous-media",
      log.anonymousMediaCount,
      "media were fetched without saying by whom: whether by the account nobody can tell"
    )
    add(
      "log-other-addresses",
      log.otherAddressCount,
      "requests of the account from other addresses were left out, as asked"
    )
    add("log-other-rooms", outsideRooms.count, "rooms were read that no archive holds")
    let closed = report.rooms.filter { $0.way == .none && ($0.requests ?? 0) > 0 }
    add(
      "log-out-of-reach",
      closed.count,
      "rooms were read although by the archives the account could not: ask why"
    )
    return lacks
  }
}

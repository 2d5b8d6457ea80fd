import VigieReports

extension ReportBuilder {
  /// What a claim of a kind is held against; `nil` where it was not counted.
  func evidence(for subject: Claim.Subject) -> Claim.Evidence? {
    let details = report.details
    func evidence(_ path: KeyPath<ExposureReport.Sums, Figure>) -> Claim.Evidence {
      Claim.Evidence(
        could: report.could[keyPath: path],
        did: report.did?[keyPath: path],
        archiveLack: archiveLack,
        logLack: logLack
      )
    }
    switch subject {
    case .rooms: return evidence(\.rooms)
    case .accounts:
      var found = evidence(\.accounts)
      // What a server shows beside its rooms stands in no archive of rooms.
      found.archiveLack = archiveLack ?? Phrase("hole.directory")
      return found
    case .messages:
      var found = evidence(\.messages)
      // A server still lists messages that were taken away, emptied.
      let gone = [Ledger.Kind.message, .edit, .encrypted].reduce(0) {
        $0 + (ledger.outside[$1]?.gone ?? 0)
      }
      found.widenings = [
        .init(key: "widening.edits", count: details.edits.possible),
        .init(key: "widening.emptied", count: gone),
        .init(key: "widening.encrypted", count: details.encrypted.possible),
        .init(key: "widening.system", count: details.system.possible),
      ]
      return found
    case .media:
      var found = evidence(\.media)
      found.widenings = [
        .init(key: "widening.encrypted-files", count: details.encryptedMedia.possible),
        .init(
          key: "widening.orphans",
          count: ledger.goneMedia.count(beside: [ledger.media, ledger.encryptedMedia])
        ),
      ]
      return found
    case .bytes:
      var found = evidence(\.mediaByteCount)
      found.widenings = [
        .init(key: "widening.encrypted-files", count: ledger.encryptedMedia.byteCount.possible),
        .init(key: "widening.orphans", count: ledger.goneMedia.byteCount.possible),
      ]
      let unsized = ledger.media.unsized + ledger.media.nameless.possible
      if found.archiveLack == nil, unsized > 0 {
        found.archiveLack = Phrase("hole.unsized", count: unsized)
      }
      return found
    case .marked:
      guard let could = report.could.marked else { return nil }
      let isWhole = details.uninspected.possible == 0
      return Claim.Evidence(
        could: could,
        did: report.did?.marked,
        archiveLack: archiveLack ?? (isWhole ? nil : Phrase("hole.uninspected")),
        logLack: logLack
      )
    }
  }
}

package import VigieCore

extension MediaInspection {
  /// The most findings, and the most gaps, that are kept; the rest becomes a gap.
  private static let keptCount = 256

  /// What is kept until a message posts the file, or `nil` for nothing.
  ///
  /// A gap that may be gone at the next try is never kept. What was found all the same is, as ``partial``:
  /// it is no reason not to inspect again, and better than nothing where that cannot be done.
  package var worthKeeping: MediaInspection? {
    var kept = self
    kept.gaps.removeAll(where: \.reason.isTransient)
    if kept.gaps.count < gaps.count {
      if kept.findings.isEmpty { return nil }
      kept.basis = MediaInspection.partial
    }
    if kept.findings.count > MediaInspection.keptCount {
      // The gravest stay, in their order.
      let ranked = findings.enumerated().sorted {
        let (left, right) = ($0.element, $1.element)
        if left.usage != right.usage { return left.usage == .applied }
        if left.level != right.level { return left.level > right.level }
        return $0.offset < $1.offset
      }
      let offsets = ranked.prefix(MediaInspection.keptCount).map(\.offset).sorted()
      kept.findings = offsets.map { findings[$0] }
      kept.gaps.append(MediaInspection.cut("\(findings.count) findings"))
    }
    if kept.gaps.count > MediaInspection.keptCount {
      let cut = MediaInspection.cut("\(kept.gaps.count) gaps")
      kept.gaps = kept.gaps.prefix(MediaInspection.keptCount) + [cut]
    }
    return kept
  }

  private static func cut(_ what: String) -> Gap {
    Gap(
      place: Place(part: .attachment(0), role: .bodyText),
      reason: .limit,
      detail: "\(what); no more than \(keptCount) are kept from the upload to the message"
    )
  }
}

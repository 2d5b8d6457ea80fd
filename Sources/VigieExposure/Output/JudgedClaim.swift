package import VigieReports

/// A claim with what the evidence says of it, and why.
package struct JudgedClaim: Sendable {
  package var claim: Claim
  /// What could be read of the kind; `nil` where it was not counted.
  package var could: Figure?
  /// What was read of the kind; `nil` without an access log.
  package var did: Figure?
  package var verdict: ClaimVerdict
  /// The reason in words, without a full stop.
  package var reason: Phrase
}

extension Claim {
  /// What is held against a claim.
  struct Evidence {
    /// A wider way of counting: what it counts besides, and how many.
    struct Widening {
      var key: String
      var count: Int
    }

    /// What could be read.
    var could: Figure
    var did: Figure?
    /// Why there may be more than the archives show; `nil` where there cannot.
    var archiveLack: Phrase?
    /// Why more may have been read than the log shows; `nil` where it cannot.
    var logLack: Phrase?
    /// What some counts count besides, the most usual first.
    var widenings: [Widening] = []

    /// The most that any way of counting gives.
    var most: Int { could.possible + widenings.reduce(0) { $0 + $1.count } }
  }

  /// Holds evidence against the claim.
  func judged(by evidence: Evidence?) -> JudgedClaim {
    guard let evidence else {
      return JudgedClaim(claim: self, verdict: .unknown, reason: Phrase("claim.not-scanned"))
    }
    let (verdict, reason) = kind == .read ? read(evidence) : readable(evidence)
    return JudgedClaim(
      claim: self,
      could: evidence.could,
      did: evidence.did,
      verdict: verdict,
      reason: reason
    )
  }

  private func read(_ evidence: Evidence) -> (ClaimVerdict, Phrase) {
    let least = number.lowerBound
    if let did = evidence.did, did.certain >= least {
      return (.confirmed, Phrase("claim.log-least", ["n": show(did.certain)]))
    }
    // A log without a hole says the most of all, whatever the archives leave open.
    if let did = evidence.did, did.possible < least, evidence.logLack == nil {
      return (.contradicted, Phrase("claim.log-most", ["n": show(did.possible)]))
    }
    if let beyond = beyond(evidence, least) { return beyond }
    if let did = evidence.did, did.possible < least, let lack = evidence.logLack {
      let most = Phrase("claim.log-most", ["n": show(did.possible)])
      return (.unknown, Phrase("claim.but", parts: ["one": most, "other": lack]))
    }
    let shown =
      evidence.did.map { Phrase("claim.log-sure", ["n": show($0.certain)]) }
      ?? Phrase("claim.no-log")
    let could = evidence.could
    if least <= could.certain {
      let certain = Phrase("claim.could-least", ["n": show(could.certain)])
      return (.possible, Phrase(joined: [certain, shown], by: "; "))
    }
    if least <= could.possible {
      let range = Phrase("claim.doubts", range(could))
      return (.possible, Phrase(joined: [range, shown], by: "; "))
    }
    return (.possible, Phrase(joined: [widened(evidence, least), shown], by: "; "))
  }

  private func readable(_ evidence: Evidence) -> (ClaimVerdict, Phrase) {
    let could = evidence.could
    if number.upperBound < could.certain {
      return (.contradicted, Phrase("claim.could-least", ["n": show(could.certain)]))
    }
    if let beyond = beyond(evidence, number.lowerBound) { return beyond }
    if could.isExact, number.contains(could.certain), evidence.archiveLack == nil {
      return (.confirmed, Phrase("claim.just-as-many"))
    }
    if number.lowerBound > could.possible {
      return (.possible, widened(evidence, number.lowerBound))
    }
    if could.isExact, number.contains(could.certain), let lack = evidence.archiveLack {
      let many = Phrase("claim.just-as-many")
      return (.possible, Phrase("claim.but", parts: ["one": many, "other": lack]))
    }
    return (.possible, Phrase("claim.between", range(could)))
  }

  /// What is to say where more is claimed than the archives hold in reach.
  private func beyond(_ evidence: Evidence, _ least: Int) -> (ClaimVerdict, Phrase)? {
    guard least > evidence.most else { return nil }
    let most = ["n": show(evidence.most)]
    guard let lack = evidence.archiveLack else {
      return (.contradicted, Phrase("claim.any-way", most))
    }
    let shown = Phrase("claim.archives-most", most)
    return (.unknown, Phrase("claim.but", parts: ["one": shown, "other": lack]))
  }

  /// The wider ways of counting that a number needs, and what they come to.
  private func widened(_ evidence: Evidence, _ least: Int) -> Phrase {
    var sum = evidence.could.possible
    var ways: [Phrase] = []
    for widening in evidence.widenings where sum < least && widening.count > 0 {
      sum += widening.count
      ways.append(Phrase(widening.key, ["n": show(widening.count)]))
    }
    return Phrase(
      "claim.widened",
      parts: [
        "n": Phrase(plain: show(evidence.could.possible)), "ways": Phrase(joined: ways, by: " + "),
        "sum": Phrase(plain: show(sum)),
      ]
    )
  }

  private func range(_ figure: Figure) -> [String: String] {
    ["least": show(figure.certain), "most": show(figure.possible)]
  }

  private func show(_ count: Int) -> String { ExposureReport.show(count, of: subject) }
}

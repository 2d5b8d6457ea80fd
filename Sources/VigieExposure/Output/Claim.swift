/// What somebody says was read, or could be.
package struct Claim: Sendable, Equatable {
  /// What is counted.
  package enum Subject: String, Sendable, CaseIterable {
    case rooms
    case accounts
    case messages
    case media
    /// Bytes of media.
    case bytes
    /// Messages with a marking of `restricted` or above.
    case marked
  }

  /// What is claimed of them.
  package enum Kind: String, Sendable, CaseIterable {
    /// That at least so many were read.
    case read
    /// That just so many could be read.
    case readable
  }

  package var kind: Kind
  package var subject: Subject
  /// The number, or for a rounded one such as `13.5GB` all that round to it.
  package var number: ClosedRange<Int>
  /// The number as it was said.
  package var text: String

  /// Reads `messages=643459`, `bytes=13.5GB`, `readable:accounts=73467`; `nil` for anything else.
  package init?(_ text: String) {
    let halves = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard halves.count == 2 else { return nil }
    let names = halves[0].split(separator: ":", omittingEmptySubsequences: false)
    guard names.count <= 2, let subject = names.last.flatMap({ Subject(rawValue: String($0)) }),
      let kind = names.count == 1 ? Kind.read : Kind(rawValue: String(names[0])),
      let number = Claim.number(halves[1], isSize: subject == .bytes)
    else { return nil }
    self.kind = kind
    self.subject = subject
    self.number = number
    self.text = String(halves[1])
  }

  /// The range of numbers that a text may stand for.
  private static func number(_ text: Substring, isSize: Bool) -> ClosedRange<Int>? {
    var unit = 1
    var digits = text
    if isSize {
      for (name, factor) in [
        ("kB", 1000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("TB", 1_000_000_000_000), ("B", 1),
      ] where digits.hasSuffix(name) {
        unit = factor
        digits = digits.dropLast(name.count)
        break
      }
    }
    digits = Substring(digits.filter { !",_ ".contains($0) })
    let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 1 || parts.count == 2 && isSize, parts.allSatisfy({ !$0.isEmpty }),
      digits.utf8.allSatisfy({ $0 &- 0x30 < 10 || $0 == UInt8(ascii: ".") }),
      let whole = Int(parts[0]), whole <= 1_000_000_000_000_000 / unit
    else { return nil }
    if unit == 1 { return parts.count == 1 ? whole...whole : nil }
    var step = unit
    var value = whole * unit
    for digit in parts.count > 1 ? Array(parts[1].utf8.prefix(9)) : [] {
      step /= 10
      value += Int(digit - 0x30) * step
    }
    return value - step / 2...value + step / 2
  }
}

/// What the evidence says of a claim.
package enum ClaimVerdict: String, Sendable, CaseIterable {
  case confirmed
  case possible
  case contradicted
  case unknown
}

/// A claim with what the evidence says of it, and why.
package struct JudgedClaim: Sendable {
  package var claim: Claim
  /// What could be read of the kind; `nil` where it was not counted.
  package var could: Figure?
  /// What was read of the kind; `nil` without an access log.
  package var did: Figure?
  package var verdict: ClaimVerdict
  /// The reason in words.
  package var reason: String
}

extension Claim {
  /// What is held against a claim.
  struct Evidence {
    /// What could be read.
    var could: Figure
    /// The most that any way of counting gives.
    var most: Int
    var did: Figure?
    /// Why there may be more than the archives show; `nil` where there cannot.
    var archiveLack: String?
    /// Why more may have been read than the log shows; `nil` where it cannot.
    var logLack: String?
    /// What is counted only by the widest way of counting.
    var widening: String?
  }

  /// Holds evidence against the claim.
  func judged(by evidence: Evidence?) -> JudgedClaim {
    guard let evidence else {
      let reason = "the texts were not inspected, so nobody knows which carry a marking"
      return JudgedClaim(claim: self, verdict: .unknown, reason: reason)
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

  private func read(_ evidence: Evidence) -> (ClaimVerdict, String) {
    let least = number.lowerBound
    if let did = evidence.did, did.certain >= least {
      return (.confirmed, "the access log shows at least \(show(did.certain))")
    }
    // A log without a hole says the most of all, whatever the archives leave open.
    if let did = evidence.did, did.possible < least, evidence.logLack == nil {
      return (.contradicted, "the access log shows at most \(show(did.possible))")
    }
    if let beyond = beyond(evidence, least) { return beyond }
    if let did = evidence.did, did.possible < least, let lack = evidence.logLack {
      return (.unknown, "the access log shows at most \(show(did.possible)), but \(lack)")
    }
    let shown =
      evidence.did.map { "the access log shows \(show($0.certain)) for sure" }
      ?? "without an access log nothing shows that any was read"
    if least <= evidence.could.certain {
      return (.possible, "at least \(show(evidence.could.certain)) could be read; \(shown)")
    }
    if least <= evidence.could.possible {
      let range = "\(show(evidence.could.certain)) to \(show(evidence.could.possible))"
      return (.possible, "only if the doubts allow it: \(range) could be read; \(shown)")
    }
    return (.possible, "only if \(evidence.widening ?? "more is counted") as well; \(shown)")
  }

  private func readable(_ evidence: Evidence) -> (ClaimVerdict, String) {
    let could = evidence.could
    if number.upperBound < could.certain {
      return (.contradicted, "at least \(show(could.certain)) could be read")
    }
    if let beyond = beyond(evidence, number.lowerBound) { return beyond }
    if could.isExact, number.contains(could.certain), evidence.archiveLack == nil {
      return (.confirmed, "the archives show just as many")
    }
    if number.lowerBound > could.possible {
      return (.possible, "only if \(evidence.widening ?? "more is counted") as well")
    }
    if could.isExact, number.contains(could.certain) {
      return (.possible, "the archives show just as many, but \(evidence.archiveLack ?? "")")
    }
    let range = "\(show(could.certain)) to \(show(could.possible))"
    return (.possible, "between the ends of what could be read: \(range)")
  }

  /// What is to say where more is claimed than the archives hold in reach.
  private func beyond(_ evidence: Evidence, _ least: Int) -> (ClaimVerdict, String)? {
    guard least > evidence.most else { return nil }
    if let lack = evidence.archiveLack {
      return (.unknown, "the archives show at most \(show(evidence.most)), but \(lack)")
    }
    return (
      .contradicted, "no more than \(show(evidence.most)) could be read in any way of counting"
    )
  }

  private func show(_ count: Int) -> String { ExposureReport.show(count, of: subject) }
}

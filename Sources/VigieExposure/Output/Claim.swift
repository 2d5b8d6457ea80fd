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

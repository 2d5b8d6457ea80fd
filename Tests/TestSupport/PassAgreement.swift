import VigieCore
package import VigieRulebook
import VigieScanning
import VigieText

/// Whether a pass by the kernel finds what the pass in Swift finds.
package struct PassAgreement: ~Copyable {
  private var portable: Sweep
  private var kernel: Sweep
  /// How many matches the pass in Swift found so far.
  package private(set) var matchCount = 0

  /// Compares passes with some rules.
  package init(_ rules: CompiledRules, _ variant: PassKernel.Variant) {
    portable = Sweep(rules, variant: .portable)
    kernel = Sweep(rules, variant: variant)
  }

  /// Passes over a text both ways.
  ///
  /// A phrase and a pattern of a rule may see the same place: whichever ends first is found, and either is right.
  ///
  /// - Parameters:
  ///   - text: The text; one of every fifth length is a file name.
  ///   - hasUnseen: Whether a short form may be found in addition that touches what nobody sees.
  /// - Returns: What the kernel missed of a text, and what it found that is none, or `nil` where it is right.
  package mutating func difference(_ text: [UInt8], hasUnseen: Bool = false) -> String? {
    let role: Role = text.count % 5 == 0 ? .filename : .body
    let expected = PassAgreement.found(&portable, text, role)
    let got = PassAgreement.found(&kernel, text, role)
    matchCount += expected.count
    if got == expected { return nil }
    let missed = expected.subtracting(got).filter { !$0.isSeenOtherwise(in: got) }
    let added = got.subtracting(expected).filter {
      !$0.isSeenOtherwise(in: expected) && !(hasUnseen && $0.isBesideUnseen(in: text))
    }
    if missed.isEmpty, added.isEmpty { return nil }
    return "missed \(missed.map(\.words).sorted()), added \(added.map(\.words).sorted())"
  }

  private static func found(_ sweep: inout Sweep, _ text: [UInt8], _ role: Role) -> Set<Found> {
    sweep.run(text.span, role: role)
    return Set(
      sweep.matches.map {
        Found(
          rule: $0.rule,
          range: $0.range,
          source: "\($0.source)",
          look: "\($0.letterCase) \($0.disguise.names)"
        )
      }
    )
  }
}

/// A match, as passes are compared.
private struct Found: Hashable {
  var rule: Int
  var range: Range<Int>
  var source: String
  var look: String

  var words: String { "\(rule) \(range) \(source) \(look)" }

  /// Whether others have a match of its rule at its place from another source.
  func isSeenOtherwise(in others: Set<Found>) -> Bool {
    others.contains { $0.rule == rule && $0.range == range && $0.source != source }
  }

  /// Whether a short form touches what nobody sees: whether the pass in Swift then takes the letter behind that
  /// for its neighbour hangs on whether an even or an odd byte is before it.
  func isBesideUnseen(in text: [UInt8]) -> Bool {
    source != "phrase"
      && (range.lowerBound > 0 && text[range.lowerBound - 1] >= 0x80
        || range.upperBound < text.count && text[range.upperBound] >= 0x80)
  }
}

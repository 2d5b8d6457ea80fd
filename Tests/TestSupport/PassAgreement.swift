import VigieCore
package import VigieRulebook
import VigieScanning
import VigieText

/// Whether passes by variants of the kernel find what the pass in Swift finds.
package final class PassAgreement {
  private let portable: Pass
  private let kernels: [Pass]
  /// How many matches the pass in Swift found so far.
  package private(set) var matchCount = 0

  /// Compares passes with some rules.
  package init(_ rules: CompiledRules, _ variants: [PassKernel.Variant]) {
    portable = Pass(rules, .portable)
    kernels = variants.map { Pass(rules, $0) }
  }

  /// Passes over a text in all ways.
  ///
  /// A phrase and a pattern of a rule may see the same place: whichever ends first is found, and either is right.
  ///
  /// - Parameters:
  ///   - text: The text; one of every fifth length is a file name.
  ///   - hasUnseen: Whether a short form may be found in addition that touches what nobody sees.
  /// - Returns: The first variant that is not right, what it missed of a text, and what it found that is none.
  package func difference(_ text: [UInt8], hasUnseen: Bool = false) -> String? {
    let role: Role = text.count % 5 == 0 ? .filename : .body
    let expected = portable.found(in: text, role)
    matchCount += expected.count
    for kernel in kernels {
      let got = kernel.found(in: text, role)
      if got == expected { continue }
      let missed = expected.subtracting(got).filter { !$0.isSeenOtherwise(in: got) }
      let added = got.subtracting(expected).filter {
        !$0.isSeenOtherwise(in: expected) && !(hasUnseen && $0.isBesideUnseen(in: text))
      }
      if missed.isEmpty, added.isEmpty { continue }
      let lists = "missed \(missed.map(\.words).sorted()), added \(added.map(\.words).sorted())"
      return "\(kernel.variant) \(lists)"
    }
    return nil
  }
}

/// The pass of one variant.
private final class Pass {
  let variant: PassKernel.Variant
  private var sweep: Sweep

  init(_ rules: CompiledRules, _ variant: PassKernel.Variant) {
    self.variant = variant
    sweep = Sweep(rules, variant: variant)
  }

  /// What it finds in a text.
  func found(in text: [UInt8], _ role: Role) -> Set<Found> {
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

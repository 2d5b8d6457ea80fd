/// What must hold around a hit of the anchors before it is worth a look: tested inside the pass.
///
/// A word's edge is where no letter touches it: digits may, as in `FR76`. Short anchors (*DR*, *TS*, *LES*) stand inside every other word of running text.
package struct AnchorGate: Sendable, Equatable {
  /// How many bytes back the literal starts, where it must start a word; 0 where it need not.
  package var startDistance: UInt8 = 0
  /// Whether the literal must end a word.
  package var endsWord = false
  /// The byte the literal must end with, where only one case will do; 0 where any will.
  package var lastByte: UInt8 = 0

  /// The gate of the literals that end in one state: what all of them ask for.
  init(_ targets: [Prefilter.AnchorTarget]) {
    guard let first = targets.first else { return }
    if targets.allSatisfy(\.isWholeWord) {
      endsWord = true
      if targets.allSatisfy({ $0.literal.count == first.literal.count }), first.literal.count < 256
      {
        startDistance = UInt8(first.literal.count)
      }
    }
    if targets.allSatisfy({ $0.isExact && $0.literal.last == first.literal.last }) {
      lastByte = first.literal.last ?? 0
    }
  }
}

package import VigieCore
package import VigieRulebook

/// Finds and weighs the markings of texts on one thread; holds the scratch memory of that thread.
package final class Scanner {
  /// How much of a text is decoded at once, bytes, and how much of it is seen twice.
  ///
  /// The overlap is far beyond the longest span of a phrase (its letters × the greatest gap).
  package static let window = (count: 1 << 20, overlap: 1 << 16)

  // Unchecked: a scanner is of one thread, and nothing that a scan calls knows it. To look for a second user at each text
  // takes as long as to read some twenty bytes.
  @safe @exclusivity(unchecked) private var desk: ScannerDesk

  /// A scanner for some rules.
  ///
  /// - Parameters:
  ///   - rules: What to find.
  ///   - window: How much of a text is decoded at once, and how much of that twice.
  ///   - maxMatchCount: The most places of one view that are judged.
  ///   - meter: What counts the cost of rules; nothing by default.
  ///   - variant: How texts are passed over: one that this machine has.
  package init(
    _ rules: CompiledRules,
    window: (count: Int, overlap: Int) = Scanner.window,
    maxMatchCount: Int = Sweep.maxMatchCount,
    meter: SweepMeter? = nil,
    variant: PassKernel.Variant = .chosen
  ) {
    self.desk = ScannerDesk(
      rules,
      window: window,
      maxMatchCount: maxMatchCount,
      meter: meter,
      variant: variant
    )
  }

  /// Everything weighed in the last text, in text order.
  package var judgements: [Judgement] { desk.judgements }
  /// What could not be looked at in the last text.
  package var gaps: [(reason: GapReason, detail: String)] { desk.gaps }

  /// How many places may be looked at in a text before it is given up.
  package var effort: Int {
    get { desk.effort }
    set { desk.effort = newValue }
  }
  /// Whether judgements may be left out that another one covers: nobody asks for all that was considered.
  package var leavesOutCovered: Bool {
    get { desk.leavesOutCovered }
    set { desk.leavesOutCovered = newValue }
  }
  /// Whether the last text was given up: what was found in it is not all.
  package var isExhausted: Bool { desk.isExhausted }

  /// Scans a text.
  ///
  /// - Parameters:
  ///   - text: UTF-8, as far as it is.
  ///   - role: What the text is.
  /// - Returns: Whether there is any judgement or gap to look at, or the text was given up.
  @discardableResult
  package func scan(_ text: Span<UInt8>, role: Role) -> Bool { desk.scan(text, role: role) }
}

import CVigieKernel
import VigieText

/// The pass over a text in C, for vectors, with its tables.
///
/// It finds the places that the portable pass stops at and that hold a string of the rules as a whole; see
/// `CVigieKernel.h` for what it does.
@safe
package final class PassKernel: @unchecked Sendable {
  // Unchecked: all memory is written in the initializer and only read afterwards.

  /// A variant of the kernel.
  package enum Variant: UInt32, Sendable, CaseIterable {
    /// The pass in Swift.
    case portable
    /// The kernel without vectors.
    case scalar
    /// Vectors of x86-64.
    case avx2
    /// Vectors of AVX-512 with VBMI2.
    case avx512
    /// Vectors of 64-bit ARM.
    case neon

    /// The one in use: what the environment variable `VIGIE_KERNEL` names, else the fastest that this machine has.
    package static let chosen = Variant(rawValue: vigie_chosen_variant().rawValue) ?? .portable

    /// The one of a name as `VIGIE_KERNEL` takes it; `nil` where there is none, or this machine does not have it.
    package init?(named name: String) {
      var variant = VIGIE_PORTABLE
      guard unsafe vigie_find_variant(name, &variant) != 0 else { return nil }
      self.init(rawValue: variant.rawValue)
    }

    /// Whether this machine has it.
    package var isAvailable: Bool { vigie_has_variant(vigie_variant(rawValue)) != 0 }
  }

  /// The strings of a stream and the windows by which they are met.
  package typealias Strings = (windows: WindowSet, symbols: [[UInt8]])

  let tables: UnsafeMutablePointer<vigie_tables>
  let memory: TableMemory

  /// The tables of a set of rules.
  ///
  /// - Parameters:
  ///   - phrases: The phrases of the skeleton.
  ///   - anchors: The windows of anchors, and what they ask for.
  ///   - seeksDigits: Whether runs of digits are sought.
  init(
    phrases: Strings,
    anchors: (windows: WindowSet, groups: [Prefilter.AnchorGroup]),
    seeksDigits: Bool
  ) {
    let memory = TableMemory()
    let anchorStrings = anchors.groups.map { group in
      KernelString(group.literal, .bytes(isExact: group.isExact), isWord: group.isWholeWord)
    }
    let phraseStrings = phrases.symbols.map { KernelString($0, .symbols) }
    let phraseDesign = SieveDesign(
      phraseStrings.map(\.sought),
      of: .symbols,
      maxPlaceGroupCount: 1,
      shares: KernelAlphabet.symbolShares
    )
    let anchorDesign = SieveDesign(
      anchorStrings.map(\.sought),
      of: .text,
      maxPlaceGroupCount: 4,
      shares: KernelAlphabet.classShares
    )
    unsafe tables = .allocate(capacity: 1)
    unsafe tables.initialize(
      to: vigie_tables(
        phrases: memory.stream(phrases.windows, phraseStrings),
        anchors: memory.stream(anchors.windows, anchorStrings),
        phrase_sieve: memory.sieve(phraseDesign, phraseStrings),
        anchor_sieve: memory.sieve(anchorDesign, anchorStrings),
        seeks_digits: seeksDigits ? 1 : 0,
        symbols: memory.copy(KernelAlphabet.symbols),
        codes: memory.copy(KernelAlphabet.codes),
        latin: memory.copy(KernelAlphabet.latin)
      )
    )
    self.memory = memory
  }

  deinit { unsafe tables.deallocate() }

  /// The kernel of compiled rules; made where it is asked for, since the pass in Swift is the default.
  package convenience init(_ rules: CompiledRules) {
    let prefilter = rules.prefilter
    self.init(
      phrases: (
        prefilter.phraseWindows,
        prefilter.phraseStrings.map { string in
          Array(rules.phrases[string.phrase].folded.symbols[string.letters])
        }
      ),
      anchors: (prefilter.anchorWindows, prefilter.anchorGroups),
      seeksDigits: !rules.digitPatterns.isEmpty
    )
  }

  /// A kernel that somebody else keeps, for who passes over millions of texts: no reference is counted.
  @safe
  package struct Lent: @unchecked Sendable {
    // Unchecked: as of the kernel.
    private let tables: UnsafeMutablePointer<vigie_tables>

    /// A kernel that outlives this value.
    package init(_ kernel: PassKernel) { unsafe tables = kernel.tables }

    /// Passes over one segment of a text.
    ///
    /// - Parameters:
    ///   - text: The whole text.
    ///   - start: Where the segment starts; segments come in order, after ``PassScratch/begin()``.
    ///   - variant: A variant that this machine has, not the portable one.
    ///   - scratch: Takes what is found.
    /// - Returns: `false` where there is more than the kernel can tell: the portable pass must do it.
    package func pass(
      _ text: Span<UInt8>,
      from start: Int,
      _ variant: Variant,
      _ scratch: borrowing PassScratch
    ) -> Bool {
      while true {
        let outcome = unsafe text.withUnsafeBufferPointer { bytes in
          unsafe vigie_pass(
            tables,
            scratch.memory,
            vigie_variant(variant.rawValue),
            bytes.baseAddress,
            bytes.count,
            start,
            scratch.result
          )
        }
        if outcome == VIGIE_DONE { return true }
        guard outcome == VIGIE_MISSING, scratch.describeMissingRow() else { return false }
      }
    }
  }
}

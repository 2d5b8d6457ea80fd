package import VigieText
import VigieUnicode

/// What one pass over a text looks for: windows of phrases in the skeleton, anchors in the bytes.
package struct Prefilter: Sendable {
  /// The facts of one byte, packed.
  ///
  /// Bits 0…7: its skeleton symbol, silent beyond ASCII; bits 8…15: its column among the
  /// anchors' bytes; bits 16…: ``ByteSign``; bit 31: ``ByteClass/letter``.
  package var byteClasses: [UInt32]
  /// The same for the scalars of ``ByteClass/wideScalar(_:)``, without columns;
  /// ``ByteClass/longWay`` where a symbol and signs do not say all.
  package var wideClasses: [UInt32]
  /// Windows of skeleton phrases; separators do not move it.
  package var skeleton: Automaton
  /// Windows of phrases of other scripts.
  package var script: Automaton
  /// Whether any phrase needs the script view.
  package var hasScriptPhrases: Bool
  /// Anchors and marks, letters without regard to case.
  package var anchors: Automaton
  /// For each accepting state of ``anchors`` what a hit must pass.
  package var anchorGates: [AnchorGate]
  /// For each window of the skeleton its phrases.
  package var skeletonWindows: [[PhraseWindow]]
  /// For each window of the script view its phrases.
  package var scriptWindows: [[PhraseWindow]]
  /// For each anchor what it may belong to.
  package var anchorTargets: [AnchorTarget]

  /// One phrase in which a window stands.
  package struct PhraseWindow: Sendable {
    package var phrase: Int
    /// How many letters of the phrase come up to the end of the window.
    package var letterCount: Int
  }

  /// One literal and where it leads.
  package struct AnchorTarget: Sendable {
    package enum Kind: Sendable { case pattern(Int), mark(Int) }
    package var literal: [UInt8]
    package var kind: Kind
    /// Whether the literal must stand in this very case.
    package var isExact: Bool
    /// Whether a letter right before or after it rules it out; for a mark a digit does as well.
    package var isWholeWord: Bool
  }

  /// The longest window of a phrase, letters.
  static let maxWindowCount = 6

  init(phrases: [FoldedPhrase], anchors targets: [AnchorTarget]) {
    var strings: [FoldedView: [[UInt8]]] = [:]
    var windows: [FoldedView: [[PhraseWindow]]] = [.skeleton: [], .script: []]
    var known: [FoldedView: [[UInt8]: Int]] = [:]
    for (index, phrase) in phrases.enumerated() where !phrase.letters.isEmpty {
      let symbols = phrase.symbols
      let start = Prefilter.window(of: symbols)
      let end = min(start + Prefilter.maxWindowCount, symbols.count)
      let window = Array(symbols[start..<end])
      let place = PhraseWindow(phrase: index, letterCount: end)
      if let number = known[phrase.view]?[window] {
        windows[phrase.view]?[number].append(place)
      } else {
        known[phrase.view, default: [:]][window] = strings[phrase.view, default: []].count
        strings[phrase.view, default: []].append(window)
        windows[phrase.view]?.append([place])
      }
    }
    self.skeleton = Automaton(
      strings: strings[.skeleton] ?? [],
      columnCount: FoldedView.skeleton.columnCount,
      silentColumn: 0
    )
    self.script = Automaton(
      strings: strings[.script] ?? [],
      columnCount: FoldedView.script.columnCount,
      silentColumn: 0
    )
    self.hasScriptPhrases = strings[.script] != nil
    self.skeletonWindows = windows[.skeleton] ?? []
    self.scriptWindows = windows[.script] ?? []

    var columns = [UInt8](repeating: 0, count: 256)
    var next: UInt8 = 1
    let used = Set(targets.flatMap { $0.literal.map(Prefilter.lowercased) })
    // The letters of running text first: what a pass touches of a row is then one line of a cache.
    let letters = Prefilter.lettersByShare.filter(used.contains)
    for byte in letters + used.subtracting(letters).sorted() {
      columns[Int(byte)] = next
      if (0x61...0x7A).contains(byte) { columns[Int(byte) - 0x20] = next }
      next += 1
    }
    let escapeColumn = next
    for byte in 0x80..<0x100 { columns[byte] = escapeColumn }
    var columnCount = 1
    while columnCount <= Int(escapeColumn) { columnCount *= 2 }
    self.anchors = Automaton(
      strings: targets.map { $0.literal.map { columns[Int(Prefilter.lowercased($0))] } },
      columnCount: columnCount,
      silentColumn: nil,
      escapeColumn: Int(escapeColumn)
    )
    let anchors = self.anchors
    self.anchorGates = (0..<anchors.acceptingCount).map { number in
      AnchorGate(anchors.outputs(ofAccepting: number).map { targets[Int($0)] })
    }
    self.anchorTargets = targets
    self.byteClasses = (0..<256).map { value in
      let byte = UInt8(value)
      let symbol = byte < 0x80 ? UInt32(ScalarFold.skeleton(UInt32(byte))) : 0
      let letter = (0x61...0x7A).contains(byte | 0x20) ? ByteClass.letter : 0
      return symbol | UInt32(columns[value]) << 8 | ByteSign(of: byte).rawValue << 16 | letter
    }
    self.wideClasses = (0..<ByteClass.wideCount).map { index in
      let scalar = ByteClass.wideScalar(index)
      let signs = ByteSign(of: scalar, besideLetter: true)
      let symbol = ScalarFold.skeleton(scalar)
      // Several letters, or a sign that hangs on the neighbours: for the long way.
      guard symbol < 32, signs == ByteSign(of: scalar, besideLetter: false) else {
        return ByteClass.longWay
      }
      return UInt32(symbol) | signs.rawValue << 16
    }
  }

  /// The rarest window of a phrase: the one whose letters are the least common in running text.
  private static func window(of symbols: [UInt8]) -> Int {
    guard symbols.count > maxWindowCount else { return 0 }
    func cost(_ start: Int) -> Double {
      symbols[start..<(start + maxWindowCount)].reduce(0) { $0 + commonness[Int($1) & 31] }
    }
    return (0...(symbols.count - maxWindowCount)).min { cost($0) < cost($1) } ?? 0
  }

  /// The letters, the most common first.
  private static let lettersByShare = Array("eantsrioludcmpghfvbzqkywxj".utf8)

  /// How common a letter is in French, English and German together, as the logarithm of its share.
  ///
  /// *Source:* counted over the training texts of the three languages; only the order matters.
  private static let commonness: [Double] = {
    var table = [Double](repeating: -4, count: 32)
    for (rank, letter) in lettersByShare.enumerated() {
      table[Int(ScalarFold.skeleton(UInt32(letter))) & 31] = max(
        table[Int(ScalarFold.skeleton(UInt32(letter))) & 31],
        -Double(rank) / 6
      )
    }
    return table
  }()

  static func lowercased(_ byte: UInt8) -> UInt8 {
    (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
  }
}

/// Values of the fields of a byte class.
///
/// Public only so that they are inlined into the pass, as constants of another module are not.
public enum ByteClass {
  /// A symbol and signs do not say all of the scalar.
  @inlinable public static var longWay: UInt32 { 0xFF }
  /// The byte is an ASCII letter.
  @inlinable public static var letter: UInt32 { 1 << 31 }

  /// How many scalars ``Prefilter/wideClasses`` knows: those of two bytes, and U+2000…U+203F.
  static let wideCount = 2_048 + 64

  /// The scalar at a place of ``Prefilter/wideClasses``.
  static func wideScalar(_ index: Int) -> UInt32 {
    index < 2_048 ? UInt32(index) : 0x2000 + UInt32(index - 2_048)
  }
}

/// What a byte or scalar says of the text it stands in: which further views may be needed.
package struct ByteSign: OptionSet, Sendable {
  package let rawValue: UInt32

  @inlinable package init(rawValue: UInt32) { self.rawValue = rawValue }

  /// `<` or `&`.
  @inlinable package static var markup: ByteSign { ByteSign(rawValue: 1 << 0) }
  /// `%`.
  @inlinable package static var percent: ByteSign { ByteSign(rawValue: 1 << 1) }
  /// `!`, `|` or `+`.
  @inlinable package static var leet: ByteSign { ByteSign(rawValue: 1 << 2) }
  /// `\`.
  @inlinable package static var backslash: ByteSign { ByteSign(rawValue: 1 << 3) }
  /// A scalar beyond ASCII that looks like another, or is invisible.
  @inlinable package static var lookalike: ByteSign { ByteSign(rawValue: 1 << 4) }
  /// A Greek or Cyrillic letter.
  @inlinable package static var script: ByteSign { ByteSign(rawValue: 1 << 5) }
  /// A byte that is not UTF-8.
  @inlinable package static var malformed: ByteSign { ByteSign(rawValue: 1 << 6) }

  /// The signs that bear on decoding.
  package var decoderSigns: Decoder.Steps.Signs {
    Decoder.Steps.Signs(rawValue: UInt8(truncatingIfNeeded: rawValue & 0x1F))
  }

  /// The signs of a scalar beyond ASCII.
  ///
  /// - Parameters:
  ///   - scalar: The scalar.
  ///   - besideLetter: Whether a letter stands right before or after it.
  package init(of scalar: UInt32, besideLetter: @autoclosure () -> Bool) {
    let entry = ScalarFold.entry(scalar)
    let kind = entry.kind
    var bits: UInt32 = entry.isScriptLetter ? ByteSign.script.rawValue : 0
    let isInvisible = kind.contains(.ignorable) && scalar != 0xFE0F && scalar != 0x200D
    let isMarked = kind.contains(.mark) || kind.contains(.diacritic) && scalar > 0x17F
    // A look-alike by itself is a symbol; beside other letters it is part of a word.
    let isLookalike = kind.contains(.homoglyph) || kind.contains(.compatibility) && entry.isWord
    if isInvisible || isMarked || isLookalike && besideLetter() {
      bits |= ByteSign.lookalike.rawValue
    }
    if scalar == 0x20AC { bits |= ByteSign.leet.rawValue }
    self.rawValue = bits
  }

  init(of byte: UInt8) {
    switch byte {
    case UInt8(ascii: "<"), UInt8(ascii: "&"): self = .markup
    case UInt8(ascii: "%"): self = .percent
    case UInt8(ascii: "!"), UInt8(ascii: "|"), UInt8(ascii: "+"): self = .leet
    case UInt8(ascii: "\\"): self = .backslash
    default: self = ByteSign(rawValue: 0)
    }
  }
}

package import VigieText
import VigieUnicode

/// What one pass over a text looks for: windows of phrases in the skeleton, anchors in the bytes.
package struct Prefilter: Sendable {
  /// The facts of one byte, packed.
  ///
  /// Bits 0…7: its skeleton symbol, or ``ByteClass/multibyte``; bits 8…15: its column among the
  /// anchors' bytes; bits 16…: ``ByteSign``.
  package var byteClasses: [UInt32]
  /// Windows of skeleton phrases; separators do not move it.
  package var skeleton: Automaton
  /// Windows of phrases of other scripts.
  package var script: Automaton
  /// Whether any phrase needs the script view.
  package var hasScriptPhrases: Bool
  /// Anchors and marks, letters without regard to case.
  package var anchors: Automaton
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
      strings: strings[.skeleton] ?? [], columnCount: FoldedView.skeleton.columnCount,
      silentColumn: 0)
    self.script = Automaton(
      strings: strings[.script] ?? [], columnCount: FoldedView.script.columnCount, silentColumn: 0)
    self.hasScriptPhrases = strings[.script] != nil
    self.skeletonWindows = windows[.skeleton] ?? []
    self.scriptWindows = windows[.script] ?? []

    var columns = [UInt8](repeating: 0, count: 256)
    var next: UInt8 = 1
    for target in targets {
      for byte in target.literal {
        let low = Prefilter.lowercased(byte)
        guard columns[Int(low)] == 0 else { continue }
        columns[Int(low)] = next
        if (0x61...0x7A).contains(low) { columns[Int(low) - 0x20] = next }
        next += 1
      }
    }
    var columnCount = 1
    while columnCount < Int(next) { columnCount *= 2 }
    self.anchors = Automaton(
      strings: targets.map { $0.literal.map { columns[Int(Prefilter.lowercased($0))] } },
      columnCount: columnCount, silentColumn: nil)
    self.anchorTargets = targets
    self.byteClasses = (0..<256).map { value in
      let byte = UInt8(value)
      let symbol = byte < 0x80 ? UInt32(ScalarFold.skeleton(UInt32(byte))) : ByteClass.multibyte
      return symbol | UInt32(columns[value]) << 8 | ByteSign(of: byte).rawValue << 16
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

  /// How common a letter is in French, English and German together, as the logarithm of its share.
  ///
  /// *Source:* counted over the training texts of the three languages; only the order matters.
  private static let commonness: [Double] = {
    var table = [Double](repeating: -4, count: 32)
    let byShare = "eantsrioludcmpghfvbzqkywxj"
    for (rank, letter) in byShare.utf8.enumerated() {
      table[Int(ScalarFold.skeleton(UInt32(letter))) & 31] = max(
        table[Int(ScalarFold.skeleton(UInt32(letter))) & 31], -Double(rank) / 6)
    }
    return table
  }()

  static func lowercased(_ byte: UInt8) -> UInt8 {
    (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
  }
}

/// Values of the symbol field of a byte class.
package enum ByteClass {
  /// The byte starts a scalar beyond ASCII, or is malformed.
  package static let multibyte: UInt32 = 0xFF
}

/// What a byte or scalar says of the text it stands in: which further views may be needed.
package struct ByteSign: OptionSet, Sendable {
  package let rawValue: UInt32

  package init(rawValue: UInt32) { self.rawValue = rawValue }

  /// `<` or `&`.
  package static let markup = ByteSign(rawValue: 1 << 0)
  /// `%`.
  package static let percent = ByteSign(rawValue: 1 << 1)
  /// `!`, `|` or `+`.
  package static let leet = ByteSign(rawValue: 1 << 2)
  /// `\`.
  package static let backslash = ByteSign(rawValue: 1 << 3)
  /// A scalar beyond ASCII that looks like another, or is invisible.
  package static let lookalike = ByteSign(rawValue: 1 << 4)
  /// A Greek or Cyrillic letter.
  package static let script = ByteSign(rawValue: 1 << 5)
  /// A byte that is not UTF-8.
  package static let malformed = ByteSign(rawValue: 1 << 6)

  /// The signs that bear on decoding.
  package var decoderSigns: Decoder.Steps.Signs {
    Decoder.Steps.Signs(rawValue: UInt8(truncatingIfNeeded: rawValue & 0x1F))
  }

  init(of byte: UInt8) {
    switch byte {
    case UInt8(ascii: "<"), UInt8(ascii: "&"): self = .markup
    case UInt8(ascii: "%"): self = .percent
    case UInt8(ascii: "!"), UInt8(ascii: "|"), UInt8(ascii: "+"): self = .leet
    case UInt8(ascii: "\\"): self = .backslash
    default: self = []
    }
  }
}

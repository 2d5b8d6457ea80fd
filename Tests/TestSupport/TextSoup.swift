import VigieText
import VigieUnicode

/// Makes texts of pieces of phrases, separators, look-alikes and broken bytes.
package struct TextSoup {
  private var generator: SeededGenerator
  private let phrases: [String]
  /// For each skeleton symbol the scalars that fold to it.
  private let lookAlikes: [UInt8: [UInt32]]
  /// For each pair of symbols the scalars that fold to it.
  private let pairs: [[UInt8]: [UInt32]]

  package init(_ phrases: [String], seed: UInt64) {
    self.phrases = phrases
    self.generator = SeededGenerator(seed: seed)
    var lookAlikes: [UInt8: [UInt32]] = [:]
    var pairs: [[UInt8]: [UInt32]] = [:]
    for scalar in Array(UInt32(0)...0x3000) + Array(0xA640...0xAB70) + Array(0xFB00...0xFFFF)
      + Array(0x1D400...0x1D7FF) + Array(0x1F100...0x1F1FF)
    {
      let symbols = FoldedView.skeleton.fold(scalar)
      if symbols.count == 1 { lookAlikes[symbols.first, default: []].append(scalar) }
      if symbols.count == 2 { pairs[[symbols[0], symbols[1]], default: []].append(scalar) }
    }
    self.lookAlikes = lookAlikes
    self.pairs = pairs
  }

  /// The same of other phrases: what folds to what is worked out once.
  package init(_ phrases: [String], seed: UInt64, like other: TextSoup) {
    self.phrases = phrases
    generator = SeededGenerator(seed: seed)
    lookAlikes = other.lookAlikes
    pairs = other.pairs
  }

  private static let separators: [[UInt8]] =
    [
      " ", "  ", "\u{A0}", "\t", "\n", "\r\n", "\n\n", "\n> ", "\n  ", "-", "-\n", " - ", "_", ".",
      ". ",
      ", ", "! ", "/", ":", "*", "**", "~~", "|", "||", "|| ", "`", "\\", "…", "…\n", "'", "’", "(",
      ")", "«",
      "\u{2028}",
      "\u{85}", "\u{C}", "\0", "€", "🙂", "中", "ب", "\u{202F}", "; ",
    ].map { Array($0.utf8) }
  private static let silent: [[UInt8]] = [
    "\u{200B}", "\u{AD}", "\u{2060}", "\u{FE0F}", "\u{200D}", "\u{202E}", "\u{E0041}", "\u{301}",
    "\u{327}", "\u{20DD}", "\u{34F}",
  ].map { Array($0.utf8) }
  private static let broken: [[UInt8]] = [
    [0xFF], [0x80], [0xC3], [0xE2, 0x80], [0xF0, 0x9F, 0x98], [0xED, 0xA0, 0x80], [0xC0, 0xAF],
  ]
  private static let letters = "aeiosxDRÉZ1350".map { Array(String($0).utf8) }

  /// The next text.
  package mutating func next() -> [UInt8] {
    var text: [UInt8] = []
    for _ in 0..<Int.random(in: 1...4, using: &generator) {
      text += edge()
      text += phrase()
    }
    return text + edge()
  }

  private mutating func edge() -> [UInt8] {
    switch Int.random(in: 0..<12, using: &generator) {
    case 0: generator.pick(TextSoup.letters)
    case 1: generator.pick(TextSoup.silent) + generator.pick(TextSoup.letters)
    case 2: generator.pick(TextSoup.broken)
    case 3: []
    case 4: generator.pick(TextSoup.silent)
    case 5: Array("mot ".utf8)
    default: generator.pick(TextSoup.separators)
    }
  }

  /// A phrase or a part of one, in some case, with some of its letters and gaps changed.
  private mutating func phrase() -> [UInt8] {
    var scalars = Array(generator.pick(phrases).unicodeScalars)
    switch Int.random(in: 0..<10, using: &generator) {
    case 0: scalars.removeFirst(Int.random(in: 0..<scalars.count, using: &generator))
    case 1: scalars.removeLast(Int.random(in: 0..<scalars.count, using: &generator))
    case 2: scalars.remove(at: Int.random(in: scalars.indices, using: &generator))
    default: break
    }
    let style = Int.random(in: 0..<6, using: &generator)
    // What happens between letters, and how often a letter is changed.
    let spacing = generator.pick([nil, nil, nil, generator.pick(TextSoup.separators)])
    let noise = generator.pick([1_000, 1_000, 30, 12, 5])
    let change = generator.pick([1_000, 30, 8, 3])
    var text: [UInt8] = []
    var index = 0
    while index < scalars.count {
      let scalar = scalars[index]
      let symbols = FoldedView.skeleton.fold(scalar.value)
      if symbols.count == 0 {
        text += generator.once(in: 3) ? generator.pick(TextSoup.separators) : utf8(scalar)
        if generator.once(in: 60) {
          text += [UInt8](repeating: 0x20, count: generator.pick([94, 95, 96, 97]))
        }
        index += 1
        continue
      }
      if index + 1 < scalars.count, generator.once(in: change),
        let pair = pairs[[symbols.first, FoldedView.skeleton.fold(scalars[index + 1].value).first]]
      {
        text += utf8(generator.pick(pair))
        index += 2
      } else {
        text += letter(scalar, symbols, style, change)
        index += 1
      }
      if let spacing, !generator.once(in: 9) { text += spacing }
      if generator.once(in: noise) {
        text += generator.pick(
          [TextSoup.silent, TextSoup.silent, TextSoup.separators, TextSoup.broken].randomElement(
            using: &generator
          ) ?? TextSoup.silent
        )
      }
    }
    return text
  }

  private mutating func letter(
    _ scalar: Unicode.Scalar,
    _ symbols: FoldedSymbols,
    _ style: Int,
    _ change: Int
  ) -> [UInt8] {
    if symbols.count == 1, generator.once(in: change), let alike = lookAlikes[symbols.first] {
      return utf8(generator.pick(alike))
    }
    let isUpper =
      switch style {
      case 0, 1: true
      case 2: false
      case 3: Bool.random(using: &generator)
      default: scalar.properties.isUppercase
      }
    return Array(
      (isUpper
        ? scalar.properties.uppercaseMapping
        : style == 2
          ? scalar.properties.lowercaseMapping : String(scalar)).utf8
    )
  }

  private func utf8(_ scalar: Unicode.Scalar) -> [UInt8] { Array(String(scalar).utf8) }
  private func utf8(_ value: UInt32) -> [UInt8] { Unicode.Scalar(value).map(utf8) ?? [] }
}

import VigieCore
import VigieFilter
package import VigieRulebook

extension ExampleVariant {
  /// Changes a marked text.
  ///
  /// - Parameters:
  ///   - marked: The text with its spans.
  ///   - isChosen: Whether a span, by number, is changed; only what is inside spans asks.
  /// - Returns: The changed text with its spans, or `nil` where there is nothing to change.
  package func applied(to marked: MarkedText, where isChosen: (Int) -> Bool) -> MarkedText? {
    var text: [UInt8] = []
    var spans: [Range<Int>] = []
    var end = 0
    func take(_ bytes: ArraySlice<UInt8>, _ change: (String) -> String) {
      text += Array(change(String(decoding: bytes, as: UTF8.self)).utf8)
    }
    text += Array(prefix.utf8)
    for (number, span) in marked.spans.enumerated() {
      take(marked.text[end..<span.lowerBound], outside)
      let start = text.count
      take(marked.text[span]) { isChosen(number) ? inside($0) : $0 }
      spans.append(start..<text.count)
      end = span.upperBound
    }
    take(marked.text[end...], outside)
    return text == marked.text ? nil : MarkedText(text: text, spans: spans)
  }

  /// What stands before the whole text.
  private var prefix: String {
    switch self {
    case .quoted: "> "
    // A sign that no evidence knows: neither a face nor a page.
    case .emoji: "\u{1F539} "
    default: ""
    }
  }

  /// What becomes of text that is not the marking.
  private func outside(_ text: String) -> String {
    switch self {
    case .decomposed: Decomposition.of(text)
    case .quoted: ExampleVariant.replacing("\n", with: "\n> ", in: text)
    case .noBreakSpaces: ExampleVariant.replacing(" ", with: "\u{A0}", in: text)
    default: text
    }
  }

  /// What becomes of a marking.
  private func inside(_ text: String) -> String {
    switch self {
    case .upper: return text.uppercased()
    case .lower: return text.lowercased()
    case .fullwidth: return String(String.UnicodeScalarView(text.unicodeScalars.map(fullwidth)))
    case .zeroWidth:
      // After the first letter that has another letter beside it.
      let scalars = Array(text.unicodeScalars)
      guard
        let place = scalars.indices.dropFirst().first(where: {
          scalars[$0].properties.isAlphabetic && scalars[$0 - 1].properties.isAlphabetic
        })
      else { return text }
      return String(String.UnicodeScalarView(scalars[..<place])) + "\u{200B}"
        + String(String.UnicodeScalarView(scalars[place...]))
    case .wrapped:
      guard let space = text.firstIndex(of: " ") else { return text }
      return text[..<space] + "\n" + text[text.index(after: space)...]
    case .decomposed, .quoted, .noBreakSpaces, .emoji, .otherRules: return outside(text)
    }
  }

  /// The fullwidth form of an ASCII letter, any other scalar as it is.
  ///
  /// *Source:* the Unicode block Halfwidth and Fullwidth Forms: U+FF01… stand for U+0021….
  private func fullwidth(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    guard scalar.isASCII, scalar.properties.isAlphabetic else { return scalar }
    return Unicode.Scalar(scalar.value + 0xFEE0) ?? scalar
  }

  private static func replacing(_ old: Character, with new: String, in text: String) -> String {
    text.split(separator: old, omittingEmptySubsequences: false).joined(separator: new)
  }
}

/// Letters taken apart into a letter and its mark.
private enum Decomposition {
  /// The letters of the Latin, Greek and Cyrillic scripts that may bear a mark.
  private static let bases = "abcdefghijklmnopqrstuvwxyzαεηιουωабвгдежзиіклмнопрстуфхцчшщъыьэюя"
  /// Grave, acute, circumflex, tilde, macron, breve, dot above, diaeresis, ring, double acute, caron,
  /// comma below, cedilla, ogonek.
  private static let marks: [Unicode.Scalar] = [
    "\u{300}", "\u{301}", "\u{302}", "\u{303}", "\u{304}", "\u{306}", "\u{307}", "\u{308}",
    "\u{30A}", "\u{30B}", "\u{30C}", "\u{326}", "\u{327}", "\u{328}",
  ]

  /// Equal characters are canonically equivalent: the letter with its mark finds the whole one.
  ///
  /// *Source:* Unicode 17, D70 (canonical equivalence), which `Character` compares by.
  private static let parts: [Character: String] = {
    var parts: [Character: String] = [:]
    for base in bases + bases.uppercased() {
      for mark in marks {
        let whole = String(base) + String(mark)
        parts[Character(whole)] = whole
      }
    }
    return parts
  }()

  static func of(_ text: String) -> String {
    text.reduce(into: "") { result, character in
      result += parts[character] ?? String(character)
    }
  }
}

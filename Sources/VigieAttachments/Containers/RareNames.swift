import VigieContainers

/// Names in archives that were written with the code pages of the middle, the south and the north of Europe.
///
/// `MemberName` reads what is likely by itself; such a name it takes for western or Cyrillic, and a marking in it is
/// found in the reading that was meant.
enum RareNames {
  /// What a code page is there for.
  private enum Script {
    case latin, greek

    /// Of the scalars above ASCII, those that words have.
    var letters: ClosedRange<UInt32> { self == .greek ? 0x386...0x3CE : 0xC0...0x17F }
    /// Of them, those that no western code page has: without one, nothing is gained.
    var own: ClosedRange<UInt32> { self == .greek ? 0x386...0x3CE : 0x100...0x17F }
  }

  /// Windows numbers, each time that of the console before that of Windows: Central Europe, Greece, the Baltic states.
  private static let pages: [(number: Int, script: Script)] = [
    (852, .latin), (1250, .latin), (737, .greek), (1253, .greek), (775, .latin), (1257, .latin),
  ]

  /// What a name may mean besides what is known of it already; nothing where its encoding is sure.
  static func readings(of name: MemberName) -> [String] {
    guard let raw = name.guessed else { return [] }
    var found: [String] = []
    for page in pages {
      guard let bytes = Charset.decode(raw, page.number) else { continue }
      let text = String(decoding: bytes, as: UTF8.self)
      let isWord = text.unicodeScalars.allSatisfy { scalar in
        scalar.isASCII || page.script.letters.contains(scalar.value) || isSign(scalar.value)
      }
      guard isWord, text.unicodeScalars.contains(where: { page.script.own.contains($0.value) })
      else {
        continue
      }
      let reading = MemberName.parts(text)
      if reading != name.text, !name.alternatives.contains(reading), !found.contains(reading) {
        found.append(reading)
      }
    }
    return found
  }

  /// No-break space, section, degree, guillemets; dashes, quotation marks and dots.
  private static func isSign(_ value: UInt32) -> Bool {
    switch value {
    case 0xA0, 0xA7, 0xAB, 0xB0, 0xBB, 0x2013...0x2014, 0x2018...0x201E, 0x2026: true
    default: false
    }
  }
}

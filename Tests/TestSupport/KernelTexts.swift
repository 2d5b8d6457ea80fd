package import VigieRulebook
import VigieText

/// The texts over which all passes must find the same: the tests take them, and `Tools/kernel/test` for processors that are
/// emulated.
package struct KernelTexts: Sendable {
  /// Some texts of one kind.
  package struct Family: Sendable, CustomStringConvertible {
    package let description: String
    package let texts: [[UInt8]]
    /// Whether what nobody sees may stand anywhere; see ``PassAgreement``.
    package let hasUnseen: Bool

    /// Texts by the name of their kind.
    package init(_ name: String, hasUnseen: Bool = false, _ texts: [[UInt8]]) {
      description = name
      self.texts = texts
      self.hasUnseen = hasUnseen
    }
  }

  private let phrases: [String]
  private let anchors: [String]

  /// Texts of the phrases and anchors of some rules.
  package init(_ rules: CompiledRules) {
    anchors = rules.prefilter.anchorGroups.map { String(decoding: $0.literal, as: UTF8.self) }
    phrases = rules.phrases.map { phrase in
      String(decoding: phrase.folded.letters.map { max($0.base, 0x20) }, as: UTF8.self)
    }.filter { !$0.isEmpty }
  }

  /// Texts of phrases, anchors, numbers, encoded words and broken bytes.
  ///
  /// - Parameters:
  ///   - seed: What they hang on alone.
  ///   - count: How many.
  ///   - pieces: How many pieces each has, of some fifty bytes.
  /// - Returns: The texts, some of which are no UTF-8.
  package func soup(seed: UInt64, count: Int, pieces: ClosedRange<Int>) -> [[UInt8]] {
    var generator = SeededGenerator(seed: seed)
    var soup = TextSoup(phrases + anchors, seed: seed)
    return (0..<count).map { _ in
      var text: [UInt8] = []
      for _ in 0..<Int.random(in: pieces, using: &generator) {
        text += soup.next()
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: text += Array("1 85 05 78 006 084 91, FR76 3000 6000 0112 3456 7890 189 ".utf8)
        case 1: text += Array("06\u{202F}12\u{202F}34\u{A0}56-78 12345 ".utf8)
        case 2: text += Array(" <b>DIF</b>FUSION &amp; %44%52 \\u0044 RESTRE!NTE|+ ".utf8)
        case 3: text += Array("RElGRlVTSU9OIFJFU1RSRUlOVEUgZGVzIHRleHRlcw== ".utf8)
        case 4: text += (0..<3).map { _ in UInt8.random(in: 0...255, using: &generator) }
        default: break
        }
      }
      return text
    }
  }

  /// Some of each kind.
  ///
  /// - Parameter scale: How many times as many at random as a debug build can go through in seconds.
  /// - Returns: The kinds; each holds something that the rules find.
  package func families(scale: Int = 1) -> [Family] {
    [
      Family(
        "phrases and anchors in a few words",
        hasUnseen: true,
        soup(seed: 7, count: 100 * scale, pieces: 1...4)
      ),
      Family(
        "phrases and anchors over several segments",
        hasUnseen: true,
        soup(seed: 8, count: 3 * scale, pieces: 80...300)
      ),
      Family("UTF-8 at random", hasUnseen: true, random(31, 60 * scale) { $0.utf8(whole: true) }),
      Family(
        "UTF-8 with scalars cut off",
        hasUnseen: true,
        random(32, 60 * scale) { $0.utf8(whole: false) }
      ),
      Family(
        "bytes at random",
        hasUnseen: true,
        random(33, 30 * scale) { [UInt8.random(in: 0...255, using: &$0)] }
      ),
      Family("a marking at every place of a segment's edge", KernelTexts.edges),
      Family("a piece at every place of a block", KernelTexts.places),
      Family("a text that is cut off at every length", KernelTexts.cuts),
      Family("every byte and every pair of bytes", KernelTexts.bytes),
      Family("one pair of bytes that may be malformed", KernelTexts.pairs),
      Family("letters of other scripts, few and more than are told", KernelTexts.scripts),
      Family(
        "texts of Greek and Cyrillic, full of letters that look like Latin ones",
        KernelTexts.lookalikes
      ),
      Family("more than the kernel can tell", KernelTexts.floods),
    ]
  }

  /// Texts of up to two hundred pieces, and one in twenty over several segments.
  private func random(
    _ seed: UInt64,
    _ count: Int,
    piece: (inout SeededGenerator) -> [UInt8]
  ) -> [[UInt8]] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in
      let most = generator.once(in: 20) ? 4_000 : 200
      var text: [UInt8] = []
      for _ in 0..<Int.random(in: 0...most, using: &generator) {
        text += generator.once(in: 12) ? Array(generator.pick(phrases).utf8) : piece(&generator)
      }
      return text
    }
  }

  private static let markings = [
    "DIFFUSION RESTREINTE",
    "d\u{2E}i\u{2E}f\u{2E}f\u{2E}u\u{2E}s\u{2E}i\u{2E}o\u{2E}n restreinte",
    "(DR)", "ＤＩＦＦＵＳＩＯＮ ＲＥＳＴＲＥＩＮＴＥ", "FR76 3000 6000 0112 3456 7890 189", "très secret défense",
    "06\u{202F}12\u{202F}34\u{202F}56\u{202F}78", "ПОВЕРИТЕЛНО", "λ ΕΜΠΙΣΤΕΥΤΙΚΟ",
    "「取扱注意」です。", "秘", "대외비는", "סודי ביותר",
  ]

  private static let edges: [[UInt8]] = markings.flatMap { marking -> [[UInt8]] in
    let bytes = Array("\n\(marking)\n".utf8)
    let places = (PassScratch.segmentCount - bytes.count - 2)...(PassScratch.segmentCount + 4)
    return places.map { [UInt8](repeating: 0x2E, count: $0) + bytes }
  }

  /// What is told by a vector must be told wherever in it, and across two: scalars of each length, whole and cut off,
  /// scalars of several symbols, look-alikes, signs, runs of base64 and of digits.
  private static let pieces = wordPieces.map { Array($0.utf8) } + brokenPieces
  private static let wordPieces = [
    "é", "Ç\u{327}", "ÿß", "œ", "’", "D\u{0406}FFUS\u{0406}ON", "R\u{0395}STR\u{0395}INTE", "🅳🆁",
    "㏂", "ﬃ", "\u{FDFA}",
    "\u{200B}\u{FE0F}", "<&%!+|\\", "@[`{~\u{7F}", "RElGRlVTSU9OIFJF",
    "abcdefghijklmnopqrstuvwxyz",
    "12345678901", "06 12 34-56", "tlp:amber+strict", "NATO S\u{E9}CRET",
  ]
  private static let brokenPieces: [[UInt8]] = [
    [0xC3], [0x80], [0xA9], [0xC3, 0xC3, 0xA9], [0xC3, 0x7F], [0xC3, 0xA9, 0xA9], [0xC2, 0xA0],
    [0xE2, 0x80], [0xE2, 0x80, 0x99],
    [0xF0, 0x9F, 0x98], [0xF0, 0x9F, 0x85, 0xB3], [0xED, 0xA0, 0x80], [0xC0, 0xAF],
    [0xC3, 0xF0, 0x9F], [0xFF, 0xC3, 0x80],
  ]

  private static let places: [[UInt8]] = pieces.flatMap { piece in
    (0...66).flatMap { before in
      // Words, for windows before and after it, and then nothing at all.
      let start = Array(String(repeating: "note diffus", count: 7).utf8.prefix(before))
      return [start + piece + Array("ion restreinte, secret ".utf8), start + piece]
    }
  }

  /// A text in which much stands, for tests of what lies around a text.
  package static let whole = Array(
    "(DR) é’œ 06 12 34 56 78 — DIFFUSION RESTREINTE | NATO SECRET // TLP:AMBER+STRICT sk_live_4eC39HqLyjWDarjtT1zdp7dc "
      .utf8
  )

  private static let cuts: [[UInt8]] = [0, 1, 5, 6, 13].flatMap { start in
    (start...whole.count).map { Array(whole[start..<$0]) }
  }

  private static let bytes: [[UInt8]] = (UInt8(0)...255).map { first -> [UInt8] in
    (UInt8(0)...255).flatMap { second -> [UInt8] in
      Array("NATO SEC".utf8) + [first, second] + Array("RET ".utf8)
    }
  }

  /// Alone, since one malformed scalar hides all others of a text.
  private static let pairs: [[UInt8]] = firstBytes.flatMap { first -> [[UInt8]] in
    (UInt8(0)...255).map { Array("NATO SECRET ".utf8) + [first, $0] + Array(".".utf8) }
  }
  private static let firstBytes: [UInt8] = [
    0x80, 0xBF, 0xC0, 0xC2, 0xC3, 0xDF, 0xE0, 0xED, 0xF0, 0xF4, 0xFF,
  ]

  private static let scripts: [[UInt8]] = [0, 1, 255, 256, 257, 3_000, 40_000].map { count in
    Array((String(repeating: "ж ", count: count) + ". ПОВЕРИТЕЛНО. α + β, ДСП").utf8)
  }

  /// Letters that look like others in every word, and what is sought among them: as it is, and in disguise, at the edges of
  /// segments too.
  package static let lookalikes: [[UInt8]] = [
    "Здравейте, кой е запазил заседателната зала за утре? ",
    "Καλημέρα, ποιος έχει κλείσει την αίθουσα; ",
  ].flatMap { words in
    [
      "DIFFUSION RESTREINTE", "D\u{0406}FFUS\u{0406}ON RESTREINTE", "TLP:RED",
      "\u{0422}L\u{0420}:R\u{0415}D",
      "\u{0405}ECRET D\u{0395}FENSE", "ПОВЕРИТЕЛНО", "(D\u{200B}R)",
    ].flatMap { marking in
      [1, 39, 40, 41, 95, 200].map { count in
        let before = String(repeating: words, count: count)
        let after = String(repeating: words, count: 60)
        return Array((before + "\n" + marking + "\n" + after).utf8)
      }
    }
  }

  private static let floods: [[UInt8]] = [
    "<", "%41", "1", "12 ", "é", "\u{200B}", "\u{0406}", "DR ", "secret", "A", "\u{FDFA}",
    "ﷺ restreint",
  ].flatMap { piece in [300, 5_000].map { Array(String(repeating: piece, count: $0).utf8) } }
}

extension SeededGenerator {
  /// The bytes of a scalar: of ASCII, of a Latin letter, of any script or of any plane; some of them cut off unless `whole`.
  fileprivate mutating func utf8(whole: Bool) -> [UInt8] {
    let range: ClosedRange<UInt32> = pick([
      0x20...0x7E, 0x20...0x7E, 0x61...0x7A, 0x00...0x7F, 0xC0...0xFF, 0x80...0x24F, 0x370...0x52F,
      0x2000...0x206F,
      0x2100...0x32FF, 0xFF00...0xFFEF, 0x1F100...0x1F1FF, 0x1D400...0x1D7FF, 0x80...0x10FFFF,
    ])
    let value = UInt32.random(in: range, using: &self)
    // A surrogate is no scalar.
    let bytes = Array(String(Character(Unicode.Scalar(value) ?? "\u{FFFD}")).utf8)
    if whole || !once(in: 4) { return bytes }
    return once(in: 2) ? Array(bytes.dropLast()) : Array(bytes.dropFirst())
  }
}

import Testing
import VigieCore
import VigieRulebook
import VigieScanning
import TestSupport

/// A marking cut into letters and what stands between them.
private struct Letters {
  var letters: [String]
  /// What stands after each letter but the last.
  var gaps: [String]
  /// The gaps between words.
  var wordGaps: [Int]

  init(_ marking: String) {
    letters = []
    gaps = []
    wordGaps = []
    for character in marking {
      if character.isLetter {
        letters.append(String(character))
        gaps.append("")
      } else {
        gaps[gaps.count - 1].append(character)
        if wordGaps.last != gaps.count - 1 { wordGaps.append(gaps.count - 1) }
      }
    }
    gaps.removeLast()
  }

  var text: String { zip(letters, gaps + [""]).map { $0 + $1 }.joined() }
}

/// A way to hide a marking; those of letters take letters of their own, so that any two go together.
private enum Hiding: String, CaseIterable, Sendable {
  case letterSpacing, zeroWidth, homoglyph, compatibility, diacritics, leet, tag, reference
  case asterisks, percent, quoted, base64, escape, lineSplit

  var disguise: Disguise {
    switch self {
    case .letterSpacing: .letterSpacing
    case .zeroWidth: .zeroWidth
    case .homoglyph: .homoglyph
    case .compatibility: .compatibilityForm
    case .diacritics: .diacritics
    case .leet: .leet
    case .tag, .reference, .asterisks: .markupSplit
    case .percent, .quoted, .base64, .escape: .encoded
    case .lineSplit: .lineSplit
    }
  }

  /// Whether it acts on the whole text, after everything else.
  var isWhole: Bool { [.percent, .quoted, .base64, .escape].contains(self) }

  private static let homoglyphs: [String: String] = [
    "A": "А", "C": "С", "D": "Ꭰ", "E": "Е", "F": "ꓝ", "G": "Ԍ", "H": "Н", "I": "І", "L": "Լ",
    "M": "М",
    "N": "Ν", "O": "О", "R": "Ꭱ", "S": "Ѕ", "T": "Т", "U": "Ս", "V": "Ꮩ",
    // Greek, then Cyrillic: what looks Latin, or is of the other script.
    "Α": "A", "Ε": "Е", "Η": "H", "Ι": "I", "Κ": "К", "Μ": "М", "Ν": "N", "Ο": "O", "Π": "П",
    "Ρ": "P", "Τ": "T", "Χ": "X",
    "А": "A", "В": "B", "Г": "Γ", "Е": "E", "Л": "Λ", "Н": "H", "О": "O", "П": "Π", "Р": "P",
    "С": "C", "Т": "T", "У": "Y",
  ]
  private static let digits = [
    "A": "4", "E": "3", "I": "1", "L": "1", "O": "0", "S": "5", "T": "7",
    "Ι": "1", "Ο": "0", "Τ": "7", "Б": "6", "В": "8", "З": "3", "О": "0", "Т": "7",
  ]

  /// A letter of full width, or a bold one of mathematics; `nil` where there is none, as of all Cyrillic letters.
  private static func compatibilityForm(_ letter: String) -> String? {
    guard let value = letter.unicodeScalars.first?.value, letter.unicodeScalars.count == 1 else {
      return nil
    }
    switch value {
    case 0x21...0x7E: return Unicode.Scalar(value + 0xFEE0).map(String.init)
    case 0x391...0x3A1, 0x3A3...0x3A9:
      return Unicode.Scalar(value - 0x391 + 0x1D6A8).map(String.init)
    default: return nil
    }
  }

  func hide(_ marking: inout Letters) {
    func change(_ rest: Int, only place: Int? = nil, _ form: (String) -> String) {
      for index in marking.letters.indices.dropLast()
      where index % 4 == rest && (place ?? index) == index {
        marking.letters[index] = form(marking.letters[index])
      }
    }
    switch self {
    case .homoglyph: change(0) { Hiding.homoglyphs[$0] ?? $0 }
    case .compatibility:
      change(1) { Hiding.compatibilityForm($0) ?? $0 }
    case .leet: change(2) { Hiding.digits[$0] ?? $0 }
    case .diacritics: change(3) { $0 + "\u{323}" }
    case .reference:
      change(3, only: 7) {
        "&#\($0.unicodeScalars.first?.value ?? 0);"
          + $0.unicodeScalars.dropFirst().map(String.init).joined()
      }
    case .zeroWidth: marking.gaps[1] += "\u{200B}"
    case .tag:
      marking.gaps[4] = "<b>" + marking.gaps[4]
      marking.gaps[5] = "</b>" + marking.gaps[5]
    case .asterisks: marking.gaps[2] += "**"
    case .lineSplit: for gap in marking.wordGaps { marking.gaps[gap] = "\n" }
    case .letterSpacing:
      for gap in marking.gaps.indices {
        marking.gaps[gap] += marking.wordGaps.contains(gap) ? "  " : " "
      }
    case .percent, .quoted, .base64, .escape: break
    }
  }

  func hide(_ text: String) -> String {
    let bytes = Array(text.utf8)
    switch self {
    case .percent: return bytes.map { "%" + hex(UInt32($0), 2) }.joined()
    case .quoted: return bytes.map { "=" + hex(UInt32($0), 2) }.joined()
    case .escape:
      return text.unicodeScalars.map { $0.value < 0x10000 ? "\\u" + hex($0.value, 4) : String($0) }
        .joined()
    case .base64: return encodedBase64(bytes)
    default: return text
    }
  }

  private func hex(_ value: UInt32, _ count: Int) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: count - digits.count) + digits
  }
}

/// RFC 4648 §4.
func encodedBase64(_ bytes: [UInt8]) -> String {
  let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
  var text = ""
  for start in stride(from: 0, to: bytes.count, by: 3) {
    let group = bytes[start..<min(start + 3, bytes.count)]
    let value = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
    for place in 0..<4 {
      text.append(place <= group.count ? alphabet[value >> (18 - 6 * place) & 63] : "=")
    }
  }
  return text
}

/// One text and what must be found in it.
private struct Hidden: Sendable, CustomTestStringConvertible {
  var ways: [Hiding]
  var testDescription: String { ways.map(\.rawValue).joined(separator: " + ") }
}

private let alone = Hiding.allCases.map { Hidden(ways: [$0]) }

/// Every two ways that can go together: one encoding is enough, and the two that replace the same
/// letters do not.
private let pairs: [Hidden] = Hiding.allCases.flatMap { first in
  Hiding.allCases.compactMap { second in
    guard first.rawValue < second.rawValue, !(first.isWhole && second.isWhole) else { return nil }
    return Hidden(ways: [first, second])
  }
}

@Suite("Disguises")
struct DisguiseTests {
  private static let markings = [
    "DIFFUSION RESTREINTE", "NATO RESTRICTED", "OFFICIAL-SENSITIVE", "STRENG GEHEIM",
    // Of the script view.
    "ΠΕΡΙΟΡΙΣΜΕΝΗΣ ΧΡΗΣΗΣ", "ΑΚΡΩΣ ΑΠΟΡΡΗΤΟ", "ЗА СЛУЖЕБНО ПОЛЗВАНЕ", "СТРОГО СЕКРЕТНО",
  ]
  private let rules: CompiledRules
  private let scanner: Scanner

  init() throws {
    rules = try TestRules.compiled(
      DisguiseTests.markings.map {
        TestRules.rule("xx." + $0.prefix(4).lowercased(), [$0.lowercased()])
      }
    )
    scanner = Scanner(rules)
  }

  @Test("each way to hide a marking", arguments: alone)
  private func one(_ hidden: Hidden) { check(hidden) }

  @Test("every two ways to hide a marking", arguments: pairs)
  private func two(_ hidden: Hidden) { check(hidden) }

  private func check(_ hidden: Hidden) {
    for marking in DisguiseTests.markings {
      var letters = Letters(marking)
      var disguise = Disguise()
      // References go last among the ways of letters: they write what the others left.
      for way in hidden.ways.sorted(by: { $1 == .reference && $0 != .reference }) {
        let before = letters.text
        way.hide(&letters)
        // Not every letter has every form; letters beyond ASCII as references are how pages are written.
        if way.isWhole || letters.text != before,
          way != .reference || marking.utf8.allSatisfy({ $0 < 0x80 })
        {
          disguise.formUnion(way.disguise)
        }
      }
      let text = hidden.ways.reduce(letters.text) { $1.hide($0) }
      for role in [Role.body, .html] {
        let before = "Note : « "
        let whole = Array((before + text + " » du jour").utf8)
        var disguise = disguise
        // Among spaced letters asterisks are spaces like others, and tags of HTML are layout.
        let isLayout = hidden.ways.contains(.asterisks) || role == .html
        if hidden.ways.contains(.letterSpacing), !hidden.ways.contains(.reference), isLayout {
          disguise.remove(.markupSplit)
        }
        let start = before.utf8.count
        let expected =
          "xx.\(marking.prefix(4).lowercased()) \(start..<(start + text.utf8.count)) "
          + disguise.names.joined(separator: "+")
        let found = report(scanner, rules, whole, role: role)
        #expect(found == [expected], "\(role.rawValue) \(text.debugDescription)")
        #expect(scanner.gaps.isEmpty)
      }
      checkFar(text)
    }
  }

  /// In a long text only what stands around a disguise is looked at first.
  private func checkFar(_ text: String) {
    let filler = String(repeating: "encore un mot, puis un autre. ", count: 100)
    let near = report(scanner, rules, Array("« \(text) »".utf8))
    let far = report(scanner, rules, Array("\(filler)« \(text) » \(filler)".utf8))
    #expect(near.count == 1 && far.count == near.count, "\(text.debugDescription)")
  }

  @Test(
    "patterns and marks see through look-alikes, far from all else too",
    arguments: [
      "[ＤＲ] planning", "TLP:\u{410}MBER", "(CUI\u{2060}//SP-CTI) annexe", "(Ｓ//ＮＦ) annexe",
      "C\u{200D}UI//FEDCON", "VS-N\u{200B}fD Lagebild", "T|P:RED", "SECRET//NO&#70;ORN",
    ]
  )
  func shapes(_ marked: String) throws {
    let rules = try ShippedRules.compiled()
    let scanner = Scanner(rules)
    let filler = String(repeating: "encore un mot, puis un autre. ", count: 100)
    let near = report(scanner, rules, Array("\(marked)\nsuite".utf8))
    let far = report(scanner, rules, Array("\(filler)\n\(marked)\nsuite \(filler)".utf8))
    #expect(!near.isEmpty, "\(marked.debugDescription)")
    #expect(far.map { $0.split(separator: " ")[0] } == near.map { $0.split(separator: " ")[0] })
  }

  @Test(
    "what is no disguise has no name",
    arguments: [
      "⟦DIFFUSION RESTREINTE⟧", "⟦diffusion  restreinte⟧", "⟦Diffusion_Restreinte⟧",
      "«⟦DIFFUSION RESTREINTE⟧»",
      "été ⟦diffusion restreinte⟧ 🙂️", "a < b, 100 % ⟦Diffusion Restreinte⟧ & c",
      "**⟦Diffusion Restreinte⟧**",
      "<b>⟦Diffusion Restreinte⟧</b>",
    ]
  )
  func plain(_ marked: String) {
    let text = SpannedText(marked)
    #expect(report(scanner, rules, text.bytes) == text.spans.map { "xx.diff \($0) " })
  }

  @Test("tags between words are layout in HTML and a disguise in plain text")
  func layout() {
    let text = SpannedText("<p>⟦<b>DIFFUSION</b> <i>RESTREINTE</i>⟧</p>")
    let span = "\(text.spans[0].lowerBound + 3..<text.spans[0].upperBound - 4)"
    #expect(report(scanner, rules, text.bytes, role: .html) == ["xx.diff \(span) "])
    #expect(report(scanner, rules, text.bytes) == ["xx.diff \(span) markup-split"])
    let block = SpannedText("<td>⟦DIFFUSION</td><td>RESTREINTE⟧</td>")
    #expect(
      report(scanner, rules, block.bytes, role: .html)
        == block.spans.map { "xx.diff \($0) line-split" }
    )
  }
}

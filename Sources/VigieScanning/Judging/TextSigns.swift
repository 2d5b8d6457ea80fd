import VigieRulebook
import VigieText

/// What a text holds anywhere: without it nothing need be sought around each of its matches.
///
/// Of a long text with few matches everything is taken to stand in it: these are looked at one by one.
struct TextSigns {
  /// The longest text for each match that is read for its signs, bytes: reading more takes longer than looking around
  /// the match.
  private static let countPerMatch = 1_024

  /// A bit for each byte that stands in the text.
  private var bytes = InlineArray<4, UInt64>(repeating: .max)
  /// The kinds of signs that may stand in it.
  private var kinds = SignSet.Kinds.all

  /// Those of a text of which nothing is known.
  init() {}

  /// Those of a text with so many matches.
  init(_ text: Span<UInt8>, matchCount: Int) {
    guard text.count <= matchCount * TextSigns.countPerMatch else { return }
    var low: (UInt64, UInt64) = (0, 0)
    var high: (UInt64, UInt64) = (0, 0)
    for index in text.indices {
      let byte = unsafe text[unchecked: index]
      let bit: UInt64 = 1 &<< UInt64(byte & 63)
      switch byte >> 6 {
      case 0: low.0 |= bit
      case 1: low.1 |= bit
      case 2: high.0 |= bit
      default: high.1 |= bit
      }
    }
    bytes = [low.0, low.1, high.0, high.1]
    kinds = TextSigns.set.kinds(of: .all, in: text, 0..<text.count)
  }

  private static let set = SignSet([
    (
      .code,
      [
        "==", "=>", "!=", "();", ") {", "assert", "import ", "def ", "function ", "const ", "enum ",
        "return ", "kubectl", "#define", "println", "sudo ", "grep ", "SELECT ", "self.", "this.",
        "&&", " || ", ".equals(", "printf", "regex", "console.", "</", "::", "[\"", "(\"", "('",
        "= \"",
        "='", "=\"", "docker ", "curl ", "export ",
        // What a program logs.
        "] INFO", "] WARN", "] ERROR", "] DEBUG", "INFO [", "WARN [", "ERROR [", "Z INFO ",
        "Z WARN ",
        "Z ERROR ", " DEBUG ", "level=",
        "msg=",
      ]
    ),
    (
      .placeholder,
      [
        "{{", "<<", "${", "____", "\u{2026}\u{2026}", "......", "[\u{2026}]", "[...]",
        "xxx", "XXX", "\u{2610}", "\u{2611}", "[ ]", "[x]",
      ]
    ),
    (
      .forward,
      [
        "Forwarded message", "Message transf", "message transf", "Message original",
        "Original Message", "Weitergeleitete", "Message d'origine", "Message d\u{2019}origine",
        "Urspr\u{FC}ngliche Nachricht", "Begin forwarded", "Forwarded by",
      ]
    ),
  ])

  /// Whether a sign of a kind may stand in the text.
  @inline(__always)
  func mayHold(_ kind: SignSet.Kinds) -> Bool { kinds.contains(kind) }

  /// Whether a sign of a kind stands in a range of the text.
  @inline(__always)
  func hold(_ kind: SignSet.Kinds, _ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
    kinds.contains(kind) && !TextSigns.set.kinds(of: kind, in: text, range).isEmpty
  }

  /// Whether a byte may stand in the text.
  @inline(__always)
  func mayHold(_ byte: UInt8) -> Bool { bytes[Int(byte >> 6)] >> UInt64(byte & 63) & 1 != 0 }

  /// Whether any byte of a block of 64, of which a bit each, may stand in the text.
  @inline(__always)
  private func mayHold(_ bits: UInt64, of block: Int) -> Bool { bytes[block] & bits != 0 }

  /// Whether a quotation mark may stand in it: ' " or the first byte of « ‹ ‚ “ ’ ＂.
  var mayHoldQuotation: Bool {
    mayHold(0x22) || mayHold(0x27) || mayHold(0xC2) || mayHold(0xE2) || mayHold(0xEF)
  }

  /// Whether a box to tick may: a bracket, or a drawn one of three or four bytes.
  var mayHoldBox: Bool {
    mayHold(0x5B) || mayHold(0x28) || mayHold(.max << 34, of: 3)
  }

  /// Whether a face may laugh in it: drawn in four bytes, or typed with a semicolon.
  var mayLaugh: Bool { mayHold(0xF0) || mayHold(0x3B) }

  /// Whether two lines may be the headers of a mail.
  var mayHoldHeaders: Bool { mayHold(0x3A) && (mayHold(0x0A) || mayHold(0x0D)) }

  /// Whether a question mark may: of ASCII, or the first byte of a full-width one.
  var mayHoldQuestion: Bool { mayHold(0x3F) || mayHold(0xEF) }

  /// Whether a colon may: of ASCII, or the first byte of a full-width one.
  var mayHoldColon: Bool { mayHold(0x3A) || mayHold(0xEF) }
}

import VigieRulebook
import VigieText

/// What a text holds anywhere: without it nothing need be sought around each of its matches.
///
/// Of a long text with few matches everything is taken to stand in it: these are looked at one by one.
struct TextSigns {
  /// The longest text for each match that is read for its signs, bytes: reading more takes longer than looking around
  /// the match.
  private static let countPerMatch = 1_024

  /// A bit for each of ``classes`` of which a byte stands in the text.
  private var bytes = UInt32.max
  /// The kinds of signs that may stand in it.
  private var kinds = SignSet.Kinds.all

  /// Those of a text of which nothing is known.
  init() {}

  /// Those of a text with so many matches.
  init(_ text: Span<UInt8>, matchCount: Int) {
    guard text.count <= matchCount * TextSigns.countPerMatch else { return }
    let all = TextSigns.classes
    let classes = all.span
    var bytes: UInt32 = 0
    // There is a class for each byte.
    kinds = TextSigns.set.kinds(of: .all, in: text) {
      bytes |= unsafe classes[unchecked: Int($0)]
    }
    self.bytes = bytes
  }

  private static let set = SignSet([
    (
      .code,
      [
        "==", "=>", "!=", "();", ") {", "assert", "import ", "def ", "function ", "const ", "enum ",
        "return ", "kubectl", "#define", "println", "sudo ", "grep ", "SELECT ", "self.", "this.",
        "&&", " || ", ".equals(", "printf", "regex", "console.", "::", "(\"", "('", "docker ",
        "curl ", "export ",
        // What a program logs.
        "] INFO", "] WARN", "] ERROR", "] DEBUG", "INFO [", "WARN [", "ERROR [", "Z INFO ",
        "Z WARN ",
        "Z ERROR ", " DEBUG ", "level=",
        "msg=",
      ]
    ),
    (.notation, ["</", "[\"", "= \"", "='", "=\""]),
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

  /// Whether a sign of a kind, or of one of several, stands in a range of the text.
  @inline(__always)
  func hold(_ kind: SignSet.Kinds, _ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
    !kinds.isDisjoint(with: kind)
      && !TextSigns.set.kinds(of: kind.intersection(kinds), in: text, range).isEmpty
  }

  /// The bytes that are asked for, each a class of its own.
  private static let asked: [UInt8] = [
    0x0A, 0x0D, 0x22, 0x27, 0x28, 0x2E, 0x3A, 0x3B, 0x3E, 0x3F, 0x5B, 0x60, 0x7C, 0xC2, 0xE2, 0xEF,
    0xF0,
  ]
  /// The class of all first bytes of three or four.
  private static let wideClass: UInt32 = 1 << 31
  /// For each byte its classes, a bit for each.
  private static let classes: [UInt32] = (0..<256).map { byte in
    let own: UInt32 = asked.firstIndex(of: UInt8(byte)).map { 1 << UInt32($0) } ?? 0
    return byte >= 0xE2 ? own | wideClass : own
  }

  /// Whether one of some bytes may stand in the text, each of which is asked for somewhere.
  @inline(__always)
  func mayHold(_ byte: UInt8) -> Bool {
    bytes & TextSigns.classes[Int(byte)] & ~TextSigns.wideClass != 0
  }

  /// Whether a quotation mark may stand in it: ' " or the first byte of « ‹ ‚ “ ’ ＂.
  var mayHoldQuotation: Bool {
    mayHold(0x22) || mayHold(0x27) || mayHold(0xC2) || mayHold(0xE2) || mayHold(0xEF)
  }

  /// Whether a box to tick may: a bracket, or a drawn one of three or four bytes.
  var mayHoldBox: Bool {
    mayHold(0x5B) || mayHold(0x28) || bytes & TextSigns.wideClass != 0
  }

  /// Whether a face may laugh in it: drawn in four bytes, or typed with a semicolon.
  var mayLaugh: Bool { mayHold(0xF0) || mayHold(0x3B) }

  /// Whether two lines may be the headers of a mail.
  var mayHoldHeaders: Bool { mayHold(0x3A) && (mayHold(0x0A) || mayHold(0x0D)) }

  /// Whether a question mark may: of ASCII, the first byte of a full-width one, or the semicolon of Greek.
  var mayHoldQuestion: Bool { mayHold(0x3F) || mayHold(0xEF) || mayHold(0x3B) }

  /// Whether a colon may: of ASCII, or the first byte of a full-width one.
  var mayHoldColon: Bool { mayHold(0x3A) || mayHold(0xEF) }
}

/// Whether content carries a marking or only speaks of one.
public enum Usage: String, Sendable, CaseIterable {
  /// The content carries or transmits marked content.
  case applied
  /// The marking is talked about, quoted, taught, negated or declassified.
  case mentioned
}

/// What had to be undone to see a marking.
public struct Disguise: OptionSet, Sendable, Hashable {
  /// The bits.
  public let rawValue: UInt16

  /// A value from its parts.
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// Separators between its letters.
  public static let letterSpacing = Disguise(rawValue: 1 << 0)
  /// Invisible scalars between its letters.
  public static let zeroWidth = Disguise(rawValue: 1 << 1)
  /// Letters that look alike.
  public static let homoglyph = Disguise(rawValue: 1 << 2)
  /// Fullwidth, mathematical, circled and other forms of letters.
  public static let compatibilityForm = Disguise(rawValue: 1 << 3)
  /// Accents that no marking bears.
  public static let diacritics = Disguise(rawValue: 1 << 4)
  /// Digits and signs for letters.
  public static let leet = Disguise(rawValue: 1 << 5)
  /// Tags, references or markdown inside a word.
  public static let markupSplit = Disguise(rawValue: 1 << 6)
  /// Percent escapes or base64.
  public static let encoded = Disguise(rawValue: 1 << 7)
  /// Lines that end inside it.
  public static let lineSplit = Disguise(rawValue: 1 << 8)
  /// A letter missing, added or wrong.
  public static let misspelt = Disguise(rawValue: 1 << 9)

  /// Every disguise with its name in JSON, in bit order.
  public static let all: [(disguise: Disguise, name: String)] = [
    (.letterSpacing, "letter-spacing"), (.zeroWidth, "zero-width"), (.homoglyph, "homoglyph"),
    (.compatibilityForm, "compatibility-form"), (.diacritics, "diacritics"), (.leet, "leet"),
    (.markupSplit, "markup-split"), (.encoded, "encoded"), (.lineSplit, "line-split"),
    (.misspelt, "misspelt"),
  ]

  /// The names of the disguises present, in bit order.
  public var names: [String] { Disguise.all.filter { contains($0.disguise) }.map(\.name) }
}

/// A named reason for a decision, with its weight on the logit of that decision.
///
/// Names that start with `usage:` weigh on applied (positive) against mentioned (negative);
/// all others weigh on whether this is the marking at all.
public struct Evidence: Sendable, Hashable {
  /// Its name.
  public let name: String
  /// Its weight.
  public let weight: Double

  /// A value from its parts.
  public init(name: String, weight: Double) {
    self.name = name
    self.weight = weight
  }
}

/// A marking, identifier or credential found at a place: offsets only, never the text.
public struct Finding: Sendable, Hashable {
  /// The id of the rule, such as `fr.diffusion-restreinte`.
  public var rule: String
  /// Who defines the marking, such as `fr` (ISO 3166-1 alpha-2), `nato` or `tlp`.
  public var scheme: String
  /// How sensitive it is.
  public var level: Level
  /// Applied or mentioned.
  public var usage: Usage
  /// The probability, 0…1, that this is the marking.
  public var confidence: Double
  /// The names of the caveats beside the marking, in text order.
  public var caveats: [String]
  /// What was undone to see it.
  public var disguise: Disguise
  /// Where it is.
  public var place: Place
  /// UTF-8 bytes, half-open, in the original part (in an attachment: in the segment's text).
  public var range: Range<Int>
  /// The 1-based line on which the range starts.
  public var line: Int
  /// The 1-based column, in Unicode scalars, at which the range starts.
  public var column: Int
  /// First letters only; for identifiers and credentials the type alone.
  public var masked: String
  /// HMAC-SHA-256 over rule and neighbouring skeleton in lower-case hex, or `nil` without a key.
  public var fingerprint: String?
  /// What speaks for and against it.
  public var evidence: [Evidence]

  /// A value from its parts.
  public init(
    rule: String,
    scheme: String,
    level: Level,
    usage: Usage,
    confidence: Double,
    caveats: [String] = [],
    disguise: Disguise = [],
    place: Place,
    range: Range<Int>,
    line: Int,
    column: Int,
    masked: String,
    fingerprint: String? = nil,
    evidence: [Evidence] = []
  ) {
    self.rule = rule
    self.scheme = scheme
    self.level = level
    self.usage = usage
    self.confidence = confidence
    self.caveats = caveats
    self.disguise = disguise
    self.place = place
    self.range = range
    self.line = line
    self.column = column
    self.masked = masked
    self.fingerprint = fingerprint
    self.evidence = evidence
  }
}

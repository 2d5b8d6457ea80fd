public import VigieCore

/// Where something was written in a rule file, so that an error can point at it.
public struct SourcePosition: Sendable, Hashable {
  /// The file as it was named to the loader.
  public var file: String
  /// 1-based.
  public var line: Int
  /// 1-based, in Unicode scalars.
  public var column: Int

  /// A value from its parts.
  public init(file: String, line: Int, column: Int) {
    self.file = file
    self.line = line
    self.column = column
  }
}

/// A value with the place at which it was written.
public struct Located<Value: Sendable>: Sendable {
  /// The value.
  public var value: Value
  /// Where it was written.
  public var position: SourcePosition

  /// A value from its parts.
  public init(_ value: Value, at position: SourcePosition) {
    self.value = value
    self.position = position
  }
}

extension Located: Equatable where Value: Equatable {}
extension Located: Hashable where Value: Hashable {}

/// What a rule recognises; decides masking and which policy cases apply.
public enum RuleKind: String, Sendable, CaseIterable {
  case marking
  case identifier
  case credential
}

/// Which letter case a phrase or mark must have in the text.
public enum Casing: String, Sendable, CaseIterable {
  /// Any case.
  case any
  /// Every cased letter is a capital.
  case upper
  /// Each word starts with a capital, or every letter is one.
  case title
  /// Letter for letter as the rule writes it.
  case exact
}

/// A regular expression (PCRE2) that is tried only around literals it must contain.
public struct Pattern: Sendable, Equatable {
  /// The expression.
  public var regex: Located<String>
  /// ASCII literals, matched without regard to case; every match holds at least one of them.
  ///
  /// Empty in the file: the compiler takes the longest literal that the expression requires, and
  /// refuses an expression that has none.
  public var anchors: [String]
  /// UTF-8 bytes on each side of an anchor that a match may cover.
  public var reach: Int
  /// The digits of which every match holds so many in one run; 0 where anchors say where to look.
  ///
  /// A run is digits with at most one separator between two of them: a space, full stop, hyphen or
  /// dash. *2A* and *2B* count as two digits. The match starts in the run, or a few bytes before it.
  public var digits: Int
  /// The most digits of the run that every match stands in; 0 where it may have any number.
  public var mostDigits: Int
  /// Where fragments stand in the expression; rules from a cache have none of it.
  public var splices: [Splice]

  /// A value from its parts.
  public init(
    regex: Located<String>,
    anchors: [String] = [],
    reach: Int = 128,
    digits: Int = 0,
    mostDigits: Int = 0,
    splices: [Splice] = []
  ) {
    self.regex = regex
    self.anchors = anchors
    self.reach = reach
    self.digits = digits
    self.mostDigits = mostDigits
    self.splices = splices
  }
}

/// A restriction that may stand beside a marking, such as *Spécial France*.
public struct Caveat: Sendable, Equatable {
  /// Its name.
  public var name: String
  /// The words.
  public var phrases: [String]

  /// A value from its parts.
  public init(name: String, phrases: [String]) {
    self.name = name
    self.phrases = phrases
  }
}

/// Words that, right beside the phrase, make it ordinary language.
///
/// Each entry is one to five words, folded (case and diacritics do not count); a final `*` stands
/// for any ending of the last word.
public struct OrdinaryUse: Sendable, Equatable {
  /// Words before it.
  public var before: [String]
  /// Words after it.
  public var after: [String]

  /// A value from its parts.
  public init(before: [String] = [], after: [String] = []) {
    self.before = before
    self.after = after
  }
}

/// An automatic change of an example under which it must still hold.
///
/// The raw values are the names in rule files and reports. Which variant applies to which example is
/// decided where examples are tried.
public enum ExampleVariant: String, Sendable, CaseIterable {
  /// The marking in capitals.
  case upper
  /// The marking in small letters.
  case lower
  /// Accents as marks of their own (Unicode normalization form D).
  case decomposed = "nfd"
  /// The marking in fullwidth letters.
  case fullwidth
  /// An invisible scalar inside the first word of the marking.
  case zeroWidth = "zero-width"
  /// Every line quoted with `> `.
  case quoted = "quote"
  /// A line break instead of the first space of the marking.
  case wrapped = "wrap"
  /// An emoji before the text.
  case emoji
  /// No-break spaces instead of spaces.
  case noBreakSpaces = "nbsp"
  /// A silent example past every other rule.
  case otherRules = "other-rules"
}

/// A text with the exact spans a rule must find in it.
///
/// Every example is a test.
public struct Example: Sendable, Equatable {
  /// The text with `⟦…⟧` around each span.
  public var marked: Located<String>
  /// `nil` = the rule must stay silent.
  public var usage: Usage?
  /// The role of the segment, `body` unless the example says otherwise.
  public var role: Role
  /// What it need not hold under: variants by name, and ids of rules that may fire in it, `*` any run.
  public var exceptions: [String]

  /// A value from its parts.
  public init(
    marked: Located<String>,
    usage: Usage?,
    role: Role = .body,
    exceptions: [String] = []
  ) {
    self.marked = marked
    self.usage = usage
    self.role = role
    self.exceptions = exceptions
  }
}

/// How one marking, identifier or credential is recognised, as its author wrote it.
public struct Rule: Sendable, Equatable {
  /// What it is called, unique in its set.
  public var id: String
  /// Where it was written.
  public var position: SourcePosition
  /// The file it is in.
  public var family: String
  /// What it is, in words.
  public var title: String
  /// What it is.
  public var kind: RuleKind
  /// Who defines it.
  public var scheme: String
  /// How sensitive it is.
  public var level: Level
  /// The authority's text and section, resolved from the family's `sources`.
  public var cites: [String]
  /// The logit, before any evidence, that the words are this marking.
  public var prior: Double
  /// The logit, before any evidence, that the marking is applied.
  public var usagePrior: Double
  /// The letter case it must have.
  public var casing: Casing
  /// Sought in the skeleton or script view, every disguise included.
  public var phrases: [Located<String>]
  /// Short forms, recognised only in a stamp position.
  public var marks: [Located<String>]
  /// The expressions.
  public var patterns: [Pattern]
  /// The restrictions that may stand beside it.
  public var caveats: [Caveat]
  /// Weights that differ from the defaults: evidence name (with `usage:` for that axis) to weight.
  public var weights: [String: Double]
  /// Words that make it ordinary language.
  public var ordinary: OrdinaryUse
  /// Words of which one must stand near, for shapes that prove nothing alone.
  public var near: [String]
  /// The name of the checksum an identifier must satisfy.
  public var validator: Located<String>?
  /// Values that documentation prints, and nobody keeps secret; only letters and digits count.
  public var samples: [String]
  /// Its tests.
  public var examples: [Example]

  /// A value from its parts.
  public init(
    id: String,
    position: SourcePosition,
    family: String,
    title: String,
    kind: RuleKind = .marking,
    scheme: String,
    level: Level,
    cites: [String] = [],
    prior: Double = 0,
    usagePrior: Double = 0,
    casing: Casing = .any,
    phrases: [Located<String>] = [],
    marks: [Located<String>] = [],
    patterns: [Pattern] = [],
    caveats: [Caveat] = [],
    weights: [String: Double] = [:],
    ordinary: OrdinaryUse = OrdinaryUse(),
    near: [String] = [],
    validator: Located<String>? = nil,
    samples: [String] = [],
    examples: [Example] = []
  ) {
    self.id = id
    self.position = position
    self.family = family
    self.title = title
    self.kind = kind
    self.scheme = scheme
    self.level = level
    self.cites = cites
    self.prior = prior
    self.usagePrior = usagePrior
    self.casing = casing
    self.phrases = phrases
    self.marks = marks
    self.patterns = patterns
    self.caveats = caveats
    self.weights = weights
    self.ordinary = ordinary
    self.near = near
    self.validator = validator
    self.samples = samples
    self.examples = examples
  }
}

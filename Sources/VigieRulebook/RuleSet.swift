/// Where, relative to a marking, the words of a piece of evidence must stand.
public enum CueReach: String, Sendable, CaseIterable {
  /// In the same sentence, on either side.
  case sentence
  /// In the same sentence, before the marking.
  case before
  /// In the same sentence, after the marking.
  case after
  /// Within four words before the marking, no sentence end between.
  case justBefore = "just-before"
  /// Within four words after the marking, no sentence end between.
  case justAfter = "just-after"
  /// As ``justAfter``, with no colon, semicolon or dash after the marking, unless the words follow it at once.
  case clauseAfter = "clause-after"
  /// As ``justBefore``, with no comma and no *but* between either, other than those of a list of markings.
  case clauseBefore = "clause-before"
  /// Right before the marking, with no word and no sentence end between.
  case rightBefore = "right-before"
  /// Anywhere in the neighbourhood (some 400 bytes on either side).
  case near
  /// In the first line of the text, however far from the marking.
  case opening
  /// In a text that is a file name, on either side.
  case fileName = "file-name"
  /// In the name of the field of data whose whole value the marking is: a key of JSON, an element or attribute of XML.
  case field
  /// As ``near``, of a marking written in short: other letters may mean the same two, not its words.
  case nearShort = "near-short"
  /// Nowhere: words by which the engine reads a sentence, and no evidence by themselves (``GrammarKind``).
  case grammar
}

/// A named piece of evidence: what it weighs, and the words that show it where words do.
///
/// Evidence without cues is structural: the engine decides it (own line, capitals, quotation…).
public struct EvidenceKind: Sendable, Equatable {
  /// Its name.
  public var name: String
  /// One line for `explain`.
  public var title: String
  /// Weight on whether this is the marking at all.
  public var marking: Double
  /// Weight on applied (positive) against mentioned (negative).
  public var usage: Double
  /// Where its words must stand.
  public var reach: CueReach
  /// The share of ``usage`` that counts where the words stand in the sentence right before or after
  /// that of the marking, 0…1.
  public var beside: Double
  /// The kinds of rules it weighs on by default; a rule of another kind may name it nevertheless.
  public var about: [RuleKind]
  /// Language tag to cue phrases, each one to five folded words, a final `*` for any ending.
  public var cues: [(language: String, phrases: [String])]

  /// A value from its parts.
  public init(
    name: String,
    title: String,
    marking: Double,
    usage: Double,
    reach: CueReach = .sentence,
    beside: Double = 0,
    about: [RuleKind] = [.marking],
    cues: [(language: String, phrases: [String])] = []
  ) {
    self.name = name
    self.title = title
    self.marking = marking
    self.usage = usage
    self.reach = reach
    self.beside = beside
    self.about = about
    self.cues = cues
  }

  /// Whether two are the same.
  public static func == (left: EvidenceKind, right: EvidenceKind) -> Bool {
    left.name == right.name && left.title == right.title && left.marking == right.marking
      && left.usage == right.usage && left.reach == right.reach
      && left.beside == right.beside && left.about == right.about
      && left.cues.elementsEqual(right.cues) { $0 == $1 }
  }
}

/// Words that, near a marking, were mostly seen with one usage in labelled messages.
///
/// Learned, not written: what cues cannot foresee. Each entry is folded words: `w` in the sentence
/// on either side, `<w` before and `>w` after the marking, two words in a row, `#` for the marking.
public struct Wording: Sendable, Equatable {
  /// Some words and what they weigh.
  public struct Entry: Sendable, Equatable {
    /// The folded words.
    public var words: String
    /// The weight on applied (positive) against mentioned (negative).
    public var weight: Double

    /// An entry from its parts.
    public init(words: String, weight: Double) {
      self.words = words
      self.weight = weight
    }
  }

  /// The most that all words together weigh, either way.
  public var limit: Double
  /// The words, each once.
  public var entries: [Entry]

  /// Words from their parts; none by default.
  public init(limit: Double = 0, entries: [Entry] = []) {
    self.limit = limit
    self.entries = entries
  }
}

/// All rules and evidence of a run, as written; immutable once loaded.
public struct RuleSet: Sendable, Equatable {
  /// The rules.
  public var rules: [Rule]
  /// What speaks for and against it.
  public var evidence: [EvidenceKind]
  /// Words learned from labelled messages.
  public var wording: Wording
  /// The digest of every byte the set was read from, such as `sha256:9f86d081884c7d65`.
  public var id: String

  /// A value from its parts.
  public init(
    rules: [Rule],
    evidence: [EvidenceKind],
    wording: Wording = Wording(),
    id: String
  ) {
    self.rules = rules
    self.evidence = evidence
    self.wording = wording
    self.id = id
  }
}

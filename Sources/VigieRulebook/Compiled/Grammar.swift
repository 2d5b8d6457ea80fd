import VigieText

/// The words by which the engine reads a sentence, in any language: evidence of `reach: grammar`, found by its name.
package enum GrammarKind: Int, Sendable, CaseIterable {
  /// Opens a clause about what follows from the one before: *X so it does not go there*.
  case clauseTherefore
  /// Opens, after a comma, a clause about something else: *X, which is not nothing*.
  case clauseRelative
  /// Opens a clause that says the contrary of the one before: *not X, but Y*.
  case clauseContrast
  /// Stands between the markings of one list: *neither X nor Y*.
  case listJoin
  /// Stands before the name of a person, whose office a short form in brackets is.
  case personTitle
  /// Left out of an acronym.
  case acronymSkip
  /// What a short form means stands after it.
  case acronymMeans
  /// What a short form means stands after it in quotation marks.
  case acronymIs
  /// The number of a text that everybody cites who speaks of markings: no figure.
  case regulationNumber
  /// Words that only the footers hold which every mail of an organisation carries, three of which make one.
  case mailFooter

  /// How rule files name it.
  package var name: String {
    switch self {
    case .clauseTherefore: "clause-therefore"
    case .clauseRelative: "clause-relative"
    case .clauseContrast: "clause-contrast"
    case .listJoin: "list-join"
    case .personTitle: "person-title"
    case .acronymSkip: "acronym-skip"
    case .acronymMeans: "acronym-means"
    case .acronymIs: "acronym-is"
    case .regulationNumber: "regulation-number"
    case .mailFooter: "mail-footer"
    }
  }

  /// The kind of a name, or `nil` where the engine asks for none of that name.
  init?(name: String) {
    guard let kind = GrammarKind.allCases.first(where: { $0.name == name }) else { return nil }
    self = kind
  }

  /// Whether a cue of several words, or with a star, may be one.
  var takesPatterns: Bool { self == .mailFooter }

  /// What reads sentences wrongly without these words: the evidence that the engine sees by them.
  var needs: (reaches: [CueReach], structural: [StructuralEvidence]) {
    switch self {
    case .clauseTherefore, .clauseRelative: ([.clauseAfter], [])
    case .clauseContrast: ([.clauseBefore], [])
    case .listJoin: ([.justBefore, .clauseBefore], [])
    case .personTitle: ([], [.ordinaryUse])
    case .acronymSkip, .acronymMeans, .acronymIs: ([], [.acronym])
    case .regulationNumber: ([], [.figures])
    case .mailFooter: ([], [.boilerplate])
    }
  }
}

/// The words of grammar of a rule set, those of all languages together: a text may be in several.
package final class Grammar: Sendable {
  /// The hashes of the single words of each kind.
  private let hashes: [[UInt64]]
  /// The words of mail footers, with the number of the pattern as their evidence.
  package let footers: CueIndex
  /// Where such words may start.
  package let footerStarts: WordPatternSet

  /// The words that some evidence lists; a kind that is not there has none.
  package init(_ kinds: [EvidenceKind]) {
    var list = WordList()
    var patterns = [[WordPattern]](repeating: [], count: GrammarKind.allCases.count)
    for index in kinds.indices where kinds[index].reach == .grammar {
      guard let kind = GrammarKind(name: kinds[index].name) else { continue }
      for cue in kinds[index].cues {
        for phrase in cue.phrases {
          let pattern = WordPattern(phrase, &list)
          // The same word may be of several languages.
          guard !pattern.hashes.isEmpty, !patterns[kind.rawValue].contains(pattern) else {
            continue
          }
          patterns[kind.rawValue].append(pattern)
        }
      }
    }
    hashes = patterns.map { $0.filter { $0.hashes.count == 1 }.map { $0.hashes[0] } }
    let own = patterns[GrammarKind.mailFooter.rawValue]
    footers = CueIndex(own.enumerated().map { (evidence: $0, language: 0, pattern: $1) })
    footerStarts = WordPatternSet(own)
  }

  /// Whether a word, by the hash of its folded letters, is of a kind.
  @inline(__always)
  package func has(_ kind: GrammarKind, _ word: UInt64) -> Bool {
    hashes[kind.rawValue].contains(word)
  }
}

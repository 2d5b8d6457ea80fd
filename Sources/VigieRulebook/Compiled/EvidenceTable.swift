import VigieText

/// The evidence the engine itself sees in the layout of a text; each is a kind without words.
package enum StructuralEvidence: Int, Sendable, CaseIterable {
  case ownLine
  case firstLine
  case lastLine
  case lineStart
  case heading
  case trailing
  case setOff
  case afterColon
  case midSentence
  case laughing
  case wording
  case allCaps
  case standsOut
  case titleCase
  case lowerCase
  case bracketed
  case portion
  case secondPortion
  case foreignPortion
  case repeated
  case caveat
  case filename
  case subject
  case channelName
  case header
  case footer
  case label
  case textStart
  case figures
  case indicators
  case announces
  case asked
  case quotation
  case pictured
  case fileNamed
  case otherMarking
  case ofRow
  case ofScheme
  case forwarded
  case quoted
  case quoteLine
  case code
  case legend
  case placeholder
  case ticked
  case unticked
  case defined
  case question
  case questioned
  case entry
  case sentenceGap
  case acronym
  case ordinaryUse
  case disguised
  case boilerplate
  case knownSample
  case sampleValue
  case columnName

  /// How rule files name it: the words of the case with hyphens between.
  package var name: String {
    var name = ""
    for letter in "\(self)".unicodeScalars {
      if letter.properties.isUppercase { name += "-" }
      name += letter.properties.lowercaseMapping
    }
    return name
  }
}

/// What a piece of evidence weighs.
package struct EvidenceWeight: Sendable, BitwiseCopyable {
  /// On being the marking.
  package var marking = 0.0
  /// On applied against mentioned.
  package var usage = 0.0
}

/// The evidence of a rule set by number, with the default weights.
package final class EvidenceTable: Sendable {
  /// The kinds as written.
  package let kinds: [EvidenceKind]
  /// The number of each structural kind, or -1 where the set has none of that name.
  private let structural: [Int]
  /// The default weights of what is about each kind of rule, and 0 for the rest.
  private let weights: [RuleKind: [EvidenceWeight]]

  /// Where the words of each kind must stand.
  package let reaches: [CueReach]
  /// For each kind whether its words must stand in the first line.
  package let isOpening: [Bool]
  /// The shares of these that count from the sentence before or after.
  package let besides: [Double]
  /// What each kind is called.
  package let names: [String]
  /// What each kind is called where it weighs on applied against mentioned.
  package let usageNames: [String]
  private let numbers: [String: Int]
  /// The cue words of all kinds.
  package let cues: CueIndex
  /// The learned words.
  package let wording: WordingIndex
  private let keptLexicon = MadeOnce<Lexicon>()
  private let keptGrammar = MadeOnce<Grammar>()
  /// For each kind whether its words are the small words of one language (`french-text`).
  package let isLanguage: [Bool]
  /// For each language, by number, whether the set knows its small words.
  package let isSpoken: [Bool]

  /// A table.
  ///
  /// - Parameters:
  ///   - kinds: The kinds as written.
  ///   - wording: The learned words.
  ///   - index: The words of both, where they are known; they need not be in these then.
  init(_ kinds: [EvidenceKind], _ wording: Wording, _ index: RuleIndex?) {
    self.kinds = kinds
    let weights = RuleKind.allCases.map { rule in
      let own = kinds.map { kind in
        kind.about.contains(rule)
          ? EvidenceWeight(marking: kind.marking, usage: kind.usage) : EvidenceWeight()
      }
      return (rule, own)
    }
    self.weights = Dictionary(uniqueKeysWithValues: weights)
    self.reaches = kinds.map(\.reach)
    self.isOpening = kinds.map { $0.reach == .opening }
    self.names = kinds.map(\.name)
    self.usageNames = kinds.map { "usage:" + $0.name }
    self.besides = kinds.map { $0.reach == .sentence ? $0.beside : 0 }
    let numbers = Dictionary(kinds.enumerated().map { ($1.name, $0) }) { first, _ in first }
    self.numbers = numbers
    self.wording = index?.wording ?? WordingIndex(wording)
    self.structural = StructuralEvidence.allCases.map { numbers[$0.name] ?? -1 }
    var languages: [String] = []
    func number(_ language: String) -> Int {
      if let known = languages.firstIndex(of: language) { return known }
      languages.append(language)
      return languages.count - 1
    }
    var cues: [(evidence: Int, language: Int, pattern: WordPattern)] = []
    var list = WordList()
    let known = index?.cues
    for kind in kinds.indices {
      for cue in kinds[kind].cues {
        let language = number(cue.language)
        // Every other word of a text is one of these: what nobody weighs is not sought.
        if known != nil || kinds[kind].reach == .grammar { continue }
        for phrase in cue.phrases { cues.append((kind, language, WordPattern(phrase, &list))) }
      }
    }
    let isLanguage = kinds.map {
      $0.name.hasSuffix("-text") && $0.cues.count == 1 && $0.reach == .near
    }
    self.cues = known ?? CueIndex(cues)
    self.isLanguage = isLanguage
    self.isSpoken = languages.map { language in
      kinds.indices.contains { isLanguage[$0] && kinds[$0].cues[0].language == language }
    }
  }

  /// What both know of single words: made where a first place is judged, shared by every thread.
  package var lexicon: Lexicon {
    keptLexicon.value { Lexicon(cues, wording) }
  }

  /// The words by which sentences are read: made where a first place is judged, shared by every thread.
  @inline(__always)
  package var grammar: Grammar {
    keptGrammar.value { Grammar(kinds) }
  }

  /// The default weights for a kind of rule.
  func weights(about kind: RuleKind) -> [EvidenceWeight] { weights[kind] ?? [] }

  /// The number of a kind, or `nil` where there is none of that name.
  func number(named name: String) -> Int? { numbers[name] }

  /// The number of a structural kind, or `nil` where the set does not weigh it.
  package func number(of evidence: StructuralEvidence) -> Int? {
    let number = structural[evidence.rawValue]
    return number < 0 ? nil : number
  }
}

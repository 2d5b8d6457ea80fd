/// The evidence the engine itself sees in the layout of a text; each is a kind without words.
package enum StructuralEvidence: String, Sendable, CaseIterable {
  case ownLine = "own-line"
  case firstLine = "first-line"
  case lastLine = "last-line"
  case lineStart = "line-start"
  case heading
  case trailing
  case afterColon = "after-colon"
  case allCaps = "all-caps"
  case titleCase = "title-case"
  case lowerCase = "lower-case"
  case bracketed
  case portion
  case secondPortion = "second-portion"
  case repeated
  case caveat
  case filename
  case subject
  case channelName = "channel-name"
  case header
  case footer
  case label
  case otherMarking = "other-marking"
  case forwarded
  case quoted
  case quoteLine = "quote-line"
  case code
  case legend
  case placeholder
  case question
  case sentenceGap = "sentence-gap"
  case acronym
  case ordinaryUse = "ordinary-use"
  case disguised
  case boilerplate
}

/// The evidence of a rule set by number, with the default weights.
package struct EvidenceTable: Sendable {
  /// The kinds as written.
  package let kinds: [EvidenceKind]
  /// The number of each structural kind, or -1 where the set has none of that name.
  private let structural: [Int]
  /// The cue words of all kinds.
  package let cues: CueIndex

  init(_ kinds: [EvidenceKind]) {
    self.kinds = kinds
    self.structural = StructuralEvidence.allCases.map { evidence in
      kinds.firstIndex { $0.name == evidence.rawValue } ?? -1
    }
    self.cues = CueIndex(
      kinds.enumerated().flatMap { index, kind in
        kind.cues.flatMap { $0.phrases.map { (evidence: index, pattern: WordPattern($0)) } }
      }
    )
  }

  /// The number of a structural kind, or `nil` where the set does not weigh it.
  package func number(of evidence: StructuralEvidence) -> Int? {
    let number = structural[StructuralEvidence.index(of: evidence)]
    return number < 0 ? nil : number
  }
}

extension StructuralEvidence {
  /// The place of a case in ``allCases``.
  package static func index(of evidence: StructuralEvidence) -> Int { places[evidence] ?? 0 }

  private static let places: [StructuralEvidence: Int] = Dictionary(
    uniqueKeysWithValues: allCases.enumerated().map { ($1, $0) }
  )
}

/// What compiling works out of rules at some cost: a cache keeps it for the next start.
package struct RuleIndex: Sendable {
  /// The windows of phrases.
  package var phrases: WindowSet
  /// The windows of anchors.
  package var anchors: WindowSet
  /// The cue words of all evidence.
  package var cues: CueIndex
  /// The learned words.
  package var wording: WordingIndex
  /// For each pattern how many bytes before an anchor a match may start.
  package var leads: [Int]
  /// What a match of each pattern must hold beside its anchors.
  package var companions: CompanionLiterals

  /// An index from its parts.
  package init(
    phrases: WindowSet,
    anchors: WindowSet,
    cues: CueIndex,
    wording: WordingIndex,
    leads: [Int],
    companions: CompanionLiterals
  ) {
    self.phrases = phrases
    self.anchors = anchors
    self.cues = cues
    self.wording = wording
    self.leads = leads
    self.companions = companions
  }
}

extension CompiledRules {
  /// What compiling them worked out.
  package var index: RuleIndex {
    RuleIndex(
      phrases: prefilter.phraseWindows,
      anchors: prefilter.anchorWindows,
      cues: evidence.cues,
      wording: evidence.wording,
      leads: patterns.indices.map { lead(of: $0) },
      companions: companions
    )
  }
}

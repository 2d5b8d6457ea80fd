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
  /// For each anchor of marks and patterns whether it must stand in its very case.
  package var exactAnchors: [Bool]
  /// For each anchor of marks and patterns what may stand around it.
  package var surroundings: SurroundingsTable
  /// What a match of each pattern must hold beside its anchors.
  package var companions: CompanionLiterals

  /// An index from its parts.
  package init(
    phrases: WindowSet,
    anchors: WindowSet,
    cues: CueIndex,
    wording: WordingIndex,
    leads: [Int],
    exactAnchors: [Bool],
    surroundings: SurroundingsTable,
    companions: CompanionLiterals
  ) {
    self.phrases = phrases
    self.anchors = anchors
    self.cues = cues
    self.wording = wording
    self.leads = leads
    self.exactAnchors = exactAnchors
    self.surroundings = surroundings
    self.companions = companions
  }
}

extension CompiledRules {
  /// What compiling them worked out.
  package var index: RuleIndex {
    var (leads, surroundings) = (knownLeads, knownSurroundings)
    if leads.count < patterns.count || surroundings.count < prefilter.anchorTargets.count {
      let readings = PatternReading.all(of: patterns.indices.map(source(of:)))
      leads = readings.map(\.lead)
      surroundings = SurroundingsTable(of: prefilter.anchorTargets, readings)
    }
    return RuleIndex(
      phrases: prefilter.phraseWindows,
      anchors: prefilter.anchorWindows,
      cues: evidence.cues,
      wording: evidence.wording,
      leads: leads,
      exactAnchors: prefilter.anchorTargets.map(\.isExact),
      surroundings: surroundings,
      companions: companions
    )
  }
}

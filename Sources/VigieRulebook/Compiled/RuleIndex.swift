/// What compiling works out of rules at some cost: a cache keeps it for the next start.
package struct RuleIndex: Sendable {
  /// The windows of phrases: for each row how many, and the candidates.
  package var phrases: Windows
  /// The windows of anchors.
  package var anchors: Windows
  /// The cue words of all evidence.
  package var cues: CueIndex
  /// The learned words.
  package var wording: WordingIndex
  /// For each pattern how many bytes before an anchor a match may start.
  package var leads: [Int]

  /// A ``WindowSet`` by its parts.
  package struct Windows: Sendable {
    /// For each row how many candidates it has.
    package var counts: [UInt16]
    /// The candidates, row after row.
    package var candidates: [WindowCandidate]

    /// Windows from their parts.
    package init(counts: [UInt16], candidates: [WindowCandidate]) {
      self.counts = counts
      self.candidates = candidates
    }
  }

  /// An index from its parts.
  package init(
    phrases: Windows,
    anchors: Windows,
    cues: CueIndex,
    wording: WordingIndex,
    leads: [Int]
  ) {
    self.phrases = phrases
    self.anchors = anchors
    self.cues = cues
    self.wording = wording
    self.leads = leads
  }

  /// The windows of so many phrases, or `nil` where they are of others.
  func phrases(count: Int) -> WindowSet? {
    WindowSet(counts: phrases.counts, candidates: phrases.candidates, stringCount: count)
  }

  /// The windows of so many anchors, or `nil` where they are of others.
  func anchors(count: Int) -> WindowSet? {
    WindowSet(counts: anchors.counts, candidates: anchors.candidates, stringCount: count)
  }
}

extension CompiledRules {
  /// What compiling them worked out.
  package var index: RuleIndex {
    RuleIndex(
      phrases: RuleIndex.Windows(
        counts: prefilter.phraseWindows.counts,
        candidates: prefilter.phraseWindows.candidates
      ),
      anchors: RuleIndex.Windows(
        counts: prefilter.anchorWindows.counts,
        candidates: prefilter.anchorWindows.candidates
      ),
      cues: evidence.cues,
      wording: evidence.wording,
      leads: patterns.indices.map { lead(of: $0) }
    )
  }
}

import Synchronization
import VigieThreads

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
  /// What reading a pattern for its anchors tells.
  private struct Reading {
    /// How many bytes before an anchor a match may start.
    var lead: Int
    /// What may stand around each anchor.
    var surroundings: [AnchorSurroundings]
  }

  private func reading(of pattern: Int) -> Reading {
    Reading(lead: lead(of: pattern), surroundings: surroundings(ofPattern: pattern))
  }

  /// What reading each pattern for its anchors tells: half of what a first start costs, so that two threads share it.
  private var readings: [Reading] {
    let others = Mutex<[Reading]>([])
    let findOthers: @Sendable () -> Void = { [self] in
      let found = stride(from: 1, to: patterns.count, by: 2).map { reading(of: $0) }
      others.withLock { $0 = found }
    }
    // Expressions nest, and so does what reads them: as much stack as a main thread has.
    let thread = Thread(stackByteCount: 8 << 20, findOthers)
    let own = stride(from: 0, to: patterns.count, by: 2).map { reading(of: $0) }
    if let thread { thread.join() } else { findOthers() }
    let found = others.withLock { $0 }
    return patterns.indices.map { $0 % 2 == 0 ? own[$0 / 2] : found[$0 / 2] }
  }

  /// What compiling them worked out.
  package var index: RuleIndex {
    let readings = readings
    var met = [Int](repeating: 0, count: readings.count)
    let surroundings = prefilter.anchorTargets.map { target -> AnchorSurroundings in
      guard case .pattern(let pattern) = target.kind else { return .unknown }
      met[pattern] += 1
      return readings[pattern].surroundings[met[pattern] - 1]
    }
    return RuleIndex(
      phrases: prefilter.phraseWindows,
      anchors: prefilter.anchorWindows,
      cues: evidence.cues,
      wording: evidence.wording,
      leads: readings.map(\.lead),
      exactAnchors: prefilter.anchorTargets.map(\.isExact),
      surroundings: SurroundingsTable(surroundings),
      companions: companions
    )
  }
}

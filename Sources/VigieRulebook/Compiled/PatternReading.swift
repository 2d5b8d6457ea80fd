import Synchronization
import VigieThreads

/// What reading the expression of a pattern tells, of which it is read once.
struct PatternReading: Sendable {
  /// A pattern with the anchors it is given, or that its expression requires; none where it is run over digits.
  struct Source: Sendable {
    var pattern: Pattern
    var anchors: [String]
  }

  /// How many bytes before an anchor a match may start.
  var lead: Int
  /// What may stand around each anchor.
  var surroundings: [AnchorSurroundings]
  /// What a match must hold beside its anchors.
  var companions: [[UInt32]]

  /// Reads a pattern.
  init(_ source: Source) {
    let read = ReadExpression(source.pattern.regex.value)
    let spelling = AnchorLead.spelling(read, source.anchors)
    lead = PatternReading.lead(of: source, AnchorLead.of(read, source.anchors, spelling))
    surroundings = AnchorSurroundings.of(read, source.anchors, spelling)
    companions = CompanionLiterals.sets(of: read, source.anchors)
  }

  /// How many bytes before an anchor a match of a pattern may start.
  static func lead(of source: Source) -> Int {
    lead(of: source, AnchorLead.of(source.pattern.regex.value, anchors: source.anchors))
  }

  private static func lead(of source: Source, _ spelt: Int?) -> Int {
    let reach = source.pattern.reach
    return min(spelt ?? reach, reach) + AnchorLead.overlap(of: source.anchors)
  }

  /// Reads patterns: most of what a first start costs, so that two threads share it.
  static func all(of sources: [Source]) -> [PatternReading] {
    let others = Mutex<[PatternReading]>([])
    let findOthers: @Sendable () -> Void = {
      let found = stride(from: 1, to: sources.count, by: 2).map { PatternReading(sources[$0]) }
      others.withLock { $0 = found }
    }
    // Expressions nest, and so does what reads them: as much stack as a main thread has.
    let thread = Thread(stackByteCount: 8 << 20, findOthers)
    let own = stride(from: 0, to: sources.count, by: 2).map { PatternReading(sources[$0]) }
    if let thread { thread.join() } else { findOthers() }
    let found = others.withLock { $0 }
    return sources.indices.map { $0 % 2 == 0 ? own[$0 / 2] : found[$0 / 2] }
  }
}

extension SurroundingsTable {
  /// What may stand around the anchors of marks and patterns, in the order of these.
  init(of targets: [Prefilter.AnchorTarget], _ readings: [PatternReading]) {
    var met = [Int](repeating: 0, count: readings.count)
    self.init(
      targets.map { target -> AnchorSurroundings in
        guard case .pattern(let pattern) = target.kind else { return .unknown }
        met[pattern] += 1
        return readings[pattern].surroundings[met[pattern] - 1]
      }
    )
  }
}

/// The ways through an expression: one state for each place in it that consumes a scalar.
///
/// *Source:* V. M. Glushkov, "The abstract theory of automata" (1961). Unlike the textbook's, the
/// edges are counted: two ways from one place to the next are two ways a matcher will try.
struct RegexAutomaton {
  /// A step to another state while reading a scalar.
  struct Edge {
    var target: Int
    var set: ScalarSet
    /// 1, or 2 for several.
    var ways: Int
  }

  /// What becomes of a counted repetition.
  enum Counting {
    /// Up to this count it is written out, above it is a loop: finds what is bounded only in name.
    case loopsAbove(Int)
    /// Up to this count it is written out in short, above it is a loop: finds true loops only.
    case shortUpTo(Int)
  }

  /// The greatest number of states; an expression with more is read more coarsely.
  static let maxStateCount = 600
  /// The greatest number of edges.
  static let maxEdgeCount = 12_000
  /// How many copies stand for a repetition that is written out in short.
  private static let shortCopyCount = 2

  /// State 0 is the start.
  private(set) var edges: [[Edge]] = [[]]
  private var sets: [ScalarSet] = [.none]
  /// What may not follow a state, because a possessive loop would have read it.
  private var barriers: [ScalarSet] = [.none]
  private let counting: Counting
  private var edgeCount = 0
  private var isTooLarge = false

  /// Builds the automaton, or returns `nil` where it would be too large.
  init?(_ node: RegexNode, counting: Counting) {
    self.counting = counting
    let whole = build(node)
    connect([0: 1], whole.first)
    if isTooLarge { return nil }
  }

  private struct Fragment {
    var first: [Int: Int] = [:]
    var last: [Int: Int] = [:]
    /// Ways to match nothing: 0, 1, or 2 for several.
    var nullWays = 1
  }

  private mutating func build(_ node: RegexNode) -> Fragment {
    guard !isTooLarge else { return Fragment() }
    switch node {
    case .empty, .look, .lineEdge: return Fragment()
    case .set(let set): return state(set)
    case .sequence(let items):
      var whole = Fragment()
      for item in items { whole = join(whole, build(item)) }
      return whole
    case .choice(let branches):
      var whole = Fragment(nullWays: 0)
      for branch in branches.map({ build($0) }) {
        whole.first.merge(branch.first) { min(2, $0 + $1) }
        whole.last.merge(branch.last) { min(2, $0 + $1) }
        whole.nullWays = min(2, whole.nullWays + branch.nullWays)
      }
      return whole
    case .repeated(let item, let least, let most, let isPossessive):
      return buildRepeated(item, least, most, isPossessive)
    }
  }

  private mutating func buildRepeated(
    _ item: RegexNode,
    _ least: Int,
    _ most: Int?,
    _ isPossessive: Bool
  ) -> Fragment {
    let isLoop: Bool
    let copyCount: Int
    switch (counting, most) {
    case (_, nil): (isLoop, copyCount) = (true, 0)
    case (.loopsAbove(let limit), .some(let most)):
      (isLoop, copyCount) = (most > max(limit, 1), most)
    case (.shortUpTo(let limit), .some(let most)):
      (isLoop, copyCount) = (most > limit, min(most, RegexAutomaton.shortCopyCount))
    }
    if isLoop || isPossessive { return loop(item, isNullable: least == 0, isPossessive) }
    // x(x(x)?)? and not x?x?x?: each count can be read in one way only.
    var whole = Fragment()
    for index in stride(from: copyCount - 1, through: 0, by: -1) {
      whole = join(build(item), whole)
      if index >= min(least, copyCount) { whole.nullWays = min(2, whole.nullWays + 1) }
    }
    return whole
  }

  private mutating func loop(
    _ item: RegexNode,
    isNullable: Bool,
    _ isPossessive: Bool
  ) -> Fragment {
    var body = build(item)
    if !isPossessive {
      connect(body.last, body.first)
    } else if case .set(let set) = item, let only = body.last.keys.first {
      connect(body.last, body.first)
      barriers[only] = set
    }
    // A possessive loop over more than a set ends, and stays, where an iteration first fails: its
    // iterations never try each other's ways, so that one stands for all.
    // An iteration that matches nothing ends the loop: it adds no further way.
    body.nullWays = isNullable || body.nullWays > 0 ? 1 : 0
    return body
  }

  private mutating func state(_ set: ScalarSet) -> Fragment {
    guard edges.count < RegexAutomaton.maxStateCount else {
      isTooLarge = true
      return Fragment()
    }
    edges.append([])
    sets.append(set)
    barriers.append(.none)
    return Fragment(first: [edges.count - 1: 1], last: [edges.count - 1: 1], nullWays: 0)
  }

  private mutating func join(_ left: Fragment, _ right: Fragment) -> Fragment {
    connect(left.last, right.first)
    var whole = Fragment(nullWays: min(2, left.nullWays * right.nullWays))
    whole.first = left.first
    whole.last = right.last
    if left.nullWays > 0 {
      whole.first.merge(right.first.mapValues { min(2, $0 * left.nullWays) }) { min(2, $0 + $1) }
    }
    if right.nullWays > 0 {
      whole.last.merge(left.last.mapValues { min(2, $0 * right.nullWays) }) { min(2, $0 + $1) }
    }
    return whole
  }

  private mutating func connect(_ sources: [Int: Int], _ targets: [Int: Int]) {
    for (source, sourceWays) in sources.sorted(by: { $0.key < $1.key }) {
      if edgeCount > RegexAutomaton.maxEdgeCount { isTooLarge = true }
      if isTooLarge { return }
      for (target, targetWays) in targets.sorted(by: { $0.key < $1.key }) {
        let ways = min(2, sourceWays * targetWays)
        let barrier = barriers[source]
        let set = barrier.isEmpty ? sets[target] : sets[target].subtracting(barrier)
        guard !set.isEmpty else { continue }
        if let index = edges[source].firstIndex(where: { $0.target == target && $0.set == set }) {
          edges[source][index].ways = min(2, edges[source][index].ways + ways)
        } else {
          edges[source].append(Edge(target: target, set: set, ways: ways))
          edgeCount += 1
        }
      }
    }
  }
}

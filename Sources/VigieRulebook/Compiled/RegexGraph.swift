/// The ways through an expression, in the order of a text or against it: what may come next at each of its places.
///
/// Where an expression is not fully known, more is allowed than it matches, never less.
struct RegexGraph {
  typealias Characters = AnchorSurroundings.Characters

  /// Where anchors count that stand in an expression.
  enum Spelling {
    /// Every match spells one, letter by letter.
    case inMatch
    /// Every match spells one, or what must stand around it does.
    case around
    /// Anything that takes its letters may be one.
    case anywhere
  }

  /// A place of the expression.
  private enum Node {
    /// The whole expression has stood there; anything may follow.
    case end
    /// One character, and what comes after it.
    case set(Characters, isLetter: Bool, next: Int)
    /// One of several ways: a part of all of them.
    case choice(Range<Int>)
    /// What must stand there besides.
    case look(Int, next: Int)
  }

  /// The most places; an expression with more is not read.
  private static let maxCount = 20_000

  private let isReversed: Bool
  private var nodes: [Node] = [.end]
  /// Where the ways of all choices lead.
  private var ways: [Int] = []
  /// For each place whether what stands there is part of a match, not of what must stand around it.
  private var isConsumed: [Bool] = [false]
  /// For each place the scalars that may stand there, where they are kept; none where a line ends, and where no scalar is told.
  private var sets: [ScalarSet] = []
  private let keepsSets: Bool
  /// Where the expression starts.
  private var start = 0
  private var lookDepth = 0
  private var isUnreadable = false

  /// The graph of an expression, or `nil` where it is too large or holds loops over nothing.
  ///
  /// - Parameters:
  ///   - root: The expression.
  ///   - isReversed: Whether it is walked against the text.
  ///   - keepsSets: Whether scalars beyond ASCII are told apart, for ``Walk/beside(_:)``.
  init?(_ root: RegexNode, isReversed: Bool, keepsSets: Bool = false) {
    self.isReversed = isReversed
    self.keepsSets = keepsSets
    if keepsSets { sets = [.none] }
    start = add(root, before: 0)
    if isUnreadable { return nil }
  }

  private mutating func add(_ node: Node) -> Int {
    if nodes.count >= RegexGraph.maxCount { isUnreadable = true }
    nodes.append(node)
    isConsumed.append(lookDepth == 0)
    if keepsSets { sets.append(.none) }
    return nodes.count - 1
  }

  /// Adds a part of the expression before a place; returns where it starts.
  private mutating func add(_ part: RegexNode, before next: Int) -> Int {
    if isUnreadable { return 0 }
    switch part {
    case .empty: return next
    case .lineEdge(let isStart):
      guard isStart == isReversed else { return next }
      return add(.look(add(.set(.lineEdge, isLetter: false, next: 0)), next: next))
    case .look(let body, let isBehind):
      lookDepth += 1
      defer { lookDepth -= 1 }
      if isBehind == isReversed { return add(.look(add(body, before: 0), next: next)) }
      // Nothing that comes next; but an anchor may stand in it.
      _ = add(body, before: next)
      return next
    case .set(let set):
      let isLetter = !RequiredLiterals.letters(of: set).isEmpty
      let place = add(.set(Characters(set), isLetter: isLetter, next: next))
      if keepsSets { sets[place] = set }
      return place
    case .sequence(let items):
      var place = next
      for item in isReversed ? items : items.reversed() { place = add(item, before: place) }
      return place
    case .choice(let branches): return add(choice(of: branches.map { add($0, before: next) }))
    case .repeated(let item, let least, let most, _):
      return add(item, least, most, before: next)
    }
  }

  private mutating func add(_ item: RegexNode, _ least: Int, _ most: Int?, before next: Int) -> Int
  {
    // Beyond what is looked at one is as good as many.
    let limit = AnchorSurroundings.reach
    let least = min(least, limit)
    var place = next
    if let most, most <= limit {
      for _ in least..<max(least, most) {
        place = add(choice(of: [add(item, before: place), next]))
      }
    } else if RegexGraph.mayBeEmpty(item) {
      isUnreadable = true
    } else {
      place = add(.end)
      nodes[place] = choice(of: [add(item, before: place), next])
    }
    for _ in 0..<least { place = add(item, before: place) }
    return place
  }

  private mutating func choice(of places: [Int]) -> Node {
    let start = ways.count
    ways += places
    return .choice(start..<ways.count)
  }

  private static func mayBeEmpty(_ node: RegexNode) -> Bool {
    switch node {
    case .empty, .look, .lineEdge: true
    case .set: false
    case .sequence(let items): items.allSatisfy(mayBeEmpty)
    case .choice(let branches): branches.contains(where: mayBeEmpty)
    case .repeated(let item, let least, _, _): least == 0 || mayBeEmpty(item)
    }
  }

  /// What may stand right beside an anchor on one way to go on.
  struct Beside: Equatable {
    /// The scalars; `nil` for anything.
    var set: ScalarSet?
    /// Whether a blank or a sign that may stand there is left out: `DR` of `mention\s*DR`.
    var leavesOutGap = false
  }

  /// Walks over a graph, which remembers what it met.
  struct Walk {
    private let graph: RegexGraph
    /// For each place what may come next, by how many characters are asked for.
    private var known: [Int: [Line]] = [:]
    /// For each place those whose characters may come after its own, where that was asked for.
    private var followers: [[Int]?]

    init(_ graph: RegexGraph) {
      self.graph = graph
      followers = [[Int]?](repeating: nil, count: graph.nodes.count)
    }

    private mutating func reached(from place: Int) -> [Int] {
      if let known = followers[place] { return known }
      let found = graph.reached(from: place)
      followers[place] = found
      return found
    }

    /// The characters that come next, one after the other: as many as are asked for, in one piece of memory, as there are
    /// many lines.
    private struct Line: Equatable {
      private var all = InlineArray<8, Characters>(repeating: .all)
      private(set) var count: Int

      /// Any characters.
      init(count: Int) { self.count = count }

      subscript(place: Int) -> Characters {
        get { all[place] }
        set { all[place] = newValue }
      }

      /// The line with a character before it.
      func after(_ first: Characters) -> Line {
        var line = Line(count: count + 1)
        line[0] = first
        for place in 0..<count { line[place + 1] = self[place] }
        return line
      }

      /// The line of which each character is made of those of two lines.
      func with(_ other: Line, _ body: (Characters, Characters) -> Characters) -> Line {
        var line = self
        for place in 0..<count { line[place] = body(self[place], other[place]) }
        return line
      }

      /// Whether no character can stand in one of its places.
      var isImpossible: Bool { (0..<count).contains { self[$0].isEmpty } }

      var characters: [Characters] { (0..<count).map { self[$0] } }

      static func == (left: Line, right: Line) -> Bool {
        left.count == right.count && (0..<left.count).allSatisfy { left[$0] == right[$0] }
      }
    }

    /// Passes over an anchor wherever the expression holds it.
    ///
    /// - Parameters:
    ///   - letters: The anchor, against the text where the graph is.
    ///   - spelling: Which of these places count.
    /// - Returns: The characters it may be written in, and the ways in which the text may go on; `nil` where it is not in
    ///   the expression.
    mutating func pass(
      over letters: [UInt8],
      _ spelling: Spelling
    ) -> (own: [Characters], beyond: [[Characters]])? {
      guard let first = letters.first else { return nil }
      var layers: [[Int]] = [
        graph.nodes.indices.filter { graph.takes(first, at: $0, spelling) }
      ]
      for letter in letters.dropFirst() {
        var next: [Int] = []
        for place in layers[layers.count - 1] {
          next += reached(from: place).filter { graph.takes(letter, at: $0, spelling) }
        }
        layers.append(RegexGraph.once(next))
      }
      // Only those that lead to the last letter count.
      for layer in stride(from: layers.count - 2, through: 0, by: -1) {
        let later = Set(layers[layer + 1])
        layers[layer] = layers[layer].filter { reached(from: $0).contains(where: later.contains) }
      }
      guard !layers[layers.count - 1].isEmpty else { return nil }
      let own = zip(letters, layers).map { letter, layer in
        layer.reduce(Characters.none) { sum, place in
          sum.union(graph.characters(at: place).intersection(.init(letter: letter)))
        }
      }
      var beyond: [Line] = []
      for place in layers[layers.count - 1] {
        guard case .set(_, _, let next) = graph.nodes[place] else { continue }
        Walk.add(lines(from: next, AnchorSurroundings.reach), to: &beyond)
      }
      // No way leads on: what stands around it contradicts itself, as far as it is understood.
      return beyond.isEmpty ? nil : (own, beyond.map(\.characters))
    }

    /// The most ways of going on that are told apart; of more nothing is said.
    fileprivate static let maxBesideCount = 64

    /// What may stand right beside an anchor wherever an expression spells it, by the ways to go on there; none where it is
    /// not spelt, or there are too many.
    mutating func beside(_ letters: [UInt8]) -> [[Beside]] {
      var places = graph.nodes.indices.filter { place in
        letters.first.map { graph.takes($0, at: place, .around) } ?? false
      }
      for letter in letters.dropFirst() {
        var next: [Int] = []
        for place in places {
          next += reached(from: place).filter { graph.takes(letter, at: $0, .around) }
        }
        places = RegexGraph.once(next)
      }
      var all: [[Beside]] = []
      for place in places {
        guard case .set(_, _, let next) = graph.nodes[place], let ways = graph.beside(next) else {
          return []
        }
        all.append(ways)
      }
      return all
    }

    /// The ways in which a match may start; none where there is no match.
    mutating func atStart() -> [[Characters]] {
      lines(from: graph.start, AnchorSurroundings.reach).map(\.characters)
    }

    /// What may come next from a place on, so many characters: one way or several; none where nothing can.
    private mutating func lines(from place: Int, _ count: Int) -> [Line] {
      if count == 0 { return [Line(count: 0)] }
      let key = place * (AnchorSurroundings.reach + 1) + count
      if let lines = known[key] { return lines }
      var lines: [Line] = []
      switch graph.nodes[place] {
      case .end: lines = [Line(count: count)]
      case .set(let characters, _, let next):
        lines = self.lines(from: next, count - 1).map { $0.after(characters) }
      case .choice(let ways):
        for way in ways { Walk.add(self.lines(from: graph.ways[way], count), to: &lines) }
      case .look(let body, let next):
        let others = self.lines(from: body, count)
        for own in self.lines(from: next, count) {
          for other in others {
            let both = own.with(other) { $0.intersection($1) }
            if !both.isImpossible { Walk.add([both], to: &lines) }
          }
        }
      }
      known[key] = lines
      return lines
    }

    /// Adds ways to others; where there are too many, those become one that allow the least more together.
    private static func add(_ more: [Line], to lines: inout [Line]) {
      for line in more where !lines.contains(line) {
        lines.append(line)
        if lines.count <= AnchorSurroundings.maxWayCount { continue }
        var best = (first: 0, second: 1, cost: Int.max)
        for second in lines.indices.dropFirst() {
          for first in 0..<second {
            let cost = Walk.cost(lines[first], lines[second])
            if cost < best.cost { best = (first, second, cost) }
          }
        }
        let other = lines.remove(at: best.second)
        lines[best.first] = lines[best.first].with(other) { $0.union($1) }
      }
    }

    /// How many characters more two ways allow together than each of them, the nearest counting most.
    private static func cost(_ first: Line, _ second: Line) -> Int {
      var cost = 0
      for place in 0..<first.count {
        let both = first[place].union(second[place]).count
        cost += (2 * both - first[place].count - second[place].count) * (16 - place)
      }
      return cost
    }
  }

  /// What may stand at a place, by the ways from there; `nil` for too many of them.
  private func beside(_ place: Int) -> [Beside]? {
    var all: [Beside] = []
    func add(_ way: Beside) { if !all.contains(way) { all.append(way) } }
    switch nodes[place] {
    case .end: return [Beside(set: nil)]
    case .set: return [Beside(set: sets[place])]
    case .choice(let choice):
      var isGap = false
      for way in choice {
        guard let more = beside(ways[way]) else { return nil }
        for one in more { add(Beside(set: one.set, leavesOutGap: one.leavesOutGap || isGap)) }
        isGap = isGap || more.allSatisfy { $0.set?.subtracting(.word).isEmpty == false }
      }
    case .look(let body, let next):
      guard let conditions = beside(body), let own = beside(next) else { return nil }
      for condition in conditions {
        for one in own {
          guard let other = condition.set, let set = one.set else {
            add(Beside(set: one.set ?? condition.set, leavesOutGap: one.leavesOutGap))
            continue
          }
          // Where a line ends stands no scalar that is told.
          let both = set.inverted.union(other.inverted).inverted
          if !both.isEmpty || other.isEmpty {
            add(Beside(set: both, leavesOutGap: one.leavesOutGap))
          }
        }
      }
    }
    return all.count > Walk.maxBesideCount ? nil : all
  }

  /// Whether a place is one character that may be a letter, in either case.
  private func takes(_ letter: UInt8, at place: Int, _ spelling: Spelling) -> Bool {
    guard case .set(let characters, let isLetter, _) = nodes[place] else { return false }
    let counts =
      switch spelling {
      case .inMatch: isLetter && isConsumed[place]
      case .around: isLetter
      case .anywhere: true
      }
    return counts && !characters.intersection(.init(letter: letter)).isEmpty
  }

  private func characters(at place: Int) -> Characters {
    if case .set(let characters, _, _) = nodes[place] { characters } else { .none }
  }

  /// The characters that may come after one, by their places.
  private func reached(from place: Int) -> [Int] {
    guard case .set(_, _, let next) = nodes[place] else { return [] }
    if case .set = nodes[next] { return [next] }
    var found: [Int] = []
    var seen: Set<Int> = []
    var open = [next]
    while let place = open.popLast() {
      switch nodes[place] {
      case .end: continue
      case .set: found.append(place)
      case .choice(let choice) where seen.insert(place).inserted: open += ways[choice]
      case .look(let body, let next) where seen.insert(place).inserted: open += [body, next]
      case .choice, .look: continue
      }
    }
    return RegexGraph.once(found)
  }

  /// Places in order, each once.
  private static func once(_ places: [Int]) -> [Int] {
    if places.count < 2 { return places }
    var once: [Int] = []
    for place in places.sorted() where place != once.last { once.append(place) }
    return once
  }
}

extension AnchorSurroundings.Characters {
  /// A letter in both cases, or another byte of ASCII.
  fileprivate init(letter: UInt8) {
    let lower = Prefilter.lowercased(letter)
    let isLetter = (0x61...0x7A).contains(lower)
    let all = isLetter ? [lower, lower & ~0x20] : [lower]
    self.init(low: 0, high: 0)
    for byte in all where byte < 0x80 {
      if byte < 64 { low |= 1 << UInt64(byte) } else { high |= 1 << UInt64(byte - 64) }
    }
  }
}

/// Looks for ambiguous loops in an automaton.
struct HazardSearch {
  private struct Step {
    var target: Int
    var bits: ScalarAtoms.Bits
    var ways: Int
  }

  /// States visited before a search gives up.
  private static let maxVisitCount = 200_000

  private let atoms: ScalarAtoms
  private let steps: [[Step]]
  /// The strongly connected component of each state.
  private let component: [Int]
  /// The components that hold a loop, in the order in which a match meets them.
  private let loops: [[Int]]
  /// Whether a search gave up.
  private(set) var isExhausted = false

  init(_ automaton: RegexAutomaton) {
    let atoms = ScalarAtoms(Set(automaton.edges.joined().map(\.set)))
    self.atoms = atoms
    steps = automaton.edges.map { edges in
      edges.map { Step(target: $0.target, bits: atoms.bits(of: $0.set), ways: $0.ways) }
    }
    let targets = automaton.edges.map { $0.map(\.target) }
    let components = StrongComponents(targets)
    component = components.number
    loops = components.members.filter { members in
      members.count > 1 || members.contains { targets[$0].contains($0) }
    }.reversed()
  }

  // MARK: Exponential

  /// A state that can come back to itself over one text in two ways.
  mutating func exponential() -> RegexHazard? {
    for members in loops {
      if let hazard = doubleStep(members) ?? doubleWay(members) { return hazard }
    }
    return nil
  }

  /// Two edges from one state to the next over the same scalar, inside a loop.
  private func doubleStep(_ members: [Int]) -> RegexHazard? {
    for state in members {
      let inside = steps[state].filter { component[$0.target] == component[state] }
      for (index, step) in inside.enumerated() {
        var shared = step.ways > 1 ? step.bits.first : nil
        for other in inside[(index + 1)...]
        where shared == nil && other.target == step.target {
          shared = step.bits.intersection(other.bits).first
        }
        guard let shared, let back = path(from: step.target, to: state, inside: true) else {
          continue
        }
        return hazard(.exponential, at: state, pump: [shared] + back, in: members)
      }
    }
    return nil
  }

  /// Two ways that part and meet again: in pairs of states, a way off the diagonal and back.
  private mutating func doubleWay(_ members: [Int]) -> RegexHazard? {
    let count = steps.count
    var cameFrom: [Int: (pair: Int, atom: Int)] = [:]
    var backward: [Int: [(pair: Int, atom: Int)]] = [:]
    var queue = members.map { $0 * count + $0 }
    var seen = Set(queue)
    var head = 0
    while head < queue.count {
      let pair = queue[head]
      head += 1
      if head > HazardSearch.maxVisitCount {
        isExhausted = true
        return nil
      }
      for left in steps[pair / count] where component[left.target] == component[members[0]] {
        for right in steps[pair % count] where component[right.target] == component[members[0]] {
          guard let atom = left.bits.intersection(right.bits).first else { continue }
          let next = left.target * count + right.target
          if left.target == right.target, pair / count == pair % count { continue }
          backward[next, default: []].append((pair, atom))
          if seen.insert(next).inserted {
            cameFrom[next] = (pair, atom)
            queue.append(next)
          }
        }
      }
    }
    // From the diagonal backwards: which pairs off it come back to it, and how.
    var leadsTo: [Int: (pair: Int, atom: Int)] = [:]
    var open = queue.filter { $0 / count == $0 % count }
    while let pair = open.popLast() {
      for (source, atom) in backward[pair] ?? []
      where source / count != source % count && leadsTo[source] == nil {
        leadsTo[source] = (pair, atom)
        open.append(source)
      }
    }
    guard let parted = queue.first(where: { $0 / count != $0 % count && leadsTo[$0] != nil }) else {
      return nil
    }
    var pump: [Int] = []
    var pair = parted
    while let step = cameFrom[pair], pair / count != pair % count {
      pump.insert(step.atom, at: 0)
      pair = step.pair
    }
    let start = pair / count
    pair = parted
    while pair / count != pair % count, let step = leadsTo[pair] {
      pump.append(step.atom)
      pair = step.pair
    }
    guard let back = path(from: pair / count, to: start, inside: true) else { return nil }
    return hazard(.exponential, at: start, pump: pump + back, in: members)
  }

  // MARK: Polynomial

  /// Two loops such that one text goes round in the first, round in the second, and from the first
  /// to the second; the degree is the longest chain of them.
  mutating func polynomial() -> RegexHazard? {
    var chain = Array(repeating: 1, count: loops.count)
    var worst: RegexHazard?
    var visits = 0
    for second in loops.indices {
      for first in 0..<second where chain[first] + 1 > chain[second] {
        guard let found = passage(loops[first], loops[second], &visits) else { continue }
        chain[second] = chain[first] + 1
        let growth = RegexHazard.Growth.polynomial(degree: chain[second])
        if chain[second] > (worst?.growth.degree ?? 1) {
          worst = hazard(growth, at: found.state, pump: found.pump, in: loops[second])
        }
      }
    }
    return worst
  }

  private func passage(
    _ first: [Int],
    _ second: [Int],
    _ visits: inout Int
  ) -> (state: Int, pump: [Int])? {
    let count = steps.count
    for p in first {
      for q in second {
        let start = (p * count + p) * count + q
        let goal = (p * count + q) * count + q
        var cameFrom: [Int: (triple: Int, atom: Int)] = [:]
        var queue = [start]
        var seen: Set<Int> = [start]
        var head = 0
        while head < queue.count {
          let triple = queue[head]
          head += 1
          visits += 1
          if visits > HazardSearch.maxVisitCount { return nil }
          for a in steps[triple / count / count] where component[a.target] == component[p] {
            for c in steps[triple % count] where component[c.target] == component[q] {
              let shared = a.bits.intersection(c.bits)
              guard shared.first != nil else { continue }
              for b in steps[triple / count % count] {
                guard let atom = shared.intersection(b.bits).first else { continue }
                let next = (a.target * count + b.target) * count + c.target
                guard seen.insert(next).inserted else { continue }
                cameFrom[next] = (triple, atom)
                queue.append(next)
              }
            }
          }
          if cameFrom[goal] != nil {
            var pump: [Int] = []
            var at = goal
            while let step = cameFrom[at] {
              pump.insert(step.atom, at: 0)
              at = step.triple
            }
            return (p, pump)
          }
        }
      }
    }
    return nil
  }

  // MARK: Texts

  /// The shortest way from a state to another, in atoms; within the component if asked.
  private func path(from start: Int, to goal: Int, inside: Bool) -> [Int]? {
    var cameFrom: [Int: (state: Int, atom: Int)] = [:]
    var queue = [start]
    var head = 0
    if start == goal { return [] }
    while head < queue.count {
      let state = queue[head]
      head += 1
      for step in steps[state] where !inside || component[step.target] == component[start] {
        guard step.target != start, cameFrom[step.target] == nil, let atom = step.bits.first else {
          continue
        }
        cameFrom[step.target] = (state, atom)
        if step.target == goal {
          var path: [Int] = []
          var at = goal
          while let step = cameFrom[at] {
            path.insert(step.atom, at: 0)
            at = step.state
          }
          return path
        }
        queue.append(step.target)
      }
    }
    return nil
  }

  private func hazard(
    _ growth: RegexHazard.Growth,
    at state: Int,
    pump: [Int],
    in members: [Int]
  ) -> RegexHazard {
    let leaving = members.flatMap { steps[$0].map(\.bits) }
    return RegexHazard(
      growth: growth,
      prefix: text(path(from: 0, to: state, inside: false) ?? []),
      pump: text(pump),
      suffix: atoms.scalar(outside: leaving).map { String($0) } ?? ""
    )
  }

  private func text(_ word: [Int]) -> String {
    var text = ""
    for atom in word { text.unicodeScalars.append(atoms.representatives[atom]) }
    return text
  }
}

extension RegexHazard.Growth {
  /// The power of the length; the greatest number where it is exponential.
  var degree: Int { if case .polynomial(let degree) = self { degree } else { .max } }
}

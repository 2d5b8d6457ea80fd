import Testing
import VigieRulebook
import TestSupport

@Suite("Automaton")
struct AutomatonTests {
  /// An end of a string in a text.
  private struct Hit: Hashable {
    var end: Int
    var string: UInt32
  }

  private func hits(_ automaton: Automaton, _ text: [UInt8]) -> Set<Hit> {
    var state: UInt32 = 0
    var hits: Set<Hit> = []
    for (place, symbol) in text.enumerated() {
      state = automaton.step(state, symbol)
      guard state >= automaton.firstAccepting else { continue }
      for output in automaton.outputRange(of: state) {
        hits.insert(Hit(end: place + 1, string: automaton.outputs[output]))
      }
    }
    return hits
  }

  private func naiveHits(_ strings: [[UInt8]], _ text: [UInt8], isSilent: Bool) -> Set<Hit> {
    let places = text.indices.filter { !isSilent || text[$0] != 0 }
    let symbols = places.map { text[$0] }
    var hits: Set<Hit> = []
    for (number, string) in strings.enumerated() where !string.isEmpty {
      for start in symbols.indices where symbols[start...].starts(with: string) {
        hits.insert(Hit(end: places[start + string.count - 1] + 1, string: UInt32(number)))
      }
    }
    return hits
  }

  @Test("finds what a naive search finds", arguments: [nil, 0])
  func random(_ silent: Int?) {
    var generator = SeededGenerator(seed: 3)
    for round in 0..<300 {
      let letters = UInt8.random(in: 1...4, using: &generator)
      let strings = (0..<Int.random(in: 0...12, using: &generator)).map { _ in
        (0..<Int.random(in: 0...5, using: &generator)).map { _ in
          UInt8.random(in: 1...letters, using: &generator)
        }
      }
      let automaton = Automaton(strings: strings, columnCount: 8, silentColumn: silent)
      let text = (0..<80).map { _ in UInt8.random(in: 0...letters, using: &generator) }
      let found = hits(automaton, text)
      let expected = naiveHits(strings, text, isSilent: silent != nil)
      if found != expected {
        Issue.record("round \(round): \(strings) in \(text): \(found) instead of \(expected)")
      }
    }
  }

  @Test("accepting states are the last, each offset the start of a row")
  func layout() {
    let automaton = Automaton(strings: [[1, 2], [2], [1, 2, 3]], columnCount: 4, silentColumn: 0)
    #expect(automaton.acceptingCount == 3)
    #expect(automaton.transitions.allSatisfy { $0 % 4 == 0 })
    let endings = (0..<3).map { automaton.outputs(ofAccepting: $0).sorted() }
    #expect(Set(endings) == [[0, 1], [1], [2]])
    // Silence after a hit is no second hit.
    let hit = automaton.step(0, 2)
    #expect(hit >= automaton.firstAccepting)
    #expect(automaton.step(hit, 0) < automaton.firstAccepting)
    #expect(automaton.step(automaton.step(hit, 0), 2) == hit)
  }

  @Test("an automaton of nothing finds nothing")
  func empty() {
    let automaton = Automaton(strings: [], columnCount: 2, silentColumn: nil)
    #expect(hits(automaton, [0, 1, 1, 0]) == [])
    #expect(automaton.acceptingCount == 0)
  }
}

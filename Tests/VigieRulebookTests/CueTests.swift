import Testing
import VigieRulebook
import TestSupport
import VigieText

@Suite("Cue words")
struct CueTests {
  private func read(_ text: String, _ list: inout WordList) {
    let bytes = Array(text.utf8)
    list.read(bytes.span, 0..<bytes.count)
  }

  @Test("words of a pattern stand in a row; a star stands for any ending")
  func patterns() {
    func stands(_ pattern: String, _ place: Int) -> Bool {
      var list = WordList()
      read("Veuillez trouver ci-jointe l’ANNEXE", &list)
      return WordPattern(pattern).matches(list, at: place)
    }
    #expect(stands("ci-joint*", 2))
    #expect(stands("trouver ci joint*", 1))
    #expect(!stands("ci-joint", 2))
    #expect(!stands("ci-jointes*", 2))
    #expect(stands("l'annexe", 4))
    #expect(stands("annexe", 5))
    #expect(!stands("annexe suivante", 5))
    #expect(!stands("veuillez", -1))
    #expect(!stands("veuillez", 6))
    #expect(!stands("", 0))
    #expect(!stands("…", 0))
  }

  @Test("the index finds what trying every cue at every word finds")
  func index() throws {
    var generator = SeededGenerator(seed: 5)
    let words = ["a", "ab", "abc", "abcd", "b", "bc", "été", "ci"]
    for round in 0..<60 {
      let cues = (0..<12).map { _ in
        let text = (0..<Int.random(in: 1...4, using: &generator))
          .map { _ in generator.pick(words) }.joined(separator: " ")
        return generator.once(in: 3) ? text + "*" : text
      }
      let kinds = cues.enumerated().map { number, cue in
        EvidenceKind(
          name: "e\(number)",
          title: "t",
          marking: 1,
          usage: 0,
          cues: [("fr", [cue])]
        )
      }
      let rules = try TestRules.compiled([TestRules.rule("xx.a", ["secret"])], evidence: kinds)
      let text = (0..<30).map { _ in generator.pick(words + ["zz"]) }
        .joined(separator: generator.pick([" ", "-", ", "]))
      var list = WordList()
      read(text, &list)
      var hits: [CueIndex.Hit] = []
      rules.evidence.cues.find(in: list, into: &hits)
      var expected: Set<[Int]> = []
      for (number, cue) in cues.enumerated() {
        let pattern = WordPattern(cue)
        for start in list.words.indices where pattern.matches(list, at: start) {
          expected.insert([number, start, start + pattern.hashes.count])
        }
      }
      let found = Set(hits.map { [$0.evidence, $0.words.lowerBound, $0.words.upperBound] })
      if found != expected {
        Issue.record("round \(round): \(cues) in \(text): \(found.symmetricDifference(expected))")
      }
      if hits.map(\.words.lowerBound) != hits.map(\.words.lowerBound).sorted() {
        Issue.record("round \(round): not in the order of the first word")
      }
      // With the words looked up before, the same in the same order.
      var places: [UInt32] = []
      rules.evidence.lexicon.find(list, into: &places)
      var others: [CueIndex.Hit] = []
      rules.evidence.cues.find(in: list, at: places, rules.evidence.lexicon, into: &others)
      if !others.elementsEqual(hits, by: { $0.evidence == $1.evidence && $0.words == $1.words }) {
        Issue.record("round \(round): \(cues) in \(text) by the lexicon: \(others)")
      }
    }
  }

  @Test("a set of patterns stands where one of them does, from a word on or up to one")
  func patternSets() {
    var generator = SeededGenerator(seed: 9)
    let words = ["a", "ab", "abc", "abcd", "b", "bc", "été", "ci", "x.ab"]
    for round in 0..<200 {
      let patterns = (0..<8).map { _ in
        let text = (0..<Int.random(in: 0...3, using: &generator))
          .map { _ in generator.pick(words) }.joined(separator: " ")
        return WordPattern(generator.once(in: 3) ? text + "*" : text)
      }
      let set = WordPatternSet(patterns)
      var list = WordList()
      read((0..<20).map { _ in generator.pick(words + ["zz"]) }.joined(separator: " "), &list)
      for place in list.words.indices {
        let first = patterns.first { $0.matches(list, at: place) }
        #expect(set.wordCount(in: list, at: place) == first?.hashes.count, "round \(round)")
        let ends = patterns.contains {
          !$0.hashes.isEmpty && $0.matches(list, at: place - $0.hashes.count)
        }
        #expect(set.stands(in: list, endingAt: place) == ends, "round \(round)")
      }
    }
    #expect(WordPatternSet([]).isEmpty)
  }

  @Test("every cue of the shipped evidence is found in its own words")
  func shipped() throws {
    let rules = try ShippedRules.compiled()
    var count = 0
    for (number, kind) in rules.evidence.kinds.enumerated() {
      for phrase in kind.cues.flatMap(\.phrases) {
        count += 1
        var list = WordList()
        read("xyz " + phrase.replacing("*", with: "qq") + " xyz", &list)
        if let grammar = GrammarKind.allCases.first(where: { $0.name == kind.name }) {
          let isKnown =
            grammar == .mailFooter
            ? rules.evidence.grammar.footerStarts.stands(in: list, at: 1)
            : rules.evidence.grammar.has(grammar, list.hash(of: 1))
          if !isKnown { Issue.record("\(kind.name): '\(phrase)' is not known") }
          continue
        }
        var hits: [CueIndex.Hit] = []
        rules.evidence.cues.find(in: list, into: &hits)
        if !hits.contains(where: { $0.evidence == number && $0.words.lowerBound == 1 }) {
          Issue.record("\(kind.name): '\(phrase)' is not found")
        }
      }
    }
    #expect(count > 100)
  }
}

import TestSupport
import Testing
import VigieText

@testable import VigieRulebook

@Suite("Learned words")
struct WordingTests {
  @Test("what the lexicon tells of each word adds up to what reading the words does")
  func weights() {
    var generator = SeededGenerator(seed: 11)
    let words = ["a", "b", "cd", "été", "12", "7", "x.ab", "ef"]
    let folded = ["a", "b", "cd", "ete", "12", "7", "x", "ab", "ef", "0", "#"]
    var seenCount = 0
    for round in 0..<400 {
      var known: Set<String> = []
      let entries = (0..<40).compactMap { _ -> Wording.Entry? in
        let first = generator.pick(folded)
        let written = generator.pick([
          first, "<" + first, ">" + first, "~" + first, first + " " + generator.pick(folded),
        ])
        // Quarters: their sum is exact in whatever order.
        let weight = Double(Int.random(in: -9...9, using: &generator)) / 4
        return known.insert(written).inserted ? .init(words: written, weight: weight) : nil
      }
      let evidence = EvidenceTable([], Wording(limit: 20, entries: entries), nil)
      let text = (0..<60).map { _ in
        generator.pick(words) + generator.pick([" ", " ", " ", ". A ", ", "])
      }.joined()
      let bytes = Array(text.utf8)
      var list = WordList()
      list.read(bytes.span, 0..<bytes.count)
      var places: [UInt32] = []
      evidence.lexicon.find(list, into: &places)
      var hits = WordingIndex.Hits()
      // The memory of one marking must leave nothing for the next.
      for _ in 0..<3 {
        let start = Int.random(in: 0..<list.words.count, using: &generator)
        let place = start..<min(list.words.count, start + Int.random(in: 1...2, using: &generator))
        let weight = evidence.wording.weight(
          list,
          at: places,
          evidence.lexicon,
          around: place,
          &hits
        )
        let seen = WordingTests.seen(list, place)
        let sum = entries.filter { seen.contains($0.words) }.reduce(0) { $0 + $1.weight }
        if sum != 0 { seenCount += 1 }
        if weight != min(20, max(-20, sum)) {
          Issue.record("round \(round): \(weight) for \(sum), \(place) of \(text)")
        }
      }
    }
    #expect(seenCount > 500)
  }

  /// What counts around a marking, as it is written.
  private static func seen(_ list: borrowing WordList, _ place: Range<Int>) -> Set<String> {
    let words = list.words.map { String(decoding: list.letters[$0.letters], as: UTF8.self) }
    let isNumber = list.words.map(\.isNumber)
    let sentence = WordingIndex.sentence(list, around: place)
    let near = WordingIndex.near(list, around: sentence)
    let before = words[sentence.lowerBound..<place.lowerBound]
    let after = words[place.upperBound..<max(place.upperBound, sentence.upperBound)]
    var seen = Set(before).union(after)
    seen.formUnion(before.map { "<" + $0 })
    seen.formUnion(after.map { ">" + $0 })
    let row = before + ["#"] + after
    seen.formUnion(zip(row, row.dropFirst()).map { $0 + " " + $1 })
    for word in Array(near.before) + Array(near.after) {
      seen.insert("~" + (isNumber[word] ? "0" : words[word]))
    }
    return seen
  }
}

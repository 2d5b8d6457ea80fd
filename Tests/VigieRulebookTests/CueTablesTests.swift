import TestSupport
import Testing
import VigieText

@testable import VigieRulebook

@Suite("Tables of cues")
struct CueTablesTests {
  /// The hits of some cues in a text, by their evidence and language; the same with the words looked up before.
  private func hits(_ index: CueIndex, _ text: String) -> [[Int]] {
    let bytes = Array(text.utf8)
    var list = WordList()
    list.read(bytes.span, 0..<bytes.count)
    var found: [CueIndex.Hit] = []
    index.find(in: list, into: &found)
    let lexicon = Lexicon(index, WordingIndex(entries: [], limit: 0))
    var places: [UInt32] = []
    lexicon.find(list, into: &places)
    var others: [CueIndex.Hit] = []
    index.find(in: list, at: places, lexicon, into: &others)
    func numbers(_ hits: [CueIndex.Hit]) -> [[Int]] {
      hits.map { [$0.evidence, $0.language, $0.words.lowerBound, $0.words.upperBound] }
    }
    #expect(numbers(others) == numbers(found))
    return numbers(found)
  }

  @Test(
    "of however many words that may follow each is found, and no other",
    arguments: [1, 2, 3, 4, 5, 7, 60, 700]
  )
  func followers(count: Int) {
    // Numbers beyond sixteen bits stand in a list.
    let cues = (0..<count).map {
      (
        evidence: $0 % 3 == 0 ? 70_000 + $0 : $0, language: $0 % 5,
        pattern: WordPattern("de w\($0) fin")
      )
    }
    let index = CueIndex(cues + [(evidence: 9, language: 1, pattern: WordPattern("de w0"))])
    for number in stride(from: 0, to: count, by: max(1, count / 40)) {
      let (cue, isFirst) = (cues[number], number == 0)
      let own = [cue.evidence, cue.language, 1, 4]
      let expected = (isFirst ? [[9, 1, 1, 3]] : []) + [own]
      #expect(hits(index, "a de w\(number) fin a") == expected)
      #expect(hits(index, "a de w\(number)") == (isFirst ? [[9, 1, 1, 3]] : []))
    }
    for number in 0..<60 { #expect(hits(index, "de v\(number) fin w1 fin").isEmpty) }
  }

  @Test("a run of words may show several things, go on with a star, and be part of a longer one")
  func runs() {
    let patterns = ["de la", "de la", "de la not*", "de l*", "la note", "de"]
    let cues = patterns.enumerated().map {
      (evidence: $0, language: 0, pattern: WordPattern($1))
    }
    let found = hits(CueIndex(cues), "de la noter de la note")
    let expected = [
      [5, 0, 0, 1], [3, 0, 0, 2], [0, 0, 0, 2], [1, 0, 0, 2], [2, 0, 0, 3], [5, 0, 3, 4],
      [3, 0, 3, 5], [0, 0, 3, 5], [1, 0, 3, 5], [2, 0, 3, 6], [4, 0, 4, 6],
    ]
    #expect(found == expected)
  }

  @Test("a starred word is found where no cue has any other")
  func starsAlone() {
    let index = CueIndex([(evidence: 3, language: 2, pattern: WordPattern("runbook*"))])
    #expect(hits(index, "see the runbooks") == [[3, 2, 2, 3]])
    #expect(hits(index, "see the book").isEmpty)
  }

  @Test("an entry keeps the numbers of all sorts of weights apart, in one line of the cache")
  func entries() {
    var entry = Lexicon.Entry(hash: 1)
    let numbers: [UInt32] = [0xFF_FFFF, 0xAB_CDEF, 1, 0xFE_DC_BA]
    for (kind, number) in zip([WordingIndex.Entry.Kind.near, .own, .before, .after], numbers) {
      entry.note(number, kind)
    }
    entry.note(5, .pair)
    #expect([entry.near, entry.own, entry.before, entry.after] == numbers)
    #expect(entry.opensPair && !entry.closesPair)
    #expect(MemoryLayout<Lexicon.Entry>.stride == 64)
  }

  @Test("rows are those of the list, of few and of many", arguments: [0, 1, 1_000, 200_000])
  func rows(count: Int) {
    let rows = AlignedRows((0..<count).map { UInt64($0) &* 0x9E37_79B9 })
    #expect(rows.count == count)
    #expect((0..<count).allSatisfy { rows[$0] == UInt64($0) &* 0x9E37_79B9 })
  }
}

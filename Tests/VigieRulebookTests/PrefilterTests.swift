import Testing
import VigieRulebook
import TestSupport
import VigieText
import VigieUnicode

@Suite("Prefilter")
struct PrefilterTests {
  private let rules: CompiledRules

  init() throws {
    rules = try ShippedRules.compiled()
  }

  /// The strings that may stand where one of two looks, a step apart, is the last.
  private func met(_ symbols: [UInt8], _ table: Int, isLast: Bool) -> [(string: Int, count: Int)] {
    var last: UInt64 = 0
    var found: [(string: Int, count: Int)] = []
    for (place, symbol) in symbols.enumerated() {
      last = last << 5 | UInt64(symbol)
      // Every second step, as the pass does; once with the even ones, once with the odd.
      if (place % 2 == 0) == isLast { found += rules.prefilter.tables.strings(last, table) }
    }
    return found
  }

  @Test("every phrase is met at one of two steps, after as many of its letters as its window says")
  func phrases() {
    let prefilter = rules.prefilter
    #expect(prefilter.phraseStrings.contains { $0.isPart })
    #expect(prefilter.phraseStrings.contains { !$0.isPart })
    for (number, string) in prefilter.phraseStrings.enumerated() {
      let symbols = rules.phrases[string.phrase].folded.symbols[string.letters]
      for isLast in [true, false] {
        // Whatever stands before it, and after it.
        let surroundings: [(before: [UInt8], after: [UInt8])] = [
          ([], []), ([27, 12, 5], [27]), ([5, 5, 1, 3], [12, 12]),
        ]
        for (before, after) in surroundings {
          let text = before + symbols + after
          let places = met(text, PassTable.phrases, isLast: isLast).filter { $0.string == number }
          if places.isEmpty { Issue.record("\(string) is not met") }
          #expect(places.allSatisfy { $0.count <= symbols.count })
        }
      }
    }
    let scripts = rules.phrases.filter { $0.folded.view == .script }
    #expect(prefilter.hasScriptPhrases == !scripts.isEmpty)
  }

  @Test("every anchor is met in either case, and leads to its pattern or mark")
  func anchors() {
    let prefilter = rules.prefilter
    var patterns: Set<Int> = []
    var marks: Set<Int> = []
    for (string, group) in prefilter.anchorGroups.enumerated() {
      let edges: [UInt8] = group.isWholeWord ? Array(" 7/-(".utf8) : Array(" x7é".utf8)
      for literal in [group.literal, group.literal.map(upper), group.literal.map(lower)] {
        for edge in edges {
          for isLast in [true, false] {
            let text = [0x20, 0x20, edge] + literal + [edge, 0x20]
            let codes = text.map { $0 < 0x80 ? StepTable.code(of: $0) : StepTable.wideCode }
            let places = met(codes, PassTable.anchors, isLast: isLast)
            if !places.contains(where: { $0.string == string }) {
              Issue.record("anchor \(group.literal) is not met beside \(edge)")
            }
          }
        }
      }
    }
    for target in prefilter.anchorTargets {
      switch target.kind {
      case .pattern(let pattern): patterns.insert(pattern)
      case .mark(let mark):
        marks.insert(mark)
        #expect(target.isExact && target.isWholeWord)
        #expect(rules.marks[mark].literal == target.literal)
      }
    }
    // Patterns of digits have no anchor: runs of digits lead to them.
    #expect(patterns.isDisjoint(with: rules.digitPatterns))
    #expect(patterns.union(rules.digitPatterns) == Set(rules.patterns.indices))
    #expect(marks == Set(rules.marks.indices))
  }

  @Test("every run of digits is met at one of two steps, and few other numbers are")
  func digits() {
    func isMet(_ text: String) -> [Bool] {
      [true, false].map { isLast in
        met(Array(text.utf8).map(StepTable.code), PassTable.anchors, isLast: isLast)
          .contains { $0.string >= rules.prefilter.firstDigitString }
      }
    }
    let runs = [
      "732829320", " 732829320", "732 829 320", "x732.829.320", "732-829-320",
      "1 85 05 78 006 084 91",
      "06 47 82 15 93", "4970 1012 3456 7890", "30 23 217 600 053", "12345",
    ]
    for text in runs { #expect(isMet("xx" + text + " ") == [true, true], "\(text)") }
    for text in ["le 3 mai", "199", "a1b2c3d4", "1 2 3 4", "v1.2.3", "42 ans", "12/5"] {
      #expect(isMet("xx " + text + " x") == [false, false], "\(text)")
    }
    #expect(!rules.digitPatterns.isEmpty)
  }

  private func upper(_ byte: UInt8) -> UInt8 { (0x61...0x7A).contains(byte) ? byte - 0x20 : byte }
  private func lower(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte + 0x20 : byte }

  @Test("the step of each byte, and of each pair of bytes")
  func steps() {
    let words = rules.prefilter.tables.words
    for byte in UInt8.min ... .max {
      let step = words[Int(byte) + PassTable.singles]
      if byte >= 0x80 {
        #expect(step == Step.wide)
        continue
      }
      let symbol = UInt32(ScalarFold.skeleton(UInt32(byte)))
      #expect(step >> Step.symbols == symbol)
      #expect(step & Step.shift == (symbol == 0 ? 0 : 5))
      for next in UInt8(0)..<0x80 {
        let second = words[Int(next) + PassTable.singles]
        let pair = words[Int(byte) + Int(next) << 8 + PassTable.pairs]
        let symbols = UInt64(step >> Step.symbols) << UInt64(second & Step.shift)
        #expect(UInt64(pair >> Step.symbols) == symbols | UInt64(second >> Step.symbols))
        #expect(pair & Step.shift == (step & Step.shift) + (second & Step.shift))
        #expect(
          pair >> Step.codes & 0x3FF == (step >> Step.codes & 31) << 5 | second >> Step.codes & 31
        )
        #expect(pair >> Step.signs & 0x3F == (step | second) >> Step.signs & 0x3F)
        #expect(pair < Step.wide)
      }
    }
    func signs(_ byte: Character) -> ByteSign {
      ByteSign(
        rawValue: words[Int(byte.asciiValue ?? 0) + PassTable.singles] >> Step.signs & 0x3F
      )
    }
    #expect("<&".allSatisfy { signs($0) == .markup })
    #expect("!|+".allSatisfy { signs($0) == .leet })
    #expect("%=".allSatisfy { signs($0) == .percent })
    #expect(signs("\\") == .backslash)
    #expect("aZ0 \n>;".allSatisfy { signs($0) == [] })
    #expect(
      ByteSign([.markup, .percent, .leet, .backslash, .lookalike, .script, .malformed]).decoderSigns
        == [.markup, .percent, .leet, .backslash, .lookalike]
    )
  }
}

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

  /// The strings that end where the symbols do.
  private func ending(_ automaton: Automaton, _ symbols: some Sequence<UInt8>) -> [Int] {
    let state = symbols.reduce(0) { automaton.step($0, $1) }
    guard state >= automaton.firstAccepting else { return [] }
    return automaton.outputRange(of: state).map { Int(automaton.outputs[$0]) }
  }

  @Test("every phrase has one window, met after as many of its letters as the window says")
  func windows() {
    let prefilter = rules.prefilter
    #expect(!rules.phrases.isEmpty)
    for (number, phrase) in rules.phrases.enumerated() {
      let isSkeleton = phrase.folded.view == .skeleton
      let windows = isSkeleton ? prefilter.skeletonWindows : prefilter.scriptWindows
      let automaton = isSkeleton ? prefilter.skeleton : prefilter.script
      let places = windows.indices.flatMap { window in
        windows[window].filter { $0.phrase == number }.map { (window, $0.letterCount) }
      }
      guard let (window, count) = places.first, places.count == 1 else {
        Issue.record("phrase \(number) has \(places.count) windows")
        continue
      }
      let symbols = phrase.folded.symbols
      if !ending(automaton, symbols.prefix(count)).contains(window) {
        Issue.record("phrase \(number) is not met after \(count) letters")
      }
      // Whatever stands before it, and between its letters.
      let noisy: [UInt8] = [27, 12, 5, 0] + symbols.prefix(count).flatMap { [0, $0] }
      if !ending(automaton, noisy).contains(window) {
        Issue.record("phrase \(number) is not met among other symbols")
      }
    }
  }

  @Test("every anchor is met in either case, and leads to its pattern or mark")
  func anchors() {
    let prefilter = rules.prefilter
    var patterns: Set<Int> = []
    var marks: Set<Int> = []
    for (number, target) in prefilter.anchorTargets.enumerated() {
      for literal in [target.literal, target.literal.map(upper), target.literal.map(lower)] {
        let columns = literal.map { UInt8(prefilter.byteClasses[Int($0)] >> 8 & 0xFF) }
        if columns.contains(0) || !ending(prefilter.anchors, [0, 1] + columns).contains(number) {
          Issue.record("anchor \(number) is not met")
        }
      }
      switch target.kind {
      case .pattern(let pattern): patterns.insert(pattern)
      case .mark(let mark):
        marks.insert(mark)
        #expect(target.isExact && target.isWholeWord)
        #expect(rules.marks[mark].literal == target.literal)
      }
    }
    #expect(patterns == Set(rules.patterns.indices))
    #expect(marks == Set(rules.marks.indices))
  }

  private func upper(_ byte: UInt8) -> UInt8 { (0x61...0x7A).contains(byte) ? byte - 0x20 : byte }
  private func lower(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte + 0x20 : byte }

  @Test("the facts of each byte")
  func byteClasses() {
    for byte in UInt8.min ... .max {
      let facts = rules.prefilter.byteClasses[Int(byte)]
      let symbol = byte < 0x80 ? UInt32(ScalarFold.skeleton(UInt32(byte))) : 0
      #expect(facts & 0xFF == symbol)
    }
    func signs(_ byte: Character) -> ByteSign {
      ByteSign(
        rawValue: (rules.prefilter.byteClasses[Int(byte.asciiValue ?? 0)] & ~ByteClass.letter) >> 16
      )
    }
    #expect("<&".allSatisfy { signs($0) == .markup })
    #expect("!|+".allSatisfy { signs($0) == .leet })
    #expect(signs("%") == .percent)
    #expect(signs("\\") == .backslash)
    #expect("aZ0 \n>;".allSatisfy { signs($0) == [] })
    #expect(
      ByteSign([.markup, .percent, .leet, .backslash, .lookalike, .script, .malformed]).decoderSigns
        == [.markup, .percent, .leet, .backslash, .lookalike]
    )
  }
}

import TestSupport
import Testing

/// Rules that an author wrote by mistake, or against the engine, end no process.
///
/// `vigie-odd-rules COUNT` tries more of them, and says which set it was.
@Suite("Odd rules")
struct OddRulesTests {
  @Test("each is refused in words, or finds the same in every way a text is passed over")
  func outcomes() throws {
    let odd = try OddRules()
    var (refused, working, findings) = (0, 0, 0)
    for seed in UInt64(1)...60 {
      switch try odd.outcome(ofSet: seed, textCount: 11) {
      case .refused: refused += 1
      case .works(let count):
        working += 1
        findings += count
      case .wrong(let what): Issue.record("set \(seed): \(what)")
      }
    }
    // Sets of one kind alone would try nothing.
    #expect(refused >= 10)
    #expect(working >= 10)
    #expect(findings >= 50)
  }
}

import Testing
import VigieCore
import VigieScanning
import TestSupport

/// What is read around a match is enough, however long the text and wherever the match stands in it.
@Suite("How far a match is looked around")
struct ReachTests {
  private static let sentence =
    "Veuillez trouver ci-joint la note DIFFUSION RESTREINTE du bureau, à ne pas transmettre. "
  private static let filler = "Les équipes du soir préparent la relève avec celles du matin. "

  /// What is seen of the marking, with so many sentences before and after its own.
  private func reasons(before: Int, after: Int, copies: Int = 1) throws -> [[Judgement.Reason]] {
    let scanner = Scanner(try ShippedRules.compiled())
    let unit =
      String(repeating: ReachTests.filler, count: before) + ReachTests.sentence
      + String(repeating: ReachTests.filler, count: after)
    scanner.scan(Array(String(repeating: unit, count: copies).utf8))
    return scanner.judgements.filter { $0.isLikely && $0.coveredBy == nil }.map { judgement in
      judgement.reasons.map { reason in
        var reason = reason
        if !reason.words.isEmpty {
          // Where the words stand from the marking on.
          let start = judgement.range.lowerBound
          reason.words = (reason.words.lowerBound - start)..<(reason.words.upperBound - start)
        }
        return reason
      }
    }
  }

  @Test("a text of any length around it makes no difference")
  func length() throws {
    let short = try reasons(before: 12, after: 12)
    #expect(short.count == 1)
    #expect(short.first?.isEmpty == false)
    for (before, after) in [(14, 14), (40, 12), (12, 40), (200, 200), (2_000, 30)] {
      #expect(try reasons(before: before, after: after) == short, "\(before), \(after)")
    }
  }

  @Test("many in one text are each looked at as the first is", arguments: [14, 40])
  func copies(_ gap: Int) throws {
    let all = try reasons(before: gap, after: gap, copies: 9)
    #expect(all.count == 9)
    #expect(Set(all.map { $0.map(\.evidence) }).count == 1)
  }
}

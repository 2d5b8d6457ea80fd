import Testing
import TestSupport
import VigieRulebook

@Suite("Triples of anchors")
struct AnchorTriplesTests {
  private let prefilter: Prefilter

  init() throws {
    prefilter = try ShippedRules.compiled().prefilter
  }

  /// Whether the middle one of five codes is taken for a letter of an anchor, as the pass asks.
  private func isTaken(_ codes: ArraySlice<UInt8>) -> Bool {
    let five = Array(codes)
    switch prefilter.anchorTriples.holds(five[1], five[2], five[3]) {
    case .no: return false
    case .yes: return true
    case .perhaps:
      return prefilter.anchorTriples.mayHold(five[0], five[1], five[2], five[3], five[4])
    }
  }

  @Test("every letter of every anchor is taken for one, whatever stands beside the anchor")
  func letters() {
    for group in prefilter.anchorGroups {
      let codes = group.literal.map(StepTable.code)
      // Beside a word stands no letter; beside others anything does.
      let besides = Array((group.isWholeWord ? " 7/-(" : " x7").utf8).map { StepTable.code(of: $0) }
      for beside in besides {
        let line = [beside, beside] + codes + [beside, beside]
        for place in 2..<(2 + codes.count) where !isTaken(line[(place - 2)...(place + 2)]) {
          Issue.record("letter \(place - 2) of \(group.literal) is not taken beside \(beside)")
        }
      }
    }
  }

  @Test("what is not seen may part any two letters of an anchor")
  func unseen() {
    for group in prefilter.anchorGroups where group.literal.count >= 2 {
      let space = StepTable.code(of: UInt8(ascii: " "))
      let line = [space, space] + group.literal.map(StepTable.code) + [space, space]
      for place in 2...group.literal.count
      where !prefilter.anchorTriples.mayHold(
        line[place - 1],
        line[place],
        line[place + 1],
        line[place + 2]
      ) {
        Issue.record("letters \(place - 2) of \(group.literal) are not taken to meet")
      }
    }
  }

  @Test("few letters that stand alone, as in a formula, are taken for one of an anchor")
  func alone() {
    let space = StepTable.code(of: UInt8(ascii: " "))
    let taken = (UInt8(ascii: "a")...UInt8(ascii: "z")).filter { letter in
      isTaken([space, space, StepTable.code(of: letter), space, space])
    }
    #expect(taken.count * 4 < 26, "the pass would look around every second letter of formulas")
  }
}

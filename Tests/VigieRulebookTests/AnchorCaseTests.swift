import Testing
import TestSupport

@testable import VigieRulebook

@Suite("Whether an anchor has one case only")
struct AnchorCaseTests {
  @Test(
    "an anchor is exact where the expression spells it, minds its case, and spells it no other way",
    arguments: [
      ("LES(?= \\((?i:law))", "LES", true), ("(?i)LES", "LES", false), ("(?mi)a LES", "LES", false),
      ("(?i:note )\\KDR", "DR", true), ("(?i:note DR)", "DR", false), ("(?:DR|dr)", "DR", false),
      ("(?i:a)(?:b(?i)c)DR", "DR", true), ("a(?i)b DR", "DR", false), ("(?i)a(?-i:DR)", "DR", true),
      ("(?<=en )DR(?!T)", "DR", true), ("D\\.?R", "DR", false), ("(?i:cadre)|DR", "DR", false),
      ("(?P<name>DR)", "DR", true), ("a\\(?i DR", "DR", true), ("(?i:[)]DR)", "DR", false),
      ("(?i:[])[:alpha:](]x)DR", "DR", true),
      ("", "DR", false),
    ]
  )
  func exact(_ regex: String, _ anchor: String, _ isExact: Bool) {
    #expect(AnchorCase.isExact(Array(anchor.utf8), in: regex) == isExact)
  }

  @Test("no example is lost by it: every rule still finds what it found in any case")
  func shipped() throws {
    let rules = try ShippedRules.compiled()
    let exact = rules.prefilter.anchorTargets.count { $0.isExact }
    // Of markings most anchors stand in capitals alone; those of passwords and their languages, which no case tells, are
    // as many by now.
    #expect(exact * 4 > rules.prefilter.anchorTargets.count)
  }
}

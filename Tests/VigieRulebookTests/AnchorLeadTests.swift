import Testing

@testable import VigieRulebook
import TestSupport

@Suite("How far before its anchor a match may start")
struct AnchorLeadTests {
  @Test(
    "the most bytes before an anchor on any path; nil where there is no end, or no anchor as such",
    arguments: [
      ("SECRET", ["SECRET"], 0), ("(?i)secret defense", ["secret"], 0),
      ("(?<![a-z])(?:le |la )?DR", ["DR"], 6), ("n[oôö] ?DR", ["DR"], 9),
      ("\\w{1,4} DR", ["DR"], 20), ("\\w+ DR", ["DR"], nil),
      ("(?:DR|dr)", ["DR"], 0), ("(?:ab DR|cd SF)", ["DR", "SF"], 6),
      ("(?:ab DR|cd SF)", ["DR"], nil), ("(?:DR)?x", ["DR"], nil), ("(?:a|DR)", ["DR"], nil),
      ("(?:xy){2}SECRET", ["SECRET"], 4), ("x?(?:SECRET ){1,3}", ["SECRET"], 21),
      ("note \\KDR", ["DR"], 8), ("D\\.R", ["DR"], nil), ("ordre a b DR", ["DR"], 19),
      ("(a|b)\\1DR", ["DR"], nil),
      ("DR(?:a+ DR)?", ["DR"], nil), ("(?P<x>ab)DR", ["DR"], nil), ("(ab){3}DR", ["DR"], 6),
      ("\\bC1\\b", ["C1"], 0), ("https?://x", ["http://", "https://"], 0),
      ("(?:ab|mysql(?:\\+\\w{1,4})?|nats)://", ["ab://", "mysql+", "mysql://", "nats"], 0),
      ("(?:ab|mysql)://", ["ab://", "nats"], nil), ("le (?:DR|D\\.R)", ["DR", "D.R"], 6),
      ("ab(?:cd)?ef", ["abcd", "abef"], 0), ("x(?:cd)+ef", ["cd"], nil),
      // Few letters of a class are told apart.
      ("x?api[-_]?key=", ["apikey", "api-key", "api_key"], 1),
      ("x?api[-_]key=", ["api-key"], nil), ("x[a-z]key=", ["xakey"], nil),
      // A space is a blank of up to three bytes, and an anchor with one may not stand there.
      ("\\x20DR", ["DR"], 1), ("a TOP SECRET", ["TOP SECRET"], nil),
      ("(?:s?ftp|nats)://", ["ftp://", "nats"], 1), ("x(?:cd)*ef", ["cd"], nil),
    ] as [(String, [String], Int?)]
  )
  func lead(_ regex: String, _ anchors: [String], _ lead: Int?) {
    #expect(AnchorLead.of(regex, anchors: anchors) == lead)
  }

  @Test(
    "how far after an anchor another may start inside of it",
    arguments: [
      (["SECRET"], 0), (["DR"], 0), (["http://", "https://"], 0), (["sftp://", "FTP://"], 1),
      (["restricted", "ted x", "stric"], 7), (["aaa"], 2), ([], 0),
    ] as [([String], Int)]
  )
  func overlap(_ anchors: [String], _ overlap: Int) {
    #expect(AnchorLead.overlap(of: anchors) == overlap)
  }

  @Test("most patterns of the shipped rules need not be tried as far back as their reach")
  func shipped() throws {
    let rules = try ShippedRules.compiled()
    let shorter = rules.patterns.indices.count { number in
      guard let lead = rules.program(number)?.lead else { return false }
      let overlap = rules.prefilter.longestAnchorCount
      #expect(lead <= rules.patterns[number].source.reach + overlap)
      return lead < rules.patterns[number].source.reach
    }
    #expect(shorter * 2 > rules.patterns.count)
  }
}

import TestSupport
import Testing
import VigieCore
import VigieRulebook
import VigieScanning

@Suite("Matches that another one covers")
struct CoveredTests {
  private let rules: CompiledRules

  init() throws { rules = try ShippedRules.compiled() }

  /// What stands in the last text, with all that was weighed for it.
  private func standing(_ scanner: Scanner) -> [String] {
    scanner.judgements.filter { $0.isLikely && $0.coveredBy == nil }.map { judgement in
      "\(judgement.rule) \(judgement.range) \(judgement.markingLogit) \(judgement.usageLogit) "
        + "\(judgement.caveats) \(judgement.disguise) \(judgement.reasons)"
    }
  }

  /// Texts with a marking or two: those of the examples, some of which are written in disguise, so that what is
  /// decoded overlaps what stands there.
  private var texts: [(bytes: [UInt8], role: Role)] {
    var texts: [(bytes: [UInt8], role: Role)] = []
    var last = ""
    for (number, rule) in rules.set.rules.enumerated() {
      // Without optimisation a text takes some milliseconds: of most rules a few will do.
      for (place, example) in rule.examples.enumerated() where (number + place) % 5 == 0 {
        let text = example.marked.value.filter { $0 != "⟦" && $0 != "⟧" }
        texts.append((Array(text.utf8), example.role))
        if number % 3 == 0 {
          let disguised = text.replacing("E", with: "Ё").replacing("s", with: "<b>s</b>")
          texts.append((Array("\(last) \(disguised)".utf8), .body))
        }
        last = text
      }
    }
    return texts
  }

  @Test("what is left out changes nothing of what stands")
  func leftOut() {
    let all = Scanner(rules)
    let some = Scanner(rules)
    some.leavesOutCovered = true
    var counts = (all: 0, some: 0, standing: 0)
    for text in texts {
      all.scan(text.bytes.span, role: text.role)
      some.scan(text.bytes.span, role: text.role)
      let expected = standing(all)
      counts.all += all.judgements.count
      counts.some += some.judgements.count
      counts.standing += expected.count
      let found = standing(some)
      if found != expected {
        let shown = String(decoding: text.bytes.prefix(300), as: UTF8.self)
        Issue.record("\(found) for \(expected) in \(text.role): \(shown)")
      }
    }
    #expect(counts.standing > 1_000)
    // Nor is it a test in which nothing is left out.
    #expect(counts.some * 6 < counts.all * 5)
  }

  @Test("a caveat is one of its marking however many matches were weighed between them")
  func caveats() throws {
    let all = Scanner(rules)
    let some = Scanner(rules)
    some.leavesOutCovered = true
    for rule in rules.set.rules where rule.scheme == "us" {
      for example in rule.examples where example.marked.value.contains("\n") {
        let text = example.marked.value.filter { $0 != "⟦" && $0 != "⟧" }
        all.scan(text.utf8.span, role: example.role)
        some.scan(text.utf8.span, role: example.role)
        #expect(standing(some) == standing(all), "\(text)")
      }
    }
  }

  @Test("what is decoded may cover what covered the rest: then that is weighed as well")
  func decoded() {
    let text = Array("PAGE 1/9\nTŘ**E**S SEC\u{304}ȒET\nSPECIAL FRANCE\nObjet : relais".utf8)
    let all = Scanner(rules)
    let some = Scanner(rules)
    some.leavesOutCovered = true
    all.scan(text.span, role: .body)
    some.scan(text.span, role: .body)
    #expect(!standing(all).isEmpty)
    #expect(standing(some) == standing(all))
  }
}

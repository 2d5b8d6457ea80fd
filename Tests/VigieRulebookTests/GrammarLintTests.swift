import Testing
import VigieRulebook

@Suite("Lint of words of grammar")
struct GrammarLintTests {
  private func remarks(
    _ evidence: [EvidenceKind],
    _ change: (inout Rule) -> Void = { _ in }
  ) -> [String] {
    let set = RuleSet(rules: [LintTests.rule(change)], evidence: evidence, id: "test")
    return Lint.remarks(on: set) { $0.filter { $0.isLetter || $0.isNumber }.count }
      .map { "\($0.severity.rawValue): \($0.fault.reason)" }
  }

  private func grammar(
    _ name: String,
    _ words: [String],
    usage: Double = 0,
    reach: CueReach = .grammar
  ) -> EvidenceKind {
    EvidenceKind(
      name: name,
      title: name,
      marking: 0,
      usage: usage,
      reach: reach,
      cues: [("eo", words)]
    )
  }

  @Test("words that the engine asks for, each one whole word, are good")
  func good() {
    #expect(
      remarks([
        grammar("list-join", ["kaj", "aŭ"]), grammar("mail-footer", ["se vi ricev*"]),
        grammar("regulation-number", ["1300"]),
      ]) == []
    )
  }

  @Test("what the engine cannot use is an error")
  func unusable() {
    #expect(
      remarks([grammar("list-joins", ["kaj"])]) == [
        "error: the engine asks for no grammar called 'list-joins'"
      ]
    )
    #expect(
      remarks([grammar("list-join", ["kaj"], reach: .near)]) == [
        "error: 'list-join' is grammar, which has reach: grammar"
      ]
    )
    #expect(
      remarks([grammar("list-join", ["kaj"], usage: -1)]) == [
        "error: 'list-join' is grammar and weighs nothing"
      ]
    )
    #expect(
      remarks([grammar("list-join", ["kaj ankaŭ", "ka*"])]) == [
        "error: 'kaj ankaŭ' of 'list-join' is not one whole word, so that nothing matches it",
        "error: 'ka*' of 'list-join' is not one whole word, so that nothing matches it",
      ]
    )
    #expect(
      remarks([grammar("list-join", ["kaj"])]) { $0.weights = ["usage:list-join": -1] } == [
        "error: 'list-join' is grammar, which is no evidence"
      ]
    )
  }

  @Test("evidence that is seen by words of grammar asks for some, in any language")
  func missing() {
    let denied = EvidenceKind(
      name: "denied",
      title: "",
      marking: 0,
      usage: -1,
      reach: .clauseBefore,
      cues: [("eo", ["ne"])]
    )
    func lacks(_ name: String, _ evidence: String) -> String {
      "error: the engine sees '\(evidence)' by the words of '\(name)', and no language lists any"
    }
    #expect(
      remarks([denied]) == [lacks("clause-contrast", "denied"), lacks("list-join", "denied")]
    )
    let joins = grammar("list-join", ["kaj"])
    #expect(
      remarks([denied, joins, grammar("clause-contrast", [])]) == [
        lacks("clause-contrast", "denied")
      ]
    )
    #expect(remarks([denied, joins, grammar("clause-contrast", ["sed"])]) == [])
    let structural = EvidenceKind(name: "boilerplate", title: "", marking: -3, usage: -1)
    #expect(remarks([structural]) == [lacks("mail-footer", "boilerplate")])
    // Without its words a kind of evidence is not seen at all.
    #expect(
      remarks([
        EvidenceKind(name: "denied", title: "", marking: 0, usage: -1, reach: .clauseBefore)
      ]) == []
    )
  }
}

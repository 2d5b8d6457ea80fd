import TestSupport
import Testing
import VigieCore
import VigieFilter
import VigieReports
import VigieRuleChecks
import VigieRulebook

@Suite("Calibration")
struct CalibrationTests {
  @Test("reliability: bins, Brier score and expected calibration error of known answers")
  func reliability() {
    var reliability = Reliability()
    for _ in 0..<3 { reliability.add(0.95, isSo: true) }
    reliability.add(0.95, isSo: false)
    reliability.add(0, isSo: false)
    reliability.add(1, isSo: true)
    #expect(reliability.bins.map(\.count) == [1, 0, 0, 0, 0, 0, 0, 0, 0, 5])
    #expect(reliability.bins[9].observed == 0.8)
    #expect(abs(reliability.bins[9].predicted - 0.96) < 1e-9)
    #expect(abs(reliability.brierScore - (3 * 0.0025 + 0.9025) / 6) < 1e-9)
    #expect(abs(reliability.expectedError - 0.16 * 5 / 6) < 1e-9)
  }

  /// Answers of one logit, of which a share is so.
  private func answers(_ logit: Double, count: Int, so: Int) -> [Calibration.Answer] {
    (0..<count).map { index in
      Calibration.Answer(
        message: "m\(index)",
        question: .usage,
        logit: logit,
        isSo: index % count < so,
        isDisguised: false
      )
    }
  }

  @Test("rescaling fitted on the other folds mends answers that are too sure")
  func heldBack() throws {
    // 0.98 is said of what is so three times in four, and 0.02 the other way round.
    let sure = answers(4, count: 400, so: 300) + answers(-4, count: 400, so: 100)
    let calibration = Calibration(of: sure, foldCount: 5)
    let heldBack = try #require(calibration.heldBack[.usage])
    #expect(heldBack.asIs.count == 800)
    #expect(heldBack.asIs.expectedError > 0.2)
    #expect(heldBack.rescaled.expectedError < 0.05)
    #expect(heldBack.rescaled.brierScore < heldBack.asIs.brierScore)
    #expect(heldBack.errors.count == 5)
    #expect(heldBack.fits.allSatisfy { $0.scale > 0 && $0.scale < 0.5 })
    #expect(calibration.worst.question == .usage)
    #expect(Calibration(of: sure, foldCount: 0).heldBack.isEmpty)
  }

  @Test("a regression finds the weights that made its rows, and stays where nothing speaks")
  func regression() {
    var rows: [LogisticRegression.Row] = []
    // The logarithm of 9 to 1 is 2.197; the third feature never shows.
    for index in 0..<1000 {
      rows.append(.init(features: [(0, 1)], offset: 0, isSo: index % 10 != 0))
      rows.append(.init(features: [(1, 1)], offset: 1, isSo: index % 2 == 0))
    }
    let weights = LogisticRegression(rows, from: [0, 0, 0.7], penalty: 0.001).weights
    #expect(abs(weights[0] - 2.197) < 0.01)
    #expect(abs(weights[1] + 1) < 0.01)
    #expect(weights[2] == 0.7)
    let held = LogisticRegression(rows, from: [0, 0, 0.7], penalty: 1e9).weights
    #expect(held.allSatisfy { abs($0) < 0.71 } && abs(held[0]) < 0.001)
  }

  @Test("confusion counts what was found for which label")
  func confusion() throws {
    func line(_ text: String, _ usage: String, _ scheme: String = "xx") throws -> LabelledMessage {
      let label = #"[{"scheme":"\#(scheme)","level":"secret","usage":"\#(usage)"}]"#
      let json = #"{"id":"a","lang":"en","text":"\#(text)","expect":\#(label)}"#
      return try LabelledMessage(Array(json.utf8), file: "f", line: 1)
    }
    let evaluation = Evaluation(
      of: [
        try line("⟦hush hush⟧", "applied"), try line("⟦hush hush⟧", "mentioned"),
        try line("⟦quiet⟧", "applied"), try line("⟦hush hush⟧", "applied", "fr"),
      ],
      with: try makeFilter(),
      threadCount: 2,
      foldCount: 2
    )
    #expect(evaluation.confusion.usage["applied"] == ["applied": 1, "missed": 2])
    #expect(evaluation.confusion.usage["mentioned"] == ["applied": 1])
    #expect(evaluation.confusion.scheme["fr"] == ["xx": 1])
    #expect(evaluation.confusion.disguise["none"] == ["none": 2, "missed": 2])
    #expect(evaluation.calibration.whole[.marking]?.count == 3)
    #expect(evaluation.calibration.whole[.usage]?.count == 2)
    #expect(evaluation.page(for: Terminal()).contains("fr → xx"))
    let requirement = try #require(Requirement("calibration=0.2"))
    let value = requirement.value(in: evaluation).value
    #expect(value > 0.2 && !requirement.isMet(by: value))
    #expect(requirement.isMet(by: 0.2))
  }
}

@Suite("Fit of evidence")
struct EvidenceFitTests {
  /// A filter whose evidence *please* says mentioned, where the messages say applied.
  private func fit(_ isLying: Bool) throws -> EvidenceFit {
    let base = try makeFilter()
    var set = base.rules.set
    set.rules[0].usagePrior = 0.5
    set.evidence = [
      EvidenceKind(
        name: "polite",
        title: "somebody asks kindly",
        marking: 0,
        usage: -1.5,
        cues: [(language: "any", phrases: ["please"])]
      )
    ]
    let filter = Filter(rules: try CompiledRules(set), policy: base.policy, tips: base.tips)
    let messages = try (0..<200).map { index in
      let isPolite = index % 2 == 0
      // Without the word one in three is mentioned; with it, what it means or what it does not.
      let isApplied = isPolite ? isLying == (index % 10 != 0) : index % 3 != 0
      let label =
        #"[{"scheme":"xx","level":"secret","usage":"\#(isApplied ? "applied" : "mentioned")"}]"#
      let text = "see ⟦hush hush⟧ \(isPolite ? "please" : "now") \(index)"
      let json = #"{"id":"m\#(index)","lang":"en","text":"\#(text)","expect":\#(label)}"#
      return try LabelledMessage(Array(json.utf8), file: "f", line: index + 1)
    }
    return EvidenceFit(on: messages, with: filter, foldCount: 4, threadCount: 2)
  }

  @Test("a weight that misleads goes to nothing, never to the other side, and it helps unseen")
  func misleading() throws {
    let result = try #require(try fit(true).results.first { $0.axis == .usage })
    #expect(result.helps)
    #expect(result.rowCount == 200)
    #expect(result.after.accuracy > result.before.accuracy)
    let change = try #require(result.changes.first)
    #expect(change.evidence == "polite")
    #expect(change.old == -1.5)
    #expect(change.new > -1 && change.new <= 0)
  }

  @Test("proposals are decimals of one digit by evidence and key")
  func proposal() throws {
    let fit = try fit(true)
    let number = try #require(fit.proposal["polite"]?["usage"])
    #expect(number == "0.0" || number.hasPrefix("-0."))
    #expect(fit.page(for: Terminal()).contains("polite"))
  }

  @Test("what is right enough is left alone, and what never shows as well")
  func content() throws {
    let results = try fit(false).results
    #expect(results.first { $0.axis == .marking }?.changes == [])
    for result in results where !result.helps { #expect(result.changes.isEmpty) }
  }

  @Test("a diff of changed lines, with context and hunks apart")
  func lineDiff() {
    let old = (1...20).map { "line \($0)" } + [""]
    var new = old
    new[1] = "two"
    new[18] = "nineteen"
    let diff = LineDiff.unified(name: "f", old: old, new: new)
    #expect(
      diff == """
        --- f
        +++ f
        @@ -1,5 +1,5 @@
         line 1
        -line 2
        +two
         line 3
         line 4
         line 5
        @@ -16,5 +16,5 @@
         line 16
         line 17
         line 18
        -line 19
        +nineteen
         line 20

        """
    )
    #expect(LineDiff.unified(name: "f", old: old, new: old).isEmpty)
  }
}

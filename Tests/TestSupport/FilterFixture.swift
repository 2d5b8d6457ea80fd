package import VigieCore
package import VigieFilter
import VigiePolicy
import VigieRulebook

/// A filter of one rule, *hush hush* of the scheme `xx`, that blocks it in the open and logs gaps.
package func makeFilter(limits: Limits = Limits()) throws -> Filter {
  let position = SourcePosition(file: "markings/xx.yaml", line: 1, column: 1)
  let rule = Rule(
    id: "xx.hush",
    position: position,
    family: "xx",
    title: "Hush",
    scheme: "xx",
    level: .secret,
    cites: ["the law"],
    prior: 3,
    usagePrior: 2,
    phrases: [Located("hush hush", at: position)],
    examples: [
      Example(marked: Located("⟦hush hush⟧", at: position), usage: .applied),
      Example(marked: Located("nothing", at: position), usage: nil),
    ]
  )
  let policy = Policy(
    name: "test",
    cases: [
      PolicyCase(
        name: "marked",
        when: Condition(.findings(FindingCondition(level: .restricted))),
        verdict: .block,
        tip: "marked"
      ),
      PolicyCase(name: "gap", when: Condition(.gaps([])), verdict: .log),
    ]
  )
  return Filter(
    rules: try CompiledRules(RuleSet(rules: [rule], evidence: [], id: "sha256:test")),
    policy: policy,
    tips: TipBook(tips: ["marked": Tip(texts: [(language: "en", text: "Do not send this.")])]),
    limits: limits
  )
}

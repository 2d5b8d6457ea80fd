import VigieCore
import VigiePolicy
import VigieRulebook

extension Reading {
  /// Reads the examples of a rule and checks their spans.
  mutating func examples(_ node: YAMLNode?) -> [Example] {
    let groups: [(key: String, usage: Usage?)] = [
      ("applied", .applied), ("mentioned", .mentioned), ("silent", nil),
    ]
    let common = exceptions(node?["except"])
    return groups.flatMap { group in
      (node?[group.key].map { $0.items } ?? []).compactMap { item in
        example(item, usage: group.usage, common)
      }
    }
  }

  /// The names of variants and the ids of rules that an example lets pass.
  private mutating func exceptions(_ node: YAMLNode?) -> [String] {
    (node?.texts ?? []).map { name in
      // Only ids of rules have a dot.
      if name.value.contains(".") {
        ruleNames.append(name)
      } else if ExampleVariant(rawValue: name.value) == nil {
        let known = ExampleVariant.allCases.map(\.rawValue)
        faults.append(
          RuleFault(
            at: name.position,
            "'\(name.value)' is neither a variant of examples nor the id of a rule",
            mend: suggestion(for: name.value, among: known)
              ?? "write one of \(known.joined(separator: ", ")), or the id of the rule that may fire"
          )
        )
      }
      return name.value
    }
  }

  /// Checks that the rules which examples name are there.
  mutating func checkRuleNames() {
    for name in ruleNames {
      let glob = Glob(name.value)
      guard glob.isNegative || !rules.contains(where: { glob.describes($0.id) }) else { continue }
      faults.append(
        RuleFault(
          at: name.position,
          "there is no rule '\(name.value)'",
          mend: suggestion(for: name.value, among: rules.map(\.id)) ?? "see vigie rules list"
        )
      )
    }
  }

  private mutating func example(
    _ node: YAMLNode,
    usage: Usage?,
    _ common: [String]
  ) -> Example? {
    guard let text = node["text"] ?? (node.text == nil ? nil : node) else { return nil }
    let example = Example(
      marked: text.located,
      usage: usage,
      role: node["role"]?.text.flatMap(Role.init(rawValue:)) ?? .body,
      exceptions: common + exceptions(node["except"])
    )
    switch SpanMarks(in: example.marked.value) {
    case .unbalanced:
      faults.append(
        text.fault(
          "⟦ and ⟧ do not pair up in the example",
          mend: "put ⟦ before and ⟧ after each span, never one inside the other"
        )
      )
    case .empty:
      faults.append(
        text.fault("a span ⟦⟧ of the example is empty", mend: "put the words found inside it")
      )
    case .spans(0) where usage != nil:
      faults.append(
        text.fault(
          "the example does not show what is found",
          mend: "put ⟦…⟧ around it, or move the text to silent"
        )
      )
    case .spans(let count) where usage == nil && count > 0:
      faults.append(
        text.fault(
          "a silent example has a span",
          mend: "remove ⟦…⟧, or move the text to applied or mentioned"
        )
      )
    case .spans:
      break
    }
    return example
  }
}

/// How the span marks of an example stand.
private enum SpanMarks {
  case spans(Int)
  case empty
  case unbalanced

  init(in text: String) {
    var count = 0
    var length: Int?
    for scalar in text.unicodeScalars {
      switch (scalar, length) {
      case ("⟦", nil): length = 0
      case ("⟧", .some(0)):
        self = .empty
        return
      case ("⟧", .some):
        length = nil
        count += 1
      case ("⟦", .some), ("⟧", nil):
        self = .unbalanced
        return
      default: length = length.map { $0 + 1 }
      }
    }
    self = length == nil ? .spans(count) : .unbalanced
  }
}

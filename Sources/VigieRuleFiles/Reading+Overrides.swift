import VigieCore
import VigiePolicy
import VigieRulebook

extension Reading {
  /// Applies the overrides of every site, in order.
  mutating func readOverrides() {
    for document in documents(.overrides) {
      if document.file.layer == 0 {
        faults.append(
          document.root.fault(
            "the shipped rules have no overrides",
            mend: "change the rule itself"
          )
        )
      }
      for entry in document.root["overrides"]?.items ?? [] { apply(entry) }
    }
  }

  private mutating func apply(_ entry: YAMLNode) {
    guard let target = entry["rule"], let id = target.text else { return }
    let glob = Glob(id)
    let chosen = rules.indices.filter { !glob.isNegative && glob.describes(rules[$0].id) }
    if chosen.isEmpty {
      faults.append(
        target.fault(
          "there is no rule '\(id)'",
          mend: suggestion(for: id, among: rules.map(\.id)) ?? "see vigie rules list"
        )
      )
    }
    let changed = weights(raises: entry["raises"], lowers: entry["lowers"])
    for index in chosen {
      if entry["level"] != nil {
        rules[index].level = level(entry["level"], scheme: rules[index].scheme)
      }
      if let prior = logit(entry["prior"]) { rules[index].prior = prior }
      if let usage = entry["usage"]?.number { rules[index].usagePrior = usage }
      rules[index].weights.merge(changed) { _, new in new }
      switch entry["enabled"]?.flag {
      case .some(false): disabled.append(rules[index].id)
      case .some(true): disabled.removeAll { $0 == rules[index].id }
      case .none: break
      }
    }
  }
}

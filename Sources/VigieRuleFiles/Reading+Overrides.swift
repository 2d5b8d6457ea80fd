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
    let known = faults.count
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
    let off = disabled
    // Of what is wrong nobody need be told that it does nothing.
    var isIdle = !chosen.isEmpty && ObjectShape.override.hasItsKeys(entry) && faults.count == known
    for index in chosen {
      let before = rules[index]
      if entry["level"] != nil { rules[index].level = level(entry["level"], scheme: before.scheme) }
      if let prior = logit(entry["prior"]) { rules[index].prior = prior }
      if let usage = entry["usage"]?.number { rules[index].usagePrior = usage }
      isIdle =
        isIdle && rules[index] == before
        && changed.allSatisfy { weight($0.key, in: before) == $0.value }
      rules[index].weights.merge(changed) { _, new in new }
      switch entry["enabled"]?.flag {
      case .some(false) where !disabled.contains(before.id): disabled.append(before.id)
      case .some(true): disabled.removeAll { $0 == before.id }
      default: break
      }
    }
    if isIdle, disabled == off, faults.count == known { idleOverrides.append(target.located) }
  }

  /// What evidence weighs in a rule, by its name there; `nil` for nothing.
  private func weight(_ name: String, in rule: Rule) -> Double? {
    if let own = rule.weights[name] { return own }
    let isUsage = name.hasPrefix("usage:")
    let bare = isUsage ? String(name.dropFirst("usage:".count)) : name
    let kind = evidence.first { $0.name == bare && $0.about.contains(rule.kind) }
    return kind.map { isUsage ? $0.usage : $0.marking }
  }
}

import VigieCore
import VigiePolicy
import VigieRulebook

extension Reading {
  /// Reads the tips of every language; a site's words replace the shipped ones of their key.
  mutating func readTips() {
    var texts: [String: [String: String]] = [:]
    for document in documents(.tips) {
      checkName(document, key: "language")
      guard let language = document.root["language"]?.text else { continue }
      for entry in document.root["tips"]?.entries ?? [] {
        texts[entry.key, default: [:]][language] = entry.value.text
      }
    }
    tips = texts.mapValues { byLanguage in
      Tip(texts: byLanguage.map { (language: $0.key, text: $0.value) })
    }
  }

  /// Reads every policy and returns the one of the run, or `nil` with a fault.
  mutating func readPolicies() -> Policy? {
    var chosen: Policy?
    for document in documents(.policy) {
      checkName(document, key: "policy")
      let policy = readPolicy(document.root)
      if document.file.isChosenPolicy || document.file.stem == "default" { chosen = policy }
    }
    if chosen == nil, faults.isEmpty {
      faults.append(
        RuleFault(
          at: SourcePosition(file: "policies/default.yaml", line: 0, column: 0),
          "there is no default policy",
          mend:
            "add the file, or name another policy (--policy FILE); where the directory holds a site's "
            + "changes only, lay it over the shipped rules: --site DIR, or --over Rules to sign it"
        )
      )
    }
    return chosen
  }

  private mutating func readPolicy(_ root: YAMLNode) -> Policy {
    var policy = Policy(name: root["policy"]?.text ?? "", cases: [])
    var names: Set<String> = []
    if let level = root["override-ceiling"]?.text.flatMap(Level.init(name:)) {
      policy.overrideCeiling = level
    }
    for entry in root["ceilings"]?.items ?? [] {
      guard let channel = entry["channel"] else { continue }
      policy.ceilings.append(
        ChannelCeiling(
          self.channel(channel),
          level: entry["level"]?.text.flatMap(Level.init(name:)) ?? .public
        )
      )
    }
    var takers: [Bool: String] = [:]
    for entry in root["cases"]?.items ?? [] {
      guard let node = entry["name"], let name = node.text else { continue }
      if !names.insert(name).inserted {
        faults.append(
          node.fault("two cases are called '\(name)'", mend: "give each a name of its own")
        )
      }
      let condition = condition(entry["when"])
      let isGap = if case .gaps = condition.subject { true } else { false }
      if let taker = takers[isGap] {
        faults.append(
          node.fault(
            "the case '\(name)' can never be reached: '\(taker)' takes everything before it",
            mend: "move it up, or remove it"
          )
        )
      }
      if condition.takesEverything { takers[isGap] = takers[isGap] ?? name }
      checkTip(entry["tip"])
      checkOverride(entry, above: policy.overrideCeiling)
      policy.cases.append(
        PolicyCase(
          name: name,
          when: condition,
          verdict: entry["verdict"]?.text.flatMap(Verdict.init(name:)) ?? .log,
          tip: entry["tip"]?.text,
          mayOverride: entry["override"]?.flag ?? false,
          observe: entry["observe"]?.flag ?? root["observe"]?.flag ?? false
        )
      )
    }
    for (isGap, what, mend) in [
      (false, "finding", "end with a case without when:"),
      (true, "gap", "end with a case for when: { gap: any }"),
    ] where takers[isGap] == nil {
      faults.append(
        (root["cases"] ?? root).fault("a \(what) may match no case of the policy", mend: mend)
      )
    }
    return policy
  }

  /// An override that the policy as a whole forbids would be a promise that nobody keeps.
  private mutating func checkOverride(_ entry: YAMLNode, above ceiling: Level) {
    guard let node = entry["override"], node.flag == true,
      let least = entry["when"]?["level"]?.text.flatMap(Level.init(name:)), least > ceiling
    else { return }
    faults.append(
      node.fault(
        "nobody can override this case: it begins above override-ceiling, which is \(ceiling.name)",
        mend: "remove the override, or raise override-ceiling"
      )
    )
  }

  private mutating func checkTip(_ node: YAMLNode?) {
    guard let node, let key = node.text, tips[key] == nil else { return }
    faults.append(
      node.fault(
        "there is no tip called '\(key)'",
        mend: suggestion(for: key, among: tips.keys.sorted()) ?? "add it to every file of tips/"
      )
    )
  }

  private mutating func condition(_ node: YAMLNode?) -> Condition {
    guard let node else { return Condition() }
    let subject: Subject
    if let gap = node["gap"] {
      let about = ["usage", "level", "ceiling", "scheme", "kind", "rule", "caveat", "confidence"]
      for entry in node.entries where about.contains(entry.key) {
        faults.append(
          RuleFault(
            at: entry.keyPosition,
            "a case about gaps has no \(entry.key)",
            mend: "remove it, or make a case of its own for findings"
          )
        )
      }
      subject = .gaps(
        gap.strings.contains("any") ? [] : gap.strings.compactMap(GapReason.init(rawValue:))
      )
    } else {
      if let confidence = node["confidence"], let value = confidence.number,
        !(0...1).contains(value)
      {
        faults.append(
          confidence.fault("a confidence lies between 0 and 1", mend: "write one such as 0.8")
        )
      }
      checkNames(node)
      subject = .findings(
        FindingCondition(
          usage: node["usage"]?.text.flatMap(Usage.init(rawValue:)),
          level: node["level"]?.text.flatMap(Level.init(name:)) ?? .public,
          ceiling: node["ceiling"]?.strings.compactMap(CeilingRelation.init(rawValue:)) ?? [],
          schemes: node["scheme"]?.strings ?? [],
          kinds: node["kind"]?.strings.compactMap(FindingKind.init(rawValue:)) ?? [],
          rules: node["rule"]?.strings.map(Glob.init) ?? [],
          caveats: node["caveat"]?.strings ?? [],
          confidence: node["confidence"]?.number ?? 0
        )
      )
    }
    return Condition(
      subject,
      channels: node["channel"]?.items.map { channel($0) } ?? [],
      senders: node["sender"]?.strings.map(Glob.init) ?? []
    )
  }

  /// A scheme, rule or caveat that nothing bears would make a case that silently never applies.
  private mutating func checkNames(_ node: YAMLNode) {
    let schemes = Set(rules.map(\.scheme)).union(grades.keys)
    let caveats = Set(rules.flatMap(\.caveats).map(\.name))
    for (key, known) in [("scheme", schemes), ("caveat", caveats)] {
      for name in node[key]?.texts ?? [] where !known.contains(name.value) {
        faults.append(
          RuleFault(
            at: name.position,
            "no rule has the \(key) '\(name.value)'",
            mend: suggestion(for: name.value, among: known.sorted())
              ?? (known.isEmpty
                ? "remove it" : "the known are \(known.sorted().joined(separator: ", "))")
          )
        )
      }
    }
    for pattern in node["rule"]?.texts ?? [] {
      let glob = Glob(pattern.value)
      if !rules.contains(where: { glob.describes($0.id) }) {
        faults.append(
          RuleFault(
            at: pattern.position,
            "no rule is called '\(pattern.value)'",
            mend: suggestion(for: pattern.value, among: rules.map(\.id)) ?? "see vigie rules list"
          )
        )
      }
    }
  }

  private func channel(_ node: YAMLNode) -> ChannelCondition {
    func answers(_ key: String) -> [Answer] {
      (node[key]?.items ?? []).compactMap { item in
        item.flag.map(Answer.init) ?? item.text.flatMap(Answer.init(rawValue:))
      }
    }
    return ChannelCondition(
      visibility: node["visibility"]?.strings.compactMap(Visibility.init(rawValue:)) ?? [],
      encrypted: answers("encrypted"),
      federated: answers("federated"),
      names: node["name"]?.strings.map(Glob.init) ?? [],
      ids: node["id"]?.strings.map(Glob.init) ?? []
    )
  }
}

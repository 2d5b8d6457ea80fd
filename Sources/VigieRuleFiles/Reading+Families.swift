import VigieCore
import VigieRulebook

extension Reading {
  /// Reads the rules of every family.
  mutating func readFamilies() {
    var families: [String: SourcePosition] = [:]
    var ids: [String: SourcePosition] = [:]
    for document in documents(.family) {
      let stem = document.file.stem
      let rules = document.root["rules"]?.items ?? []
      /// Whether every rule is called as if its family were this.
      func areRules(of family: String) -> Bool {
        !rules.isEmpty && rules.allSatisfy { $0["id"]?.text?.hasPrefix(family + ".") == true }
      }
      let family = document.root["family"]?.text
      let isMisnamed = family != stem && areRules(of: stem)
      let isAlone = !documents(.family).contains { $0.file.stem == family }
      checkName(
        document,
        key: "family",
        mend: isMisnamed
          ? "write family: \(stem)"
          : family.flatMap {
            isAlone && areRules(of: $0) ? "rename the file to \($0).yaml" : nil
          }
      )
      guard let node = document.root["family"], let family else { continue }
      // The file and its rules agree on another family: this one is a slip, of which enough was said.
      if !isMisnamed, let first = families.updateValue(node.position, forKey: family) {
        faults.append(
          node.fault(
            "the family '\(family)' is already defined in \(first.file)",
            mend: "name yours otherwise, such as site-\(family); overrides.yaml changes its rules"
          )
        )
      }
      var book = patternBook(of: document)
      for entry in rules {
        let named = isMisnamed ? stem : family
        guard let rule = readRule(entry, of: document.root, family: named, &book) else { continue }
        if let first = ids[rule.id] {
          faults.append(
            (entry["id"] ?? entry).fault(
              "the id '\(rule.id)' is already used in \(first.file), line \(first.line)",
              mend: "give each rule an id of its own"
            )
          )
        } else {
          ids[rule.id] = rule.position
        }
        self.rules.append(rule)
      }
      close(book, of: document)
    }
  }

  private mutating func readRule(
    _ node: YAMLNode,
    of root: YAMLNode,
    family: String,
    _ book: inout PatternBook
  ) -> Rule? {
    guard let idNode = node["id"], let id = idNode.text else { return nil }
    let meant = ObjectShape.rule.meantKeys(of: node)
    if !ObjectShape.rule.hasItsKeys(node) || !ObjectShape.examples.hasItsKeys(node["examples"]) {
      unsureRules.insert(id)
    }
    if id.isName, !id.hasPrefix(family + ".") || id.count == family.count + 1 {
      faults.append(
        idNode.fault(
          "the id '\(id)' does not start with its family",
          mend: "write \(family).\(id.lastPart)"
        )
      )
    }
    let schemeNode = node["scheme"] ?? root["scheme"]
    if schemeNode == nil, !meant.contains("scheme"),
      !ObjectShape.family.meantKeys(of: root).contains("scheme")
    {
      faults.append(
        node.fault(
          "the rule has no scheme",
          mend: "add scheme: to the family or to the rule"
        )
      )
    }
    let scheme = schemeNode?.text ?? family
    let patterns = (node["patterns"]?.items ?? []).flatMap { self.patterns(from: $0, &book) }
    let forms: Set = ["phrases", "marks", "patterns"]
    if forms.allSatisfy({ node[$0] == nil }), forms.isDisjoint(with: meant) {
      faults.append(
        idNode.fault(
          "the rule '\(id)' has nothing to look for",
          mend: "add phrases, marks or patterns"
        )
      )
    }
    return Rule(
      id: id,
      position: idNode.position,
      family: family,
      title: node["title"]?.text ?? id,
      kind: node["kind"]?.text.flatMap(RuleKind.init(rawValue:)) ?? RuleKind(scheme: scheme),
      scheme: scheme,
      level: level(node["level"], scheme: scheme),
      cites: cites(node["cites"], sources: root["sources"]),
      prior: logit(node["prior"]) ?? 0,
      usagePrior: node["usage"]?.number ?? 0,
      casing: node["case"]?.text.flatMap(Casing.init(rawValue:)) ?? .any,
      phrases: words(node["phrases"]),
      marks: words(node["marks"]),
      patterns: patterns,
      caveats: (node["caveats"]?.entries ?? []).map {
        Caveat(name: $0.key, phrases: $0.value.strings)
      },
      weights: weights(raises: node["raises"], lowers: node["lowers"]),
      ordinary: OrdinaryUse(
        before: cues(node["ordinary"]?["before"]),
        after: cues(node["ordinary"]?["after"])
      ),
      near: node["near"]?.strings ?? [],
      validator: node["validate"]?.located,
      samples: node["samples"]?.strings ?? [],
      examples: examples(node["examples"])
    )
  }

  /// The logit of a `prior`.
  func logit(_ node: YAMLNode?) -> Double? {
    guard let node else { return nil }
    return priorWords.first { $0.word == node.text }?.logit ?? node.number
  }

  /// The level a name stands for in a scheme.
  mutating func level(_ node: YAMLNode?, scheme: String) -> Level {
    guard let node, let name = node.text, name.isName else { return .restricted }
    if let level = grades[scheme]?[name] ?? Level(name: name) { return level }
    let known = Level.allCases.map(\.name) + (grades[scheme]?.keys.sorted() ?? [])
    faults.append(
      node.fault(
        "'\(name)' is neither a level nor a grade of the scheme '\(scheme)'",
        mend: suggestion(for: name, among: known) ?? "write one of \(known.joined(separator: ", "))"
      )
    )
    return .restricted
  }

  private mutating func cites(_ node: YAMLNode?, sources: YAMLNode?) -> [String] {
    (node?.texts ?? []).map { key in
      if let source = sources?[key.value] { return source.text ?? "" }
      let known = sources?.entries.map(\.key) ?? []
      faults.append(
        RuleFault(
          at: key.position,
          "'\(key.value)' is not a key of sources",
          mend: suggestion(for: key.value, among: known) ?? "add it to sources: with its section"
        )
      )
      // The rule does cite something, so that nobody need be told that it does not.
      return key.value
    }
  }

  /// Phrases or marks, each once.
  private mutating func words(_ node: YAMLNode?) -> [Located<String>] {
    var seen: Set<String> = []
    return (node?.texts ?? []).filter { word in
      if seen.insert(word.value).inserted { return true }
      faults.append(
        RuleFault(at: word.position, "'\(word.value)' stands here twice", mend: "remove one")
      )
      return false
    }
  }

  /// Cue words: one to five each, a `*` at the end only.
  mutating func cues(_ node: YAMLNode?) -> [String] {
    (node?.texts ?? []).map { cue in
      let count = cue.value.wordCount
      if count > 5 {
        faults.append(
          RuleFault(
            at: cue.position,
            "'\(cue.value)' has \(count) words; a cue has one to five",
            mend: "keep the words that decide"
          )
        )
      }
      if cue.value.utf8.dropLast().contains(UInt8(ascii: "*")) || cue.value == "*" {
        faults.append(
          RuleFault(
            at: cue.position,
            "a '*' stands inside '\(cue.value)'",
            mend: "write * only at the end of the last word"
          )
        )
      }
      return cue.value
    }
  }
}

extension RuleKind {
  /// `identifier` for the scheme `pii`, `credential` for `credential`, `marking` for all others.
  fileprivate init(scheme: String) {
    switch scheme {
    case "pii": self = .identifier
    case "credential": self = .credential
    default: self = .marking
    }
  }
}

extension String {
  /// What follows the last dot, or all of it.
  fileprivate var lastPart: Substring { split(separator: ".").last ?? self[...] }
}

extension String {
  /// How many words stand between blanks.
  ///
  /// There are thousands of cues: the properties of Unicode are asked of few scalars.
  fileprivate var wordCount: Int {
    var count = 0
    var isWithin = false
    for scalar in unicodeScalars {
      let isBlank =
        scalar.isASCII
        ? scalar == " " || (0x09...0x0D).contains(scalar.value) : scalar.properties.isWhitespace
      if !isBlank, !isWithin { count += 1 }
      isWithin = !isBlank
    }
    return count
  }
}

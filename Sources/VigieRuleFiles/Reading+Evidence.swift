import VigieCore
import VigieRulebook

extension Reading {
  /// Reads the evidence, and after that of each directory the words of its languages.
  mutating func readEvidence() {
    let layers = Set((documents(.evidence) + documents(.words)).map(\.file.layer))
    for layer in layers.sorted() {
      readKinds(documents(.evidence).filter { $0.file.layer == layer })
      let numbers = Dictionary(
        evidence.enumerated().map { ($1.name, $0) },
        uniquingKeysWith: { first, _ in first }
      )
      for document in documents(.words) where document.file.layer == layer {
        readWords(document, numbers)
      }
    }
  }

  /// Reads the evidence of one directory; a site's entry changes the shipped one of its name and adds its words.
  private mutating func readKinds(_ documents: [Document]) {
    var seen: Set<String> = []
    for document in documents {
      for entry in document.root["evidence"]?.items ?? [] {
        guard let nameNode = entry["name"], let name = nameNode.text else { continue }
        if !seen.insert(name).inserted {
          faults.append(
            nameNode.fault("the evidence '\(name)' is defined twice", mend: "keep one of the two")
          )
          continue
        }
        evidencePlaces[name] = nameNode.position
        let words = (entry["words"]?.entries ?? []).map {
          (language: $0.key, phrases: cues($0.value))
        }
        for cue in (entry["words"]?.entries ?? []).flatMap(\.value.texts) {
          cuePlaces[name, default: [:]][cue.value] = cue.position
        }
        if let index = evidence.firstIndex(where: { $0.name == name }) {
          evidence[index].change(entry, words)
        } else {
          noteMissingKeys(of: entry, nameNode, name)
          var kind = EvidenceKind(name: name, title: name, marking: 0, usage: 0)
          kind.change(entry, words)
          evidence.append(kind)
        }
      }
    }
  }

  /// Reads the words of one language, and adds them to the evidence that is there.
  ///
  /// - Parameters:
  ///   - document: The file.
  ///   - numbers: The index of each kind of evidence by its name.
  private mutating func readWords(_ document: Document, _ numbers: [String: Int]) {
    checkName(document, key: "language")
    let other = Set(ObjectShape.words.keys.map(\.name)).union(ObjectShape.words.strangers.keys)
    for entry in document.root.entries where !other.contains(entry.key) {
      let phrases = cues(entry.value)
      for cue in entry.value.texts {
        cuePlaces[entry.key, default: [:]][cue.value] = cue.position
      }
      if let index = numbers[entry.key] {
        evidence[index].add(phrases, in: document.file.stem)
      } else if !unread.contains(.evidence) {
        faults.append(
          RuleFault(
            at: entry.keyPosition,
            "there is no evidence called '\(entry.key)'",
            mend: suggestion(for: entry.key, among: ObjectShape.words.keys.map(\.name))
              ?? suggestedEvidence(for: entry.key)
              ?? "see vigie rules list --evidence, or define it in evidence/kinds.yaml"
          )
        )
      }
    }
  }

  /// Says what evidence lacks that is not there yet: its keys, or the right name of what is there.
  private mutating func noteMissingKeys(of entry: YAMLNode, _ nameNode: YAMLNode, _ name: String) {
    let meant = ObjectShape.evidence.meantKeys(of: entry)
    let missing = ["title", "marking", "usage"].filter { entry[$0] == nil && !meant.contains($0) }
    guard !missing.isEmpty else { return }
    let lines = missing.map { "\($0):" }.joined(separator: ", ")
    let other = suggestedEvidence(for: name)
    faults.append(
      nameNode.fault(
        "there is no evidence '\(name)' yet, and new evidence needs "
          + missing.joined(separator: ", "),
        mend: other.map { "\($0) If it is new, add \(lines)" } ?? "add \(lines)"
      )
    )
  }

  /// "Did you mean …" for the name of evidence: one that is near it, or has a part in common with it.
  private func suggestedEvidence(for name: String) -> String? {
    let known = evidence.map(\.name)
    if let near = suggestion(for: name, among: known) { return near }
    let parts = Set(name.split(separator: "-").filter { $0.count > 2 })
    let related = known.filter { !parts.isDisjoint(with: $0.split(separator: "-")) }
    return related.isEmpty
      ? nil : "did you mean \(related.prefix(3).map { "'\($0)'" }.joined(separator: " or "))?"
  }

  /// Reads the learned words; a site's file replaces the shipped one.
  mutating func readWording() {
    guard let document = documents(.wording).last else { return }
    var weights: [Wording.Entry] = []
    for entry in document.root["weights"]?.entries ?? [] {
      guard let weight = entry.value.number else { continue }
      weights.append(Wording.Entry(words: entry.key, weight: weight))
    }
    wording = Wording(limit: document.root["limit"]?.number ?? 0, entries: weights)
  }

  /// Reads the ladder; a site's line replaces the shipped one.
  mutating func readLadder() {
    for document in documents(.ladder) {
      for scheme in document.root["grades"]?.entries ?? [] {
        for grade in scheme.value.entries {
          guard let level = grade.value.text.flatMap(Level.init(name:)) else { continue }
          grades[scheme.key, default: [:]][grade.key] = level
        }
      }
    }
  }

  /// The weights that `raises` and `lowers` set; a bare name keeps the default weight.
  mutating func weights(raises: YAMLNode?, lowers: YAMLNode?) -> [String: Double] {
    var weights: [String: Double] = [:]
    var seen: Set<String> = []
    for (key, node) in [("raises", raises), ("lowers", lowers)] {
      guard let node else { continue }
      for item in node.items {
        if item.text != nil { noteEvidence(item.located, &seen) }
        for entry in item.entries {
          noteEvidence(Located(entry.key, at: entry.keyPosition), &seen)
          guard let weight = entry.value.number else { continue }
          if key == "raises" ? weight < 0 : weight > 0 {
            faults.append(
              entry.value.fault(
                "\(key) holds a weight of the other sign",
                mend: "move it to \(key == "raises" ? "lowers" : "raises"), or change the sign"
              )
            )
          }
          weights[entry.key] = weight
        }
      }
    }
    return weights
  }

  private mutating func noteEvidence(_ name: Located<String>, _ seen: inout Set<String>) {
    if !seen.insert(name.value).inserted {
      faults.append(
        RuleFault(
          at: name.position,
          "the evidence '\(name.value)' stands here twice",
          mend: "keep one"
        )
      )
    }
    let prefix = "usage:"
    let bare = name.value.hasPrefix(prefix) ? String(name.value.dropFirst(6)) : name.value
    // Of evidence that could not be read nobody can say what it lacks.
    guard !unread.contains(.evidence), !evidence.contains(where: { $0.name == bare }) else {
      return
    }
    faults.append(
      RuleFault(
        at: name.position,
        "there is no evidence called '\(bare)'",
        mend: suggestedEvidence(for: bare)
          ?? "see vigie rules list --evidence, or define it in evidence.yaml"
      )
    )
  }
}

extension EvidenceKind {
  /// Takes over what an entry says and adds its words.
  fileprivate mutating func change(
    _ entry: YAMLNode,
    _ words: [(language: String, phrases: [String])]
  ) {
    title = entry["title"]?.text ?? title
    marking = entry["marking"]?.number ?? marking
    usage = entry["usage"]?.number ?? usage
    reach = entry["reach"]?.text.flatMap(CueReach.init(rawValue:)) ?? reach
    beside = entry["beside"]?.number ?? beside
    about = entry["about"]?.strings.compactMap(RuleKind.init(rawValue:)) ?? about
    for (language, phrases) in words { add(phrases, in: language) }
  }

  /// Adds words of a language.
  fileprivate mutating func add(_ phrases: [String], in language: String) {
    if let index = cues.firstIndex(where: { $0.language == language }) {
      cues[index].phrases += phrases
    } else {
      cues.append((language: language, phrases: phrases))
    }
  }
}

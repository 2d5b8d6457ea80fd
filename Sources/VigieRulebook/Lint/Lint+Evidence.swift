import VigieText

extension Lint {
  /// Cues of a rule that stand where its marking stands, as no text shows them.
  static func ownCues(_ rule: Rule) -> [LintRemark] {
    let phrases = rule.phrases.map { Words($0.value) }
    func remark(_ reason: String, _ cue: String, _ how: String, _ mend: String) -> LintRemark {
      LintRemark(
        .warning,
        rule: rule.id,
        RuleFault(
          at: rule.position,
          "\(reason): \(quoted(cue)) \(how) the marking itself",
          mend: mend
        )
      )
    }
    let before = rule.ordinary.before.filter { cue in
      phrases.contains { Words(cue).list.reversed().starts(with: $0.list.reversed()) }
    }
    let after = rule.ordinary.after.filter { cue in
      phrases.contains { Words(cue).list.starts(with: $0.list) }
    }
    let near = rule.near.filter { cue in phrases.contains { Words(cue).holds($0) } }
    var remarks = before.map {
      remark(
        "the cue of ordinary before never fires",
        $0,
        "ends with",
        "write only the words that stand before the marking"
      )
    }
    remarks += after.map {
      remark(
        "the cue of ordinary after never fires",
        $0,
        "starts with",
        "write only the words that stand after the marking"
      )
    }
    remarks += near.map {
      remark(
        "the word of near always stands near",
        $0,
        "holds",
        "write words that stand beside the marking"
      )
    }
    return remarks
  }

  /// Cues of evidence that hold the marking of a rule: what overlaps a marking is no evidence on it.
  ///
  /// Said only where whoever wrote the cue could know the rule: of a shipped cue no site can mend anything.
  static func markingCues(
    _ set: RuleSet,
    _ origins: RuleOrigins,
    refused: Set<String>
  ) -> [LintRemark] {
    var owners: [Words: Rule] = [:]
    // A phrase of two letters stands in every other cue: its rule has been told what is wrong.
    for rule in set.rules where rule.kind == .marking && !refused.contains(rule.id) {
      for phrase in rule.phrases where owners[Words(phrase.value)] == nil {
        owners[Words(phrase.value)] = rule
      }
    }
    return set.evidence.filter { $0.reach != .opening && $0.reach != .grammar }.flatMap { kind in
      kind.cues.flatMap(\.phrases).compactMap { cue -> LintRemark? in
        guard let owner = Words(cue).parts.lazy.compactMap({ owners[$0] }).first else { return nil }
        let place = place(of: cue, kind.name, origins)
        guard
          origins.layers[place.file, default: 0] >= origins.layers[owner.position.file, default: 0]
        else { return nil }
        return LintRemark(
          .warning,
          rule: nil,
          RuleFault(
            at: place,
            "the cue \(quoted(cue)) of '\(kind.name)' holds the marking of \(owner.id) and never fires "
              + "for it",
            mend: "write only the words beside the marking"
          )
        )
      }
    }
  }

  /// Where a cue was written, else its evidence, else the name of the file where neither is known.
  static func place(of cue: String, _ evidence: String, _ origins: RuleOrigins) -> SourcePosition {
    origins.cuePlaces[evidence]?[cue] ?? origins.evidencePlaces[evidence]
      ?? SourcePosition(file: "evidence.yaml", line: 0, column: 0)
  }

  /// Evidence under `raises` that weighs less than it does without being named there.
  static func weights(_ rule: Rule, _ evidence: [EvidenceKind]) -> [LintRemark] {
    rule.weights.sorted { $0.key < $1.key }.compactMap { name, weight in
      let isUsage = name.hasPrefix("usage:")
      let bare = isUsage ? String(name.dropFirst("usage:".count)) : name
      guard let kind = evidence.first(where: { $0.name == bare }), kind.about.contains(rule.kind)
      else { return nil }
      let usual = isUsage ? kind.usage : kind.marking
      // A weight of 0 says plainly that the evidence shall not count.
      guard weight > 0, weight < usual else { return nil }
      return LintRemark(
        .warning,
        rule: rule.id,
        RuleFault(
          at: rule.position,
          "raises '\(name)' by \(weight), less than its default of \(usual): the rule is lowered",
          mend: "leave the number out, or write a greater one; 0 says that it shall not count"
        )
      )
    }
  }

  /// The words of a phrase or cue, as the engine compares them.
  private struct Words: Hashable {
    /// The symbols of each word.
    var list: [[UInt8]]
    private var isScript: Bool

    init(_ text: String) {
      let folded = FoldedPhrase(text)
      isScript = folded.view == .script
      list = folded.letters.reduce(into: []) { list, letter in
        if letter.startsWord || list.isEmpty { list.append([]) }
        list[list.count - 1].append(letter.symbol)
      }
    }

    /// Whether other words stand in these, in a row; `contains` of a list brings a megabyte of regular expressions
    /// into the C library.
    func holds(_ other: Words) -> Bool {
      list.indices.contains { list[$0...].starts(with: other.list) }
    }

    /// Every run of the words.
    var parts: [Words] {
      list.indices.flatMap { start in
        (start..<list.count).map { end in
          var part = self
          part.list = Array(list[start...end])
          return part
        }
      }
    }
  }
}

/// Anchors of up to three letters, which must be words of their own in a text.
extension Lint {
  /// Those that no match can hold as a word, and those that some matches hold within a longer one: such matches are not
  /// found, and no example need tell.
  static func shortAnchors(_ rule: Rule) -> [LintRemark] {
    rule.patterns.flatMap { pattern -> [LintRemark] in
      guard pattern.digits == 0 else { return [] }
      let regex = pattern.regex.value
      let isNamed = !pattern.anchors.isEmpty
      let anchors = isNamed ? pattern.anchors : RequiredLiterals.of(regex) ?? []
      return anchors.compactMap { anchor in
        // A longer anchor that holds this one stands where this one cannot.
        let isWithin = anchors.contains { $0 != anchor && holds($0, anchor) }
        guard Prefilter.AnchorTarget.isWord(anchor), !isWithin,
          let beside = letters(beside: anchor, in: regex)
        else { return nil }
        let name =
          isNamed ? "the anchor \(quoted(anchor))" : "\(quoted(anchor)), which is sought first,"
        return LintRemark(
          beside.isAlways ? .error : .warning,
          rule: rule.id,
          RuleFault(
            at: pattern.regex.position,
            beside.isAlways
              ? "\(name) must be a word of its own, and in every match a letter \(beside.side) it"
              : "\(name) must be a word of its own; matches in which a letter \(beside.side) it are not found",
            mend: isNamed
              ? "name four letters or more that stand in a row in every match, or one anchor for each way to go on"
              : "name anchors: that every match holds one of, of four letters or more, or with a sign or digit"
          )
        )
      }
    }
  }

  /// Whether an anchor holds another, in whatever case.
  private static func holds(_ anchor: String, _ other: String) -> Bool {
    let all = anchor.utf8.map(Prefilter.lowercased)
    let part = other.utf8.map(Prefilter.lowercased)
    return all.count >= part.count
      && (0...(all.count - part.count)).contains { all[$0...].starts(with: part) }
  }

  /// Whether an expression has letters right beside an anchor that it spells, and on which side.
  private static func letters(beside anchor: String, in regex: String) -> (
    isAlways: Bool, side: String
  )? {
    let (before, after) = AnchorSurroundings.beside(anchor, in: regex)
    let sides = [(before, "stands before"), (after, "follows")]
    for (places, side) in sides
    where !places.isEmpty && places.allSatisfy({ $0.allSatisfy(isOfLetters) }) {
      return (true, side)
    }
    // Words around the short form may spell it as well: *cadre* holds `dr`. One place where it stands for itself will do.
    for (places, side) in sides
    where !places.isEmpty && places.allSatisfy({ $0.contains(where: isOfWords) }) {
      return (false, side)
    }
    return nil
  }

  private static let letters = ScalarSet.letters.union(ScalarSet.marks)

  /// Whether nothing but a letter may stand there.
  private static func isOfLetters(_ beside: RegexGraph.Beside) -> Bool {
    beside.set.map { !$0.isEmpty && $0.subtracting(letters).isEmpty } ?? false
  }

  /// Whether nothing but what words are made of may stand there, and letters may; where a blank was left out, nobody
  /// means a longer word.
  private static func isOfWords(_ beside: RegexGraph.Beside) -> Bool {
    guard let set = beside.set, !beside.leavesOutGap, set.subtracting(ScalarSet.word).isEmpty else {
      return false
    }
    return !set.isDisjoint(with: letters)
  }
}

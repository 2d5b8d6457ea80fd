import Foundation

/// Makes small sets of odd rules: what an author may write by mistake or against the engine.
///
/// Each set hangs on its seed alone.
package struct RuleSoup {
  /// A set of rules.
  package struct Made {
    /// The files of a rules directory by name.
    package var files: [String: String]
    /// What its rules look for, or nearly.
    package var words: [String]
  }

  private var generator: SeededGenerator
  private var words: [String] = []
  /// Whether the set holds what is refused; some other sets are refused as well.
  private var refuses = false
  /// The evidence there is.
  private var evidenceNames: [String] = []

  /// A maker of one set.
  package init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

  /// The set.
  package mutating func make() -> Made {
    words = []
    refuses = generator.once(in: 6)
    let evidence = evidence()
    let rules = (0..<Int.random(in: 1...4, using: &generator)).map { rule($0) }
    let family =
      "family: xx\ntitle: Odd\nscheme: xx\nsources: { LAW: law }\n"
      + "rules:\n" + rules.joined()
    return Made(
      files: [
        "markings/xx.yaml": family,
        "evidence.yaml": evidence,
        "ladder.yaml": "grades: { xx: { hush: confidential } }\n",
        "policies/default.yaml":
          "policy: default\ncases:\n  - { name: rest, verdict: log }\n  - { name: gap, when: { gap: any }, verdict: log }\n",
        "tips/en.yaml": "language: en\ntips: { marked: no }\n",
      ],
      words: words
    )
  }

  // MARK: Rules

  private mutating func rule(_ number: Int) -> String {
    var lines = ["id: xx.odd\(number)", "title: Odd", "cites: LAW"]
    let level = generator.pick(["hush", "secret", "public", "internal", "top-secret", "restricted"])
    lines.append("level: \(level)")
    if generator.once(in: 2) {
      lines.append("kind: \(generator.pick(["marking", "identifier", "credential"]))")
    }
    lines.append("prior: \(often(["4", "unmistakable", "distinctive", "1e300"], RuleSoup.numbers))")
    if generator.once(in: 2) {
      lines.append(
        "usage: \(generator.pick(["", "-"]))\(often(RuleSoup.largeNumbers, RuleSoup.numbers))"
      )
    }
    if generator.once(in: 3) {
      lines.append("case: \(generator.pick(["any", "upper", "title", "exact"]))")
    }
    if generator.once(in: 2) {
      lines.append("phrases: \(list(RuleSoup.phrases, RuleSoup.refusedPhrases, most: 3))")
    }
    if generator.once(in: 3) {
      lines.append("marks: \(list(RuleSoup.marks, RuleSoup.refusedMarks, most: 3))")
    }
    if generator.once(in: 4) {
      lines.append(
        "caveats: { odd: \(list(RuleSoup.phrases + RuleSoup.marks, RuleSoup.refusedMarks)) }"
      )
    }
    var named: Set<String> = []
    for (key, sign) in [("raises", ""), ("lowers", "-")] where generator.once(in: 3) {
      let weights = (0..<Int.random(in: 1...4, using: &generator)).compactMap { _ -> String? in
        let name = (generator.once(in: 3) ? "usage:" : "") + often(evidenceNames, ["none"])
        guard named.insert(name).inserted || refuses else { return nil }
        return
          "{ \(RuleSoup.quoted(name)): \(sign)\(often(RuleSoup.largeNumbers, RuleSoup.numbers)) }"
      }
      if !weights.isEmpty { lines.append("\(key): [\(weights.joined(separator: ", "))]") }
    }
    if generator.once(in: 6) {
      lines.append(
        "ordinary: { before: \(list(RuleSoup.cues, RuleSoup.refusedCues)), after: \(list(RuleSoup.cues, RuleSoup.refusedCues)) }"
      )
    }
    if generator.once(in: 6) { lines.append("near: \(list(RuleSoup.cues, RuleSoup.refusedCues))") }
    if generator.once(in: 5) { lines.append("validate: \(often(RuleSoup.validators, ["odd"]))") }
    if generator.once(in: 8) {
      lines.append("samples: \(list(RuleSoup.anchors, RuleSoup.refusedAnchors))")
    }
    // One that looks for nothing is refused.
    if !refuses || generator.once(in: 2) {
      lines.append("patterns:")
      for _ in 0..<Int.random(in: 1...3, using: &generator) { lines.append("  - \(pattern())") }
    }
    lines.append("examples: { applied: [\"⟦x⟧\"] }")
    return "  - " + lines.joined(separator: "\n    ") + "\n"
  }

  /// A pattern around an anchor, or around none.
  private mutating func pattern() -> String {
    let anchor = generator.pick(RuleSoup.anchors)
    var parts = (0..<Int.random(in: 0...3, using: &generator)).map { _ in piece() }
    if !generator.once(in: 12) {
      let place = Int.random(in: 0...parts.count, using: &generator)
      parts.insert((RuleSoup.escaped(anchor), anchor), at: place)
    }
    if generator.once(in: 5) { parts.insert(generator.pick(RuleSoup.starts), at: 0) }
    let regex = RuleSoup.quoted(parts.map(\.regex).joined())
    words.append(parts.map(\.sample).joined())
    var keys = ["regex: \(regex)"]
    switch Int.random(in: 0..<8, using: &generator) {
    case 0: return regex
    case 1:
      keys.append("digits: \(Int.random(in: 6...12, using: &generator))")
      if generator.once(in: 2) {
        keys.append("digits-most: \(Int.random(in: 6...14, using: &generator))")
      }
    case 2: keys.append("anchors: \(list(RuleSoup.anchors, RuleSoup.refusedAnchors, most: 3))")
    case 3:
      let half = String(anchor.prefix(max(2, anchor.count / 2)))
      keys.append("anchors: [\(RuleSoup.quoted(anchor)), \(RuleSoup.quoted(half))]")
    default: keys.append("anchors: [\(RuleSoup.quoted(anchor))]")
    }
    if generator.once(in: 2) { keys.append("reach: \(generator.pick([1, 2, 7, 64, 700, 65_536]))") }
    return "{ \(keys.joined(separator: ", ")) }"
  }

  private mutating func piece() -> (regex: String, sample: String) {
    if refuses, generator.once(in: 9) { return generator.pick(RuleSoup.refusedPieces) }
    guard generator.once(in: 4) else { return generator.pick(RuleSoup.pieces) }
    let text = generator.pick(RuleSoup.anchors + RuleSoup.refusedAnchors)
    return (RuleSoup.escaped(text), text)
  }

  private mutating func evidence() -> String {
    var kinds = ["- { name: odd-cue, title: odd, marking: 0, usage: 1, words: { fr: [rien] } }"]
    evidenceNames = ["odd-cue"]
    for name in RuleSoup.evidenceNames where generator.once(in: 8) {
      evidenceNames.append(name)
      let numbers = (0..<2).map { _ in
        generator.pick(["", "-"]) + often(["0.5", "2"] + RuleSoup.largeNumbers, RuleSoup.numbers)
      }
      var keys = ["name: \(name)", "title: t", "marking: \(numbers[0])", "usage: \(numbers[1])"]
      if generator.once(in: 3) {
        keys.append("words: { fr: \(list(RuleSoup.cues, RuleSoup.refusedCues, most: 4)) }")
        keys.append("reach: \(often(RuleSoup.reaches, ["grammar", "odd"]))")
        if generator.once(in: 3) { keys.append("beside: \(often(["0", "0.5", "1"], ["2", "-1"]))") }
      }
      kinds.append("- { \(keys.joined(separator: ", ")) }")
    }
    return "evidence:\n" + kinds.map { "  \($0)\n" }.joined()
  }

  /// One of the former; in a set that is to be refused one of the latter at times.
  private mutating func often(_ usual: [String], _ odd: [String]) -> String {
    generator.pick(refuses && generator.once(in: 40) ? odd : usual)
  }

  private mutating func list(_ values: [String], _ refused: [String], most: Int = 2) -> String {
    let some = (0..<Int.random(in: 1...most, using: &generator)).map { _ in often(values, refused) }
    words += some
    return "[\(some.map(RuleSoup.quoted).joined(separator: ", "))]"
  }

  // MARK: Writing

  /// A text in double quotes of YAML.
  private static func quoted(_ text: String) -> String {
    "\""
      + text.unicodeScalars.map { scalar in
        switch scalar {
        case "\"", "\\": "\\\(scalar)"
        case "\u{20}"..."\u{7E}", "\u{A1}"..."\u{17F}", "\u{370}"..."\u{52F}": String(scalar)
        default: "\\U" + String(format: "%08X", scalar.value)
        }
      }.joined() + "\""
  }

  /// An expression that matches a text.
  private static func escaped(_ text: String) -> String {
    text.unicodeScalars.map { scalar in
      switch scalar {
      case "\0": "\\x00"
      case "\n": "\\n"
      case "A"..."Z", "a"..."z", "0"..."9", "\u{80}"...: String(scalar)
      default: "\\\(scalar)"
      }
    }.joined()
  }
}

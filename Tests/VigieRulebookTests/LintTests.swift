import Testing
import VigieCore
import VigieRulebook

@Suite("Lint")
struct LintTests {
  /// A rule nothing is to say about, unless the test changes it.
  static func rule(_ change: (inout Rule) -> Void = { _ in }) -> Rule {
    let at = SourcePosition(file: "xx.yaml", line: 3, column: 5)
    func examples(_ usage: Usage?, _ count: Int) -> [Example] {
      (0..<count).map { Example(marked: Located("⟦a⟧ \($0)", at: at), usage: usage) }
    }
    var rule = Rule(
      id: "xx.hush",
      position: at,
      family: "xx",
      title: "Hush",
      scheme: "xx",
      level: .restricted,
      cites: ["the law"],
      phrases: [Located("hush hush", at: at)],
      patterns: [Pattern(regex: Located("HH-\\d+", at: at))],
      examples: examples(.applied, 5) + examples(.mentioned, 3) + examples(nil, 5)
    )
    change(&rule)
    return rule
  }

  private func remarks(_ change: (inout Rule) -> Void) -> [String] {
    let set = RuleSet(rules: [LintTests.rule(change)], evidence: [], id: "test")
    return Lint.remarks(on: set) { $0.filter(\.isLetter).count }
      .map { "\($0.severity.rawValue): \($0.fault.reason)" }
  }

  private func pattern(_ regex: String, reach: Int = 128) -> [Pattern] {
    let at = SourcePosition(file: "xx.yaml", line: 9, column: 9)
    return [Pattern(regex: Located(regex, at: at), reach: reach)]
  }

  @Test("a good rule passes")
  func good() { #expect(remarks { _ in } == []) }

  @Test(
    "an anchor with a space warns: a pattern reads on over a no-break space, an anchor does not"
  )
  func anchors() {
    let reason = "the anchor 'hush now' has a space, and is not found where a no-break space stands"
    #expect(
      remarks {
        $0.patterns = pattern("hush now")
        $0.patterns[0].anchors = ["hush now", "now"]
      } == ["warning: \(reason)"]
    )
  }

  @Test(
    "an anchor that no match can hold is an error; look-around and letters of either case count"
  )
  func strangeAnchors() {
    func strangers(_ regex: String, _ anchors: String...) -> [String] {
      remarks {
        $0.patterns = pattern(regex)
        $0.patterns[0].anchors = anchors
      }
    }
    let one = "error: no match of the pattern can hold the anchor "
    #expect(strangers("RC-\\d{4}", "CAB") == [one + "'CAB', around which alone it is tried"])
    #expect(strangers("RC-\\d{4}", "CAB", "rc") == [one + "'CAB'"])
    #expect(strangers("R-C", "RC") == [one + "'RC', around which alone it is tried"])
    for (regex, anchor) in [
      ("RC-\\d{4}", "rc"), ("(?i)rc-\\d{4}", "RC"), ("RC-\\d{4}", "RC-2026"), ("[RQ][CD]", "qd"),
      ("^.{0,9}-\\d{4}", "CAB"), ("(?<=CAB )\\d{4}", "CAB"), ("\\d{4}(?=-CAB)", "cab"),
      ("(CAB)-\\1", "CAB"), ("(a)\\1z", "aaz"), ("(?:x|CAB){2,}", "abca"), ("x(?:C|D)?AB", "xab"),
    ] {
      #expect(strangers(regex, anchor) == [], "\(regex) \(anchor)")
    }
  }

  @Test(
    "an anchor of up to three letters that stands within a word is an error, one that may a warning"
  )
  func shortAnchors() {
    func short(_ regex: String, _ anchors: String...) -> [String] {
      remarks {
        $0.patterns = pattern(regex)
        $0.patterns[0].anchors = anchors
      }
    }
    func always(_ anchor: String, _ side: String) -> [String] {
      [
        "error: the anchor '\(anchor)' must be a word of its own, and in every match a letter \(side) it"
      ]
    }
    func sometimes(_ anchor: String, _ side: String) -> [String] {
      [
        "warning: the anchor '\(anchor)' must be a word of its own; "
          + "matches in which a letter \(side) it are not found"
      ]
    }
    #expect(short("hasło:", "has") == always("has", "follows"))
    #expect(short("(?i)hasł[oa]", "HAS") == always("HAS", "follows"))
    #expect(short("préDR", "DR") == always("DR", "stands before"))
    #expect(short("has(?:ło|la)", "has") == always("has", "follows"))
    #expect(short("has(?:ło)?:", "has") == sometimes("has", "follows"))
    #expect(short("DR\\p{L}{0,3} \\d", "DR") == sometimes("DR", "follows"))
    #expect(short("\\w*DR", "DR") == sometimes("DR", "stands before"))
    for (regex, anchors) in [
      ("DR-\\d", ["DR"]), ("mention\\s*DR\\b", ["DR"]),
      ("(?<![\\p{L}])DR(?![\\p{L}])", ["DR"]), ("DR\\d+", ["DR"]), ("DR.{0,20}", ["DR"]),
      ("(?m)^DR$", ["DR"]),
      ("has(?:lo)?", ["has", "haslo"]), ("DR(?=[ :])\\W", ["DR"]), ("secrets?", ["secret"]),
      ("(?:x )?DR", ["DR"]),
    ] {
      let told = remarks {
        $0.patterns = pattern(regex)
        $0.patterns[0].anchors = anchors
      }
      #expect(told.filter { $0.contains("of its own") } == [], "\(regex)")
    }
    // Nobody named it.
    #expect(
      short("hasło") == [
        "error: 'has', which is sought first, must be a word of its own, and in every match a letter follows it"
      ]
    )
  }

  @Test("a rule of file names alone needs no mentioned examples")
  func fileNames() {
    func remarks(_ role: Role) -> [String] {
      self.remarks {
        $0.examples.removeAll { $0.usage == .mentioned }
        for index in $0.examples.indices { $0.examples[index].role = role }
      }
    }
    #expect(remarks(.filename) == [])
    #expect(remarks(.body) == ["error: the rule has 0 of 3 mentioned examples"])
  }

  @Test("too few examples warn, none at all of a marking is an error")
  func examples() {
    #expect(
      remarks { $0.examples.removeAll { $0.usage == .mentioned || $0.marked.value == "⟦a⟧ 4" } }
        == [
          "warning: the rule has 4 of 5 applied examples",
          "error: the rule has 0 of 3 mentioned examples",
          "warning: the rule has 4 of 5 silent examples",
        ]
    )
    #expect(
      remarks {
        $0.kind = .identifier
        $0.examples.removeAll { $0.usage == .mentioned }
      } == ["warning: the rule has 0 of 3 mentioned examples"]
    )
  }

  private func at<Value>(_ value: Value, line: Int) -> Located<Value> {
    Located(value, at: SourcePosition(file: "xx.yaml", line: line, column: 5))
  }

  @Test("phrases and marks that a rule before has too, at the same scheme and level")
  func shadows() {
    func remarks(_ change: (inout Rule) -> Void) -> [String] {
      let other = LintTests.rule { $0.marks = [at("HH", line: 3)] }
      let rule = LintTests.rule {
        $0.id = "xx.second"
        change(&$0)
      }
      let set = RuleSet(rules: [other, rule], evidence: [], id: "test")
      return Lint.remarks(on: set) { $0.filter(\.isLetter).count }
        .map { "\($0.rule ?? ""):\($0.fault.position.line): \($0.fault.reason)" }
    }
    #expect(
      remarks { $0.phrases = [at("HUSH-HUSH", line: 8), at("quiet now", line: 9)] } == [
        "xx.second:8: the phrase 'HUSH-HUSH' is one of xx.hush too, of the same scheme and level"
      ]
    )
    #expect(
      remarks {
        $0.phrases = [at("quiet now", line: 8)]
        $0.marks = [at("HH", line: 9), at("Hh", line: 10)]
      } == ["xx.second:9: the mark 'HH' is one of xx.hush too, of the same scheme and level"]
    )
    #expect(
      remarks {
        $0.patterns = []
        $0.marks = [at("HH", line: 9)]
      } == [
        "xx.second:3: the rule is never seen: all it looks for is in xx.hush"
      ]
    )
    #expect(remarks { $0.level = .secret } == [])
    #expect(remarks { $0.scheme = "yy" } == [])
  }

  @Test("short forms that match nothing, or everything")
  func marks() {
    func marks(_ values: String...) -> [String] {
      let at = SourcePosition(file: "xx.yaml", line: 9, column: 9)
      return remarks { $0.marks = values.map { Located($0, at: at) } }
    }
    #expect(marks("DR", "DR-SF", "C2", "Dr") == [])
    #expect(
      marks("[DR]", "DR/") == [
        "error: the short form '[DR]' begins or ends with '[', so that nothing matches it",
        "error: the short form 'DR/' begins or ends with '/', so that nothing matches it",
      ]
    )
    let rule = LintTests.rule {
      $0.marks = [Located("RC-", at: $0.position), Located("((", at: $0.position)]
    }
    let mends = Lint.remarks(on: RuleSet(rules: [rule], evidence: [], id: "test")) { _ in 9 }.map(
      \.fault.mend
    )
    #expect(mends.count == 2)
    #expect(mends.first?.hasPrefix("write 'RC': ") == true)
    #expect(mends.last == "write letters or digits")
    #expect(
      marks("C", "7") == [
        "error: the short form 'C' is a single letter, which stands in brackets everywhere",
        "error: the short form '7' is a single letter, which stands in brackets everywhere",
      ]
    )
    #expect(
      marks("cp-ght") == [
        "warning: the short form 'cp-ght' is in small letters, and is found in these only"
      ]
    )
    #expect(marks("cp-ght", "CP-GHT") == [])
  }

  @Test("cues that hold the marking itself")
  func ownCues() {
    #expect(
      remarks {
        $0.ordinary = OrdinaryUse(
          before: ["the hush hush", "hush", "hush hush of"],
          after: ["hush-hush of the*", "hush, not hush", "of the hush hush"]
        )
        $0.near = ["the hush hush", "rush"]
      } == [
        "warning: the cue of ordinary before never fires: 'the hush hush' ends with the marking itself",
        "warning: the cue of ordinary after never fires: 'hush-hush of the*' starts with the marking "
          + "itself",
        "warning: the word of near always stands near: 'the hush hush' holds the marking itself",
      ]
    )
    let kinds = [
      EvidenceKind(
        name: "told",
        title: "",
        marking: 0,
        usage: -1,
        cues: [("en", ["a hush hush affair", "hush", "so hush-hush*"])]
      ),
      EvidenceKind(
        name: "first",
        title: "",
        marking: 0,
        usage: -1,
        reach: .opening,
        cues: [("en", ["a hush hush affair"])]
      ),
    ]
    let set = RuleSet(rules: [LintTests.rule()], evidence: kinds, id: "test")
    #expect(
      Lint.remarks(on: set) { $0.filter(\.isLetter).count }.map(\.fault.reason) == [
        "the cue 'a hush hush affair' of 'told' holds the marking of xx.hush and never fires for it",
        "the cue 'so hush-hush*' of 'told' holds the marking of xx.hush and never fires for it",
      ]
    )
  }

  @Test("evidence under raises that weighs less than by default")
  func weights() {
    let kinds = [
      EvidenceKind(name: "own-line", title: "", marking: 2, usage: 1.5),
      EvidenceKind(name: "quoted", title: "", marking: 0.5, usage: -2),
      EvidenceKind(name: "value", title: "", marking: 2, usage: 2, about: [.identifier]),
    ]
    func remarks(_ weights: [String: Double]) -> [String] {
      let rule = LintTests.rule { $0.weights = weights }
      let set = RuleSet(rules: [rule], evidence: kinds, id: "test")
      return Lint.remarks(on: set) { $0.filter(\.isLetter).count }.map(\.fault.reason)
    }
    #expect(remarks(["own-line": 2.5, "usage:own-line": 1.5, "quoted": 1, "value": 1]) == [])
    #expect(remarks(["own-line": 0, "usage:quoted": -0.5, "usage:own-line": -1]) == [])
    #expect(
      remarks(["own-line": 1, "usage:own-line": 1.25]) == [
        "raises 'own-line' by 1.0, less than its default of 2.0: the rule is lowered",
        "raises 'usage:own-line' by 1.25, less than its default of 1.5: the rule is lowered",
      ]
    )
  }

  @Test("a rule without a source is an error")
  func citation() {
    #expect(remarks { $0.cites = [] } == ["error: the rule cites nothing"])
    #expect(
      remarks { $0.cites = ["the text that defines the marking, with its section"] } == [
        "warning: the rule cites what vigie rules new wrote, and no text"
      ]
    )
  }

  @Test("short phrases", arguments: [(Casing.any, 6), (.title, 6), (.upper, 4), (.exact, 4)])
  func phrases(casing: Casing, least: Int) {
    for count in 3...7 {
      let phrase = String("abcdefg".prefix(count))
      let found = remarks {
        $0.casing = casing
        $0.phrases = [Located(phrase, at: $0.position)]
      }
      #expect(
        found
          == (count >= least
            ? []
            : ["error: the phrase '\(phrase)' has \(count) folded letters; \(least) are needed"])
      )
      let rule = LintTests.rule {
        $0.casing = casing
        $0.phrases = [Located(phrase, at: $0.position)]
      }
      // What lint calls an error is refused for work.
      #expect(Lint.refusals(of: [rule]).map(\.reason) == found.map { String($0.dropFirst(7)) })
    }
  }

  @Test("patterns that blow up")
  func patterns() {
    #expect(
      remarks { $0.patterns = pattern("x(a+)+b") }
        == [
          "error: the pattern can take exponential time on 'xa' + 'a' × n + 'c'"
            + "; proof: 'x\(String(repeating: "a", count: 17))c xab', 23 bytes, on which a match "
            + "gives up"
        ]
    )
    #expect(
      remarks { $0.patterns = pattern("\\s*\\s*x", reach: 1000) }
        == [
          "warning: the pattern can take n^2 steps on ' ' + ' ' × n + 'a'"
            + "; none of the 2000 bytes over which the pattern is run made a match give up here, but "
            + "another text may"
        ]
    )
    let long = remarks { $0.patterns = pattern("\\s*\\s*x", reach: 60000) }
    #expect(long.count == 1)
    #expect(
      long.first?.hasPrefix(
        "error: the pattern can take n^2 steps on ' ' + ' ' × n + 'a'; proof: ' "
      ) ?? false
    )
    #expect(remarks { $0.patterns = pattern("\\s*\\s*x") } == [])
    // A quote among quotes of the other kind is written as it is.
    #expect(Lint.quoted("a\"b") == "'a\"b'")
    #expect(
      remarks { $0.patterns = pattern("(?R)?a") }
        == [
          "warning: the cost of the pattern cannot be told: recursion, whose cost cannot be bounded"
        ]
    )
  }
}

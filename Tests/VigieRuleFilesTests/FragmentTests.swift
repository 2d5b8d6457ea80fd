import Testing
import VigieRuleFiles
import VigieRulebook

/// A family file with one rule, and what its patterns are or which faults they have.
private enum Sample {
  /// A family with lines before `rules:` and the lines of `patterns:`.
  static func family(_ head: String, _ patterns: String, name: String = "xx") -> String {
    """
    family: \(name)
    title: Test
    scheme: xx
    sources: { LAW: "the law, §1" }
    \(head)
    rules:
      - id: \(name).hush
        title: Hush
        level: hush
        cites: LAW
        phrases: [hush hush]
        patterns:
    \(patterns)
        examples: { applied: ["⟦hush hush⟧"] }
    """
  }

  static func patterns(_ head: String, _ patterns: String) throws -> [Pattern] {
    let directory = try RuleDirectory(["markings/xx.yaml": family(head, patterns)])
    return try directory.load().rules.rules.flatMap(\.patterns)
  }

  static func faults(_ head: String, _ patterns: String) throws -> [String] {
    let directory = try RuleDirectory(["markings/xx.yaml": family(head, patterns)])
    return directory.faults().map { $0.replacing("markings/xx.yaml:", with: "") }
  }
}

@Suite("Fragments and frames")
struct FragmentTests {
  @Test("a fragment is filled in letter for letter, in patterns and in other fragments")
  func filling() throws {
    let patterns = try Sample.patterns(
      """
      fragments:
        behind: '%{edge}(?!\\d)'
        edge: '(?!\\pL)'
        paper: [notes?, 'fiches?|plis?', CR]
        icons: '\\x{26A0}\\x{1F512}'
      """,
      """
            - { regex: '(?i:%{paper}|plans?)\\h\\KHUSH%{behind}', anchors: [HUSH], reach: 40 }
            - 'HUSH[%{icons}]%{edge}'
            - '(?i)%{paper}|hushes'
      """
    )
    #expect(
      patterns.map(\.regex.value) == [
        #"(?i:notes?|fiches?|plis?|CR|plans?)\h\KHUSH(?!\pL)(?!\d)"#,
        #"HUSH[\x{26A0}\x{1F512}](?!\pL)"#,
        "(?i)notes?|fiches?|plis?|CR|hushes",
      ]
    )
    #expect(patterns[0].anchors == ["HUSH"])
    #expect(patterns[0].reach == 40)
  }

  @Test("what PCRE2 reads as letters is no reference")
  func letters() throws {
    let regexes = [
      #"hush%\{edge}"#, #"hush\%{edge}"#, #"hush\Q%{edge}\E"#, "hush%{1,2}", "hush[%{]",
      #"hush\\%{edge}"#,
    ]
    let patterns = try Sample.patterns(
      "fragments: { edge: '(?!x)' }",
      regexes.map { "        - '\($0)'" }.joined(separator: "\n")
    )
    #expect(patterns.map(\.regex.value) == Array(regexes.dropLast()) + [#"hush\\(?!x)"#])
  }

  @Test("a frame becomes one pattern for each mark, in order, with the mark as anchor")
  func frames() throws {
    let patterns = try Sample.patterns(
      """
      fragments: { paper: [note, pli] }
      frames:
        marked: { regex: '(?:%{paper})\\h\\K%{mark}%{edge}', reach: 48 }
        beside: { regex: '%{mark}/(?:%{others})' }
      """,
      """
            - { frames: [marked, beside], marks: [HU, H.U], fills: { edge: '(?!-)', others: 'SH|%{paper}' } }
            - { frames: beside, marks: "Ö HUSH", fills: { others: SH }, reach: 20 }
            - { frames: beside, marks: Q, fills: { others: SH }, anchors: [SH] }
      """
    )
    #expect(
      patterns.map(\.regex.value) == [
        #"(?:note|pli)\h\KHU(?!-)"#, #"(?:note|pli)\h\KH\.U(?!-)"#,
        "HU/(?:SH|note|pli)", #"H\.U/(?:SH|note|pli)"#, "Ö HUSH/(?:SH)", "Q/(?:SH)",
      ]
    )
    #expect(patterns.map(\.anchors) == [["HU"], ["H.U"], ["HU"], ["H.U"], ["HUSH"], ["SH"]])
    #expect(patterns.map(\.reach) == [48, 48, 128, 128, 20, 128])
  }

  /// A head, patterns, and the faults they must give; the first pattern is at line 13 where the head has one line.
  static let faults: [(String, String, [String])] = [
    (
      "fragments: { paper: note }", "        - '%{papers} hush %{paper}'",
      ["13:11: there is no fragment 'papers' → did you mean 'paper'?"]
    ),
    (
      "fragments: { paper: note }", "        - 'hush'",
      [
        "5:14: no pattern uses the fragment 'paper' → write %{paper} where it is meant, or remove it"
      ]
    ),
    (
      "fragments: { a: 'x%{b}', b: 'y%{a}' }", "        - 'hush %{a}'",
      ["5:29: the fragment 'a' holds itself: a → b → a → write out what one of them means"]
    ),
    (
      "fragments: { mark: note }", "        - 'hush'",
      [
        "5:14: 'mark' is what frames call the short form → use small letters a-z, digits, '-' and '.' only, a letter first; not mark"
      ]
    ),
    (
      "fragments: { Paper: note }", "        - 'hush'",
      [
        "5:14: 'Paper' is not a name of a fragment → use small letters a-z, digits, '-' and '.' only, a letter first; not mark"
      ]
    ),
    (
      "fragments: { paper: [note, pli] }", "        - 'hush %{paper}'",
      ["13:11: 'paper' is a choice, and stands beside something → write (?:%{paper})"]
    ),
    (
      "fragments: { paper: note }", "        - 'hush (?:%{paper}?)'",
      ["13:11: 'paper' is repeated, and only its last sign would be → write (?:%{paper})"]
    ),
    (
      "", "        - 'hush %{Paper}'",
      [
        "13:11: '%{' begins a reference, and no name and '}' follow → write %{name} with the name of a fragment, or %\\{ for the two signs themselves"
      ]
    ),
    (
      "", "        - 'hush %{mark}'",
      ["13:11: %{mark} stands outside a frame → write the short form, or make it a frame"]
    ),
    (
      "fragments: { a: '(', b: '%{a}' }", "        - 'hush %{b}'",
      [
        "5:17: the pattern is no regular expression: missing closing parenthesis, at its byte 1 → correct it; the syntax is that of PCRE2 (pcre2pattern)"
      ]
    ),
    (
      "frames: { f: { regex: '%{mark}' } }", "        - { frames: beside, marks: HUSH }",
      [
        "13:21: there is no frame 'beside' → add it to frames: of this file"
      ]
    ),
    (
      "frames: { f: { regex: '%{mark}' } }", "        - 'hush'",
      ["5:11: no rule uses the frame 'f' → name it under frames: of a pattern, or remove it"]
    ),
    (
      "frames: { f: { regex: 'hush' } }", "        - { frames: f, marks: HUSH }",
      ["5:23: the frame 'f' has no %{mark} → write %{mark} where the short form stands"]
    ),
    (
      "frames: { f: { regex: '%{mark}' } }",
      "        - { frames: f, marks: HUSH, fills: { edge: x } }",
      ["13:46: none of the frames has %{edge} → remove it"]
    ),
    (
      "frames: { f: { regex: '%{mark}%{edge}' } }", "        - { frames: f, marks: HUSH }",
      [
        "5:23: there is no fragment 'edge' → add it to fragments:, or write %\\{ for the two signs themselves"
      ]
    ),
    (
      "frames: { f: { regex: '%{mark}' } }", "        - { frames: f }",
      [
        "13:11: the frames have no short form to be wanted for → add marks: to the pattern, such as marks: [DR]"
      ]
    ),
    (
      "frames: { f: { regex: '%{mark}' } }",
      "        - { frames: f, marks: HUSH, regex: hush }",
      ["13:44: the pattern names frames and regex: as well → make it two entries of patterns:"]
    ),
    (
      "", "        - { regex: hush, marks: HUSH }",
      [
        "13:33: marks: fills in frames, and the pattern names none → add frames: with their names, or remove marks:"
      ]
    ),
    (
      "", "        - { anchors: hush }",
      [
        "13:11: the key 'regex' is missing in a pattern → add regex: PCRE2 expression, or frames: with marks:"
      ]
    ),
  ]

  @Test("a slip is told with its place and its mend", arguments: faults)
  func slips(head: String, patterns: String, expected: [String]) throws {
    #expect(try Sample.faults(head, patterns) == expected)
  }

  @Test("fragments that multiply are stopped at a bound")
  func bound() throws {
    let doubling = (1...40).map { "  f\($0): '%{f\($0 - 1)}%{f\($0 - 1)}'" }.joined(separator: "\n")
    let faults = try Sample.faults(
      "fragments:\n  f0: hush\n" + doubling,
      "        - '%{f40}'"
    )
    #expect(
      faults == [
        "18:8: with 'f11' filled in, the expression has more than 8192 bytes → write it more simply, or as several patterns"
      ]
    )
  }

  @Test("fragments stand in one another only so deep")
  func depth() throws {
    let chain = (1...100).map { "  f\($0): 'x%{f\($0 - 1)}'" }.joined(separator: "\n")
    let faults = try Sample.faults(
      "fragments:\n  f0: hush\n" + chain,
      "        - '%{f100}'"
    )
    #expect(
      faults == [
        "43:8: more than 64 fragments stand in one another → write out what some of them mean"
      ]
    )
  }

  @Test("one entry stands for so many patterns and no more")
  func framedCount() throws {
    let marks = (1...257).map { "HUSH\($0)" }.joined(separator: ", ")
    #expect(
      try Sample.faults(
        "frames: { f: { regex: '%{mark}' } }",
        "        - { frames: f, marks: [\(marks)] }"
      ) == ["13:11: the frames and marks make more than 256 patterns → name fewer of them"]
    )
  }

  @Test("entries of a choice that clash with one another are told of the choice")
  func clash() throws {
    #expect(
      try Sample.faults(
        "fragments: { twice: ['(?<n>a)', '(?<n>b)'] }",
        "        - 'hush (?:%{twice})'"
      ) == [
        "5:14: the pattern is no regular expression: two named subpatterns have the same name (PCRE2_DUPNAMES not set), at its byte 13 → correct it; the syntax is that of PCRE2 (pcre2pattern)"
      ]
    )
  }

  @Test("fragments hold in their own file alone")
  func otherFiles() throws {
    let shipped = try RuleDirectory([
      "markings/xx.yaml": Sample.family("fragments: { paper: note }", "        - 'hush %{paper}'")
    ])
    let site = try RuleDirectory(
      ["markings/yy.yaml": Sample.family("", "        - 'hush %{paper}'", name: "yy")],
      minimal: false
    )
    #expect(
      shipped.faults(sites: [site]) == [
        "markings/yy.yaml:13:11: the fragment 'paper' is one of markings/xx.yaml, and holds in that file alone → write it under fragments: of this file as well"
      ]
    )
  }

  @Test("the caret points at the reference, and PCRE2's faults at what was written")
  func carets() throws {
    let unknown = Sample.family("fragments: { a: '(?!x)' }", "        - 'hush %{a} %{b}'")
    let directory = try RuleDirectory(["markings/xx.yaml": unknown])
    let faults = try #require(throws: RuleFaults.self) { try directory.load() }
    let page = try #require(faults.faults.first).describe(in: unknown)
    #expect(
      page.hasSuffix(
        """
        :13:22: there is no fragment 'b'
          13 |         - 'hush %{a} %{b}'
             |                      ^
          mend: did you mean 'a'?
        """
      ),
      "\(page)"
    )
    // Behind the fragment, and within it.
    for (text, reason, offset) in [
      ("hush %{a}(", "missing closing parenthesis, at its byte 10", 10),
      ("hush [%{a}z-b]", "range out of order in character class, at its byte 12", 12),
      (
        "hush [z-%{a}]",
        "range out of order in character class, at its byte 8, in its fragment 'a'", 8
      ),
    ] {
      let loaded = try Sample.patterns("fragments: { a: '(?!x)' }", "        - '\(text)'")
      let fault = try #require(loaded.first?.faultOfExpression)
      #expect(fault.reason == "the pattern is no regular expression: " + reason)
      #expect(fault.offset == offset)
    }
  }
}

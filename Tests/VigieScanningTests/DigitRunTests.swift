import Testing
import TestSupport
import VigieCore
import VigiePatterns
import VigieRulebook
import VigieScanning

/// Runs of digits are met wherever they stand, and nothing is run over other numbers.
@Suite("Runs of digits")
struct DigitRunTests {
  private static let grouped =
    "(?<![0-9])[0-9]{3}(?:[ .-]|\\x{A0}|\\x{202F})?[0-9]{3}(?:[ .-]|\\x{A0}|\\x{202F})?[0-9]{3}(?![0-9])"
  private static let pairs =
    "(?<![0-9])0[1-9](?:(?:[ .-]|\\x{A0}|\\x{202F}|\\x{2011})?[0-9]{2}){4}(?![0-9])"
  private static let led = "(?<![A-Z])FR[ ]?[0-9]{2}(?:[ ]?[0-9A-Z]){9}(?![0-9A-Z])"

  private static func rules() throws -> CompiledRules {
    try TestRules.compiled(
      [(grouped, 9), (pairs, 10), (led, 7)].enumerated().map { number, pattern in
        TestRules.rule(
          "xx.n\(number)",
          patterns: [
            Pattern(regex: TestRules.at(pattern.0), digits: pattern.1)
          ],
          kind: .identifier
        )
      }
    )
  }

  /// Digits in a row, with one separator at most between two: counted scalar by scalar.
  private static func runs(_ text: String) -> [(range: Range<Int>, count: Int)] {
    let separators = Set<Unicode.Scalar>(" .-\u{A0}\u{2009}\u{202F}‐‑‒–—―".unicodeScalars)
    let scalars = Array(text.unicodeScalars)
    var offsets = [0]
    for scalar in scalars { offsets.append(offsets[offsets.count - 1] + String(scalar).utf8.count) }
    func isDigit(_ place: Int) -> Bool {
      guard scalars.indices.contains(place) else { return false }
      if ("0"..."9").contains(scalars[place]) { return true }
      return "AaBb".unicodeScalars.contains(scalars[place]) && place > 0
        && scalars[place - 1] == "2"
    }
    var found: [(range: Range<Int>, count: Int)] = []
    var place = 0
    while place < scalars.count {
      guard isDigit(place) else {
        place += 1
        continue
      }
      var last = place
      var count = 1
      while true {
        if isDigit(last + 1) {
          last += 1
        } else if last + 1 < scalars.count, separators.contains(scalars[last + 1]),
          isDigit(last + 2)
        {
          last += 2
        } else {
          break
        }
        count += 1
      }
      found.append((offsets[place]..<offsets[last + 1], count))
      place = last + 1
    }
    return found
  }

  @Test("in a run of more digits than the pattern takes there is no match")
  func mostDigits() throws {
    for (most, counts) in [(0, [1, 1]), (9, [1, 0]), (11, [1, 1])] {
      let pattern = Pattern(regex: TestRules.at("[0-9]{9}"), digits: 9, mostDigits: most)
      let rules = try TestRules.compiled([
        TestRules.rule("xx.n", patterns: [pattern], kind: .identifier)
      ])
      var sweep = Sweep(rules)
      for (text, count) in zip(["n 123456789", "n 12 345678901"], counts) {
        sweep.run(Array(text.utf8).span, role: .body)
        #expect(sweep.matches.count == count, "\(most) \(text)")
      }
    }
  }

  @Test("in a run of whatever length the patterns that take so many digits are run")
  func counts() throws {
    let bounds = [(9, 0), (9, 40), (30, 30), (60, 64), (60, 80), (70, 0), (65, 65)]
    let rules = try TestRules.compiled(
      bounds.enumerated().map { number, bound in
        TestRules.rule(
          "xx.n\(number)",
          patterns: [
            Pattern(regex: TestRules.at("[0-9]{9}"), digits: bound.0, mostDigits: bound.1)
          ],
          kind: .identifier
        )
      }
    )
    var sweep = Sweep(rules)
    for count in 1...100 {
      sweep.run(Array(("n " + String(repeating: "1", count: count)).utf8).span, role: .body)
      let expected = bounds.indices.filter {
        count >= bounds[$0].0 && (bounds[$0].1 == 0 || count <= bounds[$0].1)
      }
      #expect(Set(sweep.matches.map(\.rule)) == Set(expected), "\(count)")
    }
  }

  /// The matches of a pattern anywhere: the whole text is searched, without any gate.
  private static func reference(_ regex: String, _ text: String) throws -> [Range<Int>] {
    let expression = try Expression(regex)
    let matcher = ExpressionMatcher()
    let bytes = Array(text.utf8)
    var found: [Range<Int>] = []
    var from = 0
    while from <= bytes.count,
      let match = try matcher.firstMatch(
        of: expression,
        in: bytes.span,
        starting: from...bytes.count,
        startsLine: true,
        endsLine: true
      )
    {
      found.append(match)
      from = max(match.upperBound, from + 1)
    }
    return found
  }

  private static let pieces: [String] = [
    "732", "829", "320", "0", "7", "12", "45", "2A", "2b", "06", "47", "82", "15", "93", "2024",
    "732829320", "FR", "A", "é", " ", "  ", ".", "-", "\u{A0}", "\u{202F}", "\u{2011}", "\u{2009}",
    ",", ":", "\n", "mot", "🙂", "\u{200B}", "x", "0647821593", "FR44 732829320", "FR447328293AB",
  ]

  @Test("the same matches as without a gate, in random texts of digits and separators")
  func agreement() throws {
    let rules = try DigitRunTests.rules()
    var sweep = Sweep(rules)
    var generator = SeededGenerator(seed: 9)
    var matched = 0
    for _ in 0..<4_000 {
      let count = Int.random(in: 1...14, using: &generator)
      let text = (0..<count).map { _ in generator.pick(DigitRunTests.pieces) }.joined()
      sweep.run(Array(text.utf8).span, role: .body)
      let runs = DigitRunTests.runs(text)
      for (rule, pattern) in [DigitRunTests.grouped, DigitRunTests.pairs, DigitRunTests.led]
        .enumerated()
      {
        let least = rules.patterns[rule].source.digits
        // A match of which no run has so many digits is none: that is what `digits` says.
        let expected = try DigitRunTests.reference(pattern, text).filter { match in
          runs.contains { $0.count >= least && $0.range.overlaps(match) }
        }
        let found = sweep.matches.filter { $0.rule == rule }.map(\.range)
        if Set(found) != Set(expected) {
          Issue.record("\(text.debugDescription) \(rule): \(found), not \(expected)")
        }
        matched += expected.count
      }
    }
    #expect(matched > 1_000)
  }

  @Test("whatever the place, the separator and the edge")
  func places() throws {
    let rules = try DigitRunTests.rules()
    var sweep = Sweep(rules)
    let separators = ["", " ", ".", "-", "\u{A0}", "\u{202F}"]
    for separator in separators {
      let number = ["732", "829", "320"].joined(separator: separator)
      for before in ["", "a", "ab", "é", "é ", "🙂", "\u{A0}", "\u{202F} ", "xx ", "\u{200B}"] {
        for after in ["", " ", "a", "\n", "é", ",", "\u{A0}x"] {
          let text = before + number + after
          sweep.run(Array(text.utf8).span, role: .body)
          let start = before.utf8.count
          #expect(
            sweep.matches.map(\.range) == [start..<(start + number.utf8.count)],
            "\(text.debugDescription)"
          )
        }
      }
    }
  }

  @Test("at the edges of windows and far in, each once")
  func windows() throws {
    let rules = try DigitRunTests.rules()
    let scanner = Scanner(rules, window: (count: 4_096, overlap: 1_024))
    let number = "732 829 320"
    for place in [0, 4_090, 4_096, 3_072, 8_190, 100_000] {
      // The signs make that the text is decoded as well, window by window.
      let filler = String(repeating: "mot &amp; **x** %41 ", count: 6_000)
      let text = String(filler.prefix(place)) + " " + number + " " + String(filler.suffix(300))
      scanner.scan(Array(text.utf8).span, role: .body)
      let found = scanner.judgements.filter { $0.isLikely && $0.coveredBy == nil }.map(\.range)
      #expect(found == [(place + 1)..<(place + 1 + number.utf8.count)], "\(place)")
    }
  }

  @Test(
    "a number is found once, as it is written, in other digits, in an encoding and in the text of a page"
  )
  func plainView() throws {
    let rules = try DigitRunTests.rules()
    let scanner = Scanner(rules)
    func places(_ text: String, _ role: Role) -> Int {
      scanner.scan(Array(text.utf8).span, role: role)
      return scanner.judgements.filter { $0.isLikely && $0.coveredBy == nil }.count
    }
    #expect(places("%37%33%32%38%32%39%33%32%30", .body) == 1)
    #expect(places("７３２８２９３２０", .body) == 1)
    #expect(places("732\u{200B}829\u{200B}320", .body) == 1)
    #expect(places("T32829320", .body) == 0)
    #expect(places("732829320 &amp; x", .body) == 1)
    #expect(places("<p>732&nbsp;829&nbsp;320</p>", .html) == 1)
    #expect(places("<p>73<b>2829</b>320</p>", .html) == 1)
  }

  @Test("ordinary numbers run nothing, and a flood of digits takes no time")
  func cost() throws {
    let rules = try DigitRunTests.rules()
    var sweep = Sweep(rules)
    for text in [
      "le 12.05.2024 à 10:30", "v1.2.3", "192.168.10.4", "1 234,50 €", "12345678", "3-2",
    ] {
      sweep.run(Array(text.utf8).span, role: .body)
      #expect(sweep.matches.isEmpty)
    }
    let flood = Array(String(repeating: "0123456789", count: 200_000).utf8)
    let time = ContinuousClock().measure { sweep.run(flood.span, role: .body) }
    #expect(sweep.matches.isEmpty)
    #expect(time < .seconds(10))
    let pairs = Array(String(repeating: "73 ", count: 400_000).utf8)
    #expect(ContinuousClock().measure { sweep.run(pairs.span, role: .body) } < .seconds(10))
  }
}

import Testing
import VigiePatterns

/// Matches an expression in a text, from its start unless told otherwise.
private func match(
  _ regex: String,
  _ text: [UInt8],
  _ starts: ClosedRange<Int>? = nil,
  startsLine: Bool = true,
  endsLine: Bool = true
) throws -> Range<Int>? {
  let expression = try Expression(regex)
  return try ExpressionMatcher().firstMatch(
    of: expression,
    in: text.span,
    starting: starts ?? 0...text.count,
    startsLine: startsLine,
    endsLine: endsLine
  )
}

private func match(_ regex: String, _ text: String) throws -> Range<Int>? {
  try match(regex, Array(text.utf8))
}

@Suite("Expressions")
struct ExpressionTests {
  @Test(
    "a wrong expression is refused at its byte",
    arguments: [
      ("a(b", 3), ("é[z-a]", 5), ("*a", 0), ("(?<n>a)(?<n>b)", 12), ("\\C", 2),
    ]
  )
  func faults(_ regex: String, _ offset: Int) {
    let fault = #expect(throws: ExpressionFault.self) { try Expression(regex) }
    #expect(fault?.offset == offset, "\(fault?.reason ?? "")")
    #expect(fault?.reason.isEmpty == false)
  }

  @Test("UTF-8 and Unicode properties")
  func unicode() throws {
    #expect(try match("\\p{Lu}\\w+", "un Élève") == 3..<10)
    #expect(try match("(?i)élève", "ÉLÈVE") == 0..<7)
    #expect(try match("^.$", "é") == 0..<2)
    #expect(try match("x", "") == nil)
    #expect(try match("", "") == 0..<0)
    #expect(try match("", "abc") == 0..<0)
  }

  @Test("a match does not cross malformed bytes, and is found at its place after them")
  func malformed() throws {
    let text: [UInt8] = [0x61, 0xFF, 0x62, 0xC3, 0x63, 0x64, 0xE2, 0x82]
    #expect(try match("a.b", text) == nil)
    #expect(try match("cd", text) == 4..<6)
    #expect(try match("b", text) == 2..<3)
    #expect(try match("d$", text) == nil)
    // Surrogates and overlong forms are malformed too.
    #expect(try match("(?s)x.*y", [0x78, 0xED, 0xA0, 0x80, 0x79]) == nil)
    #expect(try match("(?s)x.*y", [0x78, 0xC0, 0xAF, 0x79]) == nil)
  }

  @Test("\\K moves the start of the span")
  func keepOut() throws {
    #expect(try match("document \\KDR", "document DR") == 9..<11)
    #expect(try match("a\\Kb\\Kc", "xabc") == 3..<4)
  }

  @Test("look-behind sees what stands before the place where a match may start")
  func lookBehind() throws {
    let text = Array("xDR DR".utf8)
    #expect(try match("(?<![\\p{L}])DR", text, 1...6) == 4..<6)
    #expect(try match("(?<![\\p{L}])DR", text, 1...1) == nil)
    #expect(try match("(?<=x)DR", text, 1...1) == 1..<3)
    #expect(try match("\\bDR", text, 1...6) == 4..<6)
    #expect(try match("(?<=é)DR", Array("éDR".utf8), 2...2) == 2..<4)
  }

  @Test("no match starts beyond the last place, whatever stands there")
  func offsetLimit() throws {
    let text = Array("aa DR DR".utf8)
    #expect(try match("DR", text, 0...2) == nil)
    #expect(try match("DR", text, 0...3) == 3..<5)
    #expect(try match("DR", text, 4...5) == nil)
    #expect(try match("DR", text, 4...6) == 6..<8)
    // The match may go on beyond it.
    #expect(try match("a.*", text, 0...0) == 0..<8)
    #expect(try match("$", text, 8...8) == 8..<8)
  }

  @Test("a window's edge is a line's edge only where it is told so")
  func lineEdges() throws {
    let text = Array("DR".utf8)
    #expect(try match("^DR", text, startsLine: false) == nil)
    #expect(try match("(?m)^DR", text, startsLine: false) == nil)
    #expect(try match("^DR", text) == 0..<2)
    #expect(try match("DR$", text, endsLine: false) == nil)
    #expect(try match("(?m)DR$", text, endsLine: false) == nil)
    #expect(try match("DR$", text) == 0..<2)
    let lines = Array("a\nDR\nb".utf8)
    #expect(try match("(?m)^DR$", lines, startsLine: false, endsLine: false) == 2..<4)
  }

  @Test(
    "a pattern over its limits is a failure, never no match",
    arguments: [
      ("(a+)+$", String(repeating: "a", count: 40) + "!"),
      ("^(a|aa)+$", String(repeating: "a", count: 60) + "!"),
      ("(x+x+)+y", String(repeating: "x", count: 60) + "zy"),
      ("(?:\\D+|<\\d+>)*[!?]", String(repeating: "foobar ", count: 10)),
    ]
  )
  func limits(_ regex: String, _ text: String) {
    #expect(throws: MatchFailure.matchLimit) { try match(regex, text) }
  }

  @Test("running out of stack is a failure, never no match")
  func stack() {
    let text = String(repeating: "ab", count: 60_000) + "!"
    #expect(throws: MatchFailure.self) { try match("^(?:(a)|(b))+$", text) }
    #expect(throws: MatchFailure.self) {
      try match("^(\\((?:[^()]|(?1))*\\))$", String(repeating: "(", count: 60_000) + ")")
    }
  }

  @Test("a matcher that failed goes on to match")
  func afterFailure() throws {
    let matcher = ExpressionMatcher()
    let bad = try Expression("(a+)+$")
    let good = try Expression("DR")
    func match(_ expression: Expression, _ text: String) throws -> Range<Int>? {
      let bytes = Array(text.utf8)
      return try matcher.firstMatch(
        of: expression,
        in: bytes.span,
        starting: 0...bytes.count,
        startsLine: true,
        endsLine: true
      )
    }
    for _ in 0..<3 {
      #expect(throws: MatchFailure.matchLimit) {
        try match(bad, String(repeating: "a", count: 40) + "!")
      }
      #expect(try match(good, "x DR") == 2..<4)
    }
  }

  @Test("one expression serves many threads")
  func threads() async throws {
    let expression = try Expression("(?i)diffusion\\h+restreinte")
    let results = await withTaskGroup(of: [Range<Int>?].self) { group in
      for thread in 0..<8 {
        group.addTask {
          let matcher = ExpressionMatcher()
          let text = Array((String(repeating: "é", count: thread) + "Diffusion  restreinte").utf8)
          return (0..<200).map { _ in
            try? matcher.firstMatch(
              of: expression,
              in: text.span,
              starting: 0...text.count,
              startsLine: true,
              endsLine: true
            )
          }
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(results.count == 8)
    for found in results {
      #expect(Set(found).count == 1)
      #expect(found.first??.count == 21)
    }
  }
}

import Testing
import VigieRulebook

@Suite("Cost of expressions")
struct RegexCostTests {
  static let exponentials = [
    "(a+)+b", "(a*)*b", "(a|a)*b", "(a|aa)+b", "(?:\\w+\\s?)+$", "([a-z]+)*\\d", "(.*)*x",
    "(?i)(?:A|a)+!", "(?:[ab]|[bc])*z", "(?:a{1,40}){1,40}b", "x(?=(?:a+)+b)", "(?:\\d+|\\d+\\.)+x",
    "(?:(?:a?b?)+)+c", "((a+)(b+)?)+c", "(?<n>é+)+z", "(?x) ( a + ) + b", "(?>(a+)+b)c",
    "(?:[A-Z]{1,10} ?){1,6}x", "(?s:.+)+z", "(?:ab|a|b)+c", "(\\p{L}+)*\\p{N}", "(?:[^x]|\\s)*x",
    "\\Qa\\E(?:b|b)*c", "(?:a+b?)+$", "(?:(a+)+b)++c", "^(([a-z])+.)+[A-Z]([a-z])+$",
  ]
  static let polynomials: [(regex: String, degree: Int)] = [
    ("\\s*\\s*x", 2), ("a*a*a*b", 3), ("\\w+\\w+x", 2), (".*foo.*bar", 2), ("\\d+[0-9a-f]+!", 2),
    ("(?:ab)*(?:ab)*c", 2), ("\\s+\\n*\\s+x", 3), ("[ \\t]+(?:en )?[ \\t]*x", 2),
    ("a{2,}a{3,}b", 2), ("a{0,200}a{0,200}b", 2),
  ]
  static let boundeds = [
    "", "abc", "a+b+c+", "(?:ab)+c", "(?:a+b)+c", "\\s*x\\s*y", "(?:\\w+\\s)+x", "(?:a++)+b",
    "(?:\\w++\\s?)+x", "(?>a+)a+b", "(?:ab|a|b)++c", "(?>(?:a|a)+)b", "(?:(?:ab)++)+c",
    "a{1,4}a{1,4}b", "\\s{0,3}\\s{0,3}x", "(?:[a-m]|[n-z])*1",
    "(?:foo|foobar)+x", "[^a]*a[^a]*a", "(?<![\\p{L}\\p{N}])DR ?[-–—/] ?SF(?![\\p{L}\\p{N}])",
    "(?:\\d{1,3}\\.){3}\\d{1,3}", "[[:alpha:]]+[[:digit:]]+", "a(?#(a+)b", "[(a+)+]", "\\(a+\\)+",
    "(?i:classifi\\S{1,4}|marqu\\S{1,4})[ \\t]+DR", "(?:a|b|c)*d", "(a?){3}b", "\\R+x", "a(?i)B+c",
    "(?:[a-z]+[0-9]+)*x", "[\\w-]+@[\\w-]+x", "a|b|", "[]a]+b", "[^]a]+]", "x{,3}y", "a{b}",
  ]

  @Test("exponential", arguments: exponentials)
  func exponential(regex: String) throws {
    guard case .hazard(let hazard) = RegexCost.of(regex) else {
      Issue.record("\(RegexCost.of(regex))")
      return
    }
    #expect(hazard.growth == .exponential)
    #expect(!hazard.pump.isEmpty)
  }

  @Test("polynomial", arguments: polynomials)
  func polynomial(regex: String, degree: Int) {
    guard case .hazard(let hazard) = RegexCost.of(regex) else {
      Issue.record("\(RegexCost.of(regex))")
      return
    }
    #expect(hazard.growth == .polynomial(degree: degree))
    #expect(!hazard.pump.isEmpty)
  }

  @Test("bounded", arguments: boundeds)
  func bounded(regex: String) {
    #expect(RegexCost.of(regex) == .bounded)
  }

  @Test(
    "what cannot be told is said",
    arguments: ["(a(?R)?b)", "(a(?1)?b)", "(?(1)a|b)", "(?:a", "[a", "a)", "\\g<1>", "(?-1)"]
  )
  func unknown(regex: String) {
    guard case .unknown(let reason) = RegexCost.of(regex) else {
      Issue.record("\(RegexCost.of(regex))")
      return
    }
    #expect(!reason.isEmpty)
  }

  @Test("an attack leads in, pumps and fails")
  func attack() {
    #expect(
      RegexCost.of("x(a+)+b")
        == .hazard(RegexHazard(growth: .exponential, prefix: "xa", pump: "a", suffix: "c"))
    )
    let hazard = RegexHazard(growth: .exponential, prefix: "x", pump: "ab", suffix: "!")
    #expect(hazard.attack(pumps: 3) == "xababab!")
  }

  @Test("no text, however long or odd, makes the analysis fail or hang")
  func hostile() {
    let pieces = [
      "(", ")", "[", "]", "a", "\\", "{", "}", "1,", "*", "+", "?", "|", "^", "-", "(?", ":", "<",
      "=", "!", "p{L}", "[:alpha:]", "é", "(?i)", "Q", "E", "x{", "\u{0}", "#", " ", "(?x)", ">",
    ]
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<2000 {
      let count = Int.random(in: 1...12, using: &generator)
      let regex = (0..<count).map { _ in pieces.randomElement() ?? "" }.joined()
      _ = RegexCost.of(regex)
    }
    for regex in [
      String(repeating: "(", count: 10_000), String(repeating: "a?", count: 5_000),
      String(repeating: "a*", count: 300), String(repeating: "a?", count: 500),
      String(repeating: "(?:a|", count: 240) + String(repeating: ")*", count: 240),
    ] {
      _ = RegexCost.of(regex)
    }
  }
}

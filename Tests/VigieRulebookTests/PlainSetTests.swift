import Testing
import VigiePatterns

@testable import VigieRulebook

@Suite("What the parser knows of ASCII")
struct PlainSetTests {
  @Test(
    "classes hold the bytes that PCRE2 takes",
    arguments: [
      "\\d", "\\w", "\\s", "\\h", "\\v", "\\D", "\\W", "\\S", "\\H", "\\V", "\\p{L}", "\\p{Lu}",
      "\\p{Ll}", "\\p{Lt}", "\\p{N}", "\\p{Nd}", "\\p{No}", "\\p{M}", "\\p{Z}", "\\p{Zs}", "\\p{P}",
      "\\p{Po}",
      "\\p{Ps}", "\\p{Pe}", "\\p{Pd}", "\\p{S}", "\\p{So}", "\\p{Xan}", "\\p{Xwd}", "\\p{Xsp}",
      "\\p{Xps}",
      "\\p{L&}", "\\p{Greek}", "\\p{Cyrillic}", "\\P{L}", "\\p{^P}", "[:alpha:]", "[:digit:]",
      "[:alnum:]",
      "[:upper:]", "[:lower:]", "[:space:]", "[:blank:]", "[:punct:]", "[:word:]", "[:xdigit:]",
      "[:cntrl:]",
      "[:print:]", "[:graph:]", "[:ascii:]", "[:^alpha:]", "a-f", "\\x{41}-Z_", "\\W_", "k",
      "\\]\\-",
    ]
  )
  func classes(_ members: String) throws {
    let matcher = ExpressionMatcher()
    let namesCase = ["\\p{Lu}", "\\p{Ll}", "\\p{Lt}", "[:upper:]", "[:lower:]"].contains(members)
    for regex in ["[\(members)]", "[^\(members)]", "(?i)[\(members)]", "(?i)[^\(members)]"] {
      let node = try RegexParser.parse(regex)[0]
      guard case .sequence(let items) = node, let item = items.last, case .set(let set) = item
      else {
        Issue.record("\(regex) is no set")
        continue
      }
      let expression = try Expression(regex)
      for byte in UInt8(0)..<0x80 {
        let text = [byte]
        let match = try matcher.firstMatch(
          of: expression,
          in: text.span,
          starting: 0...0,
          startsLine: true,
          endsLine: true
        )
        let holds = set.contains(UInt32(byte))
        // What letters of one case are where case does not count hangs on the release of PCRE2: all of them are allowed.
        if regex.hasPrefix("(?i)"), holds, namesCase { continue }
        if (match != nil) != holds {
          Issue.record("\(regex) and the byte \(byte)")
        }
      }
    }
  }

  @Test("what is not known may be anything, and so may what it is not")
  func unknown() throws {
    for regex in ["\\p{Foo}", "\\P{Foo}", "[\\p{Foo}]", "[^\\p{Foo}]", "[^a\\p{Foo}]"] {
      guard case .sequence(let items) = try RegexParser.parse(regex)[0],
        case .set(let set) = items[0]
      else {
        Issue.record("\(regex) is no set")
        continue
      }
      #expect(set == .all, "\(regex)")
    }
  }
}

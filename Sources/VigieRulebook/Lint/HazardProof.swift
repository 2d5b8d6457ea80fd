import VigiePatterns

extension RegexHazard {
  /// The shortest attack, of those with 2, 4, 8… pumps, that makes a match give up.
  ///
  /// - Parameters:
  ///   - regex: The expression it is about.
  ///   - byteCount: The longest text worth a try, UTF-8 bytes: what a pattern is ever run over.
  /// - Returns: The text, or `nil` where no such text makes it give up.
  func proof(against regex: String, within byteCount: Int) -> String? {
    guard let expression = try? Expression(regex), !pump.isEmpty else { return nil }
    let matcher = ExpressionMatcher()
    var pumps = 2
    while attack(pumps: pumps).utf8.count <= byteCount {
      for tail in ["", RegexHazard.tail(for: regex)] {
        let text = attack(pumps: pumps) + tail
        let bytes = Array(text.utf8)
        do throws(MatchFailure) {
          _ = try matcher.firstMatch(
            of: expression,
            in: bytes.span,
            starting: 0...bytes.count,
            startsLine: true,
            endsLine: true
          )
        } catch {
          return text
        }
      }
      pumps *= 2
    }
    return nil
  }

  /// The letters and digits of an expression, to stand behind an attack.
  ///
  /// PCRE2 gives up at once on a text that lacks a letter which every match holds; in a real one it
  /// stands somewhere behind.
  ///
  /// *Source:* pcre2api, "PCRE2_NO_START_OPTIMIZE".
  private static func tail(for regex: String) -> String {
    var seen: [Character] = []
    for character in regex where character.isASCII && (character.isLetter || character.isNumber) {
      if !seen.contains(character) { seen.append(character) }
    }
    return " " + String(seen)
  }
}

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
    while true {
      let text = attack(pumps: pumps)
      let bytes = Array(text.utf8)
      guard bytes.count <= byteCount else { return nil }
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
      pumps *= 2
    }
  }
}

import VigieCore

/// Short forms that match nothing, or everything.
extension Lint {
  /// Remarks on the short forms of a rule: they are sought byte by byte, as they are written.
  static func marks(_ rule: Rule) -> [LintRemark] {
    rule.marks.compactMap { mark in
      let letters = mark.value.utf8.count { (0x61...0x7A).contains($0 | 0x20) }
      let core = String(mark.value.drop(while: isEdge).reversed().drop(while: isEdge).reversed())
      if let edge = [mark.value.first, mark.value.last].compactMap(\.self).first(where: isEdge) {
        return remark(
          .error,
          rule,
          mark,
          "begins or ends with '\(edge)', so that nothing matches it",
          mend: core.isEmpty
            ? "write letters or digits"
            : "write '\(core)': what stands around a mark, such as brackets, slashes and hyphens, is looked "
              + "for without saying so"
        )
      }
      if letters + mark.value.utf8.count(where: isDigit) < 2 {
        return remark(
          .error,
          rule,
          mark,
          "is a single letter, which stands in brackets everywhere",
          mend: "make it a pattern, with what stands beside it"
        )
      }
      let capitals = mark.value.utf8.count { (0x41...0x5A).contains($0) }
      guard letters > 0, capitals == 0,
        !rule.marks.contains(where: { $0.value == mark.value.uppercased() })
      else { return nil }
      return remark(
        .warning,
        rule,
        mark,
        "is in small letters, and is found in these only",
        mend: "write it in capitals, as stamps are, or both"
      )
    }
  }

  /// Whether a mark that ends with it is never met: what stands around a mark in its position.
  private static func isEdge(_ character: Character) -> Bool {
    !character.isLetter && !character.isNumber
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  private static func remark(
    _ severity: LintRemark.Severity,
    _ rule: Rule,
    _ mark: Located<String>,
    _ what: String,
    mend: String
  ) -> LintRemark {
    LintRemark(
      severity,
      rule: rule.id,
      RuleFault(at: mark.position, "the short form '\(mark.value)' \(what)", mend: mend)
    )
  }
}

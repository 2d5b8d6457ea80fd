import VigieRulebook

/// The words and expressions of the rules, one a line, for engines that know no rules.
enum Export {
  /// Prints `kind TAB text`, with `\\`, line feeds and tabs of the text escaped.
  static func write(_ rules: CompiledRules) {
    for rule in rules.set.rules {
      for phrase in rule.phrases { line("phrase", phrase.value) }
      for mark in rule.marks { line("mark", mark.value) }
      for pattern in rule.patterns { line("pattern", pattern.regex.value) }
    }
    for target in rules.prefilter.anchorTargets {
      let asks = (target.isExact ? "exact" : "any") + (target.isWholeWord ? "-word" : "")
      line("anchor-" + asks, String(decoding: target.literal, as: UTF8.self))
    }
  }

  private static func line(_ kind: String, _ text: String) {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": escaped += "\\\\"
      case "\n": escaped += "\\n"
      case "\t": escaped += "\\t"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    print(kind, escaped, separator: "\t")
  }
}

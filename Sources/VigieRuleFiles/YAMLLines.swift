extension String {
  /// The text without the byte order mark at its start.
  ///
  /// *Source:* YAML 1.2.2, 5.2 (character encodings).
  var withoutByteOrderMark: String {
    unicodeScalars.first == "\u{FEFF}" ? String(unicodeScalars.dropFirst()) : self
  }

  /// The lines as libyaml counts them, without what ends them.
  ///
  /// Swift's characters are no help: `\r\n` is one of them, and no line feed.
  ///
  /// *Source:* YAML 1.1, 4.2 (line break characters).
  var yamlLines: [String] {
    var lines: [String] = []
    var line = UnicodeScalarView()
    var isAfterReturn = false
    for scalar in withoutByteOrderMark.unicodeScalars {
      defer { isAfterReturn = scalar == "\r" }
      switch scalar {
      case "\n" where isAfterReturn: continue
      case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}":
        lines.append(String(line))
        line = UnicodeScalarView()
      default: line.append(scalar)
      }
    }
    return lines + [String(line)]
  }
}

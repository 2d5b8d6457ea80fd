import Glibc

/// How text is laid out for a person: width, and colours where they are wanted.
package struct Terminal: Sendable {
  /// The columns of a line.
  package var width: Int
  /// Whether colours are written.
  package var isColoured: Bool
  /// Whether lines that grow with what they say end at ``width``: not in a file or a pipe, which people search.
  package var isCut = true

  /// A value from its parts.
  package init(width: Int = 100, isColoured: Bool = false) {
    self.width = width
    self.isColoured = isColoured
  }

  /// What stands behind a descriptor: its width, and colours only on a terminal without `NO_COLOR`.
  ///
  /// *Source:* no-color.org: any value but the empty one asks for no colour.
  package init(descriptor: CInt) {
    let isTerminal = isatty(descriptor) == 1
    var size = winsize()
    let status = unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size)
    let isSized = isTerminal && status == 0
    let columns = Terminal.environment("COLUMNS").flatMap { Int($0) }
    width = min(max(columns ?? (isSized && size.ws_col > 0 ? Int(size.ws_col) : 100), 60), 160)
    isCut = isTerminal || columns != nil
    let isDumb = Terminal.environment("TERM") == "dumb"
    isColoured = isTerminal && !isDumb && (Terminal.environment("NO_COLOR") ?? "").isEmpty
  }

  /// A variable of the environment, or `nil` where it is not set.
  package static func environment(_ name: String) -> String? {
    unsafe getenv(name).map { unsafe String(cString: $0) }
  }

  /// The styles in use.
  package enum Style: String, Sendable {
    case bold = "1"
    case dim = "2"
    case red = "1;31"
    case green = "32"
    case yellow = "33"
    case cyan = "36"
  }

  /// What empties the screen and puts the cursor at its top; nothing where there is no screen.
  ///
  /// *Source:* ECMA-48, ED and CUP; the 3 of ED, which drops what was scrolled off, is that of xterm.
  package var cleared: String { isColoured ? "\u{1B}[2J\u{1B}[3J\u{1B}[H" : "" }

  /// Text in a style, or as it is where colours are not wanted.
  package func styled(_ text: String, _ style: Style?) -> String {
    guard isColoured, let style else { return text }
    return "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m"
  }
}

extension Terminal {
  /// The columns a text takes: none for marks and ignorables, two for wide East Asian letters.
  ///
  /// *Source:* UAX #11 (East Asian Width), by the blocks that hold its wide letters.
  package static func columnCount(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { $0 + columnCount($1) }
  }

  private static func columnCount(_ scalar: Unicode.Scalar) -> Int {
    let value = scalar.value
    if value < 0x300 { return 1 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    let isWide =
      (0x1100...0x115F).contains(value) || (0x2E80...0xA4CF).contains(value)
      || (0xAC00...0xD7A3).contains(value) || (0xF900...0xFAFF).contains(value)
      || (0xFE30...0xFE6F).contains(value) || (0xFF01...0xFF60).contains(value)
      || (0x1F300...0x1FAFF).contains(value) || (0x20000...0x3FFFD).contains(value)
    return isWide ? 2 : 1
  }

  /// Text from outside made harmless: control and direction characters become `·`.
  package static func safe(_ text: String) -> String {
    // Most texts are harmless as they are.
    guard text.unicodeScalars.contains(where: isHarmful) else { return text }
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars { result.append(isHarmful(scalar) ? "·" : scalar) }
    return String(result)
  }

  private static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x20..<0x7F: return false
    // *Source:* The Unicode Standard 16.0, General_Category of the first blocks: controls, the soft hyphen.
    case 0..<0x300: return scalar.value < 0xA0 || scalar.value == 0xAD
    default: break
    }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse:
      return true
    default: return false
    }
  }

  /// Text in exactly so many columns: cut with `…`, or filled with spaces.
  package static func fit(_ text: String, _ width: Int, toRight: Bool = false) -> String {
    let count = columnCount(text)
    if count <= width {
      let fill = String(repeating: " ", count: width - count)
      return toRight ? fill + text : text + fill
    }
    var kept = String.UnicodeScalarView()
    var used = 0
    for scalar in text.unicodeScalars {
      let columns = columnCount(scalar)
      if used + columns > width - 1 { break }
      kept.append(scalar)
      used += columns
    }
    return String(kept) + "…" + String(repeating: " ", count: max(0, width - used - 1))
  }

  /// A text as a shell takes it for one word, harmless to a terminal.
  package static func quoted(_ text: String) -> String {
    let parts = text.split(separator: "'", omittingEmptySubsequences: false)
    return "'\(safe(parts.joined(separator: "'\\''")))'"
  }

  /// A number with a comma between thousands.
  package static func grouped(_ number: Int) -> String {
    let digits = Array(String(abs(number)).utf8)
    var text: [UInt8] = number < 0 ? [0x2D] : []
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text.append(0x2C) }
      text.append(digit)
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// A number of bytes in the unit that suits it.
  package static func size(_ byteCount: Int) -> String {
    let units = ["B", "kB", "MB", "GB", "TB"]
    var value = Double(byteCount)
    var unit = 0
    while value >= 1000, unit < units.count - 1 {
      value /= 1000
      unit += 1
    }
    return unit == 0 ? "\(byteCount) B" : "\(decimal(value, 1)) \(units[unit])"
  }

  /// A number with so many digits after the point.
  package static func decimal(_ value: Double, _ digitCount: Int) -> String {
    var scale = 1.0
    for _ in 0..<digitCount { scale *= 10 }
    let scaled = (value * scale).rounded()
    guard scaled.isFinite, abs(scaled) < 1e15 else { return "–" }
    let whole = Int(abs(scaled))
    let sign = scaled < 0 ? "-" : ""
    if digitCount == 0 { return sign + String(whole) }
    let digits = String(whole % Int(scale))
    let zeros = String(repeating: "0", count: digitCount - digits.count)
    return "\(sign)\(whole / Int(scale)).\(zeros)\(digits)"
  }

  /// A share of something as a percentage; `–` of nothing.
  package static func percent(_ part: Int, of whole: Int, digits: Int = 1) -> String {
    whole == 0 ? "–" : decimal(100 * Double(part) / Double(whole), digits) + " %"
  }

  /// `1 file`, `2 files`.
  package static func count(_ number: Int, _ one: String, _ many: String? = nil) -> String {
    "\(grouped(number)) \(number == 1 ? one : many ?? one + "s")"
  }
}

extension Terminal {
  /// Writes a line to standard error, after all that was printed before.
  package static func complain(_ text: String) {
    fflush(nil)
    let bytes = Array((text + "\n").utf8)
    _ = unsafe bytes.withUnsafeBytes { unsafe write(2, $0.baseAddress, $0.count) }
  }
}

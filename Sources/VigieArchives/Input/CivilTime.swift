/// A day and time as a calendar and a clock show them, with or without a zone.
struct CivilTime: Equatable {
  var year: Int
  var month: Int
  var day: Int
  var hour = 0
  var minute = 0
  var second = 0

  /// Whether calendar and clock know it; a leap second they do.
  var isValid: Bool {
    (0...9999).contains(year) && (1...12).contains(month)
      && (1...CivilTime.dayCount(year, month)).contains(day) && (0..<24).contains(hour)
      && (0..<60).contains(minute) && (0...60).contains(second)
  }

  private static func dayCount(_ year: Int, _ month: Int) -> Int {
    guard month == 2 else { return [4, 6, 9, 11].contains(month) ? 30 : 31 }
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
  }

  /// The time in the form of RFC 3339.
  ///
  /// - Parameter zone: `Z` or an offset; empty where the source does not say, so that the text
  ///   claims no zone.
  /// - Returns: The text, or `nil` where the time is not valid.
  func text(zone: String = "") -> String? {
    guard isValid else { return nil }
    func padded(_ value: Int, _ count: Int = 2) -> String {
      let digits = String(value)
      return String(repeating: "0", count: max(0, count - digits.count)) + digits
    }
    return "\(padded(year, 4))-\(padded(month))-\(padded(day))T\(padded(hour)):\(padded(minute)):"
      + padded(second) + zone
  }
}

/// The time that a text in the form of ISO 8601 says, in the form of RFC 3339; without a zone where
/// it has none, `nil` where it is no such time.
func isoTime(_ text: String) -> String? {
  var scan = DigitScan(text)
  guard let year = scan.number(4...4), scan.take("-"), let month = scan.number(2...2),
    scan.take("-"), let day = scan.number(2...2), scan.take("T") || scan.take(" "),
    let hour = scan.number(2...2), scan.take(":"), let minute = scan.number(2...2)
  else { return nil }
  var time = CivilTime(year: year, month: month, day: day, hour: hour, minute: minute)
  var fraction = ""
  if scan.take(":") {
    guard let second = scan.number(2...2) else { return nil }
    time.second = second
    if scan.take(".") || scan.take(",") {
      fraction = scan.digits()
      guard !fraction.isEmpty else { return nil }
    }
  }
  var zone = ""
  if scan.take("Z") || scan.take("z") {
    zone = "Z"
  } else if let sign = scan.take("+") ? "+" : scan.take("-") ? "-" : nil {
    let digits = scan.digits()
    let rest = scan.take(":") ? scan.digits() : ""
    let all = digits + (digits.utf8.count == 2 && rest.isEmpty ? "00" : rest)
    guard all.utf8.count == 4, let number = Int(all), number / 100 < 24, number % 100 < 60 else {
      return nil
    }
    zone = "\(sign)\(all.prefix(2)):\(all.suffix(2))"
  }
  guard scan.isAtEnd, let text = time.text() else { return nil }
  return text + (fraction.isEmpty ? "" : ".\(fraction)") + zone
}

/// Reads numbers and marks of a short text from its start.
struct DigitScan {
  private let bytes: [UInt8]
  private(set) var position: Int

  init(_ text: some StringProtocol) {
    bytes = Array(text.utf8)
    position = 0
  }

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    position = 0
  }

  var isAtEnd: Bool { position >= bytes.count }

  /// The byte that is next, or 0 at the end.
  var next: UInt8 { isAtEnd ? 0 : bytes[position] }

  /// What is left.
  var rest: String { String(decoding: bytes[min(position, bytes.count)...], as: UTF8.self) }

  /// Takes a mark if it is next.
  mutating func take(_ mark: StaticString) -> Bool {
    let count = mark.utf8CodeUnitCount
    guard position + count <= bytes.count else { return false }
    let isNext = mark.withUTF8Buffer { buffer in
      for index in 0..<count where unsafe buffer[index] != bytes[position + index] { return false }
      return true
    }
    if isNext { position += count }
    return isNext
  }

  /// Takes a number with so many digits.
  mutating func number(_ count: ClosedRange<Int>) -> Int? {
    let start = position
    var value = 0
    var digitCount = 0
    while digitCount < count.upperBound, let digit = digit() {
      value = value * 10 + digit
      digitCount += 1
    }
    if count.contains(digitCount) { return value }
    position = start
    return nil
  }

  /// Takes a digit, also one of the Arabic or the Persian set.
  private mutating func digit() -> Int? {
    guard position < bytes.count else { return nil }
    let byte = bytes[position]
    if byte &- UInt8(ascii: "0") < 10 {
      position += 1
      return Int(byte - UInt8(ascii: "0"))
    }
    guard byte == 0xD9 || byte == 0xDB, position + 1 < bytes.count else { return nil }
    let first: UInt8 = byte == 0xD9 ? 0xA0 : 0xB0
    guard bytes[position + 1] &- first < 10 else { return nil }
    position += 2
    return Int(bytes[position - 1] - first)
  }

  /// Passes marks of direction.
  mutating func skipDirections() {
    while take("\u{200E}") || take("\u{200F}") || take("\u{61C}") {}
  }

  /// Takes the digits that are next.
  mutating func digits() -> String {
    let start = position
    while position < bytes.count, bytes[position] &- UInt8(ascii: "0") < 10 { position += 1 }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  /// Passes blanks, also those that do not break; how many.
  @discardableResult
  mutating func skipBlanks() -> Int {
    var count = 0
    while take(" ") || take("\u{A0}") || take("\u{202F}") { count += 1 }
    return count
  }

  /// Takes the letters, digits and dots up to the next blank or mark, lower case.
  mutating func word() -> String {
    let start = position
    while position < bytes.count,
      bytes[position] >= 0x80 || bytes[position] | 0x20 &- UInt8(ascii: "a") < 26
    {
      // Digits of other scripts are no letters.
      var ahead = self
      if ahead.digit() != nil { break }
      // Blanks that do not break end a word too.
      if take("\u{A0}") || take("\u{202F}") {
        let end = position - (bytes[position - 1] == 0xA0 ? 2 : 3)
        position = end
        break
      }
      position += 1
    }
    return String(decoding: bytes[start..<position], as: UTF8.self).lowercased()
  }
}

extension DigitScan {
  /// Takes `AM`, `pm`, `a.m.`, `p. m.` or the Arabic letters for them.
  ///
  /// - Returns: Whether it is the afternoon; `nil` where nothing of the kind is next.
  mutating func dayHalf() -> Bool? {
    if take("\u{635}") { return false }
    if take("\u{645}") { return true }
    let isAfternoon: Bool
    if take("a") || take("A") {
      isAfternoon = false
    } else if take("p") || take("P") {
      isAfternoon = true
    } else {
      return nil
    }
    _ = take(".")
    skipBlanks()
    guard take("m") || take("M") else { return nil }
    _ = take(".")
    return isAfternoon
  }
}

/// The half of the day that a word before the time says: whether it is the afternoon; `nil` where it says
/// nothing of the kind.
///
/// *Source:* CLDR, dayPeriods of zh, ja and ko.
func dayHalf(_ word: String) -> Bool? {
  switch word {
  case "下午", "晚上", "中午", "傍晚", "午後", "午后", "오후": true
  case "上午", "早上", "清晨", "凌晨", "半夜", "午前", "오전": false
  default: nil
  }
}

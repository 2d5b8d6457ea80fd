/// A time as exactly as somebody says it: every moment from the earliest to the latest may be meant.
package struct Moment: Sendable, Hashable {
  /// Milliseconds since 1970.
  package var earliest: Int
  /// Milliseconds since 1970; the same where the time is exact.
  package var latest: Int

  /// The exact time.
  package init(_ milliseconds: Int) {
    earliest = milliseconds
    latest = milliseconds
  }

  private init(earliest: Int, latest: Int) {
    self.earliest = earliest
    self.latest = latest
  }

  /// Whether one moment is meant.
  package var isExact: Bool { earliest == latest }

  /// Reads a time in the form of RFC 3339, with or without a zone.
  ///
  /// Clocks on earth differ from UTC by -12 to +14 hours: without a zone the time is anywhere
  /// between. *Source:* IANA time zone database (Etc/GMT+12, Pacific/Kiritimati).
  ///
  /// - Parameters:
  ///   - text: The time.
  ///   - zone: The zone of times that have none, in milliseconds east of UTC; `nil` where it is not
  ///     known.
  package init?(_ text: String, zone: Int? = nil) {
    guard let time = WrittenTime(text) else { return nil }
    if let zone = time.zone ?? zone {
      self.init(time.clock - zone)
    } else {
      self.init(earliest: time.clock - 14 * 3_600_000, latest: time.clock + 12 * 3_600_000)
    }
  }
}

/// A date, or a date and time, as somebody wrote it.
package struct WrittenTime: Sendable, Equatable {
  /// Milliseconds since 1970 by the clock that was read, wherever it hangs.
  package private(set) var clock = 0
  /// Milliseconds east of UTC; `nil` where the text does not say.
  package private(set) var zone: Int?
  /// Whether only a day is named.
  package private(set) var isDay = true

  /// Reads `2026-06-12`, `2026-06-12T08:30Z`, `2026-06-12 08:30:01,250`, `…+02:00`.
  package init?(_ text: String) {
    var scan = Digits(bytes: Array(text.utf8))
    guard let year = scan.number(4), scan.take("-"), let month = scan.number(2), scan.take("-"),
      let day = scan.number(2), (1...12).contains(month),
      (1...WrittenTime.dayCount(year, month)).contains(day)
    else { return nil }
    clock = WrittenTime.days(year, month, day) * 86_400_000
    if scan.isAtEnd { return }
    guard scan.take("T") || scan.take("t") || scan.take(" "), let hour = scan.number(2),
      scan.take(":"), let minute = scan.number(2), hour < 24, minute < 60
    else { return nil }
    isDay = false
    clock += (hour * 60 + minute) * 60_000
    if scan.take(":") {
      guard let second = scan.number(2), second <= 60 else { return nil }
      clock += second * 1000
      if scan.take(".") || scan.take(",") {
        guard let milliseconds = scan.fraction() else { return nil }
        clock += milliseconds
      }
    }
    if scan.isAtEnd { return }
    guard let zone = scan.zone(), scan.isAtEnd else { return nil }
    self.zone = zone
  }

  /// Reads a zone alone: `Z`, `+02:00`, `-0330`; milliseconds east of UTC.
  package static func zone(_ text: String) -> Int? {
    var scan = Digits(bytes: Array(text.utf8))
    guard let zone = scan.zone(), scan.isAtEnd else { return nil }
    return zone
  }

  private static func dayCount(_ year: Int, _ month: Int) -> Int {
    guard month == 2 else { return [4, 6, 9, 11].contains(month) ? 30 : 31 }
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
  }

  /// Days since 1970-01-01 of the proleptic Gregorian calendar.
  ///
  /// *Source:* days_from_civil of H. Hinnant, "chrono-Compatible Low-Level Date Algorithms".
  private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let shifted = month <= 2 ? year - 1 : year
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }
}

/// Numbers and marks of a short text, from its start.
private struct Digits {
  let bytes: [UInt8]
  var position = 0

  var isAtEnd: Bool { position >= bytes.count }

  mutating func take(_ mark: Unicode.Scalar) -> Bool {
    guard !isAtEnd, UInt32(bytes[position]) == mark.value else { return false }
    position += 1
    return true
  }

  mutating func number(_ count: Int) -> Int? {
    guard position + count <= bytes.count else { return nil }
    var value = 0
    for byte in bytes[position..<position + count] {
      guard byte &- 0x30 < 10 else { return nil }
      value = value * 10 + Int(byte - 0x30)
    }
    position += count
    return value
  }

  /// Digits after a point, as milliseconds; further ones are dropped.
  mutating func fraction() -> Int? {
    var value = 0
    var count = 0
    while !isAtEnd, bytes[position] &- 0x30 < 10 {
      if count < 3 { value = value * 10 + Int(bytes[position] - 0x30) }
      count += 1
      position += 1
    }
    guard count > 0 else { return nil }
    for _ in 0..<max(0, 3 - count) { value *= 10 }
    return value
  }

  mutating func zone() -> Int? {
    if take("Z") || take("z") { return 0 }
    let isEast = take("+")
    guard isEast || take("-"), let hours = number(2) else { return nil }
    var minutes: Int? = 0
    if !isAtEnd {
      _ = take(":")
      minutes = number(2)
    }
    guard let minutes, hours < 24, minutes < 60 else { return nil }
    let zone = (hours * 60 + minutes) * 60_000
    return isEast ? zone : -zone
  }
}

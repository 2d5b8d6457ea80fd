/// The milliseconds since 1970 of the years 0…9999, which RFC 3339 can say.
let rfc3339Milliseconds = -62_167_219_200_000..<253_402_300_800_000

/// The RFC 3339 time, UTC, of some milliseconds since 1970; `nil` beyond the years 0…9999.
///
/// *Source:* the days-to-civil algorithm of H. Hinnant, "chrono-Compatible Low-Level Date
/// Algorithms".
package func rfc3339(milliseconds: Int) -> String? {
  guard rfc3339Milliseconds.contains(milliseconds) else { return nil }
  let days = (milliseconds >= 0 ? milliseconds : milliseconds - 86_399_999) / 86_400_000
  let rest = milliseconds - days * 86_400_000
  let shifted = days + 719_468
  let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
  let dayOfEra = shifted - era * 146_097
  let yearOfEra =
    (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
  let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
  let monthFromMarch = (5 * dayOfYear + 2) / 153
  let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
  let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
  let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  // At most "9999-12-31T23:59:59.999Z".
  return unsafe String(unsafeUninitializedCapacity: 24) { text in
    var count = 0
    func append(_ byte: UInt8) {
      unsafe text[count] = byte
      count += 1
    }
    func append(_ value: Int, _ unit: Int, then mark: UInt8) {
      var unit = unit
      while unit > 0 {
        append(UInt8(ascii: "0") + UInt8(value / unit % 10))
        unit /= 10
      }
      append(mark)
    }
    append(year, 1000, then: UInt8(ascii: "-"))
    append(month, 10, then: UInt8(ascii: "-"))
    append(day, 10, then: UInt8(ascii: "T"))
    append(rest / 3_600_000, 10, then: UInt8(ascii: ":"))
    append(rest / 60_000 % 60, 10, then: UInt8(ascii: ":"))
    let part = rest % 1000
    append(rest / 1000 % 60, 10, then: part == 0 ? UInt8(ascii: "Z") : UInt8(ascii: "."))
    if part != 0 { append(part, 100, then: UInt8(ascii: "Z")) }
    return count
  }
}

/// The milliseconds since 1970 of an RFC 3339 time; `nil` where it is none.
///
/// A time without a zone, as some archives have it, counts as UTC. Digits after the milliseconds do not count.
///
/// *Source:* RFC 3339 §5.6; days from civil as above.
package func milliseconds(rfc3339 text: String) -> Int? {
  var digits = Array(text.utf8)[...]
  func number(_ count: Int) -> Int? {
    guard digits.count >= count else { return nil }
    var value = 0
    for byte in digits.prefix(count) {
      guard (0x30...0x39).contains(byte) else { return nil }
      value = value * 10 + Int(byte - 0x30)
    }
    digits = digits.dropFirst(count)
    return value
  }
  func mark(_ bytes: Unicode.Scalar...) -> Bool {
    guard let first = digits.first,
      bytes.contains(where: { $0.value == UInt32(first) })
    else { return false }
    digits = digits.dropFirst()
    return true
  }
  guard let year = number(4), mark("-"), let month = number(2), (1...12).contains(month), mark("-"),
    let day = number(2), (1...dayCount(ofMonth: month, year: year)).contains(day)
  else { return nil }
  var rest = 0
  if !digits.isEmpty {
    guard mark("T", "t", " "), let hour = number(2), hour < 24, mark(":"), let minute = number(2),
      minute < 60
    else { return nil }
    rest = hour * 3_600_000 + minute * 60_000
    if mark(":") {
      guard let second = number(2), second <= 60 else { return nil }
      rest += second * 1000
    }
    if mark(".", ",") {
      var unit = 100
      guard let byte = digits.first, (0x30...0x39).contains(byte) else { return nil }
      while let digit = number(1) {
        rest += digit * unit
        unit /= 10
      }
    }
    if !mark("Z", "z"), let sign = digits.first, sign == 0x2B || sign == 0x2D {
      digits = digits.dropFirst()
      guard let hours = number(2), hours < 24 else { return nil }
      _ = mark(":")
      guard let minutes = digits.isEmpty ? 0 : number(2), minutes < 60 else { return nil }
      rest -= (sign == 0x2B ? 1 : -1) * (hours * 3_600_000 + minutes * 60_000)
    }
    guard digits.isEmpty else { return nil }
  }
  return milliseconds(year: year, month: month, day: day) + rest
}

/// The milliseconds since 1970 of the start of a day.
private func milliseconds(year: Int, month: Int, day: Int) -> Int {
  let shifted = month > 2 ? year : year - 1
  let era = (shifted >= 0 ? shifted : shifted - 399) / 400
  let yearOfEra = shifted - era * 400
  let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
  let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
  return (era * 146_097 + dayOfEra - 719_468) * 86_400_000
}

/// The milliseconds since 1970 of a time that ``rfc3339(milliseconds:)`` gives back letter for letter; `nil` of any
/// other text, be it a time or none.
package func canonicalMilliseconds(rfc3339 text: String) -> Int? {
  let found = unsafe text.utf8.withContiguousStorageIfAvailable { bytes -> Int? in
    unsafe canonicalMilliseconds(Span(_unsafeElements: bytes))
  }
  return found ?? nil
}

private func canonicalMilliseconds(_ bytes: Span<UInt8>) -> Int? {
  // "2026-06-01T10:11:00Z" or "2026-06-01T10:11:00.123Z".
  let count = bytes.count
  guard count == 20 || count == 24, bytes[count - 1] == UInt8(ascii: "Z"),
    bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"), bytes[10] == UInt8(ascii: "T"),
    bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
    count == 20 || bytes[19] == UInt8(ascii: ".")
  else { return nil }
  func number(_ start: Int, _ count: Int, in bytes: Span<UInt8>) -> Int? {
    var value = 0
    for index in start..<start + count {
      let digit = bytes[index] &- UInt8(ascii: "0")
      if digit > 9 { return nil }
      value = value * 10 + Int(digit)
    }
    return value
  }
  guard let year = number(0, 4, in: bytes), let month = number(5, 2, in: bytes),
    let day = number(8, 2, in: bytes), let hour = number(11, 2, in: bytes),
    let minute = number(14, 2, in: bytes), let second = number(17, 2, in: bytes),
    let part = count == 24 ? number(20, 3, in: bytes) : 0,
    (1...12).contains(month), hour < 24, minute < 60, second < 60, count == 20 || part > 0
  else { return nil }
  let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
  let lastDays = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as InlineArray
  guard day >= 1, day <= lastDays[month - 1] else { return nil }
  return milliseconds(year: year, month: month, day: day) + hour * 3_600_000 + minute * 60_000
    + second * 1000 + part
}

/// The days of a month of the Gregorian calendar.
private func dayCount(ofMonth month: Int, year: Int) -> Int {
  switch month {
  case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
  case 4, 6, 9, 11: 30
  default: 31
  }
}

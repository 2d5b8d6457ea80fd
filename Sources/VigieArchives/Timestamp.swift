/// The RFC 3339 time, UTC, of some milliseconds since 1970; `nil` beyond the years 0…9999.
///
/// *Source:* the days-to-civil algorithm of H. Hinnant, "chrono-Compatible Low-Level Date
/// Algorithms".
func rfc3339(milliseconds: Int) -> String? {
  guard (-62_167_219_200_000..<253_402_300_800_000).contains(milliseconds) else { return nil }
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
  let clock = [rest / 3_600_000, rest / 60_000 % 60, rest / 1000 % 60].map { padded($0, 2) }
  let time = clock.joined(separator: ":")
  let fraction = rest % 1000 == 0 ? "" : "." + padded(rest % 1000, 3)
  return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))T\(time)\(fraction)Z"
}

/// The RFC 3339 time of a number of seconds, milliseconds, microseconds or nanoseconds since 1970,
/// told apart by its size.
func rfc3339(guessing number: Double) -> String? {
  var value = number
  while value.magnitude >= 1e14 { value /= 1000 }
  if value.magnitude < 1e11 { value *= 1000 }
  guard let milliseconds = Int(exactly: value.rounded(.down)) else { return nil }
  return rfc3339(milliseconds: milliseconds)
}

/// A number with leading zeros.
private func padded(_ value: Int, _ width: Int) -> String {
  let digits = String(value)
  return String(repeating: "0", count: max(0, width - digits.count)) + digits
}

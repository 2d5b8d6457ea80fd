/// The RFC 3339 time, UTC, of some milliseconds since 1970; `nil` beyond the years 0…9999.
///
/// *Source:* the days-to-civil algorithm of H. Hinnant, "chrono-Compatible Low-Level Date
/// Algorithms".
package func rfc3339(milliseconds: Int) -> String? {
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
  var text: [UInt8] = []
  text.reserveCapacity(24)
  let mark = Array("--T::.".utf8)
  for (index, value) in [year, month, day, rest / 3_600_000, rest / 60_000 % 60, rest / 1000 % 60]
    .enumerated()
  {
    if index > 0 { text.append(mark[index - 1]) }
    append(value, digits: index == 0 ? 4 : 2, to: &text)
  }
  if rest % 1000 != 0 {
    text.append(mark[5])
    append(rest % 1000, digits: 3, to: &text)
  }
  text.append(UInt8(ascii: "Z"))
  return String(decoding: text, as: UTF8.self)
}

/// Appends a number with leading zeros.
private func append(_ value: Int, digits: Int, to text: inout [UInt8]) {
  var unit = [1, 10, 100, 1000][digits - 1]
  while unit > 0 {
    text.append(UInt8(ascii: "0") + UInt8(value / unit % 10))
    unit /= 10
  }
}

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

/// Dates as the header of mails and HTTP write them: `Mon, 1 Jun 2026 10:00:00 +0200`.
///
/// *Source:* RFC 5322 §3.3 and §4.3 (obsolete zones); RFC 9110 §5.6.7; the line before each mail of a
/// mailbox, `Mon Jun  1 10:00:00 2026`, as asctime writes it.
enum MailDate {
  private static let months = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
  ]
  /// Zones by name, hours east of Greenwich.
  private static let zones = [
    "gmt": "Z", "ut": "Z", "utc": "Z", "z": "Z", "est": "-05:00", "edt": "-04:00",
    "cst": "-06:00", "cdt": "-05:00", "mst": "-07:00", "mdt": "-06:00", "pst": "-08:00",
    "pdt": "-07:00", "cet": "+01:00", "cest": "+02:00", "bst": "+01:00",
  ]

  /// The time of a text in the form of RFC 3339, without a zone where the text names none that is
  /// known; `nil` where it is no such date.
  static func read(_ text: String) -> String? {
    // Comments in parentheses, such as the name of the zone.
    var depth = 0
    let plain = text.filter { character in
      if character == "(" { depth += 1 }
      defer { if character == ")", depth > 0 { depth -= 1 } }
      return depth == 0
    }
    var day: Int?
    var month: Int?
    var year: Int?
    var clock: [Int] = []
    var zone = ""
    for word in plain.lowercased().split(whereSeparator: { " \t,\r\n".contains($0) }).prefix(8) {
      if word.contains(":") {
        clock = word.split(separator: ":").map { Int($0) ?? -1 }
      } else if let number = months.firstIndex(where: word.hasPrefix), month == nil {
        month = number + 1
      } else if word.first == "+" || word.first == "-", clock.count > 1 {
        zone = offset(word) ?? ""
      } else if let number = Int(word), number >= 0 {
        if day == nil, word.utf8.count < 3 {
          day = number
        } else if year == nil {
          // *Source:* RFC 5322 §4.3: years of two and of three digits.
          year = word.utf8.count == 2 ? number + (number < 50 ? 2000 : 1900) : number
          if word.utf8.count == 3 { year = number + 1900 }
        }
      } else if let known = zones[String(word)] {
        zone = known
      }
    }
    guard let day, let month, let year, clock.count == 2 || clock.count == 3 else { return nil }
    var time = CivilTime(year: year, month: month, day: day)
    time.hour = clock[0]
    time.minute = clock[1]
    time.second = clock.count == 3 ? clock[2] : 0
    return time.text(zone: zone)
  }

  /// `+0200` with a colon; `nil` where it is no offset.
  private static func offset(_ word: Substring) -> String? {
    let digits = word.dropFirst().filter { $0 != ":" }
    guard digits.utf8.count == 4, let number = Int(digits), number / 100 < 24, number % 100 < 60
    else { return nil }
    return "\(word.prefix(1))\(digits.prefix(2)):\(digits.suffix(2))"
  }
}

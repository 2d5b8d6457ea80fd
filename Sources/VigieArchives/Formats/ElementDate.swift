/// The dates that Element writes for people, in the language of the exporter.
///
/// *Source:* element-hq/element-web, src/DateUtils.ts: `Fri, Apr 16, 2021, 17:20:00`; before 2022 the
/// browser's own form, such as `4/16/2021, 5:20:00 PM`.
enum ElementDate {
  /// The time that a text says: a day at midnight where it says no clock time.
  ///
  /// - Returns: The time, or `nil` where the text is no date of a known form.
  static func read(_ text: some StringProtocol) -> CivilTime? {
    var month: Int?
    var numbers: [Int] = []
    var clock: [Int] = []
    var isAfternoon: Bool?
    var marks: Set<Character> = []
    for word in text.split(whereSeparator: { " ,\u{A0}\u{202F}".contains($0) }) {
      if word.contains(":") {
        clock = word.split(separator: ":").compactMap { Int($0) }
      } else if let found = ElementDate.month(word.lowercased()) {
        month = month ?? found
      } else if ["am", "pm"].contains(word.lowercased()) {
        isAfternoon = word.lowercased() == "pm"
      } else {
        marks.formUnion(word.filter { "/.-".contains($0) })
        numbers += word.split { "/.-".contains($0) }.compactMap { Int($0) }
      }
    }
    guard let (year, monthNumber, day) = date(numbers, month, marks, isAfternoon != nil) else {
      return nil
    }
    var time = CivilTime(year: year, month: monthNumber, day: day)
    if clock.count > 1 {
      time.hour = clock[0]
      if let isAfternoon { time.hour = time.hour % 12 + (isAfternoon ? 12 : 0) }
      time.minute = clock[1]
      time.second = clock.count > 2 ? clock[2] : 0
    }
    return time.isValid ? time : nil
  }

  private static func date(
    _ numbers: [Int],
    _ month: Int?,
    _ marks: Set<Character>,
    _ isTwelveHour: Bool
  ) -> (Int, Int, Int)? {
    if let month {
      guard numbers.count == 2, let year = numbers.first(where: { $0 > 31 }),
        let day = numbers.first(where: { $0 <= 31 })
      else { return nil }
      return (year, month, day)
    }
    guard numbers.count == 3 else { return nil }
    if numbers[0] > 31 { return (numbers[0], numbers[1], numbers[2]) }
    guard numbers[2] > 31 else { return nil }
    // Points stand between day and month; a slash with a clock of twelve hours is American.
    if marks == ["."] || numbers[0] > 12 { return (numbers[2], numbers[1], numbers[0]) }
    if isTwelveHour || numbers[1] > 12 { return (numbers[2], numbers[0], numbers[1]) }
    return nil
  }

  private static func month(_ word: String) -> Int? {
    months.firstIndex { $0.contains { word.hasPrefix($0) } }.map { $0 + 1 }
  }

  /// How the names of months start in English, French and German.
  private static let months = [
    ["jan"], ["feb", "fév", "fev"], ["mar", "mär"], ["apr", "avr"], ["may", "mai"],
    ["jun", "juin"],
    ["jul", "juil"], ["aug", "aoû"], ["sep"], ["oct", "okt"], ["nov"], ["dec", "déc", "dez"],
  ]
}

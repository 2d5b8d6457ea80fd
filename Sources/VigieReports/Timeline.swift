package import VigieCore

/// Findings by the day of their message; its size does not grow with the archive.
package struct Timeline: Sendable, Equatable {
  /// A span of time with what was found in it.
  package struct Span: Sendable, Equatable {
    /// A year, a month or a day: `2026`, `2026-06` or `2026-06-01`.
    package var name: String
    /// The findings.
    package var findings = Tally.UsageCount()
  }

  /// The years that archives of messages can be of; days of others count as unknown.
  package static let years = 1970...2199

  /// By day, as the number of year, month and day in a row.
  private var days: [Int: Tally.UsageCount] = [:]
  /// Findings in messages without a day.
  package private(set) var undated = Tally.UsageCount()

  /// A timeline of nothing.
  package init() {}

  /// Counts the findings of a message.
  ///
  /// - Parameters:
  ///   - findings: The findings.
  ///   - timestamp: The time of the message, RFC 3339; its day is the one that is written there.
  package mutating func add(_ findings: some Sequence<Finding>, at timestamp: String?) {
    let day = timestamp.flatMap(Timeline.day)
    for finding in findings {
      if let day {
        days[day, default: Tally.UsageCount()].add(finding.usage)
      } else {
        undated.add(finding.usage)
      }
    }
  }

  /// The days, months or years from the first to the last with a finding, those without included:
  /// the shortest spans of which there are no more than so many.
  ///
  /// - Parameter limit: The most spans; more only where there are more years than that.
  /// - Returns: The spans in order; none where no finding has a day.
  package func spans(atMost limit: Int) -> [Span] {
    guard let first = days.keys.min(), let last = days.keys.max() else { return [] }
    for unit in [1, 100] {
      let names = Timeline.numbers(
        from: first / unit,
        through: last / unit,
        unit: unit,
        limit: limit
      )
      if let names { return spans(names, unit: unit) }
    }
    return spans(Array(first / 10_000...last / 10_000), unit: 10_000)
  }

  private func spans(_ numbers: [Int], unit: Int) -> [Span] {
    var counts: [Int: Tally.UsageCount] = [:]
    for (day, count) in days { counts[day / unit, default: Tally.UsageCount()].add(count) }
    return numbers.map {
      Span(name: Timeline.name($0, unit: unit), findings: counts[$0] ?? Tally.UsageCount())
    }
  }

  /// The numbers of all days (unit 1) or months (unit 100) of a range; `nil` where they are too many.
  private static func numbers(
    from first: Int,
    through last: Int,
    unit: Int,
    limit: Int
  ) -> [Int]? {
    var numbers: [Int] = []
    var number = first
    while number <= last {
      if numbers.count == limit { return nil }
      numbers.append(number)
      number += 1
      if unit == 1, number % 100 > length(ofMonth: (number - 1) / 100) {
        number = (number / 100 + 1) * 100 + 1
        if number / 100 % 100 == 13 { number = (number / 10_000 + 1) * 10_000 + 101 }
      } else if unit == 100, number % 100 == 13 {
        number = (number / 100 + 1) * 100 + 1
      }
    }
    return numbers
  }

  /// The days of a month, given as year and month in a row.
  private static func length(ofMonth number: Int) -> Int {
    let (year, month) = (number / 100, number % 100)
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
  }

  private static func name(_ number: Int, unit: Int) -> String {
    let digits = Array(String(number))
    let parts = [digits[..<4], digits[4...].prefix(2), digits[4...].dropFirst(2)]
    return parts.filter { !$0.isEmpty }.map { String($0) }.joined(separator: "-")
  }

  /// The year, month and day in a row of a time, or `nil` where there is no such day.
  private static func day(of timestamp: String) -> Int? {
    let bytes = Array(timestamp.utf8.prefix(10))
    guard bytes.count == 10 else { return nil }
    var number = 0
    for (index, byte) in bytes.enumerated() {
      if index == 4 || index == 7 {
        guard byte == UInt8(ascii: "-") else { return nil }
      } else {
        guard (0x30...0x39).contains(byte) else { return nil }
        number = number * 10 + Int(byte - 0x30)
      }
    }
    guard years.contains(number / 10_000), (1...12).contains(number / 100 % 100),
      (1...length(ofMonth: number / 100)).contains(number % 100)
    else { return nil }
    return number
  }
}

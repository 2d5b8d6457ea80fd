/// A day in numbers with the year last, as `16/06/2026 14:05` or `6.16.2026`, whichever of its first numbers is the day.
struct NumericDate {
  /// Which number is the day.
  enum Order: Equatable {
    case dayFirst
    case monthFirst
  }

  /// The first and the second number.
  let first: Int
  let second: Int
  private let year: Int
  private var clock: ClockTime?

  /// The day that a text says, with nothing behind it but a time; `nil` where it is no such text.
  init?(_ text: String) {
    var scan = DigitScan(text)
    scan.skipBlanks()
    guard let first = scan.number(1...2) else { return nil }
    let mark: StaticString = scan.next == UInt8(ascii: "/") ? "/" : scan.next == 0x2E ? "." : "-"
    guard scan.take(mark), let second = scan.number(1...2), scan.take(mark),
      let year = scan.number(4...4)
    else { return nil }
    (self.first, self.second, self.year) = (first, second, year)
    _ = scan.take(",")
    if scan.skipBlanks() > 0 || scan.take("T") {
      if scan.take("à") || scan.take("at") { scan.skipBlanks() }
      if !scan.isAtEnd {
        guard let clock = ClockTime(&scan) else { return nil }
        self.clock = clock
        scan.skipBlanks()
      }
    }
    guard scan.isAtEnd else { return nil }
  }

  /// The day and time in the form of RFC 3339, without a zone; `nil` where no calendar has the day.
  func text(_ order: Order) -> String? {
    let (day, month) = order == .dayFirst ? (first, second) : (second, first)
    let time = CivilTime(year: year, month: month, day: day)
    guard let text = time.text() else { return nil }
    let date = String(text.prefix(10))
    return clock.map { "\(date)T\($0.text)" } ?? date
  }
}

/// A time of day, as `14:05`, `14:05:09` or `14h05`.
struct ClockTime {
  private let hour: Int
  private let minute: Int
  private var second = 0

  /// The time that a text says and nothing else.
  init?(_ text: String) {
    var scan = DigitScan(text)
    scan.skipBlanks()
    guard let time = ClockTime(&scan) else { return nil }
    scan.skipBlanks()
    guard scan.isAtEnd else { return nil }
    self = time
  }

  /// The time that is next.
  init?(_ scan: inout DigitScan) {
    guard let hour = scan.number(1...2), scan.take(":") || scan.take("h") || scan.take("H"),
      let minute = scan.number(2...2), hour < 24, minute < 60
    else { return nil }
    (self.hour, self.minute) = (hour, minute)
    if scan.take(":") {
      guard let second = scan.number(2...2), second <= 60 else { return nil }
      self.second = second
      if scan.take(".") || scan.take(",") { _ = scan.digits() }
    }
  }

  /// The time in the form of RFC 3339, without a zone.
  var text: String {
    [hour, minute, second].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
  }
}

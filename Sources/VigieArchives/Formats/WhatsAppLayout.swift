/// How the lines of a WhatsApp text start, which depends on the phone and its language.
///
/// *Source:* lucasrodes/whatstk, docs/source/getting_started/hformat.rst; Pustur/whatsapp-chat-parser,
/// tests/parser.test.ts.
struct WhatsAppLayout: Hashable {
  /// The order of the numbers of a date.
  enum Order: Hashable {
    case yearFirst
    case dayFirst
    case monthFirst
  }

  /// The numbers of one header as they stand.
  struct Header {
    var numbers: [Int]
    var hour: Int
    var minute: Int
    var second: Int
    /// Whether `pm` or `am` stands after the time.
    var isAfternoon: Bool?
  }

  private var isBracketed = false
  private var dateMark: UInt8 = 0
  private var timeMark: UInt8 = 0
  private var hasSeconds = false
  private var hasHalf = false
  private var isYearFirst = false
  private var end: End = .dash

  private enum End: Hashable { case dash, bracket, colon, blank }

  /// Reads the header of a line of any layout.
  static func read(_ line: String) -> (layout: WhatsAppLayout, header: Header, rest: String)? {
    var scan = DigitScan(line)
    var layout = WhatsAppLayout()
    while scan.take("\u{200E}") || scan.take("\u{200F}") || scan.take("\u{FEFF}") {}
    layout.isBracketed = scan.take("[")
    scan.skipDirections()
    guard let first = scan.number(1...4) else { return nil }
    scan.skipDirections()
    layout.dateMark = scan.next
    guard scan.take(".") || scan.take("/") || scan.take("-") else { return nil }
    scan.skipBlanks()
    guard let second = scan.number(1...2) else { return nil }
    scan.skipDirections()
    guard scan.next == layout.dateMark,
      scan.take(".") || scan.take("/") || scan.take("-")
    else { return nil }
    scan.skipBlanks()
    guard let third = scan.number(1...4) else { return nil }
    layout.isYearFirst = first > 31
    if layout.dateMark == UInt8(ascii: ".") { _ = scan.take(".") }
    _ = scan.take(",") || scan.take("\u{60C}")
    guard scan.skipBlanks() > 0 else { return nil }
    // `à`, `klo`, `um`: a word between date and time; some languages say the half of the day there.
    let word = scan.word()
    let isAfternoonBefore = dayHalf(word)
    if !word.isEmpty {
      _ = scan.take(".")
      scan.skipBlanks()
    }
    guard let hour = scan.number(1...2) else { return nil }
    layout.timeMark = scan.next
    guard scan.take(":") || scan.take("."), let minute = scan.number(2...2) else { return nil }
    var header = Header(numbers: [first, second, third], hour: hour, minute: minute, second: 0)
    if scan.next == layout.timeMark {
      var ahead = scan
      _ = ahead.take(":") || ahead.take(".")
      if let second = ahead.number(2...2) {
        header.second = second
        layout.hasSeconds = true
        scan = ahead
      }
    }
    var ahead = scan
    ahead.skipBlanks()
    if let isAfternoon = ahead.dayHalf() {
      header.isAfternoon = isAfternoon
      layout.hasHalf = true
      scan = ahead
    } else if let isAfternoonBefore {
      header.isAfternoon = isAfternoonBefore
      layout.hasHalf = true
    }
    if layout.isBracketed {
      guard scan.take("]") else { return nil }
      layout.end = .bracket
      scan.skipBlanks()
    } else if scan.take(" - ") || scan.take(" – ") || scan.take("\u{A0}- ") {
      layout.end = .dash
    } else if scan.take(": ") {
      layout.end = .colon
    } else {
      guard scan.take(" ") else { return nil }
      layout.end = .blank
    }
    return (layout, header, scan.rest)
  }

  /// Whether the layout alone tells the order of day and month.
  var order: Order? {
    if isYearFirst { return .yearFirst }
    return dateMark == UInt8(ascii: ".") ? .dayFirst : nil
  }
}

extension WhatsAppLayout.Header {
  /// The time, if the calendar knows it.
  func time(_ order: WhatsAppLayout.Order) -> CivilTime? {
    let (year, month, day) =
      switch order {
      case .yearFirst: (numbers[0], numbers[1], numbers[2])
      case .dayFirst: (numbers[2], numbers[1], numbers[0])
      case .monthFirst: (numbers[2], numbers[0], numbers[1])
      }
    var hour = hour
    if let isAfternoon { hour = hour % 12 + (isAfternoon ? 12 : 0) }
    // WhatsApp began in 2009: two digits are years of this century.
    let full = year < 100 ? 2000 + year : year
    let time = CivilTime(
      year: full,
      month: month,
      day: day,
      hour: hour,
      minute: minute,
      second: second
    )
    return time.isValid ? time : nil
  }
}

/// Learns layout and order of the dates from all lines of a file.
struct WhatsAppLearning {
  private var counts: [WhatsAppLayout: Int] = [:]
  private var faults: [WhatsAppLayout: [WhatsAppLayout.Order: Int]] = [:]
  private var lastDays: [WhatsAppLayout: [WhatsAppLayout.Order: Int]] = [:]
  private(set) var lineCount = 0

  init() {}

  /// Takes all lines of a file.
  init(_ tree: ArchiveTree, _ member: ArchiveTree.Member, limit: Int) {
    guard let source = try? tree.open(member) else { return }
    var lines = LineStream(ByteWindow(source))
    while let line = lines.next(limit: limit) {
      guard case .text(let range, _, _) = line else { continue }
      // A header is short, whatever comes after it.
      take(decodedLine(lines.window.bytes, in: range.prefix(80)).text)
    }
  }

  /// Takes a line.
  mutating func take(_ line: String) {
    lineCount += 1
    guard let (layout, header, _) = WhatsAppLayout.read(line) else { return }
    // Lines that only look like headers come in few layouts.
    guard counts[layout] != nil || counts.count < 64 else { return }
    counts[layout, default: 0] += 1
    for order in [WhatsAppLayout.Order.dayFirst, .monthFirst] {
      guard let time = header.time(order) else {
        faults[layout, default: [:]][order, default: 0] += 1
        continue
      }
      let day = (time.year * 12 + time.month) * 31 + time.day
      if day < lastDays[layout]?[order] ?? 0 {
        faults[layout, default: [:]][order, default: 0] += 1
      }
      lastDays[layout, default: [:]][order] = day
    }
  }

  /// The layout of most lines, how many have it, and the order of its dates; an order that days
  /// beyond 12 and the run of time do not tell is `nil`.
  var result: (layout: WhatsAppLayout, count: Int, order: WhatsAppLayout.Order?)? {
    guard let (layout, count) = counts.max(by: { $0.value < $1.value }) else { return nil }
    if let order = layout.order { return (layout, count, order) }
    let days = faults[layout]?[.dayFirst] ?? 0
    let months = faults[layout]?[.monthFirst] ?? 0
    return (layout, count, days == months ? nil : days < months ? .dayFirst : .monthFirst)
  }
}

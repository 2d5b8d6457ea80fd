import VigieCore

/// The text that LINE exports of a chat: the day on a line of its own, then time, name and text.
///
/// It holds no ids, no zone of its times and nothing of who can read the chat.
///
/// *Source:* exports as parsers on GitHub expect them, in Japanese, Chinese, Thai, Korean and English.
package struct LineExport: ArchiveFormat {
  package static let name = "line"
  package static let title = "LINE chat export (text)"

  private var files: ExportFiles<LineFile>

  /// Whether a head is a chat: a day, then lines with a time; the words at its top make it sure.
  private static func isExport(_ lines: [String]) -> (isExport: Bool, isSure: Bool) {
    guard let first = lines.first else { return (false, false) }
    let isSure = LineHeader.isTitle(first)
    let style = LineStyle(lines)
    guard style.dayCount > 0, style.messageCount > 0 else { return (false, false) }
    let known = style.dayCount + style.messageCount
    return (isSure || LineHeader.day(first) != nil && known * 2 >= lines.count, isSure)
  }

  package static func confidence(of probe: ArchiveProbe) -> Int {
    let found = probe.candidates(endingWith: ".txt").map { isExport(probe.lines(of: $0)) }
    return found.contains { $0.isSure && $0.isExport }
      ? 92 : found.contains { $0.isExport } ? 72 : 0
  }

  package init(_ tree: ArchiveTree, options: ArchiveOptions) throws(ArchiveError) {
    let members = tree.members(endingWith: ".txt", headByteCount: 1 << 16) {
      LineExport.isExport(headLines($0)).isExport
    }
    guard !members.isEmpty else {
      throw ArchiveError(
        .notAnArchive,
        path: tree.path,
        reason: "holds no chat of LINE",
        mend: "name the text that LINE made"
      )
    }
    var context = LineFile.Context(path: tree.path, limit: options.maxRecordByteCount)
    for member in members {
      context.styles[member.name] = LineStyle(headLines(tree.head(of: member, count: 1 << 16)))
    }
    files = ExportFiles(tree, members, context: context, options: options)
  }

  package var byteCountRead: Int { files.byteCountRead }
  package var totalByteCount: Int { files.totalByteCount }
  package var untakenMembers: [ArchiveTree.Member] { files.untakenMembers }

  package mutating func next() throws(ArchiveError) -> ArchiveItem? { files.next() }
}

/// How one phone writes the lines of a chat, learned from the first of them.
struct LineStyle {
  /// Whether tabs part time, name and text; blanks otherwise.
  private(set) var isTabbed = false
  /// Whether the month comes first where the year comes last.
  private(set) var isMonthFirst = false
  private(set) var dayCount = 0
  private(set) var messageCount = 0

  init(_ lines: [String]) {
    isTabbed = lines.contains { LineHeader.message($0, isTabbed: true) != nil }
    for line in lines {
      if let day = LineHeader.day(line) {
        dayCount += 1
        if day.isMonthFirst == true { isMonthFirst = true }
      } else if LineHeader.message(line, isTabbed: isTabbed) != nil {
        messageCount += 1
      }
    }
  }
}

/// What the start of a line says.
enum LineHeader {
  /// The numbers of a day, and whether the month comes first; `nil` where that cannot be told.
  struct Day {
    var numbers: [Int]
    var isMonthFirst: Bool?

    /// The day.
    func day(_ style: LineStyle) -> CivilTime? {
      let isMonthFirst = isMonthFirst ?? style.isMonthFirst
      let time =
        numbers[0] > 31
        ? CivilTime(year: numbers[0], month: numbers[1], day: numbers[2])
        : isMonthFirst
          ? CivilTime(year: numbers[2], month: numbers[0], day: numbers[1])
          : CivilTime(year: numbers[2], month: numbers[1], day: numbers[0])
      return time.isValid ? time : nil
    }
  }

  case day(Day)
  case message(hour: Int, minute: Int, sender: String?)

  /// Whether a line is the title of a chat.
  static func isTitle(_ line: String) -> Bool {
    line.drop { $0 == "\u{FEFF}" }.hasPrefix("[LINE]")
  }

  private static let weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]

  /// Reads `2024/01/15(Mon)`, `2015/12/26 Sat`, `2025.12.30 火曜日`, `Sat, 11/01/2025`.
  static func day(_ line: String) -> Day? {
    var scan = DigitScan(line.drop { $0 == "\u{FEFF}" })
    let weekday = scan.word().prefix(3)
    if !weekday.isEmpty {
      guard scan.take(", ") || scan.take(" ") else { return nil }
    }
    guard let first = scan.number(1...4) else { return nil }
    let mark = scan.next
    guard scan.take("/") || scan.take(".") || scan.take("-"), let second = scan.number(1...2),
      scan.next == mark, scan.take("/") || scan.take(".") || scan.take("-"),
      let third = scan.number(1...4)
    else { return nil }
    if scan.next == UInt8(ascii: ".") { _ = scan.take(".") }
    // What follows is the day of the week, and nothing else.
    let rest = scan.rest
    guard rest.utf8.count <= 40, !rest.contains(where: { $0.isNumber || $0 == ":" || $0 == "\t" })
    else { return nil }
    if first > 31 {
      let time = CivilTime(year: first, month: second, day: third)
      return time.isValid ? Day(numbers: [first, second, third]) : nil
    }
    guard third > 31, !weekday.isEmpty || !rest.isEmpty else { return nil }
    let monthFirst = CivilTime(year: third, month: first, day: second)
    let dayFirst = CivilTime(year: third, month: second, day: first)
    var day = Day(numbers: [first, second, third])
    switch (monthFirst.isValid, dayFirst.isValid) {
    case (false, false): return nil
    case (true, false): day.isMonthFirst = true
    case (false, true): day.isMonthFirst = false
    case (true, true):
      // The day of the week tells which of the two it is.
      if let number = weekdays.firstIndex(of: String(weekday)) {
        let isMonthFirst = monthFirst.weekday == number
        if isMonthFirst != (dayFirst.weekday == number) { day.isMonthFirst = isMonthFirst }
      }
    }
    return day
  }

  /// Reads `10:30⇥name⇥text`, `9:30AM⇥…`, `午後9:30⇥…`, and the same with blanks.
  static func message(
    _ line: String,
    isTabbed: Bool
  ) -> (hour: Int, minute: Int, sender: String?, rest: String)? {
    var scan = DigitScan(line)
    var isAfternoon = VigieArchives.dayHalf(scan.word())
    if scan.position > 0, isAfternoon == nil { return nil }
    scan.skipBlanks()
    guard var hour = scan.number(1...2), hour < 25, scan.take(":"),
      let minute = scan.number(2...2), minute < 60
    else { return nil }
    var ahead = scan
    ahead.skipBlanks()
    if let half = ahead.dayHalf() {
      isAfternoon = half
      scan = ahead
    }
    if let isAfternoon { hour = hour % 12 + (isAfternoon ? 12 : 0) }
    if hour == 24 { hour = 0 }
    guard isTabbed ? scan.take("\t") : scan.take(" ") else { return nil }
    let rest = scan.rest
    // Without tabs nothing parts the name from the text; what the service says has no name.
    guard isTabbed, let tab = rest.firstIndex(of: "\t") else { return (hour, minute, nil, rest) }
    let sender = String(rest[..<tab])
    let text = String(rest[rest.index(after: tab)...])
    return (hour, minute, sender.isEmpty ? nil : sender, text)
  }
}

/// One chat.
private struct LineFile: ExportFile {
  struct Context {
    let path: String
    let limit: Int
    var styles: [String: LineStyle] = [:]
  }

  private var records: LineRecords<LineHeader>
  private let source: SourceLocation
  private let style: LineStyle
  private var channel: Channel
  private var today: CivilTime?

  init(_ window: ByteWindow, source: SourceLocation, member: String, context: Context) {
    self.source = source
    let style = context.styles[member] ?? LineStyle([])
    self.style = style
    let name = LineFile.chatName(member)
    channel = Channel(id: name, name: name)
    records = LineRecords(window, limit: context.limit) { line in
      if let day = LineHeader.day(line), day.day(style) != nil { return (.day(day), "") }
      guard let found = LineHeader.message(line, isTabbed: style.isTabbed) else { return nil }
      return (
        .message(hour: found.hour, minute: found.minute, sender: found.sender), found.rest
      )
    }
  }

  /// The name of the chat, from the name of the file that holds it.
  private static func chatName(_ member: String) -> String {
    var name = Substring(member.split(separator: "/").last.map(String.init) ?? member)
    if let dot = name.lastIndex(of: "."), dot != name.startIndex { name = name[..<dot] }
    for prefix in ["[LINE]", "[LINE] ", "Chat with ", "Chat history with "]
    where name.hasPrefix(prefix) {
      name = name.dropFirst(prefix.count).drop { $0 == " " }
    }
    return withoutSuffix(name)
  }

  private static func withoutSuffix(_ name: Substring) -> String {
    for suffix in ["とのトーク履歴", "とのトーク", "のトーク履歴", "のトーク"] where name.hasSuffix(suffix) {
      return String(name.dropLast(suffix.count))
    }
    return String(name)
  }

  /// The name of the chat in its title, which stands in brackets of its language.
  private static func name(inTitle text: String) -> String? {
    let line = text.prefix { !$0.isNewline }.drop { $0 == "\u{FEFF}" }
    guard LineHeader.isTitle(String(line)) else { return nil }
    var name = line.dropFirst("[LINE]".count).drop { $0 == " " }
    for prefix in ["Chat history with ", "ประวัติการแชทกับ ", "ประวัติการสนทนากับ ", "與", "与"]
    where name.hasPrefix(prefix) {
      name = name.dropFirst(prefix.count)
    }
    for suffix in ["的聊天記錄", "的聊天记录", "님과 카톡 대화", "님과의 대화"] where name.hasSuffix(suffix) {
      name = name.dropLast(suffix.count)
    }
    let found = withoutSuffix(name)
    return found.isEmpty ? nil : found
  }

  var offset: Int { records.offset }

  mutating func next(_ media: inout MediaFiles) -> ArchiveItem? {
    while let item = records.next() {
      switch item {
      case .gap(let fault, let offset, let line): return source.gap(fault, at: offset, line: line)
      case .record(let record): if let item = take(record) { return item }
      }
    }
    return nil
  }

  private mutating func take(_ record: LineRecords<LineHeader>.Record) -> ArchiveItem? {
    let place = source.at(record.offset, line: record.line)
    var message = Message(id: "line-\(record.line)", channel: channel)
    if source.member != nil { message.id = "\(channel.id):\(record.line)" }
    switch record.header {
    case .day(let day):
      today = day.day(style) ?? today
      guard !record.text.allSatisfy(\.isWhitespace) else { return nil }
      message.body = record.text
    case nil:
      // The title, and when the chat was saved: what the channel says of itself.
      if let name = LineFile.name(inTitle: record.text) {
        channel.name = name
        message.channel = channel
      }
      message.id = "\(channel.id)-topic"
      message.body = record.text
      return .channel(message, source: place, byteCount: record.byteCount)
    case .message(let hour, let minute, let sender):
      message.sender = sender
      if var time = today {
        time.hour = hour
        time.minute = minute
        message.timestamp = time.text()
      }
      // A text of several lines stands in quotation marks.
      var text = record.text
      if text.contains("\n"), text.hasPrefix("\""), text.hasSuffix("\"") {
        text = String(text.dropFirst().dropLast())
      }
      message.body = text.isEmpty ? nil : text
      if LineFile.media.contains(text) {
        let content = Attachment.Content.missing(detail: "the file was left out of the export")
        message.attachments.append(Attachment(name: "", content: content))
      }
    }
    message.note(record.repairCount)
    return .message(message, source: place, byteCount: record.byteCount)
  }

  /// What stands where a file was; stickers are no files.
  private static let media: Set<String> = [
    "[Photo]", "[Video]", "[File]", "[Voice message]", "[Album]", "[写真]", "[動画]", "[ファイル]",
    "[ボイスメッセージ]", "[アルバム]", "[照片]", "[圖片]", "[影片]", "[檔案]", "[語音訊息]", "[사진]",
    "[동영상]", "[파일]", "[รูป]", "[วิดีโอ]", "[ไฟล์]",
  ]
}

extension CivilTime {
  /// The day of the week, 0 for Sunday.
  ///
  /// *Source:* Tomohiko Sakamoto's congruence for the Gregorian calendar.
  var weekday: Int {
    let offsets = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4]
    let year = month < 3 ? self.year - 1 : self.year
    return (year + year / 4 - year / 100 + year / 400 + offsets[month - 1] + day) % 7
  }
}

import VigieCore

/// Logs of IRC channels: a file or a folder of them.
///
/// They say neither zone nor who could join, and often the day in the file name alone.
package struct IRCLogs: ArchiveFormat {
  package static let name = "irc"
  package static let title = "IRC logs (irssi, WeeChat, ZNC, energymech, plain), a file or a folder"

  private var files: ExportFiles<IRCFile>

  /// Whether at least three lines in five of a head are lines of a log, and one says something; or, on a
  /// quiet day, whether nearly all say who came and went, and when.
  static func isLog(_ lines: [String]) -> Bool {
    let known = lines.compactMap(IRCLine.init)
    // A single line with a nick in angle brackets may be anything.
    let isTimed = known.contains { $0.time != nil }
    let isMarkup = known.contains { tags.contains($0.sender?.lowercased() ?? "") }
    let isSure = isTimed || known.count > 2 && !isMarkup
    let isQuiet =
      !known.isEmpty && known.allSatisfy { $0.sender == nil && ($0.isDay || $0.time != nil) }
    if isQuiet, isTimed, known.count * 5 >= lines.count * 4 { return true }
    return isSure && known.contains { $0.sender != nil } && known.count * 5 >= lines.count * 3
  }

  /// What stands in angle brackets at the start of lines of markup.
  private static let tags: Set<String> = [
    "html", "head", "body", "p", "div", "br", "ul", "li", "table", "tr", "td", "span", "pre",
  ]

  private static func isCandidate(_ member: ArchiveTree.Member) -> Bool {
    let name = member.baseName.lowercased()
    return [".log", ".txt", ".weechatlog", ".irclog"].contains { name.hasSuffix($0) }
      || !name.contains(".") || name.hasPrefix("#")
  }

  package static func confidence(of probe: ArchiveProbe) -> Int {
    let candidates = probe.members.lazy.filter { probe.isFile || isCandidate($0) }.prefix(8)
    let count = candidates.count { isLog(probe.lines(of: $0)) }
    return count > 0 && count * 2 >= candidates.count ? 70 : 0
  }

  package init(_ tree: ArchiveTree, options: ArchiveOptions) throws(ArchiveError) {
    let members = tree.members.filter {
      tree.isFile
        || IRCLogs.isCandidate($0) && IRCLogs.isLog(headLines(tree.head(of: $0, count: 1 << 14)))
    }
    guard !members.isEmpty else {
      throw ArchiveError(
        .notAnArchive,
        path: tree.path,
        reason: "holds no IRC log",
        mend: "name a log, or a folder of logs"
      )
    }
    let context = IRCFile.Context(
      path: tree.path,
      isFile: tree.isFile,
      limit: options.maxRecordByteCount
    )
    files = ExportFiles(tree, members, context: context, options: options)
  }

  package var byteCountRead: Int { files.byteCountRead }
  package var totalByteCount: Int { files.totalByteCount }
  package var untakenMembers: [ArchiveTree.Member] { files.untakenMembers }

  package mutating func next() throws(ArchiveError) -> ArchiveItem? { files.next() }
}

/// One log.
private struct IRCFile: ExportFile {
  struct Context {
    let path: String
    let isFile: Bool
    let limit: Int
  }

  private var records: LineRecords<IRCLine>
  private let source: SourceLocation
  private let channel: Channel
  private let prefix: String
  private var day: CivilTime?
  private var lastHour = 0

  init(_ window: ByteWindow, source: SourceLocation, member: String, context: Context) {
    self.source = source
    records = LineRecords(window, limit: context.limit, joinsLines: false) { line in
      IRCLine(line).map { ($0, line) }
    }
    let path = context.isFile ? context.path : member
    // Where the names of folders are days alone, the archive's own is that of the channel.
    let archive = context.path.split(separator: "/").last.map(String.init)
    let parts =
      (context.isFile ? [] : [archive].compactMap(\.self))
      + path.split(separator: "/").map(String.init)
    (channel, day) = IRCFile.place(
      context.isFile ? path.split(separator: "/").map(String.init) : parts
    )
    let base = path.split(separator: "/").last.map(String.init) ?? ""
    // Logs that are named after the day of the month alone have names that others have too.
    let stem = base.split(separator: ".").first.map(String.init) ?? base
    let isDay = IRCFile.isDay(stem) && CivilTime(inName: base) == nil
    prefix = context.isFile ? "line-" : "\(isDay ? path : base):"
  }

  var offset: Int { records.offset }

  mutating func next(_ media: inout MediaFiles) -> ArchiveItem? {
    guard let item = records.next() else { return nil }
    switch item {
    case .gap(let fault, let offset, let line): return source.gap(fault, at: offset, line: line)
    case .record(let record):
      var message = Message(id: "\(prefix)\(record.line)", channel: channel)
      if let line = record.header {
        message.sender = line.sender
        message.body = line.text.isEmpty ? nil : line.text
        message.timestamp = time(line)
      } else {
        // Whatever the line is, its text counts.
        message.body = IRCLine.plain(record.text)
      }
      message.note(record.repairCount)
      return .message(
        message,
        source: source.at(record.offset, line: record.line),
        byteCount: record.byteCount
      )
    }
  }

  /// The time of a line: its own day, or that of the lines before it and of the file name.
  private mutating func time(_ line: IRCLine) -> String? {
    if let date = line.date, date.year > 0 || day != nil {
      let year = date.year > 0 ? date.year : day?.year ?? 0
      let found = CivilTime(year: year, month: date.month, day: date.day)
      if found.isValid { day = found }
      lastHour = 0
    }
    guard var now = day, let time = line.time else { return nil }
    // Without a line that says so the day ends where the clock starts anew; an hour back is the end
    // of summer time.
    if line.date == nil, time.hour + 12 < lastHour {
      now = now.nextDay
      day = now
    }
    lastHour = time.hour
    now.hour = time.hour
    now.minute = time.minute
    now.second = time.second
    return now.text(zone: line.zone)
  }

  /// The channel and the day that the path of a log names.
  private static func place(_ parts: [String]) -> (Channel, CivilTime?) {
    guard var base = parts.last else { return (Channel(id: ""), nil) }
    let day = CivilTime(inName: base)
    for suffix in [".gz", ".txt", ".log", ".weechatlog", ".irclog"] where base.hasSuffix(suffix) {
      base = String(base.dropLast(suffix.count))
    }
    var name: String?
    if let part = parts.last(where: { $0.contains("#") }), let mark = part.firstIndex(of: "#") {
      name = String((part == parts.last ? base : part)[mark...])
    }
    let bare = isDay(name ?? base) ? "" : withoutDay(name ?? base)
    let folder = parts.dropLast().last { !isDay($0) && withoutDay($0) != "" }
    let id = bare.isEmpty ? folder ?? base : bare
    return (Channel(id: id, name: id), day)
  }

  /// Whether a name is the number of a day, month or year and nothing else.
  private static func isDay(_ name: String) -> Bool {
    name.utf8.allSatisfy { $0 &- 0x30 < 10 || "-_.".utf8.contains($0) }
  }

  /// A name without the digits of a date at its end, and what parts them.
  private static func withoutDay(_ name: String) -> String {
    guard CivilTime(inName: name) != nil else { return name }
    var text = Substring(name)
    while let last = text.last, last.isNumber || "-_. ".contains(last) { text.removeLast() }
    return String(text)
  }
}

extension CivilTime {
  /// The day that stands in a file name: `YYYY-MM-DD`, `YYYYMMDD`, `YYYY_MM_DD`.
  fileprivate init?(inName name: String) {
    let bytes = Array(name.utf8)
    for start in bytes.indices where start == 0 || bytes[start - 1] &- 0x30 >= 10 {
      var scan = DigitScan(Array(bytes[start...]))
      guard let year = scan.number(4...4), (1988...9999).contains(year) else { continue }
      _ = scan.take("-") || scan.take("_") || scan.take(".")
      guard let month = scan.number(2...2) else { continue }
      _ = scan.take("-") || scan.take("_") || scan.take(".")
      guard let day = scan.number(2...2), scan.next &- 0x30 >= 10 else { continue }
      self.init(year: year, month: month, day: day)
      if isValid { return }
    }
    return nil
  }

  /// The same time on the day after.
  fileprivate var nextDay: CivilTime {
    var next = self
    next.day += 1
    if next.isValid { return next }
    next.day = 1
    next.month += 1
    if next.month > 12 {
      next.month = 1
      next.year += 1
    }
    return next
  }
}

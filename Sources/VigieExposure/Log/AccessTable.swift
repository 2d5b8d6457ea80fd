/// Reads an access log that is a table: one request a line, with a head that names the columns.
///
/// Columns: `time` and `account`; then as far as they are known `action` (`messages`, `event`,
/// `members`, `join`, `sync`, `media`, `thumbnail`, `profile`, `search`), `room`, `event`, `media`,
/// `profile`, `count` (messages that were handed out), `status`, `bytes`, `address`.
struct AccessTable {
  private var columns: [String: Int] = [:]
  private let delimiter: UInt8
  private let zone: Int
  /// The most messages that one line can stand for, so that sums stay numbers.
  private static let maxCount = 1 << 31

  /// A reader for a table with this first line, or `nil` where it is no such head.
  init?(head: String, zone: Int) {
    self.zone = zone
    let bytes = Array(head.utf8)
    delimiter = [UInt8(ascii: ";"), 0x09].first { bytes.contains($0) } ?? UInt8(ascii: ",")
    for (index, name) in AccessTable.cells(head, delimiter).enumerated() {
      columns[name.lowercased()] = index
    }
    guard columns["time"] != nil, columns["account"] != nil else { return nil }
  }

  /// The request of a line, or `nil` where the line cannot be read.
  func request(_ line: String) -> LogEvidence.Request? {
    let cells = AccessTable.cells(line, delimiter)
    func cell(_ name: String) -> String? {
      guard let index = columns[name], index < cells.count, !cells[index].isEmpty else {
        return nil
      }
      return cells[index]
    }
    guard let time = cell("time").flatMap({ WrittenTime($0) }), let action = action(cell) else {
      return nil
    }
    // What stands there and is no number makes the line unreadable: it may have said anything.
    for name in ["status", "bytes", "count"] where cell(name).map({ Int($0) == nil }) == true {
      return nil
    }
    return LogEvidence.Request(
      time: time.clock - (time.zone ?? zone),
      account: cell("account") ?? "",
      address: cell("address"),
      status: cell("status").flatMap { Int($0) } ?? 200,
      byteCount: cell("bytes").flatMap { Int($0) } ?? 0,
      action: action
    )
  }

  private func action(_ cell: (String) -> String?) -> LogEvidence.Action? {
    let room = cell("room")
    let count = cell("count").flatMap { Int($0) }.map { min(max(0, $0), AccessTable.maxCount) }
    let named = cell("action")
    switch named ?? (cell("media") != nil ? "media" : cell("event") != nil ? "event" : "messages") {
    case "messages":
      // A request of which nobody counted the messages may have handed out any number.
      return room.map { .messages(room: $0, limit: count ?? AccessTable.maxCount, counted: count) }
    case "event":
      guard let room, let id = cell("event") else { return nil }
      return .event(room: room, id: id, around: 0)
    case "members": return room.map { .members(room: $0) }
    case "join": return room.map { .join(room: $0) }
    case "sync", "search": return .everyRoom
    case "media": return cell("media").map { .media(address: $0, isThumbnail: false) }
    case "thumbnail": return cell("media").map { .media(address: $0, isThumbnail: true) }
    case "profile": return cell("profile").map { .profile(account: $0) }
    default: return .other
    }
  }

  /// The cells of a line, quotes undone.
  ///
  /// *Source:* RFC 4180, §2; a line break within quotes is not read.
  private static func cells(_ line: String, _ delimiter: UInt8) -> [String] {
    var cells: [[UInt8]] = [[]]
    var isQuoted = false
    var wasQuote = false
    for byte in line.utf8 {
      if byte == UInt8(ascii: "\"") {
        if !isQuoted, wasQuote { cells[cells.count - 1].append(byte) }
        isQuoted.toggle()
        wasQuote = !isQuoted
        continue
      }
      wasQuote = false
      if byte == delimiter, !isQuoted {
        cells.append([])
      } else {
        cells[cells.count - 1].append(byte)
      }
    }
    return cells.map { String(decoding: $0, as: UTF8.self).trimmed }
  }
}

extension String {
  /// The text without blanks around it.
  var trimmed: String {
    let isBlank = { (character: Character) in
      character == " " || character == "\t" || character == "\r"
    }
    let rest = drop(while: isBlank)
    guard let end = rest.lastIndex(where: { !isBlank($0) }) else { return "" }
    return String(rest[...end])
  }
}

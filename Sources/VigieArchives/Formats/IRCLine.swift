/// One line of an IRC log, whatever client wrote it.
///
/// *Source:* logs of irssi, WeeChat, ZNC's log module, energymech, HexChat, Limnoria and dircproxy.
struct IRCLine {
  /// The date, where the line has one: year, month and day; the year is 0 where it has none.
  var date: (year: Int, month: Int, day: Int)?
  /// Hour, minute and second, where the line has them.
  var time: (hour: Int, minute: Int, second: Int)?
  /// `Z` or an offset, where the line says it.
  var zone = ""
  var sender: String?
  var text: String
  /// Whether the line says the day of the lines after it and nothing else.
  var isDay = false

  /// Reads a line.
  ///
  /// - Returns: The line, or `nil` where it is none of an IRC log.
  init?(_ line: String) {
    text = ""
    if let day = IRCLine.day(line) {
      date = day
      isDay = true
      text = line
      return
    }
    var scan = DigitScan(line)
    let isBracketed = scan.take("[")
    readDate(&scan, isBracketed: isBracketed)
    guard readTime(&scan, isBracketed: isBracketed) || date == nil else { return nil }
    var hasHalf = false
    if isBracketed {
      guard var time else { return nil }
      if let isAfternoon = scan.dayHalf() {
        hasHalf = true
        time.hour = time.hour % 12 + (isAfternoon ? 12 : 0)
        self.time = time
      }
      guard scan.take("]") else { return nil }
    }
    let hasTime = time != nil
    let isTabbed = scan.take("\t")
    if hasTime, !isTabbed, scan.skipBlanks() == 0 { return nil }
    let rest = scan.rest
    if isTabbed, date != nil, let tab = rest.firstIndex(of: "\t") {
      readFields(rest[..<tab], rest[rest.index(after: tab)...])
    } else if !readEvent(rest, hasTime: hasTime) {
      guard hasHalf, readPlainEvent(rest) else { return nil }
    }
    text = IRCLine.plain(text)
  }

  /// Reads `YYYY-MM-DD` or `MMM DD`, in brackets also `DD MMM`.
  private mutating func readDate(_ scan: inout DigitScan, isBracketed: Bool) {
    var ahead = scan
    if let year = ahead.number(4...4), ahead.take("-"), let month = ahead.number(2...2),
      ahead.take("-"), let day = ahead.number(2...2), ahead.take(" ") || ahead.take("T")
    {
      date = (year, month, day)
      scan = ahead
      return
    }
    ahead = scan
    if let month = IRCLine.month(ahead.word()), ahead.take(" "), let day = ahead.number(1...2),
      ahead.take(" ")
    {
      date = (0, month, day)
      scan = ahead
      return
    }
    ahead = scan
    if isBracketed, let day = ahead.number(1...2), ahead.take(" "),
      let month = IRCLine.month(ahead.word()), ahead.take(" ")
    {
      date = (0, month, day)
      scan = ahead
    }
  }

  /// Reads `HH:MM` or `HH:MM:SS`, also with a fraction, which is passed, and a zone.
  private mutating func readTime(_ scan: inout DigitScan, isBracketed: Bool) -> Bool {
    var ahead = scan
    guard let hour = ahead.number(isBracketed ? 1...2 : 2...2), hour < 24, ahead.take(":"),
      let minute = ahead.number(2...2), minute < 60
    else { return false }
    var second = 0
    if ahead.take(":") {
      guard let value = ahead.number(2...2), value <= 60 else { return false }
      second = value
      if ahead.take(".") { _ = ahead.digits() }
      readZone(&ahead)
    }
    time = (hour, minute, second)
    scan = ahead
    return true
  }

  /// Reads `Z`, `+0000` or `+00:00`.
  private mutating func readZone(_ scan: inout DigitScan) {
    if scan.take("Z") {
      zone = "Z"
      return
    }
    var ahead = scan
    guard let sign = ahead.take("+") ? "+" : ahead.take("-") ? "-" : nil,
      let hours = ahead.number(2...2), hours < 24
    else { return }
    _ = ahead.take(":")
    guard let minutes = ahead.number(2...2), minutes < 60 else { return }
    func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    zone = "\(sign)\(padded(hours)):\(padded(minutes))"
    scan = ahead
  }

  /// Reads the fields of WeeChat: a prefix and a text.
  private mutating func readFields(_ prefix: Substring, _ rest: Substring) {
    text = String(rest)
    switch prefix.filter({ $0 != " " }) {
    case "-->", "<--", "--", "=!=", "": return
    case "*": takeAction(rest)
    case let nick: sender = IRCLine.nick(nick[...])
    }
  }

  /// Reads what stands after the time.
  private mutating func readEvent(_ rest: String, hasTime: Bool) -> Bool {
    if rest.hasPrefix("<"), let end = rest.firstIndex(of: ">") {
      // dircproxy writes who it is with their host: `<nick!user@host>`.
      let name = rest[..<end].dropFirst().prefix { $0 != "!" || $0 == rest.dropFirst().first }
      guard !name.isEmpty, name.utf8.count <= 64 else { return false }
      sender = IRCLine.nick(name)
      var after = rest[rest.index(after: end)...]
      guard after.isEmpty || after.first == " " || after.first == "\t" else { return false }
      if !after.isEmpty { after.removeFirst() }
      text = String(after)
      unwrap()
      return true
    }
    guard hasTime else { return false }
    let event = rest.drop { $0 == " " }
    if event.hasPrefix("* ") {
      takeAction(event.dropFirst(2))
    } else if event.hasPrefix("*** ") || event.hasPrefix("-!- ") || event.hasPrefix("*\t") {
      text = String(event.dropFirst(event.hasPrefix("*\t") ? 2 : 4))
    } else if event.hasPrefix("--> ") || event.hasPrefix("<-- ") {
      text = String(event.dropFirst(4))
    } else if event.hasPrefix("-"), let end = event.dropFirst().firstIndex(of: "-"),
      event.distance(from: event.startIndex, to: end) < 64
    {
      // A notice: `-nick- text`, `-nick:#channel- text`.
      sender = IRCLine.nick(event[..<end].dropFirst().prefix { $0 != ":" })
      text = String(event[event.index(after: end)...].drop { $0 == " " })
    } else {
      return false
    }
    return true
  }

  /// Reads what Colloquy shows after a clock of twelve hours: `nick: text`, or what happened in words.
  private mutating func readPlainEvent(_ rest: String) -> Bool {
    let words = [" the chat room.", " is now known as ", " changed the topic "]
    if words.contains(where: rest.contains), rest.utf8.count < 512 {
      text = rest
      return true
    }
    guard let colon = rest.firstRange(of: ": "), colon.lowerBound > rest.startIndex else {
      return false
    }
    let name = rest[..<colon.lowerBound]
    guard name.utf8.count <= 64, !name.contains(" ") else { return false }
    sender = IRCLine.nick(name)
    text = String(rest[colon.upperBound...])
    return true
  }

  private mutating func takeAction(_ action: Substring) {
    sender = IRCLine.nick(action.prefix { $0 != " " })
    text = String(action)
  }

  /// Takes the author out of what a relay says: `<bridge> <nick> text`.
  private mutating func unwrap() {
    guard let relay = sender?.lowercased(),
      ["bridge", "relay", "discord", "matrix", "telegram", "slack", "gateway"].contains(
        where: relay.contains
      ), let open = text.first, open == "<" || open == "[",
      let end = text.firstIndex(of: open == "<" ? ">" : "]"),
      text.distance(from: text.startIndex, to: end) <= 64
    else { return }
    let name = text[..<end].dropFirst()
    if !name.isEmpty { sender = String(name) }
    text = String(text[text.index(after: end)...].drop { $0 == " " })
  }

  /// A nick without the sign of its rank in the channel.
  private static func nick(_ text: Substring) -> String {
    let name = text.drop { $0 == " " }
    let ranks: Set<Character> = ["@", "+", "%", "&", "~", "!"]
    let plain = name.first.map(ranks.contains) == true ? name.dropFirst() : name
    return IRCLine.plain(String(plain.isEmpty ? name : plain))
  }

  // MARK: - Days

  /// The day of a line such as `--- Day changed Thu Feb 27 2014`, `--- Log opened Wed Feb 26
  /// 00:00:00 2014`, `**** BEGIN LOGGING AT …` or `Session Start: …`, whatever its language: a year
  /// and the English short name of a month.
  private static func day(_ line: String) -> (year: Int, month: Int, day: Int)? {
    guard
      line.hasPrefix("--- ") || line.hasPrefix("**** ") || line.hasPrefix("Session ")
        || line.hasPrefix("-- ")
    else { return nil }
    let words = line.split(separator: " ").map(String.init)
    for index in words.indices {
      if let day = isoDay(words[index]) { return day }
      guard let month = month(words[index].lowercased()), index + 1 < words.count,
        let day = Int(words[index + 1].prefix { $0 != "," }),
        let year = words[(index + 2)...].lazy.compactMap({ Int($0) }).first(where: {
          (1988...9999).contains($0)
        })
      else { continue }
      return (year, month, day)
    }
    return nil
  }

  /// The day of a text in the form `YYYY-MM-DD`.
  private static func isoDay(_ text: String) -> (year: Int, month: Int, day: Int)? {
    guard text.utf8.count == 10, isoTime(text + "T00:00") != nil else { return nil }
    let parts = text.split(separator: "-").compactMap { Int($0) }
    return (parts[0], parts[1], parts[2])
  }

  private static func month(_ word: String) -> Int? {
    let names = [
      "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]
    return names.firstIndex(of: word).map { $0 + 1 }
  }

  // MARK: - Codes

  /// A text without the codes of colours and styles.
  ///
  /// *Source:* modern.ircdocs.horse/formatting: bold 02, colour 03 with numbers, hexadecimal colour
  /// 04, reset 0F, monospace 11, reverse 16, italic 1D, strike-through 1E, underline 1F.
  static func plain(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 < 0x20 && $0 != 9 }) else { return text }
    let bytes = Array(text.utf8)
    var output: [UInt8] = []
    var index = 0
    func isDigit(_ at: Int, hex: Bool = false) -> Bool {
      guard at < bytes.count else { return false }
      return bytes[at] &- 0x30 < 10 || hex && bytes[at] | 0x20 &- 0x61 < 6
    }
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      switch byte {
      case 2, 0x0F, 0x11, 0x16, 0x1D, 0x1E, 0x1F: break
      case 3:
        var count = 0
        while count < 2, isDigit(index) {
          index += 1
          count += 1
        }
        guard count > 0, index < bytes.count, bytes[index] == UInt8(ascii: ","), isDigit(index + 1)
        else { break }
        index += isDigit(index + 2) ? 3 : 2
      case 4:
        if (0..<6).allSatisfy({ isDigit(index + $0, hex: true) }) { index += 6 }
      default: output.append(byte)
      }
    }
    return String(decoding: output, as: UTF8.self)
  }
}

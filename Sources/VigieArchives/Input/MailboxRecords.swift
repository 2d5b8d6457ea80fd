import VigieCore

/// The mails of a mailbox, each from its line `From …` on.
///
/// *Source:* RFC 4155, appendix A; `>From` and `Content-Length` as mbox(5) of qmail and of Solaris
/// describe them.
struct MailboxRecords {
  /// One mail, or why there is none.
  enum Item {
    /// The mail lies in the window's bytes, its first line included.
    case mail(Range<Int>, offset: Int)
    case gap(SourceFault, offset: Int)
  }

  private(set) var window: ByteWindow
  private let limit: Int
  private var isFaultTold = false

  init(_ window: ByteWindow, limit: Int) {
    self.window = window
    self.limit = limit
  }

  /// The next mail, or `nil` at the end.
  mutating func next() -> Item? {
    guard window.count > 0 || window.fill() else {
      guard let fault = window.fault, !isFaultTold else { return nil }
      isFaultTold = true
      return .gap(fault, offset: window.offset)
    }
    let offset = window.offset
    var searched = statedEnd() ?? 0
    while true {
      if let (end, isStart) = newline(after: searched) {
        if isStart { return take(end, offset) }
        searched = end
        if searched > limit { return pass(offset) }
        continue
      }
      searched = max(searched, window.count - 1)
      if window.count > limit { return pass(offset) }
      guard window.fill() else { return take(window.count, offset) }
    }
  }

  private mutating func take(_ count: Int, _ offset: Int) -> Item {
    let range = window.start..<window.start + count
    window.consume(to: range.upperBound)
    return count > limit ? tooLong(offset) : .mail(range, offset: offset)
  }

  /// Passes a mail that is longer than the limit.
  private mutating func pass(_ offset: Int) -> Item {
    var searched = 0
    while true {
      if let (end, isStart) = newline(after: searched) {
        searched = end
        if isStart {
          window.consume(to: window.start + end)
          return tooLong(offset)
        }
        continue
      }
      // What was passed goes, but for the last line, before which a blank one may stand.
      let drop = max(0, window.count - 4)
      window.consume(to: window.start + drop)
      searched = 0
      guard window.fill() else {
        window.consume(to: window.bytes.count)
        return tooLong(offset)
      }
    }
  }

  private func tooLong(_ offset: Int) -> Item {
    .gap(
      SourceFault(reason: .limit, detail: "a mail is longer than \(limit) bytes"),
      offset: offset
    )
  }

  /// The next line break from a distance on, and whether a mail starts after it.
  ///
  /// - Returns: The distance of the byte after the break; `nil` where there is none in memory.
  private mutating func newline(after searched: Int) -> (end: Int, isStart: Bool)? {
    let first = window.start + searched
    guard first < window.bytes.count, let index = window.bytes[first...].firstIndex(of: 0x0A) else {
      return nil
    }
    let end = index + 1 - window.start
    while window.count < end + 5, window.fill() {}
    guard window.bytes[(window.start + end)...].starts(with: "From ".utf8) else {
      return (end, false)
    }
    // The rest of that line and the one after it.
    while window.count < end + 1024, window.fill() {}
    let lines = window.bytes[(window.start + end)...].prefix(1024)
      .split(separator: 0x0A, maxSplits: 2, omittingEmptySubsequences: false)
    guard MailboxRecords.isStart(lines[0]) else { return (end, false) }
    let before = window.bytes[window.start..<window.start + end - 1]
    let isAfterBlank =
      before.last == 0x0A || before.last == 0x0D && before.dropLast().last == 0x0A
    let isBeforeField = lines.count > 1 && MailHead(lines[1]).fieldCount == 1
    return (end, isAfterBlank || isBeforeField)
  }

  /// Whether a line that starts with `From ` goes on as one that starts a mail: with a time and a
  /// year in it.
  static func isStart(_ line: ArraySlice<UInt8>) -> Bool {
    guard line.starts(with: "From ".utf8) else { return false }
    let words = line.split { $0 <= 0x20 }
    let hasClock = words.contains { word in
      word.contains(UInt8(ascii: ":")) && word.first.map { $0 &- 0x30 < 10 } == true
    }
    let hasYear = words.contains { $0.count == 4 && $0.allSatisfy { $0 &- 0x30 < 10 } }
    return words.count >= 4 && hasClock && hasYear
  }

  /// How far the mail that is next goes at least, where its header states the length of its body and
  /// a mail starts there, or the mailbox ends.
  private mutating func statedEnd() -> Int? {
    while window.count < 1 << 16, window.fill() {}
    let head = MailHead(window.bytes[window.start...].prefix(1 << 16))
    guard let count = head.contentByteCount, count > 0, count <= limit else { return nil }
    let end = head.end - window.start + count
    while window.count < end + 64, window.fill() {}
    guard window.count >= end else { return nil }
    let rest = window.bytes[(window.start + end)...].prefix(64).drop { $0 == 0x0A || $0 == 0x0D }
    guard rest.isEmpty || rest.starts(with: "From ".utf8) else { return nil }
    return max(0, end - 2)
  }
}

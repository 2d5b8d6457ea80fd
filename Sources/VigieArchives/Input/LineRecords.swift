import VigieCore
import VigieJSON

/// Records of a text file: each starts with a line that has a header and goes on over lines without.
struct LineRecords<Header> {
  /// One record.
  struct Record {
    /// What the first line says; `nil` where lines stand before any header.
    var header: Header?
    /// What follows the header, and the lines after it.
    var text: String
    var offset: Int
    var line: Int
    var byteCount: Int
    /// How many bytes mean nothing in any encoding tried.
    var repairCount = 0
  }

  /// A record, or why there is none.
  enum Item {
    case record(Record)
    case gap(SourceFault, offset: Int, line: Int)
  }

  private var lines: LineStream
  private let limit: Int
  private let header: (String) -> (header: Header, rest: String)?
  private let joinsLines: Bool
  private var current: Record?
  private var pending: [Item] = []
  private var isEnded = false

  /// The records of a file.
  ///
  /// - Parameters:
  ///   - window: The file.
  ///   - limit: The longest record, bytes.
  ///   - joinsLines: Whether a line without a header belongs to the record before it.
  ///   - header: The header of a line and what follows it.
  init(
    _ window: ByteWindow,
    limit: Int,
    joinsLines: Bool = true,
    header: @escaping (String) -> (header: Header, rest: String)?
  ) {
    lines = LineStream(window)
    self.limit = limit
    self.joinsLines = joinsLines
    self.header = header
  }

  /// Bytes read so far.
  var offset: Int { lines.window.offset }

  /// The next record or gap, or `nil` at the end.
  mutating func next() -> Item? {
    while true {
      if !pending.isEmpty { return pending.removeFirst() }
      if isEnded { return nil }
      guard let line = lines.next(limit: limit) else {
        isEnded = true
        finish()
        if let fault = lines.window.fault {
          pending.append(.gap(fault, offset: offset, line: lines.line))
        }
        continue
      }
      switch line {
      case .tooLong(let offset, let number):
        finish()
        let fault = SourceFault(reason: .limit, detail: "a line is longer than \(limit) bytes")
        pending.append(.gap(fault, offset: offset, line: number))
      case .text(let range, let offset, let number): take(range, offset, number)
      }
    }
  }

  private mutating func take(_ range: Range<Int>, _ offset: Int, _ number: Int) {
    let (text, repairCount) = decodedLine(lines.window.bytes, in: range)
    let found = header(text)
    if found == nil, joinsLines, let record = current {
      guard record.byteCount + range.count <= limit else {
        finish()
        let fault = SourceFault(reason: .limit, detail: "a record is longer than \(limit) bytes")
        return pending.append(.gap(fault, offset: offset, line: number))
      }
      current?.text += "\n" + text
      current?.byteCount = offset + range.count - record.offset
      current?.repairCount += repairCount
      return
    }
    finish()
    if found == nil, text.allSatisfy(\.isWhitespace) { return }
    current = Record(
      header: found?.header,
      text: found?.rest ?? text,
      offset: offset,
      line: number,
      byteCount: range.count,
      repairCount: repairCount
    )
  }

  private mutating func finish() {
    guard var record = current else { return }
    current = nil
    while record.text.last?.isNewline == true { record.text.removeLast() }
    pending.append(.record(record))
  }
}

/// The text of a line: UTF-8, else Windows-1252, for files that mix both; and how many bytes are
/// neither.
///
/// *Source:* WHATWG Encoding Standard, index windows-1252.
func decodedLine(_ bytes: [UInt8], in range: Range<Int>) -> (text: String, repairCount: Int) {
  let (text, isRepaired) = repairedText(bytes, in: range)
  guard isRepaired else { return (text, 0) }
  var output = String.UnicodeScalarView()
  var repairCount = 0
  for byte in bytes[range] {
    let value = 0x80..<0xA0 ~= byte ? windows1252[Int(byte) - 0x80] : UInt32(byte)
    if value == 0xFFFD { repairCount += 1 }
    output.append(Unicode.Scalar(value) ?? "\u{FFFD}")
  }
  return (String(output), repairCount)
}

/// What the bytes 80…9F stand for.
private let windows1252: [UInt32] = [
  0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039,
  0x0152, 0xFFFD, 0x017D, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
  0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178,
]

/// The first lines of a head that are not blank, without the last, which may be cut.
func headLines(_ head: [UInt8], count: Int = 200) -> [String] {
  var ranges: [Range<Int>] = []
  var start = 0
  while start < head.count {
    if ranges.count == 4 * count {
      ranges.append(start..<head.count)
      break
    }
    let end = newline(head, from: start) ?? head.count
    if end > start { ranges.append(start..<end) }
    start = end + 1
  }
  if ranges.count > 1, head.last != 0x0A { ranges.removeLast() }
  var lines: [String] = []
  for range in ranges where lines.count < count {
    let end = head[range.upperBound - 1] == 0x0D ? range.upperBound - 1 : range.upperBound
    let line = decodedLine(head, in: range.lowerBound..<end).text
    if !line.allSatisfy(\.isWhitespace) { lines.append(line) }
  }
  return lines
}

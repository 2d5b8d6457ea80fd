import VigieCore

/// The documents of a file that mongodump wrote, one after the other, each as MongoDB's Extended JSON.
///
/// What reads mongoexport reads them so. Binary values are left out; their length is known to who asks for it.
///
/// *Source:* bsonspec.org, version 1.1; MongoDB Extended JSON v2.
struct BSONRecords {
  /// A document, or why there is none.
  enum Item {
    /// The document as JSON, its offset in the file and its length there, bytes.
    case document([UInt8], offset: Int, byteCount: Int)
    case gap(SourceFault, offset: Int)
  }

  private(set) var window: ByteWindow
  private let limit: Int
  private var isEnded = false

  /// The documents of a file, none longer than a limit.
  init(_ window: ByteWindow, limit: Int) {
    self.window = window
    self.limit = limit
  }

  /// The next document or gap, or `nil` at the end.
  ///
  /// Nothing marks where a document starts: after a length that cannot be, the rest of the file is lost.
  mutating func next() -> Item? {
    guard !isEnded else { return nil }
    while window.count < 4, window.fill() {}
    let offset = window.offset
    guard window.count > 0 else { return end(nil, offset) }
    guard window.count >= 4 else { return end(cut, offset) }
    let count = BSONRecords.int32(window.bytes, window.start)
    guard count >= 5 else {
      return end(
        SourceFault(reason: .corrupt, detail: "a document has a length that cannot be"),
        offset
      )
    }
    guard count <= limit else {
      return end(
        SourceFault(reason: .limit, detail: "a document is longer than \(limit) bytes"),
        offset
      )
    }
    while window.count < count, window.fill() {}
    guard window.count >= count else { return end(cut, offset) }
    let range = window.start..<window.start + count
    let json = BSONRecords.json(window.bytes, in: range)
    window.consume(to: range.upperBound)
    guard let json else {
      return .gap(SourceFault(reason: .corrupt, detail: "a document is damaged"), offset: offset)
    }
    return .document(json, offset: offset, byteCount: count)
  }

  private var cut: SourceFault {
    SourceFault(reason: .truncated, detail: "the file ends within a document")
  }

  private mutating func end(_ fault: SourceFault?, _ offset: Int) -> Item? {
    isEnded = true
    return (window.fault ?? fault).map { .gap($0, offset: offset) }
  }

  /// A document as JSON; `nil` where it is damaged.
  static func json(_ bytes: [UInt8], in range: Range<Int>) -> [UInt8]? {
    var reader = BSONReader(bytes, range)
    guard reader.document(isArray: false, depth: 0), reader.position == range.upperBound else {
      return nil
    }
    return reader.output
  }

  /// The first document of a head as JSON; `nil` where there is none.
  static func first(_ head: [UInt8]) -> [UInt8]? {
    guard head.count >= 5 else { return nil }
    let count = int32(head, 0)
    return count >= 5 && count <= head.count ? json(head, in: 0..<count) : nil
  }

  static func int32(_ bytes: [UInt8], _ at: Int) -> Int {
    let value = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[at + $1]) << (8 * UInt32($1)) }
    return Int(Int32(bitPattern: value))
  }
}

/// Reads one document and writes it as JSON.
private struct BSONReader {
  private let bytes: [UInt8]
  private(set) var position: Int
  private let end: Int
  private(set) var output: [UInt8] = []

  /// How deep documents may lie in another.
  ///
  /// *Source:* MongoDB Limits and Thresholds, "Nested Depth for BSON Documents".
  private static let depthLimit = 100

  init(_ bytes: [UInt8], _ range: Range<Int>) {
    self.bytes = bytes
    position = range.lowerBound
    end = range.upperBound
  }

  /// Reads a document or array; `false` where it is damaged.
  mutating func document(isArray: Bool, depth: Int) -> Bool {
    guard depth < BSONReader.depthLimit, end - position >= 5 else { return false }
    let count = BSONRecords.int32(bytes, position)
    guard count >= 5, count <= end - position else { return false }
    let stop = position + count - 1
    guard bytes[stop] == 0 else { return false }
    position += 4
    write(isArray ? "[" : "{")
    var isFirst = true
    while position < stop {
      let type = bytes[position]
      position += 1
      guard let name = cString(before: stop) else { return false }
      if !isFirst { write(",") }
      isFirst = false
      if !isArray {
        string(name)
        write(":")
      }
      guard value(type, before: stop, depth) else { return false }
    }
    guard position == stop else { return false }
    position += 1
    write(isArray ? "]" : "}")
    return true
  }

  private mutating func value(_ type: UInt8, before stop: Int, _ depth: Int) -> Bool {
    switch type {
    case 0x01:
      guard let bits = number(8, before: stop) else { return false }
      let value = Double(bitPattern: bits)
      write(value.isFinite ? "\(value)" : "null")
    case 0x02, 0x0D, 0x0E:
      guard let range = text(before: stop) else { return false }
      string(range)
    case 0x03, 0x04: return document(isArray: type == 4, depth: depth + 1)
    case 0x05:
      guard stop - position >= 5 else { return false }
      let count = BSONRecords.int32(bytes, position)
      guard count >= 0, count <= stop - position - 5 else { return false }
      position += 5 + count
      write("{\"$binary\":{\"byteCount\":\(count)}}")
    case 0x07:
      guard stop - position >= 12 else { return false }
      let digits = bytes[position..<position + 12].map {
        ($0 < 16 ? "0" : "") + String($0, radix: 16)
      }
      position += 12
      write("{\"$oid\":\"\(digits.joined())\"}")
    case 0x08:
      guard position < stop, bytes[position] < 2 else { return false }
      write(bytes[position] == 1 ? "true" : "false")
      position += 1
    case 0x09:
      guard let bits = number(8, before: stop) else { return false }
      write("{\"$date\":{\"$numberLong\":\"\(Int64(bitPattern: bits))\"}}")
    case 0x06, 0x0A, 0x7F, 0xFF: write("null")
    case 0x0B:
      guard let pattern = cString(before: stop), cString(before: stop) != nil else { return false }
      string(pattern)
    case 0x0C:
      guard let range = text(before: stop), stop - position >= 12 else { return false }
      position += 12
      string(range)
    case 0x0F:
      // Code with its scope, which nothing has written for years.
      guard stop - position >= 4 else { return false }
      let count = BSONRecords.int32(bytes, position)
      guard count >= 14, count <= stop - position else { return false }
      position += count
      write("null")
    case 0x10:
      guard let bits = number(4, before: stop) else { return false }
      write("\(Int32(truncatingIfNeeded: bits))")
    case 0x11, 0x12:
      guard let bits = number(8, before: stop) else { return false }
      write("\(Int64(bitPattern: bits))")
    case 0x13:
      guard stop - position >= 16 else { return false }
      position += 16
      write("null")
    default: return false
    }
    return true
  }

  private mutating func number(_ count: Int, before stop: Int) -> UInt64? {
    guard stop - position >= count else { return nil }
    defer { position += count }
    return (0..<count).reduce(0) { $0 | UInt64(bytes[position + $1]) << (8 * UInt64($1)) }
  }

  /// A string with its length before it and a zero after it.
  private mutating func text(before stop: Int) -> Range<Int>? {
    guard stop - position >= 5 else { return nil }
    let count = BSONRecords.int32(bytes, position)
    guard count >= 1, count <= stop - position - 4, bytes[position + 3 + count] == 0 else {
      return nil
    }
    defer { position += 4 + count }
    return position + 4..<position + 3 + count
  }

  private mutating func cString(before stop: Int) -> Range<Int>? {
    guard let end = bytes[position..<stop].firstIndex(of: 0) else { return nil }
    defer { position = end + 1 }
    return position..<end
  }

  private mutating func write(_ text: String) { output += text.utf8 }

  /// Writes a string; bytes that are no UTF-8 stay for who reads the JSON.
  private mutating func string(_ range: Range<Int>) {
    output.append(UInt8(ascii: "\""))
    for byte in bytes[range] {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): output += [UInt8(ascii: "\\"), byte]
      case 0..<0x20:
        output += Array((byte < 16 ? "\\u000" : "\\u00").utf8) + String(byte, radix: 16).utf8
      default: output.append(byte)
      }
    }
    output.append(UInt8(ascii: "\""))
  }
}

import VigieCore
import VigieJSON

/// JSON objects of any origin: one a line, one after the other, or in one array.
///
/// Lines in (`check-line`) are read in full; other objects by the common names of their keys
/// (``FieldNames``). An object with no text under such a name is scanned in every string it holds.
package struct JSONLines: ArchiveFormat {
  package static let name = "jsonl"
  package static let title = "JSON lines, or an array of JSON objects"

  private let options: ArchiveOptions
  private let member: String?
  package let totalByteCount: Int
  /// The file by lines, where each line holds whole values; empty otherwise.
  private var lines = LineStream(.empty)
  /// The file by values, where lines do not matter; empty otherwise.
  private var values = JSONStream(.empty)
  private let isByLine: Bool
  private var isInArray = false
  private var rows: JSONRow
  /// What is left of the line being read, with its place.
  private var rest: (range: Range<Int>, start: Int, offset: Int, line: Int)?
  private var isEnded = false

  package static func confidence(of probe: ArchiveProbe) -> Int {
    guard probe.isFile else { return 0 }
    let head = probe.head
    let name = probe.path.lowercased()
    let isNamed = [".jsonl", ".ndjson", ".json"].contains { name.hasSuffix($0) }
    guard let first = firstByte(head) else { return isNamed ? 20 : 0 }
    guard first == UInt8(ascii: "{") || first == UInt8(ascii: "["), isOpening(head) else {
      return isNamed ? 20 : 0
    }
    // Who names lines of JSON so means records; a .json may be anything.
    if name.hasSuffix(".jsonl") || name.hasSuffix(".ndjson") { return 66 }
    return isNamed ? 60 : 45
  }

  package init(_ tree: ArchiveTree, options: ArchiveOptions) throws(ArchiveError) {
    let file = try tree.onlyFile(mend: "name one file of JSON lines")
    self.options = options
    member = tree.reportedName(file)
    totalByteCount = file.byteCount
    rows = JSONRow(
      try options.table(path: tree.path),
      folder: tree.folder
    )
    do {
      let window = ByteWindow(try tree.open(file))
      let head = window.bytes[window.start...]
      let first = head.first { $0 > 0x20 }
      isInArray = first == UInt8(ascii: "[")
      isByLine = !isInArray && !(first == UInt8(ascii: "{") && JSONLines.isSpread(head))
      if isByLine {
        lines = LineStream(window)
      } else {
        values = JSONStream(window)
        if isInArray, values.peek() != nil { values.skip() }
      }
    } catch {
      throw ArchiveError(
        .unreadable,
        path: tree.path,
        reason: error.detail,
        mend: "check who may read it"
      )
    }
  }

  /// Whether the first line of a head opens an object that a later line closes.
  private static func isSpread(_ head: ArraySlice<UInt8>) -> Bool {
    let text = head.drop { $0 <= 0x20 }
    guard let end = text.firstIndex(of: 0x0A) else { return false }
    var scan = ValueScan()
    _ = scan.scan(Array(text[..<end]).span, from: 0)
    return scan.state == .within
  }

  /// Whether a head starts as JSON does: lines of many logs start with a bracket too.
  private static func isOpening(_ head: [UInt8]) -> Bool {
    let text = head.drop { $0 != UInt8(ascii: "{") && $0 != UInt8(ascii: "[") }
    guard let next = text.dropFirst().first(where: { $0 > 0x20 }) else { return true }
    let isObject = text.first == UInt8(ascii: "{")
    return (isObject ? "\"}" : "{[\"]").utf8.contains(next)
  }

  private static func firstByte(_ bytes: [UInt8]) -> UInt8? {
    bytes.first { $0 > 0x20 && $0 != 0xEF && $0 != 0xBB && $0 != 0xBF }
  }

  package var byteCountRead: Int { isByLine ? lines.window.offset : values.window.offset }

  package var ignoredFields: [String] { rows.ignored }

  package mutating func next() throws(ArchiveError) -> ArchiveItem? {
    while !isEnded {
      if let item = isByLine ? nextInLine() : nextValue() { return item }
    }
    return nil
  }

  private mutating func nextInLine() -> ArchiveItem? {
    if rest == nil {
      guard let line = lines.next(limit: options.maxRecordByteCount) else {
        isEnded = true
        return lines.window.fault.map { gap($0, lines.window.offset, nil) }
      }
      switch line {
      case .tooLong(let offset, let number):
        let detail = "a line is longer than \(options.maxRecordByteCount) bytes"
        return gap(SourceFault(reason: .limit, detail: detail), offset, number)
      case .text(let range, let offset, let number):
        rest = (range, range.lowerBound, offset, number)
      }
    }
    guard let (range, start, offset, number) = rest else { return nil }
    rest = nil
    var reader = JSONReader(lines.window.bytes, in: range)
    guard reader.skipWhitespace() != nil else { return nil }
    let first = reader.position
    do {
      let id = range.lowerBound == start ? "line-\(number)" : "line-\(number)-\(first - start)"
      var message = try rows.message(&reader, id)
      let end = reader.position
      if reader.repairCount > 0, let western = western(lines.window.bytes, in: first..<end) {
        message = try western.message(&rows, id)
      }
      if reader.skipWhitespace() != nil {
        rest = (reader.position..<range.upperBound, start, offset, number)
      }
      return .message(
        message,
        source: SourceLocation(member: member, byteOffset: offset + first - start, line: number),
        byteCount: end - first
      )
    } catch {
      let isCut = error.reason == .unexpectedEnd && lines.window.count == 0
      let fault = SourceFault(
        reason: isCut ? .truncated : .corrupt,
        detail: "a line \(error.reason.rawValue)"
      )
      return gap(fault, offset + first - start, number)
    }
  }

  private mutating func nextValue() -> ArchiveItem? {
    let limit = options.maxRecordByteCount
    guard let value = values.element(limit: limit, isOpenEnded: !isInArray) else {
      isInArray = values.peek() == UInt8(ascii: "[")
      if isInArray { values.skip() }
      isEnded = values.peek() == nil
      return nil
    }
    switch value {
    case .gap(let fault, let offset): return gap(fault, offset, nil)
    case .record(let range, let offset, let isDoubtful):
      var reader = JSONReader(values.window.bytes, in: range)
      do {
        var message = try rows.message(&reader, "offset-\(offset)")
        try reader.finish()
        if reader.repairCount > 0, let western = western(values.window.bytes, in: range) {
          message = try western.message(&rows, "offset-\(offset)")
        }
        return .message(
          message,
          source: SourceLocation(member: member, byteOffset: offset),
          byteCount: range.count
        )
      } catch {
        if isDoubtful { return nil }
        let fault = SourceFault(reason: .corrupt, detail: "a record \(error.reason.rawValue)")
        return gap(fault, offset, nil)
      }
    }
  }

  private func gap(_ fault: SourceFault, _ offset: Int, _ line: Int?) -> ArchiveItem {
    .gap(
      Gap(place: .body, reason: fault.reason, detail: fault.detail),
      source: SourceLocation(member: member, byteOffset: offset, line: line)
    )
  }
}

/// A record that is no UTF-8, in UTF-8.
private struct WesternRecord {
  let bytes: [UInt8]

  /// The message of the record.
  func message(_ rows: inout JSONRow, _ fallbackID: String) throws(JSONError) -> Message {
    var reader = JSONReader(bytes)
    return try rows.message(&reader, fallbackID)
  }
}

/// The record of a range read as Windows-1252; `nil` where it is UTF-8, or where some bytes mean nothing
/// there either.
private func western(_ bytes: [UInt8], in range: Range<Int>) -> WesternRecord? {
  guard String(validating: bytes[range], as: UTF8.self) == nil else { return nil }
  let (text, repairCount) = decodedLine(bytes, in: range)
  return repairCount == 0 ? WesternRecord(bytes: Array(text.utf8)) : nil
}

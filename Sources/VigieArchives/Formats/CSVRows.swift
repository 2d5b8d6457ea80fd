import VigieCore

/// The rows of a CSV file, each with its cells.
struct CSVRows {
  /// One row, or why it could not be read.
  enum Row {
    case cells([String], isRepaired: Bool, offset: Int, line: Int)
    case gap(SourceFault, offset: Int, line: Int)
  }

  private(set) var window: ByteWindow
  private let delimiter: UInt8
  private var line = 1
  /// How often a quote that never ends may still be mended by going on with the next line.
  private var mendsLeft = 16
  private var isFaultTold = false

  init(_ window: ByteWindow) {
    self.window = window
    delimiter = CSVRows.delimiter(window)
  }

  /// The delimiter most frequent in the first line outside quotes; a comma where there is none.
  private static func delimiter(_ window: ByteWindow) -> UInt8 {
    var counts: [UInt8: Int] = [:]
    var isQuoted = false
    for byte in window.bytes[window.start...] {
      if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
      if isQuoted { continue }
      if byte == 0x0A { break }
      counts[byte, default: 0] += 1
    }
    var best = UInt8(ascii: ",")
    for candidate in [UInt8(ascii: ";"), 0x09, UInt8(ascii: "|")]
    where counts[candidate, default: 0] > counts[best, default: 0] { best = candidate }
    return best
  }

  /// The next row, or `nil` at the end.
  mutating func next(limit: Int) -> Row? {
    guard window.count > 0 || window.fill() else {
      guard let fault = window.fault, !isFaultTold else { return nil }
      isFaultTold = true
      return .gap(fault, offset: window.offset, line: line)
    }
    let offset = window.offset
    let first = line
    var scan = RowScan(delimiter: delimiter)
    var scanned = 0
    while true {
      let end = scan.scan(window.bytes.span, from: window.start + scanned)
      scanned = end - window.start
      if scan.isComplete { break }
      if scanned > limit {
        return mended(
          SourceFault(reason: .limit, detail: "a row is longer than \(limit) bytes"),
          offset
        )
      }
      if window.fill() { continue }
      if scan.isQuoted {
        let detail = "a row opens a quote that is never closed"
        return mended(SourceFault(reason: .truncated, detail: detail), offset)
      }
      break
    }
    let range = window.start..<window.start + scanned
    line += scan.lineBreakCount
    if range.count > limit {
      window.consume(to: range.upperBound)
      let fault = SourceFault(reason: .limit, detail: "a row is longer than \(limit) bytes")
      return .gap(fault, offset: offset, line: first)
    }
    let (cells, isRepaired) = cells(in: range)
    window.consume(to: range.upperBound)
    return .cells(cells, isRepaired: isRepaired, offset: offset, line: first)
  }

  /// Gives up a row: goes on with the line after its first, or, once too often, with the end.
  private mutating func mended(_ fault: SourceFault, _ offset: Int) -> Row {
    let first = line
    var lines = LineStream(window)
    if mendsLeft > 0 {
      mendsLeft -= 1
      line += 1
      _ = lines.next(limit: 0)
      window = lines.window
      return .gap(fault, offset: offset, line: first)
    }
    window.consume(to: window.bytes.count)
    while window.fill() { window.consume(to: window.bytes.count) }
    let detail = "\(fault.detail); the rest of the file was not read"
    return .gap(SourceFault(reason: fault.reason, detail: detail), offset: offset, line: first)
  }

  /// The cells of a row with its line break.
  private func cells(in range: Range<Int>) -> ([String], isRepaired: Bool) {
    var cells: [String] = []
    var isRepaired = false
    var cell: [UInt8] = []
    var isQuoted = false
    var isAtStart = true
    func finish() {
      let (text, repairCount) = decodedLine(cell, in: cell.indices)
      cells.append(text)
      isRepaired = isRepaired || repairCount > 0
      cell.removeAll(keepingCapacity: true)
      isAtStart = true
    }
    var end = range.upperBound
    if end > range.lowerBound, window.bytes[end - 1] == 0x0A { end -= 1 }
    if end > range.lowerBound, window.bytes[end - 1] == 0x0D { end -= 1 }
    var index = range.lowerBound
    while index < end {
      let byte = window.bytes[index]
      index += 1
      if isQuoted {
        if byte != UInt8(ascii: "\"") {
          cell.append(byte)
        } else if index < end, window.bytes[index] == UInt8(ascii: "\"") {
          cell.append(byte)
          index += 1
        } else {
          isQuoted = false
        }
      } else if byte == delimiter {
        finish()
      } else if byte == UInt8(ascii: "\""), isAtStart {
        isQuoted = true
        isAtStart = false
      } else {
        cell.append(byte)
        isAtStart = false
      }
    }
    finish()
    return (cells, isRepaired)
  }
}

/// Finds the end of a row, piece by piece.
private struct RowScan {
  let delimiter: UInt8
  private(set) var isComplete = false
  private(set) var isQuoted = false
  private(set) var lineBreakCount = 0
  private var isAtStart = true
  /// Whether the byte before was a quote that closed.
  private var isClosed = false

  init(delimiter: UInt8) { self.delimiter = delimiter }

  /// Scans bytes from an index to the end; returns the index after the row, or the end.
  mutating func scan(_ bytes: Span<UInt8>, from first: Int) -> Int {
    for index in first..<bytes.count {
      let byte = bytes[index]
      if byte == 0x0A {
        lineBreakCount += 1
        if !isQuoted {
          isComplete = true
          return index + 1
        }
      }
      if isQuoted {
        // A doubled quote closes and opens again, which comes to the same.
        isQuoted = byte != UInt8(ascii: "\"")
        isClosed = !isQuoted
        isAtStart = false
        continue
      } else if byte == UInt8(ascii: "\""), isAtStart || isClosed {
        isQuoted = true
      } else {
        isAtStart = byte == delimiter
      }
      isClosed = false
    }
    return bytes.count
  }
}

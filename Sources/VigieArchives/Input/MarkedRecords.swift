import Glibc
import VigieCore

/// Pieces of a file between occurrences of a mark: what stands before the first, then each mark with
/// what follows it.
struct MarkedRecords {
  /// One piece, or why there is none.
  enum Item {
    /// The piece lies in the window's bytes.
    case piece(Range<Int>, offset: Int)
    case gap(SourceFault, offset: Int)
  }

  private(set) var window: ByteWindow
  private let mark: [UInt8]
  private let limit: Int
  private var isFaultTold = false

  init(_ window: ByteWindow, mark: String, limit: Int) {
    self.window = window
    self.mark = Array(mark.utf8)
    self.limit = limit
  }

  /// The next piece, or `nil` at the end.
  mutating func next() -> Item? {
    guard window.count > 0 || window.fill() else {
      guard let fault = window.fault, !isFaultTold else { return nil }
      isFaultTold = true
      return .gap(fault, offset: window.offset)
    }
    let offset = window.offset
    var searched = 1
    while true {
      if let index = find(from: window.start + searched) { return take(to: index, offset) }
      searched = max(1, window.count - mark.count + 1)
      if window.count > limit { return pass(offset) }
      guard window.fill() else { return take(to: window.bytes.count, offset) }
    }
  }

  private mutating func take(to index: Int, _ offset: Int) -> Item {
    let range = window.start..<index
    window.consume(to: index)
    if range.count > limit { return tooLong(offset) }
    return .piece(range, offset: offset)
  }

  /// Passes a piece that is longer than the limit.
  private mutating func pass(_ offset: Int) -> Item {
    while true {
      if let index = find(from: window.start + 1) {
        window.consume(to: index)
        return tooLong(offset)
      }
      window.consume(to: max(window.start, window.bytes.count - mark.count + 1))
      guard window.fill() else {
        window.consume(to: window.bytes.count)
        return tooLong(offset)
      }
    }
  }

  private func tooLong(_ offset: Int) -> Item {
    .gap(
      SourceFault(reason: .limit, detail: "a record is longer than \(limit) bytes"),
      offset: offset
    )
  }

  private func find(from index: Int) -> Int? {
    unsafe window.bytes.withUnsafeBytes { buffer -> Int? in
      guard let base = buffer.baseAddress, let first = mark.first else { return nil }
      var from = index
      while from + mark.count <= buffer.count {
        guard let found = unsafe memchr(base + from, CInt(first), buffer.count - from) else {
          return nil
        }
        let start = unsafe UnsafeRawPointer(found) - base
        guard start + mark.count <= buffer.count else { return nil }
        let isMark = unsafe mark.withUnsafeBytes { sought in
          guard let sought = sought.baseAddress else { return false }
          return unsafe memcmp(base + start, sought, mark.count) == 0
        }
        if isMark { return start }
        from = start + 1
      }
      return nil
    }
  }
}

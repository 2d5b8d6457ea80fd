import Glibc

/// Lines of a stream, of any length, without holding more than the limit.
struct LineStream {
  /// One line, without its line break.
  enum Line {
    /// The line lies in the window's bytes.
    case text(Range<Int>, offset: Int, line: Int)
    /// The line is longer than the limit and was passed.
    case tooLong(offset: Int, line: Int)
  }

  private(set) var window: ByteWindow
  /// The 1-based number of the next line.
  private(set) var line = 1

  init(_ window: ByteWindow) { self.window = window }

  /// The next line, or `nil` at the end.
  mutating func next(limit: Int) -> Line? {
    let offset = window.offset
    var searched = 0
    while true {
      let from = window.start + searched
      if let index = newline(window.bytes, from: from) {
        let range = window.start..<index
        window.consume(to: index + 1)
        line += 1
        return range.count > limit
          ? .tooLong(offset: offset, line: line - 1)
          : .text(trimmed(range), offset: offset, line: line - 1)
      }
      searched = window.count
      if searched > limit { return skipLine(offset) }
      guard window.fill() else { break }
    }
    guard window.count > 0 else { return nil }
    let range = window.start..<window.bytes.count
    window.consume(to: window.bytes.count)
    line += 1
    return .text(trimmed(range), offset: offset, line: line - 1)
  }

  private mutating func skipLine(_ offset: Int) -> Line {
    line += 1
    while true {
      if let index = newline(window.bytes, from: window.start) {
        window.consume(to: index + 1)
        break
      }
      window.consume(to: window.bytes.count)
      guard window.fill() else { break }
    }
    return .tooLong(offset: offset, line: line - 1)
  }

  private func trimmed(_ range: Range<Int>) -> Range<Int> {
    guard let last = range.last, window.bytes[last] == 0x0D else { return range }
    return range.lowerBound..<last
  }
}

/// The index of the first line feed at or after an index.
func newline(_ bytes: [UInt8], from index: Int) -> Int? {
  unsafe bytes.withUnsafeBytes { buffer -> Int? in
    guard let base = buffer.baseAddress, index < buffer.count else { return nil }
    guard let found = unsafe memchr(base + index, 0x0A, buffer.count - index) else { return nil }
    return unsafe UnsafeRawPointer(found) - base
  }
}

/// Cuts a stream of bytes into lines, of which it holds no more than one.
package struct LineCutter {
  /// A line without its end.
  package enum Line: Equatable {
    case whole([UInt8])
    /// One over the limit, of which nothing is kept.
    case tooLong
  }

  private let limit: Int
  private var held: [UInt8] = []
  /// Where the line after the last one that was given starts.
  private var start = 0
  /// How far it was looked for the end of that line.
  private var searched = 0
  /// Whether the beginning of the current line was thrown away.
  private var isCut = false

  /// A cutter of lines up to a length, bytes without the line feed.
  package init(limit: Int) { self.limit = limit }

  /// Takes in what comes next.
  package mutating func add(_ bytes: some Sequence<UInt8>) {
    if start > 0 {
      held.removeFirst(start)
      searched -= start
      start = 0
    }
    held.append(contentsOf: bytes)
  }

  /// The next line that has ended, without its end; `nil` where there is none yet.
  package mutating func next() -> Line? {
    guard let end = held[searched...].firstIndex(of: 0x0A) else {
      searched = held.count
      if searched - start > limit {
        isCut = true
        held.removeAll()
        (start, searched) = (0, 0)
      }
      return nil
    }
    let line = take(upTo: end)
    (start, searched) = (end + 1, end + 1)
    return line
  }

  /// What stands after the last line feed; `nil` where nothing does.
  package mutating func last() -> Line? {
    guard start < held.count || isCut else { return nil }
    defer { (start, searched) = (held.count, held.count) }
    return take(upTo: held.count)
  }

  private mutating func take(upTo end: Int) -> Line {
    defer { isCut = false }
    if isCut || end - start > limit { return .tooLong }
    let isCarriageReturn = end > start && held[end - 1] == 0x0D
    return .whole(Array(held[start..<(isCarriageReturn ? end - 1 : end)]))
  }
}

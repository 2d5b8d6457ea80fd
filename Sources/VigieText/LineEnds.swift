import Glibc

/// The ends of lines in bytes.
extension Span where Element == UInt8 {
  /// The line feeds in a range: how many, and the last one.
  ///
  /// - Parameter range: UTF-8 bytes, half-open.
  /// - Returns: Their number, and the byte at which the last stands; -1 for none.
  package func lineFeeds(in range: Range<Int>) -> (count: Int, last: Int) {
    precondition(range.lowerBound >= 0 && range.upperBound <= self.count)
    let bytes = unsafe self.bytes
    var count = 0
    var last = -1
    var index = range.lowerBound
    while index &+ 8 <= range.upperBound {
      // In bounds: checked above, as is the last byte.
      let block = unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: index, as: UInt64.self)
      let found = zeros(UInt64(littleEndian: block) ^ lineFeedBytes)
      if found != 0 {
        count &+= found.nonzeroBitCount
        last = index &+ 7 &- found.leadingZeroBitCount / 8
      }
      index &+= 8
    }
    while index < range.upperBound {
      if self[index] == 0x0A {
        count &+= 1
        last = index
      }
      index &+= 1
    }
    return (count, last)
  }

  /// The first line feed from a byte on; `nil` where there is none.
  package func lineFeed(from start: Int) -> Int? {
    precondition(start >= 0 && start <= count)
    return unsafe withUnsafeBufferPointer { bytes in
      // In bounds: checked above.
      guard let base = bytes.baseAddress,
        let found = unsafe memchr(base + start, 0x0A, bytes.count - start)
      else { return nil }
      return unsafe UnsafeRawPointer(found) - UnsafeRawPointer(base)
    }
  }

  /// The first line feed or carriage return from a byte on, or the end of the text.
  package func lineEnd(from start: Int) -> Int { lineEnd(from: start, to: count) }

  /// The same up to another byte, which is the answer where there is none before it.
  package func lineEnd(from start: Int, to end: Int) -> Int {
    precondition(start >= 0 && start <= end && end <= count)
    let bytes = unsafe self.bytes
    var index = start
    while index &+ 8 <= end {
      // In bounds: checked above, as is the last byte.
      let block = unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: index, as: UInt64.self)
      let found =
        zeros(UInt64(littleEndian: block) ^ lineFeedBytes)
        | zeros(UInt64(littleEndian: block) ^ carriageReturnBytes)
      if found != 0 { return index &+ found.trailingZeroBitCount / 8 }
      index &+= 8
    }
    while index < end, self[index] != 0x0A, self[index] != 0x0D { index &+= 1 }
    return index
  }

  /// The byte after the last line feed or carriage return before one, not before another, which is the answer where there
  /// is none.
  package func lineStart(before end: Int, from start: Int) -> Int {
    precondition(start >= 0 && start <= end && end <= count)
    let bytes = unsafe self.bytes
    var index = end
    while index &- 8 >= start {
      // In bounds: checked above.
      let block = unsafe bytes.unsafeLoadUnaligned(
        fromUncheckedByteOffset: index &- 8,
        as: UInt64.self
      )
      let found =
        zeros(UInt64(littleEndian: block) ^ lineFeedBytes)
        | zeros(UInt64(littleEndian: block) ^ carriageReturnBytes)
      if found != 0 { return index &- found.leadingZeroBitCount / 8 }
      index &-= 8
    }
    while index > start, self[index - 1] != 0x0A, self[index - 1] != 0x0D { index &-= 1 }
    return index
  }
}

private let lineFeedBytes: UInt64 = 0x0A0A_0A0A_0A0A_0A0A
private let carriageReturnBytes: UInt64 = 0x0D0D_0D0D_0D0D_0D0D

/// The highest bit of each of eight bytes that is zero, and no other bit: no carry passes from one to the next.
@inline(__always)
func zeros(_ block: UInt64) -> UInt64 {
  let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
  return ~((block & low) &+ low | block | low)
}

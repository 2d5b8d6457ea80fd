/// The part of a stream that is in memory: filled at its end, consumed at its start.
struct ByteWindow {
  private let source: any ByteSource
  private let chunkByteCount: Int
  /// What was read and not yet dropped; the unread part starts at ``start``.
  private(set) var bytes: [UInt8] = []
  /// The index of the first byte not consumed.
  private(set) var start = 0
  private var droppedByteCount = 0
  private var isAtEnd = false
  /// Why the stream stopped before its end.
  private(set) var fault: SourceFault?

  init(_ source: any ByteSource, chunkByteCount: Int = 1 << 18) {
    self.source = source
    self.chunkByteCount = chunkByteCount
    _ = fill()
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { consume(to: 3) }
  }

  /// The offset in the stream of the first byte not consumed.
  var offset: Int { droppedByteCount + start }

  /// How many bytes are in memory and not consumed.
  var count: Int { bytes.count - start }

  /// Reads more; indices into ``bytes`` taken before are no longer good, distances from ``start``
  /// are.
  ///
  /// - Returns: Whether bytes came.
  mutating func fill() -> Bool {
    guard !isAtEnd else { return false }
    if start > 0 {
      bytes.removeSubrange(..<start)
      droppedByteCount += start
      start = 0
    }
    if bytes.capacity - bytes.count < chunkByteCount {
      bytes.reserveCapacity(max(2 * bytes.count, bytes.count + chunkByteCount))
    }
    do {
      if try source.read(chunkByteCount, into: &bytes) > 0 { return true }
    } catch {
      fault = error
    }
    isAtEnd = true
    return false
  }

  /// Consumes everything before an index of ``bytes``.
  mutating func consume(to index: Int) { start = index }
}

extension ByteWindow {
  /// A stream without bytes.
  static var empty: ByteWindow { ByteWindow(MemorySource([])) }
}

/// Bytes already in memory.
final class MemorySource: ByteSource {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) { rest = bytes[...] }

  func read(_ count: Int, into bytes: inout [UInt8]) throws(SourceFault) -> Int {
    let head = rest.prefix(count)
    bytes.append(contentsOf: head)
    rest = rest.dropFirst(head.count)
    return head.count
  }
}

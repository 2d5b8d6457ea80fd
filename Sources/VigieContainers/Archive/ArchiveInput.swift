/// The bytes libarchive reads, block by block: perhaps a header made anew, then what a source gives.
@safe final class ArchiveInput {
  private var head: [UInt8]
  private let source: (inout [UInt8]) -> Bool
  /// What libarchive looks at until it asks for more; never moved meanwhile.
  private var block: UnsafeMutableBufferPointer<UInt8>

  /// An input.
  ///
  /// - Parameters:
  ///   - head: What comes first; empty for nothing.
  ///   - source: Puts the next bytes into an empty array; leaves it empty at the end. `false` where
  ///     they cannot be read.
  init(head: [UInt8] = [], _ source: @escaping (inout [UInt8]) -> Bool) {
    self.head = head
    self.source = source
    unsafe block = .allocate(capacity: 1 << 16)
  }

  deinit { unsafe block.deallocate() }

  /// Fills the block.
  ///
  /// - Returns: Where it starts and how much it holds; 0 at the end, less than 0 on failure.
  func next() -> (UnsafeRawPointer?, Int) {
    var bytes: [UInt8] = []
    if !head.isEmpty {
      swap(&bytes, &head)
    } else if !source(&bytes) {
      return (nil, -1)
    }
    if unsafe bytes.count > block.count {
      unsafe block.deallocate()
      unsafe block = .allocate(capacity: bytes.count)
    }
    _ = unsafe block.update(fromContentsOf: bytes)
    return unsafe (UnsafeRawPointer(block.baseAddress), bytes.count)
  }
}

/// Hands libarchive the next block of an ``ArchiveInput``.
func readArchiveInput(
  _ archive: OpaquePointer?,
  _ client: UnsafeMutableRawPointer?,
  _ buffer: UnsafeMutablePointer<UnsafeRawPointer?>?
) -> Int {
  guard let client = unsafe client, let buffer = unsafe buffer else { return -1 }
  let input = unsafe Unmanaged<ArchiveInput>.fromOpaque(client).takeUnretainedValue()
  let (start, count) = unsafe input.next()
  unsafe buffer.pointee = unsafe start
  return count
}

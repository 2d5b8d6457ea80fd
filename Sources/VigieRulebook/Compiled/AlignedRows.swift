/// Rows of a table that is looked up at random, each within one line of the cache where its size is a power of two.
///
/// An array starts where its header ends, in the middle of a line, so that every other row lies in two.
@safe
struct AlignedRows<Row: BitwiseCopyable & Sendable>: ~Copyable, @unchecked Sendable {
  /// The bytes of a line of the cache.
  private static var lineCount: Int { 64 }

  private let rows: UnsafeMutablePointer<Row>
  let count: Int

  /// The rows of a list.
  init(_ list: [Row]) {
    count = list.count
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: max(1, list.count) * MemoryLayout<Row>.stride,
      alignment: AlignedRows.lineCount
    )
    unsafe rows = memory.bindMemory(to: Row.self, capacity: max(1, list.count))
    for index in list.indices { unsafe rows[index] = list[index] }
  }

  deinit { unsafe UnsafeMutableRawPointer(rows).deallocate() }

  @inline(__always)
  subscript(_ index: Int) -> Row {
    precondition(UInt(bitPattern: index) < UInt(bitPattern: count))
    return unsafe rows[index]
  }
}

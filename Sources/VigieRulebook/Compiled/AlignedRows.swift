import Glibc

/// Rows of a table that is looked up at random, each within one line of the cache where its size is a power of two.
///
/// An array starts where its header ends, in the middle of a line, so that every other row lies in two. A great table lies
/// in great pages where the system has any: to find its page takes longer than to read a row.
@safe
struct AlignedRows<Row: BitwiseCopyable & Sendable>: ~Copyable, @unchecked Sendable {
  /// The bytes of a line of the cache.
  private static var lineCount: Int { 64 }
  /// The bytes of a great page, and of the least table that gets some.
  ///
  /// *Source:* Linux, admin-guide/mm/transhuge, for x86-64 and for arm64 with pages of 4 KiB.
  private static var pageCount: (bytes: Int, least: Int) { (2 << 20, 1 << 20) }

  private let rows: UnsafeMutablePointer<Row>
  let count: Int

  /// The rows of a list.
  init(_ list: [Row]) {
    count = list.count
    let byteCount = max(1, list.count) * MemoryLayout<Row>.stride
    let page = AlignedRows.pageCount
    let isGreat = byteCount >= page.least
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: isGreat ? (byteCount + page.bytes - 1) / page.bytes * page.bytes : byteCount,
      alignment: isGreat ? page.bytes : AlignedRows.lineCount
    )
    // Where there are none it stays in small ones: nothing but time is lost.
    if isGreat { _ = unsafe madvise(memory, byteCount, MADV_HUGEPAGE) }
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

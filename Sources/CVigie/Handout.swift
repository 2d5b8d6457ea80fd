import CVigieHeader
import Glibc

/// Memory that goes to the caller, who gives it to `vigie_free`.
enum Handout {
  /// Copies bytes and adds a NUL.
  ///
  /// - Parameters:
  ///   - bytes: What the caller gets.
  ///   - out: Where its address goes; nothing happens where it is `NULL`.
  /// - Returns: Whether there was memory for it.
  @unsafe static func give(
    _ bytes: [UInt8],
    to out: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
  ) -> Bool {
    guard let out = unsafe out else { return true }
    guard let memory = unsafe malloc(bytes.count + 1) else { return false }
    unsafe bytes.withUnsafeBytes { source in
      if let start = source.baseAddress { unsafe memcpy(memory, start, source.count) }
    }
    unsafe memory.storeBytes(of: 0, toByteOffset: bytes.count, as: UInt8.self)
    unsafe out.pointee = memory.assumingMemoryBound(to: CChar.self)
    return true
  }
}

/// Text that comes from the caller.
enum Handin {
  /// The bytes of a range of memory.
  @unsafe static func bytes(_ start: UnsafePointer<CChar>, _ count: Int) -> [UInt8] {
    unsafe Array(UnsafeRawBufferPointer(start: start, count: count))
  }

  /// The bytes of a string that ends with NUL.
  @unsafe static func bytes(_ string: UnsafePointer<CChar>) -> [UInt8] {
    unsafe bytes(string, strlen(string))
  }
}

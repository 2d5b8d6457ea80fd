import CSandbox
import Glibc

/// An open file, socket or process that is closed when the value ends.
package struct Descriptor: ~Copyable, Sendable {
  /// The number, valid as long as the value.
  package let number: CInt

  /// Takes over an open descriptor.
  package init(owning number: CInt) { self.number = number }

  deinit { if number >= 0 { close(number) } }

  /// Gives the descriptor away without closing it.
  package consuming func release() -> CInt {
    let number = number
    discard self
    return number
  }
}

// MARK: - Memory files

extension Descriptor {
  /// A new file without a name that lies in memory.
  ///
  /// - Parameter name: What the kernel shows of it in `/proc`; no name of a document.
  /// - Returns: The file, empty.
  /// - Throws: `SystemFailure` where there is no memory or descriptor for it.
  package static func memoryFile(_ name: StaticString) throws(SystemFailure) -> Descriptor {
    let number = unsafe sandbox_memory_file("\(name)")
    return Descriptor(owning: try SystemFailure.check("no file in memory can be made", number))
  }

  /// A memory file with bytes that nobody can change any more.
  package static func memoryFile(
    _ name: StaticString,
    holding bytes: UnsafeRawBufferPointer
  ) throws(SystemFailure) -> Descriptor {
    let file = try memoryFile(name)
    var written = 0
    while written < bytes.count {
      let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[written...])
      let count = unsafe write(file.number, rest.baseAddress, rest.count)
      if count < 0, errno == EINTR { continue }
      written += try SystemFailure.check("a file in memory cannot be written", count)
    }
    try file.seal()
    return file
  }

  /// Makes the length and the bytes of a memory file final.
  ///
  /// - Throws: `SystemFailure` where somebody has it mapped for writing.
  package borrowing func seal() throws(SystemFailure) {
    _ = try SystemFailure.check("a file in memory cannot be sealed", sandbox_seal(number))
  }

  /// The length of a file, bytes.
  package borrowing func fileByteCount() throws(SystemFailure) -> Int {
    var status = stat()
    let result = unsafe fstat(number, &status)
    _ = try SystemFailure.check("a file cannot be looked at", result)
    return Int(status.st_size)
  }
}

// MARK: - Waiting

/// Which of two descriptors has something to say: bytes to read, or that its other side is gone.
package struct Awaited: OptionSet, Sendable {
  package let rawValue: CInt
  package init(rawValue: CInt) { self.rawValue = rawValue }

  package static let first = Awaited(rawValue: 1)
  package static let second = Awaited(rawValue: 2)

  /// Waits for two descriptors.
  ///
  /// - Parameters:
  ///   - first: A descriptor.
  ///   - second: Another, or `nil`.
  ///   - milliseconds: How long, at most; `nil` for ever.
  /// - Returns: Those with something to say; none at the end of the time, or after a signal.
  package static func wait(
    _ first: CInt,
    _ second: CInt? = nil,
    milliseconds: Int? = nil
  ) -> Awaited {
    let time = milliseconds.map { CInt(clamping: max(0, $0)) } ?? -1
    let bits = sandbox_await(first, second ?? -1, time)
    return bits < 0 ? [] : Awaited(rawValue: bits)
  }
}

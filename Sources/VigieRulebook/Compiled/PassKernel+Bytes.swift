import CVigieKernel
import VigieText

// What `Tools/kernel/emulated.c` reads: it passes over the same texts on another processor and must find the same bytes.

extension PassKernel {
  /// The tables as bytes: the struct of all, whose pointers mean nothing elsewhere, each table in the order in which the
  /// struct has them, and the descriptions of all scalars; before each how many bytes it takes, in eight bytes.
  package var bytes: [UInt8] {
    var bytes: [UInt8] = []
    unsafe bytes.appendCounted(
      UnsafeRawBufferPointer(start: tables, count: MemoryLayout<vigie_tables>.size)
    )
    for number in unsafe memory.blocks.indices {
      unsafe bytes.appendCounted(UnsafeRawBufferPointer(memory.blocks[number]))
    }
    let scalars = (0..<UInt32(VIGIE_ROW_COUNT) * UInt32(VIGIE_ROW)).map(KernelAlphabet.description)
    unsafe scalars.withUnsafeBytes { unsafe bytes.appendCounted($0) }
    return bytes
  }
}

extension PassScratch {
  /// All that was found in the last segment.
  ///
  /// - Parameter isDone: What ``PassKernel/Lent/pass(_:from:_:_:)`` returned.
  /// - Returns: How many there are of each, four bytes a count, and then all of them; four zeros where the pass told nothing.
  package func bytes(isDone: Bool) -> [UInt8] {
    guard isDone else { return [UInt8](repeating: 0, count: 4) }
    let found = unsafe result.pointee
    var bytes: [UInt8] = []
    for count in unsafe [
      UInt32(VIGIE_DONE.rawValue), found.met, found.compared_count, found.anchor_count,
      found.event_count, found.look_count, found.sign_count, found.script_count, found.run_count,
      found.digit_count,
    ] {
      unsafe withUnsafeBytes(of: count) { unsafe bytes.append(contentsOf: $0) }
    }
    func append<Value>(_ values: UnsafePointer<Value>, _ count: UInt32) {
      unsafe bytes.append(
        contentsOf: UnsafeRawBufferPointer(
          start: values,
          count: Int(count) * MemoryLayout<Value>.stride
        )
      )
    }
    unsafe append(found.events, found.event_count)
    unsafe append(found.looks, found.look_count)
    unsafe append(found.signs, found.sign_count)
    unsafe append(found.scripts, found.script_count)
    unsafe append(found.runs, found.run_count)
    unsafe append(found.digits, found.digit_count)
    return bytes
  }
}

extension [UInt8] {
  /// Appends bytes, and before them how many there are.
  package mutating func appendCounted(_ bytes: UnsafeRawBufferPointer) {
    unsafe Swift.withUnsafeBytes(of: UInt64(bytes.count)) { unsafe append(contentsOf: $0) }
    unsafe append(contentsOf: bytes)
  }
}

/// Writes values one after another into bytes: variable-length numbers, and each text only once.
struct ByteWriter {
  private(set) var bytes: [UInt8] = []
  private var texts: [String: Int] = [:]

  mutating func byte(_ value: UInt8) { bytes.append(value) }

  /// A number that is not negative, seven bits a byte, lowest first.
  mutating func number(_ value: Int) {
    precondition(value >= 0, "only counts and offsets are written")
    var rest = UInt64(value)
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  mutating func double(_ value: Double) {
    for shift in stride(from: UInt64(0), to: 64, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: value.bitPattern >> shift))
    }
  }

  /// Eight bytes, lowest first.
  mutating func fixed(_ value: UInt64) {
    for shift in stride(from: UInt64(0), to: 64, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: value >> shift))
    }
  }

  mutating func flag(_ value: Bool) { byte(value ? 1 : 0) }

  /// A text: 0, length and UTF-8 the first time, its number from 1 on after that.
  mutating func text(_ value: String) {
    if let known = texts[value] {
      number(known)
      return
    }
    texts[value] = texts.count + 1
    number(0)
    number(value.utf8.count)
    bytes.append(contentsOf: value.utf8)
  }

  mutating func list<Element>(
    _ values: [Element],
    _ write: (inout ByteWriter, Element) -> Void
  ) {
    number(values.count)
    for value in values { write(&self, value) }
  }

  /// Numbers of one width as they lie in memory: a cache is read where it was written.
  mutating func array<Number: FixedWidthInteger & BitwiseCopyable>(_ values: [Number]) {
    number(values.count)
    unsafe values.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
  }

  mutating func optional<Value>(
    _ value: Value?,
    _ write: (inout ByteWriter, Value) -> Void
  ) {
    flag(value != nil)
    if let value { write(&self, value) }
  }
}

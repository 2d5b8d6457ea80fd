/// The bytes are not what a ``ByteWriter`` of this version wrote.
struct MalformedBytes: Error {}

/// Reads back what ``ByteWriter`` wrote, believing nothing: every length is checked against the
/// bytes that are there before anything is reserved for it.
struct ByteReader {
  private let bytes: [UInt8]
  private var offset: Int
  private var texts: [String] = []

  init(_ bytes: [UInt8], from offset: Int = 0) {
    self.bytes = bytes
    self.offset = offset
  }

  /// Whether every byte was read.
  var isAtEnd: Bool { offset == bytes.count }

  mutating func byte() throws(MalformedBytes) -> UInt8 {
    guard offset < bytes.count else { throw MalformedBytes() }
    defer { offset += 1 }
    return bytes[offset]
  }

  mutating func number() throws(MalformedBytes) -> Int {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 63, by: 7) {
      let byte = try byte()
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return Int(value) }
    }
    throw MalformedBytes()
  }

  mutating func double() throws(MalformedBytes) -> Double {
    let value = Double(bitPattern: try fixed())
    guard value.isFinite else { throw MalformedBytes() }
    return value
  }

  /// A number of a smaller type.
  mutating func number<Number: FixedWidthInteger>(
    below type: Number.Type
  ) throws(MalformedBytes) -> Number {
    guard let number = Number(exactly: try number()) else { throw MalformedBytes() }
    return number
  }

  /// Eight bytes, lowest first.
  mutating func fixed() throws(MalformedBytes) -> UInt64 {
    guard bytes.count - offset >= 8 else { throw MalformedBytes() }
    defer { offset += 8 }
    return unsafe UInt64(
      littleEndian: bytes.span.bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
    )
  }

  mutating func flag() throws(MalformedBytes) -> Bool {
    switch try byte() {
    case 0: false
    case 1: true
    default: throw MalformedBytes()
    }
  }

  mutating func text() throws(MalformedBytes) -> String {
    let known = try number()
    if known > 0 {
      guard known <= texts.count else { throw MalformedBytes() }
      return texts[known - 1]
    }
    let count = try count()
    guard let text = String(validating: bytes[offset..<offset + count], as: UTF8.self) else {
      throw MalformedBytes()
    }
    offset += count
    texts.append(text)
    return text
  }

  /// A length: no element takes less than a byte, so none is greater than what is left.
  private mutating func count() throws(MalformedBytes) -> Int {
    let count = try number()
    guard count <= bytes.count - offset else { throw MalformedBytes() }
    return count
  }

  mutating func list<Element>(
    _ read: (inout ByteReader) throws(MalformedBytes) -> Element
  ) throws(MalformedBytes) -> [Element] {
    let count = try count()
    var values: [Element] = []
    // A hostile count within the bytes left must not reserve an element for each of them.
    values.reserveCapacity(min(count, 4096))
    for _ in 0..<count { values.append(try read(&self)) }
    return values
  }

  /// Numbers of one width, by one copy.
  mutating func array<Number: FixedWidthInteger & BitwiseCopyable>() throws(MalformedBytes)
    -> [Number]
  {
    let count = try number()
    let width = MemoryLayout<Number>.stride
    guard count <= (bytes.count - offset) / width else { throw MalformedBytes() }
    let from = offset..<offset + count * width
    offset = from.upperBound
    return unsafe [Number](unsafeUninitializedCapacity: count) { numbers, filled in
      unsafe bytes.withUnsafeBytes { all in
        unsafe UnsafeMutableRawBufferPointer(numbers)
          .copyMemory(from: UnsafeRawBufferPointer(rebasing: all[from]))
      }
      filled = count
    }
  }

  mutating func optional<Value>(
    _ read: (inout ByteReader) throws(MalformedBytes) -> Value
  ) throws(MalformedBytes) -> Value? {
    try flag() ? try read(&self) : nil
  }

  /// A value of an enumeration by its name.
  mutating func named<Value>(
    _ value: (String) -> Value?
  ) throws(MalformedBytes) -> Value {
    guard let found = value(try text()) else { throw MalformedBytes() }
    return found
  }
}

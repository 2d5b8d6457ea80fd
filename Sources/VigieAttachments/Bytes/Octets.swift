import VigieDocuments

/// A part of a document's bytes whose every access is checked: what lies outside is `nil`, never a
/// trap, because every offset in a hostile document is a lie until it was compared.
///
/// Offsets count from the start of the part. Integers are little-endian, as in the formats of
/// Microsoft.
struct Octets: Sendable {
  /// The bytes of which this is a part; shared, not copied.
  let storage: [UInt8]
  /// The part, within the storage.
  let range: Range<Int>

  /// All of an array.
  init(_ bytes: [UInt8]) {
    storage = bytes
    range = 0..<bytes.count
  }

  /// A copy of a document.
  init(_ bytes: RawSpan) { self.init(unsafe bytes.withUnsafeBytes { unsafe Array($0) }) }

  private init(storage: [UInt8], range: Range<Int>) {
    self.storage = storage
    self.range = range
  }

  /// The length in bytes.
  var count: Int { range.count }

  /// The bytes as an array of their own.
  var array: [UInt8] { range.count == storage.count ? storage : Array(storage[range]) }

  /// The bytes as a slice of the storage.
  var bytes: ArraySlice<UInt8> { storage[range] }

  /// The part of some length at an offset, or `nil` where it is not all there.
  func slice(_ offset: Int, _ count: Int) -> Octets? {
    guard offset >= 0, count >= 0, offset <= range.count, count <= range.count - offset else {
      return nil
    }
    let start = range.lowerBound + offset
    return Octets(storage: storage, range: start..<start + count)
  }

  /// What is there of the part of some length at an offset.
  func clamped(_ offset: Int, _ count: Int = .max) -> Octets {
    let start = range.lowerBound + max(0, min(offset, range.count))
    let end = start + max(0, min(count, range.upperBound - start))
    return Octets(storage: storage, range: start..<end)
  }

  /// The byte at an offset.
  @inline(__always)
  subscript(_ offset: Int) -> UInt8? {
    offset >= 0 && offset < range.count ? storage[range.lowerBound + offset] : nil
  }

  /// The byte at an offset, as an integer.
  @inline(__always)
  func u8(_ offset: Int) -> Int? {
    offset >= 0 && offset < range.count ? Int(storage[range.lowerBound + offset]) : nil
  }

  /// The unsigned integer of 16 bits at an offset.
  @inline(__always)
  func u16(_ offset: Int) -> Int? {
    guard offset >= 0, range.count >= 2, offset <= range.count - 2 else { return nil }
    let start = range.lowerBound + offset
    return Int(storage[start]) | Int(storage[start + 1]) << 8
  }

  /// The unsigned integer of 32 bits at an offset.
  @inline(__always)
  func u32(_ offset: Int) -> Int? {
    guard let low = u16(offset), let high = u16(offset &+ 2) else { return nil }
    return low | high << 16
  }

  /// The 64 bits at an offset.
  func u64(_ offset: Int) -> UInt64? {
    guard let low = u32(offset), let high = u32(offset &+ 4) else { return nil }
    return UInt64(low) | UInt64(high) << 32
  }

  /// The bytes up to the first NUL, or all of them.
  var untilNUL: Octets {
    clamped(0, (bytes.firstIndex(of: 0) ?? range.upperBound) - range.lowerBound)
  }

  /// Whether the bytes start with some others.
  func starts(with prefix: [UInt8]) -> Bool {
    count >= prefix.count && bytes.starts(with: prefix)
  }

  /// The UTF-16 of the bytes as UTF-8; a lone surrogate and a last odd byte become U+FFFD.
  var utf16Decoded: [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(count / 2 + count / 8)
    var offset = 0
    while let unit = u16(offset) {
      offset += 2
      if unit < 0x80 {
        result.append(UInt8(unit))
      } else if unit & 0xFC00 == 0xD800, let low = u16(offset), low & 0xFC00 == 0xDC00 {
        offset += 2
        result.append(scalar: UInt32(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)))
      } else {
        result.append(scalar: UInt32(unit))
      }
    }
    if offset < count { result.append(scalar: 0xFFFD) }
    return result
  }
}

extension [UInt8] {
  /// Adds the UTF-8 of a scalar; U+FFFD where the value is none.
  mutating func append(scalar value: UInt32) {
    let value = Unicode.Scalar(value)?.value ?? 0xFFFD
    switch value {
    case ..<0x80: append(UInt8(value))
    case ..<0x800:
      append(0xC0 | UInt8(value >> 6))
      append(0x80 | UInt8(value & 0x3F))
    case ..<0x10000:
      append(0xE0 | UInt8(value >> 12))
      append(0x80 | UInt8(value >> 6 & 0x3F))
      append(0x80 | UInt8(value & 0x3F))
    default:
      append(0xF0 | UInt8(value >> 18))
      append(0x80 | UInt8(value >> 12 & 0x3F))
      append(0x80 | UInt8(value >> 6 & 0x3F))
      append(0x80 | UInt8(value & 0x3F))
    }
  }

  /// Adds the UTF-8 of a string.
  mutating func append(_ text: String) { append(contentsOf: text.utf8) }

  /// The bytes without white space and NUL at both ends.
  var trimmed: [UInt8] {
    guard let first = firstIndex(where: { $0 > 0x20 }), let last = lastIndex(where: { $0 > 0x20 })
    else { return [] }
    return Array(self[first...last])
  }

  /// The UTF-8 as a string, damaged sequences repaired.
  var string: String { String(decoding: self, as: UTF8.self) }
}

extension UInt8 {
  /// The letter in lower case, where it is one of ASCII.
  var lowercased: UInt8 { self >= 0x41 && self <= 0x5A ? self | 0x20 : self }

  /// The value of a hexadecimal digit.
  var hexValue: UInt8? {
    switch self {
    case 0x30...0x39: self - 0x30
    case 0x41...0x46: self - 0x37
    case 0x61...0x66: self - 0x57
    default: nil
    }
  }

  /// Whether it is a digit of ASCII.
  var isDigit: Bool { self >= 0x30 && self <= 0x39 }
  /// Whether it is a letter of ASCII.
  var isLetter: Bool { self | 0x20 >= 0x61 && self | 0x20 <= 0x7A }
}

/// The strings of Excel's records.
///
/// *Source:* [MS-XLS] §2.5.293 (XLUnicodeRichExtendedString), §2.5.294 (XLUnicodeString); before
/// BIFF8 a string is bytes of the code page.
struct BIFFText {
  /// Whether strings are Unicode, as since Excel 97.
  var isUnicode: Bool
  /// The code page of strings that are bytes.
  var codePage: Int

  /// The string of a known number of characters at an offset, and where it ends.
  func text(_ record: Octets, at offset: Int, count: Int) -> (text: [UInt8], end: Int) {
    guard isUnicode else {
      let bytes = record.clamped(offset, count)
      return (decode(bytes), offset + count)
    }
    guard let flags = record.u8(offset) else { return ([], record.count) }
    var start = offset + 1
    var tail = 0
    if flags & 8 != 0 {
      tail += (record.u16(start) ?? 0) * 4
      start += 2
    }
    if flags & 4 != 0 {
      tail += record.u32(start) ?? 0
      start += 4
    }
    let byteCount = flags & 1 != 0 ? count * 2 : count
    let bytes = record.clamped(start, byteCount)
    return (BIFFText.decode(bytes, isWide: flags & 1 != 0), start + byteCount + tail)
  }

  /// A string after its length of 16 bits.
  func long(_ record: Octets, at offset: Int) -> (text: [UInt8], end: Int) {
    guard let count = record.u16(offset) else { return ([], record.count) }
    return text(record, at: offset + 2, count: count)
  }

  /// A string after its length of 8 bits.
  func short(_ record: Octets, at offset: Int) -> (text: [UInt8], end: Int) {
    guard let count = record.u8(offset) else { return ([], record.count) }
    return text(record, at: offset + 1, count: count)
  }

  /// Characters of a byte each in the code page.
  func decode(_ bytes: Octets) -> [UInt8] {
    Charset.decode(bytes.bytes, codePage) ?? Charset.decode(bytes.bytes, Charset.western) ?? []
  }

  /// Characters of Unicode, whose upper bytes are left out where all are zero.
  static func decode(_ bytes: Octets, isWide: Bool) -> [UInt8] {
    if isWide { return bytes.utf16Decoded }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    for byte in bytes.bytes {
      if byte < 0x80 { result.append(byte) } else { result.append(scalar: UInt32(byte)) }
    }
    return result
  }
}

/// The shared strings of a workbook, one after the other in one buffer.
struct BIFFSharedStrings {
  private var buffer: [UInt8] = []
  private var ends: [Int] = []
  /// Whether all strings that the table announces are there.
  private(set) var isWhole = true

  /// No strings.
  init() {}

  /// Reads the table from its record and those that continue it.
  ///
  /// Where the characters of a string go on in the next record, that starts with a new flag, so
  /// that half of a string may be wide and half not.
  ///
  /// *Source:* [MS-XLS] §2.4.265 (SST), §2.4.58 (Continue).
  init(_ parts: [Octets]) {
    var reader = ContinuedReader(parts)
    _ = reader.u32()
    let count = reader.u32() ?? 0
    // A string takes three bytes at least.
    let most = parts.reduce(0) { $0 + $1.count } / 3
    ends.reserveCapacity(min(count, most))
    for _ in 0..<min(count, most) {
      guard let length = reader.u16(), let flags = reader.u8() else { break }
      let runCount = flags & 8 != 0 ? reader.u16() ?? 0 : 0
      let extra = flags & 4 != 0 ? reader.u32() ?? 0 : 0
      reader.append(characters: length, isWide: flags & 1 != 0, to: &buffer)
      ends.append(buffer.count)
      reader.skip(runCount * 4 + extra)
    }
    isWhole = ends.count == count
  }

  /// The string of a number, or `nil`.
  subscript(_ index: Int) -> [UInt8]? {
    guard index >= 0, index < ends.count else { return nil }
    return Array(buffer[(index == 0 ? 0 : ends[index - 1])..<ends[index]])
  }
}

/// Reads through records that continue one another.
struct ContinuedReader {
  private let parts: [Octets]
  private var part = 0
  private var offset = 0

  /// A reader at the start of the first record.
  init(_ parts: [Octets]) { self.parts = parts }

  /// Goes on to the next record at the end of one.
  ///
  /// - Returns: Whether there is anything left.
  private mutating func settle() -> Bool {
    while part < parts.count, offset >= parts[part].count {
      offset -= parts[part].count
      part += 1
    }
    return part < parts.count
  }

  /// The next byte.
  mutating func u8() -> Int? {
    guard settle(), let byte = parts[part].u8(offset) else { return nil }
    offset += 1
    return byte
  }

  /// The next 16 bits.
  mutating func u16() -> Int? {
    if part < parts.count, let value = parts[part].u16(offset) {
      offset += 2
      return value
    }
    guard let low = u8(), let high = u8() else { return nil }
    return low | high << 8
  }

  /// The next 32 bits.
  mutating func u32() -> Int? {
    guard let low = u16(), let high = u16() else { return nil }
    return low | high << 16
  }

  /// Passes over bytes.
  mutating func skip(_ count: Int) { offset += count }

  /// Takes characters, which may go on in the next records after a flag of their own.
  mutating func append(characters count: Int, isWide: Bool, to buffer: inout [UInt8]) {
    var left = count
    var isWide = isWide
    while left > 0, part < parts.count {
      let here = parts[part]
      let width = isWide ? 2 : 1
      let taken = min(left, max(0, here.count - offset) / width)
      if taken > 0 {
        let bytes = here.clamped(offset, taken * width)
        if isWide {
          buffer += bytes.utf16Decoded
        } else {
          for byte in bytes.bytes {
            if byte < 0x80 { buffer.append(byte) } else { buffer.append(scalar: UInt32(byte)) }
          }
        }
        offset += taken * width
        left -= taken
      }
      if left > 0 {
        part += 1
        offset = 1
        guard part < parts.count, let flag = parts[part].u8(0) else { return }
        isWide = flag & 1 != 0
      }
    }
  }
}

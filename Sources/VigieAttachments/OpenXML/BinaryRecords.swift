import VigieContainers

/// The records of a binary part of a workbook (XLSB).
///
/// *Source:* [MS-XLSB] §2.1.4 (records).
struct BinaryRecords {
  /// Where the next record starts.
  private(set) var offset = 0

  /// The next record of a part, the same at every call: its type, and where its data are.
  mutating func next(in bytes: RawSpan) -> (type: Int, data: Range<Int>)? {
    guard let type = number(2, in: bytes), let size = number(4, in: bytes),
      let data = bytes.range(at: offset, size)
    else { return nil }
    offset = data.upperBound
    return (type, data)
  }

  /// A number of seven bits per byte, the lowest first.
  private mutating func number(_ maxCount: Int, in bytes: RawSpan) -> Int? {
    var value = 0
    for index in 0..<maxCount {
      guard let byte = bytes.byte(at: offset) else { return nil }
      offset += 1
      value |= Int(byte & 0x7F) << (7 * index)
      if byte & 0x80 == 0 { break }
    }
    return value
  }
}

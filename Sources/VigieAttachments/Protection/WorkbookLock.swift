import VigieCrypto

/// The lock of a workbook of Excel 2 to 2003, opened with the password that Excel tries by itself.
///
/// *Source:* [MS-XLS] §2.2.10 (encryption), §2.4.117 (FilePass).
enum WorkbookLock {
  /// A stream cipher, since Excel 97.
  case stream(StreamLock)
  /// A key of 16 bytes over and over, until Excel 95 and on demand later.
  case repeated

  /// A lock from the record FilePass, or `nil` where the password does not open it.
  ///
  /// - Parameters:
  ///   - record: The record.
  ///   - isUnicode: Whether the workbook is of Excel 97 or later, whose record says which lock it is.
  init?(_ record: Octets, isUnicode: Bool) {
    let isStream = isUnicode && record.u16(0) == 1
    guard !isStream else {
      guard let lock = StreamLock(record.clamped(2)) else { return nil }
      self = .stream(lock)
      return
    }
    let start = isUnicode ? 2 : 0
    guard !isUnicode || record.u16(0) == 0, record.u16(start) == WorkbookLock.key,
      record.u16(start + 2) == WorkbookLock.verifier
    else { return nil }
    self = .repeated
  }

  /// Returns the workbook with every record after a place as it was.
  func opened(_ book: Octets, from start: Int) -> Octets {
    var bytes = book.array
    var offset = start
    var block = -1
    var mask: [UInt8] = []
    while let number = book.u16(offset), let length = book.u16(offset + 2) {
      let end = min(book.count, offset + 4 + length)
      // Where the sheets lie is said openly, the rest of their record is not.
      let first = offset + 4 + (number == 0x85 ? 4 : 0)
      let record = offset + 4 + length
      offset = record
      guard first < end, !WorkbookLock.open.contains(number) else { continue }
      switch self {
      case .repeated:
        for place in first..<end {
          let byte = bytes[place]
          // The key starts at the record's own length, so that equal records do not look it.
          let key = WorkbookLock.repeatedKey[(place + length) & 15]
          bytes[place] = (byte << 3 | byte >> 5) ^ key
        }
      case .stream(let lock):
        for place in first..<end {
          if place >> WorkbookLock.blockShift != block {
            block = place >> WorkbookLock.blockShift
            let zeros = [UInt8](repeating: 0, count: 1 << WorkbookLock.blockShift)
            mask = lock.decrypted(Octets(zeros), block: block)
          }
          bytes[place] ^= mask[place & (mask.count - 1)]
        }
      }
    }
    return Octets(bytes)
  }

  /// The length of a block, 1,024 bytes, as a shift; record headers count, though they are open.
  private static let blockShift = 10

  /// Records that are never locked: starts of streams, FilePass, and what says who has the file open.
  ///
  /// *Source:* [MS-XLS] §2.2.10.
  private static let open: Set<Int> = [
    0x0009, 0x0209, 0x0409, 0x0809, 0x2F, 0xE1, 0x0138, 0x0194, 0x0195, 0x0196,
  ]

  /// What FilePass holds for the password `VelvetSweatshop`.
  ///
  /// *Source:* [MS-OFFCRYPTO] §2.3.7.1, §2.3.7.2 (method 1), computed for it.
  private static let key = 0xB359
  /// Its hash, which follows the key.
  private static let verifier = 0x9A0A

  /// The key of 16 bytes: the password and what fills it, each byte with half of the key, turned.
  ///
  /// *Source:* [MS-OFFCRYPTO] §2.3.7.2 (CreateXorArray_Method1).
  private static let repeatedKey: [UInt8] = {
    let password = Array("VelvetSweatshop".utf8) + [0xBB]
    return password.enumerated().map { place, byte in
      let mixed = byte ^ UInt8(truncatingIfNeeded: place & 1 == 0 ? key : key >> 8)
      return mixed << 2 | mixed >> 6
    }
  }()
}

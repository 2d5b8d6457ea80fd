import VigieContainers
package import VigieCore
package import VigieDocuments

/// tar archives of every age, known by the checksum of the first header.
///
/// *Source:* POSIX.1-2001 pax, ustar Interchange Format.
package enum Tar: DocumentFormat {
  package static let name = "tar archive"

  package static func recognizes(_ bytes: RawSpan) -> Bool {
    guard bytes.byteCount >= 512, bytes.byte(at: 0) != 0, let sum = octal(bytes, at: 148) else {
      return false
    }
    // Some programs summed signed bytes.
    var unsigned = 0
    var signed = 0
    for offset in 0..<512 {
      let byte = (148..<156).contains(offset) ? 0x20 : bytes.byte(at: offset) ?? 0
      unsigned += Int(byte)
      signed += Int(Int8(bitPattern: byte))
    }
    return sum == unsigned || sum == signed
  }

  package static func extract(
    _ bytes: RawSpan,
    at place: Place,
    into extraction: inout Extraction
  ) {
    StreamedArchive.extract(bytes, .tar, at: place, into: &extraction)
  }

  /// The number in octal digits at an offset, or `nil` for none.
  private static func octal(_ bytes: RawSpan, at offset: Int) -> Int? {
    var value: Int?
    for index in offset..<offset + 8 {
      switch bytes.byte(at: index) {
      case .some(0x20) where value == nil: continue
      case .some(let digit) where (0x30...0x37).contains(digit):
        value = (value ?? 0) << 3 | Int(digit - 0x30)
      case 0, 0x20: return value
      default: return nil
      }
    }
    return value
  }
}

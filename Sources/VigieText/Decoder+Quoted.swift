/// Quoted-printable, as the source of a mail shows it: `TR=C3=88S SECRET`, `=?utf-8?Q?=44=52?=`.
///
/// *Source:* RFC 2045 §6.7; RFC 2047 §4.2 for words of headers, whose `_` parts words here too.
extension Decoder {
  /// The byte that `=XX` at a place stands for, or `nil`.
  ///
  /// Only capitals and digits are taken, as the source demands, no control but a tab or a line end, and no number:
  /// `?page=2026` and `x=100` are none.
  static func quotedByte(_ text: Span<UInt8>, at index: Int) -> UInt8? {
    guard index + 2 < text.count, text[index] == 0x3D,
      let high = quotedDigit(text[index + 1]), let low = quotedDigit(text[index + 2])
    else { return nil }
    let byte = high << 4 | low
    guard byte >= 0x20 ? byte != 0x7F : [0x09, 0x0A, 0x0D].contains(byte) else { return nil }
    let isNumber = high < 10 && low < 10 && index + 3 < text.count && isDigit(text[index + 3])
    return isNumber ? nil : byte
  }

  private static func quotedDigit(_ byte: UInt8) -> UInt8? {
    (0x61...0x66).contains(byte) ? nil : hexValue(byte)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  /// The byte after a soft line break, an `=` at the end of a line, or `nil`.
  private static func softBreak(_ text: Span<UInt8>, at index: Int) -> Int? {
    var end = index + 1
    if end < text.count, text[end] == 0x0D { end += 1 }
    return end < text.count && text[end] == 0x0A ? end + 1 : nil
  }

  /// Decodes what starts at an `=`.
  ///
  /// Bytes beyond ASCII are UTF-8 where they make a scalar of it, else Latin-1.
  ///
  /// - Returns: The byte after it, or `nil` where there is nothing to decode.
  mutating func decodeQuoted(_ source: Span<UInt8>, at index: Int, _ depth: Int) -> Int? {
    guard let lead = Decoder.quotedByte(source, at: index) else {
      guard let end = Decoder.softBreak(source, at: index) else { return nil }
      flush(source, upTo: index, depth)
      leaveOut(.encoded)
      return end
    }
    flush(source, upTo: index, depth)
    let length = Decoder.scalarLength(lead)
    var end = index + 3
    for _ in 1..<max(1, length) {
      guard let next = Decoder.quotedByte(source, at: end), (0x80...0xBF).contains(next) else {
        break
      }
      end += 3
    }
    guard lead < 0x80 || length > 1 && end == index + 3 * length else {
      emit(scalar: UInt32(lead), index..<(index + 3), .encoded, depth)
      return index + 3
    }
    for start in stride(from: index, to: end, by: 3) {
      guard let byte = Decoder.quotedByte(source, at: start) else { break }
      emit(byte, start..<(start + 3), .encoded, depth)
    }
    return end
  }

  /// How many bytes a scalar takes that starts with a byte; 0 for one that starts none.
  private static func scalarLength(_ lead: UInt8) -> Int {
    switch lead {
    case 0..<0x80: 1
    case 0xC2...0xDF: 2
    case 0xE0...0xEF: 3
    case 0xF0...0xF4: 4
    default: 0
    }
  }
}

/// The packing of RTF in Outlook's messages.
///
/// *Source:* [MS-OXRTFCP] §2.1.3.1 (header), §2.1.3.1.5 (dictionary), §2.2.3 (decompression).
enum LZFu {
  /// What the dictionary holds at the start.
  private static let start = Array(
    (#"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript "#
      + #"\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"#
      + "\r\n" + #"\par \pard\plain\f0\fs20\b\i\u\tab\tx"#).utf8
  )

  /// Unpacks a body; `nil` where it is none.
  static func decompress(_ packed: Octets, limit: Int) -> [UInt8]? {
    guard let byteCount = packed.u32(4), let kind = packed.u32(8) else { return nil }
    if kind == 0x414C_454D { return packed.clamped(16, byteCount).array }  // MELA: not packed
    guard kind == 0x7546_5A4C else { return nil }  // LZFu
    var dictionary = start + [UInt8](repeating: 0, count: 4096 - start.count)
    var write = start.count
    var output: [UInt8] = []
    output.reserveCapacity(min(byteCount, limit, packed.count * 8))
    var offset = 16
    while output.count < limit, let flags = packed.u8(offset) {
      offset += 1
      for bit in 0..<8 {
        if flags >> bit & 1 == 0 {
          guard let byte = packed[offset] else { return output }
          offset += 1
          output.append(byte)
          dictionary[write] = byte
          write = (write + 1) & 0xFFF
          continue
        }
        guard let high = packed.u8(offset), let low = packed.u8(offset + 1) else { return output }
        offset += 2
        let token = high << 8 | low
        let from = token >> 4
        // A reference to the place of writing is the end.
        if from == write { return output }
        for index in 0..<(token & 0xF) + 2 {
          let byte = dictionary[(from + index) & 0xFFF]
          output.append(byte)
          dictionary[write] = byte
          write = (write + 1) & 0xFFF
        }
      }
    }
    return output
  }
}

/// The tokens of a compiled formula, walked for the strings among them.
///
/// *Source:* [MS-XLS] §2.5.198 (Rgce); the sizes before BIFF8 as Excel 5.0 to 95 write them.
enum FormulaTokens {
  /// The string constants of a formula, a line each.
  static func strings(_ tokens: Octets, _ text: BIFFText) -> [UInt8] {
    var result: [UInt8] = []
    var offset = 0
    while let token = tokens.u8(offset) {
      offset += 1
      if token == 0x17 {
        let found = text.short(tokens, at: offset)
        if !result.isEmpty { result.append(0x0A) }
        result += found.text
        offset = found.end
      } else if token == 0x19 {
        let flags = tokens.u8(offset) ?? 0
        let count = tokens.u16(offset + 1) ?? 0
        offset += 3 + (flags & 4 != 0 ? (count + 1) * 2 : 0)
      } else {
        // Operands come in three classes of the same size.
        let base = token < 0x20 ? token : token & 0x1F | 0x20
        guard let size = (text.isUnicode ? sizes : oldSizes)[base] ?? common[base] else { break }
        offset += size
      }
    }
    return result
  }

  private static let common: [Int: Int] = {
    var sizes: [Int: Int] = [
      0x01: 4, 0x02: 4, 0x1C: 1, 0x1D: 1, 0x1E: 2, 0x1F: 8, 0x20: 7, 0x21: 2, 0x22: 3, 0x26: 6,
      0x27: 6, 0x28: 6, 0x29: 2,
    ]
    for operation in 0x03...0x16 { sizes[operation] = 0 }
    return sizes
  }()
  private static let sizes: [Int: Int] = [
    0x23: 4, 0x24: 4, 0x25: 8, 0x2A: 4, 0x2B: 8, 0x2C: 4, 0x2D: 8, 0x39: 6, 0x3A: 6, 0x3B: 10,
    0x3C: 6, 0x3D: 10,
  ]
  private static let oldSizes: [Int: Int] = [
    0x23: 14, 0x24: 3, 0x25: 6, 0x2A: 3, 0x2B: 6, 0x2C: 3, 0x2D: 6, 0x39: 24, 0x3A: 17, 0x3B: 20,
    0x3C: 17, 0x3D: 20,
  ]
}

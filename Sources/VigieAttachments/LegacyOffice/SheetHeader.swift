/// The header or footer of a printed sheet, without the codes that stand between its words.
///
/// *Source:* ECMA-376-1 §18.3.1.46 (oddHeader), the same codes as in the records of BIFF.
enum SheetHeader {
  /// The words, the left, middle and right part on a line each.
  static func text(_ code: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var index = 0
    while index < code.count {
      let byte = code[index]
      index += 1
      guard byte == 0x26, index < code.count else {
        result.append(byte)
        continue
      }
      let command = code[index]
      index += 1
      switch command {
      case 0x26: result.append(0x26)
      case UInt8(ascii: "L"), UInt8(ascii: "C"), UInt8(ascii: "R"):
        if let last = result.last, last != 0x0A { result.append(0x0A) }
      case UInt8(ascii: "\""):
        while index < code.count, code[index] != UInt8(ascii: "\"") { index += 1 }
        index += 1
      case UInt8(ascii: "K"):
        var digitCount = 0
        while index < code.count, digitCount < 6,
          code[index].hexValue != nil || code[index] == 0x2B || code[index] == 0x2D
        {
          index += 1
          digitCount += 1
        }
      case 0x30...0x39:
        while index < code.count, code[index].isDigit { index += 1 }
      default: break
      }
    }
    return result
  }
}

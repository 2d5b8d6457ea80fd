/// The name of a file in RAR 4 that has letters no code page has: how it differs from the name before it.
///
/// After the name in a code page and a NUL stand the high byte that most letters share, and then, four in
/// a byte from its upper bits on, two bits for each step: a letter of one byte, a letter with the shared
/// high byte, a whole letter, or a run taken from the name in the code page.
///
/// *Source:* rarfile 4.5, UnicodeFilename (ISC); the format of RAR 4 itself is described nowhere.
enum RarName {
  /// The name in UTF-16.
  ///
  /// - Parameters:
  ///   - short: The name in the code page.
  ///   - steps: What stands after the NUL.
  /// - Returns: `nil` where the steps are damaged.
  static func wide(_ short: ArraySlice<UInt8>, _ steps: ArraySlice<UInt8>) -> [UInt16]? {
    var rest = steps.makeIterator()
    guard let shared = rest.next() else { return nil }
    let high = UInt16(shared) << 8
    var letters: [UInt16] = []
    while var codes = rest.next() {
      for _ in 0..<4 {
        let code = codes >> 6
        codes <<= 2
        // Bits that are left over at the end say nothing.
        guard let byte = rest.next() else { return letters }
        switch code {
        case 0: letters.append(UInt16(byte))
        case 1: letters.append(high | UInt16(byte))
        case 2:
          guard let upper = rest.next() else { return nil }
          letters.append(UInt16(upper) << 8 | UInt16(byte))
        default:
          var shift: UInt8?
          if byte & 0x80 != 0 {
            guard let next = rest.next() else { return nil }
            shift = next
          }
          let start = short.startIndex + letters.count
          let end = start + Int(byte & 0x7F) + 2
          guard end <= short.endIndex else { return nil }
          for letter in short[start..<end] {
            letters.append(shift.map { high | UInt16(letter &+ $0) } ?? UInt16(letter))
          }
        }
      }
    }
    return letters
  }
}

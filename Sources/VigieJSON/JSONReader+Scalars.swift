import Glibc

extension JSONReader {
  /// Reads a string.
  package mutating func string() throws(JSONError) -> String {
    guard try kind() == .string else { throw error(.unexpectedKind) }
    let (range, isEscaped) = try stringRange()
    if isEscaped {
      let (text, isRepaired) = try unescape(range)
      if isRepaired { repairCount += 1 }
      return text
    }
    let (text, isRepaired) = JSONReader.text(of: bytes, in: range)
    if isRepaired { repairCount += 1 }
    return text
  }

  /// Reads a string, or skips a value of another type and returns `nil`.
  package mutating func stringIfPresent() throws(JSONError) -> String? {
    if try kind() == .string { return try string() }
    try skipValue()
    return nil
  }

  /// Reads a number and returns its bytes as they stand.
  package mutating func number() throws(JSONError) -> Range<Int> {
    guard try kind() == .number else { throw error(.unexpectedKind) }
    let first = position
    if bytes[position] == UInt8(ascii: "-") { position += 1 }
    let isZero = position < end && bytes[position] == UInt8(ascii: "0")
    let integerDigits = digits()
    guard integerDigits > 0, !isZero || integerDigits == 1 else {
      throw error(.invalidNumber, at: first)
    }
    if position < end, bytes[position] == UInt8(ascii: ".") {
      position += 1
      guard digits() > 0 else { throw error(.invalidNumber, at: first) }
    }
    if position < end, bytes[position] | 0x20 == UInt8(ascii: "e") {
      position += 1
      if position < end,
        bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-")
      {
        position += 1
      }
      guard digits() > 0 else { throw error(.invalidNumber, at: first) }
    }
    isFirst = false
    return first..<position
  }

  private mutating func digits() -> Int {
    let first = position
    while position < end, bytes[position] &- UInt8(ascii: "0") < 10 { position += 1 }
    return position - first
  }

  /// Reads a number as the text that stands there.
  package mutating func numberText() throws(JSONError) -> String {
    String(decoding: bytes[try number()], as: UTF8.self)
  }

  /// Reads a number; `nil` where it is no integer of 64 bits.
  package mutating func integer() throws(JSONError) -> Int? { Int(try numberText()) }

  /// Reads a number as the nearest double.
  package mutating func double() throws(JSONError) -> Double { Double(try numberText()) ?? .nan }

  /// Reads `true` or `false`.
  package mutating func boolean() throws(JSONError) -> Bool {
    guard try kind() == .boolean else { throw error(.unexpectedKind) }
    let isTrue = bytes[position] == UInt8(ascii: "t")
    try word(isTrue ? "true" : "false")
    return isTrue
  }

  /// Reads `null`.
  package mutating func null() throws(JSONError) {
    guard try kind() == .null else { throw error(.unexpectedKind) }
    try word("null")
  }

  private mutating func word(_ word: String) throws(JSONError) {
    for byte in word.utf8 {
      guard position < end else { throw error(.unexpectedEnd) }
      guard bytes[position] == byte else { throw error(.unexpectedByte) }
      position += 1
    }
    isFirst = false
  }

  /// Passes the string whose opening quote is next.
  ///
  /// - Returns: The bytes between its quotes, and whether they hold escapes.
  mutating func stringRange() throws(JSONError) -> (Range<Int>, isEscaped: Bool) {
    let first = position + 1
    let (index, isEscaped, fault) = JSONReader.closingQuote(bytes, from: first, to: end)
    if let fault { throw error(fault, at: index) }
    position = index + 1
    isFirst = false
    return (first..<index, isEscaped)
  }

  /// The index of the quote that ends a string, or of the fault before it.
  private static func closingQuote(
    _ bytes: [UInt8],
    from first: Int,
    to end: Int
  ) -> (index: Int, isEscaped: Bool, fault: JSONError.Reason?) {
    unsafe bytes.withUnsafeBytes { buffer in
      var index = first
      var isEscaped = false
      while true {
        while index + 8 <= end {
          let word = unsafe buffer.loadUnaligned(fromByteOffset: index, as: UInt64.self)
          let passed = countBeforeSpecial(UInt64(littleEndian: word))
          index += passed
          if passed < 8 { break }
        }
        guard index < end else { break }
        let byte = unsafe buffer[index]
        if byte == UInt8(ascii: "\"") { return (index, isEscaped, nil) }
        if byte == UInt8(ascii: "\\") {
          isEscaped = true
          index += 1
          guard index < end else { break }
          let letter = unsafe buffer[index]
          guard escapes[Int(letter)] != 0 else { return (index, true, .invalidEscape) }
          if letter == UInt8(ascii: "u") {
            guard index + 4 < end else { break }
            for offset in 1...4 where unsafe hexDigit(buffer[index + offset]) == nil {
              return (index, true, .invalidEscape)
            }
          }
        } else if byte < 0x20 {
          return (index, isEscaped, .controlCharacter)
        }
        index += 1
      }
      return (end, isEscaped, .unexpectedEnd)
    }
  }

  /// How many of eight bytes stand before a quote, a backslash or a control character.
  ///
  /// *Source:* the zero-byte test of H. S. Warren, "Hacker's Delight", §6-1.
  private static func countBeforeSpecial(_ word: UInt64) -> Int {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let quotes = word ^ (ones &* 0x22)
    let backslashes = word ^ (ones &* 0x5C)
    let found =
      ((quotes &- ones) & ~quotes) | ((backslashes &- ones) & ~backslashes)
      | ((word &- ones &* 0x20) & ~word)
    return (found & (ones &* 0x80)).trailingZeroBitCount >> 3
  }

  /// What each byte after a backslash stands for; `u` for itself, 0 for none.
  static let escapes: [UInt8] = {
    var table = [UInt8](repeating: 0, count: 256)
    let pairs: [(Character, UInt8)] = [
      ("\"", 0x22), ("\\", 0x5C), ("/", 0x2F), ("b", 0x08), ("f", 0x0C), ("n", 0x0A), ("r", 0x0D),
      ("t", 0x09), ("u", 0x75),
    ]
    for (letter, byte) in pairs { table[Int(letter.asciiValue ?? 0)] = byte }
    return table
  }()

  static func hexDigit(_ byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
    default: nil
    }
  }

  /// The text of a string with escapes, which ``stringRange()`` has checked.
  func unescape(_ range: Range<Int>) throws(JSONError) -> (text: String, isRepaired: Bool) {
    var output: [UInt8] = []
    output.reserveCapacity(range.count)
    var isRepaired = false
    var index = range.lowerBound
    while index < range.upperBound {
      guard bytes[index] == UInt8(ascii: "\\") else {
        let run = index
        while index < range.upperBound, bytes[index] != UInt8(ascii: "\\") { index += 1 }
        output.append(contentsOf: bytes[run..<index])
        continue
      }
      let letter = bytes[index + 1]
      index += 2
      guard letter == UInt8(ascii: "u") else {
        output.append(JSONReader.escapes[Int(letter)])
        continue
      }
      var value = codeUnit(at: index)
      index += 4
      if value & 0xFC00 == 0xD800, index + 5 < range.upperBound,
        bytes[index] == UInt8(ascii: "\\"), bytes[index + 1] == UInt8(ascii: "u"),
        codeUnit(at: index + 2) & 0xFC00 == 0xDC00
      {
        value = 0x10000 + (value & 0x3FF) << 10 + codeUnit(at: index + 2) & 0x3FF
        index += 6
      }
      if Unicode.Scalar(value) == nil { isRepaired = true }
      JSONReader.append(Unicode.Scalar(value) ?? "\u{FFFD}", to: &output)
    }
    let (text, isInvalid) = JSONReader.text(of: output, in: output.indices)
    return (text, isRepaired || isInvalid)
  }

  /// Appends the UTF-8 of a scalar.
  ///
  /// *Source:* The Unicode Standard 16.0, table 3-6.
  private static func append(_ scalar: Unicode.Scalar, to output: inout [UInt8]) {
    let value = scalar.value
    func rest(_ shift: UInt32) -> UInt8 { UInt8(value >> shift & 0x3F | 0x80) }
    switch value {
    case 0..<0x80: output.append(UInt8(value))
    case 0x80..<0x800:
      output.append(UInt8(value >> 6 | 0xC0))
      output.append(rest(0))
    case 0x800..<0x10000:
      output.append(UInt8(value >> 12 | 0xE0))
      output.append(rest(6))
      output.append(rest(0))
    default:
      output.append(UInt8(value >> 18 | 0xF0))
      output.append(rest(12))
      output.append(rest(6))
      output.append(rest(0))
    }
  }

  private func codeUnit(at index: Int) -> UInt32 {
    var value: UInt32 = 0
    for offset in 0..<4 {
      value = value << 4 | (JSONReader.hexDigit(bytes[index + offset]) ?? 0)
    }
    return value
  }

  /// The text of UTF-8 bytes, and whether some had to be replaced by U+FFFD.
  static func text(of bytes: [UInt8], in range: Range<Int>) -> (String, isRepaired: Bool) {
    unsafe bytes.withUnsafeBufferPointer { buffer in
      let slice = unsafe UnsafeBufferPointer(rebasing: buffer[range])
      var text = unsafe String(decoding: slice, as: UTF8.self)
      // What was repaired differs from what stood there.
      let isSame = text.withUTF8 { decoded in
        guard decoded.count == slice.count else { return false }
        guard let left = decoded.baseAddress, let right = slice.baseAddress else {
          return true
        }
        return unsafe memcmp(left, right, slice.count) == 0
      }
      return (text, !isSame)
    }
  }
}

/// The text of UTF-8 bytes, with U+FFFD for what is not UTF-8, and whether there was such.
package func repairedText(_ bytes: [UInt8], in range: Range<Int>) -> (String, isRepaired: Bool) {
  JSONReader.text(of: bytes, in: range)
}

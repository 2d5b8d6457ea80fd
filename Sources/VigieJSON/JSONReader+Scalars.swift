import Glibc

extension JSONReader {
  /// Reads a string.
  package mutating func string() throws(JSONError) -> String {
    guard try kind() == .string else { throw error(.unexpectedKind) }
    let string = try stringRange()
    let (text, isRepaired) =
      string.isEscaped
      ? unescape(string.range)
      : JSONReader.text(of: bytes, in: string.range, isASCII: string.isASCII)
    if isRepaired { repairCount += 1 }
    return text
  }

  /// Reads a string that is often the same as the one before, which is then not made anew.
  ///
  /// - Parameter last: The string that the value is likely to be.
  /// - Returns: The string, or `nil` where the value is of another type, which is skipped.
  /// - Throws: ``JSONError`` where the value is not JSON.
  package mutating func stringIfPresent(likely last: String?) throws(JSONError) -> String? {
    guard let last, try kind() == .string else { return try stringIfPresent() }
    let first = position
    let string = try stringRange()
    if !string.isEscaped, isSame(string.range, last) { return last }
    position = first
    return try self.string()
  }

  /// Whether bytes are those of a text.
  func isSame(_ range: Range<Int>, _ text: String) -> Bool {
    guard text.utf8.count == range.count else { return false }
    return unsafe text.utf8.span.withUnsafeBufferPointer { known in
      unsafe bytes.withUnsafeBufferPointer { all in
        guard let left = known.baseAddress, let right = all.baseAddress else { return true }
        return unsafe memcmp(left, right + range.lowerBound, known.count) == 0
      }
    }
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
  package mutating func integer() throws(JSONError) -> Int? {
    let range = try number()
    return shortInteger(range)?.value ?? Int(String(decoding: bytes[range], as: UTF8.self))
  }

  /// Reads a number as the nearest double.
  package mutating func double() throws(JSONError) -> Double {
    let range = try number()
    if let (value, isNegative) = shortInteger(range) {
      return value == 0 && isNegative ? -0.0 : Double(value)
    }
    return Double(String(decoding: bytes[range], as: UTF8.self)) ?? .nan
  }

  /// The value of a number of up to fifteen digits and nothing else, which a double holds exactly.
  func shortInteger(_ range: Range<Int>) -> (value: Int, isNegative: Bool)? {
    let number = bytes.span.extracting(range)
    let isNegative = number[0] == UInt8(ascii: "-")
    let first = isNegative ? 1 : 0
    // Fifteen digits stay far below what an `Int` holds.
    guard number.count &- first <= 15 else { return nil }
    var value = 0
    for index in first..<number.count {
      let digit = number[index] &- UInt8(ascii: "0")
      guard digit < 10 else { return nil }
      value = value &* 10 &+ Int(digit)
    }
    return (isNegative ? -value : value, isNegative)
  }

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

  /// A string as it stands: the bytes between its quotes, and what is known of them.
  struct StringRange {
    var range: Range<Int>
    var isEscaped = false
    /// Whether no byte is beyond ASCII.
    var isASCII = true
  }

  /// Passes the string whose opening quote is next.
  mutating func stringRange() throws(JSONError) -> StringRange {
    var string = StringRange(range: position + 1..<position + 1)
    let (index, fault) = JSONReader.closingQuote(bytes, &string, to: end)
    if let fault { throw error(fault, at: index) }
    string.range = string.range.lowerBound..<index
    position = index + 1
    isFirst = false
    return string
  }

  /// The index of the quote that ends a string, or of the fault before it.
  private static func closingQuote(
    _ bytes: [UInt8],
    _ string: inout StringRange,
    to end: Int
  ) -> (index: Int, fault: JSONError.Reason?) {
    unsafe bytes.withUnsafeBytes { buffer in
      var index = string.range.lowerBound
      // The bits of bytes passed eight at a time, and of the others.
      var bits: UInt64 = 0
      defer { string.isASCII = bits & highBits == 0 }
      while true {
        while index + 8 <= end {
          let word = unsafe UInt64(
            littleEndian: buffer.loadUnaligned(fromByteOffset: index, as: UInt64.self)
          )
          let found = special(word)
          if found != 0 {
            let passed = found.trailingZeroBitCount >> 3
            index += passed
            bits |= word & ((1 << UInt64(8 * passed)) - 1)
            break
          }
          index += 8
          bits |= word
        }
        guard index < end else { break }
        let byte = unsafe buffer[index]
        bits |= UInt64(byte)
        if byte == UInt8(ascii: "\"") { return (index, nil) }
        if byte == UInt8(ascii: "\\") {
          string.isEscaped = true
          index += 1
          guard index < end else { break }
          let letter = unsafe buffer[index]
          guard isEscape(letter) else { return (index, .invalidEscape) }
          if letter == UInt8(ascii: "u") {
            guard index + 4 < end else { break }
            for offset in 1...4 where unsafe hexDigit(buffer[index + offset]) == nil {
              return (index, .invalidEscape)
            }
          }
        } else if byte < 0x20 {
          return (index, .controlCharacter)
        }
        index += 1
      }
      return (end, .unexpectedEnd)
    }
  }

  /// The highest bit of the first of eight bytes that is a quote, a backslash or a control character, maybe with bits
  /// of bytes after it; 0 where none is.
  ///
  /// *Source:* the zero-byte test of H. S. Warren, "Hacker's Delight", §6-1.
  @inline(__always)
  static func special(_ word: UInt64) -> UInt64 {
    let ones: UInt64 = 0x0101_0101_0101_0101
    // With one bit turned a quote comes right after the controls, which change places.
    let low = word ^ (ones &* 0x02)
    let backslashes = word ^ (ones &* 0x5C)
    let found = ((low &- ones &* 0x21) & ~low) | ((backslashes &- ones) & ~backslashes)
    return found & (ones &* 0x80)
  }

  /// The highest bit of each of eight bytes.
  static var highBits: UInt64 { 0x8080_8080_8080_8080 }

  /// Whether a byte may follow a backslash.
  private static func isEscape(_ letter: UInt8) -> Bool { meaning(letter) != 0 }

  /// What a byte after a backslash stands for; `u` for itself, 0 for none.
  static func meaning(_ letter: UInt8) -> UInt8 {
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "u"): letter
    case UInt8(ascii: "b"): 0x08
    case UInt8(ascii: "f"): 0x0C
    case UInt8(ascii: "n"): 0x0A
    case UInt8(ascii: "r"): 0x0D
    case UInt8(ascii: "t"): 0x09
    default: 0
    }
  }

  static func hexDigit(_ byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
    default: nil
    }
  }
}

package import VigieJSON

/// JSON as Matrix signs it: keys in the order of their code points, no blanks, whole numbers only.
///
/// *Source:* Matrix specification v1.11, Appendices, "Canonical JSON".
package enum CanonicalJSON {
  /// The bytes of a value.
  ///
  /// - Throws: ``MatrixFault`` for a number that is not whole or beyond ±(2^53 − 1), which nobody may sign.
  package static func bytes(_ value: JSONValue) throws(MatrixFault) -> [UInt8] {
    var bytes: [UInt8] = []
    try write(value, to: &bytes)
    return bytes
  }

  private static let limit = Double(1 << 53) - 1

  private static func write(_ value: JSONValue, to bytes: inout [UInt8]) throws(MatrixFault) {
    switch value {
    case .null: bytes += "null".utf8
    case .boolean(let isTrue): bytes += (isTrue ? "true" : "false").utf8
    case .number(let number):
      guard abs(number) <= limit, let whole = Int(exactly: number) else {
        throw MatrixFault("the event holds a number that is not whole or too large to be signed")
      }
      bytes += String(whole).utf8
    case .string(let text): quote(text, to: &bytes)
    case .array(let elements):
      bytes.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        try write(element, to: &bytes)
      }
      bytes.append(UInt8(ascii: "]"))
    case .object(let members):
      bytes.append(UInt8(ascii: "{"))
      for (index, member) in try ordered(members).enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        quote(member.key, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        try write(member.value, to: &bytes)
      }
      bytes.append(UInt8(ascii: "}"))
    }
  }

  /// Members in the order of their keys' code points, which is that of their UTF-8 bytes.
  private static func ordered(
    _ members: [JSONValue.Member]
  ) throws(MatrixFault) -> [JSONValue.Member] {
    let sorted = members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    for (left, right) in zip(sorted, sorted.dropFirst())
    where left.key.utf8.elementsEqual(right.key.utf8) {
      throw MatrixFault("the event says a key twice")
    }
    return sorted
  }

  private static func quote(_ text: String, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): bytes += #"\""#.utf8
      case UInt8(ascii: "\\"): bytes += #"\\"#.utf8
      case 0x08: bytes += #"\b"#.utf8
      case 0x09: bytes += #"\t"#.utf8
      case 0x0A: bytes += #"\n"#.utf8
      case 0x0C: bytes += #"\f"#.utf8
      case 0x0D: bytes += #"\r"#.utf8
      case 0..<0x20:
        bytes += (byte < 0x10 ? #"\u000"# : #"\u00"#).utf8
        bytes += String(byte, radix: 16).utf8
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}

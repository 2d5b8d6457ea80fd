/// A reference to a character in XML.
enum XMLReference {
  /// Appends the character that a reference stands for, or the `&` where it is none.
  ///
  /// Only characters and the names that every document knows are replaced: entities of a
  /// document's own are never expanded.
  ///
  /// *Source:* XML 1.0 §4.1, §4.6.
  ///
  /// - Returns: The offset behind what was read.
  static func append(_ bytes: [UInt8], at start: Int, to result: inout [UInt8]) -> Int {
    guard let end = bytes[start...].prefix(12).firstIndex(of: UInt8(ascii: ";")),
      let scalar = scalar(String(decoding: bytes[(start + 1)..<end], as: UTF8.self))
    else {
      result.append(bytes[start])
      return start + 1
    }
    result += Array(String(Character(scalar)).utf8)
    return end + 1
  }

  private static func scalar(_ name: String) -> Unicode.Scalar? {
    switch name {
    case "amp": return "&"
    case "lt": return "<"
    case "gt": return ">"
    case "quot": return "\""
    case "apos": return "'"
    case "nbsp": return "\u{A0}"
    default:
      guard name.hasPrefix("#") else { return nil }
      let isHex = name.hasPrefix("#x") || name.hasPrefix("#X")
      let value = isHex ? UInt32(name.dropFirst(2), radix: 16) : UInt32(name.dropFirst())
      return value.flatMap { Unicode.Scalar($0) }
    }
  }
}

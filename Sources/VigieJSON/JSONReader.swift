/// Reads JSON by pulling one piece after the other, without building a tree.
///
/// The caller walks: ``beginObject()``, ``nextKey(_:)`` until `nil`, one value after each key;
/// ``beginArray()``, ``nextElement()`` until `false`, one value after each `true`. What it does not
/// want it skips with ``skipValue()``. Strings that hold lone surrogates or bytes that are not
/// UTF-8 are repaired with U+FFFD and counted in ``repairCount``. *Source:* RFC 8259.
package struct JSONReader {
  let bytes: [UInt8]
  /// The index, in the bytes given, of the first to read.
  package let start: Int
  let end: Int
  private let depthLimit: Int
  /// The index, in the bytes given, of what is read next.
  package internal(set) var position: Int
  /// How many strings read so far had to be repaired.
  package internal(set) var repairCount = 0
  private var depth = 0
  /// Whether the object or array just begun has had no member yet.
  var isFirst = true
  private var key = 0..<0
  private var isKeyEscaped = false

  /// A reader of some bytes.
  ///
  /// - Parameters:
  ///   - bytes: The bytes.
  ///   - range: The part to read; all of them by default.
  ///   - depthLimit: How many objects and arrays may be nested.
  package init(_ bytes: [UInt8], in range: Range<Int>? = nil, depthLimit: Int = 512) {
    self.bytes = bytes
    start = range?.lowerBound ?? 0
    end = range?.upperBound ?? bytes.count
    position = start
    self.depthLimit = depthLimit
    precondition(start >= 0 && end <= bytes.count, "the range lies within the bytes")
  }

  /// The type of the next value, judged by its first byte.
  package mutating func kind() throws(JSONError) -> JSONKind {
    guard let byte = skipWhitespace() else { throw error(.unexpectedEnd) }
    switch byte {
    case UInt8(ascii: "{"): return .object
    case UInt8(ascii: "["): return .array
    case UInt8(ascii: "\""): return .string
    case UInt8(ascii: "t"), UInt8(ascii: "f"): return .boolean
    case UInt8(ascii: "n"): return .null
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
    default: throw error(.unexpectedByte)
    }
  }

  /// Enters an object.
  package mutating func beginObject() throws(JSONError) { try enter(.object) }

  /// Enters an array.
  package mutating func beginArray() throws(JSONError) { try enter(.array) }

  private mutating func enter(_ expected: JSONKind) throws(JSONError) {
    guard try kind() == expected else { throw error(.unexpectedKind) }
    guard depth < depthLimit else { throw error(.tooDeep) }
    position += 1
    depth += 1
    isFirst = true
  }

  /// Reads the next key of an object and its colon, or leaves the object.
  ///
  /// - Returns: The number of the key in the table, -1 where the table lacks it (see
  ///   ``lastKey``), or `nil` at the end of the object.
  package mutating func nextKey(_ keys: JSONKeys) throws(JSONError) -> Int? {
    guard try nextMember() else { return nil }
    if keys.names.isEmpty { return -1 }
    if isKeyEscaped { return keys.index(of: Array(lastKey.utf8).span) ?? -1 }
    return keys.index(of: bytes.span.extracting(key)) ?? -1
  }

  /// Passes the next key of an object and its colon, or leaves the object and returns `false`.
  private mutating func nextMember() throws(JSONError) -> Bool {
    guard try isNextMember(close: UInt8(ascii: "}")) else { return false }
    guard let quote = skipWhitespace() else { throw error(.unexpectedEnd) }
    guard quote == UInt8(ascii: "\"") else { throw error(.unexpectedByte) }
    let string = try stringRange()
    key = string.range
    isKeyEscaped = string.isEscaped
    guard let colon = skipWhitespace() else { throw error(.unexpectedEnd) }
    guard colon == UInt8(ascii: ":") else { throw error(.unexpectedByte) }
    position += 1
    return true
  }

  /// The last key read, as text.
  package var lastKey: String {
    isKeyEscaped ? unescape(key).text : JSONReader.text(of: bytes, in: key).0
  }

  /// Whether another element of the array follows; leaves the array where none does.
  package mutating func nextElement() throws(JSONError) -> Bool {
    try isNextMember(close: UInt8(ascii: "]"))
  }

  private mutating func isNextMember(close: UInt8) throws(JSONError) -> Bool {
    guard let byte = skipWhitespace() else { throw error(.unexpectedEnd) }
    if byte == close {
      position += 1
      depth -= 1
      isFirst = false
      return false
    }
    if isFirst {
      isFirst = false
      return true
    }
    guard byte == UInt8(ascii: ",") else { throw error(.unexpectedByte) }
    position += 1
    return true
  }

  /// Skips one value of any type; what is skipped must be JSON too.
  package mutating func skipValue() throws(JSONError) {
    switch try kind() {
    case .object:
      try beginObject()
      while try nextMember() { try skipValue() }
    case .array:
      try beginArray()
      while try nextElement() { try skipValue() }
    case .string: _ = try stringRange()
    case .number: _ = try number()
    case .boolean: _ = try boolean()
    case .null: try null()
    }
  }

  /// Checks that nothing but white space follows.
  package mutating func finish() throws(JSONError) {
    if skipWhitespace() != nil { throw error(.trailingBytes) }
  }

  /// The next byte that is no white space, or `nil` at the end; `position` points at it.
  @inline(__always)
  package mutating func skipWhitespace() -> UInt8? {
    while position < end {
      let byte = bytes[position]
      guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return byte }
      position += 1
    }
    return nil
  }

  func error(_ reason: JSONError.Reason, at index: Int? = nil) -> JSONError {
    let index = min(index ?? position, end)
    var line = 1
    for position in start..<index where bytes[position] == 0x0A { line += 1 }
    return JSONError(reason: reason, offset: index - start, line: line)
  }
}

/// Appends JSON to bytes: commas, colons, escapes and indents are its business.
package struct JSONWriter {
  /// What was written so far.
  package private(set) var bytes: [UInt8]
  private let isPretty: Bool
  /// How many members each open object or array has, outermost first.
  private var counts: [Int] = []
  private var isAfterKey = false

  /// A writer of one or more values.
  ///
  /// - Parameters:
  ///   - bytes: What the output starts with.
  ///   - isPretty: Whether to break lines and indent by two spaces.
  package init(_ bytes: [UInt8] = [], isPretty: Bool = false) {
    self.bytes = bytes
    self.isPretty = isPretty
  }

  /// A writer with room for what is about to be written, so that its memory is asked for once.
  ///
  /// - Parameter byteCount: How many bytes that is, roughly.
  package init(reserving byteCount: Int) {
    self.init()
    bytes.reserveCapacity(byteCount)
    counts.reserveCapacity(JSONWriter.usualDepth)
  }

  /// How deep objects and arrays lie in each other in most of what is written.
  private static let usualDepth = 8

  /// Opens an object.
  package mutating func beginObject() { open(UInt8(ascii: "{")) }

  /// Closes the innermost open object.
  package mutating func endObject() { close(UInt8(ascii: "}")) }

  /// Opens an array.
  package mutating func beginArray() { open(UInt8(ascii: "[")) }

  /// Closes the innermost open array.
  package mutating func endArray() { close(UInt8(ascii: "]")) }

  /// Writes the key of the next member.
  package mutating func key(_ name: String) {
    separate()
    quote(name)
    bytes.append(UInt8(ascii: ":"))
    if isPretty { bytes.append(UInt8(ascii: " ")) }
    isAfterKey = true
  }

  /// Writes members that were written before, by a writer that does not indent.
  ///
  /// - Parameter written: One or more, with the commas between them.
  package mutating func members(_ written: [UInt8]) {
    precondition(!isPretty, "what was written is not indented")
    separate()
    bytes.append(contentsOf: written)
  }

  /// Writes a string.
  package mutating func string(_ text: String) {
    separate()
    quote(text)
  }

  /// Writes a string of which the UTF-8 is at hand, without making a `String` of it.
  ///
  /// - Parameter text: Well-formed UTF-8.
  package mutating func string(utf8 text: UnsafeRawBufferPointer) {
    separate()
    bytes.reserveCapacity(bytes.count + text.count + text.count >> 5 + 64)
    bytes.append(UInt8(ascii: "\""))
    unsafe quote(text)
    bytes.append(UInt8(ascii: "\""))
  }

  /// Writes a string, or `null` where there is none.
  package mutating func string(_ text: String?) {
    if let text { string(text) } else { null() }
  }

  /// Writes an integer.
  package mutating func integer(_ value: Int) {
    separate()
    bytes.append(contentsOf: String(value).utf8)
  }

  /// Writes a number rounded to some decimals, without trailing zeros; `null` where not finite.
  ///
  /// - Parameters:
  ///   - value: The number.
  ///   - decimals: How many digits at most follow the point, 0…9.
  package mutating func double(_ value: Double, decimals: Int) {
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    let scaled = (value * scale).rounded()
    guard scaled.isFinite else { return null() }
    separate()
    guard scaled.magnitude < 0x1p53 else {
      bytes.append(contentsOf: "\(value)".utf8)
      return
    }
    let units = Int(scaled.magnitude)
    if scaled < 0, units != 0 { bytes.append(UInt8(ascii: "-")) }
    bytes.append(contentsOf: String(units / Int(scale)).utf8)
    var digits = Array(String(units % Int(scale) + Int(scale)).utf8.dropFirst())
    while digits.last == UInt8(ascii: "0") { digits.removeLast() }
    guard !digits.isEmpty else { return }
    bytes.append(UInt8(ascii: "."))
    bytes.append(contentsOf: digits)
  }

  /// Writes `true` or `false`.
  package mutating func boolean(_ value: Bool) {
    separate()
    bytes.append(contentsOf: (value ? "true" : "false").utf8)
  }

  /// Writes `null`.
  package mutating func null() {
    separate()
    bytes.append(contentsOf: "null".utf8)
  }

  /// Writes an array of strings.
  package mutating func strings(_ texts: [String]) {
    beginArray()
    for text in texts { string(text) }
    endArray()
  }

  /// Ends the line, between two values of a file of JSON lines or after the last value.
  package mutating func lineBreak() { bytes.append(0x0A) }

  /// Takes what was written and starts anew, keeping no open object.
  package mutating func take() -> [UInt8] {
    defer { bytes = [] }
    return bytes
  }

  /// Takes what was written so far and goes on in the objects and arrays that are open, so that a
  /// long value need not be held.
  package mutating func takePart() -> [UInt8] {
    defer { bytes = [] }
    return bytes
  }

  private mutating func open(_ byte: UInt8) {
    separate()
    bytes.append(byte)
    counts.append(0)
  }

  private mutating func close(_ byte: UInt8) {
    precondition(!counts.isEmpty, "an object or array is open")
    if counts.removeLast() > 0 { breakLine() }
    bytes.append(byte)
  }

  private mutating func separate() {
    if isAfterKey {
      isAfterKey = false
      return
    }
    guard let count = counts.last else { return }
    if count > 0 { bytes.append(UInt8(ascii: ",")) }
    counts[counts.count - 1] = count + 1
    breakLine()
  }

  private mutating func breakLine() {
    guard isPretty else { return }
    bytes.append(0x0A)
    bytes.append(contentsOf: repeatElement(0x20, count: 2 * counts.count))
  }

  private mutating func quote(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    defer { bytes.append(UInt8(ascii: "\"")) }
    var text = text
    text.withUTF8 { text in unsafe quote(UnsafeRawBufferPointer(text)) }
  }

  /// Appends the bytes of a string without its quotation marks.
  private mutating func quote(_ text: UnsafeRawBufferPointer) {
    // Runs that stand as they are, which is most of every text, are copied whole.
    var start = 0
    var index = 0
    while index < text.count {
      if index + 8 <= text.count {
        let loaded = unsafe text.loadUnaligned(fromByteOffset: index, as: UInt64.self)
        let found = JSONWriter.marks(in: UInt64(littleEndian: loaded))
        if found == 0 {
          index += 8
          continue
        }
        index += found.trailingZeroBitCount >> 3
      }
      let byte = unsafe text[index]
      if !JSONWriter.isPlain(byte) {
        unsafe bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: text[start..<index]))
        escape(byte)
        start = index + 1
      }
      index += 1
    }
    unsafe bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: text[start...]))
  }

  /// The top bit of the first byte of eight that is escaped; 0 for none, and what is above it means nothing.
  ///
  /// *Source:* Anderson, "Bit Twiddling Hacks" (a word with a byte less than n, with a byte equal to n).
  @inline(__always)
  private static func marks(in word: UInt64) -> UInt64 {
    let low = (word &- 0x2020_2020_2020_2020) & ~word
    func equal(_ byte: UInt64) -> UInt64 {
      let other = word ^ byte &* 0x0101_0101_0101_0101
      return (other &- 0x0101_0101_0101_0101) & ~other
    }
    return (low | equal(0x22) | equal(0x5C) | equal(0x7F)) & 0x8080_8080_8080_8080
  }

  private mutating func escape(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"):
      bytes.append(UInt8(ascii: "\\"))
      bytes.append(byte)
    case 0x0A: bytes.append(contentsOf: "\\n".utf8)
    case 0x0D: bytes.append(contentsOf: "\\r".utf8)
    case 0x09: bytes.append(contentsOf: "\\t".utf8)
    default:
      bytes.append(contentsOf: "\\u00".utf8)
      bytes.append(JSONWriter.hex[Int(byte >> 4)])
      bytes.append(JSONWriter.hex[Int(byte & 15)])
    }
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\") && byte != 0x7F
  }

  private static let hex = Array("0123456789abcdef".utf8)
}

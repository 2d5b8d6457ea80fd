import VigieCore

/// Values of a JSON document of any size, one at a time.
struct JSONStream {
  /// One value, or why there is none.
  enum Value {
    /// The value lies in the window's bytes. After damage it is doubtful that it is a record.
    case record(Range<Int>, offset: Int, isDoubtful: Bool)
    case gap(SourceFault, offset: Int)
  }

  private(set) var window: ByteWindow
  /// Whether the stream must find its way again before the next value.
  private(set) var isLost = false
  /// Whether it was said that the stream ended too early.
  private(set) var isEnded = false

  init(_ window: ByteWindow) { self.window = window }

  /// The next byte that is no white space, or `nil` at the end.
  mutating func peek() -> UInt8? {
    while true {
      var index = window.start
      while index < window.bytes.count {
        let byte = window.bytes[index]
        guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else {
          window.consume(to: index)
          return byte
        }
        index += 1
      }
      window.consume(to: index)
      guard window.fill() else { return nil }
    }
  }

  /// Reads more, for who looks ahead.
  mutating func fill() -> Bool { window.fill() }

  /// Says that where the stream stands is no longer known: the next element is looked for.
  mutating func lose() { isLost = true }

  /// Consumes what is left of a line.
  ///
  /// - Returns: How many bytes it was.
  mutating func skipLine() -> Int {
    let first = window.offset
    while true {
      if let index = window.bytes[window.start...].firstIndex(of: 0x0A) {
        window.consume(to: index + 1)
        break
      }
      window.consume(to: window.bytes.count)
      guard window.fill() else { break }
    }
    return window.offset - first
  }

  /// The index of the object that is next among others, without consuming anything; `nil` where
  /// the stream is lost or what is next is something else or not in memory.
  func nextObject() -> Int? {
    if isLost || isEnded { return nil }
    var index = window.start
    while index < window.bytes.count {
      switch window.bytes[index] {
      case 0x20, 0x0A, 0x0D, 0x09, UInt8(ascii: ","): index += 1
      case UInt8(ascii: "{"): return index
      default: return nil
      }
    }
    return nil
  }

  /// Consumes everything before an index of the window's bytes.
  mutating func consume(to index: Int) { window.consume(to: index) }

  /// Consumes one byte.
  mutating func skip() { window.consume(to: min(window.start + 1, window.bytes.count)) }

  /// The next element of an array, or `nil` after its end.
  ///
  /// Commas may be missing or doubled; after damage it goes on with the next object. A stream that
  /// ends before the array does is a gap, after which the stream is at its end.
  ///
  /// - Parameters:
  ///   - limit: The longest element, bytes.
  ///   - isOpenEnded: Whether there is no array, only one value after the other.
  /// - Returns: A value, a gap, or `nil`.
  mutating func element(limit: Int, isOpenEnded: Bool = false) -> Value? {
    if isEnded { return nil }
    var isDoubtful = false
    if isLost {
      guard findObject() else { return nil }
      isLost = false
      isDoubtful = true
    }
    while let byte = peek() {
      switch byte {
      case UInt8(ascii: ","): skip()
      case UInt8(ascii: "]"):
        skip()
        return nil
      default: return value(limit: limit, isDoubtful: isDoubtful)
      }
    }
    isEnded = true
    if isOpenEnded, window.fault == nil { return nil }
    return .gap(endFault, offset: window.offset)
  }

  /// The value whose first byte is next.
  mutating func value(limit: Int, isDoubtful: Bool = false) -> Value {
    let offset = window.offset
    var scan = ValueScan()
    var scanned = 0
    var isTooLong = false
    while true {
      let first = window.start + scanned
      let end = scan.scan(window.bytes.span, from: first)
      scanned = end - window.start
      switch scan.state {
      case .complete: return finish(end, offset, limit, isTooLong, isDoubtful)
      case .damaged:
        isLost = true
        leaveDamage(at: end)
        return .gap(
          SourceFault(reason: .corrupt, detail: "a record is damaged JSON"),
          offset: offset
        )
      case .within: break
      }
      if scanned > limit {
        isTooLong = true
        window.consume(to: end)
        scanned = 0
      }
      if window.fill() { continue }
      if scan.isWordAtEnd {
        return finish(window.bytes.count, offset, limit, isTooLong, isDoubtful)
      }
      window.consume(to: window.bytes.count)
      isEnded = true
      return .gap(endFault, offset: offset)
    }
  }

  /// Consumes a damaged record, but not the `}` and comma just before the damage: what it lacks
  /// may be its own end, and they then show where the next record starts.
  private mutating func leaveDamage(at end: Int) {
    var index = end
    let separators = Array("}, \n\r\t".utf8)
    while index > window.start + 1, separators.contains(window.bytes[index - 1]) { index -= 1 }
    window.consume(to: max(index, min(window.start + 1, window.bytes.count)))
  }

  /// Reads to the end of the stream after its last value.
  ///
  /// - Returns: What is wrong there: bytes that do not belong, or a stream that broke off.
  mutating func endOfStream() -> SourceFault? {
    if isEnded || isLost { return nil }
    if peek() == nil { return window.fault }
    return SourceFault(reason: .corrupt, detail: "the file goes on after its array")
  }

  private mutating func finish(
    _ end: Int,
    _ offset: Int,
    _ limit: Int,
    _ isTooLong: Bool,
    _ isDoubtful: Bool
  ) -> Value {
    let range = window.start..<end
    window.consume(to: end)
    if isTooLong || range.count > limit {
      let detail = "a record is longer than \(limit) bytes"
      return .gap(SourceFault(reason: .limit, detail: detail), offset: offset)
    }
    return .record(range, offset: offset, isDoubtful: isDoubtful)
  }

  /// What to say of a stream that ends where a value should go on.
  var endFault: SourceFault {
    window.fault ?? SourceFault(reason: .truncated, detail: "the JSON ends before it is complete")
  }

  /// After damage: goes to the next object that may be a record.
  ///
  /// - Returns: Whether there is one; it is next.
  mutating func findRecord() -> Bool {
    isLost = false
    return !isEnded && findObject()
  }

  /// Gives up a value just read as no record: the search goes on from its last byte.
  mutating func giveBackBrace() {
    let last = window.start - 1
    if last >= 0, window.bytes[last] == UInt8(ascii: "}") { window.consume(to: last) }
  }

  /// The first key of the object that is next, with its value where that is a short string too;
  /// `nil` where it shows none within 256 bytes.
  mutating func firstMember() -> (key: String, value: String?)? {
    while window.count < 256, window.fill() {}
    let head = window.bytes[window.start...].prefix(256)
    let parts = head.split(
      separator: UInt8(ascii: "\""),
      maxSplits: 4,
      omittingEmptySubsequences: false
    )
    guard parts.count > 2, parts[0].dropFirst().allSatisfy({ $0 <= 0x20 }) else { return nil }
    let isText = parts.count == 5 && !parts[2].contains { $0 > 0x20 && $0 != UInt8(ascii: ":") }
    return (
      String(decoding: parts[1], as: UTF8.self),
      isText ? String(decoding: parts[3], as: UTF8.self) : nil
    )
  }

  /// Goes to the next object that follows another, with a comma or without, or that starts a line.
  private mutating func findObject() -> Bool {
    var last: UInt8 = 0
    while true {
      var index = window.start
      while index < window.bytes.count {
        let byte = window.bytes[index]
        if byte == UInt8(ascii: "{"), last != 0 {
          window.consume(to: index)
          return true
        }
        switch byte {
        case UInt8(ascii: "}"): last = byte
        case UInt8(ascii: ","): last = last == UInt8(ascii: "}") || last == byte ? byte : 0
        case 0x0A: if last == 0 { last = byte }
        case 0x20, 0x0D, 0x09: if last == 0x0A { last = 0 }
        default: last = 0
        }
        index += 1
      }
      window.consume(to: index)
      guard window.fill() else { return false }
    }
  }
}

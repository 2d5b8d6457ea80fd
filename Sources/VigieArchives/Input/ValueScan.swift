import VigieJSON

/// Finds the end of one JSON value in a stream, piece by piece, without reading what it says.
///
/// It sees quotes, brackets and bytes that cannot stand where they do; that suffices to find the
/// next record after a damaged one. The JSON reader then judges the record itself.
struct ValueScan {
  enum State {
    case within
    case complete
    case damaged
  }

  private(set) var state = State.within
  /// How many objects and arrays are open, and which of them are objects: a bit each.
  private var depth = 0
  private var objects = InlineArray<8, UInt64>(repeating: 0)
  private var isInString = false
  private var isAfterBackslash = false
  private var isInWord = false
  /// Whether a colon was the last that was no white space: in an object, only there a value may start.
  private var isAfterColon = false

  /// Scans bytes from an index to the end.
  ///
  /// - Returns: The index after the value, or of the damage, or the end.
  mutating func scan(_ bytes: Span<UInt8>, from first: Int) -> Int {
    var index = first
    while index < bytes.count {
      let byte = bytes[index]
      if isInString {
        if isAfterBackslash {
          isAfterBackslash = false
        } else if byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
          index += plainByteCount(bytes, from: index)
          continue
        } else if byte == UInt8(ascii: "\"") {
          isInString = false
          if depth == 0 {
            state = .complete
            return index + 1
          }
        } else if byte == UInt8(ascii: "\\") {
          isAfterBackslash = true
        } else if byte < 0x20 {
          state = .damaged
          return index
        }
        index += 1
        continue
      }
      if !step(byte) { return state == .complete && !isInWord ? index + 1 : index }
      index += 1
    }
    return index
  }

  /// Takes a byte outside strings.
  ///
  /// - Returns: Whether to go on.
  private mutating func step(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "\""):
      guard !isInWord || depth > 0 else { return stop(.damaged) }
      isInString = true
      isAfterColon = false
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      guard depth < 512, !isInWord || depth > 0 else { return stop(.damaged) }
      // What is cut behind a comma would take the records after it for its own.
      guard isAfterColon || !isInObject else { return stop(.damaged) }
      isAfterColon = false
      let mark: UInt64 = 1 << UInt64(depth & 63)
      if byte == UInt8(ascii: "{") {
        objects[depth >> 6] |= mark
      } else {
        objects[depth >> 6] &= ~mark
      }
      depth += 1
    case UInt8(ascii: "}"), UInt8(ascii: "]"):
      if depth == 0 { return stop(isInWord ? .complete : .damaged) }
      depth -= 1
      guard isOpenObject(depth) == (byte == UInt8(ascii: "}")) else { return stop(.damaged) }
      isAfterColon = false
      if depth == 0 {
        isInWord = false
        return stop(.complete)
      }
    case 0x20, 0x09, 0x0A, 0x0D:
      if depth == 0 { return stop(isInWord ? .complete : .damaged) }
    case UInt8(ascii: ","):
      if depth == 0 { return stop(isInWord ? .complete : .damaged) }
      isAfterColon = false
    case UInt8(ascii: ":"):
      if depth == 0 { return stop(.damaged) }
      isAfterColon = true
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
      UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: "E"):
      if depth == 0 { isInWord = true }
      isAfterColon = false
    default: return stop(.damaged)
    }
    return true
  }

  /// Whether what is open at a depth is an object.
  private func isOpenObject(_ depth: Int) -> Bool {
    objects[depth >> 6] >> UInt64(depth & 63) & 1 == 1
  }

  /// Whether the innermost that is open is an object.
  private var isInObject: Bool { depth > 0 && isOpenObject(depth - 1) }

  private mutating func stop(_ state: State) -> Bool {
    self.state = state
    return false
  }

  /// Whether a word such as a number ended with the stream, which completes it.
  var isWordAtEnd: Bool { isInWord && depth == 0 && state == .within }
}

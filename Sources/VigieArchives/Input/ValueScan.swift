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
  private var open: [UInt8] = []
  private var isInString = false
  private var isAfterBackslash = false
  private var isInWord = false

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
        } else if byte == UInt8(ascii: "\"") {
          isInString = false
          if open.isEmpty {
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
      guard !isInWord || !open.isEmpty else { return stop(.damaged) }
      isInString = true
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      guard open.count < 512, !isInWord || !open.isEmpty else { return stop(.damaged) }
      open.append(byte + 2)
    case UInt8(ascii: "}"), UInt8(ascii: "]"):
      if open.isEmpty { return stop(isInWord ? .complete : .damaged) }
      guard open.removeLast() == byte else { return stop(.damaged) }
      if open.isEmpty {
        isInWord = false
        return stop(.complete)
      }
    case UInt8(ascii: ","), 0x20, 0x09, 0x0A, 0x0D:
      if open.isEmpty { return stop(isInWord ? .complete : .damaged) }
    case UInt8(ascii: ":"):
      if open.isEmpty { return stop(.damaged) }
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
      UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: "E"):
      if open.isEmpty { isInWord = true }
    default: return stop(.damaged)
    }
    return true
  }

  private mutating func stop(_ state: State) -> Bool {
    self.state = state
    return false
  }

  /// Whether a word such as a number ended with the stream, which completes it.
  var isWordAtEnd: Bool { isInWord && open.isEmpty && state == .within }
}

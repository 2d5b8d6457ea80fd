/// What a text needs to have undone, told by the bytes a pass over it met.
extension Decoder.Steps {
  /// What a pass over a text met, as far as it bears on decoding.
  package struct Signs: OptionSet, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// `<` or `&`.
    package static let markup = Signs(rawValue: 1 << 0)
    /// `%`.
    package static let percent = Signs(rawValue: 1 << 1)
    /// `!`, `|`, `+` or `€`.
    package static let leet = Signs(rawValue: 1 << 2)
    /// `\\`.
    package static let backslash = Signs(rawValue: 1 << 3)
    /// A scalar that is invisible, or looks like another and stands beside a letter.
    package static let lookalike = Signs(rawValue: 1 << 4)
  }

  /// The steps for some signs, and base64 where a run of it may stand in the text.
  package init(_ signs: Signs, _ text: Span<UInt8>) {
    var steps: Decoder.Steps = []
    if signs.contains(.markup) { steps.insert(.markup) }
    if signs.contains(.percent) { steps.insert(.percent) }
    if signs.contains(.backslash) { steps.insert(.escapes) }
    if signs.contains(.lookalike) { steps.insert(.plain) }
    if signs.contains(.leet) { steps.insert(.leet) }
    if Decoder.nextRun(text, from: 0) < text.count { steps.insert(.base64) }
    self = steps
  }
}

extension Decoder {
  /// The start of the next run that may be base64, or the end of the text.
  ///
  /// Any run of ``minRunCount`` letters covers eight bytes at a multiple of eight, and four more on
  /// one side of them: only where these hold no space or the like are letters looked at one by one.
  static func nextRun(_ text: Span<UInt8>, from start: Int) -> Int {
    var block = (start + 7) & ~7
    while block + 8 <= text.count {
      guard mayBeInRun(text, block), isRunByte(text[block]) else {
        block += 8
        continue
      }
      var first = block
      while first > start, isRunByte(text[first - 1]) { first -= 1 }
      var end = block + 1
      while end < text.count, isRunByte(text[end]) { end += 1 }
      // Paths and options start with a byte of the alphabet that is none of the code.
      while first < end, !isAlphanumeric(text[first]) { first += 1 }
      if end - first >= minRunCount, mayBeBase64(text, first..<end) { return first }
      block = (end + 7) & ~7
    }
    return text.count
  }

  /// Whether a run of ``minRunCount`` bytes or more may cover eight bytes.
  @inline(__always)
  private static func mayBeInRun(_ text: Span<UInt8>, _ block: Int) -> Bool {
    // In bounds: the caller leaves eight bytes from here on, and four are asked for before each use.
    let bytes = unsafe text.bytes
    let inside = unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: block, as: UInt64.self)
    if holdsBreak(inside) { return false }
    if block >= 4 {
      let before = unsafe bytes.unsafeLoadUnaligned(
        fromUncheckedByteOffset: block - 4,
        as: UInt32.self
      )
      if !holdsBreak(UInt64(before) << 32 | 0x4141_4141) { return true }
    }
    guard block + 12 <= text.count else { return false }
    let after = unsafe bytes.unsafeLoadUnaligned(
      fromUncheckedByteOffset: block + 8,
      as: UInt32.self
    )
    return !holdsBreak(UInt64(after) << 32 | 0x4141_4141)
  }

  /// Whether one of eight bytes is below `+`, the least letter of base64, or beyond ASCII.
  @inline(__always)
  private static func holdsBreak(_ bytes: UInt64) -> Bool {
    ((bytes &- 0x2B2B_2B2B_2B2B_2B2B) | bytes) & 0x8080_8080_8080_8080 != 0
  }

  @inline(__always)
  static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte)
  }

  /// Whether a byte is a letter of either base64 alphabet (RFC 4648 §4, §5), as two bit sets.
  @inline(__always)
  static func isRunByte(_ byte: UInt8) -> Bool {
    // Bits of `+`, `-`, `/`, `0`…`9`, then of `A`…`Z`, `_`, `a`…`z`.
    let bits: UInt64 = byte < 0x40 ? 0x03FF_A800_0000_0000 : 0x07FF_FFFE_87FF_FFFE
    return byte < 0x80 && bits >> UInt64(byte & 0x3F) & 1 != 0
  }
}

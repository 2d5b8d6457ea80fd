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
  /// Any run of ``minRunCount`` letters covers a byte at a multiple of it: only these are looked
  /// at, so that most of a text is not.
  static func nextRun(_ text: Span<UInt8>, from start: Int) -> Int {
    let mask = minRunCount - 1
    var index = start | mask
    while index < text.count {
      if isRunByte(text[index]) {
        var first = index
        while first > start, isRunByte(text[first - 1]) { first -= 1 }
        var end = index + 1
        while end < text.count, isRunByte(text[end]) { end += 1 }
        // Paths and options start with a byte of the alphabet that is none of the code.
        while first < end, !isAlphanumeric(text[first]) { first += 1 }
        if end - first >= minRunCount, mayBeBase64(text, first..<end) { return first }
        index = end
      }
      index = (index + 1) | mask
    }
    return text.count
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

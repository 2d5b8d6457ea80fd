/// Percent escapes, backslash escapes and base64.
extension Decoder {
  /// The longest run that is decoded at once, bytes: longer ones are data, not words.
  private static let maxRunCount = 1 << 20
  /// The share of printable scalars a decoded run must have to be text.
  private static let minPrintableShare = 0.9

  /// The value of two hexadecimal digits at a place, or `nil`.
  static func hexByte(_ source: Span<UInt8>, at index: Int) -> UInt8? {
    guard index + 1 < source.count, let high = hexValue(source[index]),
      let low = hexValue(source[index + 1])
    else { return nil }
    return high << 4 | low
  }

  static func hexValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x41 + 10
    case 0x61...0x66: byte - 0x61 + 10
    default: nil
    }
  }

  /// The value of four hexadecimal digits at a place, or `nil`.
  private static func codeUnit(_ source: Span<UInt8>, at index: Int) -> UInt32? {
    guard let high = hexByte(source, at: index), let low = hexByte(source, at: index + 2) else {
      return nil
    }
    return UInt32(high) << 8 | UInt32(low)
  }

  /// The scalar of the escape `\uXXXX` (a pair for two surrogates) or `\xXX` that starts at a
  /// backslash and the byte after it, or `nil`.
  static func escape(_ source: Span<UInt8>, at index: Int) -> (scalar: UInt32, end: Int)? {
    guard index + 3 < source.count else { return nil }
    switch source[index + 1] {
    case UInt8(ascii: "u"):
      guard let unit = codeUnit(source, at: index + 2) else { return nil }
      // A surrogate pair is two escapes in a row.
      if (0xD800..<0xDC00).contains(unit), index + 11 < source.count,
        source[index + 6] == 0x5C, source[index + 7] == UInt8(ascii: "u"),
        let low = codeUnit(source, at: index + 8), (0xDC00..<0xE000).contains(low)
      {
        return (0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00), index + 12)
      }
      return (unit, index + 6)
    case UInt8(ascii: "x"):
      return hexByte(source, at: index + 2).map { (UInt32($0), index + 4) }
    default: return nil
    }
  }

  /// Decodes an escape.
  ///
  /// - Returns: The byte after it, or `nil` where there is none.
  mutating func decodeEscape(_ source: Span<UInt8>, at index: Int, _ depth: Int) -> Int? {
    guard let escape = Decoder.escape(source, at: index) else { return nil }
    flush(source, upTo: index, depth)
    if source[index + 1] == UInt8(ascii: "x") {
      // Bytes of UTF-8 as they are.
      emit(UInt8(truncatingIfNeeded: escape.scalar), index..<escape.end, .encoded, depth)
    } else {
      emit(scalar: escape.scalar, index..<escape.end, .encoded, depth)
    }
    return escape.end
  }

  /// How many groups of four letters are looked at before a run is decoded.
  private static let probeGroupCount = 16

  /// Whether a run may be base64 of text, judged by its first groups.
  ///
  /// Names, words and data of any kind fail this within a few letters: what comes out is a control, or
  /// no UTF-8. A run may be a megabyte long, and should not be decoded only to see that.
  ///
  /// - Parameters:
  ///   - source: The text.
  ///   - run: Bytes of the alphabet.
  ///   - isCut: Whether the run began before, maybe in the middle of a scalar.
  /// - Returns: `false` where it cannot be; the whole run may still fail.
  package static func mayBeBase64(
    _ source: Span<UInt8>,
    _ run: Range<Int>,
    isCut: Bool = false
  ) -> Bool {
    var index = run.lowerBound
    // How many bytes of a scalar are to come.
    var pending = 0
    var left = isCut ? 3 : 0
    for _ in 0..<probeGroupCount where index + 4 <= run.upperBound {
      var group: UInt32 = 0
      for offset in 0..<4 { group = group << 6 | UInt32(base64Value(source[index + offset])) }
      for place in 0..<3 {
        switch UInt8(truncatingIfNeeded: group >> UInt32(16 - 8 * place)) {
        case 0x80...0xBF:
          if pending > 0 { pending -= 1 } else if left == 0 { return false }
        case _ where pending > 0: return false
        case 0x20..<0x7F, 0x09, 0x0A, 0x0C, 0x0D: break
        case 0xC2...0xDF: pending = 1
        case 0xE0...0xEF: pending = 2
        case 0xF0...0xF4: pending = 3
        default: return false
        }
        left = max(0, left - 1)
      }
      index += 4
    }
    return true
  }

  /// Decodes a base64 run that starts here, where it is long enough and gives text.
  ///
  /// A run may go on over line ends (MIME wraps at 76), and may use either alphabet of RFC 4648.
  ///
  /// - Returns: The byte after the run where it was decoded, and the byte up to which no other run
  ///   need be tried.
  mutating func decodeRun(
    _ source: Span<UInt8>,
    at index: Int,
    _ depth: Int
  ) -> (end: Int?, checkedTo: Int) {
    // Taken out for the time of its use; its memory is kept for the next run.
    var places: [Int] = []
    swap(&places, &runPlaces)
    defer { swap(&places, &runPlaces) }
    places.removeAll(keepingCapacity: true)
    var end = index
    var padding = 0
    var firstLineEnd = 0
    while end < source.count, places.count < Decoder.maxRunCount {
      let byte = source[end]
      if Decoder.isRunByte(byte), padding == 0 {
        places.append(end)
      } else if byte == UInt8(ascii: "="), padding < 2, !places.isEmpty {
        padding += 1
      } else if byte == 0x0A || byte == 0x0D, padding == 0, places.count >= Decoder.minRunCount,
        end + 1 < source.count, Decoder.isRunByte(source[end + 1]) || source[end + 1] == 0x0A
      {
        if firstLineEnd == 0 { firstLineEnd = end }
      } else {
        break
      }
      end += 1
    }
    if firstLineEnd == 0 { firstLineEnd = end }
    if places.count >= Decoder.minRunCount {
      if emitBase64(source, places, runEnd: end, depth) { return (end, end) }
      // Words on the following lines are not part of the run: try its first line alone.
      if firstLineEnd < end {
        let line = places.filter { $0 < firstLineEnd }
        if line.count >= Decoder.minRunCount,
          emitBase64(source, line, runEnd: firstLineEnd, depth)
        {
          return (firstLineEnd, firstLineEnd)
        }
      }
    }
    return (nil, max(firstLineEnd, index + 1))
  }

  /// How far into a window that starts in a run the first whole line of it may start, bytes.
  private static let maxLineCount = 80

  /// Decodes the run in which a window starts, wherever in a group of four letters that is.
  ///
  /// - Returns: The byte after it, or 0 where there is none.
  mutating func decodeCutRun(_ source: Span<UInt8>, _ depth: Int) -> Int {
    var end = 0
    while end < source.count, end < Decoder.maxLineCount, Decoder.isRunByte(source[end]) {
      end += 1
    }
    for start in 0..<min(4, end) where Decoder.mayBeBase64(source, start..<end, isCut: true) {
      if let end = decodeRun(source, at: start, depth).end {
        copied = end
        return end
      }
    }
    return 0
  }

  /// Emits what base64 letters stand for, where it is text.
  private mutating func emitBase64(
    _ source: Span<UInt8>,
    _ places: [Int],
    runEnd: Int,
    _ depth: Int
  ) -> Bool {
    // A length of 4k + 1 cannot be base64; a run that the window cuts may have any.
    let isCutStart = isCut.start && places[0] <= Decoder.maxLineCount
    let isCutEnd = isCut.end && runEnd == source.count
    guard places.count % 4 != 1 || isCutEnd else { return false }
    scratch.removeAll(keepingCapacity: true)
    var bits: UInt32 = 0
    var bitCount = 0
    for place in places {
      bits = bits << 6 | UInt32(Decoder.base64Value(source[place]))
      bitCount += 6
      if bitCount >= 8 {
        bitCount -= 8
        scratch.append(UInt8(truncatingIfNeeded: bits >> UInt32(bitCount)))
      }
    }
    guard isText(scratch, isCutStart: isCutStart, isCutEnd: isCutEnd) else { return false }
    flush(source, upTo: places[0], depth)
    for offset in scratch.indices {
      let group = offset / 3 * 4
      let start = places[group]
      let last = min(group + 3, places.count - 1)
      let end = last == places.count - 1 ? runEnd : places[last] + 1
      emit(scratch[offset], start..<end, .encoded, depth)
    }
    return true
  }

  /// Whether bytes are UTF-8 text that a person could have written; where they are cut, a scalar
  /// may be.
  private func isText(_ bytes: [UInt8], isCutStart: Bool, isCutEnd: Bool) -> Bool {
    let span = bytes.span
    var index = 0
    var scalars = 0
    var printable = 0
    var letters = 0
    var digits = 0
    while index < span.count {
      let unit = span.scalar(at: index)
      index += unit.length
      scalars += 1
      if unit.value == 0xFFFD {
        let isAtCut = isCutStart && index <= 3 || isCutEnd && index > span.count - 3
        guard isAtCut else { return false }
      }
      let isControl = unit.value < 0x20 && unit.value != 0x0A && unit.value != 0x0D
      if !isControl || unit.value == 0x09 { printable += 1 }
      if unit.value < 0x80,
        Decoder.isLetter(UInt8(truncatingIfNeeded: unit.value)) || unit.value == 0x20
      {
        letters += 1
      } else if unit.value >= 0x80 {
        letters += 1
      } else if (0x30...0x39).contains(unit.value) {
        digits += 1
      }
    }
    // Digits may stand for letters: D1FFU510N.
    return Double(printable) >= Double(scalars) * Decoder.minPrintableShare
      && (letters + digits) * 2 >= scalars && letters * 4 >= scalars
  }

  private static func base64Value(_ byte: UInt8) -> UInt8 {
    switch byte {
    case 0x41...0x5A: byte - 0x41
    case 0x61...0x7A: byte - 0x61 + 26
    case 0x30...0x39: byte - 0x30 + 52
    case 0x2B, 0x2D: 62
    default: 63
    }
  }
}

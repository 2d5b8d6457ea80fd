import VigieUnicode

/// Undoes markup and encodings: tags, character references, percent escapes, base64, look-alikes.
///
/// It is run only over texts that hold a sign of any of them; a text decoded once may hold another
/// layer, so it is run again over its own result up to ``maxDepth`` times.
package struct Decoder: ~Copyable {
  /// How many layers are undone.
  static let maxDepth = 3
  /// The shortest run of base64 letters worth decoding; 16 letters are 12 bytes of text.
  static let minRunCount = 16

  /// What is to be undone.
  package struct Steps: OptionSet, Sendable, Equatable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Tags and character references.
    package static let markup = Steps(rawValue: 1 << 0)
    /// Percent escapes.
    package static let percent = Steps(rawValue: 1 << 1)
    /// Base64 runs.
    package static let base64 = Steps(rawValue: 1 << 2)
    /// Invisible scalars, compatibility forms and look-alikes, to plain ASCII.
    package static let plain = Steps(rawValue: 1 << 3)
    /// Punctuation between letters that stands for one.
    package static let leet = Steps(rawValue: 1 << 4)
    /// Backslash escapes of programming languages: `\u0041`, `\x41`.
    package static let escapes = Steps(rawValue: 1 << 5)
    package static let all: Steps = [.markup, .percent, .base64, .plain, .leet, .escapes]
  }

  /// The result: the text of the last layer.
  package private(set) var text = DecodedText()
  private var earlier = DecodedText()
  var scratch: [UInt8] = []
  var openRegions: [(kind: MarkupRegion.Kind, start: Int)] = []

  package init() {}

  /// Decodes a text.
  ///
  /// - Parameters:
  ///   - source: One window of a text, at most 2 GiB.
  ///   - steps: What to undo.
  ///   - isMarkup: Whether the text is HTML, so that block tags end lines.
  /// - Returns: Whether anything was undone; the result is ``text``.
  package mutating func decode(_ source: Span<UInt8>, _ steps: Steps, isMarkup: Bool) -> Bool {
    text.removeAll()
    run(source, steps, isMarkup: isMarkup, depth: 0)
    var changed = text.isChanged
    var depth = 1
    while changed, depth < Decoder.maxDepth {
      // Another layer: what came out is decoded again, its ranges mapped through the first.
      swap(&text, &earlier)
      text.removeAll()
      let bytes = earlier.bytes
      run(bytes.span, .all, isMarkup: false, depth: depth)
      if !text.isChanged {
        swap(&text, &earlier)
        break
      }
      text.regions = earlier.regions
      changed = true
      depth += 1
    }
    return changed
  }

  /// Adds bytes of the result that stand for a range of the source of this layer.
  @inline(__always)
  mutating func emit(_ byte: UInt8, _ range: Range<Int>, _ decoding: Decoding, _ depth: Int) {
    if depth == 0 {
      text.append(byte, from: range, decoding)
    } else {
      text.append(byte, from: earlier.original(range), decoding)
      // What earlier layers undid stays undone, but is no change of this layer.
      let before = earlier.decoding(in: range).union(earlier.decoding(at: range.lowerBound))
      text.inherit(before)
    }
  }

  /// Adds a scalar of the result.
  mutating func emit(
    scalar: UInt32,
    _ range: Range<Int>,
    _ decoding: Decoding,
    _ depth: Int
  ) {
    guard let scalar = Unicode.Scalar(scalar) else { return emit(0x3F, range, decoding, depth) }
    for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
      emit(byte, range, decoding, depth)
    }
  }

  /// Notes that something was left out before the next byte.
  mutating func leaveOut(_ decoding: Decoding) { text.leaveOut(decoding) }

  /// Marks a run of the result as code or a quotation.
  mutating func addRegion(_ kind: MarkupRegion.Kind, _ start: Int) {
    guard start < text.count else { return }
    text.regions.append(MarkupRegion(kind: kind, range: start..<text.count))
  }

  private mutating func run(
    _ source: Span<UInt8>,
    _ steps: Steps,
    isMarkup: Bool,
    depth: Int
  ) {
    openRegions.removeAll(keepingCapacity: true)
    var index = 0
    var runCheckedTo = 0
    while index < source.count {
      let byte = source[index]
      switch byte {
      case 0x3C where steps.contains(.markup):
        if let end = skipTag(source, at: index, isMarkup: isMarkup, depth) {
          index = end
          continue
        }
      case 0x26 where steps.contains(.markup):
        if let end = decodeReference(source, at: index, depth) {
          index = end
          continue
        }
      case 0x25 where steps.contains(.percent):
        if let value = hexByte(source, at: index + 1) {
          emit(value, index..<(index + 3), .encoded, depth)
          index += 3
          continue
        }
      case 0x5C where steps.contains(.escapes):
        if let end = decodeEscape(source, at: index, depth) {
          index = end
          continue
        }
      case 0x21, 0x7C, 0x2B:
        if steps.contains(.leet), let letter = leetLetter(source, at: index) {
          emit(letter, index..<(index + 1), .leet, depth)
          index += 1
          continue
        }
      default: break
      }
      if byte >= 0x80 {
        index = copyScalar(source, at: index, steps, depth)
        continue
      }
      if steps.contains(.base64), index >= runCheckedTo, isBase64(byte) {
        let (end, checkedTo) = decodeRun(source, at: index, depth)
        runCheckedTo = checkedTo
        if let end {
          index = end
          continue
        }
      }
      emit(byte, index..<(index + 1), [], depth)
      index += 1
    }
    while let open = openRegions.popLast() { addRegion(open.kind, open.start) }
  }

  /// Copies a scalar beyond ASCII, or its plain look-alike.
  private mutating func copyScalar(
    _ source: Span<UInt8>,
    at index: Int,
    _ steps: Steps,
    _ depth: Int
  ) -> Int {
    let unit = source.scalar(at: index)
    let end = index + unit.length
    if steps.contains(.plain) {
      let kind = ScalarFold.kind(unit.value)
      if kind.contains(.ignorable) {
        leaveOut(.invisible)
        return end
      }
      let plain = ScalarFold.plain(unit.value)
      if plain != 0, kind.contains(.compatibility) || kind.contains(.homoglyph) {
        let isLetter = ScalarFold.isWord(unit.value)
        var decoding: Decoding = []
        if isLetter { decoding = kind.contains(.homoglyph) ? .homoglyph : .compatibility }
        emit(plain, index..<end, decoding, depth)
        return end
      }
    }
    if steps.contains(.leet), unit.value == 0x20AC, isBetweenLetters(source, index..<end) {
      emit(UInt8(ascii: "e"), index..<end, .leet, depth)
      return end
    }
    for offset in index..<end { emit(source[offset], index..<end, [], depth) }
    return end
  }

  /// The letter for which punctuation between two letters stands, or `nil`.
  private func leetLetter(_ source: Span<UInt8>, at index: Int) -> UInt8? {
    guard isBetweenLetters(source, index..<(index + 1)) else { return nil }
    switch source[index] {
    case 0x21: return UInt8(ascii: "i")
    case 0x7C: return UInt8(ascii: "l")
    default: return UInt8(ascii: "t")
    }
  }

  private func isBetweenLetters(_ source: Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard range.lowerBound > 0, range.upperBound < source.count else { return false }
    return ScalarFold.isWord(source.scalar(before: range.lowerBound).value)
      && ScalarFold.isWord(source.scalar(at: range.upperBound).value)
  }
}

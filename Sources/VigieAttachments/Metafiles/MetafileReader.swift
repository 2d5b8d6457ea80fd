/// Collects the text that a metafile draws.
///
/// Programs draw a line in pieces: those that go on where the last one ended are one word, others on
/// the same line are words of their own.
struct MetafileReader {
  /// The text, UTF-8; lines end with a line feed.
  private(set) var text: [UInt8] = []

  private var lastLine: Int?
  private var lastEnd = 0
  private var lastAdvance = 0
  private var charset = Charset.western

  /// Nothing read yet.
  init() {}

  /// Adds a piece that is drawn somewhere.
  ///
  /// - Parameters:
  ///   - piece: UTF-8.
  ///   - column: Where it starts, in units of the picture.
  ///   - line: Where its line is.
  ///   - width: How far it goes; 0 where the picture does not say.
  ///   - count: The characters of the piece.
  mutating func add(_ piece: [UInt8], column: Int, line: Int, width: Int, count: Int) {
    let piece = piece.filter { $0 != 0 }
    guard !piece.isEmpty else { return }
    let advance = width / max(1, count)
    if let lastLine {
      if lastLine != line {
        text.append(0x0A)
      } else if abs(column - lastEnd) > max(lastAdvance, advance) / 3 {
        text.append(0x20)
      }
    }
    text += piece
    lastLine = line
    lastEnd = column + width
    lastAdvance = advance
  }

  // MARK: EMF

  /// Reads an EMF.
  ///
  /// - Returns: Whether it has its last record.
  mutating func readEnhanced(_ file: Octets) -> Bool {
    var offset = 0
    var plus: [UInt8] = []
    while let kind = file.u32(offset), let size = file.u32(offset + 4), size >= 8 {
      let record = file.clamped(offset, size)
      switch kind {
      case 0x0E:
        finish(plus)
        return true
      case 83, 84: readText(record, isWide: kind == 84)
      case 108: readSmallText(record)
      case 70 where record.u32(12) == 0x2B46_4D45: MetafileReader.readPlus(record, into: &plus)
      default: break
      }
      offset += size
    }
    finish(plus)
    return false
  }

  /// What EMF+ draws is mostly drawn by the older records too; it counts where those say nothing.
  private mutating func finish(_ plus: [UInt8]) {
    if text.isEmpty { text = plus }
  }

  /// A record that draws text.

  ///

  /// *Source:* [MS-EMF] §2.3.5.7, §2.3.5.8 and §2.2.5 (EmrText).
  private mutating func readText(_ record: Octets, isWide: Bool) {
    guard let column = record.u32(36), let line = record.u32(40), let count = record.u32(44),
      let start = record.u32(48), let options = record.u32(52), count <= record.count
    else { return }
    // Glyph numbers are no characters.
    if options & 0x10 != 0 { return }
    let bytes = record.clamped(start, isWide ? count * 2 : count)
    var width = 0
    if let advances = record.u32(72), advances > 0 {
      for index in 0..<count { width += record.u32(advances + index * 4) ?? 0 }
    }
    let piece = isWide ? bytes.utf16Decoded : Charset.decode(bytes.bytes, charset) ?? []
    add(
      piece,
      column: Int(Int32(truncatingIfNeeded: column)),
      line: line,
      width: width,
      count: count
    )
  }

  /// *Source:* [MS-EMF] §2.3.5.37 (EMR_SMALLTEXTOUT).
  private mutating func readSmallText(_ record: Octets) {
    guard let column = record.u32(8), let line = record.u32(12), let count = record.u32(16),
      let options = record.u32(20), count <= record.count
    else { return }
    let start = options & 0x100 != 0 ? 36 : 52
    let isByte = options & 0x200 != 0
    let bytes = record.clamped(start, isByte ? count : count * 2)
    let piece = BIFFText.decode(bytes, isWide: !isByte)
    add(piece, column: Int(Int32(truncatingIfNeeded: column)), line: line, width: 0, count: count)
  }

  /// *Source:* [MS-EMFPLUS] §2.3.4.14 (EmfPlusDrawString).
  private static func readPlus(_ comment: Octets, into text: inout [UInt8]) {
    var offset = 16
    while let kind = comment.u16(offset), let size = comment.u32(offset + 4), size >= 12 {
      if kind == 0x401C, let count = comment.u32(offset + 20), count <= comment.count {
        if !text.isEmpty { text.append(0x0A) }
        text += comment.clamped(offset + 40, count * 2).utf16Decoded
      }
      offset += size
    }
  }

  // MARK: WMF

  /// Reads a WMF.
  ///
  /// - Returns: Whether it has its last record.
  mutating func readPlain(_ file: Octets) -> Bool {
    var offset = file.u32(0) == 0x9AC6_CDD7 ? 22 : 0
    offset += (file.u16(offset + 2) ?? 9) * 2
    while let words = file.u32(offset), let kind = file.u16(offset + 4), words >= 3 {
      let body = file.clamped(offset + 6, words * 2 - 6)
      switch kind {
      case 0: return true
      case 0x02FB: charset = Charset.ofFontCharset(body.u8(13) ?? 0) ?? Charset.western
      case 0x0521:
        let count = body.u16(0) ?? 0
        let end = 2 + (count + 1) & ~1
        addPlain(body.clamped(2, count), body.u16(end + 2) ?? 0, body.u16(end) ?? 0, width: 0)
      case 0x0A32: readPlainText(body)
      default: break
      }
      offset += words * 2
    }
    return false
  }

  /// *Source:* [MS-WMF] §2.3.3.5 (META_EXTTEXTOUT).
  private mutating func readPlainText(_ body: Octets) {
    guard let line = body.u16(0), let column = body.u16(2), let count = body.u16(4),
      let options = body.u16(6)
    else { return }
    let start = options & 6 != 0 ? 16 : 8
    let advances = start + (count + 1) & ~1
    var width = 0
    for index in 0..<min(count, body.count) { width += body.u16(advances + index * 2) ?? 0 }
    addPlain(body.clamped(start, count), column, line, width: width)
  }

  private mutating func addPlain(_ bytes: Octets, _ column: Int, _ line: Int, width: Int) {
    let piece = Charset.decode(bytes.bytes, charset) ?? bytes.array
    let column = Int(Int16(truncatingIfNeeded: column))
    add(piece, column: column, line: line, width: width, count: bytes.count)
  }
}

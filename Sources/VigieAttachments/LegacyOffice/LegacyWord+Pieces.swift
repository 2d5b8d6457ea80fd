extension LegacyWord {
  /// Characters taken from a document, at most: overlapping pieces multiply them.
  private static let maxUnitCount = 32 << 20

  /// Comparisons of a run with a piece, at most: a hostile document has many of both.
  static let maxComparisonCount = 20_000_000

  /// Joins the pieces of the text in their order.
  ///
  /// - Returns: Whether the table of pieces is whole.
  mutating func readPieces() -> Bool {
    // Word 6 and 95 keep the place of the table elsewhere; a document that was not saved fast has
    // its characters in one run.
    let entry = isOld ? 0x160 : 0x9A + Table.pieces.rawValue * 8
    let start = main.u32(0x18) ?? 0
    let end = main.u32(0x1C) ?? 0
    let isComplex = (main.u16(0x0A) ?? 0) & 4 != 0
    if isOld && !isComplex || main.u32(entry + 4) ?? 0 == 0 {
      guard start < end, end <= main.count else { return false }
      append(main.clamped(start, end - start), at: start, isByte: !isPaired)
      return true
    }
    let clx = table.clamped(main.u32(entry) ?? 0, main.u32(entry + 4) ?? 0)
    var offset = 0
    while clx.u8(offset) == 1, let length = clx.u16(offset + 1) { offset += 3 + length }
    guard clx.u8(offset) == 2, let length = clx.u32(offset + 1) else {
      // The header still says where the text began and ended; its characters show their width.
      let text = main.clamped(start, max(0, end - start))
      if text.bytes.lazy.filter({ $0 == 0 }).count > text.count / 4 {
        for index in 0..<text.count / 2 {
          units.append(UInt16(truncatingIfNeeded: text.u16(index * 2) ?? 0))
        }
      } else {
        append(text, at: start, isByte: !isPaired)
      }
      return false
    }
    let pieces = clx.clamped(offset + 5, length)
    let count = pieces.count > 4 ? (pieces.count - 4) / 12 : 0
    var isWhole = pieces.count == length && count > 0
    for index in 0..<count {
      guard let first = pieces.u32(index * 4), let last = pieces.u32(index * 4 + 4),
        let position = pieces.u32((count + 1) * 4 + index * 8 + 2)
      else { return false }
      guard last > first, units.count + last - first <= LegacyWord.maxUnitCount else {
        isWhole = isWhole && last == first
        continue
      }
      let isByte =
        isOld
        ? !isPaired && !isWide(at: position, count: last - first) : position & 0x4000_0000 != 0
      let place = isOld ? position : isByte ? (position & 0x3FFF_FFFF) / 2 : position & 0x3FFF_FFFF
      let characters = main.clamped(place, (last - first) * (isByte ? 1 : 2))
      if characters.count < (last - first) * (isByte ? 1 : 2) { isWhole = false }
      pieceStarts.append(
        Piece(character: units.count, offset: place, width: isByte ? 1 : 2, count: last - first)
      )
      append(characters, at: place, isByte: isByte)
    }
    return isWhole
  }

  /// Adds characters that lie at an offset of the stream, of a byte each or of two.
  private mutating func append(_ characters: Octets, at offset: Int, isByte: Bool) {
    if isByte {
      appendBytes(characters, at: offset)
    } else if isPaired {
      appendPairs(characters)
    } else {
      for index in 0..<characters.count / 2 {
        units.append(UInt16(truncatingIfNeeded: characters.u16(index * 2) ?? 0))
      }
    }
  }

  /// Whether a piece of an old document has characters of two bytes, as those for East Asia may;
  /// nothing but the zeros of its Latin letters says so.
  private func isWide(at place: Int, count: Int) -> Bool {
    guard ![0xA5DC, 0xA5DB].contains(main.u16(0)) else { return false }
    let text = main.clamped(place, count * 2)
    let latin = (0..<count).count { index in text.u16(index * 2).map { 1..<0x100 ~= $0 } ?? false }
    return latin * 2 > count
  }

  // MARK: Marks

  /// Finds the runs of hidden and of deleted characters.
  ///
  /// *Source:* [MS-DOC] §2.8.5 (PlcBteChpx), §2.9.36 (ChpxFkp), §2.6.1 (character properties).
  mutating func readMarks() {
    let table = bytes(of: .characterFormats)
    let count = table.count > 4 ? (table.count - 4) / 8 : 0
    var seen: Set<Int> = []
    for index in 0..<count {
      guard let number = table.u32((count + 1) * 4 + index * 4).map({ $0 & 0x3F_FFFF }),
        seen.insert(number).inserted, let page = main.slice(number * 512, 512)
      else { continue }
      readPage(page)
    }
    marked.sort { $0.range.lowerBound < $1.range.lowerBound }
    var end = 0
    marked = marked.compactMap { run in
      let start = max(end, run.range.lowerBound)
      guard start < run.range.upperBound else { return nil }
      end = run.range.upperBound
      return (start..<end, run.mark)
    }
  }

  private mutating func readPage(_ page: Octets) {
    let count = page.u8(511) ?? 0
    for run in 0..<count {
      guard let start = page.u32(run * 4), let end = page.u32(run * 4 + 4), start < end,
        let offset = page.u8((count + 1) * 4 + run), offset > 0,
        let length = page.u8(offset * 2),
        let mark = LegacyWord.mark(page.clamped(offset * 2 + 1, length))
      else { continue }
      for piece in pieceStarts where comparisonCount < LegacyWord.maxComparisonCount {
        comparisonCount += 1
        let low = max(start, piece.offset)
        let high = min(end, piece.offset + piece.count * piece.width)
        guard low < high, marked.count < 100_000 else { continue }
        let first = piece.character + (low - piece.offset) / piece.width
        let last = piece.character + (high - piece.offset + piece.width - 1) / piece.width
        if first < last { marked.append((first..<last, mark)) }
      }
    }
  }

  /// What a run's properties say: deleted, hidden or nothing of the kind.
  private static func mark(_ properties: Octets) -> Mark? {
    var offset = 0
    var mark: Mark?
    while let code = properties.u16(offset) {
      offset += 2
      let value = properties.u8(offset) ?? 0
      switch code {
      case 0x0800 where value & 1 != 0: return .deleted  // sprmCFRMarkDel
      case 0x083C where value == 1 || value == 0x81: mark = .hidden  // sprmCFVanish
      default: break
      }
      // *Source:* [MS-DOC] §2.2.5.1 (Sprm): the upper three bits say how long the operand is.
      switch code >> 13 {
      case 0, 1: offset += 1
      case 2, 4, 5: offset += 2
      case 3: offset += 4
      case 7: offset += 3
      default: offset += value + 1
      }
    }
    return mark
  }
}

/// A run of characters as it lies in the file.
struct Piece {
  /// The position of its first character.
  var character: Int
  /// The offset of that in the stream, bytes.
  var offset: Int
  /// The bytes of a character.
  var width: Int
  /// The number of characters.
  var count: Int
}

/// The letters of Word 6 and 95: bytes in the code page of their font, or pairs of bytes in documents for East Asia.
extension LegacyWord {
  /// Runs whose letters are of another code page than that of the document, at most; more are read as the document's.
  private static let maxRunCount = 1 << 20

  /// Whether an old document has letters of two bytes each.
  ///
  /// *Source:* [MS-DOC] §2.5.2 (FibBase, `fExtChar`), which later documents all set.
  var isPaired: Bool {
    (0xA697...0xA699).contains(main.u16(0) ?? 0) && (main.u16(0x0A) ?? 0) & 0x1000 != 0
  }

  /// Adds letters of a byte each.
  ///
  /// - Parameters:
  ///   - bytes: The letters.
  ///   - offset: Where they lie in the stream.
  mutating func appendBytes(_ bytes: Octets, at offset: Int) {
    // *Source:* [MS-DOC] §2.9.73 (FcCompressed): Windows-1252. Older documents follow their fonts and their
    // language, or the Macintosh where their header says so (character set 256 of Word 6).
    let old =
      main.u16(0x14) == 256 ? 10_000 : LegacyWord.codePage(ofLanguage: main.u16(6) ?? 0)
    let table = LegacyWord.table(isOld ? old : Charset.western)
    let start = units.count
    units.reserveCapacity(start + bytes.count)
    for byte in bytes.bytes {
      units.append(byte < 0x80 || table.isEmpty ? UInt16(byte) : table[Int(byte & 0x7F)])
    }
    for run in fontRuns where comparisonCount < LegacyWord.maxComparisonCount {
      comparisonCount += 1
      let part = run.range.clamped(to: offset..<offset + bytes.count)
      for place in part.lowerBound - offset..<part.upperBound - offset {
        guard let byte = bytes.u8(place), byte >= 0x80 else { continue }
        units[start + place] = run.table[byte & 0x7F]
      }
    }
  }

  /// Adds letters of two bytes each: one of a code page of East Asia, its first byte last.
  ///
  /// *Source:* the documents of LibreOffice's issue 17498, beside what its program for Word 97 makes of them.
  mutating func appendPairs(_ bytes: Octets) {
    let codePage = eastAsianCodePage
    var known: [UInt16: UInt16] = [:]
    units.reserveCapacity(units.count + bytes.count / 2)
    for index in 0..<bytes.count / 2 {
      let pair = UInt16(truncatingIfNeeded: bytes.u16(index * 2) ?? 0)
      if pair < 0x80 {
        units.append(pair)
      } else if let unit = known[pair] {
        units.append(unit)
      } else {
        let low = UInt8(truncatingIfNeeded: pair)
        let letter = pair < 0x100 ? [low] : [UInt8(pair >> 8), low]
        let decoded = Charset.decode(letter, codePage).map { String(decoding: $0, as: UTF8.self) }
        let unit = decoded?.utf16.first ?? 0xFFFD
        known[pair] = unit
        units.append(unit)
      }
    }
  }

  /// The code page of a document for East Asia: that of its first font of there.
  private var eastAsianCodePage: Int {
    let found = fontCodePages.lazy.compactMap { $0 }.first {
      Charset.multibyteNumbers.contains($0)
    }
    return found ?? [0xA697: 932, 0xA698: 949][main.u16(0) ?? 0] ?? 936
  }

  /// The code page of each font of Word 6 or 95, `nil` for one that has letters of no language.
  ///
  /// A font is a byte with the count of those that follow it, four of looks, the charset, the place of another name, and
  /// names. *Source:* wv 1.2.9, `wvGetFFN6`.
  private var fontCodePages: [Int?] {
    let fonts = main.clamped(main.u32(0xD0) ?? 0, main.u32(0xD4) ?? 0)
    var offset = 2
    var codePages: [Int?] = []
    while let length = fonts.u8(offset), let charset = fonts.u8(offset + 4) {
      codePages.append(Charset.ofFontCharset(charset))
      offset += length + 1
    }
    return codePages
  }

  /// Finds the parts of the stream whose font has a code page of its own, a byte a letter.
  mutating func readFontRuns() {
    guard isOld, main.u16(0) != 0xA5DB else { return }
    // Fonts of the West are in what holds no other letters; those of the Macintosh and of DOS keep their charset where
    // the letters have been turned into those of Windows.
    let tables = fontCodePages.map { codePage -> [UInt16] in
      guard let codePage, codePage == 874 || 1250...1258 ~= codePage, codePage != Charset.western
      else { return [] }
      return LegacyWord.table(codePage)
    }
    guard tables.contains(where: { !$0.isEmpty }) else { return }
    let pages = main.clamped(main.u32(0xB8) ?? 0, main.u32(0xBC) ?? 0)
    // *Source:* wv 1.2.9, `wvGetBTE_PLCF6`: positions, then the number of a page, two bytes, for each.
    let count = pages.count > 4 ? (pages.count - 4) / 6 : 0
    var seen: Set<Int> = []
    for index in 0..<count {
      guard let number = pages.u16((count + 1) * 4 + index * 2), seen.insert(number).inserted,
        let page = main.slice(number * 512, 512)
      else { continue }
      let runCount = page.u8(511) ?? 0
      for run in 0..<runCount where fontRuns.count < LegacyWord.maxRunCount {
        guard let start = page.u32(run * 4), let end = page.u32(run * 4 + 4), start < end,
          let offset = page.u8((runCount + 1) * 4 + run), offset > 0,
          let length = page.u8(offset * 2),
          let font = LegacyWord.font(page.clamped(offset * 2 + 1, length)),
          tables.indices.contains(font), !tables[font].isEmpty
        else { continue }
        fontRuns.append((start..<end, tables[font]))
      }
    }
  }

  /// The font that the properties of a run name.
  ///
  /// *Source:* wv 1.2.9, `wvEatSprm` and `wvSprmLen` for Word 6: a byte that says what, and what follows it.
  private static func font(_ properties: Octets) -> Int? {
    var offset = 0
    var font: Int?
    while let code = properties.u8(offset) {
      offset += 1
      switch code {
      case 93:  // sprmCFtc
        font = properties.u16(offset) ?? font
        offset += 2
      case 69, 72, 80, 96, 97, 99, 101, 107, 109, 110: offset += 2
      case 70: offset += 4
      case 73, 95: offset += 3
      case 68, 74, 81, 82, 103, 105, 106, 108: offset += (properties.u8(offset) ?? 0) + 1
      case 83: break
      default: offset += 1
      }
    }
    return font
  }

  /// The letters of the upper 128 bytes of a code page, empty where it has more than a byte a letter.
  private static func table(_ codePage: Int) -> [UInt16] {
    Charset.tableNumbers.firstIndex(of: codePage).map { Charset.tables[$0] } ?? []
  }

  /// The code page of a language.
  ///
  /// *Source:* [MS-LCID] §2.2, Windows ANSI code pages.
  private static func codePage(ofLanguage language: Int) -> Int {
    switch language & 0x3FF {
    case 0x05, 0x0E, 0x15, 0x18, 0x1A, 0x1B, 0x1C, 0x24: 1250
    case 0x02, 0x19, 0x22, 0x23, 0x2F: 1251
    case 0x08: 1253
    case 0x1F: 1254
    case 0x0D: 1255
    case 0x01: 1256
    case 0x25, 0x26, 0x27: 1257
    default: 1252
    }
  }
}

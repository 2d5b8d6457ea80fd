import VigieCore
import VigieDocuments

/// Workbooks of Excel 2.0 to 2003: cells by sheet, and everything printed, noted or named around
/// them.
///
/// *Source:* [MS-XLS] §2.1 (streams), §2.3 (record numbers), §2.4 (records).
struct LegacyExcel {
  /// Where the workbook lies.
  let place: Place
  /// How its strings are written.
  var text = BIFFText(isUnicode: true, codePage: Charset.western)
  /// The shared strings.
  var shared = BIFFSharedStrings()
  /// The sheet that is read.
  var sheet = Sheet()
  /// Whether it was said that drawn objects of Excel 3 and 4 are not read.
  var hasMissedObjects = false

  /// The lock of the workbook, where it has one that Excel opens by itself.
  private(set) var lock: WorkbookLock?

  private var sheets: [Int: (name: String, isHidden: Bool)] = [:]
  private var depth = 0
  private var chartDepth = 0
  var formulaCell: (row: Int, column: Int)?
  private var pictures: [UInt8] = []

  /// What was read of a sheet.
  struct Sheet {
    /// Its name; empty for what belongs to the whole workbook.
    var name = ""
    /// Whether it is hidden.
    var isHidden = false
    /// Rows that are hidden.
    var hiddenRows: Set<Int> = []
    /// Columns that are hidden.
    var hiddenColumns: [ClosedRange<Int>] = []
    /// The number of the drawn object that was met last.
    var object = -1
    /// Texts of drawn objects by the number of the object.
    var objectTexts: [(object: Int, text: [UInt8])] = []
    /// Cells with a comment, by the number of its object.
    var notes: [Int: (row: Int, column: Int, author: [UInt8])] = [:]
    /// The drawings.
    var drawings: [UInt8] = []
    /// Links so far.
    var linkCount = 0
    /// Texts of charts so far.
    var chartTextCount = 0
  }

  /// A workbook at a place.
  init(place: Place) { self.place = place }

  /// Reads a workbook.
  mutating func read(_ book: Octets, into extraction: inout Extraction) {
    let isEarly = [0x0009, 0x0209, 0x0409].contains(book.u16(0))
    guard isEarly || book.u16(0) == 0x0809 else {
      return extraction.miss(.corrupt, "Excel workbook: it does not start as one", at: place)
    }
    var book = book
    var offset = 0
    while let number = book.u16(offset), let length = book.u16(offset + 2) {
      let record = book.clamped(offset + 4, length)
      if record.count < length {
        extraction.miss(.truncated, "Excel workbook: it ends inside a record", at: place)
      }
      let start = offset
      offset += 4 + length
      if number == 0x2F {
        guard lock == nil, let found = WorkbookLock(record, isUnicode: text.isUnicode) else {
          return extraction.miss(.encrypted, "Excel workbook encrypted with a password", at: place)
        }
        lock = found
        book = found.opened(book, from: offset)
      }
      guard extraction.hasRoom else { break }
      switch number {
      case 0x0009, 0x0209, 0x0409, 0x0809: begin(record, at: start)
      case 0x0A: end(into: &extraction)
      case 0xFC, 0x1B6, 0xEB, 0xEC:
        let parts = [record] + continuations(of: book, from: &offset)
        readContinued(number, parts, into: &extraction)
      case _ where isEarly: readEarly(number, record, into: &extraction)
      default: readRecord(number, record, into: &extraction)
      }
    }
    finishSheet(into: &extraction)
    BLIP.open(Octets(pictures), at: place, into: &extraction)
  }

  /// The records that continue the one before an offset, which is moved behind them.
  private func continuations(of book: Octets, from offset: inout Int) -> [Octets] {
    var parts: [Octets] = []
    while book.u16(offset) == 0x3C, let length = book.u16(offset + 2) {
      parts.append(book.clamped(offset + 4, length))
      offset += 4 + length
    }
    return parts
  }

  // MARK: Substreams

  private mutating func begin(_ record: Octets, at offset: Int) {
    depth += 1
    let kind = record.u16(2) ?? 0
    if depth == 1 {
      // A sheet without a workbook around it says its version itself.
      if kind == 0x05 || sheets.isEmpty { text.isUnicode = (record.u16(0) ?? 0) >= 0x600 }
      sheet = Sheet()
      if let known = sheets[offset] {
        (sheet.name, sheet.isHidden) = known
      } else if kind != 0x05 {
        sheet.name = "?"
      }
    }
    if kind == 0x20 { chartDepth = depth }
  }

  private mutating func end(into extraction: inout Extraction) {
    if depth == chartDepth { chartDepth = 0 }
    depth = max(0, depth - 1)
    if depth == 0 { finishSheet(into: &extraction) }
  }

  /// Adds what is known of a sheet only at its end.
  private mutating func finishSheet(into extraction: inout Extraction) {
    var boxCount = 0
    for (object, words) in sheet.objectTexts {
      if let note = sheet.notes.removeValue(forKey: object) {
        let location = cell(note.row, note.column) + " comment"
        extraction.add(words, at: place, role: .comment, location: location)
        extraction.add(note.author, at: place, role: .metadata, location: location + " author")
      } else {
        boxCount += 1
        add(words, .textBox, "text box \(boxCount)", to: &extraction)
      }
    }
    var art = OfficeArt()
    art.readAll(Octets(sheet.drawings))
    art.add(at: place, prefix: location(""), to: &extraction)
    sheet = Sheet()
  }

  // MARK: Records

  private mutating func readContinued(
    _ number: Int,
    _ parts: [Octets],
    into extraction: inout Extraction
  ) {
    switch number {
    case 0xFC:
      shared = BIFFSharedStrings(parts)
      if !shared.isWhole {
        let detail = "Excel workbook: the table of shared strings is not whole"
        extraction.miss(.corrupt, detail, at: place)
      }
    case 0x1B6:
      let count = parts[0].u16(10) ?? 0
      var words: [UInt8] = []
      if parts.count > 1, count > 0 {
        var reader = ContinuedReader(Array(parts[1...]))
        let flag = reader.u8() ?? 0
        reader.append(characters: count, isWide: flag & 1 != 0, to: &words)
      }
      if !words.isEmpty { sheet.objectTexts.append((sheet.object, words)) }
    case 0xEB: for part in parts { pictures += part.bytes }
    default: for part in parts { sheet.drawings += part.bytes }
    }
  }

  mutating func readRecord(
    _ number: Int,
    _ record: Octets,
    into extraction: inout Extraction
  ) {
    switch number {
    case 0x42: text.codePage = LegacyExcel.codePage(record.u16(0) ?? 0)
    case 0x85: readSheetName(record, into: &extraction)
    case 0x7D:
      if (record.u16(8) ?? 0) & 1 != 0, let first = record.u16(0), let last = record.u16(2),
        first <= last, sheet.hiddenColumns.count < 256
      {
        sheet.hiddenColumns.append(first...last)
      }
    case 0x208:
      if let flags = record.u16(12), flags & 0x20 != 0, let row = record.u16(0) {
        sheet.hiddenRows.insert(row)
      }
    case 0xFD:
      if let index = record.u32(6), let words = shared[index] {
        addCell(record, words, to: &extraction)
      }
    case 0x204, 0xD6:
      addCell(record, text.long(record, at: 6).text, to: &extraction)
    case 0x203:
      if let bits = record.u64(6) { addNumber(record, Double(bitPattern: bits), &extraction) }
    case 0x27E:
      if let bits = record.u32(6) { addNumber(record, LegacyExcel.number(bits), &extraction) }
    case 0xBD: addNumbers(record, to: &extraction)
    case 0x06: readFormula(record, into: &extraction)
    case 0x207:
      if let cell = formulaCell {
        addCell(cell.row, cell.column, text.long(record, at: 0).text, to: &extraction)
      }
      formulaCell = nil
    default: readSurroundings(number, record, into: &extraction)
    }
  }

  private mutating func readSheetName(_ record: Octets, into extraction: inout Extraction) {
    guard let offset = record.u32(0), let state = record.u8(4) else { return }
    let name = text.short(record, at: 6).text
    sheets[offset] = (name.string, state & 3 != 0)
    let role: Role = state & 3 != 0 ? .hidden : .metadata
    extraction.add(name, at: place, role: role, location: "name of sheet \(sheets.count)")
  }

  private mutating func readFormula(_ record: Octets, into extraction: inout Extraction) {
    guard let row = record.u16(0), let column = record.u16(2), let bits = record.u64(6) else {
      return
    }
    formulaCell = nil
    if bits >> 48 == 0xFFFF {
      // A string follows; truth values and errors say nothing.
      if bits & 0xFF == 0 { formulaCell = (row, column) }
    } else {
      addNumber(record, Double(bitPattern: bits), &extraction)
    }
    let length = record.u16(20) ?? 0
    let constants = FormulaTokens.strings(record.clamped(22, length), text)
    if !constants.isEmpty {
      let location = cell(row, column) + " formula"
      extraction.add(constants, at: place, role: .hidden, location: location)
    }
  }

  /// The code page of the record CodePage.
  ///
  /// *Source:* [MS-XLS] §2.4.52.
  private static func codePage(_ number: Int) -> Int {
    switch number {
    case 0x8000: 10000
    case 0x8001, 367: 1252
    default: number
    }
  }
}

import VigieCore
import VigieDocuments

extension LegacyExcel {
  // MARK: Places

  /// The place of a cell as people write it, such as `sheet 'Budget'!B7`.
  func cell(_ row: Int, _ column: Int) -> String {
    // Bytes: every cell has one, and a text that is put together of texts costs three times as much.
    var words: [UInt8] = []
    words.reserveCapacity(sheet.name.utf8.count + 32)
    words.append(contentsOf: "sheet '".utf8)
    words.append(contentsOf: sheet.name.utf8)
    words.append(contentsOf: "'!".utf8)
    let letters = words.count
    var left = column + 1
    while left > 0 {
      words.append(0x41 + UInt8((left - 1) % 26))
      left = (left - 1) / 26
    }
    words[letters...].reverse()
    words.append(contentsOf: String(row + 1).utf8)
    return words.string
  }

  /// A place on the sheet that is read.
  func location(_ name: String) -> String {
    sheet.name.isEmpty ? name : "sheet '\(sheet.name)' \(name)"
  }

  /// Adds a text that lies on the sheet but in no cell.
  func add(_ words: [UInt8], _ role: Role, _ name: String, to extraction: inout Extraction) {
    extraction.add(words, at: place, role: role, location: location(name))
  }

  // MARK: Cells

  /// Adds the text of the cell that a record is about.
  func addCell(_ record: Octets, _ words: [UInt8], to extraction: inout Extraction) {
    guard let row = record.u16(0), let column = record.u16(2) else { return }
    addCell(row, column, words, to: &extraction)
  }

  /// Adds the text of a cell.
  func addCell(_ row: Int, _ column: Int, _ words: [UInt8], to extraction: inout Extraction) {
    let isHidden =
      sheet.isHidden || sheet.hiddenRows.contains(row)
      || sheet.hiddenColumns.contains { $0.contains(column) }
    let role: Role = isHidden ? .hidden : .tableCell
    extraction.add(words, at: place, role: role, location: cell(row, column))
  }

  /// Adds the number of the cell that a record is about.
  func addNumber(_ record: Octets, _ value: Double, _ extraction: inout Extraction) {
    addCell(record, LegacyExcel.digits(value), to: &extraction)
  }

  /// Adds the numbers of a record about several cells of a row.
  func addNumbers(_ record: Octets, to extraction: inout Extraction) {
    guard let row = record.u16(0), let first = record.u16(2) else { return }
    var offset = 6
    var column = first
    while offset + 6 <= record.count, let bits = record.u32(offset) {
      addCell(row, column, LegacyExcel.digits(LegacyExcel.number(bits)), to: &extraction)
      column += 1
      offset += 6
    }
  }

  /// A number as its digits, whole numbers without a point.
  static func digits(_ value: Double) -> [UInt8] {
    if value.rounded(.towardZero) == value, abs(value) < 1e15 {
      return Array("\(Int(value))".utf8)
    }
    return Array("\(value)".utf8)
  }

  /// The number of an RK value.
  ///
  /// *Source:* [MS-XLS] §2.5.217 (RkNumber).
  static func number(_ bits: Int) -> Double {
    let raw = UInt32(truncatingIfNeeded: bits)
    let value =
      raw & 2 != 0
      ? Double(Int32(bitPattern: raw) >> 2) : Double(bitPattern: UInt64(raw & ~3) << 32)
    return raw & 1 != 0 ? value / 100 : value
  }

  // MARK: Around the cells

  /// Reads a record that is about no cell's value.
  mutating func readSurroundings(
    _ number: Int,
    _ record: Octets,
    into extraction: inout Extraction
  ) {
    switch number {
    case 0x14, 0x15:
      guard record.count > 0 else { return }
      let code =
        text.isUnicode ? text.long(record, at: 0).text : text.short(record, at: 0).text
      let role: Role = number == 0x14 ? .header : .footer
      add(SheetHeader.text(code), role, number == 0x14 ? "header" : "footer", to: &extraction)
    case 0x89C: readHeaders(record, into: &extraction)
    case 0x5D: sheet.object = record.u16(6) ?? -1
    case 0x1C: readNote(record, into: &extraction)
    case 0x18: readName(record, into: &extraction)
    case 0x1AE: readExternal(record, into: &extraction)
    case 0x5A: readExternalCells(record, into: &extraction)
    case 0x1B8: readLink(record, into: &extraction)
    case 0x1BE: readValidation(record, into: &extraction)
    case 0x5C:
      let words = text.isUnicode ? text.long(record, at: 0).text : text.short(record, at: 0).text
      extraction.add(words.trimmed, at: place, role: .metadata, location: "last user")
    case 0xCD: add(text.long(record, at: 0).text, .metadata, "connection", to: &extraction)
    case 0x100D:
      sheet.chartTextCount += 1
      let words = text.short(record, at: 2).text
      add(words, .textBox, "chart text \(sheet.chartTextCount)", to: &extraction)
    default: break
    }
  }

  /// Headers and footers of first and even pages.
  ///
  /// *Source:* [MS-XLS] §2.4.137 (HeaderFooter).
  private func readHeaders(_ record: Octets, into extraction: inout Extraction) {
    var offset = 38
    let kinds: [(Role, String)] = [
      (.header, "even-page header"), (.footer, "even-page footer"),
      (.header, "first-page header"), (.footer, "first-page footer"),
    ]
    for (index, (role, name)) in kinds.enumerated() {
      guard let count = record.u16(30 + index * 2), count > 0 else { continue }
      let found = text.long(record, at: offset)
      offset = found.end
      add(SheetHeader.text(found.text), role, name, to: &extraction)
    }
  }

  private mutating func readNote(_ record: Octets, into extraction: inout Extraction) {
    guard let row = record.u16(0), let column = record.u16(2) else { return }
    if text.isUnicode {
      let author = text.long(record, at: 8).text
      sheet.notes[record.u16(6) ?? 0] = (row, column, author)
    } else {
      let words = text.decode(record.clamped(6))
      let location = row == 0xFFFF ? location("comment, continued") : cell(row, column) + " comment"
      extraction.add(words, at: place, role: .comment, location: location)
    }
  }

  /// A defined name with its description.
  ///
  /// *Source:* [MS-XLS] §2.4.150 (Lbl).
  private func readName(_ record: Octets, into extraction: inout Extraction) {
    guard let flags = record.u16(0), let count = record.u8(3), let formulaCount = record.u16(4)
    else { return }
    let name = text.text(record, at: 14, count: count)
    // Built-in names are one character that is a number.
    if flags & 0x20 == 0 {
      extraction.add(name.text, at: place, role: .metadata, location: "defined name")
    }
    let formula = record.clamped(name.end, formulaCount)
    let constants = FormulaTokens.strings(formula, text)
    extraction.add(constants, at: place, role: .hidden, location: "value of a defined name")
    var offset = name.end + formulaCount
    for index in 10..<14 {
      guard let count = record.u8(index), count > 0 else { continue }
      let found = text.text(record, at: offset, count: count)
      offset = found.end
      let location = "description of a defined name"
      extraction.add(found.text, at: place, role: .metadata, location: location)
    }
  }

  /// The path of a workbook that this one refers to, and its sheets' names.
  private func readExternal(_ record: Octets, into extraction: inout Extraction) {
    guard text.isUnicode, let count = record.u16(2), count > 0, count < 0x100 else { return }
    let path = text.long(record, at: 2)
    var words = path.text.filter { $0 >= 0x20 }
    var offset = path.end
    for _ in 0..<(record.u16(0) ?? 0) {
      guard offset < record.count else { break }
      let name = text.long(record, at: offset)
      words += [0x0A] + name.text
      offset = name.end
    }
    extraction.add(words, at: place, role: .link, location: "external workbook")
  }

  /// The last known cells of such a workbook.
  ///
  /// *Source:* [MS-XLS] §2.4.65 (CRN).
  private func readExternalCells(_ record: Octets, into extraction: inout Extraction) {
    guard text.isUnicode else { return }
    var offset = 4
    while let kind = record.u8(offset) {
      if kind == 2 {
        let found = text.long(record, at: offset + 1)
        offset = found.end
        extraction.add(
          found.text,
          at: place,
          role: .hidden,
          location: "cell of an external workbook"
        )
      } else {
        offset += 9
      }
    }
  }

  /// A link with what is shown for it.
  ///
  /// *Source:* [MS-OSHARED] §2.3.7.1 (Hyperlink Object).
  private mutating func readLink(_ record: Octets, into extraction: inout Extraction) {
    guard let row = record.u16(0), let column = record.u16(4), let flags = record.u32(28) else {
      return
    }
    var offset = 32
    var words: [[UInt8]] = []
    func string() {
      guard let count = record.u32(offset), count <= record.count else { return }
      words.append(record.clamped(offset + 4, count * 2).utf16Decoded.filter { $0 != 0 })
      offset += 4 + count * 2
    }
    if flags & 0x10 != 0 { string() }
    if flags & 0x80 != 0 { string() }
    if flags & 0x101 == 0x101 {
      string()
    } else if flags & 1 != 0 {
      if record.u8(offset) == 0xE0 {
        // A URL moniker: its length in bytes.
        let count = record.u32(offset + 16) ?? 0
        words.append(
          Octets(record.clamped(offset + 20, count).array).utf16Decoded.filter { $0 != 0 }
        )
        offset += 20 + count
      } else {
        // A file moniker: parents, the length of a path of bytes, then a longer one of UTF-16.
        let count = record.u32(offset + 18) ?? 0
        words.append(text.decode(record.clamped(offset + 22, count).untilNUL))
        offset += 22 + count + 24
        if let extra = record.u32(offset), extra >= 6 {
          words.append(record.clamped(offset + 10, extra - 6).utf16Decoded.filter { $0 != 0 })
          offset += extra
        }
        offset += 4
      }
    }
    if flags & 8 != 0 { string() }
    sheet.linkCount += 1
    let text = Array(words.joined(separator: [0x0A]))
    extraction.add(text, at: place, role: .link, location: cell(row, column) + " link")
  }

  /// What Excel says when a cell is entered or filled wrongly.
  ///
  /// *Source:* [MS-XLS] §2.4.114 (Dv).
  private func readValidation(_ record: Octets, into extraction: inout Extraction) {
    var offset = 4
    var words: [[UInt8]] = []
    for _ in 0..<4 {
      let found = text.long(record, at: offset)
      offset = found.end
      let line = found.text.filter { $0 != 0 }
      if !line.isEmpty { words.append(line) }
    }
    add(Array(words.joined(separator: [0x0A])), .formField, "input message", to: &extraction)
  }

  // MARK: Pivot tables

  /// Reads the data that a pivot table keeps.
  ///
  /// *Source:* [MS-XLS] §2.1.7.12 (pivot cache storage).
  static func readPivotCache(
    _ stream: Octets,
    at place: Place,
    into extraction: inout Extraction
  ) {
    let text = BIFFText(isUnicode: true, codePage: Charset.western)
    var lines: [[UInt8]] = []
    var offset = 0
    while let number = stream.u16(offset), let length = stream.u16(offset + 2) {
      let record = stream.clamped(offset + 4, length)
      if number == 0xCD { lines.append(text.long(record, at: 0).text) }
      if number == 0xC7 { lines.append(text.long(record, at: 14).text) }
      offset += 4 + length
    }
    let words = Array(lines.joined(separator: [0x0A]))
    extraction.add(words, at: place, role: .hidden, location: "data of a pivot table")
  }
}

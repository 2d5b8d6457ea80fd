import VigieCore
import VigieDocuments

extension LegacyExcel {
  /// Reads a record of Excel 2, 3 or 4; those that Excel 5 writes alike are read as its own.
  ///
  /// *Source:* OpenOffice.org's Documentation of the Microsoft Excel File Format §5 (BIFF2 to BIFF4).
  mutating func readEarly(_ number: Int, _ record: Octets, into extraction: inout Extraction) {
    switch number {
    // Excel 2 has 3 bytes of attributes before the value of a cell.
    case 0x02:
      if let value = record.u16(7) { addNumber(record, Double(value), &extraction) }
    case 0x03:
      if let bits = record.u64(7) { addNumber(record, Double(bitPattern: bits), &extraction) }
    case 0x04: addCell(record, text.short(record, at: 7).text, to: &extraction)
    case 0x06: readEarlyFormula(record, result: 7, into: &extraction)
    case 0x206, 0x406: readEarlyFormula(record, result: 6, into: &extraction)
    case 0x07:
      if let cell = formulaCell {
        addCell(cell.row, cell.column, text.short(record, at: 0).text, to: &extraction)
      }
      formulaCell = nil
    case 0x18:
      // The length of the name, then in Excel 2 one byte more, in others two.
      let name = text.text(record, at: 5, count: record.u8(3) ?? 0).text
      extraction.add(name, at: place, role: .metadata, location: "defined name")
    case 0x218:
      let name = text.text(record, at: 6, count: record.u8(3) ?? 0).text
      extraction.add(name, at: place, role: .metadata, location: "defined name")
    // The sheet that follows in a workbook of Excel 4.
    case 0x8F: sheet.name = text.short(record, at: 4).text.string
    case 0x5D where !hasMissedObjects:
      hasMissedObjects = true
      let detail = "drawn objects of Excel 3 and 4 are not read"
      extraction.miss(.unsupported, detail, at: place)
    case 0x5D: break
    default: readRecord(number, record, into: &extraction)
    }
  }

  private mutating func readEarlyFormula(
    _ record: Octets,
    result: Int,
    into extraction: inout Extraction
  ) {
    guard let row = record.u16(0), let column = record.u16(2), let bits = record.u64(result) else {
      return
    }
    formulaCell = nil
    if bits >> 48 != 0xFFFF {
      addNumber(record, Double(bitPattern: bits), &extraction)
    } else if bits & 0xFF == 0 {
      formulaCell = (row, column)
    }
  }
}

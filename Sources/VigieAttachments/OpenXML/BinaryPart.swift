import VigieContainers
import VigieCore

/// Reads a binary part of a workbook (XLSB): cells, shared strings, names, headers and comments.
///
/// *Source:* [MS-XLSB] §2.3.2 (types of records), §2.4 (records), §2.5.169 (XLWideString).
final class BinaryPart {
  private let package: OfficePackage
  private let collector: Collector
  private let key: String
  private let title: String
  private let isHiddenSheet: Bool
  private var row = 0
  private var isHiddenRow = false
  private var sheetCount = 0
  private var comment = ""
  private var numbers: [UInt8] = []

  init(_ package: OfficePackage, _ name: String) {
    self.package = package
    collector = package.collector
    key = name.lowercased()
    title = package.titles[key] ?? "part \(name)"
    isHiddenSheet = package.hiddenParts.contains(key)
  }

  /// Whether bytes are records from start to end.
  static func recognizes(_ bytes: RawSpan) -> Bool {
    var records = BinaryRecords()
    var count = 0
    while records.next(in: bytes) != nil { count += 1 }
    return count > 1 && records.offset == bytes.byteCount
  }

  /// Reads all records.
  func read(_ bytes: RawSpan) {
    var records = BinaryRecords()
    while collector.mayGoOn(), let (type, data) = records.next(in: bytes) {
      read(type, bytes.extracting(data))
    }
    collector.add(numbers, isHiddenSheet ? .hidden : .tableCell, "\(title) numbers")
  }

  private func read(_ type: Int, _ data: RawSpan) {
    switch type {
    case 0: startRow(data)
    case 2: number(rk(data), data)
    case 5, 9:
      number(data.number(8, at: 8).map { Double(bitPattern: UInt64($0)) } ?? negative(data), data)
    case 6, 8: cell(string(data, at: 8)?.text, data)
    case 62: cell(string(data, at: 9)?.text, data)
    case 7: cell(data.number(4, at: 8).flatMap { package.strings.string($0) }, data)
    case 19: package.strings.append(string(data, at: 1)?.text ?? [])
    case 39: name(data)
    case 44:
      let format = string(data, at: 2)?.text ?? []
      if String(decoding: format, as: UTF8.self).count(where: \.isLetter) > 5, format.contains(0x22)
      {
        collector.add(format, .hidden, "number format")
      }
    case 64, 494:
      strings(in: data, type == 64 ? .formField : .link, type == 64 ? "validation" : "link")
    case 156: sheet(data)
    case 479: headers(data)
    case 635: comment = reference(data.number(4, at: 12), data.number(4, at: 4))
    case 637:
      collector.add(string(data, at: 1)?.text ?? [], .comment, "\(title)!\(comment) comment")
    default: break
    }
  }

  // MARK: Cells

  /// *Source:* [MS-XLSB] §2.4.761 (BrtRowHdr).
  private func startRow(_ data: RawSpan) {
    row = data.number(4, at: 0) ?? row
    isHiddenRow = (data.byte(at: 11) ?? 0) & 0x10 != 0
  }

  private func cell(_ text: [UInt8]?, _ data: RawSpan) {
    guard let text else { return }
    let role: Role = isHiddenSheet || isHiddenRow ? .hidden : .tableCell
    collector.add(text, role, "\(title)!\(reference(data.number(4, at: 0), row))")
  }

  private func number(_ value: Double?, _ data: RawSpan) {
    guard let value else { return }
    let text = CellNumber.text(Array("\(value)".utf8))
    if CellNumber.isLong(text) { return cell(text, data) }
    numbers += text + [0x0A]
  }

  /// A negative number: its bits are no positive integer.
  private func negative(_ data: RawSpan) -> Double? {
    guard let low = data.number(4, at: 8), let high = data.number(4, at: 12) else { return nil }
    return Double(bitPattern: UInt64(high) << 32 | UInt64(low))
  }

  /// *Source:* [MS-XLSB] §2.5.122 (RkNumber).
  private func rk(_ data: RawSpan) -> Double? {
    guard let bits = data.number(4, at: 8) else { return nil }
    let isInteger = bits & 2 != 0
    let value =
      isInteger
      ? Double(Int32(truncatingIfNeeded: bits) >> 2)
      : Double(bitPattern: UInt64(bits & ~3) << 32)
    return bits & 1 != 0 ? value / 100 : value
  }

  private func reference(_ column: Int?, _ row: Int?) -> String {
    "\(CellReference.letters(min(column ?? 0, 1 << 20) + 1))\((row ?? 0) &+ 1)"
  }

  // MARK: Workbook

  /// *Source:* [MS-XLSB] §2.4.304 (BrtBundleSh).
  private func sheet(_ data: RawSpan) {
    sheetCount += 1
    guard let id = string(data, at: 8), let name = string(data, at: id.end) else { return }
    let isHidden = data.number(4, at: 0) ?? 0 != 0
    collector.add(name.text, isHidden ? .hidden : .metadata, "name of sheet \(sheetCount)")
    package.name(
      "sheet '\(String(decoding: name.text, as: UTF8.self))'",
      String(decoding: id.text, as: UTF8.self),
      of: key,
      rank: 100 + sheetCount,
      isHidden: isHidden
    )
  }

  /// *Source:* [MS-XLSB] §2.4.711 (BrtName).
  private func name(_ data: RawSpan) {
    let text = String(decoding: string(data, at: 9)?.text ?? [], as: UTF8.self)
    if !text.hasPrefix("_xlnm.") { collector.add(text, .metadata, "name '\(text)'") }
  }

  /// *Source:* [MS-XLSB] §2.4.76 (BrtBeginHeaderFooter).
  private func headers(_ data: RawSpan) {
    var offset = 2
    let places = [
      "", "", " of even pages", " of even pages", " of the first page", " of the first page",
    ]
    for (index, place) in places.enumerated() {
      guard let next = string(data, at: offset) else { return }
      offset = next.end
      let isHeader = index % 2 == 0
      collector.add(
        SheetPart.plainHeader(next.text),
        isHeader ? .header : .footer,
        "\(title) \(isHeader ? "header" : "footer")\(place)"
      )
    }
  }

  // MARK: Strings

  /// A string of UTF-16 with its length in front; the length of all ones is no string.
  private func string(_ data: RawSpan, at offset: Int) -> (text: [UInt8], end: Int)? {
    guard let count = data.number(4, at: offset) else { return nil }
    if count == 0xFFFF_FFFF { return ([], offset + 4) }
    guard let range = data.range(at: offset + 4, count &* 2) else { return nil }
    var units: [UInt16] = []
    units.reserveCapacity(count)
    for index in stride(from: range.lowerBound, to: range.upperBound, by: 2) {
      units.append(UInt16(data.byte(at: index) ?? 0) | UInt16(data.byte(at: index + 1) ?? 0) << 8)
    }
    return (Array(String(decoding: units, as: UTF16.self).utf8), range.upperBound)
  }

  /// Adds every string that stands in a record whose fields before it vary.
  private func strings(in data: RawSpan, _ role: Role, _ what: String) {
    var offset = 0
    while offset + 4 < data.byteCount {
      if let found = string(data, at: offset), found.text.count > 1, found.text.count < 1024,
        found.text.allSatisfy({ $0 >= 0x20 })
      {
        collector.add(found.text, role, "\(title) \(what)")
        offset = found.end
      } else {
        offset += 2
      }
    }
  }
}

import VigieCore
import VigieMarkup

/// Reads sheets, shared strings and the comments of a workbook.
///
/// *Source:* ISO/IEC 29500-1 §18; [MS-XLSX] §2.6.205 (threaded comments).
final class SheetPart: PartReader {
  private let package: OfficePackage
  private let title: String
  private let isHiddenSheet: Bool
  private var hiddenColumns: [ClosedRange<Int>] = []

  private var row = 0
  private var column = 0
  private var isHiddenRow = false
  private var reference = ""
  private var kind = ""
  private var value: [UInt8] = []
  private var formula: [UInt8] = []
  /// Where text goes.
  private enum Target { case nothing, value, formula }
  private var target = Target.nothing
  /// Numbers too short to be more than amounts, all of the sheet together.
  private var numbers: [UInt8] = []
  private var isPhonetic = false
  private var phonetics: [UInt8] = []

  init(_ package: OfficePackage, _ name: String) {
    self.package = package
    let key = name.lowercased()
    title = package.titles[key] ?? "part \(name)"
    isHiddenSheet = package.hiddenParts.contains(key)
    super.init(package.collector, "part \(name)")
  }

  override func start(_ element: borrowing MarkupElement) -> Bool {
    guard let tag = element.tag else { return collector.hasRoom }
    switch tag {
    case .c: startCell(element)
    case .v: target = .value
    case .t, .text: target = isPhonetic ? .nothing : .value
    case .f, .formula1, .formula2: target = .formula
    case .row: startRow(element)
    case .si: value = []
    case .rPh: isPhonetic = true
    case .col: if element.attribute(.hidden)?.isOn == true { hide(element) }
    case .comment, .threadedComment:
      reference = element.attribute(.ref) ?? ""
      value = []
    case .oddHeader, .oddFooter, .evenHeader, .evenFooter, .firstHeader, .firstFooter:
      value = []
      target = .value
    case .dataValidation: addPrompts(element)
    case .numFmt:
      // A format may show any text in front of a number.
      let format = element.attribute(.formatCode) ?? ""
      if format.count(where: \.isLetter) > 5, format.utf8.contains(0x22) {
        collector.add(format, .hidden, "number format")
      }
    case .hyperlink:
      for tag in [Tag.display, .tooltip, .location] {
        collector.add(element.attribute(tag) ?? "", .link, "\(title) link")
      }
    default: break
    }
    return collector.hasRoom
  }

  override func end(_ name: Int) {
    guard let tag = Tag.of(name) else { return }
    switch tag {
    case .c: endCell()
    case .v, .t, .f, .text: target = .nothing
    case .formula1, .formula2:
      target = .nothing
      if formula.contains(0x22) { collector.add(formula, .formField, "\(title) validation") }
      formula = []
    case .si:
      package.strings.append(value)
      value = []
    case .rPh: isPhonetic = false
    case .comment, .threadedComment:
      collector.add(value, .comment, reference.isEmpty ? title : "\(title)!\(reference) comment")
      value = []
    case .oddHeader, .oddFooter, .evenHeader, .evenFooter, .firstHeader, .firstFooter:
      endHeader(tag)
    default: break
    }
  }

  override func characters(_ text: Span<UInt8>) {
    switch target {
    case .value: value.append(text)
    case .formula: formula.append(text)
    case .nothing: if isPhonetic { phonetics.append(text) }
    }
  }

  override func finish() {
    if !value.isEmpty || !formula.isEmpty { endCell() }
    collector.add(numbers, isHiddenSheet ? .hidden : .tableCell, "\(title) numbers")
    collector.add(phonetics, .hidden, "\(title) phonetic guides")
  }

  // MARK: Cells

  private func startRow(_ element: borrowing MarkupElement) {
    row = element.attribute(.r).flatMap { Int($0) } ?? row &+ 1
    column = 0
    isHiddenRow = element.attribute(.hidden)?.isOn == true
    // A row without height is not seen either.
    if let height = element.attribute(.ht).flatMap({ Double($0) }), height < 1 {
      isHiddenRow = true
    }
  }

  private func startCell(_ element: borrowing MarkupElement) {
    value.removeAll(keepingCapacity: true)
    formula.removeAll(keepingCapacity: true)
    kind = element.attribute(.t) ?? ""
    column &+= 1
    if let named = element.attribute(.r), let place = CellReference.column(of: named) {
      reference = named
      column = place
    } else {
      reference = "\(CellReference.letters(column))\(row)"
    }
  }

  private func endCell() {
    let isHidden =
      isHiddenSheet || isHiddenRow
      || !hiddenColumns.isEmpty && hiddenColumns.contains { $0.contains(column) }
    var text = value
    if kind == "s" {
      let index = Int(String(decoding: value, as: UTF8.self).trimmed)
      text = index.flatMap { package.strings.string($0) } ?? []
    } else if kind.isEmpty || kind == "n" {
      text = CellNumber.text(value)
      if !text.isEmpty, !CellNumber.isLong(text) {
        numbers += text
        numbers.append(0x0A)
        text = []
      }
    } else if kind == "b" || kind == "e" {
      text = []
    }
    if !text.isEmpty {
      collector.add(text, isHidden ? .hidden : .tableCell, "\(title)!\(reference)")
    }
    // A formula says more than its result where it holds words, or where the result is missing.
    if !formula.isEmpty, formula.contains(0x22) || value.isEmpty {
      collector.add(formula, .hidden, "\(title)!\(reference) formula")
    }
    value.removeAll(keepingCapacity: true)
    formula.removeAll(keepingCapacity: true)
  }

  private func hide(_ element: borrowing MarkupElement) {
    guard let first = element.attribute(Tag.min).flatMap({ Int($0) }),
      let last = element.attribute(Tag.max).flatMap({ Int($0) }), first <= last,
      hiddenColumns.count < 1024
    else { return }
    hiddenColumns.append(first...last)
  }

  private func addPrompts(_ element: borrowing MarkupElement) {
    let texts = [Tag.promptTitle, .prompt, .errorTitle, .error].compactMap { element.attribute($0) }
    collector.add(texts.joined(separator: "\n"), .formField, "\(title) validation")
  }

  // MARK: Headers

  private func endHeader(_ tag: Tag) {
    target = .nothing
    let isHeader = tag == .oddHeader || tag == .evenHeader || tag == .firstHeader
    var location = "\(title) \(isHeader ? "header" : "footer")"
    if tag == .evenHeader || tag == .evenFooter { location += " of even pages" }
    if tag == .firstHeader || tag == .firstFooter { location += " of the first page" }
    collector.add(SheetPart.plainHeader(value), isHeader ? .header : .footer, location)
    value = []
  }

  /// The text of a header without its codes; the three parts of it are lines.
  ///
  /// *Source:* ISO/IEC 29500-1 §18.3.1.39 (codes of headers and footers).
  static func plainHeader(_ coded: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    var index = 0
    while index < coded.count {
      let byte = coded[index]
      index += 1
      guard byte == 0x26, index < coded.count else {
        text.append(byte)
        continue
      }
      let code = coded[index]
      index += 1
      switch code {
      case UInt8(ascii: "&"): text.append(0x26)
      case UInt8(ascii: "L"), UInt8(ascii: "C"), UInt8(ascii: "R"): text.endLine()
      case UInt8(ascii: "\""):
        while index < coded.count, coded[index] != 0x22 { index += 1 }
        index += 1
      case UInt8(ascii: "K"):
        // A colour: six digits, or a theme colour with its tint.
        var count = 0
        while count < 6, index < coded.count, SheetPart.isColor(coded[index]) {
          index += 1
          count += 1
        }
      case 0x30...0x39:
        while index < coded.count, (0x30...0x39).contains(coded[index]) { index += 1 }
      default: break
      }
    }
    return text
  }

  private static func isColor(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
      || byte == 0x2B || byte == 0x2D
  }
}

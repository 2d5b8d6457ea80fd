import VigieCore
import VigieMarkup

extension OpenDocumentPart {
  /// A table while it is read; only those of spreadsheets have cells with names.
  struct Sheet {
    var title: String
    var isHidden: Bool
    /// Where the present row starts and the next one.
    var row = 0
    var nextRow = 1
    var column = 0
    var nextColumn = 1
    var isHiddenRow = false
    var nextDefinedColumn = 1
    var hiddenColumns: [ClosedRange<Int>] = []
    /// Numbers too short to be more than amounts.
    var numbers: [UInt8] = []
  }

  func startTable(_ element: borrowing MarkupElement) {
    guard isSheet, sheet == nil else { return }
    let name = element.attribute(.name) ?? ""
    let isHidden = isHiding(element, "table")
    collector.add(name, isHidden ? .hidden : .metadata, "name of \(state.next("sheet"))")
    sheet = Sheet(title: "sheet '\(name)'", isHidden: isHidden)
  }

  func endTable() {
    guard let done = sheet else { return }
    collector.add(done.numbers, done.isHidden ? .hidden : .tableCell, "\(done.title) numbers")
    sheet = nil
  }

  func startRow(_ element: borrowing MarkupElement) {
    guard let row = sheet?.nextRow else { return }
    sheet?.row = row
    sheet?.nextRow = row &+ repeated(element, .number_rows_repeated)
    sheet?.nextColumn = 1
    sheet?.isHiddenRow = isNotShown(element)
  }

  func startColumn(_ element: borrowing MarkupElement) {
    guard let first = sheet?.nextDefinedColumn else { return }
    let count = repeated(element, .number_columns_repeated)
    sheet?.nextDefinedColumn = first &+ count
    if isNotShown(element), (sheet?.hiddenColumns.count ?? 0) < 1024 {
      sheet?.hiddenColumns.append(first...first &+ count &- 1)
    }
  }

  func startCell(_ element: borrowing MarkupElement) {
    guard let current = sheet else { return }
    let column = current.nextColumn
    sheet?.column = column
    sheet?.nextColumn = column &+ repeated(element, .number_columns_repeated)
    let isHidden =
      current.isHidden || current.isHiddenRow
      || current.hiddenColumns.contains { $0.contains(column) }
    let cell = Cell(
      value: element.attribute(.string_value) ?? element.attribute(.value),
      formula: element.attribute(.formula)
    )
    push(
      cell,
      isHidden: isHidden,
      "\(current.title)!\(CellReference.letters(column))\(current.row)"
    )
  }

  /// Adds what a cell shows, and what it holds where it shows something else.
  func endCell(_ cell: Cell, _ story: Story) {
    let shown = String(decoding: story.text, as: UTF8.self).trimmed
    let stored = cell.value.map { String(decoding: CellNumber.text(Array($0.utf8)), as: UTF8.self) }
    let isShort = !CellNumber.isLong(story.text) && !shown.hasLetters
    if shown.isEmpty {
      // Nothing is shown: an empty style or a deleted text leaves the value.
      collector.add(stored ?? "", story.role, story.location)
    } else if isShort, sheet != nil, !shown.isEmpty {
      sheet?.numbers += Array(shown.utf8) + [0x0A]
    } else {
      collector.add(story.text, story.role, story.location)
    }
    if let stored, !shown.isEmpty, stored != shown,
      stored.hasLetters || CellNumber.isLong(Array(stored.utf8))
    {
      let digits = shown.filter { $0.isASCII && $0.isNumber }
      if digits != stored { collector.add(stored, story.role, "\(story.location) value") }
    }
    if let formula = cell.formula, formula.utf8.contains(0x22) {
      collector.add(formula, .hidden, "\(story.location) formula")
    }
  }

  private func repeated(_ element: borrowing MarkupElement, _ tag: Tag) -> Int {
    max(1, min(element.attribute(tag).flatMap { Int($0) } ?? 1, 1 << 24))
  }

  private func isNotShown(_ element: borrowing MarkupElement) -> Bool {
    let visibility = element.attribute(.visibility) ?? "visible"
    return visibility != "visible"
  }
}

import VigieCore
import VigieJSON

/// A table of messages: a row of column names, then one message a row.
///
/// *Source:* RFC 4180; the delimiter may also be a semicolon, a tab or a bar. Columns are known by
/// common names (``FieldNames``). Where no column is known, the first row is a message too and every
/// cell is scanned.
package struct CSVTable: ArchiveFormat {
  package static let name = "csv"
  package static let title = "Table with a row of column names (CSV, TSV)"

  private let options: ArchiveOptions
  private let member: String?
  package let totalByteCount: Int
  private var rows: CSVRows
  private var columns: [(field: FieldNames.Field, rank: Int)?] = []
  private var hasHeader = false
  private var firstRow: CSVRows.Row?
  package private(set) var ignoredFields: [String] = []

  package static func confidence(of probe: ArchiveProbe) -> Int {
    guard probe.isFile else { return 0 }
    let name = probe.path.lowercased()
    let isNamed = [".csv", ".tsv", ".tab"].contains { name.hasSuffix($0) }
    var rows = CSVRows(ByteWindow(MemorySource(probe.head)))
    guard case .cells(let cells, _, _, _)? = rows.next(limit: 1 << 16) else {
      return isNamed ? 20 : 0
    }
    let table = FieldNames.Table()
    let known = cells.count { table.field(of: $0) != nil }
    if isNamed { return known > 0 ? 80 : 50 }
    return cells.count > 1 && known > 1 ? 40 : 0
  }

  package init(_ tree: ArchiveTree, options: ArchiveOptions) throws(ArchiveError) {
    let file = try tree.onlyFile(mend: "name one CSV file")
    self.options = options
    member = tree.reportedName(file)
    totalByteCount = file.byteCount
    do {
      rows = CSVRows(ByteWindow(try tree.open(file)))
    } catch {
      throw ArchiveError(
        .unreadable,
        path: tree.path,
        reason: error.detail,
        mend: "check who may read it"
      )
    }
    let table = try options.table(path: tree.path)
    guard let row = rows.next(limit: options.maxRecordByteCount) else { return }
    guard case .cells(let cells, _, _, _) = row else {
      firstRow = row
      return
    }
    columns = cells.map(table.field(of:))
    hasHeader = columns.contains { $0 != nil }
    if !hasHeader { firstRow = row }
    let hasText = columns.contains { [.body, .html, .subject].contains($0?.field) }
    if hasText {
      ignoredFields = Array(zip(cells, columns).filter { $0.1 == nil }.map(\.0).prefix(64))
    }
    for field in options.fields.values.sorted()
    where !cells.contains(where: { FieldNames.folded($0) == FieldNames.folded(field) }) {
      throw ArchiveError(
        .unsupported,
        path: tree.path,
        reason: "has no column '\(field)'",
        mend: "name a column of its first row"
      )
    }
  }

  package var byteCountRead: Int { rows.window.offset }

  package mutating func next() throws(ArchiveError) -> ArchiveItem? {
    while true {
      let row = firstRow ?? rows.next(limit: options.maxRecordByteCount)
      firstRow = nil
      switch row {
      case nil: return nil
      case .gap(let fault, let offset, let line)?:
        return .gap(
          Gap(place: .body, reason: fault.reason, detail: fault.detail),
          source: SourceLocation(member: member, byteOffset: offset, line: line)
        )
      case .cells(let cells, let isRepaired, let offset, let line)?:
        if cells.allSatisfy(\.isEmpty) { continue }
        return .message(
          message(cells, isRepaired, line),
          source: SourceLocation(member: member, byteOffset: offset, line: line),
          byteCount: rows.window.offset - offset
        )
      }
    }
  }

  private func message(_ cells: [String], _ isRepaired: Bool, _ line: Int) -> Message {
    var row = RowBuilder(fallbackID: "line-\(line)")
    var spare: [String] = []
    for (index, cell) in cells.enumerated() {
      if hasHeader, index < columns.count, let column = columns[index] {
        row.set(column.field, column.rank, cell)
      } else if hasHeader, index >= columns.count {
        // A cell without a column: an unquoted delimiter cut the text.
        row.set(.body, .max, cell)
      } else {
        spare.append(cell)
      }
    }
    if isRepaired {
      row.add(
        Gap(
          place: .body,
          reason: .encoding,
          detail: "the row held bytes that are no text in any encoding tried"
        )
      )
    }
    return row.finish(spare: spare).0
  }
}

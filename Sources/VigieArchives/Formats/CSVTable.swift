import VigieCore
import VigieJSON

/// A table of messages: a row of column names, then one message a row.
///
/// *Source:* RFC 4180; the delimiter may also be a semicolon, a tab or a bar. Columns are known by
/// common names (``FieldNames``). Where no column is known, every cell is scanned; a first row that
/// names them then is no message, and is scanned all the same.
package struct CSVTable: ArchiveFormat {
  package static let name = "csv"
  package static let title = "Table with a row of column names (CSV, TSV)"

  private let options: ArchiveOptions
  private let member: String?
  package let totalByteCount: Int
  private var rows: CSVRows
  private var columns: CSVColumns?
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
    let again: CSVRows
    do throws(SourceFault) {
      rows = CSVRows(ByteWindow(try tree.open(file)))
      again = CSVRows(ByteWindow(try tree.open(file)))
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
    let columns = CSVColumns(cells, table, again: again, limit: options.maxRecordByteCount)
    self.columns = columns
    if columns.header != .known { firstRow = row }
    let hasText = columns.fields.contains { [.body, .html, .subject].contains($0?.field) }
    if hasText {
      ignoredFields = Array(zip(cells, columns.fields).filter { $0.1 == nil }.map(\.0).prefix(64))
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
  package var columnNotes: [String] { columns.map { [$0.inWords] } ?? [] }

  package mutating func next() throws(ArchiveError) -> ArchiveItem? {
    while true {
      let isFirst = firstRow != nil
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
        let message = message(cells, isRepaired, line)
        let source = SourceLocation(member: member, byteOffset: offset, line: line)
        let byteCount = rows.window.offset - offset
        return isFirst && columns?.header == .unknown
          ? .channel(message, source: source, byteCount: byteCount)
          : .message(message, source: source, byteCount: byteCount)
      }
    }
  }

  private func message(_ cells: [String], _ isRepaired: Bool, _ line: Int) -> Message {
    var row = RowBuilder(fallbackID: "line-\(line)")
    var spare: [String] = []
    let fields = columns?.fields ?? []
    let hasHeader = columns?.header == .known
    var clock: (rank: Int, cell: String, time: ClockTime)?
    for (index, cell) in cells.enumerated() {
      if hasHeader, index < fields.count, let column = fields[index] {
        if column.field != .timestamp {
          row.set(column.field, column.rank, cell)
        } else if let time = ClockTime(cell) {
          clock = (column.rank, cell, time)
        } else if let time = columns?.time(cell) {
          row.set(column.field, column.rank, time)
        }
      } else if hasHeader, index >= fields.count {
        // A cell without a column: an unquoted delimiter cut the text.
        row.set(.body, .max, cell)
      } else {
        spare.append(cell)
      }
    }
    if let clock {
      // The hour may stand in a column of its own, beside the day.
      if let day = row.message.timestamp, day.utf8.count == 10, isoTime(day + "T00:00") != nil {
        row.set(.timestamp, -1, "\(day)T\(clock.time.text)")
      } else {
        row.set(.timestamp, clock.rank, clock.cell)
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

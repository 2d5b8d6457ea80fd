import VigieRulebook
import VigieText

/// A column of a table in whose name an anchor of identifiers or credentials stands.
struct NamedColumn {
  /// Its table.
  let table: TextTable
  /// Its number, from 0.
  let number: Int
  /// Its name, bytes of the text.
  let name: Range<Int>
  /// The number of the anchor's group.
  let group: Int
  /// Where the anchor starts in the name, bytes.
  let anchor: Int
  /// Whether the name ends with the word of the anchor: it is a password, not the day on which one changes.
  let endsWithAnchor: Bool
}

/// The patterns of identifiers and credentials in tables: a cell is read as if the name of its column stood before it,
/// as `name: cell`. What a pattern asks for beside a number is said once there, in the line of names.
///
/// Each row of a table is walked once, after the pass over the text, whatever its names are.
extension Sweep {
  /// The longest cell that is read, bytes.
  private static let maxCellCount = 256

  /// Notes a column in whose name an anchor stands.
  @inline(never)
  mutating func noteColumn(_ group: Int, _ text: Span<UInt8>, _ anchor: Range<Int>) {
    guard let table = table(text, anchor), let (number, name) = table.column(text, named: anchor)
    else { return }
    columns.append(
      NamedColumn(
        table: table,
        number: number,
        name: name,
        group: group,
        anchor: anchor.lowerBound - name.lowerBound,
        endsWithAnchor: Sweep.endsWithWord(text, at: anchor.upperBound, name.upperBound)
      )
    )
  }

  /// Whether no word follows the one that goes on at a byte.
  private static func endsWithWord(_ text: Span<UInt8>, at start: Int, _ end: Int) -> Bool {
    var index = start
    while index < end, isInWord(text[index]) { index += 1 }
    while index < end, !isInWord(text[index]) { index += 1 }
    return index == end
  }

  private static func isInWord(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x80...: true
    default: false
    }
  }

  /// The table in whose line of names an anchor stands; where it is none, nothing more is asked of that line.
  private mutating func table(_ text: Span<UInt8>, _ anchor: Range<Int>) -> TextTable? {
    if let table = columns.last?.table, anchor.upperBound <= table.header.upperBound {
      return table
    }
    // Most messages are of one line.
    guard let end = text.lineFeed(from: anchor.upperBound), end + 1 < text.count else {
      namelessEnd = text.count
      return nil
    }
    let next = text[end + 1]
    guard next != 0x0A, next != 0x0D, TextTable.mayHoldNames(text, around: anchor, to: end),
      let table = TextTable(text, headedAt: anchor)
    else {
      namelessEnd = end
      return nil
    }
    return table
  }

  /// Whether a match may begin after the anchor of a group, so that it may lie in a cell below a name: where its start is
  /// put there.
  @inline(__always)
  mutating func mayNameColumns(_ group: Int) -> Bool {
    columnGroups[group] ?? learnWhetherItMayNameColumns(group)
  }

  @inline(never)
  private mutating func learnWhetherItMayNameColumns(_ group: Int) -> Bool {
    let mayName = rules.prefilter.anchorGroups[group].kinds.contains {
      guard case .pattern(let pattern) = $0, patterns[pattern].isOfValue else { return false }
      return rules.patterns[pattern].movesItsStart
    }
    columnGroups[group] = mayName
    return mayName
  }

  /// Reads the columns that were noted.
  mutating func readColumns(_ text: Span<UInt8>) {
    var noted: [NamedColumn] = []
    swap(&noted, &columns)
    var first = 0
    while first < noted.count {
      var last = first
      while last < noted.count, noted[last].table == noted[first].table { last += 1 }
      readRows(noted[first..<last].sorted { $0.number < $1.number }, text)
      first = last
    }
  }

  /// Reads the cells of some columns of one table, in their order, row by row.
  private mutating func readRows(_ columns: [NamedColumn], _ text: Span<UInt8>) {
    let table = columns[0].table
    var line = table.header
    while let row = table.row(text, after: line) {
      line = row
      effort -= 1
      var cells = TextTable.Cells(text, row, table.separator)
      var number = 0
      var next = 0
      while next < columns.count, let cell = cells.next(text) {
        let bare = TextTable.bare(text, cell)
        while next < columns.count, columns[next].number == number {
          if isTruncated || effort < 0 { return }
          if !bare.isEmpty, bare.count <= Sweep.maxCellCount { read(bare, columns[next], text) }
          next += 1
        }
        number += 1
      }
    }
  }

  /// Reads one cell for what an anchor in its column's name belongs to.
  private mutating func read(_ cell: Range<Int>, _ column: NamedColumn, _ text: Span<UInt8>) {
    var bytes: [UInt8] = []
    swap(&bytes, &cellBytes)
    defer { swap(&bytes, &cellBytes) }
    bytes.removeAll(keepingCapacity: true)
    for index in column.name { bytes.append(text[index]) }
    // : and a blank
    bytes.append(0x3A)
    bytes.append(0x20)
    let start = bytes.count
    for index in cell { bytes.append(text[index]) }
    run(column, bytes.span, cell, start)
    guard bytes.prefix(start).contains(0x5F) else { return }
    // numero_passeport is how data say it, and settings say api_key: both are asked.
    for index in 0..<start where bytes[index] == 0x5F { bytes[index] = 0x20 }
    run(column, bytes.span, cell, start)
  }

  /// Runs the patterns of an anchor over a cell with its name before it, and takes what stands in the cell.
  private mutating func run(
    _ column: NamedColumn,
    _ named: Span<UInt8>,
    _ cell: Range<Int>,
    _ start: Int
  ) {
    // The matches here are of other bytes than those before.
    swap(&cellMatches, &matches)
    let filter = filter(of: column.group)
    for word in 0..<filter.wordCount {
      var candidates = filter.candidates(word, named, at: column.anchor)
      while candidates != 0 {
        let index = filter.number(word, candidates.trailingZeroBitCount)
        candidates &= candidates &- 1
        guard case .pattern(let pattern) = rules.prefilter.anchorGroups[column.group].kinds[index],
          patterns[pattern].isOfValue, makeReady(pattern)
        else { continue }
        let end = column.anchor + rules.prefilter.anchorGroups[column.group].count
        search(
          pattern,
          named,
          starting: 0...column.anchor,
          end: end + 2 * Int(patterns[pattern].reach)
        )
      }
    }
    swap(&cellMatches, &matches)
    let mayBeSecret = Sweep.isSecret(named.extracting(start..<named.count), column)
    for index in cellMatches.indices {
      var match = cellMatches[index]
      guard match.range.lowerBound >= start else { continue }
      // Of a cell with a password all is that; a number may have words around it.
      if rules.rules[match.rule].kind == .credential {
        guard match.range.lowerBound == start, mayBeSecret else { continue }
      }
      let offset = cell.lowerBound - start
      match.range = (match.range.lowerBound + offset)..<(match.range.upperBound + offset)
      match.column = column.name
      add(match)
    }
    cellMatches.removeAll(keepingCapacity: true)
  }

  /// Whether a cell may be a secret: one word, and one of small letters, capitals and digits where its column is of
  /// something about secrets, such as their last change.
  private static func isSecret(_ cell: Span<UInt8>, _ column: NamedColumn) -> Bool {
    var (hasSmall, hasCapital, hasDigit) = (false, false, false)
    for index in cell.indices {
      switch cell[index] {
      case 0x20, 0x09: return false
      case 0x30...0x39: hasDigit = true
      case 0x41...0x5A: hasCapital = true
      case 0x61...0x7A: hasSmall = true
      default: break
      }
    }
    return column.endsWithAnchor || hasSmall && hasCapital && hasDigit
  }
}

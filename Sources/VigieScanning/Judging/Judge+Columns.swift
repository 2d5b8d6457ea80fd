import VigieRulebook
import VigieText

/// The words that a rule wants near a value, in the name of the column in which it stands.
extension Judge {
  /// The last table that was read, and how far its rows are known: of many values in one each row is walked once.
  struct KnownTable {
    var table: TextTable?
    /// The last row that was walked.
    var row = 0..<0
  }

  /// The name of the column of a table in which a value stands, where it holds words that the rule wants near.
  mutating func columnName(
    _ match: Range<Int>,
    _ rule: CompiledRule,
    _ text: Span<UInt8>
  ) -> Range<Int>? {
    guard let (table, row) = table(text, match), row.lowerBound > table.header.upperBound,
      let name = table.name(text, of: match, in: row), name.count <= TextTable.maxNameCount
    else { return nil }
    columnWords.read(text, name)
    for index in columnWords.words.indices where rule.near.stands(in: columnWords, at: index) {
      return name
    }
    return nil
  }

  /// The table in which a value stands, and its row.
  private mutating func table(
    _ text: Span<UInt8>,
    _ match: Range<Int>
  ) -> (TextTable, row: Range<Int>)? {
    if let table = knownTable.table {
      if knownTable.row.lowerBound > match.lowerBound { return nil }
      while knownTable.row.upperBound < match.lowerBound,
        let next = table.row(text, after: knownTable.row)
      { knownTable.row = next }
      if knownTable.row.lowerBound <= match.lowerBound,
        match.upperBound <= knownTable.row.upperBound
      {
        return (table, knownTable.row)
      }
    }
    guard let line = TextTable.line(of: text, around: match),
      let table = TextTable(text, holding: match, from: knownTable.row.upperBound)
    else { return nil }
    knownTable = KnownTable(table: table, row: line)
    return (table, line)
  }
}

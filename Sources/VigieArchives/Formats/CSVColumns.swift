/// What the columns of a table are taken for.
struct CSVColumns {
  /// How the first row is taken.
  enum Header: Equatable {
    /// It names columns of which some are known.
    case known
    /// It names columns of which none is known: every cell is text.
    case unknown
    /// It is a message.
    case none
  }

  /// The field of each column, with the rank of its name.
  let fields: [(field: FieldNames.Field, rank: Int)?]
  /// How the first row is taken.
  let header: Header
  /// Which number of a day is the day, where the times are written in numbers and the table says so.
  private(set) var order: NumericDate.Order?
  private let names: [String]
  private var hasNumericDates = false

  /// The rows that tell what the first one is, and how times are written.
  private static let shownRowCount = 64

  /// The columns that a first row names.
  ///
  /// - Parameters:
  ///   - first: The first row.
  ///   - table: The names of fields.
  ///   - rows: The rows of the table from its start, once more.
  ///   - limit: The bytes of a row.
  init(_ first: [String], _ table: FieldNames.Table, again rows: CSVRows, limit: Int) {
    names = first
    fields = first.map(table.field(of:))
    var rows = rows
    var shown: [[String]] = []
    _ = rows.next(limit: limit)
    while shown.count < CSVColumns.shownRowCount, let row = rows.next(limit: limit) {
      if case .cells(let cells, _, _, _) = row { shown.append(cells) }
    }
    if fields.contains(where: { $0 != nil }) {
      header = .known
    } else {
      header = CSVColumns.isHeader(first, over: shown) ? .unknown : .none
    }
    let times = fields.indices.filter { fields[$0]?.field == .timestamp }
    func dates(_ cells: [String]) -> [NumericDate] {
      times.compactMap { $0 < cells.count ? NumericDate(cells[$0]) : nil }
    }
    hasNumericDates = shown.contains { !dates($0).isEmpty }
    guard hasNumericDates else { return }
    // All rows are asked: one that speaks against the others leaves the order open.
    var orders = Orders()
    for cells in shown { orders.add(dates(cells)) }
    while let row = rows.next(limit: limit) {
      if case .cells(let cells, _, _, _) = row { orders.add(dates(cells)) }
    }
    let isFrench = first.contains { CSVColumns.frenchNames.contains(FieldNames.folded($0)) }
    order = orders.order ?? (orders.isOpen && isFrench ? .dayFirst : nil)
  }

  /// What the days of a table prove.
  private struct Orders {
    var hasDayFirst = false
    var hasMonthFirst = false

    mutating func add(_ dates: [NumericDate]) {
      for date in dates {
        hasDayFirst = hasDayFirst || date.first > 12
        hasMonthFirst = hasMonthFirst || date.second > 12
      }
    }

    /// Whether no day proves anything.
    var isOpen: Bool { !hasDayFirst && !hasMonthFirst }
    var order: NumericDate.Order? {
      hasDayFirst == hasMonthFirst ? nil : hasDayFirst ? .dayFirst : .monthFirst
    }
  }

  /// Names of columns that are French and no English, folded: who writes them writes the day first.
  private static let frenchNames: Set<String> = [
    "auteur", "auteure", "auteur·e", "autrice", "expediteur", "expeditrice", "emetteur",
    "emettrice", "utilisateur", "utilisatrice", "horodatage", "heure", "dateheure", "dateenvoi",
    "datedenvoi", "salon", "canal", "corps", "contenu", "texte", "sujet", "objet", "titre",
    "piecesjointes", "identifiant", "visibilite", "chiffre",
  ]

  /// Whether a row names columns of which none is known: short words, over a column of numbers or times.
  private static func isHeader(_ first: [String], over rows: [[String]]) -> Bool {
    let isNames =
      first.count > 1 && Set(first).count == first.count
      && first.allSatisfy { cell in
        !cell.isEmpty && cell.count <= 40 && cell.contains(where: \.isLetter)
          && !startsWithDigit(cell) && !cell.contains { "!?:\n".contains($0) }
      }
    guard isNames else { return false }
    return first.indices.contains { column in
      let cells = rows.compactMap { column < $0.count ? $0[column] : nil }.filter { !$0.isEmpty }
      return !cells.isEmpty && cells.allSatisfy(startsWithDigit)
    }
  }

  private static func startsWithDigit(_ cell: String) -> Bool {
    cell.utf8.first.map { $0 &- 0x30 < 10 } ?? false
  }

  /// The time of a cell as a message has it; `nil` where the table does not say which number is the day.
  func time(_ cell: String) -> String? {
    guard let date = NumericDate(cell) else { return cell }
    guard let order else { return nil }
    return date.text(order) ?? cell
  }

  /// What the columns are taken for, on one line.
  var inWords: String {
    if header == .none { return "no row of column names: every cell is read as text" }
    if header == .unknown {
      return "no column name is known: every cell below them is read as text"
    }
    let taken = zip(names, fields).compactMap { name, column -> String? in
      guard let field = column?.field else { return nil }
      guard field == .timestamp, hasNumericDates else { return "\(name) as \(field.name)" }
      let how =
        switch order {
        case .dayFirst?: "day/month/year"
        case .monthFirst?: "month/day/year"
        case nil: "not taken: nothing says which number is the day"
        }
      return "\(name) as \(field.name) (\(how))"
    }
    let others = zip(names, fields).filter { $0.1 == nil }.map(\.0)
    return taken.joined(separator: ", ")
      + (others.isEmpty ? "" : "; not known: \(others.joined(separator: ", "))")
  }
}

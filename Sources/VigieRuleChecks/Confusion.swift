import VigieCore
import VigieJSON
import VigieReports

/// What was found for which label: counts by what the label says and what the engine says.
package struct Confusion: Sendable, Equatable {
  /// The row of findings without a label.
  package static let unlabelled = "no label"
  /// The column of labels without a finding.
  package static let missed = "missed"

  /// Counts by row (the label) and column (the engine).
  package typealias Matrix = [String: [String: Int]]

  package private(set) var usage: Matrix = [:]
  /// A label of which only a finding of another scheme stands there counts under that.
  package private(set) var scheme: Matrix = [:]
  /// Of lines with one label: `+` between several, `none` for none.
  package private(set) var disguise: Matrix = [:]

  /// Of nothing.
  package init() {}

  /// Counts a labelled message.
  mutating func add(_ message: LabelledMessage, _ findings: [Finding]) {
    var free = findings
    func take(_ span: Range<Int>, _ isFit: (Finding) -> Bool) -> Finding? {
      let index = free.indices.filter { isFit(free[$0]) }
        .map { (index: $0, overlap: Evaluation.overlap(free[$0].range, span)) }
        .filter { $0.overlap >= 0.5 }.max { $0.overlap < $1.overlap }?.index
      return index.map { free.remove(at: $0) }
    }
    let own = message.expected.map { label in take(label.span) { $0.scheme == label.scheme } }
    for (label, finding) in zip(message.expected, own) {
      let other = finding ?? take(label.span) { _ in true }
      usage[label.usage.rawValue, default: [:]][
        finding?.usage.rawValue ?? Confusion.missed,
        default: 0
      ] += 1
      scheme[label.scheme, default: [:]][other?.scheme ?? Confusion.missed, default: 0] += 1
      if message.expected.count == 1 {
        let row = Confusion.name(message.disguises.sorted())
        let column = finding.map { Confusion.name($0.disguise.names.sorted()) }
        disguise[row, default: [:]][column ?? Confusion.missed, default: 0] += 1
      }
    }
    for finding in free {
      usage[Confusion.unlabelled, default: [:]][finding.usage.rawValue, default: 0] += 1
      scheme[Confusion.unlabelled, default: [:]][finding.scheme, default: 0] += 1
    }
  }

  private static func name(_ disguises: [String]) -> String {
    disguises.isEmpty ? "none" : disguises.joined(separator: "+")
  }

  /// The tables for a person: usage in full, of schemes and disguises what was taken for another.
  func lines(for terminal: Terminal) -> [String] {
    let columns = Usage.allCases.map(\.rawValue) + [Confusion.missed]
    let head = columns.map { Terminal.fit($0, 12, toRight: true) }.joined()
    var lines = [terminal.styled(Terminal.fit("usage: label, found", 22) + head, .bold)]
    for row in Usage.allCases.map(\.rawValue) + [Confusion.unlabelled] {
      let cells = columns.map { column in
        row == Confusion.unlabelled && column == Confusion.missed
          ? "" : Terminal.grouped(usage[row]?[column] ?? 0)
      }
      lines.append(
        Terminal.fit(row, 22) + cells.map { Terminal.fit($0, 12, toRight: true) }.joined()
      )
    }
    for (title, matrix) in [("scheme", scheme), ("disguise", disguise)] {
      let cells = matrix.flatMap { row, columns in columns.map { (row, $0.key, $0.value) } }
        .filter { $0.0 != $0.1 && $0.0 != Confusion.unlabelled && $0.1 != Confusion.missed }
        .sorted { ($1.2, $0.0, $0.1) < ($0.2, $1.0, $1.1) }
      guard !cells.isEmpty else { continue }
      lines += ["", terminal.styled("\(title) taken for another", .bold)]
      for cell in cells.prefix(Confusion.maxLineCount) {
        lines.append(
          Terminal.fit(Terminal.grouped(cell.2), 8, toRight: true) + "  \(cell.0) → \(cell.1)"
        )
      }
      if cells.count > Confusion.maxLineCount {
        lines.append("          … and \(cells.count - Confusion.maxLineCount) more (--json)")
      }
    }
    return lines
  }

  /// The most lines that a table of what was taken for another has.
  private static let maxLineCount = 15
}

extension JSONWriter {
  /// Writes the three matrices.
  mutating func confusion(_ confusion: Confusion) {
    beginObject()
    for (name, matrix) in [
      ("usage", confusion.usage), ("scheme", confusion.scheme), ("disguise", confusion.disguise),
    ] {
      key(name)
      beginObject()
      for (row, columns) in matrix.sorted(by: { $0.key < $1.key }) {
        key(row)
        beginObject()
        for (column, count) in columns.sorted(by: { $0.key < $1.key }) {
          key(column)
          integer(count)
        }
        endObject()
      }
      endObject()
    }
    endObject()
  }
}

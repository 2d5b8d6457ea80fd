/// How many exports of which formats, in the order in which these were met.
package struct ExportCounts: Sendable {
  /// The formats, each with 1 or more.
  package private(set) var counts: [(format: String, count: Int)] = []

  /// Counts exports of a format.
  mutating func add(_ format: String, _ count: Int = 1) {
    if let known = counts.firstIndex(where: { $0.format == format }) {
      counts[known].count += count
    } else {
      counts.append((format, count))
    }
  }

  /// Counts what another holds.
  mutating func add(_ other: ExportCounts) {
    for (format, count) in other.counts { add(format, count) }
  }
}

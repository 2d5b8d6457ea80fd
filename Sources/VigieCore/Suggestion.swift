/// Returns "did you mean …" for a word that is close to one of the known ones, or `nil`.
package func suggestion(for word: String, among known: [String]) -> String? {
  nearest(to: word, among: known).map { "did you mean '\($0)'?" }
}

/// Returns the one of the known words that a word is close enough to, to be a slip of it, or `nil`.
package func nearest(to word: String, among known: [String]) -> String? {
  let lowered = word.lowercased()
  let limit = max(1, min(3, word.count / 3))
  return
    known
    .map { (word: $0, distance: editDistance(lowered, $0.lowercased())) }
    .filter { $0.distance <= limit || $0.word.hasPrefix(lowered) || lowered.hasPrefix($0.word) }
    .min { ($0.distance, $0.word) < ($1.distance, $1.word) }?.word
}

/// The number of letters to insert, remove, replace or swap with their neighbour.
///
/// - Complexity: O(first × second).
private func editDistance(_ first: String, _ second: String) -> Int {
  let a = Array(first.unicodeScalars)
  let b = Array(second.unicodeScalars)
  guard !a.isEmpty, !b.isEmpty else { return max(a.count, b.count) }
  var rows = [Array(0...b.count)]
  for i in 1...a.count {
    var row = [i]
    for j in 1...b.count {
      var best = min(rows[i - 1][j] + 1, row[j - 1] + 1)
      best = min(best, rows[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
      if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
        best = min(best, rows[i - 2][j - 2] + 1)
      }
      row.append(best)
    }
    rows.append(row)
  }
  return rows[a.count][b.count]
}

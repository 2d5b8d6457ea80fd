/// A unified diff of two texts that differ line for line.
///
/// *Source:* POSIX.1-2017, `diff -u`: `@@ -start,count +start,count @@`.
package enum LineDiff {
  /// How many lines stand around a change.
  private static let contextCount = 3

  /// The diff of two files of as many lines.
  ///
  /// - Parameters:
  ///   - name: The path of both.
  ///   - old: The lines as they were.
  ///   - new: The lines as they are to be, as many.
  /// - Returns: The diff with a final line break, or nothing where nothing differs.
  package static func unified(name: String, old: [String], new: [String]) -> String {
    let changed = zip(old, new).enumerated().filter { $0.element.0 != $0.element.1 }.map(\.offset)
    guard !changed.isEmpty else { return "" }
    var text = "--- \(name)\n+++ \(name)\n"
    var index = 0
    while index < changed.count {
      var last = index
      while last + 1 < changed.count, changed[last + 1] - changed[last] <= 2 * contextCount {
        last += 1
      }
      // After the final line break stands no line.
      let lineCount = old.last == "" ? old.count - 1 : old.count
      let start = max(0, changed[index] - contextCount)
      let end = min(lineCount, changed[last] + contextCount + 1)
      text += "@@ -\(start + 1),\(end - start) +\(start + 1),\(end - start) @@\n"
      var line = start
      while line < end {
        guard old[line] != new[line] else {
          text += " \(old[line])\n"
          line += 1
          continue
        }
        var stop = line
        while stop < end, old[stop] != new[stop] { stop += 1 }
        for place in line..<stop { text += "-\(old[place])\n" }
        for place in line..<stop { text += "+\(new[place])\n" }
        line = stop
      }
      index = last + 1
    }
    return text
  }
}

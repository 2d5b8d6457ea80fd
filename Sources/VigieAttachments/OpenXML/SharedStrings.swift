import VigieCore

/// The strings that the cells of a workbook share.
///
/// *Source:* ISO/IEC 29500-1 §18.4.
struct SharedStrings {
  private var bytes: [UInt8] = []
  /// Where each string ends.
  private var ends: [Int] = []
  private var isUsed: [Bool] = []

  /// Adds the next string.
  mutating func append(_ text: [UInt8]) {
    bytes += text
    ends.append(bytes.count)
    isUsed.append(false)
  }

  /// A string, or `nil` where there is none of this number.
  mutating func string(_ index: Int) -> [UInt8]? {
    guard ends.indices.contains(index) else { return nil }
    isUsed[index] = true
    return Array(bytes[(index == 0 ? 0 : ends[index - 1])..<ends[index]])
  }

  /// Adds the strings that no cell shows: the file says them all the same.
  func addUnused(to collector: Collector) {
    var text: [UInt8] = []
    for index in ends.indices where !isUsed[index] {
      text += bytes[(index == 0 ? 0 : ends[index - 1])..<ends[index]]
      text.endLine()
    }
    collector.add(text, .hidden, "strings of no cell")
  }
}

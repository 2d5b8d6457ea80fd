import VigieCrypto
public import VigieRulebook

extension RuleFault {
  /// The fault for a person: `file:line:column: reason`, the line, a caret and the mend.
  ///
  /// - Parameter text: The text of the fault's file, or `nil` to leave the line out.
  /// - Returns: Some lines, without a final line break.
  public func describe(in text: String?) -> String {
    guard position.line > 0 else { return "\(position.file): \(reason)\n  mend: \(mend)" }
    var report = "\(position.file):\(position.line):\(position.column): \(reason)"
    if let text {
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      if lines.indices.contains(position.line - 1) {
        report += "\n" + excerpt(of: lines[position.line - 1])
      }
    }
    return report + "\n  mend: \(mend)"
  }

  /// The part of the line around the column, with a caret below it.
  private func excerpt(of line: Substring) -> String {
    let scalars = Array(line.unicodeScalars.filter { $0 != "\r" })
    let column = min(max(position.column, 1), scalars.count + 1) - 1
    let start = column > 60 ? column - 40 : 0
    let end = min(scalars.count, start + 92)
    var shown = start > 0 ? "…" : ""
    var indent = shown.isEmpty ? "" : " "
    for index in start..<end {
      shown.unicodeScalars.append(scalars[index])
      if index < column { indent += scalars[index] == "\t" ? "\t" : " " }
    }
    if end < scalars.count { shown += "…" }
    let number = String(position.line)
    let margin = String(repeating: " ", count: number.count)
    return "  \(number) | \(shown)\n  \(margin) | \(indent)^"
  }
}

extension RuleFaults {
  /// All faults for a person, a blank line between them, and how many there are.
  ///
  /// - Parameter text: Gives the text of a file by the name in its faults; by default it is read
  ///   from disk.
  /// - Returns: Some lines, without a final line break.
  public func describe(reading text: (String) -> String? = RuleFaults.textOnDisk) -> String {
    let reports = faults.map { fault in
      fault.describe(in: fault.position.line > 0 ? text(fault.position.file) : nil)
    }
    let count = faults.count == 1 ? "1 fault" : "\(faults.count) faults"
    return reports.joined(separator: "\n\n") + "\n\n\(count): nothing was loaded"
  }
}

extension RuleFaults {
  /// The text of a file, or `nil` where it cannot be read.
  public static func textOnDisk(_ path: String) -> String? {
    (try? readFile(path, limit: 1 << 24)).map { String(decoding: $0, as: UTF8.self) }
  }
}

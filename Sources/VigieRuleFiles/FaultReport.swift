import VigieCrypto
public import VigieRulebook

extension RuleFault {
  /// The fault for a person: `file:line:column: reason`, the line, a caret and the mend.
  ///
  /// - Parameter text: The text of the fault's file, or `nil` to leave the line out.
  /// - Returns: Some lines, without a final line break.
  public func describe(in text: String?) -> String {
    guard position.line > 0 else { return "\(position.file): \(reason)\n  mend: \(mend)" }
    let lines = text?.yamlLines ?? []
    guard lines.indices.contains(position.line - 1) else {
      return "\(position.file):\(position.line):\(position.column): \(reason)\n  mend: \(mend)"
    }
    let line = lines[position.line - 1]
    let column = offset.flatMap { line.column(ofByte: $0, ofValueAt: position.column) }
    return "\(position.file):\(position.line):\(column ?? position.column): \(reason)\n"
      + excerpt(of: line, column ?? position.column) + "\n  mend: \(mend)"
  }

  /// The part of the line around the column, with a caret below it.
  private func excerpt(of line: String, _ column: Int) -> String {
    let scalars = Array(line.unicodeScalars)
    let column = min(max(column, 1), scalars.count + 1) - 1
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

extension String {
  /// The column of a byte of a value that is written in this line of YAML, plain or in quotes.
  ///
  /// - Parameters:
  ///   - offset: UTF-8 bytes into the value.
  ///   - start: The column at which the value starts, its quote included; 1-based, in scalars.
  /// - Returns: A column, or `nil` where the value is not written in this line, or with escapes.
  fileprivate func column(ofByte offset: Int, ofValueAt start: Int) -> Int? {
    let scalars = Array(unicodeScalars)
    guard scalars.indices.contains(start - 1) else { return nil }
    // What follows a bar is in other lines, and an escape is as long as it likes.
    let quote = scalars[start - 1]
    guard !["|", ">", "&", "*", "!"].contains(quote) else { return nil }
    var index = start - 1 + (quote == "'" || quote == "\"" ? 1 : 0)
    var rest = offset
    while rest > 0 {
      guard scalars.indices.contains(index), quote != "\"" || scalars[index] != "\\" else {
        return nil
      }
      if quote == "'", scalars[index] == "'" {
        // Two stand for one; one alone is the end.
        guard scalars.indices.contains(index + 1), scalars[index + 1] == "'" else { return nil }
        index += 1
      }
      rest -= UTF8.width(scalars[index])
      index += 1
    }
    return index + 1
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

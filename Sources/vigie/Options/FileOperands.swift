/// The files of a command line, kept from the parser where there are many: for each operand that it reads it
/// goes over all those before, which for ten thousand files takes four seconds.
struct FileOperands {
  /// The command line, with a mark in place of files.
  private(set) var arguments: [String] = []
  /// What stands behind each mark.
  private var kept: [[String]] = []

  /// Operands in a row that the parser reads itself: the first may belong to the option before it.
  private static let readCount = 4

  /// Starts a mark: no argument of a process can hold it.
  private static let sign: Character = "\0"

  /// Folds a command line.
  init(folding arguments: [String]) {
    var row: [String] = []
    for argument in arguments {
      if argument.utf8.first != UInt8(ascii: "-") {
        row.append(argument)
      } else {
        add(row)
        row = []
        self.arguments.append(argument)
      }
    }
    add(row)
  }

  private mutating func add(_ row: [String]) {
    let isLong = row.count > FileOperands.readCount + 1
    arguments += row.prefix(isLong ? FileOperands.readCount : row.count)
    guard isLong else { return }
    arguments.append("\(FileOperands.sign)\(kept.count)")
    kept.append(Array(row.dropFirst(FileOperands.readCount)))
  }

  /// The files that the parser found, and in their places those that it was not shown.
  func unfolded(_ files: [String]) -> [String] {
    files.flatMap { file -> [String] in
      guard file.first == FileOperands.sign, let index = Int(file.dropFirst()),
        kept.indices.contains(index)
      else { return [file] }
      return kept[index]
    }
  }
}

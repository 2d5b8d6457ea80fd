import Glibc
import VigieCrypto

/// One file of a log, named after the number of its first entry.
struct AuditSegment {
  /// The bytes that are read at once.
  private static let chunkCount = 1 << 16
  private static let prefix = "audit-"
  private static let suffix = ".jsonl"
  /// The digits of the number in a name: names then stand in the order of their entries.
  private static let digitCount = 12

  /// The file.
  var path: String
  /// The number of its first entry.
  var firstNumber: Int

  /// The file in a directory whose first entry has a number.
  init(in directory: String, from firstNumber: Int) {
    let digits = String(firstNumber)
    let zeros = String(repeating: "0", count: max(0, AuditSegment.digitCount - digits.utf8.count))
    self.path = "\(directory)/\(AuditSegment.prefix)\(zeros)\(digits)\(AuditSegment.suffix)"
    self.firstNumber = firstNumber
  }

  /// Where a file of the same name goes that holds no whole entry.
  var tornPath: String { path + ".torn" }

  /// The files of a log in the order of their entries.
  ///
  /// - Throws: ``AuditFailure`` where the directory cannot be read.
  static func all(in directory: String) throws(AuditFailure) -> [AuditSegment] {
    guard let names = directoryNames(directory) else { throw failure(directory, "cannot be read") }
    return names.compactMap { name in
      guard name.hasPrefix(prefix), name.hasSuffix(suffix),
        let number = Int(name.dropFirst(prefix.utf8.count).dropLast(suffix.utf8.count))
      else { return nil }
      let segment = AuditSegment(in: directory, from: number)
      return segment.path == "\(directory)/\(name)" ? segment : nil
    }.sorted { $0.firstNumber < $1.firstNumber }
  }

  /// Reads the lines of the file one after the other, without their line feeds.
  ///
  /// - Parameter body: Called with each line and its number, from 1 on; it ends the reading with `false`.
  /// - Returns: The bytes after the last line feed: none, or what a process that died left.
  /// - Throws: ``AuditFailure`` where the file cannot be read.
  func lines(_ body: (ArraySlice<UInt8>, Int) -> Bool) throws(AuditFailure) -> Int {
    let file = unsafe open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
    guard file >= 0 else { throw AuditSegment.failure(path, "cannot be opened") }
    defer { close(file) }
    var pending: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: AuditSegment.chunkCount)
    var number = 0
    while true {
      let count = unsafe read(file, &chunk, chunk.count)
      guard count >= 0 else { throw AuditSegment.failure(path, "cannot be read") }
      if count == 0 { return pending.count }
      pending += chunk[..<count]
      var start = 0
      while let end = pending[start...].firstIndex(of: 0x0A) {
        number += 1
        if !body(pending[start..<end], number) { return 0 }
        start = end + 1
      }
      pending.removeFirst(start)
    }
  }

  /// What is said of a directory without a file of a log: nothing was proved.
  static func noLog(in directory: String) -> AuditFailure {
    AuditFailure(
      path: directory,
      reason: "holds no entry of an audit log",
      mend: "name the directory that the server keeps its log in"
    )
  }

  /// What an error of the system says of a file.
  static func failure(_ path: String, _ what: String) -> AuditFailure {
    let reason = unsafe String(cString: strerror(errno)).lowercased()
    return AuditFailure(
      path: path,
      reason: "\(what): \(reason)",
      mend: "check who may use the directory, and the space left"
    )
  }
}

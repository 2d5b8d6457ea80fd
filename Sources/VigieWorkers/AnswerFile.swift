import Glibc
import VigieSandbox

/// A file in memory into which a worker writes an answer; empty before.
final class AnswerFile: Sendable {
  /// The file.
  let descriptor: Descriptor

  /// Makes a new one.
  ///
  /// - Throws: `SystemFailure` where there is no memory or descriptor for it.
  init() throws(SystemFailure) { descriptor = try Descriptor.memoryFile("vigie-extraction") }

  /// Takes away what was written; `false` where that cannot be done, as nobody may change the file any more.
  func clear() -> Bool { ftruncate(descriptor.number, 0) == 0 }
}

/// Files for answers that were read and are empty again.
///
/// To make a file and to close it takes a quarter of the way to a worker and back. One that was used is as a new one:
/// who reads a document has nothing of it once its process has ended, and as long as that lives the filter of system
/// calls keeps it from the flags and the seals of the file. Without the filter none is used again.
struct SpareFiles {
  private var files: [AnswerFile] = []

  /// Takes one, if there is any.
  mutating func take() -> AnswerFile? { files.popLast() }

  /// Keeps one that is empty, up to a number.
  mutating func keep(_ file: AnswerFile, upTo count: Int) {
    if files.count < count { files.append(file) }
  }

  /// Closes them all.
  mutating func removeAll() { files.removeAll() }
}

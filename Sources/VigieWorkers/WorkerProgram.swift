import Glibc
import VigieSandbox

/// A program that does the dangerous work of this one.
struct WorkerProgram: Sendable {
  /// Its name, the same everywhere.
  let name: String
  /// What it is, in words.
  let what: String
  /// What it reads, in words.
  let object: String
  /// The variable of the environment that names its path.
  let variable: String

  /// Reads documents.
  static let documents = WorkerProgram(
    name: "vigie-parse-worker",
    what: "the reader of documents",
    object: "the file",
    variable: "VIGIE_PARSE_WORKER"
  )
  /// Reads what is drawn in pictures.
  static let pictures = WorkerProgram(
    name: "vigie-ocr-worker",
    what: "the reader of pictures",
    object: "the image",
    variable: "VIGIE_OCR_WORKER"
  )

  /// Looks for the program: at a path that was named, else beside the running program, in `libexec/vigie`
  /// beside its folder, or beside the library that this is a part of.
  ///
  /// - Parameter path: The path of an option, or of the environment; nothing else is tried then.
  /// - Returns: The program, or `nil` where there is none that may be run.
  func find(_ path: String?) -> String? {
    if let path { return WorkerProgram.isProgram(path) ? path : nil }
    let files = [
      WorkerProgram.resolved("/proc/self/exe"),
      ChildProcess.ownFile.flatMap(WorkerProgram.resolved),
    ]
    let folders = files.compactMap { $0 }.map(WorkerProgram.folder)
    let places = folders.flatMap { ["\($0)/\(name)", "\($0)/../libexec/vigie/\(name)"] }
    return places.first(where: WorkerProgram.isProgram)
  }

  private static func isProgram(_ path: String) -> Bool {
    var status = stat()
    return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
      && access(path, X_OK) == 0
  }

  private static func resolved(_ path: String) -> String? {
    guard let found = unsafe realpath(path, nil) else { return nil }
    defer { unsafe free(found) }
    return unsafe String(cString: found)
  }

  private static func folder(_ path: String) -> String {
    String(path.prefix(upTo: path.lastIndex(of: "/") ?? path.startIndex))
  }
}

import Glibc
import VigieSandbox

/// Where the program lies that reads documents.
enum WorkerProgram {
  /// Its name, the same everywhere.
  static let name = "vigie-parse-worker"

  /// Looks for the program: at a path that was named, else beside the running program, in `libexec/vigie`
  /// beside its folder, or beside the library that this is a part of.
  ///
  /// - Parameter path: The path of an option, or of the environment; nothing else is tried then.
  /// - Returns: The program, or `nil` where there is none that may be run.
  static func find(_ path: String?) -> String? {
    if let path { return isProgram(path) ? path : nil }
    let folders = [resolved("/proc/self/exe"), ChildProcess.ownFile.flatMap(resolved)]
      .compactMap { $0 }.map(folder)
    let places = folders.flatMap { ["\($0)/\(name)", "\($0)/../libexec/vigie/\(name)"] }
    return places.first(where: isProgram)
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

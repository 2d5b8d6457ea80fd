import Glibc
import VigieOptions

/// What a command reads, over which no report may be written: an archive is evidence, and there may be one copy of it.
struct ReadPaths {
  /// Files, and folders with all that lies in them.
  var archives: [String] = []
  /// Single files beside them, such as a store and its key.
  var files: [String] = []

  /// Refuses reports that would take the place of what is read, or of one another.
  ///
  /// Hard links and symbolic links are followed, and so is a folder that holds an archive: a new file in a folder that is
  /// scanned would be evidence the next time.
  ///
  /// - Parameter requests: The reports that are asked for.
  /// - Throws: `CommandFailure`, before anything is opened.
  func protect(from requests: [ReportRequest]) throws {
    var taken: [String: ReportRequest] = [:]
    for request in requests where !request.isOnStandardOutput {
      guard let place = ReadPaths.place(of: request.file) else { continue }
      if let path = owner(of: place, request.file) {
        throw CommandFailure(
          "the \(request.name) report would be written over what is read: \(request.file) is \(path)",
          mend: "name another file for the report, outside of what is scanned"
        )
      }
      guard let other = taken.updateValue(request, forKey: place) else { continue }
      throw CommandFailure(
        "the \(other.name) and the \(request.name) report would be written into one file, \(request.file)",
        mend: "name a file of its own for each"
      )
    }
  }

  /// How what is read is called over which a file would be written; `nil` where there is none.
  private func owner(of place: String, _ file: String) -> String? {
    let identity = ReadPaths.identity(of: file)
    for path in archives + files {
      if let identity, ReadPaths.identity(of: path) == identity {
        return path == file ? "read itself" : "the same file as \(path)"
      }
    }
    for folder in archives {
      guard let real = ReadPaths.real(folder), place.hasPrefix(real == "/" ? real : real + "/")
      else { continue }
      return "in \(folder)"
    }
    return nil
  }

  /// Where a file lies once links are followed, there yet or not; `nil` where it is no file that keeps what is written, or
  /// its folder is not there.
  private static func place(of file: String) -> String? {
    var status = stat()
    if unsafe stat(file, &status) == 0 {
      return status.st_mode & S_IFMT == S_IFREG ? real(file) : nil
    }
    guard let slash = file.lastIndex(of: "/") else { return real(".").map { "\($0)/\(file)" } }
    let folder = slash == file.startIndex ? "/" : String(file[..<slash])
    return real(folder).map { "\($0)/\(file[file.index(after: slash)...])" }
  }

  /// A path without links; `nil` where nothing is there.
  private static func real(_ path: String) -> String? {
    guard let real = unsafe realpath(path, nil) else { return nil }
    defer { unsafe free(real) }
    return unsafe String(cString: real)
  }

  /// What tells a file from all others of the machine, by whatever name; `nil` where it is not there or no plain file.
  private static func identity(of path: String) -> [UInt64]? {
    var status = stat()
    guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return [UInt64(status.st_dev), UInt64(status.st_ino)]
  }
}

import CPDFium
import Glibc

/// PDFium, the library that reads the text of pages; it is optional and found when the program runs.
package enum PDFEngine {
  /// Whether the library can be used.
  package enum State: Sendable, Equatable {
    case ready
    /// It cannot, for the reason in words.
    case absent(String)
  }

  /// Loads the library the first time; later calls cost nothing.
  ///
  /// It must be called once before a sandbox closes: the library is a file, and starting it reads
  /// tables.
  package static func prepare() -> State { state }

  /// The file name of the library.
  package static let fileName = "libpdfium.so"

  /// What to do where it is absent.
  package static let remedy = "run Tools/components, or name the library in VIGIE_PDFIUM"

  private static let state: State = load()

  private static func load() -> State {
    guard let path = candidates().first(where: isFile) else {
      return .absent("\(fileName) is not installed")
    }
    switch unsafe vigie_pdfium_load(path) {
    case CInt(VIGIE_PDFIUM_READY): return .ready
    case CInt(VIGIE_PDFIUM_UNFIT):
      return .absent("\(path) lacks \(unsafe String(cString: vigie_pdfium_failure()))")
    default:
      return .absent("\(path): \(unsafe String(cString: vigie_pdfium_failure()))")
    }
  }

  /// Where the library may lie, the first choice first: where the environment says, beside the
  /// installed program, in the source tree around a program that was built there.
  private static func candidates() -> [String] {
    if let named = unsafe getenv("VIGIE_PDFIUM").map({ unsafe String(cString: $0) }),
      !named.isEmpty
    {
      return [named]
    }
    guard let resolved = unsafe realpath("/proc/self/exe", nil) else { return [] }
    defer { unsafe free(resolved) }
    var folder = parent(unsafe String(cString: resolved))
    // From `bin`, and from `libexec/vigie`, where the reader of the C library lies.
    var found = ["\(folder)/../lib/vigie/\(fileName)", "\(folder)/../../lib/vigie/\(fileName)"]
    while !folder.isEmpty {
      found.append("\(folder)/.cache/components/pdfium/\(fileName)")
      folder = parent(folder)
    }
    return found
  }

  private static func parent(_ path: String) -> String {
    String(path.prefix(upTo: path.lastIndex(of: "/") ?? path.startIndex))
  }

  private static func isFile(_ path: String) -> Bool {
    var status = stat()
    return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }
}

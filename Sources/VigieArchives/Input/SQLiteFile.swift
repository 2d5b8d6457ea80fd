import GRDBSQLite
import Glibc
import VigieContainers
import VigieCore

/// A database of SQLite that somebody else wrote, to be read and no more.
///
/// It may be hostile: it is opened as a file that nobody changes, so that nothing beside it is read or
/// written; functions in its schema are not trusted; values have a longest length, and work without a row an
/// end. Damage is an error of the query.
///
/// *Source:* sqlite.org/security.html; sqlite.org/uri.html (`immutable`).
@safe final class SQLiteFile {
  private let handle: OpaquePointer
  private let progress = Progress()

  /// How many rows came, and how many there were when the time was last looked at.
  private final class Progress {
    var rowCount = 0
    var seenCount = -1
  }

  /// How many instructions of SQLite's machine may pass without a row: some ten seconds.
  private static let stepCount: Int32 = 1_000_000_000

  /// The first bytes of a database.
  ///
  /// *Source:* sqlite.org/fileformat2.html §1.3.
  static let magic = Array("SQLite format 3\0".utf8)

  /// Opens a database.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - limit: The longest value, bytes.
  /// - Throws: ``SourceFault`` where it is no database.
  init(path: String, limit: Int) throws(SourceFault) {
    var opened: OpaquePointer?
    let flags =
      SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE
    let code = unsafe sqlite3_open_v2(SQLiteFile.address(path), &opened, flags, nil)
    guard code == SQLITE_OK, let opened = unsafe opened else {
      unsafe sqlite3_close_v2(opened)
      throw SourceFault(reason: .corrupt, detail: "the database cannot be opened")
    }
    unsafe handle = opened
    unsafe sqlite3_limit(opened, SQLITE_LIMIT_LENGTH, Int32(clamping: limit))
    unsafe sqlite3_progress_handler(
      opened,
      SQLiteFile.stepCount,
      { context in
        guard let context = unsafe context else { return 1 }
        let progress = unsafe Unmanaged<Progress>.fromOpaque(context).takeUnretainedValue()
        defer { progress.seenCount = progress.rowCount }
        return progress.seenCount == progress.rowCount ? 1 : 0
      },
      Unmanaged.passUnretained(progress).toOpaque()
    )
    for pragma in ["trusted_schema = OFF", "cell_size_check = ON", "query_only = ON"] {
      _ = try rows("PRAGMA \(pragma)").next()
    }
  }

  deinit { unsafe sqlite3_close_v2(handle) }

  /// The address of a file that nobody changes.
  private static func address(_ path: String) -> String {
    var address = path.hasPrefix("/") ? "file://" : "file:"
    for byte in path.utf8 {
      let isPlain = byte &- 0x30 < 10 || byte | 0x20 &- 0x61 < 26 || "/-_.~".utf8.contains(byte)
      let digits = String(byte, radix: 16)
      address += isPlain ? String(UnicodeScalar(byte)) : byte < 16 ? "%0\(digits)" : "%\(digits)"
    }
    return address + "?immutable=1"
  }

  /// Whether there is a plain table of this name: no view, and none that a module makes up.
  func hasTable(_ name: String) -> Bool {
    let query = "SELECT name, sql FROM sqlite_schema WHERE type = 'table'"
    guard let rows = try? rows(query) else { return false }
    while (try? rows.next()) == true {
      if rows.text(0)?.lowercased() == name.lowercased() {
        return rows.text(1)?.uppercased().hasPrefix("CREATE TABLE") == true
      }
    }
    return false
  }

  /// The rows of a query.
  ///
  /// - Throws: ``SourceFault`` where the database does not hold what it asks for.
  func rows(_ query: String) throws(SourceFault) -> Rows {
    var statement: OpaquePointer?
    guard unsafe sqlite3_prepare_v2(handle, query, -1, &statement, nil) == SQLITE_OK,
      let statement = unsafe statement
    else { throw SourceFault(reason: .corrupt, detail: "the database lacks a table or is damaged") }
    return unsafe Rows(statement, of: self)
  }

  /// Rows, one at a time.
  @safe final class Rows {
    private let statement: OpaquePointer
    private let file: SQLiteFile

    fileprivate init(_ statement: OpaquePointer, of file: SQLiteFile) {
      unsafe self.statement = statement
      self.file = file
    }

    deinit { unsafe sqlite3_finalize(statement) }

    /// Goes to the next row; `false` at the end.
    func next() throws(SourceFault) -> Bool {
      switch unsafe sqlite3_step(statement) {
      case SQLITE_ROW:
        file.progress.rowCount += 1
        return true
      case SQLITE_DONE: return false
      case SQLITE_INTERRUPT:
        throw SourceFault(reason: .limit, detail: "a query of the database took too long")
      case SQLITE_TOOBIG, SQLITE_NOMEM:
        throw SourceFault(reason: .limit, detail: "a value of the database is too long")
      default:
        throw SourceFault(reason: .corrupt, detail: "the database is damaged")
      }
    }

    /// The bytes of a column; `nil` for NULL.
    func bytes(_ column: Int32) -> [UInt8]? {
      guard unsafe sqlite3_column_type(statement, column) != SQLITE_NULL else { return nil }
      // The pointer first: asking for it may change how long the value is.
      guard let start = unsafe sqlite3_column_blob(statement, column) else { return [] }
      let count = unsafe Int(sqlite3_column_bytes(statement, column))
      return unsafe Array(UnsafeRawBufferPointer(start: start, count: count))
    }

    /// The text of a column; `nil` for NULL.
    func text(_ column: Int32) -> String? {
      bytes(column).map { String(decoding: $0, as: UTF8.self) }
    }
  }
}

extension SQLiteFile {
  /// Opens a file of an archive; one that lies packed within is copied to a temporary file first.
  ///
  /// SQLite opens names alone, so that the copy has one, for its owner only, until it is open.
  convenience init(
    _ tree: ArchiveTree,
    _ member: ArchiveTree.Member,
    zipLimits: ZipLimits,
    limit: Int
  ) throws(SourceFault) {
    if let path = tree.filePath(member) {
      try self.init(path: path, limit: limit)
      return
    }
    let source = try tree.open(member)
    guard let files = try? SpooledFiles(source, name: member.name, limits: zipLimits) else {
      throw SourceFault(reason: .limit, detail: "the temporary file cannot be written")
    }
    if let fault = files.faults.first { throw fault }
    let folder = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
    let name = "\(folder)/vigie-\(String(UInt64.random(in: .min ... .max), radix: 36))"
    guard unsafe linkat(AT_FDCWD, files.file.systemPath, AT_FDCWD, name, AT_SYMLINK_FOLLOW) == 0
    else {
      throw SourceFault(reason: .limit, detail: "the temporary file cannot be given a name")
    }
    defer { unsafe unlink(name) }
    try self.init(path: name, limit: limit)
  }
}

import GRDB
import Glibc

/// What the files of all stores have in common: of this user alone, and failures in words.
enum StoreFile {
  /// Makes the file where it is missing; refuses one that is no file of this user alone.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - isNew: Whether a missing file is made.
  /// - Throws: ``StoreFailure`` with what is wrong with it.
  static func makePrivate(_ path: String, isNew: Bool = true) throws(StoreFailure) {
    let descriptor = unsafe open(
      path,
      O_RDWR | (isNew ? O_CREAT : 0) | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC,
      0o600
    )
    guard descriptor >= 0 else {
      let isMissing = errno == ENOENT && !isNew
      throw StoreFailure(
        path: path,
        reason: "cannot be opened: \(unsafe String(cString: strerror(errno)).lowercased())",
        mend: isMissing
          ? "check the path; 'vigie scan ARCHIVE --store FILE' makes a store"
          : "name a file in a directory that exists and that this user may write to; no link"
      )
    }
    var status = stat()
    let isRead = unsafe fstat(descriptor, &status) == 0
    Glibc.close(descriptor)
    guard isRead, status.st_mode & S_IFMT == S_IFREG, status.st_uid == geteuid() else {
      throw StoreFailure(
        path: path,
        reason: "is not a regular file of this user",
        mend: "name another file"
      )
    }
    // A scan that has just begun keeps all of it in the log beside the file.
    var log = stat()
    let isBegun = unsafe stat(path + "-wal", &log) == 0 && log.st_size > 0
    guard isNew || status.st_size > 0 || isBegun else {
      throw StoreFailure(
        path: path,
        reason: "is empty: no scan was kept in it, or what it kept is gone",
        mend: "check the path; 'vigie scan ARCHIVE --store FILE' makes a store"
      )
    }
    guard status.st_mode & 0o077 == 0 else {
      throw StoreFailure(
        path: path,
        reason: "can be read or written by others",
        mend: "set its mode to 0600 (chmod 600)"
      )
    }
  }

  /// Brings a file to the tables of this version.
  ///
  /// Two processes that open a new file at once both make its tables: what the other was quicker with fails here, and is
  /// there when it is looked at again.
  ///
  /// - Parameters:
  ///   - pool: The file.
  ///   - migrator: What makes the tables.
  /// - Throws: `DatabaseError` where they cannot be made, and nobody else makes them.
  static func migrate(_ pool: DatabasePool, by migrator: DatabaseMigrator) throws {
    while true {
      let made = try pool.read(migrator.appliedIdentifiers)
      do {
        return try migrator.migrate(pool)
      } catch let error as DatabaseError
        where [.SQLITE_ERROR, .SQLITE_CONSTRAINT].contains(error.resultCode)
      {
        guard try pool.read(migrator.appliedIdentifiers) != made else { throw error }
      }
    }
  }

  /// What went wrong in SQLite, without any value that was to be written.
  static func failure(
    _ error: any Error,
    _ path: String,
    ifDamaged damaged: StoreFailure
  ) -> StoreFailure {
    if let failure = error as? StoreFailure { return failure }
    // A value of another type than this version writes: somebody else wrote it.
    if error is RowDecodingError { return damaged }
    guard let error = error as? DatabaseError else {
      return StoreFailure(path: path, reason: "cannot be used", mend: "see what else is wrong")
    }
    let (reason, mend): (String, String)
    switch error.resultCode {
    case .SQLITE_CORRUPT, .SQLITE_NOTADB: return damaged
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      (reason, mend) = ("is locked by another process", "see which (fuser FILE)")
    case .SQLITE_FULL:
      (reason, mend) = ("cannot grow", "make room on the disk, or allow more bytes")
    case .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM:
      (reason, mend) = ("cannot be written", "check who may write to the file and its directory")
    default:
      (reason, mend) = (
        "cannot be used (SQLite \(error.extendedResultCode.rawValue))", "check the disk"
      )
    }
    return StoreFailure(path: path, reason: reason, mend: mend)
  }

  /// The failure of a file that a later version has made.
  static func superseded(_ path: String, mend: String) -> StoreFailure {
    StoreFailure(path: path, reason: "was made by a later version", mend: mend)
  }

  /// Milliseconds since 1970, by the clock of the machine.
  static var now: Int {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Int(time.tv_sec) * 1_000 + Int(time.tv_nsec) / 1_000_000
  }
}

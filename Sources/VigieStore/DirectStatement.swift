import GRDB
import GRDBSQLite

/// A prepared statement that is bound, run and read value by value.
///
/// For rows by the hundred thousand: GRDB boxes every value and checks every call, which costs some ten times
/// what SQLite does with it. The statement is GRDB's, from the cache of its connection, which ends it; errors are
/// GRDB's too. Parameters count from 1, columns from 0, as SQLite counts them.
struct DirectStatement {
  private let statement: Statement

  /// The statement of a text, which is prepared once on each connection.
  init(_ database: Database, _ sql: String) throws {
    statement = try database.cachedStatement(sql: sql)
    unsafe sqlite3_reset(statement.sqliteStatement)
  }

  func bind(_ value: Int64?, at index: CInt) throws {
    if let value {
      try check(unsafe sqlite3_bind_int64(statement.sqliteStatement, index, value))
    } else {
      try check(unsafe sqlite3_bind_null(statement.sqliteStatement, index))
    }
  }

  func bind(_ text: String?, at index: CInt) throws {
    guard let text else { return try bind(nil as Int64?, at: index) }
    let count = text.utf8.count
    try check(
      unsafe text.withCString { start in
        unsafe sqlite3_bind_text(
          statement.sqliteStatement,
          index,
          start,
          CInt(clamping: count),
          DirectStatement.copying
        )
      }
    )
  }

  func bind(_ bytes: [UInt8], at index: CInt) throws {
    try check(
      unsafe bytes.withUnsafeBytes { buffer in
        unsafe sqlite3_bind_blob64(
          statement.sqliteStatement,
          index,
          buffer.baseAddress,
          UInt64(buffer.count),
          DirectStatement.copying
        )
      }
    )
  }

  /// Runs a statement that gives no rows.
  ///
  /// - Returns: The rows it changed.
  @discardableResult
  func run() throws -> Int {
    let handle = unsafe statement.sqliteStatement
    let code = unsafe sqlite3_step(handle)
    let count = unsafe sqlite3_changes(sqlite3_db_handle(handle))
    unsafe sqlite3_reset(handle)
    guard code == SQLITE_DONE else { throw DirectStatement.error(code) }
    return Int(count)
  }

  /// Goes to the next row; after the last one, and after an error, the statement may be run again.
  func next() throws -> Bool {
    let code = unsafe sqlite3_step(statement.sqliteStatement)
    if code == SQLITE_ROW { return true }
    unsafe sqlite3_reset(statement.sqliteStatement)
    guard code == SQLITE_DONE else { throw DirectStatement.error(code) }
    return false
  }

  /// Lets go of the rows that were not read.
  func reset() { unsafe sqlite3_reset(statement.sqliteStatement) }

  /// A number of the row; 0 where it is `NULL`.
  func number(_ column: CInt) -> Int64 {
    unsafe sqlite3_column_int64(statement.sqliteStatement, column)
  }

  /// A number of the row, or `nil` where it is `NULL`.
  func optionalNumber(_ column: CInt) -> Int64? {
    let isNull = unsafe sqlite3_column_type(statement.sqliteStatement, column) == SQLITE_NULL
    return isNull ? nil : number(column)
  }

  /// A text of the row, or `nil` where it is `NULL`.
  func text(_ column: CInt) -> String? {
    let handle = unsafe statement.sqliteStatement
    guard let start = unsafe sqlite3_column_text(handle, column) else { return nil }
    let count = unsafe Int(sqlite3_column_bytes(handle, column))
    return unsafe String(
      decoding: UnsafeBufferPointer(start: start, count: count),
      as: UTF8.self
    )
  }

  /// The bytes of the row, which are empty where it is `NULL`.
  func bytes(_ column: CInt) -> [UInt8] {
    let handle = unsafe statement.sqliteStatement
    guard let start = unsafe sqlite3_column_blob(handle, column) else { return [] }
    let count = unsafe Int(sqlite3_column_bytes(handle, column))
    return unsafe Array(UnsafeRawBufferPointer(start: start, count: count))
  }

  /// That SQLite copies what is bound.
  ///
  /// *Source:* sqlite3.h, `SQLITE_TRANSIENT`.
  private static var copying: sqlite3_destructor_type {
    unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self)
  }

  private func check(_ code: CInt) throws {
    guard code == SQLITE_OK else { throw DirectStatement.error(code) }
  }

  private static func error(_ code: CInt) -> DatabaseError {
    DatabaseError(resultCode: ResultCode(rawValue: code))
  }
}

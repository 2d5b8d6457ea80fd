import Foundation
import GRDB
import TestSupport
import Testing
import VigieCore
import VigieReports
import VigieStore

/// Whoever may write a file may write anything.
///
/// What reads a store says that it is damaged, or reads on; it never ends the process.
@Suite("Stores that somebody else wrote")
struct TamperedStoreTests {
  /// Values that no column holds as this version writes it.
  private static let values = [
    "'words'", "x'00ff'", "-1", "9223372036854775807", "-9223372036854775808", "1.5e300", "NULL",
  ]

  @Test("end no process, whichever column holds whatever")
  func everyColumn() throws {
    let fixture = try ScanFixture()
    var store = try ScanStore(path: fixture.path)
    let run = try ScanFixture.record(EventBlockTests.events(120), in: store).run
    var items: [Int64] = []
    try store.forEachItem(matching: FindingFilter()) { item, _ in items.append(item.id) }
    try store.decide(Decision(state: .confirmed, who: "anne", why: "so it is"), on: items)
    try store.close()
    let whole = try Data(contentsOf: URL(fileURLWithPath: fixture.path))
    let columns = try DatabaseQueue(path: fixture.path).read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT m.name AS name, p.name AS field FROM sqlite_schema AS m, pragma_table_info(m.name) AS p
          WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' AND m.name NOT LIKE 'grdb%'
          """
      ).map { (table: $0["name"] as String, column: $0["field"] as String) }
    }
    #expect(columns.count > 40)
    var refusedCount = 0
    for (table, column) in columns {
      for value in TamperedStoreTests.values {
        // A file of its own each: what was refused may still be open.
        let path = "\(fixture.directory.path)/\(UUID()).sqlite"
        defer { removeStore(path) }
        try whole.write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        let writer = try DatabaseQueue(path: path)
        // Checks and types of columns bind nobody who opens the file with a tool of his own.
        let isWritten = try writer.writeWithoutTransaction { database in
          try database.execute(
            sql: "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON"
          )
          return
            (try? database.execute(
              sql: "UPDATE \(table) SET \(column) = \(value)"
            )) != nil
        }
        try writer.close()
        guard isWritten else { continue }
        do {
          store = try ScanStore(path: path)
          try read(store, run)
          try store.close()
        } catch let failure as StoreFailure {
          refusedCount += 1
          #expect(!failure.reason.contains("SQLite"), "\(table).\(column) = \(value): \(failure)")
        }
      }
    }
    #expect(refusedCount > 20)
  }

  private func removeStore(_ path: String) {
    for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + end) }
  }

  /// Does with a store what commands do with it.
  private func read(_ store: ScanStore, _ run: StoredRun) throws {
    func trying(_ body: () throws -> Void) throws {
      do { try body() } catch let failure as StoreFailure { first = first ?? failure }
    }
    var first: StoreFailure?
    try trying { _ = try store.runs() }
    try trying { _ = try store.latestUnendedRun() }
    try trying { _ = try store.keyIDs() }
    try trying { try store.forEachEvent(of: run) { _ in } }
    try trying { _ = try store.messages(of: "message-7", in: run) }
    try trying { _ = try store.recollection(of: [run.id]) }
    try trying {
      try store.forEachItem(matching: FindingFilter()) { _, places in try places.forEach { _ in } }
    }
    try trying { try store.forEachRedaction(of: FindingFilter()) { _ in } }
    try trying { _ = try ScanFixture.record([], in: store) }
    try trying { _ = try store.purge(before: .max) }
    if let first { throw first }
  }

  @Test("of media end no process")
  func media() throws {
    let fixture = try ScanFixture()
    let path = fixture.directory.path + "/media.sqlite"
    var store = try MediaStore(path: path)
    try store.keep(
      MediaInspection(basis: "basis"),
      of: "mxc://x/1",
      content: "digest",
      byteCount: 3
    )
    try store.close()
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    for column in ["inspection.basis", "inspection.contents", "inspection.kept", "media.seen"] {
      for value in TamperedStoreTests.values {
        let path = "\(fixture.directory.path)/\(UUID()).sqlite"
        defer { removeStore(path) }
        try whole.write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        let parts = column.split(separator: ".")
        let writer = try DatabaseQueue(path: path)
        let isWritten = try writer.write {
          (try? $0.execute(sql: "UPDATE \(parts[0]) SET \(parts[1]) = \(value)")) != nil
        }
        try writer.close()
        guard isWritten else { continue }
        do {
          store = try MediaStore(path: path)
          _ = try store.inspection(of: "mxc://x/1", on: "basis")
          _ = try store.inspection(ofContent: "digest", as: "mxc://x/2", on: "basis")
          try store.close()
        } catch let failure as StoreFailure {
          #expect(!failure.reason.contains("SQLite"), "\(column) = \(value): \(failure)")
        }
      }
    }
  }
}

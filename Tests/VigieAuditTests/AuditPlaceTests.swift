import Foundation
import Glibc
import TestSupport
import Testing
import VigieAudit

@Suite("Directory of an audit log")
struct AuditPlaceTests {
  private let directory: TemporaryDirectory
  private var path: String { directory.path + "/audit" }
  private let options = AuditOptions(syncInterval: .milliseconds(5))

  init() throws { directory = try TemporaryDirectory() }

  private func event(_ number: Int) -> AuditEvent {
    .replaced(before: "sha256:\(number - 1)", now: "sha256:\(number)")
  }

  /// Waits for what the log finds out by itself.
  private func eventually(_ holds: () -> Bool) -> Bool {
    for _ in 0..<4_000 {
      if holds() { return true }
      usleep(5_000)
    }
    return false
  }

  private func move(_ from: String, _ to: String) throws {
    try FileManager.default.moveItem(atPath: from, toPath: to)
  }

  /// Has two names change places at once, so that the log never finds one of them free.
  private func exchange(_ one: String, _ other: String) throws {
    typealias Rename =
      @convention(c) (
        CInt, UnsafePointer<CChar>, CInt, UnsafePointer<CChar>, CUnsignedInt
      ) -> CInt
    // The library has it, its module map does not.
    let symbol = unsafe try #require(dlsym(nil, "renameat2"))
    let rename = unsafe unsafeBitCast(symbol, to: Rename.self)
    // RENAME_EXCHANGE of linux/fs.h, a macro with a shift.
    let code = unsafe rename(AT_FDCWD, one, AT_FDCWD, other, 1 << 1)
    #expect(code == 0)
  }

  @Test("a directory that was moved away is made again, and both together are one chain")
  func moved() throws {
    let away = directory.path + "/away"
    let log = try AuditLog(directory: path, options: options)
    for number in 1...3 { log.record(event(number)) }
    try move(path, away)
    #expect(eventually { log.displacedCount == 1 && !log.isDisplaced })
    for number in 4...5 { log.record(event(number)) }
    #expect(log.head.number == 5 && log.lostCount == 0 && log.trouble == nil)
    // Nobody else takes the log in its new place.
    #expect(throws: AuditFailure.self) { try AuditLog(directory: path) }
    #expect(try AuditVerification(of: away).head.number == 3)
    #expect(try AuditVerification(of: path).firstBreak?.reason.contains("1 to 3") == true)
    let name = "/audit-000000000001.jsonl"
    try move(away + name, path + name)
    let verification = try AuditVerification(of: path, holding: log.head)
    #expect(verification.firstBreak == nil && verification.entryCount == 5)
  }

  @Test("a file in use that was deleted is found missing, and the next entry begins another")
  func deletedFile() throws {
    let log = try AuditLog(directory: path, options: options)
    log.record(event(1))
    try FileManager.default.removeItem(atPath: path + "/audit-000000000001.jsonl")
    #expect(eventually { log.displacedCount == 1 && !log.isDisplaced })
    log.record(event(2))
    #expect(log.head.number == 2)
    #expect(FileManager.default.fileExists(atPath: path + "/audit-000000000002.jsonl"))
    #expect(try AuditVerification(of: path).firstBreak?.reason.contains("entry 1 is") == true)
  }

  @Test("a lock that was deleted is made again")
  func deletedLock() throws {
    let log = try AuditLog(directory: path, options: options)
    log.record(event(1))
    try FileManager.default.removeItem(atPath: path + "/lock")
    #expect(eventually { log.displacedCount == 1 && !log.isDisplaced })
    #expect(throws: AuditFailure.self) { try AuditLog(directory: path) }
    log.record(event(2))
    #expect(try AuditVerification(of: path).firstBreak == nil)
  }

  @Test(
    "another log in its place is left alone until it goes; what was lost meanwhile is owned up to"
  )
  func another() throws {
    let other = directory.path + "/other"
    do {
      let log = try AuditLog(directory: other, options: options)
      log.record(event(7))
    }
    let log = try AuditLog(directory: path, options: options)
    log.record(event(1))
    try exchange(path, other)
    #expect(eventually { log.isDisplaced })
    #expect(log.trouble == "another log lies there")
    log.record(event(2))
    #expect(log.lostCount == 1)
    #expect(try AuditVerification(of: path).head.number == 1)
    try exchange(path, other)
    #expect(eventually { !log.isDisplaced })
    log.record(event(3))
    #expect(log.lostCount == 0 && log.trouble == nil)
    let verification = try AuditVerification(of: path, holding: log.head)
    #expect(verification.firstBreak == nil)
    #expect(verification.notes.contains { $0.contains("1 event lost before it") })
  }
}

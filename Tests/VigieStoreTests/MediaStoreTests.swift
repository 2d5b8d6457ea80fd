import Foundation
import GRDB
import TestSupport
import Testing
import VigieCore
import VigieStore

/// A finding with something in every member.
private let finding = Finding(
  rule: "fr.diffusion-restreinte",
  scheme: "fr",
  level: .restricted,
  usage: .mentioned,
  confidence: 0.1 + 0.2,
  caveats: ["special-france", "é"],
  disguise: [.letterSpacing, .misspelt],
  place: Place(part: .attachment(0), path: ["a.zip", "b.docx"], role: .header, location: "page 3"),
  range: 4..<26,
  line: 2,
  column: 5,
  masked: "D… R…",
  fingerprint: "00ff",
  evidence: [Evidence(name: "own-line", weight: -1.0 / 3), Evidence(name: "usage:x", weight: 2)]
)
private let gap = Gap(
  place: Place(part: .attachment(0), role: .bodyText),
  reason: .encrypted,
  detail: "an \"entry\""
)

private func inspection(_ basis: String = "now", _ rule: String = "r") -> MediaInspection {
  var finding = finding
  finding.rule = rule
  return MediaInspection(basis: basis, findings: [finding], gaps: [gap])
}

/// A digest for a number.
private func digest(_ number: Int) -> String {
  let digits = String(number, radix: 16)
  return String(repeating: "0", count: 64 - digits.count) + digits
}

@Suite("Media store")
struct MediaStoreTests {
  private let directory: TemporaryDirectory
  private var path: String { directory.path + "/media.sqlite" }

  init() throws { directory = try TemporaryDirectory() }

  @Test("gives back what it was given, after it was closed too")
  func roundTrip() throws {
    let plain = Finding(
      rule: "r",
      scheme: "s",
      level: .topSecret,
      usage: .applied,
      confidence: 1,
      place: Place(part: .attachment(0), role: .ocr),
      range: 0..<0,
      line: 1,
      column: 1,
      masked: ""
    )
    let kept = MediaInspection(basis: "now", findings: [finding, plain], gaps: [gap])
    do {
      let store = try MediaStore(path: path)
      #expect(try store.inspection(of: "mxc://x/1", on: "now") == nil)
      try store.keep(kept, of: "mxc://x/1", content: digest(1), byteCount: 7)
      #expect(try store.inspection(of: "mxc://x/1", on: "now") == kept)
      try store.close()
      #expect(throws: MediaStoreFailure.self) { try store.inspection(of: "mxc://x/1", on: "now") }
    }
    let store = try MediaStore(path: path)
    #expect(try store.inspection(of: "mxc://x/1", on: "now") == kept)
    let empty = MediaInspection(basis: "now")
    try store.keep(empty, of: "mxc://x/2", content: digest(2), byteCount: 0)
    #expect(try store.inspection(of: "mxc://x/2", on: "now") == empty)
  }

  @Test("the file and those beside it are of this user alone; others are refused")
  func mode() throws {
    let store = try MediaStore(path: path)
    try store.keep(inspection(), of: "a", content: digest(1), byteCount: 1)
    let names = try FileManager.default.contentsOfDirectory(atPath: directory.path)
    #expect(Set(names).isSuperset(of: ["media.sqlite", "media.sqlite-wal"]))
    for name in names {
      let attributes = try FileManager.default.attributesOfItem(atPath: directory.path + "/" + name)
      #expect((attributes[.posixPermissions] as? Int) == 0o600, "\(name)")
    }
    try store.close()
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
    let failure = #expect(throws: MediaStoreFailure.self) { try MediaStore(path: path) }
    #expect(failure?.reason == "can be read or written by others")
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    try FileManager.default.createSymbolicLink(
      atPath: directory.path + "/link",
      withDestinationPath: path
    )
    #expect(throws: MediaStoreFailure.self) { try MediaStore(path: directory.path + "/link") }
    #expect(throws: MediaStoreFailure.self) { try MediaStore(path: directory.path) }
    #expect(throws: MediaStoreFailure.self) { try MediaStore(path: directory.path + "/no/where") }
  }

  @Test("the same bytes are known under another id, on the same basis only")
  func content() throws {
    let store = try MediaStore(path: path)
    try store.keep(inspection("old"), of: "a", content: digest(1), byteCount: 1)
    #expect(try store.inspection(ofContent: digest(1), as: "b", on: "new") == nil)
    #expect(try store.inspection(of: "b", on: "old") == nil)
    #expect(try store.inspection(ofContent: digest(2), as: "b", on: "old") == nil)
    #expect(try store.inspection(ofContent: digest(1), as: "b", on: "old") == inspection("old"))
    #expect(try store.inspection(of: "b", on: "old") == inspection("old"))
    // An id that is used for other bytes after all names those.
    try store.keep(inspection("old", "other"), of: "b", content: digest(2), byteCount: 1)
    #expect(try store.inspection(of: "b", on: "old") == inspection("old", "other"))
    #expect(try store.inspection(of: "a", on: "old") == inspection("old"))
  }

  @Test("the basis in use comes first, else the latest; those before it go")
  func bases() throws {
    let store = try MediaStore(path: path)
    for basis in ["1", "2", "3"] {
      try store.keep(inspection(basis), of: "a", content: digest(1), byteCount: 1)
    }
    #expect(try store.inspection(of: "a", on: "2")?.basis == "2")
    #expect(try store.inspection(of: "a", on: "3")?.basis == "3")
    #expect(try store.inspection(of: "a", on: "1")?.basis == "3")
    try store.keep(inspection("2", "again"), of: "a", content: digest(1), byteCount: 1)
    #expect(try store.inspection(of: "a", on: "2") == inspection("2", "again"))
    #expect(try store.inspection(of: "a", on: "4")?.basis == "2")
  }

  @Test("a gap that passes with time is not kept", arguments: GapReason.allCases)
  func transient(reason: GapReason) throws {
    let store = try MediaStore(path: path)
    let gap = Gap(place: gap.place, reason: reason, detail: "d")
    let kept = MediaInspection(basis: "now", findings: [finding], gaps: [gap])
    try store.keep(kept, of: "a", content: digest(1), byteCount: 1)
    let isTransient = [.timeout, .workerDied, .missing].contains(reason)
    #expect(try store.inspection(of: "a", on: "now") == (isTransient ? nil : kept))
  }

  @Test("keeps no more uploads than it may; those that nobody asked for go first")
  func bound() throws {
    let store = try MediaStore(path: path, maxCount: 16)
    for number in 0..<100 {
      try store.keep(inspection(), of: "\(number)", content: digest(number), byteCount: 1)
      #expect(try store.count() <= 16)
      // Somebody posts the first one now and then.
      #expect(try store.inspection(of: "0", on: "now") != nil, "\(number)")
    }
    #expect(try store.count() == 16)
    #expect(try store.inspection(of: "99", on: "now") != nil)
    #expect(try store.inspection(of: "50", on: "now") == nil)
    // With the last upload of some bytes goes what was found in them.
    #expect(try store.inspection(ofContent: digest(50), as: "x", on: "now") == nil)
    let raw = try DatabaseQueue(path: path)
    #expect(try raw.read { try Int.fetchOne($0, sql: "SELECT COUNT(*) FROM inspection") } == 16)
  }

  @Test("a bound that is looked at once in a while holds as well")
  func slack() throws {
    let store = try MediaStore(path: path, maxCount: 128)
    for number in 0..<300 {
      try store.keep(inspection(), of: "\(number)", content: digest(number), byteCount: 1)
    }
    #expect((124...128).contains(try store.count()))
    #expect(try store.inspection(of: "299", on: "now") != nil)
  }

  @Test("a file that may not grow makes room, and goes on")
  func full() throws {
    let store = try MediaStore(path: path, maxByteCount: 1 << 18)
    let many = MediaInspection(
      basis: "now",
      findings: Array(repeating: finding, count: 20),
      gaps: [gap]
    )
    for number in 0..<200 {
      try store.keep(many, of: "\(number)", content: digest(number), byteCount: 1)
    }
    #expect(try store.inspection(of: "199", on: "now") == many)
    #expect(try store.inspection(of: "0", on: "now") == nil)
    #expect((1..<100).contains(try store.count()))
    // What can never fit is an error, and leaves the rest alone.
    let huge = MediaInspection(basis: "now", findings: Array(repeating: finding, count: 2_000))
    let failure = #expect(throws: MediaStoreFailure.self) {
      try store.keep(huge, of: "huge", content: digest(1_000), byteCount: 1)
    }
    #expect(failure?.reason == "cannot grow")
    #expect(try store.inspection(of: "huge", on: "now") == nil)
    #expect(try store.inspection(of: "199", on: "now") == many)
    try store.close()
    let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
    #expect(try #require(size) <= 1 << 18)
  }

  @Test("what another process holds is an error for who writes, not for who reads")
  func locked() throws {
    let store = try MediaStore(path: path)
    try store.keep(inspection(), of: "a", content: digest(1), byteCount: 1)
    let other = try DatabaseQueue(path: path)
    try other.writeWithoutTransaction { database in
      try database.execute(sql: "BEGIN IMMEDIATE")
      let failure = #expect(throws: MediaStoreFailure.self) {
        try store.keep(inspection(), of: "b", content: digest(2), byteCount: 1)
      }
      #expect(failure?.reason == "is locked by another process")
      #expect(try store.inspection(of: "a", on: "now") == inspection())
      try database.execute(sql: "ROLLBACK")
    }
    try store.keep(inspection(), of: "b", content: digest(2), byteCount: 1)
  }

  @Test("what a killed process wrote is there; what it did not finish is not")
  func killed() throws {
    let store = try MediaStore(path: path)
    for number in 0..<50 {
      try store.keep(inspection(), of: "\(number)", content: digest(number), byteCount: 1)
    }
    // The files as a process that is killed now would leave them, the last write cut short.
    let left = try TemporaryDirectory()
    for suffix in ["", "-wal"] {
      let bytes = try Data(contentsOf: URL(fileURLWithPath: path + suffix))
      let file = left.path + "/media.sqlite" + suffix
      try (suffix.isEmpty ? bytes : bytes.dropLast(100)).write(to: URL(fileURLWithPath: file))
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
    }
    let found = try MediaStore(path: left.path + "/media.sqlite")
    let count = try found.count()
    #expect(count == 49)
    for number in 0..<count {
      #expect(try found.inspection(of: "\(number)", on: "now") == inspection())
    }
    try found.keep(inspection(), of: "next", content: digest(99), byteCount: 1)
    #expect(try found.inspection(of: "next", on: "now") == inspection())
  }

  @Test("a damaged file is an error when it is opened, and when it is used")
  func damaged() throws {
    let text = try directory.write("text", "this is no database, but a text of some length\n")
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: text)
    let failure = #expect(throws: MediaStoreFailure.self) { try MediaStore(path: text) }
    #expect(failure?.reason == "is damaged, or no store of media")
    do {
      let store = try MediaStore(path: path)
      for number in 0..<50 {
        try store.keep(inspection(), of: "\(number)", content: digest(number), byteCount: 1)
      }
      try store.close()
    }
    let store = try MediaStore(path: path)
    // All but the first page, under the feet of the open store.
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    for index in 4096..<bytes.count { bytes[index] = 0xFF }
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try handle.write(contentsOf: bytes)
    try handle.close()
    #expect(throws: MediaStoreFailure.self) { try store.inspection(of: "3", on: "now") }
    #expect(throws: MediaStoreFailure.self) {
      for number in 100..<200 {
        try store.keep(inspection(), of: "\(number)", content: digest(number), byteCount: 1)
      }
    }
  }

  @Test("contents that were tampered with are an error, not a clean file")
  func tampered() throws {
    let store = try MediaStore(path: path)
    try store.keep(inspection(), of: "a", content: digest(1), byteCount: 1)
    let raw = try DatabaseQueue(path: path)
    for contents in [
      "", "{", "{}", #"{"findings":[{}],"gaps":[]}"#, #"{"findings":[],"gaps":[7]}"#,
      inspection().json.replacingOccurrences(of: #""start":4"#, with: #""start":-4"#),
      inspection().json.replacingOccurrences(of: #""end":26"#, with: #""end":3"#),
      inspection().json.replacingOccurrences(of: "restricted", with: "harmless"),
    ] {
      try raw.write {
        try $0.execute(sql: "UPDATE inspection SET contents = ?", arguments: [contents])
      }
      #expect(throws: MediaStoreFailure.self) { try store.inspection(of: "a", on: "now") }
    }
  }

  @Test("a file of a later version is refused")
  func later() throws {
    try MediaStore(path: path).close()
    do {
      let raw = try DatabaseQueue(path: path)
      try raw.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('9')") }
      try raw.close()
    }
    let failure = #expect(throws: MediaStoreFailure.self) { try MediaStore(path: path) }
    #expect(failure?.reason == "was made by a later version")
  }
}

import Glibc
import TestSupport
import Testing
import VigieDocuments

@Suite("Copies of files")
struct FileCopyTests {
  private func bytes(_ content: Spool.Content) -> [UInt8] {
    switch content {
    case .bytes(let bytes): bytes
    case .file(let file): unsafe file.withBytes { unsafe Array($0) }
    }
  }

  @Test("hold what the file held, in memory or not, whatever becomes of it afterwards")
  func whole() throws {
    let directory = try TemporaryDirectory()
    let counts = [0, 1, Spool.memoryByteCount - 1, Spool.memoryByteCount + 70_000]
    for count in counts {
      let wanted = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
      let path = try directory.write("a", wanted)
      let copy = try Spool.copy(of: path, limit: .max)
      unsafe truncate(path, 0)
      #expect(copy.isWhole)
      #expect(bytes(copy.content) == wanted)
    }
  }

  @Test("a mapped file that becomes shorter reads as zeros from there on, and says so")
  func cut() throws {
    CutPages.survive()
    let directory = try TemporaryDirectory()
    let path = try directory.write("a", [UInt8](repeating: 7, count: 1 << 20))
    let whole = try MappedFile(path: path, limit: .max)
    let kept = try MappedFile(path: path, limit: .max, keepsDescriptor: true)
    #expect(!kept.isCut)
    let file = try MappedFile(path: path, limit: .max)
    unsafe truncate(path, 4096)
    let sum = unsafe file.withBytes { unsafe $0.reduce(0) { $0 + Int($1) } }
    #expect(sum == 7 * 4096)
    #expect(file.isCut)
    // Nobody touched what is gone of it.
    let first = unsafe whole.withBytes { unsafe $0[0] }
    #expect(first == 7)
    #expect(!whole.isCut)
    // Of an open file it is known all the same.
    #expect(kept.isCut)
  }

  @Test("a file that holds more than its size says is not an empty one")
  func unsized() throws {
    do {
      _ = try MappedFile(path: "/proc/self/status", limit: .max)
      Issue.record("it was taken for empty")
    } catch {
      #expect(error == .unreadable("it holds more than its size says"))
    }
  }

  @Test("end at the limit, and say so")
  func limits() throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write("a", "twelve bytes")
    for limit in [0, 6, 11] {
      let copy = try Spool.copy(of: path, limit: limit)
      #expect(!copy.isWhole)
      #expect(bytes(copy.content) == Array("twelve bytes".utf8.prefix(limit)))
    }
    #expect(try Spool.copy(of: path, limit: 12).isWhole)
  }

  @Test("are not made of what is missing or no file, and nobody waits for a pipe")
  func failures() throws {
    let directory = try TemporaryDirectory()
    let pipe = directory.path + "/pipe"
    #expect(unsafe mkfifo(pipe, 0o600) == 0)
    let cases: [(String, MappedFile.Failure)] = [
      (directory.path + "/gone", .missing), ("", .missing), (directory.path, .notRegular),
      (pipe, .notRegular), ("/dev/zero", .notRegular),
    ]
    for (path, failure) in cases {
      #expect(throws: failure, "\(path)") { _ = try Spool.copy(of: path, limit: .max) }
    }
  }
}

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

import Glibc
import VigieCore
import VigieDocuments
import VigieSandbox
import VigieWorkers

/// What it costs to read a document in a process of its own.
///
/// Prints one line `documents NAME p50 p90 p99` each, microseconds:
///
/// - `start`: from nothing to the first answer of a worker.
/// - `answer`: there and back with 64 KiB in a file, no process for the document; `copied` where they lie
///   in memory.
/// - `process`: the same with a process for the document; `again` where the bytes were read before.
/// - `killed`: a document whose reader is killed for a forbidden system call.
/// - `file`: each file named, if any, read in turn.
enum Documents {
  private static let rounds = 2_000

  static func run(_ paths: [String]) throws {
    let line = Array("abcdefghijklmnopqrstuvwxyz abcdefghijklmnopqrstuvwxyz 012345678\n".utf8)
    let text = [UInt8](repeatElement(line, count: 1_024).joined())
    let limits = DocumentLimits()
    let place = Place(part: .attachment(0), role: .bodyText)
    func workers(cacheByteCount: Int = 0) -> ParseWorkers {
      var configuration = ParseWorkers.Configuration.ofEnvironment
      configuration.cacheByteCount = cacheByteCount
      return ParseWorkers(configuration)
    }
    func extract(_ bytes: [UInt8], by workers: ParseWorkers) -> Bool {
      unsafe bytes.withUnsafeBytes { bytes in
        unsafe workers.extract(bytes, at: place, limits: limits).gaps.isEmpty
      }
    }
    try report("start", rounds: 50) { _ = try workers().readiness() }
    let pool = workers()
    _ = extract(text, by: pool)
    let file = try temporaryFile(holding: text)
    try report("answer", rounds: rounds) {
      try unsafe file.withBytes { try unsafe pool.answer($0, of: file) }
    }
    try report("copied", rounds: rounds) {
      try unsafe text.withUnsafeBytes { try unsafe pool.answer($0) }
    }
    try report("process", rounds: rounds) { _ = extract(text, by: pool) }
    let caching = workers(cacheByteCount: 32 << 20)
    try report("again", rounds: rounds) { _ = extract(text, by: caching) }
    try report("killed", rounds: 200) { _ = try pool.attempt(.exec, limits: limits) }
    for path in paths {
      guard let bytes = contents(of: path) else { continue }
      try report("file \(path)", rounds: 20) { _ = extract(bytes, by: pool) }
    }
  }

  private static func report(_ name: String, rounds: Int, _ body: () throws -> Void) throws {
    var times: [UInt64] = []
    for _ in 0..<rounds {
      let start = Clock.wall()
      try body()
      times.append(Clock.wall() &- start)
    }
    times.sort()
    let shares = [0.5, 0.9, 0.99].map { Double(times[Int(Double(times.count - 1) * $0)]) / 1_000 }
    print("documents", name, shares.map { "\(($0 * 10).rounded() / 10)" }.joined(separator: " "))
  }

  private static func temporaryFile(holding bytes: [UInt8]) throws -> MappedFile {
    let number = try unsafe bytes.withUnsafeBytes { bytes in
      try unsafe Descriptor.memoryFile("vigie-bench", holding: bytes).release()
    }
    defer { close(number) }
    return try MappedFile(descriptor: number, limit: .max, keepsDescriptor: true)
  }

  private static func contents(of path: String) -> [UInt8]? {
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    let count = Int(lseek(file, 0, SEEK_END))
    return unsafe [UInt8](unsafeUninitializedCapacity: max(0, count)) { buffer, filled in
      filled = max(0, unsafe pread(file, buffer.baseAddress, buffer.count, 0))
    }
  }
}

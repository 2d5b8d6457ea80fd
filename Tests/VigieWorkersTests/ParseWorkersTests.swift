import Foundation
import Testing
import VigieCore
import VigieDocuments
import VigieSandbox
@testable import VigieWorkers

/// A built program, beside the tests.
func built(_ name: String) -> String {
  let tests = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
  return tests.deletingLastPathComponent().appendingPathComponent(name).path
}

/// The built worker.
let workerProgram = built("vigie-parse-worker")
/// The built reader of pictures.
let pictureProgram = built("vigie-ocr-worker")

/// Workers of the built program; without a cache, so that each document is read.
func makeWorkers(
  _ count: Int = 2,
  program: String = workerProgram,
  pictureProgram: String = pictureProgram,
  cacheByteCount: Int = 0
) -> ParseWorkers {
  ParseWorkers(
    ParseWorkers.Configuration(
      program: program,
      pictureProgram: pictureProgram,
      maxWorkerCount: count,
      cacheByteCount: cacheByteCount
    )
  )
}

/// A copy of the worker under a name of its own, whose processes no other test has.
final class OwnProgram {
  /// The path of the copy.
  let path: String
  private let name: String

  init() throws {
    // The kernel keeps fifteen letters of a name.
    name = "vw-\(UInt32.random(in: 0...(.max)))"
    path = NSTemporaryDirectory() + "/" + name
    try FileManager.default.copyItem(atPath: workerProgram, toPath: path)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Its processes that this one started.
  var children: Set<pid_t> {
    let own = "\(getpid())"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return Set(
      names.compactMap { number -> pid_t? in
        guard let process = pid_t(number),
          let status = try? String(contentsOfFile: "/proc/\(number)/status", encoding: .utf8),
          status.contains("PPid:\t\(own)\n"), status.hasPrefix("Name:\t\(name)\n"),
          !status.contains("State:\tZ")
        else { return nil }
        return process
      }
    )
  }
}

extension ParseWorkers {
  /// Reads a document given as bytes.
  func extract(
    _ bytes: [UInt8],
    at place: Place = Place(part: .attachment(3), role: .bodyText),
    limits: DocumentLimits = DocumentLimits()
  ) -> Extraction {
    unsafe bytes.withUnsafeBytes { unsafe extract($0, at: place, limits: limits) }
  }
}

/// Little memory and little time, for what is to fail.
private let small = DocumentLimits(maxMilliseconds: 300, maxMemoryByteCount: 64 << 20)

@Suite("Parse workers", .serialized)
struct ParseWorkersTests {
  private let text = Array("hush hush\n".utf8)

  @Test("read a document, at its place in the message")
  func reads() throws {
    let extraction = makeWorkers().extract(text)
    #expect(extraction.gaps.isEmpty)
    let found = try #require(extraction.texts.first)
    #expect(found.place == Place(part: .attachment(3), role: .bodyText))
    guard case .verbatim(let range) = found.content else { throw CocoaError(.featureUnsupported) }
    #expect(range == 0..<text.count)
  }

  @Test("a kind that nobody reads is a gap, an empty file is nothing")
  func unsupported() {
    let workers = makeWorkers()
    let extraction = workers.extract(Array("OggS\u{0}\u{2}\u{0}".utf8))
    #expect(extraction.gaps.map(\.reason) == [.unsupported])
    #expect(extraction.gaps.map(\.place.part) == [.attachment(3)])
    #expect(workers.extract([]).gaps.isEmpty)
  }

  @Test("a document that needs a library against all appearance is read once, and whole")
  func seldomUsed() throws {
    // Mail whose head, as far as it is looked at, speaks of no parts; in it lies an archive.
    let route = String(repeating: "Received: from a by b\n", count: 250)
    let tar = Data(tar("inner.txt", Array("TLP:RED\n".utf8))).base64EncodedString()
    let mail =
      "From: a@example.org\nSubject: outer\n\(route)MIME-Version: 1.0\nContent-Type: application/x-tar\n"
      + "Content-Transfer-Encoding: base64\n\n\(tar)\n"
    let bytes = Array(mail.utf8)
    #expect(unsafe SeldomUsed.probableNeed(of: bytes.span.bytes) == .markup)
    // Japanese, where most such files have none.
    let rich = Array("{\\rtf1\\ansi\\ansicpg932 TLP:RED \\'88\\'c0}".utf8)
    #expect(unsafe SeldomUsed.probableNeed(of: rich.span.bytes) == .least)
    let workers = makeWorkers(1)
    // A worker goes from one kind of document to the other and back.
    for _ in 0..<3 {
      let extraction = workers.extract(bytes)
      #expect(extraction.gaps.isEmpty)
      #expect(extraction.texts.count { $0.place.location.contains("ubject") } == 1)
      #expect(extraction.texts.contains { $0.place.path.contains("inner.txt") })
      #expect(workers.extract(text).gaps.isEmpty)
      let japanese = workers.extract(rich)
      #expect(japanese.gaps.isEmpty)
      let words = japanese.texts.compactMap { text -> String? in
        guard case .bytes(let bytes) = text.content else { return nil }
        return String(decoding: bytes, as: UTF8.self)
      }
      #expect(words == ["TLP:RED 安"])
    }
  }

  /// A tar of one file.
  ///
  /// *Source:* POSIX.1-2017, pax, "ustar Interchange Format".
  private func tar(_ name: String, _ bytes: [UInt8]) -> [UInt8] {
    var header = [UInt8](repeating: 0, count: 512)
    func put(_ text: String, at offset: Int) {
      header.replaceSubrange(offset..<offset + text.utf8.count, with: text.utf8)
    }
    put(name, at: 0)
    put("0000644", at: 100)
    put(
      String(repeating: "0", count: 11 - String(bytes.count, radix: 8).count)
        + String(bytes.count, radix: 8),
      at: 124
    )
    put("00000000000", at: 136)
    put("        0", at: 148)
    put("ustar\u{0}00", at: 257)
    let sum = String(header.reduce(0) { $0 + Int($1) }, radix: 8)
    put(String(repeating: "0", count: 6 - sum.count) + sum + "\u{0} ", at: 148)
    return header + bytes + [UInt8](repeating: 0, count: 512 - bytes.count % 512 + 1024)
  }

  @Test("a file is handed over, not copied, and only as far as it was mapped")
  func files() throws {
    let path = NSTemporaryDirectory() + "/vigie-workers-\(getpid())"
    try Data(text + text).write(to: URL(fileURLWithPath: path))
    defer { _ = unsafe unlink(path) }
    let file = try MappedFile(path: path, limit: text.count, keepsDescriptor: true)
    let place = Place(part: .attachment(0), role: .bodyText)
    let extraction = unsafe file.withBytes {
      unsafe makeWorkers().extract($0, of: file, at: place, limits: DocumentLimits())
    }
    guard case .verbatim(let range)? = extraction.texts.first?.content else {
      Issue.record("\(extraction)")
      return
    }
    #expect(range == 0..<text.count)
  }

  @Test("text that is long is mapped, text that is decoded in the sandbox needs no temporary file")
  func long() throws {
    // UTF-16 with a mark: decoded to more than a spool keeps in memory elsewhere.
    let unit: [UInt8] = [0xE9, 0x00, 0x0A, 0x00]
    let bytes = [0xFF, 0xFE] + [UInt8]((0..<(3 << 20)).flatMap { _ in unit })
    let extraction = makeWorkers().extract(bytes)
    #expect(extraction.gaps.isEmpty)
    guard case .file(let file)? = extraction.texts.first?.content else {
      Issue.record("not mapped")
      return
    }
    #expect(file.byteCount == 9 << 20)
    #expect(unsafe file.withBytes { unsafe Array($0.prefix(3)) } == Array("é\n".utf8))
  }

  @Test(
    "every way out of the sandbox is shut",
    arguments: ParseWorkers.Reader.allCases,
    BreakOut.allCases
  )
  func breakOut(_ reader: ParseWorkers.Reader, _ way: BreakOut) throws {
    // What is to end by itself has time for it, however busy the machine is.
    var limits = small
    if way != .spin { limits.maxMilliseconds = 10_000 }
    // Of documents most are read by a process with fewer libraries.
    for libraries in [SeldomUsed.Libraries.all, .least] {
      let end = try makeWorkers().attempt(way, by: reader, with: libraries, limits: limits)
      hold(way, end)
    }
  }

  private func hold(_ way: BreakOut, _ end: ParseWorkers.BreakOutEnd) {
    switch way {
    case .open, .write, .seal: #expect(end == .refused(EACCES))
    case .fork: #expect(end == .refused(EPERM))
    case .socket, .exec, .kill, .trace, .code, .message: #expect(end == .ended(.signal(SIGSYS)))
    case .memory: #expect(end == .ended(.signal(SIGABRT)))
    case .stack: #expect(end == .ended(.signal(SIGSEGV)))
    case .spin: #expect(end == .late)
    case .trap:
      #expect([.ended(.signal(SIGILL)), .ended(.signal(SIGTRAP))].contains(end), "\(end)")
    }
  }

  @Test("the same worker goes on after a document that killed its reader, and after a late one")
  func goesOn() throws {
    let program = try OwnProgram()
    let workers = makeWorkers(1, program: program.path)
    #expect(workers.extract(text).gaps.isEmpty)
    let before = program.children
    for way in [BreakOut.exec, .memory, .spin, .stack] {
      _ = try workers.attempt(way, limits: small)
      #expect(workers.extract(text).gaps.isEmpty, "\(way)")
    }
    #expect(before.isSubset(of: program.children))
  }

  @Test(
    "the file of an answer is empty for the next one, and another where it may still be read or written"
  )
  func answerFiles() throws {
    let workers = makeWorkers(1)
    let pool = workers.pool
    func next() throws -> AnswerFile {
      #expect(workers.extract(text).texts.count == 1)
      return try pool.answerFile()
    }
    let first = try next()
    for way in [BreakOut.seal, .exec, .spin] {
      pool.keep(first, after: .ended(.exit(code: 0), isLate: false))
      _ = try workers.attempt(way, limits: small)
      let again = try next()
      #expect(again === first, "\(way)")
      #expect(try again.descriptor.fileByteCount() == 0, "\(way)")
    }
    // Nobody says that the process which wrote into it is gone.
    pool.keep(first, after: .lost)
    #expect(try pool.answerFile() !== first)
    // A long text is read where it lies.
    pool.keep(first, after: .ended(.exit(code: 0), isLate: false))
    let wide = Array(String(repeating: "hush ", count: 40_000).utf16).flatMap {
      [UInt8($0 & 0xFF), 0]
    }
    let long = workers.extract([0xFF, 0xFE] + wide)
    #expect(try pool.answerFile() !== first)
    #expect(long.texts.count == 1)
  }

  @Test("a worker that is killed is replaced, and the document is read")
  func replaced() throws {
    let program = try OwnProgram()
    let workers = makeWorkers(1, program: program.path)
    for _ in 0..<5 {
      #expect(workers.extract(text).gaps.isEmpty)
      for child in program.children { kill(child, SIGKILL) }
      usleep(20_000)
    }
    #expect(workers.extract(text).gaps.isEmpty)
  }

  @Test("where the worker is missing, that is the gap, and how to mend it")
  func missing() throws {
    let workers = ParseWorkers(
      ParseWorkers.Configuration(program: "/nowhere/vigie-parse-worker", maxWorkerCount: 1)
    )
    let extraction = workers.extract(text)
    #expect(extraction.texts.isEmpty)
    #expect(extraction.gaps.map(\.reason) == [.componentMissing])
    #expect(extraction.gaps.first?.detail.contains("install vigie-parse-worker") == true)
    #expect(throws: WorkerPool.Lack.self) { _ = try workers.readiness() }
  }

  @Test("a program that is no worker is the gap, each time and at once")
  func wrongProgram() throws {
    let workers = ParseWorkers(
      ParseWorkers.Configuration(program: "/bin/true", maxWorkerCount: 1)
    )
    for _ in 0..<50 { #expect(workers.extract(text).gaps.map(\.reason) == [.componentMissing]) }
  }

  @Test("it says how it is shut in")
  func readiness() throws {
    let readiness = try makeWorkers().readiness()
    #expect(readiness.seccomp)
    #expect(readiness.isNobody == (getuid() == 0))
    #expect(readiness.fingerprint == Exchange.fingerprint)
  }

  @Test("many threads share few workers; each gets its own document")
  func concurrency() {
    let workers = makeWorkers(2)
    DispatchQueue.concurrentPerform(iterations: 400) { index in
      let bytes = Array(String(repeating: "x", count: index + 1).utf8)
      let extraction = workers.extract(bytes)
      guard case .verbatim(let range)? = extraction.texts.first?.content else {
        Issue.record("document \(index): \(extraction.gaps)")
        return
      }
      #expect(range.count == index + 1)
    }
  }

  @Test("a thousand documents leave no descriptor and no process behind")
  func leaks() throws {
    let program = try OwnProgram()
    let workers = makeWorkers(1, program: program.path)
    // The spare one starts after a thousand.
    for _ in 0..<1_010 { _ = workers.extract(text) }
    let descriptors = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
    let processes = program.children.count
    for index in 0..<1_000 {
      if index % 100 == 0 { _ = try workers.attempt(.exec, limits: small) }
      #expect(workers.extract(text).gaps.isEmpty)
    }
    let after = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
    // Other tests open and close files meanwhile; one left a document would be a thousand.
    #expect(after < descriptors + 200)
    #expect(program.children.count <= processes)
  }

  @Test("the same bytes are read once; other limits are another reading")
  func cache() throws {
    let program = try OwnProgram()
    let workers = makeWorkers(1, program: program.path, cacheByteCount: 1 << 20)
    #expect(workers.extract(text).texts.count == 1)
    let seen = program.children
    for child in seen { kill(child, SIGSTOP) }
    // Nobody could read it now.
    let again = workers.extract(text, at: Place(part: .attachment(9), role: .bodyText))
    for child in seen { kill(child, SIGCONT) }
    #expect(again.texts.map(\.place.part) == [.attachment(9)])
    #expect(workers.extract(text, limits: DocumentLimits(maxDepth: 3)).texts.count == 1)
  }

  @Test("a worker ends with its service, in the middle of a document too", arguments: 0..<3)
  func orphan(process number: Int) throws {
    let pair = try MessageSocket.pair()
    let worker = try ChildProcess(
      program: workerProgram,
      arguments: [],
      environment: ["SWIFT_BACKTRACE=enable=no", "LD_BIND_NOW=1"],
      socket: pair.its
    )
    let mine = pair.keepMine()
    let first = try mine.receive()
    guard case .ready? = WorkReply(first.bytes) else {
      Issue.record("not ready")
      return
    }
    // The sockets of its processes with fewer libraries.
    let slim = first.take { [$0.release(), $1.release()] }
    #expect(slim.allSatisfy { $0 >= 0 })
    let file = try Descriptor.memoryFile("test")
    let request = WorkRequest(.breakOut("spin"), limits: DocumentLimits(maxMilliseconds: 60_000))
    let asked = MessageSocket(
      owning: Descriptor(owning: dup(([mine.descriptor.number] + slim)[number]))
    )
    try asked.send(request.bytes, descriptors: [file.number, file.number])
    let message = try asked.receive()
    #expect(WorkReply(message.bytes) == .started)
    let child = message.takeFirst()
    #expect(Awaited.wait(child.number, milliseconds: 50).isEmpty)
    // What the kernel does with the descriptors of a process that is gone.
    for socket in slim { close(socket) }
    shut(asked)
    shut(mine)
    #expect(Awaited.wait(child.number, milliseconds: 5_000) == .first)
    #expect(worker.wait() == .exit(code: 0))
  }

  private func shut(_ socket: consuming MessageSocket) {}
}

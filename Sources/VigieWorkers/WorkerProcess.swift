import Glibc
import VigieCore
import VigieDocuments
import VigieSandbox
import VigieThreads

/// A running worker; whoever has it uses it alone.
final class WorkerProcess: @unchecked Sendable {
  // Unchecked: it goes from hand to hand through the monitor of the pool, and one has it at a time.
  /// The sockets of its processes, in the order of `SeldomUsed.Libraries`; one for all where it has one process only.
  private var sockets: [SharedSocket]
  private let process: ChildProcess
  private var readiness: WorkReply.Readiness?
  /// The process that started it: a copy of that by fork must not end it.
  private let owner = getpid()

  /// The time that a start may take, milliseconds; a loaded machine is slow.
  private static let maxStartMilliseconds = 10_000
  /// The time from the end of a child to the word of it, milliseconds.
  private static let maxReapMilliseconds = 2_000

  /// Starts a worker, and does not wait until it is ready.
  ///
  /// - Parameters:
  ///   - program: The path of the program.
  ///   - needsSeccomp: Whether it refuses to work without seccomp.
  /// - Throws: `SystemFailure` where it cannot be started.
  init(_ program: String, needsSeccomp: Bool) throws(SystemFailure) {
    let pair = try MessageSocket.pair()
    process = try ChildProcess(
      program: program,
      arguments: needsSeccomp ? [] : ["--without-seccomp"],
      environment: WorkerProcess.environment,
      socket: pair.its
    )
    sockets = [SharedSocket(pair.keepMine())]
  }

  deinit {
    guard owner == getpid() else { return }
    process.kill()
    _ = process.wait()
  }

  /// The environment: nothing of the service's own but where libraries and parts of Vigie lie.
  private static var environment: [String] {
    // A crash handler would start programs, which the sandbox forbids; libgomp would start threads. Names are
    // bound at the start, once, and not again in the process of every document. Where a document takes megabytes
    // glibc asks for them in large pages: a fault for each small one is a twentieth of the time of a TAR in xz. PDFium
    // frees thousands of short strings with each page: as many are handed out again without a look at their
    // neighbours, which is a fortieth of the time of a page.
    var variables = [
      "SWIFT_BACKTRACE=enable=no", "OMP_THREAD_LIMIT=1", "MALLOC_ARENA_MAX=1", "LC_ALL=C.UTF-8",
      "LD_BIND_NOW=1", "GLIBC_TUNABLES=glibc.malloc.hugetlb=1:glibc.malloc.tcache_count=400",
    ]
    for name in ["LD_LIBRARY_PATH", "VIGIE_PDFIUM", "VIGIE_OCR_LANGUAGES", "TESSDATA_PREFIX"] {
      if let value = unsafe getenv(name) {
        variables.append("\(name)=\(unsafe String(cString: value))")
      }
    }
    return variables
  }

  /// A socket that lists may hold.
  private final class SharedSocket: Sendable {
    let socket: MessageSocket

    init(_ socket: consuming MessageSocket) { self.socket = socket }

    var number: CInt { socket.descriptor.number }
  }

  /// The socket of its process that has some libraries.
  private func socket(with libraries: SeldomUsed.Libraries) -> SharedSocket {
    sockets[min(Int(libraries.rawValue), sockets.count - 1)]
  }

  /// Whether it waits for work, or still starts: one that waits says nothing.
  func isAlive(with libraries: SeldomUsed.Libraries) -> Bool {
    readiness == nil || Awaited.wait(socket(with: libraries).number, milliseconds: 0).isEmpty
  }

  /// Why a worker does no work.
  struct Unready: Error {
    /// In words.
    let reason: String
  }

  /// Waits until it is ready.
  func ready() throws(Unready) -> WorkReply.Readiness {
    if let readiness { return readiness }
    let end = Monitor.now &+ UInt64(WorkerProcess.maxStartMilliseconds) &* 1_000_000
    let main = sockets[0]
    guard case .message(let message) = next(from: main, until: end),
      case .ready(let found) = WorkReply(message.bytes)
    else { throw Unready(reason: "it did not start") }
    guard found.fingerprint == Exchange.fingerprint else {
      throw Unready(reason: "it is of another version")
    }
    if let refusal = found.refusal { throw Unready(reason: refusal) }
    message.take { least, markup in
      guard least.number >= 0, markup.number >= 0 else { return }
      let own = [
        SharedSocket(MessageSocket(owning: least)), SharedSocket(MessageSocket(owning: markup)),
      ]
      sockets = own + [main]
    }
    readiness = found
    return found
  }

  /// How work ended.
  enum Outcome: Equatable {
    /// The process of the document ended; `isLate` where its time was over.
    case ended(ProcessEnd, isLate: Bool)
    /// No process could be started for the document, for the reason in words.
    case failed(String)
    /// The worker itself is gone, or does not answer.
    case lost
  }

  /// Has something done, and waits for it.
  ///
  /// - Parameters:
  ///   - request: What.
  ///   - document: The document, open for reading.
  ///   - output: The file for texts and gaps.
  ///   - need: What the document probably needs.
  /// - Returns: How it ended; where the worker is lost, nobody may use it again.
  func run(
    _ request: WorkRequest,
    _ document: borrowing Descriptor,
    _ output: borrowing Descriptor,
    need: SeldomUsed.Libraries
  ) -> Outcome {
    let milliseconds = UInt64(max(1, request.limits.maxMilliseconds))
    let end = Monitor.now &+ min(milliseconds, 1 << 40) &* 1_000_000
    let outcome = run(request, document, output, by: socket(with: need), until: end)
    // The guess was wrong: from the start again, with all. A function that is not there kills its caller where nobody
    // asked for it before: that is no word about the document.
    let isLacking =
      outcome == .ended(.exit(code: SeldomUsed.exitCode), isLate: false)
      || outcome == .ended(.signal(SIGSEGV), isLate: false)
    guard isLacking, need < .all, sockets.count > 1, ftruncate(output.number, 0) == 0
    else { return outcome }
    return run(request, document, output, by: socket(with: .all), until: end)
  }

  private func run(
    _ request: WorkRequest,
    _ document: borrowing Descriptor,
    _ output: borrowing Descriptor,
    by socket: SharedSocket,
    until end: UInt64
  ) -> Outcome {
    do {
      try socket.socket.send(request.bytes, descriptors: [document.number, output.number])
    } catch { return .lost }
    var end = end
    var child = Descriptor(owning: -1)
    var isLate = false
    while true {
      switch next(from: socket, until: end) {
      case .message(let message):
        switch WorkReply(message.bytes) {
        case .started:
          child = message.takeFirst()
          if isLate { ChildProcess.kill(child) }
        case .done(let status): return .ended(ProcessEnd(status: status), isLate: isLate)
        case .failed(let reason): return .failed(reason)
        case .ready, nil: return .lost
        }
      case .late:
        // The child first; the worker itself goes only where it says nothing of that.
        if isLate { return .lost }
        isLate = true
        ChildProcess.kill(child)
        end = Monitor.now &+ UInt64(WorkerProcess.maxReapMilliseconds) &* 1_000_000
      case .gone: return .lost
      }
    }
  }

  /// What comes next.
  private enum Next: ~Copyable {
    case message(MessageSocket.Message)
    case late
    case gone
  }

  /// Waits for a message until a point in time, nanoseconds of `Monitor.now`.
  private func next(from socket: SharedSocket, until end: UInt64) -> Next {
    while true {
      let now = Monitor.now
      guard now < end else { return .late }
      let left = Int((end - now + 999_999) / 1_000_000)
      guard Awaited.wait(socket.number, milliseconds: left).contains(.first) else {
        continue
      }
      do {
        let message = try socket.socket.receive()
        return message.bytes.isEmpty ? .gone : .message(message)
      } catch { return .gone }
    }
  }
}

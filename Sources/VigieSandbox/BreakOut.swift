import CSandbox
import Glibc

/// What somebody who took over the reader of a document would try next; `vigie doctor` tries it.
package enum BreakOut: String, Sendable, CaseIterable {
  case open
  case write
  case socket
  case exec
  case fork
  case kill
  case trace
  case code
  case message
  case seal
  case memory
  case stack
  case spin
  case trap

  /// What is tried, in words.
  package var what: String {
    switch self {
    case .open: "open a file of the system"
    case .write: "make a file"
    case .socket: "open a network socket"
    case .exec: "run a program"
    case .fork: "start another process"
    case .kill: "send a signal to another process"
    case .trace: "look into another process"
    case .code: "make memory that can be executed"
    case .message: "talk to the service"
    case .seal: "make the file of its answer useless for others"
    case .memory: "take all memory"
    case .stack: "call itself without end"
    case .spin: "compute without end"
    case .trap: "break a check of its own"
    }
  }

  /// Tries it, in a process that is shut in.
  ///
  /// - Parameters:
  ///   - file: A descriptor that is closed in this process as a rule: that of the service.
  ///   - output: The file for the answer, which is used again for others.
  /// - Returns: The error number where the system refused; 0 where it was let do it. Does not return
  ///   where it is killed.
  package func attempt(on file: CInt, output: CInt) -> CInt {
    switch self {
    case .open: return outcome(unsafe Glibc.open("/etc/passwd", O_RDONLY))
    case .write: return outcome(unsafe Glibc.open("/tmp/vigie-doctor", O_CREAT | O_WRONLY, 0o600))
    case .socket: return outcome(Glibc.socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0))
    case .exec: return sandbox_try_exec()
    case .fork:
      let process = sandbox_fork()
      if process == 0 { _exit(0) }
      return outcome(process)
    case .kill: return outcome(Glibc.kill(getppid(), SIGTERM))
    case .trace: return sandbox_try_trace(getppid())
    case .code: return sandbox_try_executable_memory()
    case .message:
      let bytes: [UInt8] = [0]
      return outcome(CInt(clamping: unsafe Glibc.send(file, bytes, 1, 0)))
    case .seal:
      let result = sandbox_seal(output)
      return result < 0 ? outcome(fcntl(output, F_SETFL, O_APPEND)) : 0
    case .memory: return BreakOut.takeMemory()
    case .stack:
      _ = BreakOut.recurse(1)
      return 0
    case .spin: while true { unsafe BreakOut.step &+= 1 }
    case .trap:
      let empty: [CInt] = []
      return empty[Int(getpid())]
    }
  }

  private func outcome(_ result: CInt) -> CInt { result < 0 ? errno : 0 }

  /// Changes all the time, so that nobody can leave the endless loop out.
  nonisolated(unsafe) private static var step: UInt64 = 0

  /// The last block that was taken.
  nonisolated(unsafe) private static var blocks: UnsafeMutableRawPointer?

  /// The most that is taken: more than any limit that is in use allows.
  private static let greed = 64 << 30

  private static func takeMemory() -> CInt {
    let block = 16 << 20
    var taken = 0
    while taken < greed {
      guard let bytes = unsafe malloc(block) else {
        // What a library does that cannot go on.
        abort()
      }
      unsafe memset(bytes, 1, block)
      // Each block leads to the one before: memory that nobody can see is not asked for at all.
      unsafe bytes.storeBytes(of: UInt(bitPattern: blocks), as: UInt.self)
      unsafe blocks = bytes
      taken += block
    }
    return 0
  }

  @inline(never)
  private static func recurse(_ depth: UInt64) -> UInt64 {
    unsafe step &+= depth
    return unsafe withUnsafeTemporaryAllocation(byteCount: 256, alignment: 8) { room in
      unsafe room.storeBytes(of: step, as: UInt64.self)
      return unsafe recurse(depth &+ 1) &+ room.load(as: UInt64.self)
    }
  }
}

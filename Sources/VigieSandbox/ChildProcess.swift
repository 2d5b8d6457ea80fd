import CSandbox
import Glibc

/// How a process ended.
package enum ProcessEnd: Sendable, Equatable {
  /// It ended by itself, with this code.
  case exit(code: CInt)
  /// A signal ended it.
  case signal(CInt)
  /// Somebody else has waited for it: it is gone, and how is not known.
  case unknown

  /// The end that a status says: an exit code, or the negative number of a signal.
  package init(status: CInt) { self = status < 0 ? .signal(-status) : .exit(code: status) }

  /// The end in words, such as `killed by SIGSYS: a forbidden system call`.
  package var words: String {
    switch self {
    case .exit(let code): "ended with exit code \(code)"
    case .signal(let number): "killed by \(ProcessEnd.words(ofSignal: number))"
    case .unknown: "ended"
    }
  }

  /// What a signal means to a process that reads documents.
  private static func words(ofSignal number: CInt) -> String {
    switch number {
    case SIGSYS: "SIGSYS: a forbidden system call"
    case SIGSEGV: "SIGSEGV: memory that is not there, or too deep a recursion"
    case SIGBUS: "SIGBUS: the file was cut short meanwhile"
    case SIGABRT: "SIGABRT: it gave up, as a rule for want of memory"
    case SIGILL: "SIGILL: a check of its own did not hold"
    case SIGTRAP: "SIGTRAP: a check of its own did not hold"
    case SIGFPE: "SIGFPE: arithmetic without a result"
    case SIGKILL: "SIGKILL: from outside, or for want of memory"
    case SIGXCPU: "SIGXCPU: its processor time is used up"
    case SIGXFSZ: "SIGXFSZ: more text than it may hand over"
    default: "signal \(number)"
    }
  }
}

/// A process that this one started.
package struct ChildProcess: ~Copyable, Sendable {
  /// Stands for the process, whatever becomes of its number; readable once it has ended.
  package let descriptor: Descriptor

  /// The descriptor at which a started program has its socket.
  package static let socketNumber: CInt = 3

  /// Starts a program with nothing open but a socket, in a session of its own.
  ///
  /// - Parameters:
  ///   - path: The program.
  ///   - arguments: Its arguments, without its name.
  ///   - environment: Its whole environment, `NAME=value`.
  ///   - socket: What it has as ``socketNumber``; stays open here.
  /// - Throws: `SystemFailure` where it cannot be started.
  package init(
    program path: String,
    arguments: [String],
    environment: [String],
    socket: borrowing MessageSocket
  ) throws(SystemFailure) {
    var process: pid_t = -1
    let socketNumber = socket.descriptor.number
    let error = unsafe ChildProcess.withStrings([path] + arguments) { arguments in
      unsafe ChildProcess.withStrings(environment) { environment in
        unsafe sandbox_spawn(path, arguments, environment, socketNumber, &process)
      }
    }
    guard error == 0 else { throw SystemFailure("\(path) cannot be started", code: error) }
    try self.init(process)
  }

  /// Makes a copy of this process, which must have one thread only.
  ///
  /// - Returns: The child; `nil` in the child itself, which must end with `_exit`.
  package static func fork() throws(SystemFailure) -> ChildProcess? {
    let process = try SystemFailure.check("no process can be started", sandbox_fork())
    return process == 0 ? nil : try ChildProcess(process)
  }

  private init(_ process: pid_t) throws(SystemFailure) {
    let number = sandbox_process_descriptor(process)
    guard number >= 0 else {
      let failure = SystemFailure("a process cannot be held")
      // Nothing is known of it that stays true: it must not go on.
      _ = Glibc.kill(process, SIGKILL)
      _ = waitpid(process, nil, 0)
      throw failure
    }
    descriptor = Descriptor(owning: number)
  }

  /// Ends the process; it need not be there any more.
  package borrowing func kill() { ChildProcess.kill(descriptor) }

  /// Ends a process of which only the descriptor is known.
  package static func kill(_ descriptor: borrowing Descriptor) {
    _ = sandbox_signal(descriptor.number, SIGKILL)
  }

  /// Waits for its end.
  package borrowing func wait() -> ProcessEnd {
    var status: CInt = 0
    guard unsafe sandbox_reap(descriptor.number, &status) == 0 else { return .unknown }
    return ProcessEnd(status: status)
  }

  /// The file that this code was loaded from: a program, or a library in one; `nil` where the loader
  /// does not know.
  package static var ownFile: String? {
    unsafe sandbox_own_file().map { unsafe String(cString: $0) }
  }

  /// Calls a function with strings as C has them, ended by a null.
  static func withStrings<Result>(
    _ strings: [String],
    _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
  ) -> Result {
    var pointers: [UnsafeMutablePointer<CChar>?] = unsafe strings.map { unsafe strdup($0) }
    unsafe pointers.append(nil)
    defer { unsafe pointers.forEach { unsafe free($0) } }
    return unsafe body(pointers)
  }
}

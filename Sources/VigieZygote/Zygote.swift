import Glibc
import VigieDocuments
import VigieSandbox

/// Starts a copy of itself for each document; it never looks at one.
///
/// Everything that costs time at the start was done before, and a document that takes its reader over
/// has taken over a process that nobody uses again.
struct Zygote: ~Copyable {
  /// The address space of this process at its start, bytes.
  let startByteCount: Int
  /// The fences around this process.
  let fences: Sandbox.Fences
  /// Libraries that most documents do without.
  var libraries: SeldomUsedLibraries
  /// The work.
  let extract: ZygoteProgram.Extract

  init(
    startByteCount: Int,
    fences: Sandbox.Fences,
    libraries: consuming SeldomUsedLibraries,
    extract: @escaping ZygoteProgram.Extract
  ) {
    self.startByteCount = startByteCount
    self.fences = fences
    self.libraries = libraries
    self.extract = extract
  }

  /// Does what is asked until the service is gone.
  mutating func serve(_ socket: borrowing MessageSocket) throws(SystemFailure) {
    while true {
      let message = try socket.receive()
      // The service has ended, in whatever way: nobody waits for anything any more.
      guard !message.bytes.isEmpty else { _exit(0) }
      guard let request = WorkRequest(message.bytes) else { _exit(1) }
      if request.work == .answer {
        try socket.send(WorkReply.done(status: 0).bytes)
      } else {
        let present = copy(request.need)
        var status = try read(request, message, with: present, socket)
        // The guess was wrong: from the start again, with all. A function that is not there kills its caller where
        // nobody asked for it before: that is no word about the document.
        let lacks = status == SeldomUsed.exitCode || status == -SIGSEGV
        if lacks, present < .all, ftruncate(message.second.number, 0) == 0 {
          status = try read(request, message, with: copy(.all), socket)
        }
        if let status { try socket.send(WorkReply.done(status: status).bytes) }
      }
    }
  }

  /// Has copies of this process made with some libraries from now on.
  ///
  /// - Returns: Those that they have.
  private mutating func copy(_ wanted: SeldomUsed.Libraries) -> SeldomUsed.Libraries {
    SeldomUsed.Libraries(rawValue: UInt8(libraries.copy(Int(wanted.rawValue)))) ?? .all
  }

  /// Has a child do the work, and waits for its end.
  ///
  /// - Returns: Its exit code, or the negative number of the signal that ended it; `nil` where the service was told
  ///   already why there is none.
  private func read(
    _ request: WorkRequest,
    _ message: borrowing MessageSocket.Message,
    with present: SeldomUsed.Libraries,
    _ socket: borrowing MessageSocket
  ) throws(SystemFailure) -> CInt? {
    let zygote = getpid()
    let child: ChildProcess
    do {
      guard let started = try ChildProcess.fork() else {
        SeldomUsed.have(present)
        DocumentProcess(
          zygote: zygote,
          zygoteByteCount: startByteCount,
          fences: fences,
          extract: extract
        )
        .run(request, message.first.number, message.second.number)
      }
      child = started
    } catch {
      try socket.send(WorkReply.failed("\(error)").bytes)
      return nil
    }
    try socket.send(WorkReply.started.bytes, descriptors: [child.descriptor.number])
    // A service that waits for its answer says nothing; so the socket speaks only where it is gone. The
    // child then ends with this process.
    while true {
      let awaited = Awaited.wait(socket.descriptor.number, child.descriptor.number)
      if awaited.contains(.second) { break }
      if awaited.contains(.first) { _exit(0) }
    }
    switch child.wait() {
    case .exit(let code): return code
    case .signal(let number): return -number
    case .unknown:
      try socket.send(WorkReply.failed("the child was lost").bytes)
      return nil
    }
  }
}

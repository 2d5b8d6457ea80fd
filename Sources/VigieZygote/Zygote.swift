import Glibc
import VigieDocuments
import VigieSandbox

/// Starts a copy of itself for each document; it never looks at one.
///
/// Everything that costs time at the start was done before, and a document that takes its reader over
/// has taken over a process that nobody uses again.
struct Zygote {
  /// The address space of this process at its start, bytes.
  let startByteCount: Int
  /// The fences around this process.
  let fences: Sandbox.Fences
  /// The work.
  let extract: ZygoteProgram.Extract

  /// Does what is asked until the service is gone.
  func serve(_ socket: borrowing MessageSocket) throws(SystemFailure) {
    while true {
      let message = try socket.receive()
      // The service has ended, in whatever way: nobody waits for anything any more.
      guard !message.bytes.isEmpty else { _exit(0) }
      guard let request = WorkRequest(message.bytes) else { _exit(1) }
      if request.work == .answer {
        try socket.send(WorkReply.done(status: 0).bytes)
      } else {
        let status = try read(request, message, socket)
        if let status { try socket.send(WorkReply.done(status: status).bytes) }
      }
    }
  }

  /// Has a child do the work, and waits for its end.
  ///
  /// - Returns: Its exit code, or the negative number of the signal that ended it; `nil` where the service was told
  ///   already why there is none.
  private func read(
    _ request: WorkRequest,
    _ message: borrowing MessageSocket.Message,
    _ socket: borrowing MessageSocket
  ) throws(SystemFailure) -> CInt? {
    let zygote = getpid()
    let child: ChildProcess
    do {
      guard let started = try ChildProcess.fork() else {
        DocumentProcess(
          zygote: zygote,
          zygoteByteCount: startByteCount,
          fences: fences,
          socket: socket.descriptor.number,
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

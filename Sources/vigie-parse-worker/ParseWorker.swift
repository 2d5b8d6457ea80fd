import Glibc
import VigieAttachments
import VigieCore
import VigieDocuments
import VigieSandbox

/// The program that reads documents for a service: a zygote, and a child of it for each document.
///
/// It is started by VigieWorkers with one end of a socket as descriptor 3; by hand it does nothing.
@main
enum ParseWorker {
  static func main() {
    let socket = MessageSocket(owning: Descriptor(owning: ChildProcess.socketNumber))
    guard isSocket(ChildProcess.socketNumber) else {
      complain("vigie-parse-worker is started by vigie, to read documents in a sandbox")
    }
    Sandbox.closeDescriptors(from: ChildProcess.socketNumber + 1)
    let components = DocumentFormats.prepare()
    Spool.stayInMemory()
    let needsSeccomp = !CommandLine.arguments.contains("--without-seccomp")
    do {
      let startByteCount = Sandbox.addressSpaceByteCount
      let fences = try Sandbox.enter(needsSeccomp: needsSeccomp)
      let readiness = WorkReply.Readiness(
        landlock: fences.landlock,
        seccomp: fences.seccomp,
        isNobody: fences.isNobody,
        components: components
      )
      try socket.send(WorkReply.ready(readiness).bytes)
      try Zygote(startByteCount: startByteCount, fences: fences).serve(socket)
    } catch {
      let refusal = WorkReply.Readiness(refusal: "\(error)", components: components)
      try? socket.send(WorkReply.ready(refusal).bytes)
      _exit(1)
    }
  }

  private static func isSocket(_ descriptor: CInt) -> Bool {
    var status = stat()
    return unsafe fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFSOCK
  }

  private static func complain(_ text: String) -> Never {
    let bytes = Array((text + "\n").utf8)
    _ = unsafe write(STDERR_FILENO, bytes, bytes.count)
    _exit(2)
  }
}

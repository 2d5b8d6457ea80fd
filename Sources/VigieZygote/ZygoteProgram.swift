import Glibc
package import VigieCore
package import VigieDocuments
import VigieSandbox

/// A program that works for a service: a zygote, and a child of it for each document.
///
/// It is started by VigieWorkers with one end of a socket as descriptor 3; by hand it does nothing.
package struct ZygoteProgram {
  /// Takes what there is to be said out of a document, and tells the observer at once.
  package typealias Extract = (
    _ bytes: RawSpan, _ place: Place, _ limits: DocumentLimits,
    _ observer: any ExtractionObserver
  ) -> Void

  private let name: String
  private let seldomUsed: [[String]]
  private let prepare: () -> [DocumentComponent]
  private let extract: Extract

  /// A program.
  ///
  /// - Parameters:
  ///   - name: Its name.
  ///   - seldomUsed: What the file names of the libraries begin with that are ``SeldomUsed``: first those that only
  ///     processes with ``SeldomUsed/Libraries/markup`` have, then those that only processes with all have.
  ///   - prepare: Loads what the work needs and may be missing on a machine; afterwards no file can be
  ///     opened and no library loaded.
  ///   - extract: The work.
  package init(
    _ name: String,
    seldomUsed: [[String]] = [],
    prepare: @escaping () -> [DocumentComponent],
    extract: @escaping Extract
  ) {
    self.name = name
    self.seldomUsed = seldomUsed
    self.prepare = prepare
    self.extract = extract
  }

  /// Runs until the service is gone.
  package func run() {
    let socket = MessageSocket(owning: Descriptor(owning: ChildProcess.socketNumber))
    guard isSocket(ChildProcess.socketNumber) else {
      complain("\(name) is started by vigie, to read documents in a sandbox")
    }
    Sandbox.closeDescriptors(from: ChildProcess.socketNumber + 1)
    Sandbox.keepMemory()
    let components = prepare()
    var libraries = SeldomUsedLibraries(seldomUsed)
    Sandbox.settleCode()
    Sandbox.trimMemory()
    Spool.stayInMemory()
    do {
      let zygote = try begin(&libraries, socket, components)
      try zygote.serve(socket)
    } catch {
      let refusal = WorkReply.Readiness(refusal: "\(error)", components: components)
      try? socket.send(WorkReply.ready(refusal).bytes)
      _exit(1)
    }
  }

  /// Shuts this process in, starts those with fewer libraries, and tells the service.
  private func begin(
    _ libraries: inout SeldomUsedLibraries,
    _ socket: borrowing MessageSocket,
    _ components: [DocumentComponent]
  ) throws(SystemFailure) -> Zygote {
    let startByteCount = Sandbox.addressSpaceByteCount
    var slim: [SlimZygote] = []
    if libraries.isAny { slim = [try SlimZygote(.least), try SlimZygote(.markup)] }
    let needsSeccomp = !CommandLine.arguments.contains("--without-seccomp")
    let fences = try Sandbox.enter(needsSeccomp: needsSeccomp)
    // Before there are copies: what the language makes for it at its first use, they need too.
    let readiness = WorkReply.Readiness(
      landlock: fences.landlock,
      seccomp: fences.seccomp,
      isNobody: fences.isNobody,
      components: components
    )
    let reply = WorkReply.ready(readiness).bytes
    let zygote = Zygote(startByteCount: startByteCount, fences: fences, extract: extract)
    for one in slim {
      let others = slim.filter { $0 !== one }.flatMap(\.numbers)
      try one.start(zygote, of: &libraries, without: others + [ChildProcess.socketNumber])
    }
    libraries.copy(Int(SeldomUsed.Libraries.all.rawValue))
    try socket.send(reply, descriptors: slim.map(\.serviceNumber))
    return zygote
  }

  private func isSocket(_ descriptor: CInt) -> Bool {
    var status = stat()
    return unsafe fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFSOCK
  }

  private func complain(_ text: String) -> Never {
    let bytes = Array((text + "\n").utf8)
    _ = unsafe write(STDERR_FILENO, bytes, bytes.count)
    _exit(2)
  }
}

import Glibc
import VigieDocuments
import VigieSandbox

/// A copy of a zygote without libraries that are ``SeldomUsed``, which then makes processes for documents itself.
///
/// A process that leaves areas of memory out of its copies pays for each as for one that is copied. Only where they are
/// not there at all a copy is cheap.
final class SlimZygote {
  /// What it has.
  private let libraries: SeldomUsed.Libraries
  private let sockets: MessageSocket.Pair

  /// One that is not started yet, which takes place within the fences; its socket can only be made before.
  init(_ libraries: SeldomUsed.Libraries) throws(SystemFailure) {
    self.libraries = libraries
    sockets = try MessageSocket.pair()
  }

  /// The end of its socket that the service gets.
  var serviceNumber: CInt { sockets.mine.descriptor.number }

  /// Both ends of its socket.
  var numbers: [CInt] { [serviceNumber, sockets.its.descriptor.number] }

  /// Starts it.
  ///
  /// It ends with the zygote that started it, and once the service is gone.
  ///
  /// - Parameters:
  ///   - zygote: What it does.
  ///   - libraries: Those of this process.
  ///   - others: What is open here and not its own.
  /// - Throws: `SystemFailure` where no process can be started.
  func start(
    _ zygote: Zygote,
    of libraries: inout SeldomUsedLibraries,
    without others: [CInt]
  ) throws(SystemFailure) {
    libraries.copy(Int(self.libraries.rawValue))
    let parent = getpid()
    if let _ = try ChildProcess.fork() { return }
    do {
      try Sandbox.endWithParent()
      // It may have gone before this process asked to end with it.
      guard getppid() == parent else { _exit(1) }
      for number in others { close(number) }
      close(serviceNumber)
      SeldomUsed.have(self.libraries)
      try zygote.serve(sockets.its)
    } catch { _exit(1) }
  }
}

import Glibc
import Synchronization

/// Ctrl-C and the like, for work that ends in good order when it is asked to.
enum Interruption {
  private static let wanted = Atomic<Bool>(false)

  /// Whether somebody asked the process to stop.
  static var isWanted: Bool { wanted.load(ordering: .relaxed) }

  /// Has SIGINT, SIGTERM and SIGHUP ask; each asks once and kills the second time.
  static func watch() {
    // Made before a signal can come: a handler may do next to nothing.
    wanted.store(false, ordering: .relaxed)
    for signal in [SIGINT, SIGTERM, SIGHUP] {
      var action = sigaction()
      unsafe action.__sigaction_handler.sa_handler = { _ in
        Interruption.wanted.store(true, ordering: .relaxed)
      }
      action.sa_flags = CInt(bitPattern: UInt32(SA_RESETHAND)) | SA_RESTART
      unsafe sigaction(signal, &action, nil)
    }
    // Who started the process may have blocked them, which is inherited.
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    for signal in [SIGINT, SIGTERM, SIGHUP] { unsafe sigaddset(&signals, signal) }
    unsafe sigprocmask(SIG_UNBLOCK, &signals, nil)
  }
}

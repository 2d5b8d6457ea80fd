import Glibc

/// What the process says and leaves when it dies of a fault in it.
enum Crash {
  private static let name = "SWIFT_BACKTRACE"

  /// Has a crash write no memory: the runtime would print registers and what they point to, which may be a
  /// message.
  ///
  /// The runtime reads its settings before `main`; so the program starts once more with them. Who sets them
  /// otherwise is obeyed.
  ///
  /// *Source:* Swift documentation, "Backtracing.rst", `SWIFT_BACKTRACE=enable=no`.
  static func silence() {
    leaveNoCore()
    guard unsafe getenv(name) == nil else { return }
    unsafe setenv(name, "enable=no", 1)
    var words: [UnsafeMutablePointer<CChar>?] = unsafe CommandLine.arguments.map {
      unsafe strdup($0)
    }
    unsafe words.append(nil)
    // By its path: started as /proc/self/exe it would be listed as "exe".
    // Where it cannot start again it goes on as it is: that is no reason not to judge messages.
    guard let path = unsafe realpath("/proc/self/exe", nil) else { return }
    unsafe execv(path, words)
    unsafe free(path)
  }

  /// Has a crash leave no core file, which is all of the memory: services are often started without a limit.
  ///
  /// Only the limit that counts now is lowered: `prlimit --pid PID --core=unlimited` allows one again.
  private static func leaveNoCore() {
    let core = __rlimit_resource_t(RLIMIT_CORE.rawValue)
    var limit = rlimit()
    guard unsafe getrlimit(core, &limit) == 0 else { return }
    limit.rlim_cur = 0
    unsafe setrlimit(core, &limit)
  }
}

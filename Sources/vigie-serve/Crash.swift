import Glibc

/// What the process says when it dies of a fault in it.
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
}

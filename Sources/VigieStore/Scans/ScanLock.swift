import Glibc

/// The right to write scans into a store, held by one process at a time.
///
/// A lock on `FILE.lock`, which the system gives back when the process ends, however it ends. Two scans would
/// each be whole; but of two that go on with the same run, one would write what the other has.
package final class ScanLock: Sendable {
  private let descriptor: CInt

  /// Takes the lock, without waiting.
  ///
  /// - Parameter path: The file of the store.
  /// - Throws: ``StoreFailure`` where another process has it.
  package init(ofStore path: String) throws(StoreFailure) {
    let file = path + ".lock"
    descriptor = unsafe open(file, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw StoreFailure(
        path: file,
        reason: "cannot be opened: \(unsafe String(cString: strerror(errno)).lowercased())",
        mend: "check who may write to the directory"
      )
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw StoreFailure(
        path: path,
        reason: "is being written by another scan",
        mend: "wait for it to end (fuser \(file))"
      )
    }
  }

  /// A process that is just being started has a copy of the descriptor until its program runs: closing alone would leave
  /// the lock to that.
  deinit {
    _ = flock(descriptor, LOCK_UN)
    close(descriptor)
  }
}

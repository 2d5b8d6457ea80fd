import Glibc
import Synchronization
import VigieCrypto

/// The directory of a log, and the lock in it by which other processes know that this one keeps the log.
///
/// Both are remembered as the files that they are: a path says nothing of what lies there an hour later.
struct AuditPlace {
  /// The path of the directory.
  let directory: String
  private let lock: CInt
  private let identities: [FileStatus.Identity?]

  /// How long who opens a log waits for one of this process that is just being closed, microseconds at a time: its thread
  /// may be amid a write.
  private static let patience = (count: 50, each: UInt32(10_000))

  /// Takes a directory, made (mode 0700) where it is missing.
  ///
  /// - Parameters:
  ///   - directory: Its path.
  ///   - waits: Whether half a second is waited where the lock is held.
  /// - Throws: ``AuditFailure`` where it cannot be had, or another process keeps a log there.
  init(taking directory: String, waits: Bool = false) throws(AuditFailure) {
    guard PrivateDirectory(path: directory) != nil else {
      if unsafe access(directory, F_OK) != 0 {
        // Why it cannot be made is what the operator needs, not that it is not there.
        unsafe mkdir(directory, 0o700)
        throw AuditSegment.failure(directory, "cannot be made")
      }
      throw AuditFailure(
        path: directory,
        reason: "is no directory of this user that only this user can write to",
        mend: "name one that is, or that does not exist yet"
      )
    }
    let path = AuditPlace.lockPath(in: directory)
    let lock = unsafe open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard lock >= 0 else { throw AuditSegment.failure(path, "cannot be opened") }
    var left = waits ? AuditPlace.patience.count : 0
    var isTaken = flock(lock, LOCK_EX | LOCK_NB) == 0
    while !isTaken, left > 0 {
      usleep(AuditPlace.patience.each)
      isTaken = flock(lock, LOCK_EX | LOCK_NB) == 0
      left -= 1
    }
    guard isTaken else {
      close(lock)
      throw AuditFailure(
        path: directory,
        reason: "another process keeps this log",
        mend: "stop that process, or name another directory"
      )
    }
    self.directory = directory
    self.lock = lock
    identities = [FileStatus(directory)?.identity, FileStatus(descriptor: lock)?.identity]
  }

  private static func lockPath(in directory: String) -> String { directory + "/lock" }

  /// Whether the path still leads to the directory that was taken.
  var isThere: Bool { FileStatus(directory)?.identity == identities[0] }

  /// Whether the lock still lies in it, so that nobody else takes the log.
  var isLocked: Bool {
    FileStatus(AuditPlace.lockPath(in: directory))?.identity == identities[1]
  }

  /// Lets others have it.
  ///
  /// A process that is just being started has a copy of the descriptor until its program runs: closing alone would leave
  /// the lock to that.
  func leave() {
    _ = flock(lock, LOCK_UN)
    close(lock)
  }
}

// MARK: - Files that somebody takes away

extension AuditLog {
  /// Looks whether the files are still where they were, and goes on under the same path where they are not.
  ///
  /// The chain goes on with the next number, so that the log is whole again once the files lie together, and
  /// `vigie audit verify` says meanwhile what is missing. A log of somebody else is left alone: entries are lost and
  /// counted until the path is free.
  func keepPlace() {
    state.withLock { state in
      let isWhole = state.place.isThere && state.place.isLocked && isSegmentThere(state)
      if isWhole, !state.isDisplaced { return }
      if !isWhole, !state.isDisplaced {
        state.displacedCount += 1
        state.isDisplaced = true
        // What was moved away is whole as it is, and stays so.
        if state.file >= 0 { rotate(&state) }
      }
      do throws(AuditFailure) {
        if !(state.place.isThere && state.place.isLocked) { try takePlaceAnew(&state) }
        state.isDisplaced = false
        state.trouble = nil
      } catch {
        state.trouble = error.reason
      }
    }
  }

  /// Whether the file that is written to still has its name.
  private func isSegmentThere(_ state: State) -> Bool {
    guard state.file >= 0 else { return true }
    let path = AuditSegment(in: directory, from: state.firstNumber).path
    return FileStatus(path)?.identity == FileStatus(descriptor: state.file)?.identity
  }

  private func takePlaceAnew(_ state: inout State) throws(AuditFailure) {
    let place = try AuditPlace(taking: directory)
    do throws(AuditFailure) {
      if try !AuditSegment.all(in: directory).isEmpty,
        try AuditLog.state(of: directory, at: place).head != state.head
      {
        throw AuditFailure(
          path: directory,
          reason: "another log lies there",
          mend: "take it away, and the log of this server goes on by itself"
        )
      }
    } catch {
      place.leave()
      throw error
    }
    state.place.leave()
    state.place = place
  }
}

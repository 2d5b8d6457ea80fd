import Glibc
import Synchronization
import VigieCore
import VigieThreads

/// How an audit log is kept.
public struct AuditOptions: Sendable, Hashable {
  /// The bytes after which a new file is begun.
  public var maxSegmentByteCount: Int
  /// How long entries are kept at least; `nil` for ever.
  ///
  /// A file goes as a whole once its last entry is older, so that an entry may stay longer by what ``maxSegmentAge``
  /// says and an hour.
  public var retention: Duration?
  /// How long a file takes entries where they are not kept for ever.
  ///
  /// Old ones must not wait until new ones have filled it. A 24th of it is how often the age of files is looked at.
  public var maxSegmentAge: Duration
  /// How often what was written is forced to the disk; before that a loss of power may take it, the end
  /// of the process never does.
  public var syncInterval: Duration

  /// Options from their parts.
  public init(
    maxSegmentByteCount: Int = 1 << 26,
    retention: Duration? = nil,
    maxSegmentAge: Duration = .seconds(86_400),
    syncInterval: Duration = .seconds(1)
  ) {
    self.maxSegmentByteCount = maxSegmentByteCount
    self.retention = retention
    self.maxSegmentAge = maxSegmentAge
    self.syncInterval = syncInterval
  }
}

/// An audit in files of a directory: one line an event, each chained to the one before.
///
/// An entry is handed to the system before ``record(_:)`` returns, so that the end of the process at any
/// moment takes at most the one that is being written. Nothing is ever changed or cut: what a process that
/// died left of an entry stays, and the next entry says so. An entry that cannot be written is lost and
/// counted, and the next one that can be says how many were.
public final class AuditLog: AuditSink {
  struct State {
    /// Where the files lie.
    var place: AuditPlace
    /// Whether they do no more, and nothing can be written there.
    var isDisplaced = false
    /// How often somebody took them away.
    var displacedCount = 0
    /// The open file, or -1 where the next entry opens one.
    var file: CInt = -1
    /// Its first entry, and when it was begun, milliseconds since 1970.
    var firstNumber = 0
    var beginning = 0
    var byteCount = 0
    var head: AuditHead
    var lostCount = 0
    /// Bytes of an entry that are not whole and not yet owned up to.
    var tornCount = 0
    /// Whether they are all that their file holds, which is put aside then; else they stand at its end.
    var isTornAside = false
    /// Why the last entry could not be written; `nil` where it was.
    var trouble: String?
    var isDirty = false
    /// When the age of files is looked at again, milliseconds since 1970.
    var nextLook = 0
    /// Why old files could not be taken away; `nil` where they were.
    var purgeFailure: AuditFailure?
  }

  /// The directory of the files.
  public let directory: String
  private let options: AuditOptions
  let state: Mutex<State>
  /// Held by who takes files away, while others go on writing.
  private let purging = Mutex(())
  private let syncing: Syncing

  /// Opens a log, or begins one.
  ///
  /// - Parameters:
  ///   - directory: Its directory, made (mode 0700) where it is missing.
  ///   - options: How it is kept.
  /// - Throws: ``AuditFailure`` where another process keeps this log, or its end cannot be read.
  public init(directory: String, options: AuditOptions = AuditOptions()) throws(AuditFailure) {
    let place = try AuditPlace(taking: directory, waits: true)
    let state: State
    do throws(AuditFailure) {
      state = try AuditLog.state(of: directory, at: place)
    } catch {
      place.leave()
      throw error
    }
    self.directory = directory
    self.options = options
    self.state = Mutex(state)
    self.syncing = Syncing(every: options.syncInterval)
    syncing.start { [weak self] in
      self?.sync()
      self?.keepPlace()
      self?.retire()
    }
  }

  deinit {
    syncing.end()
    sync()
    state.withLock { state in
      if state.file >= 0 { close(state.file) }
      state.place.leave()
    }
  }

  /// The last entry.
  public var head: AuditHead { state.withLock { $0.head } }

  /// How many events could not be written and are not yet owned up to in the log.
  public var lostCount: Int { state.withLock { $0.lostCount } }

  /// Why nothing can be written at present, as the system says it; `nil` where the last entry was written.
  public var trouble: String? { state.withLock { $0.trouble } }

  /// Whether the directory is gone, or another log lies there, so that nothing can be written.
  public var isDisplaced: Bool { state.withLock { $0.isDisplaced } }

  /// How often somebody took the directory or a file in use away, which is looked at once in
  /// ``AuditOptions/syncInterval``.
  public var displacedCount: Int { state.withLock { $0.displacedCount } }

  /// Why files older than ``AuditOptions/retention`` are still there; `nil` where none is.
  public var purgeFailure: AuditFailure? { state.withLock { $0.purgeFailure } }

  /// Writes an event.
  public func record(_ event: AuditEvent) {
    state.withLock { state in
      if state.lostCount > 0 {
        guard append(.lost(count: state.lostCount), &state) else {
          state.lostCount += 1
          return
        }
        state.lostCount = 0
      }
      if !append(event, &state) { state.lostCount += 1 }
    }
  }

  /// Takes away the files whose last entry is older than a time; the log says up to which entry.
  ///
  /// - Parameter time: RFC 3339, UTC, as in the entries.
  /// - Returns: How many files were taken away.
  /// - Throws: ``AuditFailure`` where a file cannot be read or taken away.
  @discardableResult
  public func purge(before time: String) throws(AuditFailure) -> Int {
    let result: Result<Int, AuditFailure> = purging.withLock { _ in
      Result { () throws(AuditFailure) in try takeAway(before: time) }
    }
    return try result.get()
  }

  /// Takes away the files whose last entry is older than a duration; the log says up to which entry.
  ///
  /// - Returns: How many files were taken away.
  /// - Throws: ``AuditFailure`` where a file cannot be read or taken away.
  @discardableResult
  public func purge(olderThan age: Duration) throws(AuditFailure) -> Int {
    let past = AuditLog.milliseconds - Int(age / .milliseconds(1))
    // What is older than any time there is leaves nothing to take away.
    guard let time = rfc3339(milliseconds: past) else { return 0 }
    return try purge(before: time)
  }

  /// Forces what was written to the disk.
  public func sync() {
    state.withLock { state in
      guard state.isDirty, state.file >= 0 else { return }
      fdatasync(state.file)
      state.isDirty = false
    }
  }

  // MARK: Writing

  /// Appends an entry; says whether it is written.
  private func append(_ event: AuditEvent, _ state: inout State) -> Bool {
    if state.file >= 0, state.byteCount >= options.maxSegmentByteCount { rotate(&state) }
    if state.file < 0 {
      guard begin(&state) else { return false }
    }
    // Before all else, also where the file was begun when there was no room for this.
    if state.tornCount > 0 {
      guard write(.torn(byteCount: state.tornCount), &state) else { return false }
      state.tornCount = 0
    }
    return write(event, &state)
  }

  private func write(_ event: AuditEvent, _ state: inout State) -> Bool {
    let number = state.head.number + 1
    let line = AuditEntry.line(event, number: number, time: AuditLog.now, after: state.head.hash)
    let isFirst = state.byteCount == 0
    var written = 0
    while written < line.bytes.count {
      let count = unsafe line.bytes.withUnsafeBytes { buffer in
        unsafe Glibc.write(
          state.file,
          buffer.baseAddress?.advanced(by: written),
          buffer.count - written
        )
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      written += count
    }
    state.byteCount += written
    state.isDirty = true
    guard written == line.bytes.count else {
      noteTrouble(&state)
      // Part of an entry stays where it is: the next one begins a new file and says so.
      if written > 0 {
        // What stands at the end of a file stays to be said, however often the next one is put aside.
        if state.tornCount == 0 || state.isTornAside {
          state.tornCount = written
          state.isTornAside = isFirst
        }
        close(state.file)
        state.file = -1
      }
      return false
    }
    state.trouble = nil
    state.head = AuditHead(number: number, hash: line.hash)
    return true
  }

  /// Begins a file for the next entry.
  private func begin(_ state: inout State) -> Bool {
    if state.isDisplaced { return false }
    let segment = AuditSegment(in: directory, from: state.head.number + 1)
    // A file of this name holds no whole entry: the process died in its first one. It is put aside.
    unsafe rename(segment.path, segment.tornPath)
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_NOFOLLOW | O_CLOEXEC
    let file = unsafe open(segment.path, flags, 0o600)
    guard file >= 0 else {
      noteTrouble(&state)
      return false
    }
    state.file = file
    state.firstNumber = segment.firstNumber
    state.beginning = AuditLog.milliseconds
    state.byteCount = 0
    return true
  }

  /// Notes what the system says of a write that failed.
  private func noteTrouble(_ state: inout State) {
    state.trouble = unsafe String(cString: strerror(errno)).lowercased()
  }

  func rotate(_ state: inout State) {
    fdatasync(state.file)
    close(state.file)
    state.file = -1
    state.isDirty = false
  }

  // MARK: Taking away

  /// Takes away what is older than it may be, now and then.
  private func retire() {
    guard let retention = options.retention else { return }
    let now = AuditLog.milliseconds
    let maxAge = Int(options.maxSegmentAge / .milliseconds(1))
    let isDue = state.withLock { state in
      guard now >= state.nextLook else { return false }
      state.nextLook = now + maxAge / 24
      if state.file >= 0, now - state.beginning >= maxAge { rotate(&state) }
      return true
    }
    guard isDue else { return }
    var failure: AuditFailure?
    do throws(AuditFailure) { try purge(olderThan: retention) } catch { failure = error }
    state.withLock { $0.purgeFailure = failure }
  }

  private func takeAway(before time: String) throws(AuditFailure) -> Int {
    // What is written to stays. Other files never change: nobody waits while they are read.
    let end = state.withLock { $0.file >= 0 ? $0.firstNumber : $0.head.number + 1 }
    var gone: [AuditSegment] = []
    var last: AuditEntry?
    for segment in try AuditSegment.all(in: directory) where segment.firstNumber < end {
      guard let entry = try AuditLog.lastEntry(of: segment).entry else { break }
      guard entry.time < time else { break }
      gone.append(segment)
      last = entry
    }
    guard let last else { return 0 }
    // First the entry, then the files: whatever happens between, the log explains itself.
    let isWritten = state.withLock { state in
      guard append(.purged(through: last.number, hash: last.hash), &state) else { return false }
      fdatasync(state.file)
      return true
    }
    guard isWritten else {
      throw AuditSegment.failure(directory, "the purge cannot be written down")
    }
    for segment in gone {
      for path in [segment.tornPath, segment.path]
      where unsafe unlink(path) != 0 && errno != ENOENT {
        throw AuditSegment.failure(path, "cannot be taken away")
      }
    }
    return gone.count
  }

  // MARK: Opening

  /// Where a log ends.
  static func state(
    of directory: String,
    at place: AuditPlace
  ) throws(AuditFailure) -> State {
    var state = State(place: place, head: AuditHead(number: 0, hash: AuditEntry.genesis))
    for segment in try AuditSegment.all(in: directory).reversed() {
      let (entry, tornCount) = try lastEntry(of: segment)
      if tornCount > 0 {
        state.tornCount = tornCount
        state.isTornAside = entry == nil
      }
      guard let entry else { continue }
      state.head = AuditHead(number: entry.number, hash: entry.hash)
      break
    }
    return state
  }

  /// The last entry of a file, or `nil` of one that has none, and the bytes after it.
  private static func lastEntry(
    of segment: AuditSegment
  ) throws(AuditFailure) -> (entry: AuditEntry?, tornCount: Int) {
    var last: [UInt8]?
    let tornCount = try segment.lines { line, _ in
      last = Array(line)
      return true
    }
    guard let last else { return (nil, tornCount) }
    guard let entry = AuditEntry(last) else {
      throw AuditFailure(
        path: segment.path,
        reason: "its last entry is damaged",
        mend: "find out why (vigie audit verify), put the log aside and begin a new one"
      )
    }
    return (entry, tornCount)
  }

  private static var milliseconds: Int {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return time.tv_sec * 1_000 + time.tv_nsec / 1_000_000
  }

  private static var now: String { rfc3339(milliseconds: milliseconds) ?? "" }
}

/// A thread that does something again and again until it is ended.
private final class Syncing: @unchecked Sendable {
  // Unchecked: `isEnded` is read and written in the monitor only.
  private let monitor = Monitor(conditionCount: 1)
  private let interval: UInt64
  private var isEnded = false

  init(every interval: Duration) {
    self.interval = UInt64(max(1, interval / .nanoseconds(1)))
  }

  func start(_ body: @escaping @Sendable () -> Void) {
    _ = Thread { [self] in
      repeat { body() } while wait()
    }
  }

  func end() {
    monitor.locked { isEnded = true }
    monitor.wakeAll(at: 0)
  }

  private func wait() -> Bool {
    monitor.locked {
      let end = Monitor.now &+ interval
      while !isEnded, Monitor.now < end { monitor.wait(at: 0, until: end) }
      return !isEnded
    }
  }
}

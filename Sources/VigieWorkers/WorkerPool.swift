import Glibc
import VigieDocuments
import VigieSandbox
import VigieThreads

/// Workers for any number of threads, at most so many at once; those that nobody uses wait.
package final class WorkerPool: @unchecked Sendable {
  // Unchecked: every property but the constants is read and written in `monitor` only.
  /// The program.
  let kind: WorkerProgram
  private let path: String?
  private let maxWorkerCount: Int
  private let needsSeccomp: Bool
  private let monitor = Monitor(conditionCount: 1)
  private let forWorkers = 0
  private var idle: [WorkerProcess] = []
  private var spareFiles = SpareFiles()
  private var busyCount = 0
  private var servedCount = 0
  private var process = getpid()
  /// What the first worker said of itself.
  private var known: WorkReply.Readiness?
  /// Why the last start failed, and until when nobody tries again.
  private var failure: (lack: Lack, end: UInt64)?
  /// Whether somebody has looked for the program, or started it.
  private var isLookedFor = false

  /// The time after a start that failed in which no other is tried, nanoseconds.
  private static let pause: UInt64 = 1_000_000_000

  /// An empty pool.
  ///
  /// - Parameters:
  ///   - kind: The program.
  ///   - path: Where it lies; `nil` looks for it.
  ///   - configuration: How many run, and how.
  init(_ kind: WorkerProgram, at path: String?, _ configuration: ParseWorkers.Configuration) {
    self.kind = kind
    self.path = path
    maxWorkerCount = configuration.maxWorkerCount
    needsSeccomp = configuration.needsSeccomp
  }

  /// Why nothing can be read.
  package struct Lack: Error, Sendable, Equatable {
    /// What is missing and how it is mended, in words.
    package let detail: String
    /// Whether it stays missing as long as the worker is the same: a library or a model.
    package var isLasting = false
  }

  /// The path of the program; `nil` where it was not found.
  var program: String? { kind.find(path) }

  /// Has a worker do something; waits where all are busy.
  ///
  /// - Throws: ``Lack`` where no worker can be had.
  func run(
    _ request: WorkRequest,
    _ document: borrowing Descriptor,
    _ output: AnswerFile,
    need: SeldomUsed.Libraries = .all
  ) throws(Lack) -> WorkerProcess.Outcome {
    let worker = try take(with: need)
    let outcome = worker.run(request, document, output.descriptor, need: need)
    done(with: outcome == .lost ? nil : worker)
    return outcome
  }

  /// An empty file for the next answer.
  ///
  /// - Throws: `SystemFailure` where there is no memory or descriptor for it.
  func answerFile() throws(SystemFailure) -> AnswerFile {
    let spare = monitor.locked { () -> AnswerFile? in
      leaveOthers()
      return spareFiles.take()
    }
    if let spare { return spare }
    return try AnswerFile()
  }

  /// Takes a file back that an answer was read from; another answer may be written into it where nobody else can any
  /// more.
  func keep(_ file: AnswerFile, after outcome: WorkerProcess.Outcome) {
    guard case .ended = outcome, monitor.locked({ known?.seccomp }) == true, file.clear() else {
      return
    }
    monitor.locked { spareFiles.keep(file, upTo: maxWorkerCount) }
  }

  /// In a copy of the process by fork, leaves to the other one what belongs to it.
  private func leaveOthers() {
    guard process != getpid() else { return }
    process = getpid()
    idle = []
    spareFiles.removeAll()
    busyCount = 0
  }

  /// What a worker says of itself.
  func readiness() throws(Lack) -> WorkReply.Readiness {
    // Who asks again need not wait until one has nothing to do.
    if let known = monitor.locked({ known }) { return known }
    let worker = try take()
    defer { done(with: worker) }
    return try ready(worker)
  }

  /// Why nothing can be read, as far as that is known without starting anything; `nil` where something probably can.
  func knownLack() -> Lack? {
    let (lack, isNew) = monitor.locked { () -> (Lack?, Bool) in
      let isNew = !isLookedFor
      isLookedFor = true
      if idle.isEmpty, let failure, Monitor.now < failure.end { return (failure.lack, isNew) }
      let absent = known?.components.first { !$0.isPresent }
      return (absent.map { Lack(detail: $0.purpose, isLasting: true) }, isNew)
    }
    guard lack == nil, isNew, program == nil else { return lack }
    monitor.locked { failure = (missing, Monitor.now &+ WorkerPool.pause) }
    return missing
  }

  /// Has one start, for whoever asks first, and does not wait until it is ready; where none can be started, who asks
  /// is told why.
  func startAhead() {
    let isWanted = monitor.locked { idle.isEmpty && busyCount == 0 && failure == nil }
    guard isWanted, let worker = try? start() else { return }
    monitor.locked { if idle.isEmpty { idle.append(worker) } }
  }

  /// Takes a worker that is ready to work with some libraries.
  private func take(with libraries: SeldomUsed.Libraries = .all) throws(Lack) -> WorkerProcess {
    let taken: Result<WorkerProcess?, Lack> = monitor.locked {
      leaveOthers()
      while busyCount >= maxWorkerCount { monitor.wait(at: forWorkers) }
      if idle.isEmpty, let failure, Monitor.now < failure.end { return .failure(failure.lack) }
      busyCount += 1
      return .success(idle.popLast())
    }
    var worker = try taken.get()
    do throws(Lack) {
      // One that died while nobody used it makes room for another.
      if let mine = worker, !mine.isAlive(with: libraries) { worker = nil }
      let mine: WorkerProcess
      if let worker { mine = worker } else { mine = try start() }
      let readiness = try ready(mine)
      monitor.locked { known = readiness }
      startSpare()
      return mine
    } catch {
      monitor.locked {
        busyCount -= 1
        failure = (error, Monitor.now &+ WorkerPool.pause)
      }
      monitor.wakeOne(at: forWorkers)
      throw error
    }
  }

  /// Takes a worker back, or `nil` for one that is lost.
  private func done(with worker: WorkerProcess?) {
    let tooMany = monitor.locked { () -> WorkerProcess? in
      busyCount -= 1
      servedCount += 1
      guard let worker, idle.count <= maxWorkerCount else { return worker }
      idle.append(worker)
      return nil
    }
    monitor.wakeOne(at: forWorkers)
    // Outside the monitor: its end takes a moment.
    withExtendedLifetime(tooMany) {}
  }

  private func ready(_ worker: WorkerProcess) throws(Lack) -> WorkReply.Readiness {
    do { return try worker.ready() } catch {
      let detail = "\(kind.name) does not work: \(error.reason)"
      throw Lack(detail: detail + "; 'vigie doctor' says more")
    }
  }

  private func start() throws(Lack) -> WorkerProcess {
    guard let program else { throw missing }
    do {
      return try WorkerProcess(program, needsSeccomp: needsSeccomp)
    } catch {
      let why = SystemFailure.words(of: error.code)
      throw Lack(detail: "\(kind.what) cannot be started: \(why)")
    }
  }

  /// That there is no program.
  private var missing: Lack {
    let mend =
      path == nil
      ? "install \(kind.name) beside the program, or name its path in \(kind.variable)"
      : "install \(kind.name) where \(kind.variable) names it"
    return Lack(detail: "\(kind.what) is missing: \(mend)")
  }

  /// The documents after which one more worker starts: it costs as much as twenty documents, and where
  /// a worker is lost before, the next one is there in half of what a respawn may take.
  private static let spareAfter = 1_000

  /// Has one more start while nobody waits for it, where there are many documents: where a worker is
  /// lost the next one is there.
  private func startSpare() {
    let isWanted = monitor.locked { servedCount >= WorkerPool.spareAfter && idle.isEmpty }
    guard isWanted, let spare = try? start() else { return }
    // Where another thread was faster, this one ends with its last reference.
    monitor.locked { if idle.isEmpty { idle.append(spare) } }
  }
}

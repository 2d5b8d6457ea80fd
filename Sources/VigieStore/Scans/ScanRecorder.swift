import VigieThreads

/// Writes the events of one run into a store, many in one transaction, on a thread of its own.
///
/// Whatever the moment at which the process ends, the store holds the first events of the run, whole: where a
/// scan goes on is where they end.
package final class ScanRecorder {
  /// The events that are held back at most, and written in one transaction.
  ///
  /// Each transaction writes the pages of the tables of words anew into which it puts some: the more events, the
  /// less is written. They take some 80 bytes each.
  static let maxHeldCount = 65_536
  /// How long events are held back at most, milliseconds, where more come.
  static let maxHeldTime = 1_000

  private let queue = RecordQueue()
  private let thread: Thread
  private var held: [PackedBlock] = []
  private var heldCount = 0
  private var heldArchive = 0
  private var heldSince = 0

  /// A recorder that goes on after the events that are kept of the run.
  package init(_ store: ScanStore, _ run: StoredRun) {
    let queue = queue
    thread = Thread {
      let writer = EventWriter(store, run)
      while let batch = queue.take() {
        do throws(StoreFailure) {
          try writer.write(batch)
          queue.finish(nil)
        } catch {
          queue.finish(error)
        }
      }
    }
  }

  deinit {
    queue.close()
    thread.join()
  }

  /// Takes the next events of an archive.
  ///
  /// The last ones of an archive are held back until ``finish(archive:end:)``, so that they and the end are
  /// written together.
  ///
  /// - Throws: ``StoreFailure`` where these, or any before them, cannot be written; no more are then.
  package func add(_ block: PackedBlock, archive: Int) throws(StoreFailure) {
    if block.count == 0 { return }
    let now = StoreFile.now
    if held.isEmpty { heldSince = now }
    if heldCount + block.count > ScanRecorder.maxHeldCount
      || now - heldSince >= ScanRecorder.maxHeldTime || archive != heldArchive
    {
      try handOver(ending: nil)
      heldSince = now
      heldArchive = archive
    }
    held.append(block)
    heldCount += block.count
  }

  /// Writes what is held back, and waits until it is written.
  package func flush() throws(StoreFailure) {
    try handOver(ending: nil)
    try queue.drain()
  }

  /// Writes what is held back and the end of an archive, and waits until both are written.
  package func finish(archive: Int, end: ArchiveEnd) throws(StoreFailure) {
    if archive != heldArchive {
      try handOver(ending: nil)
      heldArchive = archive
    }
    try handOver(ending: end)
    try queue.drain()
  }

  private func handOver(ending end: ArchiveEnd?) throws(StoreFailure) {
    if held.isEmpty, end == nil { return }
    try queue.put(RecordBatch(archive: heldArchive, blocks: held, end: end))
    held = []
    heldCount = 0
  }
}

/// Events that follow each other in an archive, and its end where they are the last.
struct RecordBatch: Sendable {
  var archive: Int
  var blocks: [PackedBlock]
  var end: ArchiveEnd?
}

/// Batches on their way to the thread that writes them.
private final class RecordQueue: @unchecked Sendable {
  // Unchecked: every property but the constants is read and written under `monitor` only.
  /// The batches that wait at most: a store that is slow for a moment, at a checkpoint, holds nobody up.
  private static let capacity = 2
  private let monitor = Monitor(conditionCount: 2)
  private let forWriter = 0
  private let forOwner = 1
  private var batches: [RecordBatch] = []
  private var isWriting = false
  private var isClosed = false
  private var failure: StoreFailure?

  /// Adds a batch, as soon as there is room for it.
  func put(_ batch: RecordBatch) throws(StoreFailure) {
    let problem = monitor.locked { () -> StoreFailure? in
      while batches.count >= RecordQueue.capacity, failure == nil { monitor.wait(at: forOwner) }
      if failure == nil { batches.append(batch) }
      return failure
    }
    if let problem { throw problem }
    monitor.wakeOne(at: forWriter)
  }

  /// The next batch; `nil` when all are taken and there will be no more.
  func take() -> RecordBatch? {
    monitor.locked {
      while batches.isEmpty {
        if isClosed { return nil }
        monitor.wait(at: forWriter)
      }
      isWriting = true
      return batches.removeFirst()
    }
  }

  /// Says what became of the batch that was taken.
  func finish(_ failure: StoreFailure?) {
    monitor.locked {
      isWriting = false
      guard let failure else { return }
      self.failure = failure
      // What follows must not be there without what failed.
      batches = []
    }
    monitor.wakeOne(at: forOwner)
  }

  /// Waits until all that was put is written.
  func drain() throws(StoreFailure) {
    let problem = monitor.locked { () -> StoreFailure? in
      while isWriting || !batches.isEmpty { monitor.wait(at: forOwner) }
      return failure
    }
    if let problem { throw problem }
  }

  func close() {
    monitor.locked { isClosed = true }
    monitor.wakeOne(at: forWriter)
  }
}

import Synchronization
package import VigieArchives
import VigieCore
package import VigieCrypto
package import VigieFilter
import VigieInspection
package import VigieReports
package import VigieStore

/// Scans archives into a store: what was delivered is kept, so that a scan that was cut off goes on where it
/// stopped, and what was inspected before is not inspected again.
///
/// Where a scan goes on: the events of a run are kept in the order of the archive, each in the same transaction
/// as all before it. The archive is read anew from its start, and for every event that is kept, the next thing
/// the archive holds must be the one it was made of, by kind and id. The first thing without an event is where
/// judging goes on. Reports and counts get the kept events first, so that nothing tells them from those of a
/// scan in one go.
package final class StoredScan {
  /// What went wrong.
  package enum Failure: Error, Sendable, Equatable {
    /// The store cannot be read or written.
    case store(StoreFailure)
    /// An archive does not hold what the run found in it before: its number from 0.
    case changed(archive: Int)
  }

  private let filter: Filter
  private let store: ScanStore
  private let scan: BatchScan
  private let recorder: ScanRecorder
  private let memory: StoreMemory
  /// The run.
  package let run: StoredRun

  /// A scan of a run, at its start or where it stopped.
  ///
  /// - Parameters:
  ///   - run: The run, begun in the store.
  ///   - filter: What judges; it has the keys of the store.
  ///   - store: The store.
  ///   - keys: The keys of the store.
  ///   - isRescan: Whether everything is inspected, whatever was inspected before.
  ///   - threadCount: The threads that judge.
  /// - Throws: ``StoreFailure`` where the store cannot be read.
  package init(
    _ run: StoredRun,
    with filter: Filter,
    in store: ScanStore,
    keys: KeyChain,
    isRescan: Bool,
    threadCount: Int = Crew.processorCount
  ) throws(StoreFailure) {
    self.run = run
    self.filter = filter
    self.store = store
    scan = BatchScan(with: filter, threadCount: threadCount)
    recorder = ScanRecorder(store, run)
    var runs: Set<Int64> = []
    if !isRescan, run.description.isLasting { runs = try store.runs(on: run.description.basis) }
    runs.remove(run.id)
    memory = StoreMemory(
      store: store,
      recollection: try store.recollection(of: runs),
      digestKey: keys.newest
    )
  }

  /// The messages whose findings were taken from what is kept.
  package var reusedCount: Int { memory.reusedCount }

  /// The events of the run that were kept before it went on.
  package var keptCount: Int { run.eventCount }

  /// Scans one archive of the run; each is to be scanned, in their order.
  ///
  /// - Parameters:
  ///   - number: Its number, from 0.
  ///   - open: Opens it, where it is not kept to its end.
  ///   - path: Where it lies, if its digest is wanted.
  ///   - tally: Counts what is delivered, and the bytes of the archive.
  ///   - shouldStop: Asked before each batch.
  ///   - progress: Told the bytes read and the bytes there are.
  ///   - close: Called with the archive when it was read to its end.
  ///   - cleared: Takes messages of which there is nothing to say, together, as ``BatchScan`` does; those that were
  ///     kept before come as events.
  ///   - deliver: Takes the events in order, on the caller's thread.
  /// - Returns: Whether the archive is done; `false` where it was stopped: what was delivered is kept.
  /// - Throws: ``Failure``, and what `open` throws.
  package func scan(
    archive number: Int,
    open: () throws -> ArchiveReader,
    sealing path: String? = nil,
    counting tally: inout Tally,
    shouldStop: () -> Bool,
    progress: (_ byteCountRead: Int, _ totalByteCount: Int) -> Void,
    closing close: (borrowing ArchiveReader) -> Void,
    cleared: ((ClearedMessages) -> Void)? = nil,
    deliver: (ScanEvent) -> Void
  ) throws -> Bool {
    if number < run.ends.count, let end = run.ends[number] {
      try replay(number) { event in
        tally.add(event)
        deliver(event)
      }
      tally.add(
        readByteCount: end.readByteCount,
        unreadByteCount: end.unreadByteCount,
        hasGaps: end.hasGaps,
        contents: end.contents
      )
      return true
    }
    var reader = try open()
    var before = ArchiveProgress()
    try replay(number) { event in
      guard !shouldStop() else { throw Stop() }
      guard let item = try? reader.next(), item.isSource(of: event) else {
        throw Failure.changed(archive: number)
      }
      before.add(event)
      tally.add(event)
      deliver(event)
      progress(reader.byteCountRead, reader.totalByteCount)
    }
    var failure: StoreFailure?
    let end = scan.run(
      &reader,
      counting: &tally,
      after: before,
      recalling: memory,
      sealing: path,
      shouldStop: { failure != nil || memory.failure != nil || shouldStop() },
      progress: progress,
      keep: { block in
        guard failure == nil else { return }
        do throws(StoreFailure) {
          try recorder.add(block, archive: number)
        } catch {
          failure = error
        }
      },
      cleared: cleared.map { cleared in
        { messages in
          if failure == nil { cleared(messages) }
        }
      },
      deliver: { event in
        if failure == nil { deliver(event) }
      }
    )
    if let failure = failure ?? memory.failure { throw Failure.store(failure) }
    do {
      guard let end else {
        try recorder.flush()
        return false
      }
      try recorder.finish(archive: number, end: end)
    } catch { throw Failure.store(error) }
    close(reader)
    return true
  }

  /// That somebody wants the scan to stop while kept events are read.
  package struct Stop: Error {}

  private func replay(_ number: Int, _ body: (ScanEvent) throws -> Void) throws {
    guard run.eventCount > 0 else { return }
    do { try store.forEachEvent(of: run, archive: number) { try body($0.event) } } catch let failure
      as StoreFailure
    {
      throw Failure.store(failure)
    }
  }

  /// Ends the run, with every archive scanned.
  package func end() throws(Failure) -> RunChanges {
    do { return try store.end(run, reusedCount: reusedCount) } catch { throw .store(error) }
  }
}

extension ArchiveItem {
  /// Whether an event was made of this item.
  fileprivate func isSource(of event: ScanEvent) -> Bool {
    switch (self, event) {
    case (.message(let message, _, let byteCount), .message(let scanned)):
      scanned.isMessage && scanned.review.id == message.id && scanned.byteCount == byteCount
    case (.channel(let message, _, let byteCount), .message(let scanned)):
      !scanned.isMessage && scanned.review.id == message.id && scanned.byteCount == byteCount
    case (.gap(let gap, let source), .gap(let kept, let isMessage)):
      gap.placed(at: source) == kept && isMessage == (source.line != nil)
    default: false
    }
  }
}

/// The reviews in a store, for the threads that judge.
private final class StoreMemory: ReviewMemory {
  let digestKey: HMACKey
  private let store: ScanStore
  private let recollection: Recollection
  private let count = Atomic<Int>(0)
  private let firstFailure = Mutex<StoreFailure?>(nil)

  init(store: ScanStore, recollection: Recollection, digestKey: HMACKey) {
    self.store = store
    self.recollection = recollection
    self.digestKey = digestKey
  }

  var isEmpty: Bool { recollection.isEmpty }
  var reusedCount: Int { count.load(ordering: .relaxed) }
  /// Why the store could not be read, after which nothing is remembered.
  var failure: StoreFailure? { firstFailure.withLock(\.self) }

  func reviews(of messages: [Recalling?]) -> [Review?] {
    guard failure == nil else { return messages.map { _ in nil } }
    do {
      let reviews = try store.reviews(of: messages, in: recollection)
      count.wrappingAdd(reviews.count { $0 != nil }, ordering: .relaxed)
      return reviews
    } catch {
      firstFailure.withLock { $0 = $0 ?? error }
      return messages.map { _ in nil }
    }
  }
}

package import VigieArchives
import VigieCore
package import VigieFilter
package import VigieReports
package import VigieStore

/// Scans an archive on several threads and delivers what it finds in the order of the archive.
package struct BatchScan: Sendable {
  /// The items of an archive that a thread takes at once, at most.
  static let maxBatchCount = 512
  /// The bytes of the items that a thread takes at once, files included; one item may be longer.
  static let maxBatchByteCount = 1 << 18

  private let filter: Filter
  private let threadCount: Int
  private let isRevealing: Bool

  /// A scan with a filter.
  ///
  /// - Parameters:
  ///   - filter: What judges.
  ///   - threadCount: The threads that judge; by default one for each processor.
  ///   - isRevealing: Whether events hold what was found with the words around it: only where a person asked for
  ///     it and that is recorded.
  package init(
    with filter: Filter,
    threadCount: Int = Crew.processorCount,
    isRevealing: Bool = false
  ) {
    self.isRevealing = isRevealing
    self.filter = filter
    self.threadCount = max(1, threadCount)
  }

  /// Scans an archive.
  ///
  /// An archive that becomes unreadable midway ends in a gap; what was read before it counts.
  ///
  /// - Parameters:
  ///   - reader: The archive, at its start or where an earlier scan of it stopped.
  ///   - tally: Counts what is delivered, and the bytes of the archive.
  ///   - before: What was delivered of the archive before, where it is not at its start.
  ///   - memory: What was found before in messages that say the same, where events are kept; else `nil`.
  ///   - path: Where the archive lies, if its digest is wanted.
  ///   - shouldStop: Asked before each batch; where it says so, what is under way is delivered and no more.
  ///   - progress: Told the bytes read and the bytes there are, after each batch.
  ///   - observe: Shown every item as it is read, on the caller's thread; its event is delivered later,
  ///     in the same order.
  ///   - keep: Takes the events as a store keeps them, block by block, before they are delivered.
  ///   - cleared: Takes the messages without files of which there is nothing to say, those of a channel that stand
  ///     together as one, after other events of them; `nil` where each is to be delivered as an event in its place.
  ///   - deliver: Takes the events in order, on the caller's thread.
  /// - Returns: The bytes that belong to no message, or `nil` where it stopped before the end.
  @discardableResult
  package func run(
    _ reader: inout ArchiveReader,
    counting tally: inout Tally,
    after before: ArchiveProgress = ArchiveProgress(),
    recalling memory: (any ReviewMemory)? = nil,
    sealing path: String? = nil,
    shouldStop: () -> Bool = { false },
    progress: (_ byteCountRead: Int, _ totalByteCount: Int) -> Void = { _, _ in },
    observe: ((ArchiveItem) -> Void)? = nil,
    keep: (PackedBlock) -> Void = { _ in },
    cleared: ((ClearedMessages) -> Void)? = nil,
    deliver: (ScanEvent) -> Void
  ) -> ArchiveEnd? {
    let filter = filter
    let sealing = path.map { ArchiveSealing(path: $0) }
    let isRevealing = isRevealing
    // A copy that no thread but this one counts references to.
    let ruleset = String(decoding: Array(filter.ruleset.utf8), as: UTF8.self)
    let isPacking = memory != nil
    var done = before
    var failure: ArchiveError?
    var isStopped = false
    var spare: [ItemBatch] = []
    Crew.run(
      threadCount: threadCount,
      makeWorker: {
        let judge = Judge(filter, memory, isPacking: isPacking, isRevealing: isRevealing)
        return { (batch: ItemBatch) in judge.judge(batch) }
      },
      next: {
        if failure != nil || isStopped { return nil }
        isStopped = shouldStop()
        if isStopped { return nil }
        let batch = spare.popLast() ?? ItemBatch()
        failure = BatchScan.fill(&batch.items, from: &reader)
        if let observe { for item in batch.items { observe(item) } }
        progress(reader.byteCountRead, reader.totalByteCount)
        return batch.items.isEmpty ? nil : batch
      },
      deliver: { judgements in
        if let block = judgements.block { keep(block) }
        let take = { (event: ScanEvent) in
          done.add(event)
          tally.add(event)
          deliver(event)
        }
        if let cleared {
          judgements.forEach(
            cleared: { messages in
              done.add(messages)
              tally.add(messages)
              cleared(messages)
            },
            take
          )
        } else {
          judgements.forEachEvent(judgedBy: ruleset, take)
        }
        judgements.batch.items.removeAll(keepingCapacity: true)
        spare.append(judgements.batch)
      }
    )
    if isStopped { return nil }
    if let failure {
      let event = ScanEvent.gap(failure.gap, isMessage: false)
      if isPacking {
        var packer = EventPacker()
        packer.add(event)
        keep(packer.take())
      }
      done.add(event)
      tally.add(event)
      deliver(event)
    }
    let end = ArchiveEnd(
      readByteCount: max(0, reader.byteCountRead - done.messageByteCount),
      unreadByteCount: max(
        0,
        reader.totalByteCount - max(reader.byteCountRead, done.messageByteCount)
      ),
      hasGaps: done.hasGaps,
      contents: ArchiveContents(
        exports: reader.exports.counts.map { .init(format: $0.format, count: $0.count) },
        byteCount: reader.totalByteCount,
        seal: sealing?.finish()
      )
    )
    tally.add(
      readByteCount: end.readByteCount,
      unreadByteCount: end.unreadByteCount,
      hasGaps: end.hasGaps,
      contents: end.contents
    )
    return end
  }

  /// The next items, and why there are no more where the archive became unreadable.
  package static func batch(
    from reader: inout ArchiveReader
  ) -> (items: [ArchiveItem], failure: ArchiveError?) {
    var items: [ArchiveItem] = []
    let failure = fill(&items, from: &reader)
    return (items, failure)
  }

  /// Reads the next items.
  ///
  /// - Parameters:
  ///   - items: Where they are put; empty before.
  ///   - reader: The archive.
  /// - Returns: Why there are no more, where the archive became unreadable.
  private static func fill(
    _ items: inout [ArchiveItem],
    from reader: inout ArchiveReader
  ) -> ArchiveError? {
    items.reserveCapacity(maxBatchCount)
    var byteCount = 0
    while items.count < maxBatchCount, byteCount < maxBatchByteCount {
      do {
        guard let item = try reader.next() else { break }
        items.append(item)
        switch item {
        case .message(let message, _, let count), .channel(let message, _, let count):
          byteCount += count
          for attachment in message.attachments {
            if case .bytes(let bytes) = attachment.content { byteCount += bytes.count }
          }
        case .gap, .access: break
        }
      } catch {
        return error
      }
    }
    return nil
  }
}

/// Items on their way to a thread that judges, and back to the thread that read them, which frees them and fills the
/// same memory again.
final class ItemBatch: @unchecked Sendable {
  // Unchecked: one thread at a time has it.
  var items: [ArchiveItem] = []
}

/// What was delivered of an archive so far.
package struct ArchiveProgress: Sendable, Equatable {
  /// The bytes of its messages.
  package private(set) var messageByteCount = 0
  /// Whether a part of it could not be read.
  package private(set) var hasGaps = false

  /// Nothing yet.
  package init() {}

  /// Counts one event.
  package mutating func add(_ event: ScanEvent) {
    switch event {
    case .message(let message): messageByteCount += message.byteCount
    case .gap: hasGaps = true
    }
  }

  /// Counts messages of which there is nothing to say.
  package mutating func add(_ cleared: ClearedMessages) { messageByteCount += cleared.byteCount }
}

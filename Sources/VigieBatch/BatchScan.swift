package import VigieArchives
import VigieCore
package import VigieFilter
import VigieInspection
package import VigieReports

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
  ///   - reader: The archive, at its start.
  ///   - tally: Counts what is delivered, and the bytes of the archive.
  ///   - progress: Told the bytes read and the bytes there are, after each batch.
  ///   - observe: Shown every item as it is read, on the caller's thread; its event is delivered later,
  ///     in the same order.
  ///   - deliver: Takes the events in order, on the caller's thread.
  package func run(
    _ reader: inout ArchiveReader,
    counting tally: inout Tally,
    progress: (_ byteCountRead: Int, _ totalByteCount: Int) -> Void = { _, _ in },
    observe: ((ArchiveItem) -> Void)? = nil,
    deliver: (ScanEvent) -> Void
  ) {
    let filter = filter
    let isRevealing = isRevealing
    var messageByteCount = 0
    var hasGaps = false
    var failure: ArchiveError?
    Crew.run(
      threadCount: threadCount,
      makeWorker: {
        let inspector = Inspector(filter)
        return { (batch: [ArchiveItem]) in
          batch.compactMap { BatchScan.event(for: $0, inspector, isRevealing: isRevealing) }
        }
      },
      next: {
        if failure != nil { return nil }
        let (batch, fault) = BatchScan.batch(from: &reader)
        failure = fault
        if let observe { for item in batch { observe(item) } }
        progress(reader.byteCountRead, reader.totalByteCount)
        return batch.isEmpty ? nil : batch
      },
      deliver: { events in
        for event in events {
          switch event {
          case .message(let message): messageByteCount += message.byteCount
          case .gap: hasGaps = true
          }
          tally.add(event)
          deliver(event)
        }
      }
    )
    if let failure {
      hasGaps = true
      let gap = Gap(place: .body, reason: failure.gapReason, detail: failure.reason)
      tally.add(.gap(gap, isMessage: false))
      deliver(.gap(gap, isMessage: false))
    }
    tally.add(
      readByteCount: max(0, reader.byteCountRead - messageByteCount),
      unreadByteCount: max(0, reader.totalByteCount - max(reader.byteCountRead, messageByteCount)),
      hasGaps: hasGaps
    )
  }

  /// The next items, and why there are no more where the archive became unreadable.
  package static func batch(
    from reader: inout ArchiveReader
  ) -> (items: [ArchiveItem], failure: ArchiveError?) {
    var items: [ArchiveItem] = []
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
        return (items, error)
      }
    }
    return (items, nil)
  }

  private static func event(
    for item: ArchiveItem,
    _ inspector: Inspector,
    isRevealing: Bool
  ) -> ScanEvent? {
    func scanned(_ message: Message, _ byteCount: Int, isMessage: Bool) -> ScanEvent {
      let review = inspector.review(message)
      var scanned = ScannedMessage(message, review, byteCount: byteCount, isMessage: isMessage)
      if isRevealing, !review.findings.isEmpty {
        scanned.revealed = inspector.revealed(review, of: message)
      }
      return .message(scanned)
    }
    switch item {
    case .message(let message, _, let byteCount):
      return scanned(message, byteCount, isMessage: true)
    case .channel(let message, _, let byteCount):
      return scanned(message, byteCount, isMessage: false)
    case .gap(let gap, let source):
      // Formats with lines hold one message a line: a bad line is a message not inspected.
      return .gap(gap, isMessage: source.line != nil)
    case .access:
      // It says who can read, nothing that was said.
      return nil
    }
  }
}

extension ArchiveError {
  /// The reason of the gap that stands for the rest of the archive.
  fileprivate var gapReason: GapReason {
    switch kind {
    case .unsupported, .unknownFormat, .notAnArchive: .unsupported
    case .unreadable: .missing
    case .damaged: .corrupt
    }
  }
}

import VigieCore
import VigieDocuments
import VigieThreads

/// Texts and gaps of the documents read last, in memory: the same file sent ten times is read once.
final class ExtractionCache: @unchecked Sendable {
  // Unchecked: every property but the constants is read and written in `monitor` only.

  /// What tells documents apart.
  struct Key: Hashable {
    /// SHA-256 of the bytes.
    var digest: [UInt8]
    var limits: DocumentLimits
  }

  private struct Entry {
    var contents: ExtractionLog.Contents
    var byteCount: Int
    var lastUse: UInt64
  }

  /// Documents longer than this are read again: hashing them is work too, and they are rare.
  static let maxDocumentByteCount = 64 << 20
  /// Documents that are kept, at most.
  private static let maxEntryCount = 1_024

  private let maxByteCount: Int
  private let monitor = Monitor(conditionCount: 0)
  private var entries: [Key: Entry] = [:]
  private var byteCount = 0
  private var clock: UInt64 = 0

  /// An empty cache.
  ///
  /// - Parameter maxByteCount: Bytes of text that are kept; 0 keeps none.
  init(maxByteCount: Int) { self.maxByteCount = maxByteCount }

  /// Whether anything is kept.
  var isUsed: Bool { maxByteCount > 0 }

  /// What stands in a document that was read before.
  func contents(of key: Key) -> ExtractionLog.Contents? {
    monitor.locked {
      guard let index = entries.index(forKey: key) else { return nil }
      clock += 1
      entries.values[index].lastUse = clock
      return entries.values[index].contents
    }
  }

  /// Keeps what stands in a document, if the next try would find the same.
  func keep(_ contents: ExtractionLog.Contents, of key: Key) {
    guard !contents.isProvisional, !contents.gaps.contains(where: \.reason.isTransient) else {
      return
    }
    let size = ExtractionCache.byteCount(of: contents)
    guard size <= maxByteCount / 4 else { return }
    monitor.locked {
      clock += 1
      if let old = entries.updateValue(
        Entry(contents: contents, byteCount: size, lastUse: clock),
        forKey: key
      ) {
        byteCount -= old.byteCount
      }
      byteCount += size
      while byteCount > maxByteCount || entries.count > ExtractionCache.maxEntryCount {
        guard let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse }) else { break }
        byteCount -= oldest.value.byteCount
        entries[oldest.key] = nil
      }
    }
  }

  /// The memory that texts and gaps take, about.
  private static func byteCount(of contents: ExtractionLog.Contents) -> Int {
    let texts = contents.texts.reduce(0) { sum, text in
      switch text.content {
      case .verbatim: sum + 160
      case .bytes(let bytes): sum + 160 + bytes.count
      case .file(let file): sum + 160 + file.byteCount
      }
    }
    return texts + contents.gaps.count * 200 + 256
  }
}

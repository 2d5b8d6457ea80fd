import VigieArchives
import VigieCore
import VigieFilter
import VigieInspection

/// What it costs one thread to go through an archive: to read its messages, and to judge them too.
struct Archive {
  private let path: String
  private let inspector: Inspector?
  private var messageCount = 0
  private var findingCount = 0
  private var byteCount = 0

  /// A round over an archive.
  ///
  /// - Parameters:
  ///   - path: The archive.
  ///   - filter: What judges the messages; `nil` where they are only read.
  init(_ path: String, judgedBy filter: Filter? = nil) {
    self.path = path
    inspector = filter.map { Inspector($0) }
  }

  /// Goes through the archive once.
  ///
  /// - Parameter job: What the round is called.
  /// - Returns: `JOB nanoseconds bytes messages findings`, the time being that of this thread.
  /// - Throws: `ArchiveError` where the archive cannot be read.
  mutating func line(_ job: String) throws -> String {
    let start = Clock.thread()
    try goThrough()
    return "\(job) \(Clock.thread() - start) \(byteCount) \(messageCount) \(findingCount)"
  }

  /// Goes through the archive once.
  ///
  /// - Returns: The number of findings.
  /// - Throws: `ArchiveError` where the archive cannot be read.
  @discardableResult
  mutating func goThrough() throws -> Int {
    var reader = try ArchiveReader(path: path)
    while let item = try reader.next() {
      switch item {
      case .message(let message, _, _), .channel(let message, _, _):
        messageCount += 1
        findingCount += inspector?.remark(on: message)?.findings.count ?? 0
      case .gap, .access: break
      }
    }
    byteCount = reader.totalByteCount
    return findingCount
  }
}

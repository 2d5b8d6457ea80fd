import Glibc
import VigieJSON

/// What a look at every entry of a log says.
public struct AuditVerification: Sendable, Equatable {
  /// Where the chain breaks first.
  public struct Break: Sendable, Equatable {
    /// The file.
    public var path: String
    /// The line, 1-based; 0 where the file as a whole is meant.
    public var line: Int
    /// What is wrong, one sentence without a full stop.
    public var reason: String
  }

  /// Files that were read.
  public private(set) var fileCount = 0
  /// Entries that hold.
  public private(set) var entryCount = 0
  /// The number of the first entry; 0 of an empty log.
  public private(set) var firstNumber = 0
  /// The last entry that holds.
  public private(set) var head = AuditHead(number: 0, hash: AuditEntry.genesis)
  /// What is no break but worth knowing: entries lost, torn or purged.
  public private(set) var notes: [String] = []
  /// The first break; `nil` where the log holds.
  public private(set) var firstBreak: Break?

  /// The hash before the first entry.
  private var origin = AuditEntry.genesis
  /// What the log itself says was taken away.
  private var purged: AuditHead?
  /// Bytes after the last entry so far, which the next one must own up to.
  private var tornCount = 0
  /// The hash of the entry that a head names.
  private var expected: String?

  /// Looks at every entry of a log; a process may go on writing to it.
  ///
  /// - Parameters:
  ///   - directory: The directory of the log.
  ///   - known: A head that was exported before; the log must still hold it.
  /// - Throws: ``AuditFailure`` where a file cannot be read.
  public init(of directory: String, holding known: AuditHead? = nil) throws(AuditFailure) {
    let segments = try AuditSegment.all(in: directory)
    // Where entries are known to have been, an empty directory is a log that was cut.
    if segments.isEmpty, known == nil { throw AuditSegment.noLog(in: directory) }
    var asideCount = 0
    for (index, segment) in segments.enumerated() {
      fileCount += 1
      let before = entryCount
      let left = try segment.lines { line, number in
        if let reason = take(line, segment, number, known) {
          firstBreak = Break(path: segment.path, line: number, reason: reason)
        }
        return firstBreak == nil
      }
      if firstBreak != nil { return }
      if entryCount > before {
        tornCount = left
        continue
      }
      // It is put aside when the next entry is written, under whose number it was begun: none follows it.
      guard index == segments.count - 1 else {
        firstBreak = Break(path: segment.path, line: 0, reason: "the file holds no whole entry")
        return
      }
      asideCount = left
    }
    if tornCount + asideCount > 0 {
      notes.append(
        count(tornCount + asideCount, "byte", "bytes")
          + " at the end: an entry that is being written, or was torn"
      )
    }
    finish(directory, known)
  }

  /// Takes the next line; returns what is wrong with it.
  private mutating func take(
    _ line: ArraySlice<UInt8>,
    _ segment: AuditSegment,
    _ lineNumber: Int,
    _ known: AuditHead?
  ) -> String? {
    guard let entry = AuditEntry(line) else { return "the entry is damaged or was changed" }
    if lineNumber == 1, entry.number != segment.firstNumber {
      return "entry \(entry.number) stands in the file of entry \(segment.firstNumber)"
    }
    if firstNumber == 0 {
      firstNumber = entry.number
      origin = entry.previous
    } else {
      guard entry.number == head.number + 1 else {
        return "entry \(entry.number) follows entry \(head.number): those between are missing"
      }
      guard entry.previous == head.hash else {
        return "entry \(entry.number) is not chained to the one before it"
      }
    }
    let torn = entry.event == "torn" ? entry.integer("bytes") ?? 0 : 0
    // What was torn stands at the end of the file before, or alone in a file that was put aside.
    let isAside = tornCount == 0 && torn == AuditVerification.byteCount(ofFile: segment.tornPath)
    // It went with that file where the first entry that is left says so.
    let isPurged = entryCount == 0 && entry.number > 1
    guard torn == tornCount || isAside || isPurged else {
      return "what stands before entry \(entry.number) is no entry, and the log does not say so"
    }
    if torn > 0 {
      notes.append(
        "entry \(entry.number): \(count(torn, "byte", "bytes")) of a torn entry before it"
      )
    }
    tornCount = 0
    head = AuditHead(number: entry.number, hash: entry.hash)
    entryCount += 1
    if entry.number == known?.number { expected = entry.hash }
    return takeEvent(entry)
  }

  private mutating func takeEvent(_ entry: AuditEntry) -> String? {
    switch entry.event {
    case "lost":
      notes.append(
        "entry \(entry.number): \(count(entry.integer("count") ?? 0, "event", "events")) lost before it"
      )
    case "purged":
      guard let through = entry.integer("through"),
        let hash = entry.members["through_hash"]?.string
      else { return "entry \(entry.number) does not say what was purged" }
      purged = AuditHead(number: through, hash: hash)
    default: break
    }
    return nil
  }

  /// Compares both ends of the log with what is known of them.
  private mutating func finish(_ directory: String, _ known: AuditHead?) {
    if firstNumber > 1 || firstNumber == 1 && origin != AuditEntry.genesis {
      guard let purged, purged.number >= firstNumber - 1 else {
        breakOff(
          directory,
          "\(AuditVerification.entries(1, firstNumber - 1)) missing, and the log does not say so"
        )
        return
      }
      if purged.number == firstNumber - 1, purged.hash != origin {
        breakOff(directory, "entry \(firstNumber) is not chained to what was purged")
        return
      }
      notes.append("\(AuditVerification.entries(1, firstNumber - 1)) no more there: purged")
    }
    guard let known, known.number > 0 else { return }
    if known.number > head.number {
      breakOff(
        directory,
        "\(AuditVerification.entries(head.number + 1, known.number)) missing at the end"
      )
    } else if known.number >= firstNumber {
      if expected != known.hash {
        breakOff(directory, "entry \(known.number) is not the one that was exported")
      }
    } else if known.number == firstNumber - 1, known.hash != origin {
      breakOff(directory, "entry \(firstNumber) is not chained to the one that was exported")
    } else {
      notes.append("entry \(known.number), which was exported, was purged")
    }
  }

  /// Entries from one to another, with what is said of them: `entry 3 is`, `entries 3 to 5 are`.
  private static func entries(_ first: Int, _ last: Int) -> String {
    first == last ? "entry \(first) is" : "entries \(first) to \(last) are"
  }

  private mutating func breakOff(_ directory: String, _ reason: String) {
    firstBreak = Break(path: directory, line: 0, reason: reason)
  }

  private static func byteCount(ofFile path: String) -> Int {
    var status = stat()
    return unsafe stat(path, &status) == 0 ? Int(status.st_size) : 0
  }
}

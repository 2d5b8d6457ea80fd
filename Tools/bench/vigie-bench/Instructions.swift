import VigieCore
import VigieFilter
import VigieRulebook

/// A text that is gone over so that a profiler counts the instructions of one round, and of nothing else.
///
/// `Tools/bench/instructions` tells callgrind the name of ``counted()``, which must therefore stay a function of its own.
final class Instructions {
  private let filter: Filter
  private let worker: FilterWorker
  private let path: String
  private let messages: [Message]
  private var failure: (any Error)?
  private var hits = 0
  private var countedRounds = 0

  /// A text.
  ///
  /// - Parameters:
  ///   - filter: What judges it.
  ///   - path: Records, or an archive where the name ends in `.jsonl`.
  ///   - records: The records that lie there.
  init(_ filter: Filter, path: String, records: Records?) {
    self.filter = filter
    self.path = path
    worker = filter.makeWorker()
    messages = Jobs.messages(records?.texts ?? [])
  }

  /// The variant of the kernel that is counted.
  static var kernel: String { "\(PassKernel.Variant.chosen)" }

  /// Goes over the text until all that is made at its first use is there, then once to be counted.
  ///
  /// - Returns: The number of findings of the round that is counted.
  /// - Throws: `ArchiveError` where an archive cannot be read.
  func run() throws -> Int {
    round()
    counted()
    if let failure { throw failure }
    precondition(countedRounds == 1, "one round is counted")
    return hits
  }

  // It takes and gives nothing, so that the compiler makes no other version of it.
  @inline(never)
  private func counted() {
    round()
    // Something to come back for: of a jump callgrind does not see the end.
    countedRounds += 1
  }

  @inline(never)
  private func round() {
    do {
      hits = messages.isEmpty ? try archiveHits() : messageHits()
    } catch {
      failure = error
    }
  }

  private func archiveHits() throws -> Int {
    var archive = Archive(path, judgedBy: filter)
    return try archive.goThrough()
  }

  private func messageHits() -> Int {
    var hits = 0
    // A span lends its messages; an array would hand out copies.
    let messages = self.messages
    let lent = messages.span
    for index in lent.indices {
      let review = worker.review(lent[index])
      hits += review.findings.count
    }
    return hits
  }
}

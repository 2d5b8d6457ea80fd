import VigieCore
import VigieDocuments
import VigieSandbox
import VigieThreads

extension WorkerPool {
  /// Has a worker do something, and takes what it has left.
  ///
  /// - Parameters:
  ///   - request: What.
  ///   - document: What it works on, open for reading.
  ///   - need: What it probably needs.
  /// - Returns: Texts and gaps; whatever hindered the work is a gap among them.
  /// - Throws: ``Lack`` where no worker can be had, `SystemFailure` where there is no room for its answer.
  func contents(
    of request: WorkRequest,
    _ document: borrowing Descriptor,
    need: SeldomUsed.Libraries = .all
  ) throws -> ExtractionLog.Contents {
    // A worker that died while nobody used it is found out with the first message to it: the next one
    // does the work.
    for _ in 0..<2 {
      let output = try answerFile()
      let start = Monitor.now
      let outcome = try run(request, document, output, need: need)
      let isEarly = Monitor.now &- start < WorkerPool.early
      if outcome != .lost || !isEarly { return contents(outcome, request, output) }
    }
    return .nothing(.workerDied, "\(kind.what) died twice in a row")
  }

  /// The time within which a worker that is lost did not die of the document, nanoseconds.
  private static let early: UInt64 = 50_000_000

  /// What a worker has left.
  private func contents(
    _ outcome: WorkerProcess.Outcome,
    _ request: WorkRequest,
    _ output: AnswerFile
  ) -> ExtractionLog.Contents {
    let ended: ProcessEnd
    let isLate: Bool
    switch outcome {
    case .ended(let end, let late): (ended, isLate) = (end, late)
    case .failed(let reason): return .nothing(.workerDied, reason)
    case .lost: return .nothing(.workerDied, "\(kind.what) is gone")
    }
    var contents: ExtractionLog.Contents
    let place = ParseWorkers.anywhere, count = request.byteCount
    if let short = ExtractionLog.readShort(
      descriptor: output.descriptor.number,
      at: place,
      documentByteCount: count
    ) {
      contents = short
      keep(output, after: outcome)
    } else {
      // From here on nobody can change it or cut it short, whoever still has it.
      do { try output.descriptor.seal() } catch {
        return .nothing(.workerDied, "the texts of the file are still being written")
      }
      contents = ExtractionLog.read(
        descriptor: output.descriptor.number,
        at: place,
        documentByteCount: count
      )
    }
    func miss(_ reason: GapReason, _ detail: String) {
      contents.gaps.append(Gap(place: ParseWorkers.anywhere, reason: reason, detail: detail))
    }
    if isLate {
      miss(.timeout, "reading \(kind.object) took more than \(request.limits.maxMilliseconds) ms")
    } else if ended != .exit(code: 0) || !contents.isComplete {
      miss(.workerDied, "the process that read \(kind.object) was \(ended.words)")
    } else if !contents.isSound {
      miss(.workerDied, "what was taken out of \(kind.object) is damaged")
    }
    if contents.isFull { miss(.limit, "more text than may be taken out of one file") }
    return contents
  }
}

extension ExtractionLog.Contents {
  /// No text, for a reason.
  static func nothing(_ reason: GapReason, _ detail: String) -> ExtractionLog.Contents {
    var contents = ExtractionLog.Contents()
    contents.gaps = [Gap(place: ParseWorkers.anywhere, reason: reason, detail: detail)]
    return contents
  }
}

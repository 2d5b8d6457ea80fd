package import VigieCore
package import VigieDocuments
package import VigieSandbox

/// What `vigie doctor` and measurements ask of the workers.
extension ParseWorkers {
  /// The path of the program of a kind; `nil` where it was not found.
  package func program(of reader: Reader) -> String? { pool(of: reader).program }

  /// How the workers of a kind are shut in, and what they can read with.
  ///
  /// - Throws: ``WorkerPool/Lack`` where none works.
  package func readiness(
    of reader: Reader = .documents
  ) throws(WorkerPool.Lack) -> WorkReply.Readiness {
    try pool(of: reader).readiness()
  }

  /// How an attempt to break out of the sandbox ended.
  package enum BreakOutEnd: Sendable, Equatable {
    /// The system refused, with this error number.
    case refused(CInt)
    /// The process was ended.
    case ended(ProcessEnd)
    /// Its time was over and it was killed.
    case late
    /// It was let do it.
    case done
  }

  /// Has a worker try to break out of its sandbox.
  ///
  /// - Parameters:
  ///   - way: How.
  ///   - reader: The kind of worker.
  ///   - libraries: Which of its processes does it.
  ///   - limits: What it may spend on it.
  /// - Returns: How that ended.
  /// - Throws: ``WorkerPool/Lack`` where no worker can be had, or it does not say.
  package func attempt(
    _ way: BreakOut,
    by reader: Reader = .documents,
    with libraries: SeldomUsed.Libraries = .all,
    limits: DocumentLimits
  ) throws(WorkerPool.Lack) -> BreakOutEnd {
    let request = WorkRequest(.breakOut(way.rawValue), limits: limits)
    let document = try empty()
    let output = try answerFile(of: reader)
    let outcome = try pool(of: reader).run(request, document, output, need: libraries)
    defer { pool(of: reader).keep(output, after: outcome) }
    guard case .ended(let end, let isLate) = outcome else {
      throw WorkerPool.Lack(detail: "the worker did not answer")
    }
    if isLate { return .late }
    guard end == .exit(code: 0) else { return .ended(end) }
    let contents = ExtractionLog.read(
      descriptor: output.descriptor.number,
      at: ParseWorkers.anywhere,
      documentByteCount: 0
    )
    guard let code = contents.refusal else {
      throw WorkerPool.Lack(detail: "the worker did not say how it ended")
    }
    return code == 0 ? .done : .refused(code)
  }

  /// Goes to a worker and back with a document that nobody reads.
  package func answer(_ bytes: UnsafeRawBufferPointer, of file: MappedFile? = nil) throws {
    let document = try unsafe ParseWorkers.descriptor(of: bytes, in: file)
    let output = try answerFile(of: .documents)
    let outcome = try pool.run(WorkRequest(.answer, limits: DocumentLimits()), document, output)
    pool.keep(output, after: outcome)
  }

  private func answerFile(of reader: Reader) throws(WorkerPool.Lack) -> AnswerFile {
    do { return try pool(of: reader).answerFile() } catch {
      throw WorkerPool.Lack(detail: "\(error)")
    }
  }

  private func empty() throws(WorkerPool.Lack) -> Descriptor {
    do { return try Descriptor.memoryFile("vigie-document") } catch {
      throw WorkerPool.Lack(detail: "\(error)")
    }
  }
}

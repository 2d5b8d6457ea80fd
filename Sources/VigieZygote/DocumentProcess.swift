import Glibc
import VigieCore
import VigieDocuments
import VigieSandbox

/// A process that reads one document and ends.
struct DocumentProcess {
  /// The process that started it.
  let zygote: pid_t
  /// The address space of that, bytes.
  let zygoteByteCount: Int
  /// The fences around both.
  let fences: Sandbox.Fences
  /// The socket of the zygote, of which this process makes no use.
  let socket: CInt
  /// The work.
  let extract: ZygoteProgram.Extract

  /// Exit codes; others are those of signals.
  private enum Failure: CInt {
    case fence = 10
    case document = 11
    case log = 12
    case work = 13
  }

  /// Does the work and ends the process.
  ///
  /// - Parameters:
  ///   - request: What is to be done.
  ///   - document: The document, open for reading.
  ///   - output: An empty file for texts and gaps.
  func run(_ request: WorkRequest, _ document: CInt, _ output: CInt) -> Never {
    close(socket)
    let outputByteCount = ExtractionLog.maxByteCount(for: request.limits)
    let allowance = Sandbox.Allowance(
      memoryByteCount: sum(
        zygoteByteCount,
        request.limits.maxMemoryByteCount,
        request.byteCount,
        outputByteCount
      ),
      seconds: request.limits.maxMilliseconds / 1_000 + 2,
      fileByteCount: outputByteCount
    )
    do { try Sandbox.enterDocument(allowance, of: fences) } catch { end(.fence) }
    // The zygote may have gone before this process asked to end with it.
    guard getppid() == zygote else { end(.fence) }
    guard let log = ExtractionLog.Writer(descriptor: output, maxByteCount: outputByteCount) else {
      end(.log)
    }
    switch request.work {
    case .extract: extract(document, request, log)
    case .breakOut(let name):
      guard let way = BreakOut(rawValue: name) else { end(.work) }
      log.refused(way.attempt(on: socket, output: output))
    case .answer: break
    }
    log.finish()
    _exit(0)
  }

  private func extract(_ document: CInt, _ request: WorkRequest, _ log: ExtractionLog.Writer) {
    var status = stat()
    guard unsafe fstat(document, &status) == 0 else { end(.document) }
    let byteCount = min(request.byteCount, Int(status.st_size))
    guard byteCount > 0 else { return }
    let mapped = unsafe mmap(nil, byteCount, PROT_READ, MAP_PRIVATE, document, 0)
    guard let start = unsafe mapped, unsafe start != UnsafeMutableRawPointer(bitPattern: -1) else {
      end(.document)
    }
    let bytes = unsafe UnsafeRawBufferPointer(start: start, count: byteCount)
    // Which attachment of which message it is, only the service knows.
    let place = Place(part: .attachment(0), role: .bodyText)
    unsafe extract(bytes.bytes, place, request.limits, log)
  }

  /// A sum that stops at the greatest number.
  private func sum(_ numbers: Int...) -> Int {
    numbers.reduce(0) { total, number in
      let (sum, isOver) = total.addingReportingOverflow(max(0, number))
      return isOver ? .max : sum
    }
  }

  private func end(_ failure: Failure) -> Never { _exit(failure.rawValue) }
}

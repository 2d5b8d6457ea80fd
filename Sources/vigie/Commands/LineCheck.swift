import ArgumentParser
import Glibc
import VigieOptions
import VigieCore
import VigieInspection
import VigieJSON
import VigieReports
import VigieWire

/// `vigie check --jsonl`: one line out for each line in, in the same order.
struct LineCheck {
  /// The longest line, bytes, that is held; a longer one is an error line.
  static let maxLineByteCount = 1 << 28

  let inspector: Inspector
  let output: Output
  let stop: StopOptions

  /// Checks the lines of files, or of standard input where none is named.
  func run(over files: [String]) throws {
    var verdict = Verdict.allow
    var gapCount = 0
    var errorCount = 0
    for file in files.isEmpty ? ["-"] : files {
      let lines = try LineInput(file)
      var number = 0
      while let next = lines.next(beforeWaiting: { output.flush() }) {
        number += 1
        var json = JSONWriter()
        let start = Stopwatch()
        do throws(WireError) {
          guard case .whole(let line) = next else {
            throw WireError(
              code: .tooLong,
              message: "the line is longer than \(LineCheck.maxLineByteCount) bytes",
              line: number
            )
          }
          var message = try CheckLine.message(line, line: number)
          if message.channel == nil { message.channel = CheckLine.assumedChannel }
          let review = inspector.review(message)
          verdict = max(verdict, review.verdict)
          gapCount += review.gaps.count
          json.reviewLine(review, elapsedMicroseconds: start.microseconds)
        } catch {
          errorCount += 1
          json.errorLine(error)
        }
        json.lineBreak()
        output.write(json.take())
        if output.failure != nil { break }
      }
      if let reason = lines.failure {
        try output.finishCommand()
        throw CommandFailure("\(lines.name) cannot be read: \(reason)")
      }
    }
    try output.finishCommand()
    try stop.finish(verdict: verdict, gapCount: gapCount, hadErrors: errorCount > 0)
  }
}

/// The lines of a file or of standard input.
final class LineInput {
  /// The path, or `standard input`.
  let name: String
  /// Why reading ended early, or `nil`.
  private(set) var failure: String?
  private let descriptor: CInt
  private var cutter = LineCutter(limit: LineCheck.maxLineByteCount)
  private var isAtEnd = false

  init(_ path: String) throws {
    name = path == "-" ? "standard input" : path
    descriptor = path == "-" ? 0 : unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      let reason = unsafe String(cString: strerror(errno)).lowercased()
      throw CommandFailure("\(path) cannot be opened: \(reason)", mend: "check the path")
    }
  }

  deinit { if descriptor > 0 { close(descriptor) } }

  /// The next line; `nil` at the end.
  func next(beforeWaiting: () -> Void) -> LineCutter.Line? {
    while true {
      if let line = cutter.next() { return line }
      if isAtEnd { return cutter.last() }
      beforeWaiting()
      fill()
    }
  }

  private func fill() {
    var got = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: 1 << 16) { target, count in
      repeat {
        got = unsafe read(descriptor, target.baseAddress, target.count)
      } while got < 0 && errno == EINTR
      count = max(0, got)
    }
    if got < 0 { failure = unsafe String(cString: strerror(errno)).lowercased() }
    if got <= 0 { isAtEnd = true }
    cutter.add(bytes)
  }
}

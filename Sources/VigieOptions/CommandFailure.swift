import VigieReports

/// What the exit code says.
package enum CommandExit: Int32 {
  case fine = 0
  case stopped = 1
  case usage = 2
  case unread = 3
  /// Stopped by Ctrl-C or another signal; what was done is kept.
  case interrupted = 130
}

/// Wrong usage or configuration, exit code 2: what, where and the mend.
package struct CommandFailure: Error, CustomStringConvertible {
  /// What is wrong, with where.
  package var reason: String
  /// What the operator can do about it, or `nil` where the reason says it.
  package var mend: String?
  private var isReport = false

  /// A failure from its parts.
  package init(_ reason: String, mend: String? = nil) {
    self.reason = reason
    self.mend = mend
  }

  /// A failure whose text stands as it is, such as the faults of rule files with their places.
  package init(report: String) {
    reason = report
    isReport = true
  }

  /// Lines for standard error.
  package var description: String {
    (isReport ? reason : "vigie: \(reason)") + (mend.map { "\n  mend: \($0)" } ?? "")
  }
}

extension CommandFailure {
  /// Writes a line to standard error, after all that was printed before.
  package static func complain(_ text: String) { Terminal.complain(text) }
}

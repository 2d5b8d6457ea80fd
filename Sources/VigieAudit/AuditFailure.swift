/// Why an audit log cannot be opened, read or written.
public struct AuditFailure: Error, Sendable, Equatable, CustomStringConvertible {
  /// The directory or file.
  public var path: String
  /// What is wrong, one sentence without a full stop.
  public var reason: String
  /// What the operator can do about it.
  public var mend: String

  /// One line: path, reason and mend.
  public var description: String { "\(path): \(reason); \(mend)" }
}

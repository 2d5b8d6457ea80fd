/// Why a store cannot be opened, read or written.
public struct StoreFailure: Error, Sendable, Equatable, CustomStringConvertible {
  /// The file.
  public var path: String
  /// What is wrong, one sentence without a full stop.
  public var reason: String
  /// What the operator can do about it.
  public var mend: String

  /// A failure from its parts.
  public init(path: String, reason: String, mend: String) {
    self.path = path
    self.reason = reason
    self.mend = mend
  }

  /// One line: path, reason and mend.
  public var description: String { "\(path): \(reason); \(mend)" }
}

/// Why a store of media cannot be opened, read or written.
public typealias MediaStoreFailure = StoreFailure

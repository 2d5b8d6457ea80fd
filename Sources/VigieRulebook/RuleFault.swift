/// A fault of a rule file: what, where, and how to mend it.
///
/// One fault refuses the whole set.
public struct RuleFault: Error, Sendable, Equatable {
  /// Where it was written.
  public var position: SourcePosition
  /// What is wrong, one sentence without a full stop.
  public var reason: String
  /// What the author can do about it.
  public var mend: String
  /// Where in the value at ``position`` it is, UTF-8 bytes; `nil` for all of the value.
  public var offset: Int?

  /// A value from its parts.
  public init(
    at position: SourcePosition,
    _ reason: String,
    mend: String,
    offset: Int? = nil
  ) {
    self.position = position
    self.reason = reason
    self.mend = mend
    self.offset = offset
  }
}

/// Every fault of a rule set at once.
public struct RuleFaults: Error, Sendable, Equatable {
  /// All of them.
  public var faults: [RuleFault]

  /// A value from its parts.
  public init(_ faults: [RuleFault]) { self.faults = faults }
}

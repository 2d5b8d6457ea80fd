/// What a reader or the engine may spend before it stops and records a gap.
public struct Limits: Sendable, Hashable {
  /// Text inspected in one segment, UTF-8 bytes; the rest is a gap.
  public var maxTextByteCount: Int
  /// Bytes of one attachment that are read.
  public var maxAttachmentByteCount: Int
  /// Findings reported for one segment; the rest is a gap.
  public var maxFindingCount: Int
  /// What reading one attachment that is no plain text may spend.
  public var document: DocumentLimits

  /// A value from its parts.
  public init(
    maxTextByteCount: Int = 1 << 34,
    maxAttachmentByteCount: Int = 1 << 34,
    maxFindingCount: Int = 10_000,
    document: DocumentLimits = DocumentLimits()
  ) {
    self.maxTextByteCount = maxTextByteCount
    self.maxAttachmentByteCount = maxAttachmentByteCount
    self.maxFindingCount = maxFindingCount
    self.document = document
  }
}

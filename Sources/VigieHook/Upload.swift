import VigieCore

/// A file as it is uploaded, before anybody posts it.
public struct Upload: Sendable, Hashable {
  /// Where the bytes of an upload are.
  public enum Content: Sendable, Hashable {
    /// A file on this machine that nobody writes to any more.
    case file(path: String)
    /// The bytes themselves.
    case bytes([UInt8])
  }

  /// The id by which messages will name it, such as `mxc://server/media`; never used for other bytes.
  public var id: String
  /// Its name, where the server knows it; the name a message gives it is judged with the message.
  public var name: String?
  /// The type the source says it has.
  public var mimetype: String?
  /// Where its bytes are.
  public var content: Content

  /// An upload from its parts.
  public init(id: String, name: String? = nil, mimetype: String? = nil, content: Content) {
    self.id = id
    self.name = name
    self.mimetype = mimetype
    self.content = content
  }
}

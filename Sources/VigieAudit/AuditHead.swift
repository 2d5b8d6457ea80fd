import VigieJSON

/// The last entry of a log at some moment: kept elsewhere, it shows later whether the log was cut.
public struct AuditHead: Sendable, Equatable {
  /// The number of the entry; 0 of an empty log.
  public var number: Int
  /// Its hash.
  public var hash: String

  /// A head from its parts.
  public init(number: Int, hash: String) {
    self.number = number
    self.hash = hash
  }

  /// The head that some JSON gives, as ``json`` wrote it; `nil` where it gives none.
  public init?(json: [UInt8]) {
    guard let value = try? JSONValue(json), case .number(let number)? = value["number"],
      let whole = Int(exactly: number), whole >= 0, let hash = value["hash"]?.string,
      hash.utf8.count == AuditEntry.genesis.utf8.count
    else { return nil }
    self.init(number: whole, hash: hash)
  }

  /// `{"number":…,"hash":"…"}`.
  public var json: String { "{\"number\":\(number),\"hash\":\"\(hash)\"}" }
}

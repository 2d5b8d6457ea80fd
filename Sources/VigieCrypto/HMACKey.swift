import Crypto
public import VigieCore

/// The key under which findings are fingerprinted: HMAC-SHA-256.
///
/// *Source:* RFC 2104 with FIPS 180-4. The key is kept apart from store and audit; only its
/// ``id`` is recorded, so that a reader knows which fingerprints may be compared.
public struct HMACKey: MessageAuthentication, Sendable {
  /// The least length of a key, bytes: that of the digest.
  ///
  /// *Source:* RFC 2104 §3.
  public static let minByteCount = 32
  /// The greatest length of a key file, bytes.
  public static let maxByteCount = 4096

  private let key: SymmetricKey
  /// 16 hex digits that name the key and do not give it away.
  public let id: String

  /// A key from its bytes, or `nil` where they are too few.
  public init?(bytes: [UInt8]) {
    guard bytes.count >= HMACKey.minByteCount else { return nil }
    self.init(key: SymmetricKey(data: bytes))
  }

  /// Reads a key file: all its bytes, as they are.
  ///
  /// - Throws: ``FileFailure`` where the file is missing, is a link, belongs to another user, can
  ///   be read or written by others (mode 0600 is right), or is shorter than 32 bytes.
  public init(file path: String) throws(FileFailure) {
    let bytes = try readFile(path, trust: .secret, limit: HMACKey.maxByteCount)
    guard let key = HMACKey(bytes: bytes) else {
      throw FileFailure(
        path: path,
        reason: "holds \(bytes.count) bytes; a key has \(HMACKey.minByteCount) or more",
        mend: "make one with: (umask 077; head -c 32 /dev/urandom > FILE)"
      )
    }
    self = key
  }

  /// Makes a new random key and keeps it in a new file of mode 0600.
  ///
  /// - Throws: ``FileFailure`` where the file exists or cannot be written.
  public static func create(file path: String) throws(FileFailure) -> HMACKey {
    try createSecretFile(path, randomBytes())
    return try HMACKey(file: path)
  }

  /// A new random key that ends with the process.
  public init() {
    let bytes = HMACKey.randomBytes()
    self.init(key: SymmetricKey(data: bytes))
  }

  private static func randomBytes() -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    return (0..<HMACKey.minByteCount).map { _ in
      UInt8.random(in: .min ... .max, using: &generator)
    }
  }

  private init(key: SymmetricKey) {
    self.key = key
    let code = HMAC<SHA256>.authenticationCode(for: Array("vigie key id".utf8), using: key)
    id = Digest.hex(Array(code.prefix(8)))
  }

  /// Returns the HMAC-SHA-256 of the bytes in lower-case hex.
  public func code(for bytes: [UInt8]) -> String { Digest.hex(rawCode(for: bytes)) }

  /// Returns the HMAC-SHA-256 of the bytes, 32 bytes.
  package func rawCode(for bytes: [UInt8]) -> [UInt8] {
    Array(HMAC<SHA256>.authenticationCode(for: bytes, using: key))
  }
}

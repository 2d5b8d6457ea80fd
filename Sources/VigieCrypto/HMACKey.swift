import CNettle
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

  /// What the key begins every code with: two blocks hashed once, not once a code.
  private let begun: hmac_sha256_ctx
  /// 16 hex digits that name the key and do not give it away.
  public let id: String

  /// A key from its bytes, or `nil` where they are too few.
  public init?(bytes: [UInt8]) {
    guard bytes.count >= HMACKey.minByteCount else { return nil }
    self.init(key: bytes)
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
    self.init(key: bytes)
  }

  private static func randomBytes() -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    return (0..<HMACKey.minByteCount).map { _ in
      UInt8.random(in: .min ... .max, using: &generator)
    }
  }

  private init(key: [UInt8]) {
    var begun = hmac_sha256_ctx()
    unsafe nettle_hmac_sha256_set_key(&begun, key.count, key)
    self.begun = begun
    id = Digest.hex(Array(HMACKey.code(begun, Array("vigie key id".utf8)).prefix(8)))
  }

  /// Returns the HMAC-SHA-256 of the bytes in lower-case hex.
  public func code(for bytes: [UInt8]) -> String { Digest.hex(rawCode(for: bytes)) }

  /// Returns the first 128 bits of the HMAC-SHA-256 of the bytes, high byte first.
  package func shortCode(for bytes: [UInt8]) -> (high: Int64, low: Int64) {
    var context = begun
    unsafe nettle_hmac_sha256_update(&context, bytes.count, bytes)
    var code = InlineArray<2, Int64>(repeating: 0)
    var span = code.mutableSpan
    unsafe span.withUnsafeMutableBytes { buffer in
      unsafe nettle_hmac_sha256_digest(&context, buffer.count, buffer.baseAddress)
    }
    return (Int64(bigEndian: code[0]), Int64(bigEndian: code[1]))
  }

  /// Returns the HMAC-SHA-256 of the bytes, 32 bytes.
  package func rawCode(for bytes: [UInt8]) -> [UInt8] { HMACKey.code(begun, bytes) }

  private static func code(_ begun: hmac_sha256_ctx, _ bytes: [UInt8]) -> [UInt8] {
    var context = begun
    unsafe nettle_hmac_sha256_update(&context, bytes.count, bytes)
    return unsafe [UInt8](unsafeUninitializedCapacity: SHA256.byteCount) { buffer, count in
      unsafe nettle_hmac_sha256_digest(&context, SHA256.byteCount, buffer.baseAddress)
      count = SHA256.byteCount
    }
  }
}

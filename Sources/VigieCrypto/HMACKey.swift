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

  /// What the key begins every code with: two blocks hashed once, not once a code.
  private let begun: HMAC<SHA256>
  /// The two halves of ``begun``, for codes by the hundred thousand: `HMAC` looks its types up at each call.
  private let inner: SHA256
  private let outer: SHA256
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
    begun = HMAC(key: key)
    (inner, outer) = HMACKey.halves(of: key)
    var code = begun
    code.update(data: Array("vigie key id".utf8))
    id = Digest.hex(Array(code.finalize().prefix(8)))
  }

  /// Returns the HMAC-SHA-256 of the bytes in lower-case hex.
  public func code(for bytes: [UInt8]) -> String { Digest.hex(rawCode(for: bytes)) }

  /// The hashes of a key with each of the two pads.
  ///
  /// *Source:* RFC 2104 §2.
  private static func halves(of key: SymmetricKey) -> (inner: SHA256, outer: SHA256) {
    var block = unsafe key.withUnsafeBytes { unsafe Array($0) }
    if block.count > SHA256.blockByteCount { block = Array(SHA256.hash(data: block)) }
    block += Array(repeating: 0, count: SHA256.blockByteCount - block.count)
    var inner = SHA256()
    inner.update(data: block.map { $0 ^ 0x36 })
    var outer = SHA256()
    outer.update(data: block.map { $0 ^ 0x5C })
    return (inner, outer)
  }

  /// Returns the first 128 bits of the HMAC-SHA-256 of the bytes, high byte first.
  package func shortCode(for bytes: [UInt8]) -> (high: Int64, low: Int64) {
    var (inner, outer) = (inner, outer)
    unsafe bytes.withUnsafeBytes { unsafe inner.update(bufferPointer: $0) }
    unsafe inner.finalize().withUnsafeBytes { unsafe outer.update(bufferPointer: $0) }
    return unsafe outer.finalize().withUnsafeBytes { buffer in
      unsafe (
        Int64(bigEndian: buffer.loadUnaligned(fromByteOffset: 0, as: Int64.self)),
        Int64(bigEndian: buffer.loadUnaligned(fromByteOffset: 8, as: Int64.self))
      )
    }
  }

  /// Returns the HMAC-SHA-256 of the bytes, 32 bytes.
  package func rawCode(for bytes: [UInt8]) -> [UInt8] {
    var code = begun
    code.update(data: bytes)
    return Array(code.finalize())
  }
}

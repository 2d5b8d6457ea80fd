import CNettle

/// The key with which an author signs rules: Ed25519.
///
/// *Source:* RFC 8032. The file holds the 32 bytes of the seed as 64 hex digits.
public struct SigningKey: Sendable {
  /// The length of a seed and of a public key, bytes.
  fileprivate static let byteCount = Int(ED25519_KEY_SIZE)

  private let seed: [UInt8]
  private let publicKey: [UInt8]

  /// What signatures of this key are checked with.
  public var verifyingKey: VerifyingKey { VerifyingKey(publicKey) }

  /// Reads a key file.
  ///
  /// - Throws: ``FileFailure`` where the file is missing, is a link, belongs to another user, can
  ///   be read or written by others (mode 0600 is right), or holds no key.
  public init(file path: String) throws(FileFailure) {
    let bytes = try readFile(path, trust: .secret, limit: VerifyingKey.maxByteCount)
    let lines = bytes.split { $0 <= 0x20 }
    guard lines.count == 1, let seed = Digest.bytes(hex: Array(lines[0])),
      seed.count == SigningKey.byteCount
    else {
      throw FileFailure(
        path: path,
        reason: "holds no signing key of 64 hex digits",
        mend: "make one with: vigie rules bundle --generate-key --key FILE"
      )
    }
    self.seed = seed
    publicKey = SigningKey.publicKey(of: seed)
  }

  /// The public key that belongs to a seed.
  fileprivate static func publicKey(of seed: [UInt8]) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, count in
      unsafe nettle_ed25519_sha512_public_key(buffer.baseAddress, seed)
      count = byteCount
    }
  }

  /// Makes a new random key and keeps it in a new file of mode 0600.
  ///
  /// - Throws: ``FileFailure`` where the file exists or cannot be written.
  public static func create(file path: String) throws(FileFailure) -> SigningKey {
    var generator = SystemRandomNumberGenerator()
    let seed = (0..<byteCount).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    try createSecretFile(path, Array((Digest.hex(seed) + "\n").utf8))
    return try SigningKey(file: path)
  }

  /// Signs bytes.
  public func signature(for bytes: [UInt8]) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: VerifyingKey.signatureByteCount) { buffer, count in
      unsafe nettle_ed25519_sha512_sign(publicKey, seed, bytes.count, bytes, buffer.baseAddress)
      count = VerifyingKey.signatureByteCount
    }
  }
}

/// The public half of a ``SigningKey``.
public struct VerifyingKey: Sendable, Hashable {
  /// The greatest length of a key file, bytes.
  public static let maxByteCount = 4096

  /// The length of a signature, bytes.
  static let signatureByteCount = Int(ED25519_SIGNATURE_SIZE)

  private let bytes: [UInt8]

  /// 64 hex digits.
  public var hex: String { Digest.hex(bytes) }

  fileprivate init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// A key from its hex digits, or `nil` where they are none.
  public init?(hex: String) {
    guard let bytes = Digest.bytes(hex: Array(hex.utf8)),
      bytes.count == SigningKey.byteCount
    else { return nil }
    self.init(bytes)
  }

  /// Reads a file of keys, one a line, so that an old one and its successor may both be trusted.
  ///
  /// - Throws: ``FileFailure`` where the file cannot be read or a line is no key.
  public static func keys(in path: String) throws(FileFailure) -> [VerifyingKey] {
    let bytes = try readFile(path, limit: maxByteCount)
    let lines = String(decoding: bytes, as: UTF8.self).split { $0.isWhitespace }
    let keys = lines.compactMap { VerifyingKey(hex: String($0)) }
    guard !keys.isEmpty, keys.count == lines.count else {
      throw FileFailure(
        path: path,
        reason: "is no file of public keys, 64 hex digits a line",
        mend: "name the .pub file beside the signing key"
      )
    }
    return keys
  }

  /// Whether this is no public key but, read as one by mistake, the private key that belongs to a public one: both are 64
  /// hex digits.
  public func isPrivateKey(of publicHex: String) -> Bool {
    Digest.hex(SigningKey.publicKey(of: bytes)) == publicHex
  }

  /// Whether a signature of these bytes was made with the private half.
  public func isSignature(_ signature: [UInt8], for bytes: [UInt8]) -> Bool {
    guard signature.count == VerifyingKey.signatureByteCount else { return false }
    return unsafe nettle_ed25519_sha512_verify(self.bytes, bytes.count, bytes, signature) == 1
  }
}

extension Digest {
  /// The bytes that hex digits write, or `nil` where they do not.
  package static func bytes(hex digits: [UInt8]) -> [UInt8]? {
    guard digits.count % 2 == 0 else { return nil }
    var bytes: [UInt8] = []
    for start in stride(from: 0, to: digits.count, by: 2) {
      var value: UInt8 = 0
      for digit in digits[start..<start + 2] {
        switch digit {
        case 0x30...0x39: value = value << 4 | (digit - 0x30)
        case 0x61...0x66: value = value << 4 | (digit - 0x57)
        case 0x41...0x46: value = value << 4 | (digit - 0x37)
        default: return nil
        }
      }
      bytes.append(value)
    }
    return bytes
  }
}

import CNettle
import Glibc

/// SHA-256 over bytes that come in pieces; a copy goes on from where the other stands.
///
/// *Source:* FIPS 180-4.
struct SHA256 {
  /// The length of a digest, bytes.
  static let byteCount = Int(SHA256_DIGEST_SIZE)

  private var context = sha256_ctx()

  init() { unsafe nettle_sha256_init(&context) }

  mutating func update(_ bytes: UnsafeRawBufferPointer) {
    unsafe nettle_sha256_update(&context, bytes.count, bytes.baseAddress)
  }

  mutating func update(_ bytes: [UInt8]) { unsafe bytes.withUnsafeBytes { unsafe update($0) } }

  /// The digest of what came so far.
  func finalize() -> [UInt8] {
    var context = context
    return unsafe [UInt8](unsafeUninitializedCapacity: SHA256.byteCount) { buffer, count in
      unsafe nettle_sha256_digest(&context, SHA256.byteCount, buffer.baseAddress)
      count = SHA256.byteCount
    }
  }
}

/// SHA-256 digests in hex.
public enum Digest {
  /// Returns the SHA-256 of bytes as 64 lower-case hex digits.
  public static func sha256(_ bytes: [UInt8]) -> String { hex(rawSHA256(bytes)) }

  /// Returns the SHA-256 of bytes as 32 bytes.
  public static func rawSHA256(_ bytes: [UInt8]) -> [UInt8] {
    var hash = SHA256()
    hash.update(bytes)
    return hash.finalize()
  }

  /// Returns the SHA-256 of bytes in memory as 32 bytes.
  package static func rawSHA256(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
    var hash = SHA256()
    unsafe hash.update(bytes)
    return hash.finalize()
  }

  /// Returns the SHA-256 of what an open file holds from its start, as 64 lower-case hex digits.
  ///
  /// The file is read in pieces, wherever its offset stands.
  ///
  /// - Returns: The digest, or `nil` where the file cannot be read to its end.
  package static func sha256(descriptor: CInt) -> String? {
    var hash = SHA256()
    var piece = [UInt8](repeating: 0, count: 1 << 18)
    var offset = 0
    while true {
      let count = unsafe piece.withUnsafeMutableBytes { buffer in
        let got = unsafe pread(descriptor, buffer.baseAddress, buffer.count, offset)
        if got > 0 { unsafe hash.update(UnsafeRawBufferPointer(rebasing: buffer[..<got])) }
        return got
      }
      if count == 0 { return hex(hash.finalize()) }
      if count < 0, errno != EINTR { return nil }
      offset += max(0, count)
    }
  }

  /// Returns bytes as lower-case hex digits.
  public static func hex(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count * 2)
    for byte in bytes {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }
}

/// A SHA-256 over several named pieces, in which no piece can pass for a part of another.
public struct DigestBuilder {
  private var hash = SHA256()

  /// A digest over nothing yet.
  public init() {}

  /// Adds a piece, preceded by its length.
  public mutating func add(_ bytes: [UInt8]) {
    hash.update((0..<8).map { UInt8(truncatingIfNeeded: bytes.count >> ($0 * 8)) })
    hash.update(bytes)
  }

  /// Adds the UTF-8 of a text, preceded by its length.
  public mutating func add(_ text: String) { add(Array(text.utf8)) }

  /// The 32 bytes of the digest.
  public func finalize() -> [UInt8] { hash.finalize() }
}

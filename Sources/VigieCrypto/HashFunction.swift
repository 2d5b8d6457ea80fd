import CNettle

/// A hash function by which documents of others are locked; Vigie keeps nothing under the old ones.
///
/// *Source:* RFC 1321 (MD5), FIPS 180-4 (the others).
package enum HashFunction: Sendable {
  case md5, sha1, sha256, sha384, sha512

  /// The length of a digest, bytes.
  package var byteCount: Int {
    switch self {
    case .md5: Int(MD5_DIGEST_SIZE)
    case .sha1: Int(SHA1_DIGEST_SIZE)
    case .sha256: Int(SHA256_DIGEST_SIZE)
    case .sha384: Int(SHA384_DIGEST_SIZE)
    case .sha512: Int(SHA512_DIGEST_SIZE)
    }
  }

  /// The digest of some bytes.
  package func digest(_ bytes: [UInt8]) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, count in
      unsafe bytes.withUnsafeBufferPointer { unsafe digest($0, into: buffer) }
      count = byteCount
    }
  }

  /// Hashes a digest again and again, each time behind the number of the round.
  ///
  /// - Parameters:
  ///   - digest: What the first round hashes; as long as a digest.
  ///   - rounds: How many rounds there are, from 0; the number is 32 bits, the low byte first.
  /// - Returns: The digest of the last round.
  ///
  /// *Source:* [MS-OFFCRYPTO] §2.3.4.7, §2.3.4.11.
  package func rehash(_ digest: [UInt8], rounds: Int) -> [UInt8] {
    var block = [UInt8](repeating: 0, count: 4) + digest
    unsafe block.withUnsafeMutableBufferPointer { block in
      for round in 0..<max(0, rounds) {
        for place in 0..<4 {
          unsafe block[place] = UInt8(truncatingIfNeeded: round >> (place * 8))
        }
        let rest = unsafe UnsafeMutableBufferPointer(rebasing: block[4...])
        unsafe self.digest(UnsafeBufferPointer(block), into: rest)
      }
    }
    return Array(block[4...])
  }

  private func digest(
    _ bytes: UnsafeBufferPointer<UInt8>,
    into digest: UnsafeMutableBufferPointer<UInt8>
  ) {
    switch self {
    case .md5:
      var context = md5_ctx()
      unsafe nettle_md5_init(&context)
      unsafe nettle_md5_update(&context, bytes.count, bytes.baseAddress)
      unsafe nettle_md5_digest(&context, byteCount, digest.baseAddress)
    case .sha1:
      var context = sha1_ctx()
      unsafe nettle_sha1_init(&context)
      unsafe nettle_sha1_update(&context, bytes.count, bytes.baseAddress)
      unsafe nettle_sha1_digest(&context, byteCount, digest.baseAddress)
    case .sha256:
      var context = sha256_ctx()
      unsafe nettle_sha256_init(&context)
      unsafe nettle_sha256_update(&context, bytes.count, bytes.baseAddress)
      unsafe nettle_sha256_digest(&context, byteCount, digest.baseAddress)
    case .sha384:
      var context = sha512_ctx()
      unsafe nettle_sha384_init(&context)
      unsafe nettle_sha512_update(&context, bytes.count, bytes.baseAddress)
      unsafe nettle_sha384_digest(&context, byteCount, digest.baseAddress)
    case .sha512:
      var context = sha512_ctx()
      unsafe nettle_sha512_init(&context)
      unsafe nettle_sha512_update(&context, bytes.count, bytes.baseAddress)
      unsafe nettle_sha512_digest(&context, byteCount, digest.baseAddress)
    }
  }
}

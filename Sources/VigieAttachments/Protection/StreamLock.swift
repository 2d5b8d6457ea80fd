import VigieCrypto
import VigieDocuments

/// The lock of documents of Office 97 to 2003, a stream cipher that starts anew for each numbered block, opened with
/// a password that the program tries by itself.
///
/// *Source:* [MS-OFFCRYPTO] §2.3.6 (RC4), §2.3.5 (RC4 CryptoAPI).
struct StreamLock {
  private let hash: HashFunction
  /// What is hashed with the number of a block.
  private let seed: [UInt8]
  /// Bytes of a digest that are the key.
  private let keyByteCount: Int
  /// Bytes of the key, with zeros at its end.
  private let paddedByteCount: Int

  /// A lock from what the document says of it, or `nil` where no such password opens it.
  init?(_ header: Octets) {
    SeldomUsed.need(.markup)
    for password in DefaultPassword.all {
      if let lock = StreamLock(header, password), lock.isRight(header) {
        self = lock
        return
      }
    }
    return nil
  }

  private init?(_ header: Octets, _ password: [UInt8]) {
    switch (header.u16(0), header.u16(2)) {
    case (1, 1):
      guard let salt = header.slice(4, 16) else { return nil }
      hash = .md5
      let start = Array(hash.digest(password).prefix(5)) + salt.bytes
      let repeated = (0..<16).flatMap { _ in start }
      seed = Array(hash.digest(repeated).prefix(5))
      (keyByteCount, paddedByteCount) = (16, 16)
    case (2, 2), (3, 2), (4, 2):
      // The header says its own length; what verifies the password follows it.
      guard let headerLength = header.u32(8), let bitCount = header.u32(12 + 16),
        let cipher = header.u32(12 + 8), cipher == 0 || cipher == StreamLock.rc4,
        let salt = header.slice(12 + headerLength + 4, 16), bitCount <= 128
      else { return nil }
      hash = .sha1
      seed = hash.digest(salt.bytes + password)
      keyByteCount = bitCount == 0 ? 5 : bitCount / 8
      paddedByteCount = keyByteCount == 5 ? 16 : keyByteCount
    default: return nil
    }
  }

  /// The number of the cipher.
  ///
  /// *Source:* [MS-OFFCRYPTO] §2.3.2 (EncryptionHeader, AlgID).
  private static let rc4 = 0x6801

  /// Whether the password is that of the document.
  private func isRight(_ header: Octets) -> Bool {
    let isOld = hash == .md5
    let start = isOld ? 20 : 12 + (header.u32(8) ?? 0) + 20
    let digestStart = start + 16 + (isOld ? 0 : 4)
    guard let verifier = header.slice(start, 16),
      let digest = header.slice(digestStart, hash.byteCount), var stream = stream(of: 0)
    else { return false }
    let plain = stream.decrypted(verifier.array)
    return hash.digest(plain) == stream.decrypted(digest.array)
  }

  /// The stream of a block, from its start.
  func stream(of block: Int) -> RC4? {
    var key = Array(hash.digest(seed + littleEndian(block)).prefix(keyByteCount))
    key += [UInt8](repeating: 0, count: max(0, paddedByteCount - key.count))
    return RC4(key: key)
  }

  /// What the bytes of a block were.
  func decrypted(_ bytes: Octets, block: Int) -> [UInt8] {
    guard var stream = stream(of: block) else { return [] }
    return stream.decrypted(bytes.array)
  }

  /// The streams that lie together in one: the properties of a document that is locked whole.
  ///
  /// *Source:* [MS-OFFCRYPTO] §2.3.5.4 (encrypted summary stream).
  func members(of summary: Octets) -> [(name: String, bytes: Octets)] {
    let head = Octets(decrypted(summary.clamped(0, 8), block: 0))
    guard let start = head.u32(0), let length = head.u32(4) else { return [] }
    let table = Octets(decrypted(summary.clamped(start, length), block: 0))
    var members: [(name: String, bytes: Octets)] = []
    var offset = 4
    for _ in 0..<min(table.u32(0) ?? 0, StreamLock.maxMemberCount) {
      guard let place = table.u32(offset), let count = table.u32(offset + 4),
        let block = table.u16(offset + 8), let nameLength = table.u8(offset + 10)
      else { break }
      let name = table.clamped(offset + 16, nameLength * 2).utf16Decoded.string
      members.append((name, Octets(decrypted(summary.clamped(place, count), block: block))))
      offset += 16 + nameLength * 2 + 2
    }
    return members
  }

  /// Streams that lie together in one, at most: there are two of properties and few others.
  private static let maxMemberCount = 16
}

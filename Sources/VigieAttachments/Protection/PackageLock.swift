import VigieCrypto
import VigieDocuments
import VigieMarkup

/// The lock of a document of Office 2007 and later, which lies whole in a stream of a compound file, opened with a
/// password that a program tries by itself.
///
/// *Source:* [MS-OFFCRYPTO] §2.3.4.
struct PackageLock {
  private let cipher: AES
  /// How the first block of each segment is mixed; `nil` where every block stands by itself.
  private let chain: (hash: HashFunction, salt: [UInt8])?

  /// A lock from the stream `EncryptionInfo`, or `nil` where no such password opens it.
  init?(_ info: Octets) {
    SeldomUsed.need(.markup)
    let version = (info.u16(0), info.u16(2))
    for password in DefaultPassword.all {
      let lock: PackageLock? =
        switch version {
        case (2, 2), (3, 2), (4, 2): PackageLock(standard: info, password)
        case (4, 4): PackageLock(agile: info.clamped(8), password)
        default: nil
        }
      if let lock {
        self = lock
        return
      }
    }
    return nil
  }

  /// Returns the document in the stream `EncryptedPackage`.
  func opened(_ package: Octets) -> [UInt8] {
    let body = package.clamped(8)
    var result: [UInt8]
    if let chain {
      result = []
      result.reserveCapacity(body.count)
      for start in stride(from: 0, to: body.count, by: PackageLock.segmentByteCount) {
        let segment = body.clamped(start, PackageLock.segmentByteCount)
        let number = littleEndian(start / PackageLock.segmentByteCount)
        result += cipher.decrypted(segment.bytes, after: chain.hash.digest(chain.salt + number))
      }
    } else {
      result = cipher.decrypted(body.bytes)
    }
    // The length is a lie where the stream is cut: what is there is read.
    let length = package.u32(4) == 0 ? package.u32(0) ?? 0 : result.count
    if length < result.count { result.removeLast(result.count - length) }
    return result
  }

  /// The length of a segment, bytes.
  ///
  /// *Source:* [MS-OFFCRYPTO] §2.3.4.15.
  private static let segmentByteCount = 4096

  // MARK: Standard encryption

  /// *Source:* [MS-OFFCRYPTO] §2.3.4.5 (header), §2.3.4.7 (key), §2.3.4.9 (verification).
  private init?(standard info: Octets, _ password: [UInt8]) {
    let hash = HashFunction.sha1
    guard let headerLength = info.u32(8), let bitCount = info.u32(28),
      let salt = info.slice(12 + headerLength + 4, 16),
      let verifier = info.slice(12 + headerLength + 20, 16),
      let verifierDigest = info.slice(12 + headerLength + 40, 32)
    else { return nil }
    let rounds = hash.rehash(hash.digest(salt.bytes + password), rounds: 50_000)
    let digest = hash.digest(rounds + littleEndian(0))
    let halves = [0x36, 0x5C].map { (filler: UInt8) in
      hash.digest((0..<64).map { $0 < digest.count ? digest[$0] ^ filler : filler })
    }
    let key = Array((halves[0] + halves[1]).prefix(bitCount / 8))
    guard let cipher = AES(key: key) else { return nil }
    let expected = hash.digest(cipher.decrypted(verifier.bytes))
    guard cipher.decrypted(verifierDigest.bytes).starts(with: expected) else { return nil }
    self.cipher = cipher
    chain = nil
  }

  // MARK: Agile encryption

  /// *Source:* [MS-OFFCRYPTO] §2.3.4.10 (descriptor), §2.3.4.11 to §2.3.4.13 (keys).
  private init?(agile description: Octets, _ password: [UInt8]) {
    let descriptor = AgileDescriptor()
    _ = unsafe MarkupParser.parse(
      description.array.span.bytes,
      vocabulary: AgileDescriptor.vocabulary,
      handler: descriptor
    )
    guard let data = descriptor.data, let keys = descriptor.password,
      descriptor.rounds <= PackageLock.maxRoundCount
    else { return nil }
    let first = keys.hash.digest(keys.salt + password)
    let digest = keys.hash.rehash(first, rounds: descriptor.rounds)
    func opened(_ bytes: [UInt8], _ purpose: [UInt8]) -> [UInt8] {
      let key = keys.hash.digest(digest + purpose).fitted(to: keys.keyByteCount)
      let start = keys.salt.fitted(to: AES.blockByteCount)
      return AES(key: key)?.decrypted(bytes[...], after: start) ?? []
    }
    let verifier = opened(descriptor.verifier, [0xFE, 0xA7, 0xD2, 0x76, 0x3B, 0x4B, 0x9E, 0x79])
    let verifierDigest = opened(
      descriptor.verifierDigest,
      [0xD7, 0xAA, 0x0F, 0x6D, 0x30, 0x61, 0x34, 0x4E]
    )
    // The verifier is as long as the salt; what follows in its block is filling.
    let expected = keys.hash.digest(Array(verifier.prefix(keys.salt.count)))
    guard !verifier.isEmpty, verifierDigest.starts(with: expected) else { return nil }
    let key = opened(descriptor.key, [0x14, 0x6E, 0x0B, 0xE7, 0xAB, 0xAC, 0xD0, 0xD6])
    guard let cipher = AES(key: Array(key.prefix(data.keyByteCount))) else { return nil }
    self.cipher = cipher
    chain = (data.hash, data.salt)
  }

  /// Rounds that are run for a password, at most: Office asks for 100,000 and may ask for 10,000,000, which would
  /// take all the time that a document has.
  private static let maxRoundCount = 1_000_000
}

extension [UInt8] {
  /// The first bytes, with 0x36 at the end where there are too few.
  ///
  /// *Source:* [MS-OFFCRYPTO] §2.3.4.11, §2.3.4.12.
  fileprivate func fitted(to count: Int) -> [UInt8] {
    Array(prefix(count)) + [UInt8](repeating: 0x36, count: Swift.max(0, count - self.count))
  }
}

/// Reads what the XML of the agile encryption says: of the document, and of the password that unlocks its key.
private final class AgileDescriptor: MarkupHandler {
  /// How something is locked.
  struct Parameters {
    var hash: HashFunction
    var keyByteCount: Int
    var salt: [UInt8]
  }

  private(set) var data: Parameters?
  private(set) var password: Parameters?
  private(set) var rounds = 0
  private(set) var verifier: [UInt8] = []
  private(set) var verifierDigest: [UInt8] = []
  private(set) var key: [UInt8] = []

  private enum Name: String, CaseIterable {
    case keyData, encryptedKey, spinCount, keyBits, saltValue, hashAlgorithm, cipherAlgorithm
    case cipherChaining, encryptedVerifierHashInput, encryptedVerifierHashValue, encryptedKeyValue
  }

  static let vocabulary = MarkupVocabulary(Name.allCases.map(\.rawValue))

  func start(_ element: borrowing MarkupElement) -> Bool {
    let names = Name.allCases
    guard names.indices.contains(element.name) else { return true }
    var values: [Name: String] = [:]
    for index in 0..<element.attributeCount {
      let number = element.attributeName(index)
      if names.indices.contains(number) { values[names[number]] = element.attributeValue(index) }
    }
    func bytes(_ name: Name) -> [UInt8] { Base64Text.decode((values[name] ?? "").utf8) }
    switch names[element.name] {
    case .keyData: data = AgileDescriptor.parameters(values, bytes(.saltValue))
    case .encryptedKey where password == nil:
      password = AgileDescriptor.parameters(values, bytes(.saltValue))
      rounds = Int(values[.spinCount] ?? "") ?? .max
      verifier = bytes(.encryptedVerifierHashInput)
      verifierDigest = bytes(.encryptedVerifierHashValue)
      key = bytes(.encryptedKeyValue)
    default: break
    }
    return true
  }

  func end(_ name: Int) {}
  func characters(_ text: Span<UInt8>) {}
  func unparsed(_ text: Span<UInt8>) {}

  private static func parameters(_ values: [Name: String], _ salt: [UInt8]) -> Parameters? {
    guard values[.cipherAlgorithm] == "AES", values[.cipherChaining] == "ChainingModeCBC",
      let bitCount = Int(values[.keyBits] ?? ""), (128...256).contains(bitCount), !salt.isEmpty
    else { return nil }
    let hash: HashFunction? =
      switch values[.hashAlgorithm] {
      case "SHA512": .sha512
      case "SHA384": .sha384
      case "SHA256": .sha256
      case "SHA1", "SHA-1": .sha1
      case "MD5": .md5
      default: nil
      }
    return hash.map { Parameters(hash: $0, keyByteCount: bitCount / 8, salt: salt) }
  }
}

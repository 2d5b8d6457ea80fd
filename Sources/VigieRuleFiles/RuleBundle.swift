public import VigieCrypto
public import VigieRulebook

/// A rules directory that somebody answers for: the digest of every file in it, signed.
///
/// `bundle.sig` lies in the directory and is text: `vigie-bundle 1`, `key` and the public key, a
/// line `digest  name` for each file, and `signature` over everything above it. Names are those in
/// the directory, so that it can be moved or unpacked elsewhere.
public struct RuleBundle: Sendable, Equatable {
  /// The name of the file in a rules directory.
  public static let fileName = "bundle.sig"
  /// The greatest length, bytes, of a file that is read.
  static let maxByteCount = 1 << 20
  private static let title = "vigie-bundle 1"

  /// The public key the author signed with, hex.
  public let key: String
  /// The SHA-256 of each file by name.
  let digests: [String: String]
  private let signedBytes: [UInt8]
  private let signature: [UInt8]

  /// Reads the bytes of a file, or gives `nil` where they are no bundle.
  init?(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.count >= 4, lines.removeLast().isEmpty, lines.first == Self.title[...],
      lines[1].hasPrefix("key "), let last = lines.last, last.hasPrefix("signature "),
      let signature = Digest.bytes(hex: Array(last.dropFirst(10).utf8))
    else { return nil }
    var digests: [String: String] = [:]
    for line in lines[2...].dropLast() {
      guard line.utf8.count > 66, line.dropFirst(64).hasPrefix("  "),
        digests.updateValue(String(line.prefix(64)), forKey: String(line.dropFirst(66))) == nil
      else { return nil }
    }
    key = String(lines[1].dropFirst(4))
    self.digests = digests
    self.signature = signature
    signedBytes = Array(bytes.prefix(bytes.count - last.utf8.count - 1))
  }

  /// Signs files.
  ///
  /// - Returns: The bytes of the file, or `nil` where a name has a line break.
  static func signed(_ files: [(name: String, bytes: [UInt8])], with key: SigningKey) -> [UInt8]? {
    guard files.allSatisfy({ !$0.name.contains { $0.isNewline } }) else { return nil }
    let lines = files.map { Digest.sha256($0.bytes) + "  " + $0.name }.sorted()
    let text = ([title, "key " + key.verifyingKey.hex] + lines).joined(separator: "\n") + "\n"
    let signature = key.signature(for: Array(text.utf8))
    return Array((text + "signature " + Digest.hex(signature) + "\n").utf8)
  }

  /// Whether the signature is that of the key it names, and that key is one of some.
  func isSigned(by keys: [VerifyingKey]) -> Bool {
    keys.contains { $0.hex == key && $0.isSignature(signature, for: signedBytes) }
  }
}

extension RuleSnapshot {
  /// The files of one directory that a bundle answers for.
  private func bundled(_ layer: Int, in directory: String) -> [(name: String, bytes: [UInt8])] {
    var own = files.filter { $0.layer == layer && !$0.isChosenPolicy }.map { ($0.name, $0.bytes) }
    // It says which examples need not be tried: who changes it gets rules past their examples.
    let tried = directory + "/" + TriedFamilies.fileName
    if let bytes = try? readFile(tried, limit: TriedFamilies.maxByteCount) {
      own.append((TriedFamilies.fileName, bytes))
    }
    return own
  }

  /// What `bundle.sig` of the last directory has to say.
  ///
  /// - Parameters:
  ///   - sources: Where the files of this snapshot lie.
  ///   - key: The author's key.
  /// - Returns: The bytes of the file, or `nil` where a file's name cannot stand in it.
  public func bundle(of sources: RuleSources, signedWith key: SigningKey) -> [UInt8]? {
    let directory = sources.sites.last ?? sources.shipped
    return RuleBundle.signed(bundled(sources.sites.count, in: directory), with: key)
  }

  /// Refuses files that nobody trusted answers for.
  ///
  /// - Parameters:
  ///   - sources: Where the files of this snapshot lie.
  ///   - keys: The keys that are trusted.
  /// - Throws: ``RuleFaults`` that name every directory without a signature of these keys, and every
  ///   file that was changed, added or taken away since.
  public func verify(
    _ sources: RuleSources,
    signedBy keys: [VerifyingKey]
  ) throws(RuleFaults) {
    var faults: [RuleFault] = []
    var known: Set<String> = []
    func fault(_ path: String, _ reason: String, _ mend: String) {
      let position = SourcePosition(file: path, line: 0, column: 0)
      faults.append(RuleFault(at: position, reason, mend: mend))
    }
    let again = "restore it from the signed rules, or have its author sign: vigie rules bundle"
    for (layer, directory) in ([sources.shipped] + sources.sites).enumerated() {
      let path = directory + "/" + RuleBundle.fileName
      guard let bytes = try? readFile(path, limit: RuleBundle.maxByteCount) else {
        fault(directory, "the rules are not signed: there is no \(RuleBundle.fileName)", again)
        continue
      }
      guard let bundle = RuleBundle(bytes) else {
        fault(path, "the file is no signature of rules", again)
        continue
      }
      if keys.contains(where: { $0.isPrivateKey(of: bundle.key) }) {
        fault(
          path,
          "what is to be trusted is the private key with which the rules are signed",
          "trust its public half, the .pub file beside it; keep the private key where no server reads it"
        )
        continue
      }
      guard keys.contains(where: { $0.hex == bundle.key }) else {
        fault(
          path,
          "the rules are signed with the key \(bundle.key.prefix(16))…, which is not trusted",
          "check where the rules come from; add that key to the trusted ones if it is its author's"
        )
        continue
      }
      guard bundle.isSigned(by: keys) else {
        fault(path, "the signature does not fit: the file was changed after signing", again)
        continue
      }
      known.formUnion(bundle.digests.values)
      var missing = Set(bundle.digests.keys)
      for file in bundled(layer, in: directory) {
        missing.remove(file.name)
        let place = directory + "/" + file.name
        if let digest = bundle.digests[file.name] {
          if digest != Digest.sha256(file.bytes) {
            fault(place, "the file was changed after the rules were signed", again)
          }
        } else {
          fault(place, "the file was added after the rules were signed", again)
        }
      }
      for name in missing.sorted() {
        fault(directory + "/" + name, "the file is missing from the signed rules", again)
      }
    }
    for file in files where file.isChosenPolicy && !known.contains(Digest.sha256(file.bytes)) {
      fault(
        file.path,
        "the policy is not signed",
        "put it into policies/ of a rules directory, and have that signed"
      )
    }
    if !faults.isEmpty { throw RuleFaults(faults) }
  }
}

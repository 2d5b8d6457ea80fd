import VigieCore

/// The keys of fingerprints that were in use one after the other, the first made first.
///
/// A fingerprint under the keys k₁ … kₙ is HMAC(kₙ, label ‖ HMAC(kₙ₋₁, label ‖ … HMAC(k₁, text))). So a new
/// key is put on top of fingerprints that are kept, without the texts that they were taken of:
///
/// - equal fingerprints stay equal and different ones different (but for 2⁻²⁵⁶), so what people said of them holds;
/// - who knows all keys but the newest can test no guess at a text against them: to them HMAC under the newest
///   key is a random function (*Source:* RFC 2104; M. Bellare, "New Proofs for NMAC and HMAC", 2006);
/// - a text found later gets the same fingerprint as one found before, for which all keys are kept.
package struct KeyChain: MessageAuthentication, Sendable {
  /// What stands before a fingerprint that a later key is put on, so that none passes for a text.
  private static let label = Array("vigie fingerprint under an earlier key\0".utf8)

  private let first: HMACKey
  private let later: [HMACKey]

  /// A chain of keys, the first made first.
  package init(_ first: HMACKey, then later: [HMACKey] = []) {
    self.first = first
    self.later = later
  }

  /// The newest key.
  package var newest: HMACKey { later.last ?? first }

  /// The ids of the keys, the first made first.
  package var ids: [String] { [first.id] + later.map(\.id) }

  /// The chain with one more key.
  package func adding(_ key: HMACKey) -> KeyChain { KeyChain(first, then: later + [key]) }

  /// The fingerprint of bytes, in lower-case hex.
  package func code(for bytes: [UInt8]) -> String {
    Digest.hex(later.reduce(first.rawCode(for: bytes)) { KeyChain.code($0, under: $1) })
  }

  /// A fingerprint, 32 bytes, with one more key put on it.
  package static func code(_ fingerprint: [UInt8], under key: HMACKey) -> [UInt8] {
    key.rawCode(for: label + fingerprint)
  }
}

extension KeyChain {
  /// The file of a key: the first is the file itself, those after it have their number at the end.
  package static func path(ofKey number: Int, beside path: String) -> String {
    number == 1 ? path : "\(path).\(number)"
  }

  /// Reads as many keys as there are ids, and holds them against the ids.
  ///
  /// - Parameters:
  ///   - path: The file of the first key.
  ///   - ids: The ids of the keys, the first made first; at least one.
  /// - Throws: ``FileFailure`` where a file is missing or not private, or holds another key.
  package init(file path: String, ids: [String]) throws(FileFailure) {
    var keys: [HMACKey] = []
    for (index, id) in ids.enumerated() {
      let file = KeyChain.path(ofKey: index + 1, beside: path)
      let key = try HMACKey(file: file)
      guard key.id == id else {
        throw FileFailure(
          path: file,
          reason: "holds the key \(key.id); the store was made with \(id)",
          mend: "name the file of that key with --key-file, or use a new store"
        )
      }
      keys.append(key)
    }
    self.init(keys[0], then: Array(keys.dropFirst()))
  }
}

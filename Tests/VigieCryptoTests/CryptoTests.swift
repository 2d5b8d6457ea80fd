import Foundation
import Testing
import VigieCrypto

@Suite("Digests and keys")
struct CryptoTests {
  @Test(
    "SHA-256 gives the digests of FIPS 180-4",
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    ]
  )
  func sha256(text: String, digest: String) {
    #expect(Digest.sha256(Array(text.utf8)) == digest)
  }

  @Test("a code is the HMAC-SHA-256 of RFC 4231, test case 6")
  func code() throws {
    let key = try #require(HMACKey(bytes: [UInt8](repeating: 0xAA, count: 131)))
    let text = "Test Using Larger Than Block-Size Key - Hash Key First"
    #expect(
      key.code(for: Array(text.utf8))
        == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
    )
  }

  @Test("a short code is the beginning of the code, whatever the lengths of key and text")
  func shortCode() throws {
    for keyCount in [32, 64, 65, 131] {
      let key = try #require(HMACKey(bytes: (0..<keyCount).map { UInt8($0) }))
      for count in [0, 1, 55, 56, 64, 65, 1000] {
        let text = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
        let short = key.shortCode(for: text)
        let bytes = [short.high, short.low].flatMap { number in
          (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) }
        }
        #expect(bytes == Array(key.rawCode(for: text).prefix(16)))
      }
    }
  }

  @Test("a file is digested in pieces, wherever its offset stands")
  func file() throws {
    let path = NSTemporaryDirectory() + "vigie-digest-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: path) }
    // Longer than two pieces, and no multiple of one.
    let bytes = (0..<600_001).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
    try handle.seek(toOffset: 77)
    #expect(Digest.sha256(descriptor: handle.fileDescriptor) == Digest.sha256(bytes))
    try handle.close()
    #expect(Digest.sha256(descriptor: -1) == nil)
    let folder = unsafe open(NSTemporaryDirectory(), O_RDONLY)
    defer { close(folder) }
    #expect(Digest.sha256(descriptor: folder) == nil)
  }

  @Test("a key without a file is another one each time")
  func randomKey() {
    let first = HMACKey()
    let second = HMACKey()
    #expect(first.code(for: [1]) == first.code(for: [1]))
    #expect(first.code(for: [1]) != second.code(for: [1]))
    #expect(first.id != second.id)
  }

  @Test("pieces of a digest cannot run into each other")
  func pieces() {
    func digest(_ pieces: [String]) -> [UInt8] {
      var builder = DigestBuilder()
      for piece in pieces { builder.add(piece) }
      return builder.finalize()
    }
    #expect(digest(["ab", "c"]) != digest(["a", "bc"]))
    #expect(digest(["ab", ""]) != digest(["ab"]))
  }

  @Test("a key file is made once, with mode 0600, and read again as the same key")
  func keyFile() throws {
    let path = try scratch() + "/key"
    let made = try HMACKey.create(file: path)
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    #expect(attributes[.posixPermissions] as? Int == 0o600)
    let read = try HMACKey(file: path)
    #expect(read.id == made.id)
    #expect(read.code(for: [1]) == made.code(for: [1]))
    #expect(throws: FileFailure.self) { try HMACKey.create(file: path) }
  }

  @Test(
    "a key file that others may read, too short, too long or no file is refused",
    arguments: [
      (0o644, 32, "can be read or written by others (mode 0644)"),
      (0o620, 32, "can be read or written by others (mode 0620)"),
      (0o600, 31, "holds 31 bytes; a key has 32 or more"),
      (0o600, 5000, "cannot be read, or is longer than 4096 bytes"),
    ]
  )
  func refusal(mode: Int, count: Int, reason: String) throws {
    let path = try scratch() + "/key"
    try Data(repeating: 7, count: count).write(to: URL(fileURLWithPath: path))
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    let failure = #expect(throws: FileFailure.self) { try HMACKey(file: path) }
    #expect(failure?.reason == reason)
  }

  @Test("a link is not followed to a key")
  func link() throws {
    let directory = try scratch()
    _ = try HMACKey.create(file: directory + "/key")
    try FileManager.default.createSymbolicLink(
      atPath: directory + "/link",
      withDestinationPath: directory + "/key"
    )
    #expect(throws: FileFailure.self) { try HMACKey(file: directory + "/link") }
    #expect(throws: FileFailure.self) { try HMACKey(file: directory) }
    #expect(throws: FileFailure.self) { try HMACKey(file: directory + "/none") }
  }

  @Test("a private directory reads back what it replaced, and nothing others could have written")
  func privateDirectory() throws {
    let path = try scratch() + "/cache/vigie"
    guard let directory = PrivateDirectory(path: path) else {
      Issue.record("the directory is refused")
      return
    }
    let missing = directory.read("a", limit: 10)
    let written = [directory.replace("a", with: [1, 2, 3]), directory.replace("a", with: [4, 5])]
    let read = directory.read("a", limit: 10)
    let long = directory.read("a", limit: 1)
    #expect(missing == nil && written == [true, true] && read == [4, 5] && long == nil)
    #expect(try FileManager.default.contentsOfDirectory(atPath: path) == ["a"])
    try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: path + "/a")
    let shared = directory.read("a", limit: 10)
    #expect(shared == nil)
    try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: path)
    let isRefused = PrivateDirectory(path: path) == nil
    #expect(isRefused)
  }

  private func scratch() throws -> String {
    let path = NSTemporaryDirectory() + "vigie-crypto-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return path
  }
}

@Suite("Signatures")
struct SigningKeyTests {
  private func file(_ text: String, mode: Int = 0o600) throws -> String {
    let path = NSTemporaryDirectory() + "vigie-key-" + UUID().uuidString
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    return path
  }

  @Test("a key has the public half of RFC 8032 §7.1, test 1, and takes its signature alone")
  func vector() throws {
    let path = try file("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60\n")
    let key = try SigningKey(file: path).verifyingKey
    #expect(key.hex == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    let signature = try #require(
      Digest.bytes(
        hex: Array(
          ("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bac"
            + "c61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b").utf8
        )
      )
    )
    #expect(key.isSignature(signature, for: []))
    #expect(!key.isSignature(signature, for: [0]))
    #expect(!key.isSignature([], for: []))
  }

  @Test("a new key is in a new file of mode 0600, and its signatures fit its public half alone")
  func create() throws {
    let path = NSTemporaryDirectory() + "vigie-key-" + UUID().uuidString
    let key = try SigningKey.create(file: path)
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
    #expect(mode as? Int == 0o600)
    let signature = key.signature(for: [1, 2, 3])
    #expect(try SigningKey(file: path).verifyingKey.isSignature(signature, for: [1, 2, 3]))
    #expect(throws: FileFailure.self) { try SigningKey.create(file: path) }
    let other = try SigningKey.create(file: path + "-other").verifyingKey
    #expect(!other.isSignature(signature, for: [1, 2, 3]))
  }

  @Test("files that are no key, or that others can read, are refused")
  func refusals() throws {
    let good = String(repeating: "0a", count: 32)
    for (text, mode) in [("", 0o600), ("abc", 0o600), (good + good, 0o600), (good, 0o644)] {
      let path = try file(text, mode: mode)
      #expect(throws: FileFailure.self) { try SigningKey(file: path) }
    }
    #expect(throws: FileFailure.self) { try VerifyingKey.keys(in: file("no key\n")) }
    #expect(throws: FileFailure.self) { try VerifyingKey.keys(in: file("")) }
  }
}

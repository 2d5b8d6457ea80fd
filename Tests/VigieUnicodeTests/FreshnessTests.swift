import Foundation
import Testing
import VigieUnicode

/// The generated file stems from the generator as it is now, checked without ICU.
@Suite("The generated tables")
struct FreshnessTests {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private static func bytes(_ path: String) throws -> [UInt8] {
    try [UInt8](Data(contentsOf: root.appendingPathComponent(path)))
  }

  /// The generated file, cut into the header's fields and the body that follows.
  private static func generated() throws -> (fields: [Substring: Substring], body: String) {
    let text = String(
      decoding: try bytes("Sources/VigieUnicode/ScalarFold+Generated.swift"),
      as: UTF8.self
    )
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let header = lines.prefix { $0.hasPrefix("//") }
    var fields: [Substring: Substring] = [:]
    for line in header {
      guard let colon = line.firstIndex(of: ":") else { continue }
      fields[line[..<colon].dropFirst(3)] = line[colon...].dropFirst(2)
    }
    return (fields, lines.dropFirst(header.count).joined(separator: "\n"))
  }

  @Test("stem from the generator as it is now; else run Tools/unicode-tables/generate.py")
  func generator() throws {
    let sources = ["generate.py", "inputs.py", "lookalikes.py", "spelling.py"]
    let tool = try sources.flatMap { try FreshnessTests.bytes("Tools/unicode-tables/\($0)") }
    #expect(try FreshnessTests.generated().fields["generator-sha256"] == sha256(tool)[...])
  }

  @Test("were not edited by hand")
  func untouched() throws {
    let (fields, body) = try FreshnessTests.generated()
    #expect(fields["tables-sha256"] == sha256([UInt8](body.utf8))[...])
    #expect(fields["inputs-sha256"]?.count == 64)
    #expect(fields["unicode"]?.hasPrefix("\(ScalarFold.unicodeVersion) ") == true)
  }

  @Test("are digested by a SHA-256 that passes the vectors of FIPS 180")
  func vectors() {
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    #expect(sha256(Array("abc".utf8)) == abc)
    let long = "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    #expect(
      sha256(Array("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".utf8)) == long
    )
  }
}

/// SHA-256 (FIPS 180-4) in lower-case hex; small rather than fast.
private func sha256(_ message: [UInt8]) -> String {
  let primes = (2...311).filter { candidate in !(2..<candidate).contains { candidate % $0 == 0 } }
  func fraction(_ root: Double) -> UInt32 {
    UInt32(truncatingIfNeeded: UInt64((root - root.rounded(.down)) * 4_294_967_296))
  }
  let constants = primes.map { fraction(cbrt(Double($0))) }
  var state = primes.prefix(8).map { fraction(Double($0).squareRoot()) }
  var padded = message + [0x80]
  while padded.count % 64 != 56 { padded.append(0) }
  let bits = UInt64(message.count) * 8
  for shift in stride(from: UInt64(56), through: 0, by: -8) {
    padded.append(UInt8(truncatingIfNeeded: bits >> shift))
  }
  func rotate(_ value: UInt32, _ count: UInt32) -> UInt32 {
    value >> count | value << (32 - count)
  }
  for block in stride(from: 0, to: padded.count, by: 64) {
    var words = (0..<16).map { index in
      (0..<4).reduce(UInt32(0)) { $0 << 8 | UInt32(padded[block + 4 * index + $1]) }
    }
    for index in 16..<64 {
      let (early, late) = (words[index - 15], words[index - 2])
      let first = rotate(early, 7) ^ rotate(early, 18) ^ early >> 3
      let second = rotate(late, 17) ^ rotate(late, 19) ^ late >> 10
      words.append(words[index - 16] &+ first &+ words[index - 7] &+ second)
    }
    var work = state
    for index in 0..<64 {
      let (a, e) = (work[0], work[4])
      let choice = (e & work[5]) ^ (~e & work[6])
      let majority = (a & work[1]) ^ (a & work[2]) ^ (work[1] & work[2])
      let mixed = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
      let first = work[7] &+ mixed &+ choice &+ constants[index] &+ words[index]
      let second = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) &+ majority
      work = [first &+ second] + work[0..<3] + [work[3] &+ first] + work[4..<7]
    }
    state = zip(state, work).map { $0 &+ $1 }
  }
  return state.map { word in
    let hex = String(word, radix: 16)
    return String(repeating: "0", count: 8 - hex.count) + hex
  }.joined()
}

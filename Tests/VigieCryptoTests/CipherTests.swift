import Testing
import VigieCrypto

@Suite("What documents of others are locked with")
struct CipherTests {
  /// *Source:* RFC 1321 §A.5 and FIPS 180-4 examples: digests of "abc".
  @Test(
    "digests are those of their standards",
    arguments: [
      (HashFunction.md5, "900150983cd24fb0d6963f7d28e17f72"),
      (.sha1, "a9993e364706816aba3e25717850c26c9cd0d89d"),
      (.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        .sha384,
        "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
          + "8086072ba1e7cc2358baeca134c825a7"
      ),
      (
        .sha512,
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
          + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
      ),
    ]
  )
  func digests(_ function: HashFunction, _ expected: String) {
    #expect(Digest.hex(function.digest(Array("abc".utf8))) == expected)
  }

  @Test("a digest is hashed behind the number of each round")
  func rounds() {
    let start = HashFunction.sha1.digest([7])
    let first = HashFunction.sha1.digest([0, 0, 0, 0] + start)
    let second = HashFunction.sha1.digest([1, 0, 0, 0] + first)
    #expect(HashFunction.sha1.rehash(start, rounds: 0) == start)
    #expect(HashFunction.sha1.rehash(start, rounds: 2) == second)
  }

  /// *Source:* FIPS 197 appendix C: keys 00 01 02 …, the text 00 11 22 … ff.
  @Test(
    "blocks of AES are undone",
    arguments: [
      (16, "69c4e0d86a7b0430d8cdb78070b4c55a"), (24, "dda97ca4864cdfe06eaf70a0ec0d7191"),
      (32, "8ea2b7ca516745bfeafc49904b496089"),
    ]
  )
  func aes(_ keyByteCount: Int, _ locked: String) throws {
    let cipher = try #require(AES(key: (0..<UInt8(keyByteCount)).map { $0 }))
    let digits = Array(locked)
    let block = stride(from: 0, to: 32, by: 2).compactMap {
      UInt8(String(digits[$0...$0 + 1]), radix: 16)
    }
    let plain = (0..<16).map { UInt8($0 * 0x11) }
    #expect(cipher.decrypted(block[...]) == plain)
    // Two equal blocks in a chain: the second hangs on the first, a rest of a block is left out.
    let chained = cipher.decrypted((block + block + [1, 2, 3])[...], after: plain)
    #expect(chained == [UInt8](repeating: 0, count: 16) + zip(plain, block).map { $0 ^ $1 })
    #expect(AES(key: [1, 2, 3]) == nil)
  }

  /// *Source:* the first of the vectors that RC4 was published with: key "Key", text "Plaintext".
  @Test("a stream of RC4 goes on where it stood")
  func rc4() throws {
    let locked: [UInt8] = [0xBB, 0xF3, 0x16, 0xE8, 0xD9, 0x40, 0xAF, 0x0A, 0xD3]
    var stream = try #require(RC4(key: Array("Key".utf8)))
    let plain = stream.decrypted(Array(locked[..<4])) + stream.decrypted(Array(locked[4...]))
    #expect(String(decoding: plain, as: UTF8.self) == "Plaintext")
    #expect(RC4(key: []) == nil)
  }
}

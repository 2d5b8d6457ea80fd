import Testing
import TestSupport
import VigieRulebook

/// The checksums of tokens again, with a table and with division of whole numbers.
enum SlowToken {
  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { value, _ in
      value % 2 == 1 ? (value / 2) ^ 0xEDB8_8320 : value / 2
    }
  }

  static func crc(_ text: String) -> UInt32 {
    text.utf8.reduce(0xFFFF_FFFF) { crc, byte in
      table[Int(UInt8(truncatingIfNeeded: crc) ^ byte)] ^ (crc >> 8)
    } ^ 0xFFFF_FFFF
  }

  private static let alphabet = Array(
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
  )

  /// The digits of a number in base 62, the highest first.
  static func base62(_ number: UInt32) -> String {
    var left = number
    var digits = ""
    while left > 0 {
      digits = String(alphabet[Int(left % 62)]) + digits
      left /= 62
    }
    return digits
  }

  static func padded(_ digits: String) -> String {
    String(repeating: "0", count: 6 - digits.count) + digits
  }

  static func random(_ count: Int, _ generator: inout SeededGenerator) -> String {
    String((0..<count).map { _ in generator.pick(alphabet) })
  }
}

@Suite("Checksums of tokens")
struct TokenValidatorTests {
  @Test("the second implementation is the published one")
  func slowToken() {
    // The check value of CRC-32/ISO-HDLC.
    #expect(SlowToken.crc("123456789") == 0xCBF4_3926)
    #expect(SlowToken.base62(0xCBF4_3926) == "3jZRME")
    #expect(SlowToken.base62(61) == "z")
  }

  @Test("published and computed tokens are taken")
  func published() {
    // Published by therootcompany/base62-token.js, long expired.
    #expect(Validator.github.accepts("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"))
    // Their checksums have five digits: a zero stands first in both orders.
    #expect(Validator.matrixMAS.accepts("mat_AAAAAAAAAAAAAAAAAAAAAAAAAAAA12_0V7VXI"))
    #expect(Validator.matrixSynapse.accepts("syt_YWxpY2U_XmuOqNygdTrEJHxCxalQ_07LxZ4"))
    #expect(Validator.matrixSynapse.accepts("syl_mvShGkiYcCuORNYpauKV_252GJj"))
  }

  @Test("each order of digits is its own, and every changed character is refused")
  func orders() {
    var generator = SeededGenerator(seed: 62)
    for _ in 0..<300 {
      let body = SlowToken.random(30, &generator)
      let github = "ghp_" + body + SlowToken.padded(SlowToken.base62(SlowToken.crc(body)))
      #expect(Validator.github.accepts(github))
      let mas = "mat_" + body
      let digits = SlowToken.base62(SlowToken.crc(mas))
      let lowestFirst = mas + "_" + SlowToken.padded(String(digits.reversed()))
      let highestFirst = mas + "_" + SlowToken.padded(digits)
      #expect(Validator.matrixMAS.accepts(lowestFirst))
      #expect(Validator.matrixSynapse.accepts(highestFirst))
      if lowestFirst != highestFirst {
        #expect(!Validator.matrixMAS.accepts(highestFirst))
        #expect(!Validator.matrixSynapse.accepts(lowestFirst))
      }
      for (validator, token) in [(Validator.github, github), (.matrixMAS, lowestFirst)] {
        var characters = Array(token.utf8)
        let place = Int.random(in: 4..<characters.count, using: &generator)
        let old = characters[place]
        characters[place] = old == UInt8(ascii: "7") ? UInt8(ascii: "k") : UInt8(ascii: "7")
        #expect(!validator.accepts(bytes: characters))
      }
    }
  }

  @Test(
    "a header of JSON with an algorithm makes a token",
    arguments: [
      // {"alg":"HS256","typ":"JWT"}, {"typ":"JWT",\r\n "alg":"HS256"} of RFC 7515, {"kid":"1","alg" : "ES256"}
      ("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxIn0.c2ln", true),
      ("eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UifQ.c2ln", true),
      ("eyJraWQiOiIxIiwiYWxnIiA6ICJFUzI1NiJ9.e30.c2ln", true),
      // {"type":"Feature"}, {"x":"alg"}, {"alg":1 (no end), no dot, no base64
      ("eyJ0eXBlIjoiRmVhdHVyZSJ9.e30.c2ln", false), ("eyJ4IjoiYWxnIn0.e30.c2ln", false),
      ("eyJhbGciOjE.e30.c2ln", false), ("eyJhbGciOiJIUzI1NiJ9", false),
      ("eyJhbGci*iJIUzI1NiJ9.e30.c2ln", false), (".e30.c2ln", false), ("", false),
    ]
  )
  func jwt(_ token: String, _ isToken: Bool) { #expect(Validator.jwt.accepts(token) == isToken) }

  @Test("a macaroon is known by its first packet")
  func macaroon() {
    // *Source:* the tests of matrix-authentication-service.
    #expect(Validator.macaroon.accepts("MDAxYmxvY2F0aW9uIGxpYnJlcHVzaC5uZXQKMDAx"))
    for other in ["eyJARTOhearotnaeisahtoarsnhiasra", "....", "aaa", "MDAxYmxvY2F0aW9", ""] {
      #expect(!Validator.macaroon.accepts(other))
    }
  }

  @Test("secrets are random, words are not")
  func entropy() {
    var generator = SeededGenerator(seed: 34)
    var refused = 0
    for _ in 0..<2_000 where !Validator.entropy.accepts(SlowToken.random(32, &generator)) {
      refused += 1
    }
    // Of 32 characters one in two hundred has no digit.
    #expect(refused < 30)
    for word in [
      "my-secret-password-here", "the_quick_brown_fox", "SecretManagerServiceClient", "", "7",
      "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA11", "00000000-0000-0000-0000-000000000000",
    ] { #expect(!Validator.entropy.accepts(word)) }
    #expect(Validator.entropy.accepts("9f86d081884c7d659a2feaa0c55ad015"))
    #expect(!Validator.entropy.accepts("deadbeefdeadbeefdeadbeefdeadbee1"))
    // Letters alone are enough where a secret may have no digit, words that capitals join are none.
    #expect(!Validator.entropy.accepts("CMTIegZTVnVvfgKDfYYIgrCOXJhwHdXzWL"))
    #expect(Validator.letters.accepts("CMTIegZTVnVvfgKDfYYIgrCOXJhwHdXzWL"))
    for word in [
      "TheAccessTokenOfTheModelRepository", "THE-TOKEN-NAME-OF-THE-PROJECT-HERE",
      "the_token_name_of_the_project_here", "", "A",
    ] { #expect(!Validator.letters.accepts(word)) }
    #expect(Validator.awsKey.accepts("AKIAZ5QW4HT2M7XPLK3D"))
    #expect(Validator.awsKey.accepts("AKIAIOSFODNN7EXAMPLE"))
    for other in ["AKIAZ5QW4HT2M7XPLK1D", "AKIAAAAAAAAAAAAAAAAA", "AKIAZ5QW4HT2M7XPLK3"] {
      #expect(!Validator.awsKey.accepts(other))
    }
    for password in ["Escargot-42", "a1b2c3", "né2Fois"] {
      #expect(Validator.password.accepts(password))
    }
    for word in ["obligatoire", "prenom.nom", "12/09/2026", "court", "a1b2", "aujourd'hui"] {
      #expect(!Validator.password.accepts(word))
    }
  }

  @Test("lines of travel documents, as ICAO prints them, and no other digit in a checked place")
  func machineReadable() {
    // *Source:* ICAO Doc 9303 part 4, appendix A; part 5, appendix A; part 6, appendix A.
    let passport = "L898902C36UTO7408122F1204159ZE184226B<<<<<10"
    let card = "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6"
    let twoLines = "D231458907UTO7408122F1204159<<<<<<<6"
    for text in [passport, card, twoLines] { #expect(Validator.mrz.accepts(text)) }
    let checked = Array(passport.utf8)
    for place in Array(0..<10) + Array(13..<20) + Array(21..<28) + [42, 43] {
      for digit in UInt8(ascii: "0")...UInt8(ascii: "9") {
        guard (0x30...0x39).contains(checked[place]), digit != checked[place] else { continue }
        var copy = checked
        copy[place] = digit
        #expect(!Validator.mrz.accepts(bytes: copy))
      }
    }
    #expect(!Validator.mrz.accepts(String(repeating: "<", count: 44)))
    #expect(!Validator.mrz.accepts(passport.lowercased()))
  }
}

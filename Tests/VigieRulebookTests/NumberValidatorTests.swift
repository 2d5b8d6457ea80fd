import Testing
import TestSupport
import VigieRulebook

extension Validator {
  /// Whether a text satisfies the checksum.
  func accepts(_ text: String) -> Bool { accepts(bytes: Array(text.utf8)) }

  /// Whether bytes satisfy it.
  func accepts(bytes: [UInt8]) -> Bool { accepts(bytes.span) }
}

/// The checksums again, slowly and from the definitions: on decimal strings, without a shortcut.
enum SlowChecksum {
  static func digits(_ text: String) -> [Int] { text.compactMap(\.wholeNumberValue) }

  /// A decimal number of any length modulo another, digit by digit.
  static func remainder(_ decimal: String, _ divisor: Int) -> Int {
    digits(decimal).reduce(0) { ($0 * 10 + $1) % divisor }
  }

  static func luhn(_ text: String) -> Bool {
    let doubled = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9]
    let sum = digits(text).reversed().enumerated().reduce(0) { sum, digit in
      sum + (digit.offset % 2 == 1 ? doubled[digit.element] : digit.element)
    }
    return sum % 10 == 0
  }

  /// Letters as the numbers 10…35.
  static func spelled(_ text: String) -> String {
    text.map { $0.isNumber ? String($0) : String(Int($0.asciiValue ?? 0) - 55) }.joined()
  }

  static func iban(_ text: String) -> Bool {
    remainder(spelled(String(text.dropFirst(4) + text.prefix(4))), 97) == 1
  }

  static let accountDigits: [Character: Character] = Dictionary(
    uniqueKeysWithValues: zip(
      "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
      "12345678912345678923456789"
    )
  )

  /// The whole RIB, key included, is a multiple of 97 where letters count as digits.
  static func rib(_ text: String) -> Bool {
    let decimal = String(text.map { accountDigits[$0] ?? $0 })
    return remainder(decimal, 97) == 0
  }

  static func nir(_ text: String) -> Bool {
    let number = text.replacing("2A", with: "19").replacing("2B", with: "18")
    return remainder(String(number.prefix(13)), 97) + (Int(number.suffix(2)) ?? 0) == 97
  }

  static func card(_ text: String) -> Bool { luhn(text) }
}

@Suite("Checksums of numbers")
struct NumberValidatorTests {
  /// A text with each of its digits changed to each other one.
  static func changed(_ text: String) -> [String] {
    let characters = Array(text)
    return characters.indices.flatMap { place -> [String] in
      guard let digit = characters[place].wholeNumberValue else { return [] }
      return (0...9).filter { $0 != digit }.map { other in
        var copy = characters
        copy[place] = Character(String(other))
        return String(copy)
      }
    }
  }

  @Test(
    "published numbers are taken, in any usual way of writing",
    arguments: [
      (Validator.luhn, "4111 1111 1111 1111"), (.iban, "FR14 2004 1010 0505 0001 3M02 606"),
      (.iban, "gb82west12345698765432"), (.iban, "MT84MALT011000012345MTLCAST001S"),
      (.iban, "DE89370400440532013000"), (.iban, "BE68 5390 0754 7034"),
      (.iban, "NO93 8601 1117 947"), (.iban, "LC55HEMM000100010012001200023015"),
      (.rib, "20041 01005 0500013M026 06"), (.nir, "2 95 10 99 126 111 93"),
      (.nir, "253072B07300470"), (.nir, "253072A07300443"), (.nir, "1 55 08 2A 168 025 50"),
      (.nif, "30 23 217 600 053"), (.siren, "732 829 320"), (.siret, "73282932000074"),
      (.siret, "35600000049837"), (.siret, "356 000 000 00048"), (.tva, "Fr 40 303 265 045"),
      (.tva, "FR23334175221"), (.tva, "FRK7399859412"), (.tva, "FR4Z123456782"),
      // Computed with python-stdnum: letters in every place, and Monaco.
      (.tva, "FRBW517705893"), (.tva, "FRJY346103922"), (.tva, "FRPM493033575"),
      (.tva, "FR66000640024"), (.card, "3782 822463 10005"), (.card, "5555-5555-5555-4444"),
      (.card, "2223003122003222"), (.card, "30569309025904"), (.card, "3530111333300000"),
    ]
  )
  func published(_ validator: Validator, _ text: String) { #expect(validator.accepts(text)) }

  @Test(
    "what is nearly one is refused",
    arguments: [
      (Validator.luhn, "4111 1111 1111 1112"), (.luhn, "0"), (.luhn, "41A1"), (.luhn, ""),
      (.iban, "FR15 2004 1010 0505 0001 3M02 606"), (.iban, "FR14"),
      (.iban, "FR14 2004 1010 0505 0001 3M02 6060"), (.iban, "ZZ82WEST12345698765432"),
      (.rib, "20041 01005 0500013M026 07"), (.rib, "00000 00000 00000000000 97"),
      (.nir, "2 55 08 14 168 025 39"), (.nir, "2 55 08 14 168 02"), (.nir, "253072C07300470"),
      (.nir, "295109912611193X"), (.nif, "9701987765432"), (.nif, "070198776543"),
      (.siren, "000000000"), (.siren, "73282932"), (.siret, "35600000049838"),
      (.siret, "73282932000079"), (.tva, "FRIO334175221"), (.tva, "FR84323140391"),
      (.tva, "DE23334175221"), (.tva, "FR12000000000"), (.card, "1234567812345670"),
      (.card, "411111111111111"), (.card, "9111111111111111"),
    ]
  )
  func refused(_ validator: Validator, _ text: String) { #expect(!validator.accepts(text)) }

  @Test("an IBAN of France must have the key of its account as well")
  func accountKey() {
    // 2004101005 0500013M027 05 has another key; the digits before it are made to fit.
    let account = "20041010050500013M02605"
    let keys = (2...98).map { $0 < 10 ? "0\($0)" : "\($0)" }
    let fitting = keys.filter { SlowChecksum.iban("FR" + $0 + account) }
    #expect(fitting.count == 1)
    #expect(fitting.allSatisfy { !Validator.iban.accepts("FR" + $0 + account) })
  }

  @Test(
    "every other digit in one place is refused",
    arguments: [
      (Validator.luhn, "4111111111111111"), (.iban, "FR1420041010050500013M02606"),
      (.iban, "DE89370400440532013000"), (.rib, "20041010050500013M02606"),
      (.nir, "295109912611193"), (.nif, "3023217600053"), (.siren, "732829320"),
      (.siret, "73282932000074"), (.tva, "FR40303265045"), (.card, "5555555555554444"),
    ]
  )
  func oneDigit(_ validator: Validator, _ text: String) {
    let others = NumberValidatorTests.changed(text)
    #expect(others.count >= 9 * 9)
    for other in others where validator.accepts(other) { Issue.record("\(other) is taken") }
  }

  @Test("random numbers are taken exactly where the definition takes them")
  func agreement() {
    var generator = SeededGenerator(seed: 20_260_713)
    func digits(_ count: Int) -> String {
      (0..<count).map { _ in String(Int.random(in: 0...9, using: &generator)) }.joined()
    }
    var taken = 0
    for _ in 0..<20_000 {
      let nine = digits(9)
      #expect(Validator.luhn.accepts(nine) == SlowChecksum.luhn(nine))
      let account = digits(16) + generator.pick(Array("ABCJKRSTZ0").map(String.init)) + digits(4)
      let rib = account + digits(2)
      if Validator.rib.accepts(rib) {
        taken += 1
        #expect(SlowChecksum.rib(rib))
      } else if SlowChecksum.rib(rib) {
        // A key of 00 stands for none, and one of 98, 99 is too great.
        #expect(["00", "98", "99"].contains(rib.suffix(2)))
      }
      let iban = "DE" + digits(20)
      #expect(Validator.iban.accepts(iban) == SlowChecksum.iban(iban))
      let nir = "1" + digits(2) + "07" + generator.pick(["75", "2A", "2B"]) + digits(8)
      #expect(Validator.nir.accepts(nir) == SlowChecksum.nir(nir))
      let nif = "2" + digits(12)
      let isNIF = SlowChecksum.remainder(String(nif.prefix(10)), 511) == Int(nif.suffix(3))
      #expect(Validator.nif.accepts(nif) == isNIF)
      let visa = "4" + digits(15)
      #expect(Validator.card.accepts(visa) == SlowChecksum.luhn(visa))
      let siret = "356000000" + digits(5)
      let isOfPost = SlowChecksum.digits(siret).reduce(0, +) % 5 == 0
      #expect(Validator.siret.accepts(siret) == isOfPost)
      let tva = "FR" + digits(2) + nine
      let isTVA =
        SlowChecksum.luhn(nine)
        && SlowChecksum.remainder(nine + "12", 97) == Int(tva.dropFirst(2).prefix(2))
      if !nine.hasPrefix("000") { #expect(Validator.tva.accepts(tva) == isTVA) }
    }
    #expect(taken > 100)
  }

  @Test("no length of letters, digits and bytes does harm")
  func anyLength() {
    for validator in Validator.allCases {
      for byte in [UInt8(ascii: "9"), UInt8(ascii: "A"), UInt8(ascii: "<"), 0xFF, 0] {
        for count in [0, 1, 2, 13, 19, 20, 36, 40, 41, 44, 60, 61, 300] {
          _ = validator.accepts(bytes: [UInt8](repeating: byte, count: count))
        }
      }
    }
  }
}

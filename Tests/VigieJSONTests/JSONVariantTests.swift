import Testing
import VigieJSON

/// All that a pick says of a record, or `nil` where it is refused.
private struct Picked: Equatable {
  var end: Int
  var taken: UInt32
  var inner: Bool
  var texts: [String?]
  var numbers: [Int?]
  var places: [Int?]
}

private let shape = JSONShape([
  .init(
    [
      ("name", .take(0)), ("number", .take(1)), ("inner", .enter(1)), ("bad", .refuse),
      ("origin_server_ts", .take(3)),
    ],
    others: .skip
  ),
  .init(
    [("text", .take(2)), ("sixteen_letters_", .take(31)), ("none", .skip)],
    others: .skipUnlessText
  ),
])

private func picked(
  _ bytes: [UInt8],
  to end: Int,
  _ pick: inout JSONPick
) -> Picked? {
  var reader = JSONReader(bytes, in: 0..<end)
  guard reader.pick(shape, into: &pick) else { return nil }
  let numbers = [0, 1, 2, 3, 31]
  return Picked(
    end: reader.position,
    taken: pick.taken,
    inner: pick.hasObject(1),
    texts: numbers.map { pick[$0].flatMap(reader.text) },
    numbers: numbers.map { pick[$0].flatMap(reader.integer) },
    places: numbers.map { pick[$0]?.offset }
  )
}

/// Numbers that are the same in every run.
///
/// *Source:* G. Marsaglia, "Xorshift RNGs", 2003.
private struct Xorshift {
  var state: UInt64

  init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

  mutating func next(_ bound: Int) -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int(state % UInt64(bound))
  }
}

@Suite("Passes over JSON with vectors")
struct JSONVariantTests {
  /// Those that the portable pass is the oracle of.
  static let variants = JSONPick.Variant.available.filter { $0 != .portable }

  /// Strings of all lengths around those of vectors, with something that matters anywhere in them.
  private static func text(_ random: inout Xorshift) -> String {
    let letters = Array("abcdefghij klmnop_-:/.,0123456789{}[]\u{7F}éàßœ’€語😀").map(String.init)
    let escapes = [#"\""#, #"\\"#, #"\n"#, #"\u00e9"#, #"\ud83d\ude00"#, #"\ud800"#, #"\/"#]
    let faults = ["\n", "\u{1F}", #"\x"#, #"\u12g4"#, "\\"]
    let count = [0, 1, 7, 8, 15, 16, 17, 30, 31, 32, 33, 62, 63, 64, 65, 127, 128, 200][
      random.next(18)
    ]
    var text = ""
    let isPlain = random.next(3) > 0
    for _ in 0..<count {
      let letter = isPlain ? random.next(42) : random.next(letters.count)
      text += letters[letter]
      if random.next(60) == 0 { text += escapes[random.next(escapes.count)] }
      if random.next(900) == 0 { text += faults[random.next(faults.count)] }
    }
    return text
  }

  private static func value(_ random: inout Xorshift, _ depth: Int) -> String {
    switch random.next(depth > 3 ? 5 : 8) {
    case 0, 1: return "\"\(text(&random))\""
    case 2:
      return ["0", "-12", "1781395200000", "12345678", "1.5e-3", "-0.25E+2", "01"][random.next(7)]
    case 3: return ["true", "false", "null", "tru"][random.next(40) == 0 ? 3 : random.next(3)]
    case 4: return "\"\""
    case 5:
      return "["
        + (0..<random.next(4)).map { _ in value(&random, depth + 1) }.joined(separator: ",")
        + "]"
    default:
      return object(&random, depth + 1, ["a", "b", "longer than sixteen bytes", "été"])
    }
  }

  private static func object(
    _ random: inout Xorshift,
    _ depth: Int,
    _ names: [String]
  ) -> String {
    let blank = ["", "", "", " ", "\n", " \t "][random.next(6)]
    let members = (0..<random.next(7)).map { _ in
      let name = names[random.next(names.count)]
      let inner = ["text", "sixteen_letters_", "none", "empty"]
      let member = name == "inner" ? object(&random, depth + 1, inner) : value(&random, depth)
      return "\(blank)\"\(name)\"\(blank):\(blank)\(member)"
    }
    return "{" + members.joined(separator: ",") + "\(blank)}"
  }

  @Test(
    "pick what the portable pass picks, whatever the bytes are",
    arguments: 0..<24 as Range<UInt64>
  )
  func samePicks(seed: UInt64) {
    let names = [
      "name", "number", "inner", "origin_server_ts", "other", "names", "nam", "bad",
      "seventeen_letters", "a name of more bytes than sixteen",
    ]
    let spare =
      Array(#"{}[]",:\u0eE+-.19tfn "#.utf8) + [
        0x00, 0x1F, 0x7F, 0x80, 0xC3, 0xE2, 0xED, 0xF0, 0xFF,
      ]
    var random = Xorshift(seed)
    var portable = JSONPick(.portable)
    var vectors = JSONVariantTests.variants.map { JSONPick($0) }
    var pickedCount = 0
    for _ in 0..<1_500 {
      let known = Array(names.prefix(random.next(8) == 0 ? names.count : 6))
      var bytes = Array(JSONVariantTests.object(&random, 0, known).utf8)
      for _ in 0..<(random.next(2) * random.next(4)) {
        let index = random.next(bytes.count)
        switch random.next(3) {
        case 0: bytes[index] = spare[random.next(spare.count)]
        case 1: bytes.insert(spare[random.next(spare.count)], at: index)
        default: bytes.remove(at: index)
        }
        if bytes.isEmpty { bytes = [0x7B] }
      }
      let count = bytes.count
      bytes += Array(repeating: UInt8(ascii: "\""), count: random.next(2) * 80)
      // Records are cut off anywhere: what lies beyond is not read.
      let end = min(bytes.count, count + random.next(90) - (random.next(3) == 0 ? 60 : 0))
      guard end > 0 else { continue }
      let expected = picked(bytes, to: end, &portable)
      if expected != nil { pickedCount += 1 }
      for index in vectors.indices {
        let found = picked(bytes, to: end, &vectors[index])
        #expect(found == expected, "\(String(decoding: bytes[..<end], as: UTF8.self))")
      }
    }
    #expect(pickedCount > 100)
  }

  @Test("keep no string that is not UTF-8", arguments: JSONPick.Variant.available)
  func invalid(variant: JSONPick.Variant) {
    var pick = JSONPick(variant)
    let room = Array(repeating: UInt8(ascii: " "), count: 80)
    for count in 0..<70 {
      let letters = Array(repeating: UInt8(ascii: "x"), count: count)
      for (bad, isKept) in [
        ([0x80], false), ([0xC3], false), ([0xC0, 0x80], false), ([0xE0, 0x80, 0x80], false),
        ([0xED, 0xA0, 0x80], false), ([0xF5, 0x80, 0x80, 0x80], false), ([0xE2, 0x82], false),
        ([0xC3, 0xA9], true), ([0xE2, 0x82, 0xAC], true), ([0xF0, 0x9F, 0x98, 0x80], true),
        ([0xF4, 0x90, 0x80, 0x80], false), ([0xF0, 0x8F, 0xBF, 0xBF], false),
        ([0xC3, 0xA9, 0xA9], false),
      ] as [([UInt8], Bool)] {
        for tail in [[], letters] {
          let bytes = Array(#"{"name":""#.utf8) + letters + bad + tail + Array("\"}".utf8) + room
          let end = bytes.count
          #expect((picked(bytes, to: end, &pick) != nil) == isKept, "\(count) \(bad)")
        }
      }
    }
  }

  @Test("tell UTF-8 as the standard library does", arguments: 0..<8 as Range<UInt64>)
  func utf8(seed: UInt64) {
    let units: [[UInt8]] = [
      [0x41], [0x7F], [0xC2, 0x80], [0xC3, 0xA9], [0xDF, 0xBF], [0xE0, 0xA0, 0x80],
      [0xE2, 0x82, 0xAC],
      [0xED, 0x9F, 0xBF], [0xEF, 0xBF, 0xBF], [0xF0, 0x90, 0x80, 0x80], [0xF0, 0x9F, 0x98, 0x80],
      [0xF4, 0x8F, 0xBF, 0xBF],
    ]
    let edges: [UInt8] = [
      0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xED, 0xEF,
      0xF0, 0xF4,
      0xF5, 0xFF,
    ]
    var random = Xorshift(seed)
    var validCount = 0
    for _ in 0..<20_000 {
      var bytes: [UInt8] = []
      let count = random.next(4) == 0 ? random.next(200) : random.next(40)
      let isPlain = random.next(2) == 0
      while bytes.count < count {
        bytes += isPlain && random.next(8) > 0 ? [0x61] : units[random.next(units.count)]
      }
      for _ in 0..<random.next(3) where !bytes.isEmpty {
        let index = random.next(bytes.count)
        if random.next(3) == 0 {
          bytes.remove(at: index)
        } else {
          bytes[index] = edges[random.next(edges.count)]
        }
      }
      let isValid = String(validating: bytes, as: UTF8.self) != nil
      if isValid { validCount += 1 }
      for variant in JSONPick.Variant.available {
        #expect(isUTF8(bytes, variant) == isValid, "\(variant) \(bytes)")
      }
    }
    #expect(validCount > 2_000)
  }
}

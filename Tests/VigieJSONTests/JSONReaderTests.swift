import Testing
import VigieJSON

/// The tree of a text, or the reason there is none.
private func parse(_ text: String) -> Result<JSONValue, JSONError> {
  Result { () throws(JSONError) in try JSONValue(Array(text.utf8)) }
}

@Suite("JSON reader")
struct JSONReaderTests {
  @Test(
    "reads what RFC 8259 allows",
    arguments: [
      ("null", .null), (" true ", .boolean(true)), ("-0", .number(0)),
      ("1.5e+3", .number(1500)), ("\"\"", .string("")), ("[]", .array([])),
      (#""a\"\\\/\b\f\n\r\t\u00e9""#, .string("a\"\\/\u{8}\u{C}\n\r\té")),
      (#""\ud83d\ude00""#, .string("😀")), (#""\u0000""#, .string("\0")),
      ("[1,[2, [ ]] ]", .array([.number(1), .array([.number(2), .array([])])])),
      (
        #"{"a":{},"b":[false],"a":"é"}"#,
        .object([
          .init("a", .object([])), .init("b", .array([.boolean(false)])),
          .init("a", .string("é")),
        ])
      ),
    ] as [(String, JSONValue)]
  )
  func valid(text: String, value: JSONValue) throws {
    #expect(try JSONValue(Array(text.utf8)) == value)
  }

  @Test(
    "refuses everything else, with reason and place",
    arguments: [
      ("", .unexpectedEnd, 0, 1), ("[1,]", .unexpectedByte, 3, 1),
      ("{\"a\":1,}", .unexpectedByte, 7, 1), ("{\"a\" 1}", .unexpectedByte, 5, 1),
      ("{a:1}", .unexpectedByte, 1, 1), ("[1 2]", .unexpectedByte, 3, 1),
      ("01", .invalidNumber, 0, 1), ("-", .invalidNumber, 0, 1), ("1.", .invalidNumber, 0, 1),
      ("+1", .unexpectedByte, 0, 1), ("nul", .unexpectedEnd, 3, 1),
      ("trux", .unexpectedByte, 3, 1), ("1 1", .trailingBytes, 2, 1),
      ("\"a", .unexpectedEnd, 2, 1), ("[\n\"\n\"]", .controlCharacter, 3, 2),
      ("\"\\x41\"", .invalidEscape, 2, 1), ("\"\\u12g4\"", .invalidEscape, 2, 1),
      ("\"\\u12\"", .unexpectedEnd, 6, 1), ("[", .unexpectedEnd, 1, 1),
      ("[}", .unexpectedByte, 1, 1), ("{]", .unexpectedByte, 1, 1), ("NaN", .unexpectedByte, 0, 1),
    ] as [(String, JSONError.Reason, Int, Int)]
  )
  func invalid(text: String, reason: JSONError.Reason, offset: Int, line: Int) {
    let expected = JSONError(reason: reason, offset: offset, line: line)
    #expect(parse(text) == .failure(expected))
  }

  @Test("limits the depth")
  func depth() throws {
    let deep = String(repeating: "[", count: 600) + String(repeating: "]", count: 600)
    #expect(parse(deep) == .failure(JSONError(reason: .tooDeep, offset: 512, line: 1)))
    var reader = JSONReader(Array(deep.utf8))
    #expect(throws: JSONError.self) { try reader.skipValue() }
    let allowed = String(repeating: "[", count: 512) + String(repeating: "]", count: 512)
    #expect(throws: Never.self) { try JSONValue(Array(allowed.utf8)) }
  }

  @Test(
    "repairs and counts lone surrogates and invalid UTF-8",
    arguments: [
      (Array(#""a\ud800b""#.utf8), "a\u{FFFD}b", 1),
      (Array(#""\udc00\ud800""#.utf8), "\u{FFFD}\u{FFFD}", 1),
      (Array(#""\ud800\u0041""#.utf8), "\u{FFFD}A", 1), ([0x22, 0x61, 0xE9, 0x22], "a\u{FFFD}", 1),
      ([0x22, 0xED, 0xA0, 0x80, 0x5C, 0x6E, 0x22], "\u{FFFD}\u{FFFD}\u{FFFD}\n", 1),
      (Array("\"é\u{FFFD}\"".utf8), "é\u{FFFD}", 0),
    ] as [([UInt8], String, Int)]
  )
  func repairs(bytes: [UInt8], text: String, count: Int) throws {
    var reader = JSONReader(bytes)
    #expect(try reader.string() == text)
    #expect(reader.repairCount == count)
  }

  @Test("finds keys by number, escaped and long ones too")
  func keys() throws {
    let keys = JSONKeys(["id", "body", "origin_server_ts", "origin_server_tx"])
    let text = #"{"body":1,"b\u006fdy":2,"origin_server_tx":3,"origin_server_t":4,"":5,"id":6}"#
    var reader = JSONReader(Array(text.utf8))
    var found: [Int] = []
    var names: [String] = []
    try reader.beginObject()
    while let key = try reader.nextKey(keys) {
      found.append(key)
      names.append(reader.lastKey)
      try reader.skipValue()
    }
    try reader.finish()
    #expect(found == [1, 1, 3, -1, -1, 0])
    #expect(names == ["body", "body", "origin_server_tx", "origin_server_t", "", "id"])
  }

  @Test("reads a part of the bytes and tells places within it")
  func part() throws {
    let bytes = Array("xx[1,\n?]yy".utf8)
    var reader = JSONReader(bytes, in: 2..<8)
    #expect(throws: JSONError(reason: .unexpectedByte, offset: 4, line: 2)) {
      try reader.skipValue()
    }
  }

  @Test("knows UTF-8 from what is none, wherever letters of more bytes stand")
  func encoding() {
    let samples = [
      "éèàçùâêîôû œuvre", "a\u{7FF}\u{80}b\u{800}c\u{FFFF}d\u{10000}\u{10FFFF}",
      "l’été – 👍🏽 à Nîmes",
      "Ωραία ημέρα", "совершенно", "abcdefgé", "abcdefghé", "漢字かな交じり文",
    ].map { Array($0.utf8) }
    let odd: [UInt8] = [
      0x00, 0x7F, 0x80, 0xA9, 0xBF, 0xC0, 0xC1, 0xC2, 0xC3, 0xDF, 0xE0, 0xED, 0xEF, 0xF0, 0xF4,
      0xF5, 0xFF,
    ]
    var generator = SplitMix(state: 11)
    var soundCount = 0
    for round in 0..<40_000 {
      var bytes = samples[round % samples.count]
      for _ in 0..<Int(generator.next() % 3) {
        let index = Int(generator.next() % UInt64(bytes.count))
        switch generator.next() % 3 {
        case 0: bytes[index] = odd[Int(generator.next() % UInt64(odd.count))]
        case 1: bytes.insert(odd[Int(generator.next() % UInt64(odd.count))], at: index)
        default: bytes.remove(at: index)
        }
      }
      let (text, isRepaired) = repairedText(bytes, in: 0..<bytes.count)
      let known = String(validating: bytes, as: UTF8.self)
      if known != nil { soundCount += 1 }
      #expect(isRepaired == (known == nil), "\(bytes)")
      #expect(Array(text.utf8) == Array((known ?? String(decoding: bytes, as: UTF8.self)).utf8))
    }
    #expect(soundCount > 10_000)
  }

  @Test("never crashes on a damaged document, and accepts no truncated one")
  func damage() throws {
    let text = #"{"id":"a\u00e9\n","n":[-1.5e3,true,null,{"k":"\ud83d\ude00 é"}],"t":false}"#
    let bytes = Array(text.utf8)
    for count in 0..<bytes.count {
      #expect(throws: JSONError.self) { try JSONValue(Array(bytes[..<count])) }
    }
    var generator = SplitMix(state: 7)
    for _ in 0..<20_000 {
      var damaged = bytes
      for _ in 0...Int(generator.next() % 3) {
        damaged[Int(generator.next() % UInt64(bytes.count))] = UInt8(generator.next() & 0xFF)
      }
      guard let value = try? JSONValue(damaged) else { continue }
      var writer = JSONWriter()
      writer.value(value)
      let written = writer.take()
      var again = JSONWriter()
      again.value(try JSONValue(written))
      #expect(again.take() == written)
    }
  }
}

/// A small generator with a fixed seed.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

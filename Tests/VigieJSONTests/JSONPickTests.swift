import Testing
import VigieJSON

/// What a record says when it is picked, or `nil` where it is left to the thorough way.
private struct Record: Equatable {
  var name: String?
  var number: Int?
  var text: String?
  var isInner = false
}

private let shape = JSONShape([
  .init(
    [("name", .take(0)), ("number", .take(1)), ("inner", .enter(1)), ("bad", .refuse)],
    others: .skip
  ),
  .init([("text", .take(2)), ("sixteen_letters_", .skip)], others: .skipUnlessText),
])

private func picked(_ bytes: [UInt8]) -> (record: Record, end: Int)? {
  var reader = JSONReader(bytes)
  var pick = JSONPick()
  guard reader.pick(shape, into: &pick) else {
    #expect(reader.position == 0)
    return nil
  }
  var record = Record(isInner: pick.hasObject(1))
  for (number, path) in [(0, \Record.name), (2, \Record.text)] {
    guard let piece = pick[number] else { continue }
    guard let text = reader.text(piece) else { return nil }
    record[keyPath: path] = text
  }
  if let piece = pick[1] {
    guard let number = reader.integer(piece) else { return nil }
    record.number = number
  }
  return (record, reader.position)
}

/// The same from the tree of the record; `nil` where the bytes do not start with JSON.
private func known(_ bytes: [UInt8]) -> (record: Record, end: Int)? {
  var reader = JSONReader(bytes)
  guard let tree = try? JSONValue(&reader), case .object = tree else { return nil }
  var record = Record()
  record.name = tree["name"]?.string
  if case .number(let number)? = tree["number"] { record.number = Int(exactly: number) }
  record.text = tree["inner"]?["text"]?.string
  record.isInner = tree["inner"]?.kind == .object
  return (record, reader.position)
}

/// Enough white space behind a record for it not to lie at the end of what there is.
private let room = String(repeating: " ", count: 24)

@Suite("Fields picked in one pass")
struct JSONPickTests {
  @Test("are those that the record holds")
  func fields() throws {
    let text = #"""
      {"other":[1,{"name":"no"},"\"}"],"name":"a\n\u00e9😀 et été","number":-12,
       "inner":{"text":"","flag":true,"none":null,"empty":[{}],"sixteen_letters_":"x"},"e":1.5e-3}
      """#
    let (record, end) = try #require(picked(Array((text + room).utf8)))
    #expect(record == Record(name: "a\né😀 et été", number: -12, text: "", isInner: true))
    #expect(end == text.utf8.count)
  }

  @Test(
    "are left alone where something is out of the ordinary",
    arguments: [
      #"{"bad":1}"#, #"{"name":1,"name":2}"#, #"{"inner":{},"inner":{}}"#, #"{"inner":[]}"#,
      #"{"inner":{"x":"text"}}"#, #"{"name":null}"#, #"{"n\u0061me":"x"}"#, #"{"a":01}"#,
      #"{"a":1.}"#, #"{"a":tru}"#, #"{"a":"\x"}"#, #"{"a":"\u12g4"}"#, #"{"a" 1}"#, #"{"a":1,}"#,
      #"{"a":[1,]}"#, #"{"a":{"b":1]}"#, #"{"name":"\ud800"}"#, #"{"number":1e3}"#,
      "{\"a\":\"\n\"}",
      "[]", "", "{",
    ]
  )
  func refused(text: String) { #expect(picked(Array((text + room).utf8)) == nil) }

  @Test("are not picked just before the end of what there is")
  func end() {
    #expect(picked(Array(#"{"name":"abc"}"#.utf8)) == nil)
    #expect(picked(Array((#"{"name":"abc"}"# + room).utf8)) != nil)
  }

  @Test("nest as deep as the thorough reader goes")
  func depth() {
    for count in [510, 511, 512, 513] {
      let arrays = String(repeating: "[", count: count) + String(repeating: "]", count: count)
      let bytes = Array(("{\"a\":\(arrays)}" + room).utf8)
      #expect((picked(bytes) == nil) == (known(bytes) == nil), "\(count)")
    }
  }

  @Test("are the same whatever order the members of the records before had")
  func order() {
    let members = [
      #""name":"a""#, #""number":7"#, #""inner":{"text":"t","sixteen_letters_":"s"}"#,
      #""names":"other""#, #""nam":1"#, #""inner ":[]"#, #""text":"not here""#,
    ]
    var generator = SplitMix(state: 5)
    var pick = JSONPick()
    for _ in 0..<2_000 {
      let kept = members.shuffled(using: &generator).prefix(1 + Int(generator.next() % 7))
      let bytes = Array(("{" + kept.joined(separator: ",") + "}" + room).utf8)
      var reader = JSONReader(bytes)
      #expect(reader.pick(shape, into: &pick))
      #expect((pick[0] != nil) == kept.contains(members[0]))
      #expect((pick[1] != nil) == kept.contains(members[1]))
      #expect((pick[2] != nil) == kept.contains(members[2]))
      #expect(pick[0].flatMap(reader.text) == (kept.contains(members[0]) ? "a" : nil))
      #expect(pick[1].flatMap(reader.integer) == (kept.contains(members[1]) ? 7 : nil))
      #expect(pick[2].flatMap(reader.text) == (kept.contains(members[2]) ? "t" : nil))
    }
  }

  @Test("learn no order from records of another shape")
  func otherShape() {
    // As many entries, in other places.
    let other = JSONShape([
      .init([("name", .skip), ("text", .take(0))], others: .skip),
      .init(
        [("name", .take(1)), ("number", .skip), ("inner", .skip), ("bad", .skip)],
        others: .skip
      ),
    ])
    var pick = JSONPick()
    for text in [#"{"name":"a","number":1,"inner":{"text":"b"}}"#, #"{"text":"c","name":"d"}"#] {
      let bytes = Array((text + room).utf8)
      for chosen in [shape, other, shape] {
        var reader = JSONReader(bytes)
        #expect(reader.pick(chosen, into: &pick))
        let isOwn = pick[1].map { reader.integer($0) != nil } ?? true
        #expect(isOwn, "\(text)")
      }
      var reader = JSONReader(bytes)
      #expect(reader.pick(other, into: &pick))
      #expect(pick[0].flatMap(reader.text) == (text.hasPrefix("{\"text") ? "c" : nil))
    }
  }

  @Test(
    "are what the tree says, whatever was done to the bytes",
    arguments: 0..<16 as Range<UInt64>
  )
  func mutated(seed: UInt64) {
    let samples = [
      #"{"name":"été \"x\" \u00e9 \ud83d\ude00","number":1781395200000,"inner":{"text":"a\\b\/c","n":[1,2.5,-0]},"z":{}}"#,
      #"{ "inner" : { "text" : "plus long que seize octets, bien plus", "t" : true } , "name" : "" }"#,
      #"{"a":[[],{"b":null,"c":[false,1E+2]},""],"number":0,"name":"\t\b\f\r\n","origin_server_ts":12}"#,
    ].map { Array(($0 + room).utf8) }
    let spare =
      Array(#"{}[]",:\u0eE+-.19tfn "#.utf8) + [
        0x00, 0x1F, 0x7F, 0x80, 0xC3, 0xA9, 0xED, 0xF0, 0xFF,
      ]
    var state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
    // *Source:* G. Marsaglia, "Xorshift RNGs", 2003.
    func random(_ bound: Int) -> Int {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return Int(state % UInt64(bound))
    }
    var pickedCount = 0
    for round in 0..<4_000 {
      var bytes = samples[round % samples.count]
      for _ in 0..<random(4) {
        let index = random(bytes.count)
        switch random(4) {
        case 0: bytes[index] = spare[random(spare.count)]
        case 1: bytes.insert(spare[random(spare.count)], at: index)
        case 2: bytes.remove(at: index)
        default:
          let end = min(bytes.count, index + random(12))
          bytes.insert(contentsOf: bytes[index..<end], at: random(bytes.count))
        }
      }
      guard let (record, end) = picked(bytes) else { continue }
      pickedCount += 1
      let tree = known(bytes)
      #expect(tree?.record == record, "\(String(decoding: bytes, as: UTF8.self))")
      #expect(tree?.end == end)
    }
    // What nothing was done to is picked at least.
    #expect(pickedCount > 800)
  }
}

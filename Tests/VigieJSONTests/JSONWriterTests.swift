import Testing
import VigieJSON

@Suite("JSON writer")
struct JSONWriterTests {
  @Test("escapes what must be escaped and nothing else")
  func escapes() throws {
    let text = "\"\\/\u{8}\n\r\t\0\u{1F}\u{7F}é😀\u{2028}"
    var writer = JSONWriter()
    writer.string(text)
    let bytes = writer.take()
    #expect(
      String(decoding: bytes, as: UTF8.self)
        == "\"\\\"\\\\/\\u0008\\n\\r\\t\\u0000\\u001f\\u007fé😀\u{2028}\""
    )
    #expect(try JSONValue(bytes) == .string(text))
  }

  @Test("what must be escaped is found wherever it stands among other letters")
  func places() throws {
    for mark in ["\"", "\\", "\n", "\u{1F}", "\u{7F}", "é", "\u{80}", " ", "!"] {
      for offset in 0..<20 {
        for other in ["a", "é", "\"", "\u{A0}"] {
          let before = String(repeating: other, count: offset)
          let text = before + mark + other + mark + mark
          var writer = JSONWriter()
          writer.string(text)
          var raw = JSONWriter()
          unsafe Array(text.utf8).withUnsafeBytes { unsafe raw.string(utf8: $0) }
          #expect(raw.bytes == writer.bytes)
          #expect(try JSONValue(writer.take()) == .string(text))
        }
      }
    }
  }

  @Test(
    "rounds numbers to the decimals asked for",
    arguments: [
      (0.98765, 4, "0.9877"), (0.5, 4, "0.5"), (1, 4, "1"), (-0.00001, 4, "0"),
      (-2.25, 1, "-2.3"), (1e300, 4, "1e+300"), (.infinity, 2, "null"), (.nan, 2, "null"),
      (12.0304, 4, "12.0304"), (0.00049, 3, "0"),
    ] as [(Double, Int, String)]
  )
  func doubles(value: Double, decimals: Int, text: String) {
    var writer = JSONWriter()
    writer.double(value, decimals: decimals)
    #expect(String(decoding: writer.bytes, as: UTF8.self) == text)
  }

  @Test("sets commas, colons and indents")
  func shape() {
    for (isPretty, expected) in [
      (false, #"{"a":[1,{"b":null}],"c":[],"d":{},"e":["x"]}"#),
      (
        true,
        """
        {
          "a": [
            1,
            {
              "b": null
            }
          ],
          "c": [],
          "d": {},
          "e": [
            "x"
          ]
        }
        """
      ),
    ] {
      var writer = JSONWriter(isPretty: isPretty)
      writer.beginObject()
      writer.key("a")
      writer.beginArray()
      writer.integer(1)
      writer.beginObject()
      writer.key("b")
      writer.string(nil)
      writer.endObject()
      writer.endArray()
      writer.key("c")
      writer.strings([])
      writer.key("d")
      writer.beginObject()
      writer.endObject()
      writer.key("e")
      writer.strings(["x"])
      writer.endObject()
      #expect(String(decoding: writer.bytes, as: UTF8.self) == expected)
    }
  }

  @Test("separates values of a file of lines by line breaks alone")
  func lines() {
    var writer = JSONWriter()
    for number in 1...2 {
      writer.beginObject()
      writer.key("n")
      writer.integer(number)
      writer.endObject()
      writer.lineBreak()
    }
    #expect(String(decoding: writer.take(), as: UTF8.self) == "{\"n\":1}\n{\"n\":2}\n")
    #expect(writer.bytes.isEmpty)
  }
}

@Suite("JSON Schema")
struct JSONSchemaTests {
  private static let schema = """
    {"type":"object","required":["id"],"additionalProperties":false,
     "properties":{"id":{"type":"string"},"n":{"type":"integer","minimum":0,"maximum":9},
       "k":{"enum":["a","b"]},"l":{"type":"array","minItems":1,"maxItems":2,"items":{"$ref":"#/$defs/x"}},
       "o":{"oneOf":[{"type":"null"},{"const":3}]},"p":{"anyOf":[{"type":"string"},{"type":["null","boolean"]}]}},
     "$defs":{"x":{"type":"object","additionalProperties":{"type":"number"}}}}
    """

  @Test(
    "finds every fault and no other",
    arguments: [
      (#"{"id":"a","n":3,"k":"b","l":[{"q":1.5}],"o":null,"p":true}"#, []),
      ("3", [""]), ("{}", ["/id"]), (#"{"id":1}"#, ["/id"]),
      (#"{"id":"a","z":1}"#, ["/z"]), (#"{"id":"a","n":1.5}"#, ["/n"]),
      (#"{"id":"a","n":-1}"#, ["/n"]), (#"{"id":"a","n":10}"#, ["/n"]),
      (#"{"id":"a","k":"c"}"#, ["/k"]), (#"{"id":"a","l":[]}"#, ["/l"]),
      (#"{"id":"a","l":[{"q":"x"},3]}"#, ["/l/0/q", "/l/1"]), (#"{"id":"a","o":4}"#, ["/o"]),
      (#"{"id":"a","p":3}"#, ["/p"]),
    ] as [(String, [String])]
  )
  func faults(text: String, pointers: [String]) throws {
    let schema = try JSONSchema(JSONSchemaTests.schema)
    let faults = schema.faults(in: try JSONValue(Array(text.utf8)))
    let found = faults.map { String($0[..<($0.firstIndex(of: ":") ?? $0.endIndex)]) }
    #expect(found == pointers)
  }

  @Test("passes over no keyword it does not know")
  func unknownKeyword() throws {
    let schema = try JSONSchema(#"{"patternProperties":{}}"#)
    #expect(schema.faults(in: .null).count == 1)
  }
}

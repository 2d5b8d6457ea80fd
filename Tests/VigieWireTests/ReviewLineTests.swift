import Testing
import VigieCore
import VigieJSON
import VigieWire

@Suite("Lines out")
struct ReviewLineTests {
  private static let finding = Finding(
    rule: "fr.diffusion-restreinte",
    scheme: "fr",
    level: .restricted,
    usage: .applied,
    confidence: 0.987654,
    caveats: ["special-france"],
    disguise: [.letterSpacing, .leet],
    place: Place(part: .attachment(1), path: ["a.docx"], role: .header, location: "page 3"),
    range: 4..<26,
    line: 2,
    column: 5,
    masked: "D… R…",
    fingerprint: "00ff",
    evidence: [Evidence(name: "own-line", weight: 1.23456)]
  )
  private static let full = Review(
    id: "$1",
    verdict: .log,
    level: .restricted,
    findings: [finding],
    gaps: [Gap(place: .body, reason: .workerDied, detail: "the \"worker\" died")],
    tip: Tip(texts: [("fr", "é"), ("en", "e")]),
    observed: .block,
    ruleset: "abc"
  )
  private static let stopped = Review(
    id: "$2",
    verdict: .warn,
    level: .restricted,
    mayOverride: true,
    override: OverrideOffer(token: "1.ab", expires: "2026-06-01T09:40:00Z"),
    ruleset: "abc"
  )
  private static let overridden = Review(
    id: "$3",
    verdict: .log,
    level: .restricted,
    overridden: .warn,
    ruleset: "abc"
  )
  private static let plain = Review(id: "x", verdict: .allow, level: .public, ruleset: "abc")

  @Test("are the bytes of version 1")
  func golden() {
    #expect(
      String(decoding: ReviewLine.bytes(Self.plain, elapsedMicroseconds: 12), as: UTF8.self)
        == """
        {"id":"x","verdict":"allow","level":"public","findings":[],"gaps":[],"tip":null,\
        "ruleset":"abc","elapsed_us":12}
        """
    )
    #expect(
      String(decoding: ReviewLine.bytes(Self.full, elapsedMicroseconds: 3), as: UTF8.self)
        == """
        {"id":"$1","verdict":"log","observed":"block","level":"restricted","findings":[\
        {"rule":"fr.diffusion-restreinte","scheme":"fr","level":"restricted","usage":"applied",\
        "confidence":0.9877,"caveats":["special-france"],"disguise":["letter-spacing","leet"],\
        "place":{"part":"attachments/1","path":["a.docx"],"role":"header","where":"page 3"},\
        "range":[4,26],"line":2,"column":5,"masked":"D… R…","fingerprint":"00ff",\
        "evidence":[{"name":"own-line","weight":1.2346}]}],"gaps":[{"place":{"part":"body",\
        "path":[],"role":"body","where":""},"reason":"worker-died",\
        "detail":"the \\"worker\\" died"}],"tip":{"en":"e","fr":"é"},"ruleset":"abc","elapsed_us":3}
        """
    )
    #expect(
      String(
        decoding: ReviewLine.bytes(Self.stopped, failure: .late, elapsedMicroseconds: 3),
        as: UTF8.self
      )
        == """
        {"id":"$2","verdict":"warn","failure":"late","level":"restricted","findings":[],"gaps":[],\
        "tip":null,"override":{"token":"1.ab","expires":"2026-06-01T09:40:00Z"},"ruleset":"abc",\
        "elapsed_us":3}
        """
    )
    #expect(
      String(decoding: ReviewLine.bytes(Self.overridden, elapsedMicroseconds: 3), as: UTF8.self)
        == """
        {"id":"$3","verdict":"log","overridden":"warn","level":"restricted","findings":[],\
        "gaps":[],"tip":null,"ruleset":"abc","elapsed_us":3}
        """
    )
    var writer = JSONWriter()
    writer.errorLine(WireError(code: .invalidJSON, message: "m", line: 4))
    #expect(
      String(decoding: writer.take(), as: UTF8.self)
        == #"{"id":null,"error":{"code":"invalid-json","message":"m","line":4}}"#
    )
  }

  @Test("what is said of a message is never taken for nothing, however little it is")
  func least() {
    let allow = #""verdict":"allow","level":"public""#
    let nothing = #""findings":[],"gaps":[],"tip":null,"ruleset":"abc","elapsed_us":1}"#
    func line(_ failure: ReviewFailure? = nil, _ change: (inout Review) -> Void = { _ in })
      -> String
    {
      var review = Self.plain
      change(&review)
      let bytes = ReviewLine.bytes(review, failure: failure, elapsedMicroseconds: 1)
      return String(decoding: bytes, as: UTF8.self)
    }
    #expect(line() == "{\"id\":\"x\",\(allow),\(nothing)")
    #expect(line { $0.verdict = .log }.contains(#""verdict":"log","level":"public","#))
    #expect(line { $0.level = .restricted }.contains(#""allow","level":"restricted","#))
    #expect(line { $0.findings = Self.full.findings }.contains(#""findings":[{"#))
    #expect(line { $0.gaps = Self.full.gaps }.contains(#""gaps":[{"#))
    #expect(line { $0.tip = Self.full.tip }.contains(#""tip":{"#))
    #expect(line { $0.observed = .block }.contains(#""observed":"block""#))
    #expect(line { $0.overridden = .block }.contains(#""overridden":"block""#))
    #expect(line { $0.override = Self.stopped.override }.contains(#""override":{"#))
    #expect(line(.late).contains(#""failure":"late""#))
  }

  @Test("fit their published schemas")
  func schemas() throws {
    let review = try schema("review-line")
    for sample in [Self.plain, Self.full, Self.overridden] {
      let bytes = ReviewLine.bytes(sample, elapsedMicroseconds: 3)
      #expect(review.faults(in: try JSONValue(bytes)) == [])
    }
    for failure in ReviewFailure.allCases {
      let bytes = ReviewLine.bytes(Self.stopped, failure: failure, elapsedMicroseconds: 3)
      #expect(review.faults(in: try JSONValue(bytes)) == [])
    }
    var writer = JSONWriter()
    writer.finding(Self.finding)
    #expect(try schema("finding").faults(in: JSONValue(writer.take())) == [])
    writer.gap(Self.full.gaps[0])
    #expect(try schema("gap").faults(in: JSONValue(writer.take())) == [])
    for code in WireError.Code.allCases {
      writer.errorLine(WireError(id: "a", code: code, message: "m", line: 1))
      #expect(try schema("error-line").faults(in: JSONValue(writer.take())) == [])
    }
  }

  @Test(
    "the schema of a line in refuses what the reader refuses",
    arguments: [
      (#"{"id":"a"}"#, true), (#"{"id":"a","body":null,"channel":null}"#, true),
      (
        #"{"id":"a","channel":{"id":"c","visibility":"direct"},"attachments":[{"name":"n"}]}"#, true
      ),
      (#"{}"#, false), (#"{"id":1}"#, false), (#"{"id":"a","x":1}"#, false),
      (#"{"id":"a","channel":{"id":"c","visibility":"open"}}"#, false),
      (#"{"id":"a","attachments":[{"path":"p"}]}"#, false),
      (#"{"id":"a","attachments":[{"name":"n","media":"m","path":"p"}]}"#, true),
      (#"{"id":"a","attachments":[{"name":"n","media":1}]}"#, false),
      (#"{"id":"a","override":{"token":"t","justification":"j"}}"#, true),
      (#"{"id":"a","override":{"token":"t"}}"#, false),
      (#"{"id":"a","override":{"token":"t","justification":null}}"#, false),
      (#"{"id":"a","channel":{"id":null}}"#, false), (#"{"id":"a","attachments":[3]}"#, false),
    ] as [(String, Bool)]
  )
  func checkLine(line: String, isValid: Bool) throws {
    let faults = try schema("check-line").faults(in: JSONValue(Array(line.utf8)))
    #expect(faults.isEmpty == isValid)
    let message = try? CheckLine.message(Array(line.utf8))
    #expect((message != nil) == isValid)
  }

  @Test("every schema is a document with an id and a title, found by its name")
  func documents() throws {
    let names = WireSchema.all.map(\.name)
    #expect(names == ["check-line", "review-line", "error-line", "extract-line", "finding", "gap"])
    for name in names {
      let text = try #require(WireSchema.named(name)).text
      let value = try JSONValue(Array(text.utf8))
      #expect(value["$id"]?.string == "urn:vigie:v1:\(name)")
      #expect(value["title"]?.string?.isEmpty == false)
      #expect(value["properties"] != nil)
      #expect(text.hasSuffix("}\n"))
    }
  }

  private func schema(_ name: String) throws -> JSONSchema {
    try JSONSchema(try #require(WireSchema.named(name)).text)
  }
}

import Testing
import VigieCore
import VigieWire

/// The message of a line, or the error.
private func read(_ line: String) -> Result<Message, WireError> {
  Result { () throws(WireError) in try CheckLine.message(Array(line.utf8), line: 7) }
}

@Suite("Check line")
struct CheckLineTests {
  @Test("reads every key")
  func full() throws {
    let line = """
      {"id":"$1","body":"b\\n","html":"<b>b</b>","subject":"s","sender":"@a:x.org",\
      "timestamp":"2026-06-01T09:30:00.5+02:00","channel":{"id":"!r","name":"n",\
      "visibility":"private","encrypted":true,"federated":false},"attachments":[{"name":"a.pdf",\
      "path":"/tmp/a.pdf","mimetype":"application/pdf"},{"name":"b"}],"replaces":"$0",\
      "override":{"token":"t","justification":"j"}}
      """
    let message = Message(
      id: "$1",
      body: "b\n",
      html: "<b>b</b>",
      subject: "s",
      sender: "@a:x.org",
      timestamp: "2026-06-01T09:30:00.5+02:00",
      channel: Channel(
        id: "!r",
        name: "n",
        visibility: .private,
        encrypted: true,
        federated: false
      ),
      attachments: [
        Attachment(name: "a.pdf", mimetype: "application/pdf", content: .file(path: "/tmp/a.pdf")),
        Attachment(name: "b"),
      ],
      replaces: "$0",
      override: OverrideRequest(token: "t", justification: "j")
    )
    #expect(read(line) == .success(message))
  }

  @Test("an upload is known by its id, wherever the path stands")
  func uploads() throws {
    let line = """
      {"id":"a","attachments":[{"name":"a","media":"mxc://x/1"},\
      {"path":"/m/2","name":"b","media":"mxc://x/2"},\
      {"media":"mxc://x/3","path":"/m/3","name":"c"},{"name":"d","media":null,"path":"/m/4"}],\
      "override":null}
      """
    let message = try read(line).get()
    #expect(
      message.attachments.map(\.content) == [
        .uploaded(id: "mxc://x/1", path: nil), .uploaded(id: "mxc://x/2", path: "/m/2"),
        .uploaded(id: "mxc://x/3", path: "/m/3"), .file(path: "/m/4"),
      ]
    )
    #expect(message.override == nil)
  }

  @Test("needs the id alone; null stands for absent")
  func least() {
    #expect(read(#"{"id":""}"#) == .success(Message(id: "")))
    let line = #"{"id":"a","body":null,"channel":null,"attachments":null,"timestamp":null}"#
    #expect(read(line) == .success(Message(id: "a")))
    let channel = #"{"id":"a","channel":{"id":"c","encrypted":null}}"#
    #expect(read(channel) == .success(Message(id: "a", channel: Channel(id: "c"))))
  }

  @Test(
    "says what is wrong, with the id and the line and without the text",
    arguments: [
      (#"{"id":"a","bdy":"x"}"#, .unknownKey, "a", "unknown key 'bdy'; did you mean 'body'?"),
      (#"{"bdy":"x","id":"a"}"#, .unknownKey, "a", "unknown key 'bdy'; did you mean 'body'?"),
      (
        #"{"id":"a","channel":{"id":"c","visibilty":"private"}}"#, .unknownKey, "a",
        "unknown key 'channel.visibilty'; did you mean 'visibility'?"
      ),
      (
        #"{"id":"a","attachments":[{"name":"x"},{"nam":"y"}]}"#, .unknownKey, "a",
        "unknown key 'attachments/1.nam'; did you mean 'name'?"
      ),
      (#"{"body":"x"}"#, .missingKey, nil, "the key 'id' is missing; every line needs one"),
      (
        #"{"id":"a","override":{"token":"t"}}"#, .missingKey, "a",
        "'override' needs a 'token' and a 'justification'"
      ),
      (
        #"{"id":"a","override":{"token":"t","justification":null}}"#, .missingKey, "a",
        "'override' needs a 'token' and a 'justification'"
      ),
      (
        #"{"id":"a","override":{"token":"t","justification":"j","why":"x"}}"#, .unknownKey, "a",
        "unknown key 'override.why'; the keys are token, justification"
      ),
      (
        #"{"id":"a","override":"t"}"#, .wrongType, "a",
        "'override' is of type string; it must be of type object"
      ),
      (#"{"id":"a","channel":{}}"#, .missingKey, "a", "the key 'channel.id' is missing"),
      (
        #"{"id":"a","attachments":[{}]}"#, .missingKey, "a",
        "the key 'attachments/0.name' is missing"
      ),
      (
        #"{"id":7}"#, .wrongType, nil, "'id' is of type number; it must be of type string"
      ),
      (
        #"{"id":null}"#, .wrongType, nil, "'id' is of type null; it must be of type string"
      ),
      (
        #"{"id":"a","body":["x"]}"#, .wrongType, "a",
        "'body' is of type array; it must be of type string"
      ),
      (
        #"{"id":"a","channel":"c"}"#, .wrongType, "a",
        "'channel' is of type string; it must be of type object"
      ),
      (
        #"{"id":"a","channel":{"id":"c","encrypted":"yes"}}"#, .wrongType, "a",
        "'channel.encrypted' is of type string; it must be of type boolean"
      ),
      (
        #"{"id":"a","channel":{"id":"c","visibility":"open"}}"#, .invalidValue, "a",
        "'channel.visibility' is no visibility; write one of public, private, direct, unknown"
      ),
      (
        #"{"id":"a","timestamp":"yesterday"}"#, .invalidValue, "a",
        "'timestamp' is no RFC 3339 time; write it like 2026-06-01T09:30:00Z"
      ),
      (
        #"{"id":"a","body":"x","body":"y"}"#, .duplicateKey, "a",
        "the key 'body' stands there twice; keep one"
      ),
      (
        #"{"id":"a","b\u006fdy":"x","body":"y"}"#, .duplicateKey, "a",
        "the key 'body' stands there twice; keep one"
      ),
      ("[]", .notAnObject, nil, "the line is no JSON object; write one object a line"),
      (
        #"{"id":"a","body":"x"#, .invalidJSON, "a",
        "the line ends in the middle of a value at byte 19"
      ),
      (
        #"{"id":"a"} x"#, .invalidJSON, "a", "the line goes on after the value at byte 11"
      ),
    ] as [(String, WireError.Code, String?, String)]
  )
  func errors(line: String, code: WireError.Code, id: String?, message: String) {
    #expect(read(line) == .failure(WireError(id: id, code: code, message: message, line: 7)))
  }

  @Test("records a gap where text had to be repaired")
  func repairs() throws {
    let line = #"{"id":"a","body":"x\ud800","html":"ok","attachments":[{"name":"\udfff"}]}"#
    let message = try CheckLine.message(Array(line.utf8))
    #expect(message.body == "x\u{FFFD}")
    let file = Place(part: .attachment(0), role: .filename)
    #expect(message.gaps.map(\.place) == [.body, file])
    #expect(message.gaps.allSatisfy { $0.reason == .encoding })
  }

  @Test(
    "knows RFC 3339",
    arguments: [
      ("2026-06-01T09:30:00Z", true), ("2026-06-01t09:30:60.123456z", true),
      ("2026-06-01 09:30:00-05:30", true), ("2026-06-01T09:30:00", false),
      ("2026-06-01", false), ("2026-13-01T09:30:00Z", false), ("2026-06-01T24:30:00Z", false),
      ("2026-06-01T09:30:00.Z", false), ("2026-06-01T09:30:00+0200", false),
      ("2026-06-01T09:30:00Zx", false), ("", false),
    ] as [(String, Bool)]
  )
  func timestamps(text: String, isValid: Bool) {
    let result = read("{\"id\":\"a\",\"timestamp\":\"\(text)\"}")
    #expect(((try? result.get()) != nil) == isValid)
  }

  @Test("never crashes on a damaged line, and accepts no truncated one")
  func damage() {
    let line =
      #"{"id":"a","body":"é","channel":{"id":"c"},"attachments":[{"name":"n","media":"m"}]}"#
    let bytes = Array(line.utf8)
    for count in 0..<bytes.count {
      #expect(throws: WireError.self) { try CheckLine.message(Array(bytes[..<count])) }
    }
    for index in bytes.indices {
      for byte in UInt8.min...UInt8.max {
        var damaged = bytes
        damaged[index] = byte
        do {
          _ = try CheckLine.message(damaged)
        } catch {
          #expect(error.line == 1)
        }
      }
    }
  }

  @Test("reads a channel that stands alone, and nothing after it")
  func channelAlone() throws {
    let read = { (json: String) throws(WireError) in try CheckLine.channel(Array(json.utf8)) }
    let full = try read(#"{"id":"r","visibility":"private","encrypted":true}"#)
    #expect(full.channel == Channel(id: "r", visibility: .private, encrypted: true))
    #expect(full.gaps.isEmpty)
    #expect(try read("null").channel == nil)
    #expect(try read(#"{"id":"r","name":"\ud800"}"#).gaps.map(\.reason) == [.encoding])
    let faults: [(String, WireError.Code)] = [
      ("", .invalidJSON), ("{", .invalidJSON), (#"{"id":"r"},"body":"x""#, .invalidJSON),
      ("7", .wrongType), ("{}", .missingKey), (#"{"id":"r","body":"x"}"#, .unknownKey),
      (#"{"id":"r","visibility":"secret"}"#, .invalidValue),
    ]
    for (json, code) in faults {
      #expect(throws: WireError.self, "\(json)") { try CheckLine.channel(Array(json.utf8)) }
      do throws(WireError) { _ = try read(json) } catch { #expect(error.code == code, "\(json)") }
    }
  }
}

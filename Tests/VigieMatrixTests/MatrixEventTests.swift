import Testing
import VigieCore
import VigieJSON

@testable import VigieMatrix

/// An event of a type, with a content written as JSON.
func event(
  _ content: String,
  type: String = "m.room.message",
  room: MatrixRoom? = nil
) throws -> MatrixEvent {
  let json = try JSONValue(
    Array(
      """
      {"type":"\(type)","sender":"@ann:agence.example","event_id":"$e","room_id":"!r:agence.example",
       "origin_server_ts":1780303800000,"content":\(content)}
      """.utf8
    )
  )
  return try MatrixEvent(json, in: room)
}

@Suite("Events as messages")
struct MatrixEventTests {
  @Test("a text with its HTML, its sender, its time and its room")
  func text() throws {
    let message = try event(
      #"{"msgtype":"m.text","body":"bonjour","format":"org.matrix.custom.html","formatted_body":"<b>bonjour</b>"}"#
    ).message
    #expect(message.id == "$e")
    #expect(message.body == "bonjour")
    #expect(message.html == "<b>bonjour</b>")
    #expect(message.sender == "@ann:agence.example")
    #expect(message.timestamp == "2026-06-01T08:50:00Z")
    #expect(message.channel?.id == "!r:agence.example")
    #expect(message.channel?.visibility == .unknown)
    #expect(message.gaps.isEmpty)
  }

  @Test("an edit is judged by its new text, and by the old one where it says something else")
  func edit() throws {
    let plain = try event(
      """
      {"msgtype":"m.text","body":"* nouveau","m.new_content":{"msgtype":"m.text","body":"nouveau"},
       "m.relates_to":{"rel_type":"m.replace","event_id":"$old"}}
      """
    ).message
    #expect(plain.body == "nouveau")
    #expect(plain.replaces == "$old")
    let other = try event(
      #"{"body":"* autre chose","m.new_content":{"body":"nouveau"}}"#
    ).message
    #expect(other.body == "nouveau\n\n* autre chose")
  }

  @Test("a caption is text, a file name is a name, an upload is looked up")
  func files() throws {
    let captioned = try event(
      """
      {"msgtype":"m.file","body":"voici la note","filename":"note DR.odt","url":"mxc://a.example/f1",
       "info":{"mimetype":"application/vnd.oasis.opendocument.text","thumbnail_url":"mxc://a.example/t1"}}
      """
    ).message
    #expect(captioned.body == "voici la note")
    #expect(captioned.attachments.map(\.name) == ["note DR.odt", ""])
    #expect(captioned.attachments[0].mimetype == "application/vnd.oasis.opendocument.text")
    #expect(captioned.attachments[0].content == .uploaded(id: "mxc://a.example/f1", path: nil))
    #expect(captioned.attachments[1].content == .uploaded(id: "mxc://a.example/t1", path: nil))
    let bare = try event(#"{"msgtype":"m.image","body":"DR.png","url":"mxc://a.example/f2"}"#)
      .message
    #expect(bare.body == nil)
    #expect(bare.attachments.map(\.name) == ["DR.png"])
  }

  @Test("an encrypted file and an encrypted event are gaps, never silence")
  func encrypted() throws {
    let file = try event(
      #"{"msgtype":"m.file","body":"a.pdf","file":{"url":"mxc://a.example/f3","key":{"k":"x"},"iv":"y"}}"#
    ).message
    #expect(file.gaps.map(\.reason) == [.encrypted])
    #expect(file.gaps.first?.place.part == .attachment(0))
    #expect(file.body == nil)
    let whole = try event(
      #"{"algorithm":"m.megolm.v1.aes-sha2","ciphertext":"AwgAEnAC"}"#,
      type: "m.room.encrypted"
    ).message
    #expect(whole.gaps.map(\.reason) == [.encrypted])
    #expect(whole.body == nil)
  }

  @Test(
    "whatever a person may read is judged",
    arguments: [
      (
        "m.room.message",
        #"{"org.matrix.msc3381.poll.start":{"question":{"body":"MARK"},"answers":[{"id":"1","m.text":[{"body":"oui"}]}]}}"#
      ),
      ("m.room.topic", #"{"topic":"MARK"}"#), ("m.room.name", #"{"name":"MARK"}"#),
      ("m.reaction", #"{"m.relates_to":{"rel_type":"m.annotation","event_id":"$x","key":"MARK"}}"#),
      (
        "m.room.message",
        #"{"msgtype":"m.text","body":"a","example.custom":{"deep":[{"x":"MARK"}]}}"#
      ),
      ("m.room.message", #"{"msgtype":"MARK and blanks","body":"a"}"#),
      ("m.room.message", #"{"body":"a","org.vigie.override":{"token":"t","note":"MARK"}}"#),
      (
        "m.room.message",
        #"{"body":"a","org.vigie.override":{"token":"t","justification":"j","x":"MARK"}}"#
      ), ("m.room.message", #"{"body":["MARK"]}"#),
    ]
  )
  func everything(_ type: String, _ content: String) throws {
    let message = try event(content, type: type).message
    #expect(message.body?.contains("MARK") == true)
  }

  @Test("ids and words of the protocol are no text")
  func technical() throws {
    let message = try event(
      #"{"msgtype":"m.text","body":"a","m.relates_to":{"m.in_reply_to":{"event_id":"$x"}},"m.mentions":{"user_ids":["@b:c"]}}"#
    ).message
    #expect(message.body == "a")
  }

  @Test("a justification is a wish, not a text")
  func override() throws {
    let message = try event(
      #"{"body":"a","org.vigie.override":{"token":"t","justification":"j"}}"#
    ).message
    #expect(message.override == OverrideRequest(token: "t", justification: "j"))
    #expect(message.body == "a")
  }

  @Test(
    "what is no event says so",
    arguments: [
      "[]", "{}", #"{"type":"m"}"#, #"{"type":"m","sender":"s"}"#,
      #"{"type":"m","sender":"s","content":"x"}"#,
    ]
  )
  func faults(_ text: String) throws {
    let json = try JSONValue(Array(text.utf8))
    #expect(throws: MatrixFault.self) { try MatrixEvent(json, in: nil) }
  }

  @Test("contents nested without end are read as far as anybody nests them")
  func deep() throws {
    let content =
      String(repeating: #"{"a":"#, count: 200) + "1" + String(repeating: "}", count: 200)
    #expect(try event(content).message.body == nil)
  }
}

@Suite("Rooms as channels")
struct MatrixRoomTests {
  private func channel(_ text: String) throws -> Channel {
    try MatrixRoom(try JSONValue(Array(text.utf8))).channel
  }

  @Test(
    "who can read a room",
    arguments: [
      (#"{"id":"!r","join_rule":"public"}"#, Visibility.public),
      (#"{"id":"!r","join_rule":"invite"}"#, .private),
      (#"{"id":"!r","join_rule":"invite","history_visibility":"world_readable"}"#, .public),
      (#"{"id":"!r","join_rule":"invite","access_rule":"direct"}"#, .direct),
      (#"{"id":"!r","join_rule":"public","access_rule":"direct"}"#, .public),
      (#"{"id":"!r","join_rule":"restricted"}"#, .private), (#"{"id":"!r"}"#, .unknown),
      (#"{"id":"!r","join_rule":"new.rule"}"#, .unknown),
    ]
  )
  func visibility(_ text: String, _ visibility: Visibility) throws {
    #expect(try channel(text).visibility == visibility)
  }

  @Test("encryption that is absent, and encryption of which nothing is said, are two things")
  func encryption() throws {
    #expect(try channel(#"{"id":"!r","encryption":null}"#).encrypted == false)
    #expect(try channel(#"{"id":"!r","encryption":"m.megolm.v1.aes-sha2"}"#).encrypted == true)
    #expect(try channel(#"{"id":"!r"}"#).encrypted == nil)
    #expect(try channel(#"{"id":"!r","federate":false,"name":"N"}"#).federated == false)
  }

  @Test(
    "a misspelt key is refused",
    arguments: [
      #"{"id":"!r","joinrule":"public"}"#, #"{"join_rule":"public"}"#,
      #"{"id":"!r","federate":"no"}"#,
      #"{"id":"!r","join_rule":1}"#, "[]",
    ]
  )
  func faults(_ text: String) { #expect(throws: MatrixFault.self) { try channel(text) } }
}

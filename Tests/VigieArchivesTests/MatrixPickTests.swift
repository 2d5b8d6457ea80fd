import Testing
import VigieArchives
import VigieCore
import VigieJSON

/// Events of every kind, well formed and strange, one a line.
private struct Events {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

  /// One of some elements, by chance.
  ///
  /// *Source:* G. Marsaglia, "Xorshift RNGs", 2003.
  private mutating func one<Element>(of elements: [Element]) -> Element {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return elements[Int(state % UInt64(elements.count))]
  }

  /// A value as JSON: mostly a text.
  private mutating func value() -> String {
    one(of: [
      #""bonjour à tous, voici un message d'une longueur courante""#, #""x""#, #""""#,
      #""a\nb\t\"c\"""#,
      #""\u00e9\ud83d\ude00""#, #""\ud800""#, "\"\u{1F600} été\"", "12", "1.5e2", "-0", "null",
      "true", "[]", "{}",
      #"["a","b"]"#, #"{"deep":{"er":"text"}}"#, #""> <@a:b> cité\n\nréponse""#, #""* corrigé""#,
    ])
  }

  private mutating func members(_ names: [String]) -> String {
    var members: [String] = []
    for name in names where one(of: [true, true, false]) {
      members.append("\"\(name)\":\(value())")
    }
    if one(of: [true, false, false, false]), let first = members.first { members.append(first) }
    return members.joined(separator: one(of: [",", ", ", ",\t"]))
  }

  mutating func line() -> String {
    let relation = one(of: [
      "", #","m.relates_to":{"m.in_reply_to":{"event_id":"$r"}}"#,
      #","m.relates_to":{"m.in_reply_to":null}"#,
      #","m.relates_to":{"rel_type":"m.thread","event_id":"$t","is_falling_back":true,"m.in_reply_to":{}}"#,
      #","m.relates_to":{"rel_type":"m.annotation","event_id":"$t","key":"👍"}"#,
      #","m.relates_to":"none""#,
      #","m.relates_to":{"rel_type":"m.replace","event_id":"$e"},"m.new_content":{"body":"neuf"}"#,
    ])
    let type = one(of: [
      "m.room.message", "m.room.message", "m.room.message", "m.room.member", "m.reaction",
      "m.room.redaction", "m.room.name", "m.sticker", "m.room.encryption", "m.room.join_rules",
    ])
    let kind = one(of: [
      "m.text", "m.text", "m.notice", "m.emote", "m.image", "m.file", "m.audio", "m.video",
      "m.location", "m.bad.encrypted",
    ])
    let content = members([
      "body", "formatted_body", "filename", "url", "displayname", "membership", "name", "topic",
      "avatar_url", "m.mentions",
    ])
    let info = one(of: [
      "", #","info":{"mimetype":"image/png","size":3}"#, #","info":[]"#,
      #","info":{"size":-3}"#, #","info":{"size":"3","w":4}"#, #","info":{"size":3.5}"#,
      #","info":{"size":1e3}"#, #","info":{"size":null,"mimetype":7}"#,
      #","info":{"size":12345678901234567890}"#, #","info":{"size":3,"size":4}"#,
      #","file":{"url":"mxc://a/b"}"#,
    ])
    let around = members(["sender", "room_id", "state_key", "unknown"])
    return #"{"type":"\#(type)","event_id":\#(one(of: ["\"$a\"", "\"\"", "1", "\"$\\u0061\""])),"#
      + (around.isEmpty ? "" : around + ",")
      + #""origin_server_ts":\#(one(of: ["1781395200123", "1781395200000", "1.7e12", "-1", "\"1\"", "99999999999999999"])),"#
      + #""content":{"msgtype":"\#(kind)"\#(content.isEmpty ? "" : ",")\#(content)\#(relation)\#(info)},"#
      + #""unsigned":{"age":\#(value())}}"#
  }
}

@Suite("Matrix events read in one pass")
struct MatrixPickTests {
  /// An event with an empty `prev_content` says the same and is read the thorough way.
  @Test("say what they say when read field by field", arguments: 0..<8 as Range<UInt64>)
  func equal(seed: UInt64) throws {
    var events = Events(seed: seed)
    let lines = (0..<1_500).map { _ in events.line() }
    let folder = try Folder()
    let quick = try items(
      folder.write("quick.json", lines.map { $0 + "\n" }.joined()),
      format: "matrix"
    )
    let thorough = try items(
      folder.write(
        "slow.json",
        lines.map { "{\"prev_content\":{}," + $0.dropFirst() + "\n" }.joined()
      ),
      format: "matrix"
    )
    #expect(quick.count == lines.count)
    #expect(quick.count == thorough.count)
    #expect(quick.reasons == thorough.reasons)
    for (left, right) in zip(quick.messages, thorough.messages) {
      var (left, right) = (left, right)
      // What is named by its place lies elsewhere.
      if left.id.hasPrefix("offset-"), right.id.hasPrefix("offset-") { right.id = left.id }
      if left.channel?.id == "quick", right.channel?.id == "slow" { left.channel?.id = "slow" }
      #expect(left == right)
    }
  }

  /// Of a room export, whose events are read in one pass as well; halfway the room becomes encrypted.
  @Test(
    "say what they say when read field by field, in a room export",
    arguments: 0..<4 as Range<UInt64>
  )
  func export(seed: UInt64) throws {
    var events = Events(seed: seed &+ 100)
    let encryption =
      #"{"type":"m.room.encryption","state_key":"","event_id":"$e","sender":"@a:b","content":{}}"#
    let said =
      #"{"type":"m.room.message","event_id":"$1","sender":"@a:b","content":{"msgtype":"m.text","body":"un"}}"#
    let lines = [said, said] + (0..<800).map { $0 == 400 ? encryption : events.line() } + [said]
    let folder = try Folder()
    func read(_ name: String, _ lines: [String]) throws -> [ArchiveItem] {
      try items(
        folder.write(
          name,
          #"{"room_name":"Salon","exported_by":"@a:b","messages":["#
            + lines.joined(separator: ",\n  ") + "]}"
        ),
        format: "element-json"
      )
    }
    let quick = try read("a.json", lines)
    let thorough = try read("b.json", lines.map { #"{"prev_content":{},"# + $0.dropFirst() })
    #expect(quick.messages.count == lines.count)
    #expect(quick.messages.count == thorough.messages.count)
    #expect(quick.reasons == thorough.reasons)
    for (left, right) in zip(quick.messages, thorough.messages) {
      var right = right
      // What is named by its place lies elsewhere.
      if left.id.hasPrefix("offset-"), right.id.hasPrefix("offset-") { right.id = left.id }
      #expect(left == right)
    }
    #expect(quick.messages.first?.channel == Channel(id: "Salon", name: "Salon"))
    #expect(quick.messages.last?.traits == .encrypted)
    // The first two share their channel: they were read in one pass.
    #expect(quick.messages[1].isIn(quick.messages[0].sharedChannel))
  }

  /// What lies side by side where it is read quickly: names and what they did, in whatever order and letters.
  @Test("say of who came and went what they say when read field by field")
  func members() throws {
    let words = [
      #""join""#, #""Élise""#, #""\u006aoin""#, #""""#, #""\u212Aim""#, #""Kim""#, #""K\u0069m""#,
      #""\ud800""#, "null", "3", #""e\u0301""#, #""é""#, #""a\nb""#,
    ]
    var lines: [String] = []
    for first in words {
      for second in words {
        for content in [
          #""displayname":\#(first),"membership":\#(second)"#,
          #""membership":\#(first),"displayname":\#(second)"#, #""membership":\#(first)"#,
          #""displayname":\#(first),"m.relates_to":{"key":\#(second)}"#,
          #""m.relates_to":{"rel_type":"m.annotation","key":\#(first)}"#,
        ] {
          lines.append(
            #"{"type":"m.room.member","event_id":"$\#(lines.count)","sender":"@a:b","room_id":"!r:b","#
              + #""origin_server_ts":1,"content":{\#(content)},"unsigned":{"age":1}}"#
          )
        }
      }
    }
    let folder = try Folder()
    let quick = try items(folder.write("a.json", lines.map { $0 + "\n" }.joined()))
    let thorough = try items(
      folder.write("b.json", lines.map { #"{"prev_content":{},"# + $0.dropFirst() + "\n" }.joined())
    )
    #expect(quick.messages.count == lines.count)
    #expect(quick.messages.count == thorough.messages.count)
    for (left, right) in zip(quick.messages, thorough.messages) {
      #expect(left == right)
      // Not only what Unicode takes for the same.
      #expect(left.body.map { Array($0.utf8) } == right.body.map { Array($0.utf8) })
    }
  }

  /// What servers say of files, as they say it: read quickly, this must be what the thorough way gives.
  @Test("say of files what they say when read field by field")
  func files() throws {
    var lines: [String] = []
    for kind in ["m.file", "m.image", "m.audio", "m.video"] {
      for content in [
        #""body":"plan.ods","info":{"mimetype":"a/b","size":30279},"url":"mxc://a/b""#,
        #""body":"légende","filename":"plan.ods","info":{"size":-1},"url":"mxc://a/b""#,
        #""body":"plan.ods","filename":"plan.ods","url":"mxc://a/b""#,
        #""body":"","filename":"","url":"mxc://a/b""#, #""url":"mxc://a/b""#, #""body":"seul""#,
        #""body":"p\u00e9.ods","formatted_body":"<b>p</b>","info":{"size":"1"},"url":"mxc://a/b""#,
        #""body":"a","url":"mxc://a/b","m.relates_to":{"m.in_reply_to":{"event_id":"$r"}}"#,
        #""body":"a","url":"mxc://a/b","m.relates_to":{"rel_type":"m.thread","event_id":"$t"}"#,
        #""body":"a","url":"mxc://a/b","m.relates_to":{"rel_type":"m.replace","event_id":"$t"}"#,
        #""body":"a","file":{"url":"mxc://a/b"}"#, #""body":"a","url":null"#,
        #""body":"a","url":"mxc://a/b","caption":"vu""#,
      ] {
        lines.append(
          #"{"type":"m.room.message","event_id":"$\#(lines.count)","sender":"@a:b","room_id":"!r:b","#
            + #""origin_server_ts":1,"content":{"msgtype":"\#(kind)",\#(content)},"unsigned":{"age":1}}"#
        )
      }
    }
    let folder = try Folder()
    let quick = try items(folder.write("a.json", lines.map { $0 + "\n" }.joined()))
    let thorough = try items(
      folder.write("b.json", lines.map { #"{"prev_content":{},"# + $0.dropFirst() + "\n" }.joined())
    )
    #expect(quick.messages.count == lines.count)
    #expect(quick.messages.contains { $0.attachments.first?.byteCount == 30_279 })
    for (left, right) in zip(quick.messages, thorough.messages) { #expect(left == right) }
  }

  @Test("are counted byte by byte as before")
  func places() throws {
    let lines = [
      #"{"type":"m.room.message","event_id":"$1","room_id":"!r:b","sender":"@a:b","origin_server_ts":1,"#
        + #""content":{"msgtype":"m.text","body":"un"}}"#,
      #"{"type":"m.room.message","event_id":"$2","room_id":"!r:b","sender":"@a:b","origin_server_ts":2,"#
        + #""content":{"msgtype":"m.text","body":"deux"},"unsigned":{"age":12}}"#,
    ]
    let folder = try Folder()
    let path = try folder.write("a.json", lines[0] + " ,\r\n" + lines[1] + "\n" + lines[0])
    var places: [Int] = []
    for item in try items(path) {
      guard case .message(_, let source, let byteCount) = item else { continue }
      places += [source.byteOffset, byteCount]
    }
    let (one, two) = (lines[0].utf8.count, lines[1].utf8.count)
    #expect(places == [0, one, one + 4, two, one + two + 5, one])
  }
}

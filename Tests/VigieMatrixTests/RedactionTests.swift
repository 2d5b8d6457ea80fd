import Testing
import VigieCore
import VigieJSON

@testable import VigieMatrix

@Suite("Contents without what was found")
struct RedactionTests {
  /// A finding at the first place of some words in a part of a message.
  private func finding(
    _ words: String,
    in message: Message,
    part: Part = .body,
    usage: Usage = .applied
  ) throws -> Finding {
    let text = Array(((part == .html ? message.html : message.body) ?? "").utf8)
    let target = Array(words.utf8)
    let start = try #require(
      text.indices.first { text[$0...].starts(with: target) }
    )
    return Finding(
      rule: "r",
      scheme: "fr",
      level: .restricted,
      usage: usage,
      confidence: 1,
      place: Place(part: part, role: part == .html ? .html : .body),
      range: start..<start + target.count,
      line: 1,
      column: 1,
      masked: "x"
    )
  }

  private func text(_ value: JSONValue?) throws -> String {
    var writer = JSONWriter()
    writer.value(try #require(value))
    return String(decoding: writer.take(), as: UTF8.self)
  }

  @Test("the words are blacked out, blanks stay, and HTML says the same")
  func message() throws {
    let event = try event(
      #"{"msgtype":"m.text","body":"note: DIFFUSION RESTREINTE <ici>","format":"h","formatted_body":"<b>DIFFUSION</b> RESTREINTE"}"#
    )
    let redacted = event.redacted([try finding("DIFFUSION RESTREINTE", in: event.message)])
    #expect(
      try text(redacted)
        == #"{"msgtype":"m.text","body":"note: █████████ ██████████ <ici>","format":"h","formatted_body":"note: █████████ ██████████ &lt;ici&gt;"}"#
    )
  }

  @Test("an edit is blacked out in both its texts")
  func edit() throws {
    let event = try event(
      #"{"body":"* c'est SECRET","m.new_content":{"body":"c'est SECRET"}}"#
    )
    let redacted = event.redacted([try finding("SECRET", in: event.message)])
    #expect(
      try text(redacted) == #"{"body":"* c'est ██████","m.new_content":{"body":"c'est ██████"}}"#
    )
  }

  @Test("a text that is said twice is blacked out twice")
  func twice() throws {
    let event = try event(
      #"{"topic":"un SECRET","m.topic":{"m.text":[{"body":"un SECRET"},{"body":"autre"}]}}"#,
      type: "m.room.topic"
    )
    let redacted = event.redacted([try finding("SECRET", in: event.message)])
    #expect(
      try text(redacted)
        == #"{"topic":"un ██████","m.topic":{"m.text":[{"body":"un ██████"},{"body":"autre"}]}}"#
    )
  }

  @Test("a second text is blacked out where it stands")
  func second() throws {
    let event = try event(#"{"body":"é","topic":"ok","x":{"y":["un","SECRET é"]}}"#)
    let redacted = event.redacted([try finding("SECRET", in: event.message)])
    #expect(try text(redacted) == #"{"body":"é","topic":"ok","x":{"y":["un","██████ é"]}}"#)
  }

  @Test("what was only found in HTML takes the HTML away")
  func htmlOnly() throws {
    let event = try event(#"{"body":"rien","formatted_body":"SECRET"}"#)
    let redacted = event.redacted([try finding("SECRET", in: event.message, part: .html)])
    #expect(try text(redacted) == #"{"body":"rien","formatted_body":"rien"}"#)
  }

  @Test("what cannot be rewritten is not")
  func impossible() throws {
    let event = try event(#"{"body":"SECRET"}"#)
    var inFile = try finding("SECRET", in: event.message)
    inFile.place = Place(part: .attachment(0), role: .filename)
    #expect(event.redacted([inFile]) == nil)
    #expect(event.redacted([]) == nil)
    #expect(event.redacted([try finding("SECRET", in: event.message, usage: .mentioned)]) == nil)
    var beyond = try finding("SECRET", in: event.message)
    beyond.range = 3..<300
    #expect(event.redacted([beyond]) == nil)
  }

  @Test("a range that cuts a letter takes it whole")
  func cut() {
    #expect(MatrixEvent.blackOut("aéb", [2..<3]) == "a█b")
    #expect(MatrixEvent.blackOut("a b", [0..<3]) == "█ █")
  }

  @Test("the new content is judged like any other")
  func again() throws {
    let event = try event(#"{"body":"SECRET"}"#)
    let content = try #require(event.redacted([try finding("SECRET", in: event.message)]))
    #expect(event.with(content)?.message.body == "██████")
    #expect(event.with(.null) == nil)
  }
}

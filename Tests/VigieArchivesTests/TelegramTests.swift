import Testing
import VigieArchives
import VigieCore

@Suite("Telegram")
struct TelegramTests {
  @Test("joins formatted pieces before anything is sought, and reads what is no JSON")
  func text() throws {
    let records = [
      #"{"id":1,"type":"message","text":["DIFFUSION ",{"type":"bold","text":"RESTR"},"EINTE"]}"#,
      #"{"id":2,"type":"message","text":"a\x1Bb\\x1B"}"#,
      #"{"id":3,"type":"message","text":["x",5,[],{"text":["y"]}],"text_entities":[{"text":"z"}]}"#,
      #"{"id":4,"type":"message","text":"s\uD800\u0000"}"#,
      #"{"id":5,"type":"message","text":"bad \q"}"#,
    ]
    let text =
      #"{"name":"n","type":"private_channel","id":9,"messages":["#
      + records.joined(separator: ",") + "]}"
    let folder = try Folder()
    let found = try items(try folder.write("result.json", text))
    #expect(
      found.messages.map(\.body) == [
        "DIFFUSION RESTREINTE", "a\u{1B}b\\x1B", "x5y\nz", "s\u{FFFD}\0",
      ]
    )
    #expect(found.messages.last?.gaps.map(\.reason) == [.encoding])
    #expect(found.reasons == [.corrupt])
  }

  @Test("does not take who can read a chat from a type it does not know")
  func visibility() throws {
    let folder = try Folder()
    let text = #"{"name":"n","type":"new_group","id":9,"messages":[{"id":1,"text":"a"}]}"#
    let path = try folder.write("result.json", text)
    let found = try items(path, format: "telegram")
    #expect(found.messages.isEmpty || found.messages.first?.channel?.visibility == .unknown)
    let known = text.replacing("new_group", with: "public_channel")
    #expect(
      try items(try folder.write("b.json", known)).messages.first?.channel?.visibility == .public
    )
  }

  @Test("keeps chats apart after damage")
  func damage() throws {
    let first =
      #"{"name":"A","type":"private_group","id":1,"messages":[{"id":1,"text":"a}]]"#
    let rest =
      #"},{"name":"B","type":"bot_chat","id":2,"messages":[{"id":2,"text":"b"}]},"#
      + #"{"type":"saved_messages","id":3,"messages":[{"id":3,"text":"c"}]}]}}"#
    let text = #"{"personal_information":{},"chats":{"list":["# + first + "\u{2}" + rest
    let folder = try Folder()
    let found = try items(try folder.write("result.json", text))
    #expect(found.messages.map(\.channel?.id) == ["2", "3"])
    #expect(found.reasons.contains(.corrupt))
  }
}

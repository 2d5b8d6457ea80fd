import Testing
import VigieArchives
import VigieCore

@Suite("Pages of Mattermost's API, updates of Telegram bots")
struct MattermostPagesTests {
  private func messages(_ text: String, _ format: String) throws -> [Message] {
    let folder = try Folder()
    let path = try folder.write("a.json", text)
    var reader = try ArchiveReader(path: path)
    #expect(reader.formatName == format)
    var messages: [Message] = []
    while let item = try reader.next() {
      if case .message(let message, _, _) = item { messages.append(message) }
    }
    return messages
  }

  @Test("what was taken away and what no person said is marked as such")
  func traits() throws {
    let found = try messages(
      """
      {"order":["a","b"],"posts":{
        "a":{"id":"a","create_at":1,"update_at":1,"delete_at":5,"user_id":"u","channel_id":"c","message":""},
        "b":{"id":"b","create_at":1,"update_at":1,"delete_at":0,"user_id":"u","channel_id":"c",
          "message":"x","type":"system_header_change"}}}
      """,
      "mattermost-api"
    )
    #expect(found.map(\.traits) == [.redacted, .system])
  }

  @Test("an empty page holds nothing, and misses nothing")
  func empty() throws {
    let folder = try Folder()
    for text in [#"{"order":[],"posts":{}}"#, #"{"ok":true,"result":[]}"#] {
      #expect(try items(folder.write("a.json", text)).isEmpty)
    }
  }

  @Test("a file that holds no list of messages is a gap")
  func noList() throws {
    let folder = try Folder()
    let text = #"{"order":["a"],"posts":7,"next_post_id":""}"#
    #expect(try items(folder.write("a.json", text)).reasons == [.unsupported])
  }

  @Test("after damage, further posts of an array are found; the rest of a page is a gap")
  func damage() throws {
    let folder = try Folder()
    let post =
      #"{"id":"a","create_at":1,"update_at":1,"delete_at":0,"user_id":"u","#
      + #""channel_id":"c","message":"x"}"#
    let array = "[" + post + #",{"id":"b"]],"# + "\n" + post + "]"
    let found = try items(folder.write("a.json", array))
    #expect(found.messages.count == 2)
    #expect(!found.reasons.isEmpty)
    let page = #"{"order":[],"posts":{"a":"# + post + #","b":{"id":"b"]],"c":"# + post + "}}"
    let cut = try items(folder.write("b.json", page))
    #expect(cut.messages.count == 1)
    #expect(cut.reasons == [.corrupt])
  }

  @Test("edits of Telegram are versions, with ids of their own")
  func edits() throws {
    let found = try messages(
      """
      {"ok":true,"result":[
        {"update_id":1,"message":{"message_id":7,"date":1,"chat":{"id":5,"type":"group"},"text":"a"}},
        {"update_id":2,"edited_message":{"message_id":7,"date":1,"edit_date":3,
          "chat":{"id":5,"type":"group"},"text":"b"}}]}
      """,
      "telegram-bot"
    )
    #expect(found.map(\.id) == ["7", "7-edit-3"])
    #expect(found.map(\.replaces) == [nil, "7"])
  }

  @Test("a picture in several sizes is one file")
  func picture() throws {
    let found = try messages(
      """
      [{"update_id":1,"message":{"message_id":7,"date":1,"chat":{"id":5,"type":"private"},
        "photo":[{"file_unique_id":"s"},{"file_unique_id":"l"}]}}]
      """,
      "telegram-bot"
    )
    #expect(found.first?.attachments.map(\.address) == ["telegram:l"])
  }
}

@Suite("Lists of messages in JSON of any origin")
struct JSONListTests {
  private func format(_ text: String) throws -> String {
    let folder = try Folder()
    return try ArchiveReader(path: folder.write("a.json", text)).formatName
  }

  @Test("lines in, and rows whose files and cards are lists, stay rows")
  func rows() throws {
    for text in [
      #"{"id":"1","body":"x","attachments":[{"name":"a.pdf","text":"y","date":1}]}"#,
      #"[{"text":"x","user":"u"}]"#,
      #"{"text":"x","user":"u","replies":[{"text":"y","user":"v"}]}"#,
      #"{"a":[1,2,3]}"#,
    ] {
      #expect(try format(text) == "jsonl", "\(text)")
    }
  }

  @Test("a list below the top is found, wherever it stands")
  func lists() throws {
    for text in [
      #"{"messages":[{"text":"x","user":"u"}]}"#, #"{"a":{"b":[{"text":"x","date":1}]}}"#,
      #"{"chats":[{"name":"n","items":[{"content":"x","author":{"name":"u"}}]}]}"#,
    ] {
      #expect(try format(text) == "json-list", "\(text)")
    }
  }

  @Test(
    "a page without messages has none, unless it says something itself or more follows",
    arguments: [
      (#"{"has_more":false,"messages":[],"ok":true,"at":"1"}"#, "json-list", 0),
      (#"{"messages":[],"text":"DIFFUSION RESTREINTE"}"#, "jsonl", 1),
      (#"{"messages":[]}"# + "\n" + #"{"text":"x","user":"u"}"#, "jsonl", 2),
    ]
  )
  func empty(_ text: String, _ format: String, _ count: Int) throws {
    let folder = try Folder()
    let path = try folder.write("a.json", text)
    #expect(try ArchiveReader(path: path).formatName == format)
    let messages = try items(path).filter { item in
      if case .message = item { true } else { false }
    }
    #expect(messages.count == count)
  }
}

@Suite("Chats of LINE")
struct LineTests {
  private func times(_ text: String) throws -> [String?] {
    let folder = try Folder()
    return try items(folder.write("a.txt", text)).compactMap { item in
      guard case .message(let message, _, _) = item else { return nil }
      return message.timestamp
    }
  }

  @Test(
    "the day of the week tells whether the month comes first",
    arguments: [
      ("Mon, 11/03/2025", "2025-11-03"), ("Tue, 11/03/2025", "2025-03-11"),
      ("Sun, 26/04/2026", "2026-04-26"), ("2024/01/15(Mon)", "2024-01-15"),
      ("2025.12.30 火曜日", "2025-12-30"), ("2024.02.01 Thursday", "2024-02-01"),
    ]
  )
  func days(_ line: String, _ day: String) throws {
    let text = "[LINE] Chat history with X\n\n\(line)\n10:30\tA\thi\n"
    #expect(try times(text) == ["\(day)T10:30:00"])
  }

  @Test(
    "clocks of twelve hours",
    arguments: [
      ("12:05AM", "00:05"), ("12:05PM", "12:05"), ("9:30 PM", "21:30"), ("午後9:30", "21:30"),
      ("下午12:30", "12:30"), ("午前0:10", "00:10"), ("오후 3:24", "15:24"),
    ]
  )
  func clocks(_ clock: String, _ time: String) throws {
    let text = "[LINE] Chat history with X\n\n2024/01/15(Mon)\n\(clock)\tA\thi\n"
    #expect(try times(text) == ["2024-01-15T\(time):00"])
  }

  @Test("a list of times is no chat")
  func noChat() throws {
    let folder = try Folder()
    let path = try folder.write("a.txt", "10:30 opening\n11:00 talk\n12:00 lunch\n")
    #expect(try ArchiveReader(path: path).formatName == "text")
  }
}

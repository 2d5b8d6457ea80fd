import Testing
import VigieCore

@Suite("A message")
struct MessageTests {
  private let message = Message(
    id: "1",
    body: "a",
    timestamp: "2026-06-14T00:00:00Z",
    channel: Channel(id: "c", name: "Salon"),
    attachments: [Attachment(name: "a.txt")]
  )

  @Test("is a value: a copy that changes leaves it as it is")
  func value() {
    let changes: [(inout Message) -> Void] = [
      { $0.id = "2" }, { $0.body = nil }, { $0.html = "b" }, { $0.subject = "b" },
      { $0.sender = "b" }, { $0.timestamp = nil }, { $0.time = MessageTime(milliseconds: 0) },
      { $0.channel?.name = "b" }, { $0.attachments[0].name = "b" }, { $0.replaces = "b" },
      { $0.gaps.append(Gap(place: .body, reason: .corrupt, detail: "b")) },
      { $0.override = OverrideRequest(token: "b", justification: "b") },
      { $0.traits.insert(.system) },
    ]
    let same = message
    for (number, change) in changes.enumerated() {
      var copy = message
      change(&copy)
      #expect(copy != message, "\(number)")
      #expect(copy.hashValue != message.hashValue, "\(number)")
      let changed = copy
      change(&copy)
      if number != 10 { #expect(copy == changed, "\(number)") }
    }
    #expect(same == message)
    #expect(message.id == "1")
    #expect(message.attachments == [Attachment(name: "a.txt")])
  }

  @Test("says its time the same however it came by it")
  func time() {
    var other = message
    other.time = MessageTime(milliseconds: 1_781_395_200_000)
    #expect(other.timestamp == "2026-06-14T00:00:00Z")
    #expect(other == message)
    #expect(other.hashValue == message.hashValue)
    other.time = MessageTime(milliseconds: .max)
    #expect(other.timestamp == nil)
    other.timestamp = "yesterday"
    #expect(other.timestamp == "yesterday")
  }

  /// A message whose texts lie side by side.
  private static func packed(
    _ id: String,
    sender: String?,
    body: String?,
    html: String?
  ) -> Message? {
    let texts = [id, sender, body, html]
    return Message(
      upTo: texts.reduce(0) { $0 + ($1?.utf8.count ?? 0) },
      time: MessageTime(milliseconds: 1_781_395_200_000),
      channel: SharedChannel(Channel(id: "c", name: "Salon")),
      traits: .system
    ) { output, ends in
      for (text, name) in zip(texts, [Message.Text.id, .sender, .body, .html]) {
        guard let text else { continue }
        for byte in text.utf8 { output.append(byte) }
        ends.end(name, at: output.count)
      }
      return id != "none"
    }
  }

  @Test("says the same whether its texts lie side by side or each by itself")
  func sideBySide() throws {
    let words: [String?] = [nil, "", "a", "été \u{1F600} dans une phrase assez longue"]
    for (sender, body, html) in words.flatMap({ sender in
      words.flatMap { body in words.map { (sender, body, $0) } }
    }) {
      let packed = try #require(MessageTests.packed("$é", sender: sender, body: body, html: html))
      var plain = Message(
        id: "$é",
        body: body,
        html: html,
        sender: sender,
        timestamp: "2026-06-14T00:00:00Z",
        channel: Channel(id: "c", name: "Salon")
      )
      plain.traits = .system
      #expect(packed == plain)
      #expect(plain == packed)
      #expect(packed.hashValue == plain.hashValue)
      #expect([packed.sender, packed.body, packed.html] == [sender, body, html])
      for message in [packed, plain] {
        for (text, word) in [
          (Message.Text.id, "$é"), (.sender, sender), (.body, body), (.html, html),
        ] {
          var bytes: [UInt8]?
          message.withText(text) { span in bytes = span.indices.map { span[$0] } }
          #expect(bytes == word.map { Array($0.utf8) })
        }
      }
      var (left, right): ([UInt8], [UInt8]) = ([], [])
      packed.appendTexts(to: &left)
      plain.appendTexts(to: &right)
      #expect(left == right)
      // A change of one text leaves the others, and the message it was copied from.
      let changes: [(inout Message) -> Void] = [
        { $0.id = "2" }, { $0.body = "b" }, { $0.html = "b" }, { $0.subject = "b" },
        { $0.sender = "b" }, { $0.traits = [] }, { $0.channel = nil }, { $0.timestamp = nil },
        { $0.attachments = [Attachment(name: "a.txt")] },
      ]
      for (number, change) in changes.enumerated() {
        var (one, other) = (packed, plain)
        change(&one)
        change(&other)
        #expect(one == other, "\(number)")
        #expect(one.hashValue == other.hashValue, "\(number)")
        #expect(packed == plain, "\(number)")
      }
    }
    #expect(MessageTests.packed("none", sender: nil, body: nil, html: nil) == nil)
  }

  @Test("knows its channel by the bytes of the name")
  func channelName() {
    #expect(message.isInChannel(named: "Salon"))
    #expect(!message.isInChannel(named: "Salom"))
    #expect(!message.isInChannel(named: "Salo"))
    #expect(!Message(id: "1").isInChannel(named: ""))
    let composed = Message(id: "1", channel: Channel(id: "c", name: "\u{1E9B}\u{323}"))
    #expect(!composed.isInChannel(named: "\u{17F}\u{323}\u{307}"))
  }
}

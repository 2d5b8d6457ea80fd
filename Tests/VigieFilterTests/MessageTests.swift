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

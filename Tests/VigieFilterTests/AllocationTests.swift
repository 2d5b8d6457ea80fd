import CAllocationCount
import Testing
import VigieCore
import VigieFilter
import VigieRuleFiles
import VigieRulebook
import TestSupport

/// A message without candidates costs one pass and no allocation.
@Suite("Allocations")
struct AllocationTests {
  private static let messages: [Message] = [
    Message(id: "ascii", body: "see you at the meeting on Monday, then, and bring the plans"),
    Message(id: "short", body: "ok"),
    Message(id: "empty", body: ""),
    Message(
      id: "french",
      body: "Les équipes du soir ont préparé la relève – à demain, 18 h 30 ! Ça ira ?",
      channel: Channel(id: "!open", name: "Salon général de l’équipe", visibility: .public)
    ),
    Message(
      id: "subject",
      body: "voir la pièce jointe",
      subject: "compte rendu de la réunion",
      sender: "@ann:server.example",
      attachments: [Attachment(name: "photo de vacances.jpg")]
    ),
    Message(id: "emoji", body: "bravo 🎉🎉 – c’est réglé 👍🏽, merci à tous ❤️"),
    Message(id: "signs", body: "super ! a + b | c, 100 % <b>voir</b> &amp; \\u0041"),
    Message(id: "html", body: "voir", html: "<p>voir <b>la</b> suite &eacute;&nbsp;</p>"),
    Message(
      id: "url",
      body: "https://www.example.org/abcdefghijklmnopqrstuvwxyz/TmFtZSBvZiBhIHBhZ2Ugb2YgdGV4dA"
    ),
    Message(id: "long", body: String(repeating: "une phrase assez longue, ", count: 200)),
    Message(id: "greek", body: "η ομάδα ετοίμασε το σχέδιο, команда подготовила план"),
  ]

  @Test("a message without candidates allocates nothing", arguments: messages)
  func none(_ message: Message) throws {
    let loaded = try ShippedRules.load()
    let filter = Filter(
      rules: try ShippedRules.compiled(),
      policy: loaded.policy,
      tips: loaded.tips
    )
    let worker = filter.makeWorker()
    // What is made once, on first use, is made here, and buffers grow to their size.
    var allowed = true
    for _ in 0..<50 where worker.review(message).verdict != .allow { allowed = false }
    let before = vigie_allocation_count()
    for _ in 0..<1_000 where worker.review(message).verdict != .allow { allowed = false }
    let count = vigie_allocation_count() - before
    #expect(allowed)
    #expect(count == 0, "\(message.id): \(count) in 1,000 calls")
  }

  @Test("the count counts")
  func counted() {
    let before = vigie_allocation_count()
    let bytes = [UInt8](repeating: 1, count: Int(before % 7) + 4_096)
    #expect(vigie_allocation_count() > before)
    #expect(bytes.count >= 4_096)
  }
}

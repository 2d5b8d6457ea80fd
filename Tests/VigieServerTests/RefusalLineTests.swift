import Testing
import VigieCore
import VigieHook
import VigieJSON
import VigieServer
import VigieWire

@Suite("Why an override did not count, in the answer")
struct RefusalLineTests {
  @Test("each reason fits the published schema; without one there is no word of it")
  func schema() throws {
    let schema = try JSONSchema(try #require(WireSchema.named("review-line")).text)
    let review = Review(id: "m", verdict: .block, level: .restricted, ruleset: "sha256:test")
    for refusal in [nil] + OverrideRefusal.allCases.map(Optional.some) {
      var reply = HookReply(review: review, elapsed: .zero)
      reply.refusal = refusal
      let line = try JSONValue(CheckService.answer(reply).bytes)
      #expect(schema.faults(in: line) == [])
      #expect(line["override_refused"]?.string == refusal?.rawValue)
    }
  }
}

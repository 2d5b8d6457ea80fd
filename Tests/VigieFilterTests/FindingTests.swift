import Testing
import VigieCore
import VigieFilter
import TestSupport

/// What a finding says of the words found.
@Suite("Findings")
struct FindingTests {
  private func findings(_ text: String, key: Bool = true) throws -> [Finding] {
    let filter = try Fixture.filter(key: key ? Fixture.key : nil)
    return filter.makeWorker().review(Message(id: "m", body: text, channel: Fixture.open)).findings
  }

  @Test(
    "no more is shown than the first letter of each word",
    arguments: [
      ("une Diffusion  Restreinte.", "D········  R·········"),
      ("DIFFUSION-RESTREINTE", "D········-R·········"),
      ("d i f f u s i o n  r e s t r e i n t e", "d · · · · · · · ·  · · · · · · · · · ·"),
      ("TRÈS SECRET", "T··· S·····"), ("DIFFUSION\nRESTREINTE", "D········ R·········"),
      ("DIF\u{200B}FUSION\u{7}RESTRE\u{301}INTE", "D········ R·········"), ("(DR) note", "D·"),
    ]
  )
  func masked(_ text: String, _ masked: String) throws {
    #expect(try findings(text).map(\.masked) == [masked])
  }

  @Test("identifiers and credentials show their type alone")
  func maskedType() throws {
    let found = try findings("IBAN FR14 2004 1010 0505 0001 3002 606, jeton tok_a1b2c3d4")
    #expect(found.map(\.rule) == ["pii.iban", "credential.token"])
    #expect(found.map(\.masked) == ["pii.iban", "credential.token"])
  }

  @Test("the mask of a flood of words has an end")
  func maskedLength() throws {
    let gap = String(repeating: "-", count: 90)
    let text = "D\(gap)I\(gap)F\(gap)F\(gap)U\(gap)S\(gap)ION RESTREINTE"
    for finding in try findings(text) { #expect(finding.masked.utf8.count <= 100) }
  }

  @Test("lines and columns count scalars from 1")
  func position() throws {
    let text = "é🙂e\u{301} DIFFUSION RESTREINTE\r\n\nDR\n– TRÈS SECRET, très secret\n"
    let found = try findings(text)
    #expect(found.map(\.rule) == ["xx.dr", "xx.dr", "xx.s", "xx.s"])
    #expect(found.map(\.line) == [1, 3, 4, 4])
    #expect(found.map(\.column) == [6, 1, 3, 16])
    let bytes = Array(text.utf8)
    #expect(
      found.map { String(decoding: bytes[$0.range], as: UTF8.self) } == [
        "DIFFUSION RESTREINTE", "DR", "TRÈS SECRET", "très secret",
      ]
    )
  }

  @Test(
    "many findings on one long line are placed in time that grows with it",
    .timeLimit(.minutes(1))
  )
  func longLine() throws {
    let filler = String(repeating: "les équipes du soir, ", count: 100)
    let text = String(repeating: filler + "DR-1, DIFFUSION RESTREINTE, ", count: 400)
    let found = try findings(text)
    #expect(found.count == 400)
    let step = (filler + "DR-1, DIFFUSION RESTREINTE, ").unicodeScalars.count
    #expect(found.map(\.column) == (0..<400).map { $0 * step + filler.unicodeScalars.count + 7 })
  }

  @Test("a fingerprint is that of the content, wherever it stands")
  func fingerprint() throws {
    let text = "Objet : relève\nDIFFUSION RESTREINTE\nles équipes du soir partent"
    let first = try #require(try findings(text).first?.fingerprint)
    #expect(first.count == 64)
    #expect(first.allSatisfy { "0123456789abcdef".contains($0) })
    let again = try findings(
      "> Objet : RELEVE\n> **diffusion restreinte**\n>\n> Les équipes du soir partent !"
    )
    #expect(again.map(\.fingerprint) == [first])
    let far = String(repeating: "Compte rendu des travaux de la semaine passée. ", count: 3)
    let inner = String(repeating: "a b c d e f g h ", count: 12)
    let one = try findings(inner + "DIFFUSION RESTREINTE" + inner).map(\.fingerprint)
    #expect(
      try findings(far + inner + "DIFFUSION RESTREINTE" + inner + far).map(\.fingerprint) == one
    )
    // Other content, or another rule, under the same words around it.
    #expect(try findings(text.replacing("soir", with: "matin")).first?.fingerprint != first)
    #expect(try findings(text.replacing("relève", with: "repli")).first?.fingerprint != first)
    #expect(
      try findings(text.replacing("DIFFUSION RESTREINTE", with: "TRÈS SECRET")).first?.fingerprint
        != first
    )
    let filter = try Fixture.filter()
    let message = Message(id: "n", subject: text, channel: Fixture.closed)
    #expect(filter.makeWorker().review(message).findings.map(\.fingerprint) == [first])
  }

  @Test("no key, no fingerprint; another key, another fingerprint")
  func key() throws {
    #expect(try findings("DIFFUSION RESTREINTE", key: false).map(\.fingerprint) == [nil])
    #expect(try findings("DIFFUSION RESTREINTE").first?.fingerprint != nil)
  }

  @Test("confidence and evidence are those of the rule")
  func evidence() throws {
    let found = try #require(try findings("la mention diffusion restreinte").first)
    #expect(found.usage == .mentioned)
    #expect(found.evidence.map(\.name) == ["prior", "usage:meta-words"])
    #expect(found.evidence.map(\.weight) == [4, -9])
    #expect(abs(found.confidence - 0.982) < 0.001)
  }
}

import Testing
import VigieDocuments

@Suite("Structured text")
struct StructuredTextTests {
  private func kind(_ text: String) -> StructuredText? { kind(Array(text.utf8)) }

  private func kind(_ bytes: [UInt8]) -> StructuredText? {
    unsafe StructuredText.kind(of: bytes.span.bytes)
  }

  @Test(
    "markup is known by its first tag or by what stands in the head of a page",
    arguments: [
      "<html><body>x</body></html>", "<!DOCTYPE html>\n<p>x", "\u{FEFF}<?xml version='1.0'?><a/>",
      "  \n<svg xmlns='x'></svg>", "<!-- note --><p>x</p>", "template\n<BODY class=x>text</BODY>",
      "\r\n {\\rtf1 \\'44R}",
    ]
  )
  func markup(_ text: String) {
    #expect(kind(text) == .markup)
    let wide = Array(text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] })
    #expect(kind(wide) == .markup)
  }

  @Test(
    "mail is known by its header fields or by the first line of a mailbox",
    arguments: [
      "From: a@b.example\nTo: c@d.example\n\nx", "Received: from x\n by y\n\nx",
      "X-Other: 1\nSubject: s\r\n continued\r\nDate: today\r\n\r\nx",
      "From a@b.example Thu Jan  1 00:00:00 2026\nX-Other: 1\n\nx",
      "Content-Transfer-Encoding: base64\n\nRElGRlVTSU9O",
    ]
  )
  func mail(_ text: String) { #expect(kind(text) == .mail) }

  @Test(
    "an archive that packs nothing is one, however few of its bytes no text has",
    arguments: ["07070100289305000081A4", "070707000001", "!<arch>\nnote.txt/"]
  )
  func archive(_ text: String) { #expect(kind(text) == .archive) }

  @Test(
    "other text is none",
    arguments: [
      "", "DIFFUSION RESTREINTE\nNote", "From now on we write to each other", "a < b and c > d",
      "{\"from\": 1}", "Subject: only this\n\nx", "<3", "< 5 >", "12:30 lunch",
      "key: value\nother: x",
    ]
  )
  func other(_ text: String) { #expect(kind(text) == nil) }
}

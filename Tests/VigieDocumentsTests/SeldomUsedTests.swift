import Testing
import VigieDocuments

@Suite("Seldom used libraries")
struct SeldomUsedTests {
  @Test(
    "a document is guessed to need them by its first bytes",
    arguments: [
      ("%PDF-1.7\n", true), ("junk\n%PDF-1.4\n", true), ("{\\rtf1 TLP:RED}", false),
      ("PK\u{3}\u{4}", true), (zip("a.pdf"), true), (zip("[Content_Types].xml"), false),
      (zip("mimetypeapplication/vnd.oasis"), false), ("GIF89a", false), ("OggS", true),
      ("no text\u{0}", true), ("TLP:RED\n", false), ("<html><p>TLP:RED</p></html>", false),
      ("Subject: x\nMIME-Version: 1.0\n", true), ("Subject: x\n\nTLP:RED\n", false), ("", false),
      ("Subject: x\nContent-", true), ("Subject: x\nContent", false),
    ]
  )
  func guess(_ text: String, isNeeded: Bool) {
    let bytes = Array(text.utf8)
    let isGuessed = unsafe SeldomUsed.isProbablyNeeded(by: bytes.span.bytes)
    #expect(isGuessed == isNeeded)
  }

}

/// The start of a ZIP whose first member has a name.
private func zip(_ name: String) -> String {
  "PK\u{3}\u{4}" + String(repeating: "\u{0}", count: 26) + name
}

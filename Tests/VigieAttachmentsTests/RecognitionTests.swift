import Testing
import VigieAttachments
import VigieCore
import VigieDocuments

@Suite("Documents are taken for what they are")
struct RecognitionTests {
  private func read(_ bytes: [UInt8]) -> Extraction {
    let place = Place(part: .attachment(0), role: .bodyText)
    return unsafe DocumentFormats.extract(bytes.span.bytes, at: place, limits: DocumentLimits())
  }

  @Test("bookmarks of a browser are a page, whose tags need no end")
  func bookmarks() {
    let page = Array(
      """
      <!DOCTYPE NETSCAPE-Bookmark-file-1>
      <META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=UTF-8">
      <TITLE>Bookmarks</TITLE>
      <DL><p>
      <DT><A HREF="a">pr\u{E9}fecture</A>
      </DL><p>

      """.utf8
    )
    let extraction = read(page)
    #expect(extraction.gaps.isEmpty)
    let words = extraction.texts.compactMap { text -> String? in
      guard case .bytes(let bytes) = text.content else { return nil }
      return String(decoding: bytes, as: UTF8.self)
    }
    #expect(words.contains { $0.contains("pr\u{E9}fecture") })
  }

  @Test("a document of Word 2 with a damaged head is damaged, and not of an unknown kind")
  func oldWord() {
    // Its text ends (at 0x1C) far beyond the file.
    var file = [UInt8](repeating: 0, count: 512)
    file.replaceSubrange(0..<4, with: [0xDB, 0xA5, 0x2D, 0])
    file.replaceSubrange(0x18..<0x20, with: [0x80, 1, 0, 0, 0, 0, 0, 0xFF])
    #expect(read(file).gaps.map(\.reason) == [.corrupt])
  }
}

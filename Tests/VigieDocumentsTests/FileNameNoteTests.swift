import Testing
import VigieDocuments

@Suite("Notes on names of files")
struct FileNameNoteTests {
  private static let pdf = Array("%PDF-1.7\n".utf8)
  private static let zip: [UInt8] = [0x50, 0x4B, 3, 4, 0, 0]
  private static let ole: [UInt8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]
  private static let text = Array("Compte rendu\n".utf8)
  private static let program: [UInt8] = [0x4D, 0x5A, 0x90, 0] + [UInt8](repeating: 0, count: 80)

  private func note(_ name: String, _ bytes: [UInt8], isTop: Bool = true) -> String? {
    unsafe FileNameNote.text(for: name, bytes.span.bytes, isTop: isTop)
  }

  @Test("there is none where name and content agree, or where nobody knows")
  func none() {
    for (name, bytes) in [
      ("a.pdf", FileNameNoteTests.pdf), ("a.PDF", FileNameNoteTests.pdf),
      ("a.docx", FileNameNoteTests.zip), ("a.docx", FileNameNoteTests.ole),
      ("a.doc", FileNameNoteTests.ole), ("a.tar.gz", [0x1F, 0x8B, 8]),
      ("notes.txt", FileNameNoteTests.text), ("README", FileNameNoteTests.text),
      ("v1.2 final", FileNameNoteTests.text), ("a.xyz", FileNameNoteTests.pdf),
      ("setup.exe", FileNameNoteTests.program), ("a.pdf", []),
    ] as [(String, [UInt8])] {
      #expect(note(name, bytes) == nil, "\(name)")
    }
  }

  @Test("it says what the content is where the name says another thing, never the name itself")
  func differ() throws {
    let found = try #require(note("budget-durand.pdf", FileNameNoteTests.zip))
    #expect(found.contains(".pdf") && found.contains("ZIP archive"))
    #expect(!found.contains("durand"))
    #expect(note("a.txt", FileNameNoteTests.pdf)?.contains("a PDF document") == true)
    #expect(note("a.docx", FileNameNoteTests.text)?.contains("the content is text") == true)
    #expect(note("a.jpg", FileNameNoteTests.program)?.contains("program") == true)
  }

  @Test("a missing ending is worth a note at the top only")
  func missing() {
    #expect(note("rapport", FileNameNoteTests.pdf)?.contains("no ending") == true)
    #expect(note("rapport", FileNameNoteTests.pdf, isTop: false) == nil)
  }

  @Test("names that are built to be misread say so")
  func misread() {
    #expect(note("facture.pdf.exe", FileNameNoteTests.program)?.contains("two endings") == true)
    #expect(note("facture.pdf   .scr", FileNameNoteTests.program)?.contains("two endings") == true)
    #expect(note("plan\u{202E}fdp.exe", FileNameNoteTests.program)?.contains("direction") == true)
  }
}

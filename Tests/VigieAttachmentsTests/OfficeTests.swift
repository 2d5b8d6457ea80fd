import Foundation
import Testing
import VigieAttachments
import VigieCore
import VigieDocuments

@Suite("Office documents, pages and XML")
struct OfficeTests {
  static let folders = ["word", "spreadsheet", "presentation", "opendocument", "html", "xml"]

  /// The documents of the Corpus that are quick to read.
  static let documents: [DocumentCase] = DocumentCase.all.filter { found in
    folders.contains(found.folder ?? "")
      && !["bomb.docx", "nested.docx", "repeated-string.xlsx", "deep.html"].contains(found.file)
  }

  static func bytes(of document: DocumentCase) throws -> [UInt8] {
    let path = "\(DocumentCase.root)/\(document.folder ?? "")/\(document.file)"
    return [UInt8](try Data(contentsOf: URL(filePath: path)))
  }

  @Test("changed, cut and spliced anywhere give texts or gaps", arguments: documents)
  func mutations(_ document: DocumentCase) throws {
    let original = try OfficeTests.bytes(of: document)
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    func random(_ bound: Int) -> Int {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return bound > 0 ? Int(state >> 33) % bound : 0
    }
    for round in 0..<12 {
      var bytes = original
      switch round % 4 {
      case 0: for _ in 0...random(8) { bytes[random(bytes.count)] = UInt8(random(256)) }
      case 1: bytes.removeLast(random(bytes.count))
      case 2:
        let start = random(bytes.count)
        bytes.removeSubrange(start..<min(bytes.count, start + random(500)))
      default:
        let start = random(bytes.count)
        let part = bytes[start..<min(bytes.count, start + random(500))]
        bytes.insert(contentsOf: part, at: random(bytes.count))
      }
      let extraction = extract(bytes)
      // A page may be cut to nothing but an empty element.
      let isPackage = document.folder != "html" && document.folder != "xml"
      #expect(!extraction.texts.isEmpty || !extraction.gaps.isEmpty || !isPackage)
    }
  }

  @Test(
    "stop where a limit is met, and say so",
    arguments: ["word/roles.docx", "spreadsheet/roles.xlsx"]
  )
  func limits(_ name: String) throws {
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: "\(DocumentCase.root)/\(name)")))
    for limits in [
      DocumentLimits(maxMemberCount: 3), DocumentLimits(maxTextCount: 4),
      DocumentLimits(maxTextByteCount: 40), DocumentLimits(maxUnpackedByteCount: 900),
    ] {
      let extraction = unsafe DocumentFormats.extract(
        bytes.span.bytes,
        at: Place(part: .attachment(0), role: .bodyText),
        limits: limits
      )
      #expect(extraction.gaps.contains { $0.reason == .limit }, "\(limits)")
      #expect(extraction.texts.count <= limits.maxTextCount)
    }
  }

  @Test("say no text and no file name in a gap", arguments: documents)
  func details(_ document: DocumentCase) throws {
    let extraction = extract(try OfficeTests.bytes(of: document))
    for gap in extraction.gaps {
      #expect(!gap.detail.contains("SECRET") && !gap.detail.contains(".xml"))
    }
  }

  @Test(
    "a line of a chat in angle brackets is plain text",
    arguments: ["<camille> on se voit à midi ?", "<3 merci", "a < b et b > c", "<un> <deux> trois"]
  )
  func chat(_ line: String) {
    let extraction = extract(Array(line.utf8))
    #expect(text(extraction, of: Array(line.utf8)) == line)
    #expect(extraction.gaps.isEmpty)
  }
}

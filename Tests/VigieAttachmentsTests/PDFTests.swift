import Foundation
import Testing
import VigieAttachments
import VigieCore
import VigieDocuments

@Suite("PDF")
struct PDFTests {
  static let folder = URL(filePath: DocumentCase.root + "/pdf")

  static let files: [String] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.filter { $0.hasSuffix(".pdf") }.sorted()
  }()

  static func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: folder.appending(path: name)))
  }

  @Test("is known by its header, also behind junk, and not by being spoken of")
  func recognition() throws {
    #expect(!PDFTests.files.isEmpty)
    for name in PDFTests.files {
      let bytes = try PDFTests.bytes(name)
      #expect(unsafe PDF.recognizes(bytes.span.bytes), "\(name)")
    }
    let text = Array("Le format commence par %PDF-1.7, puis vient le corps.".utf8)
    #expect(unsafe !PDF.recognizes(text.span.bytes))
    #expect(unsafe !PDF.recognizes([UInt8]().span.bytes))
  }

  @Test("an appended revision that changes no words adds none; each line of others is said once")
  func revisions() throws {
    func hidden(_ name: String) throws -> [String] {
      let bytes = try PDFTests.bytes(name)
      let place = Place(part: .attachment(0), role: .bodyText)
      let extraction = unsafe DocumentFormats.extract(
        bytes.span.bytes,
        at: place,
        limits: DocumentLimits()
      )
      return extraction.texts.filter { $0.place.location.contains("earlier") }
        .map(\.place.location)
    }
    #expect(try hidden("same-revisions.pdf").isEmpty)
    let page = "page 1 of an earlier revision"
    let property = "property Classification of an earlier revision"
    // A label is said with its name and alone.
    #expect(try hidden("earlier-revisions.pdf").sorted() == [page, page, property, property])
  }

  /// Small numbers that are the same each time.
  struct Dice {
    var state: UInt64

    mutating func roll(_ sides: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % max(1, sides)
    }
  }

  @Test("damaged in any way leads to texts or gaps, never to a trap")
  func mutations() throws {
    var dice = Dice(state: 5)
    let sources = try PDFTests.files.filter { $0 != "thousand-pages.pdf" }
      .map { try PDFTests.bytes($0) }
    for round in 0..<300 {
      var bytes = sources[round % sources.count]
      for _ in 0...dice.roll(8) {
        let at = dice.roll(bytes.count)
        switch dice.roll(5) {
        case 0: bytes[at] = UInt8(dice.roll(256))
        case 1: bytes.removeSubrange(at..<min(bytes.count, at + 1 + dice.roll(64)))
        case 2: bytes[at] = UInt8(ascii: "9")
        case 3:
          let other = sources[dice.roll(sources.count)]
          let from = dice.roll(other.count)
          bytes.insert(contentsOf: other[from..<min(other.count, from + dice.roll(512))], at: at)
        default: bytes[at] ^= UInt8(1 << dice.roll(8))
        }
        if bytes.isEmpty { bytes = [0] }
      }
      let extraction = extract(bytes)
      #expect(!extraction.texts.isEmpty || !extraction.gaps.isEmpty, "\(round)")
    }
  }

  @Test("every limit is a gap, and what lies before one of pages or text is read")
  func limits() throws {
    let bytes = try PDFTests.bytes("running-header.pdf")
    func read(_ limits: DocumentLimits) -> Extraction {
      unsafe DocumentFormats.extract(
        bytes.span.bytes,
        at: Place(part: .attachment(0), role: .bodyText),
        limits: limits
      )
    }
    let pages = read(DocumentLimits(maxPageCount: 2))
    #expect(pages.gaps.map(\.reason) == [.limit])
    #expect(pages.texts.contains { $0.place.location == "page 2" })
    #expect(!pages.texts.contains { $0.place.location == "page 3" })
    let text = read(DocumentLimits(maxTextByteCount: 700))
    #expect(text.gaps.contains { $0.reason == .limit })
    #expect(!text.texts.isEmpty)
    let time = read(DocumentLimits(maxMilliseconds: 0))
    #expect(Set(time.gaps.map(\.reason)) == [.timeout])
  }
}

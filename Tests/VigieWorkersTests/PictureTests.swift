import Foundation
import Testing
import VigieCore
import VigieDocuments
import VigieWorkers

/// What reading one picture of the Corpus must give: `Corpus/attachments/ocr`.
struct PictureCase: Decodable, Sendable, CustomTestStringConvertible {
  /// Words that are drawn, and where.
  struct Words: Decodable, Sendable {
    var path: [String]?
    var location: String?
    var text: String
  }

  /// Something that cannot be read.
  struct Miss: Decodable, Sendable {
    var path: [String]?
    var reason: String
  }

  var file: String
  var recognized: [Words]
  /// The reasons of exactly these gaps.
  var missed: [Miss]

  var testDescription: String { file }

  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../Corpus/attachments/ocr").standardizedFileURL.path

  /// Every case.
  static let all: [PictureCase] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
    return names.sorted().filter { $0.hasSuffix(".case.json") }.map { name in
      let data = FileManager.default.contents(atPath: "\(root)/\(name)") ?? Data()
      return (try? JSONDecoder().decode(PictureCase.self, from: data))
        ?? PictureCase(file: "unreadable description \(name)", recognized: [], missed: [])
    }
  }()

  /// The document.
  var bytes: [UInt8] {
    get throws { [UInt8](try Data(contentsOf: URL(filePath: "\(PictureCase.root)/\(file)"))) }
  }
}

extension Extraction {
  /// The texts of pictures, with their places.
  fileprivate var drawn: [(place: Place, text: String)] {
    texts.filter { $0.place.role == .ocr }.compactMap { found in
      guard case .bytes(let bytes) = found.content else { return nil }
      return (found.place, String(decoding: bytes, as: UTF8.self))
    }
  }
}

@Suite("Pictures", .serialized)
struct PictureTests {
  /// Whether words can be read here; `Tools/test` installs what that needs.
  static let canRead: Bool = {
    let found = try? makeWorkers(1).readiness(of: .pictures)
    return found?.components.allSatisfy(\.isPresent) ?? false
  }()

  private static let workers = makeWorkers()

  @Test(
    "of the Corpus give the words drawn in them, in their places",
    .enabled(if: canRead, "tesseract-ocr is not installed"),
    arguments: PictureCase.all
  )
  func words(_ wanted: PictureCase) throws {
    let extraction = PictureTests.workers.extract(try wanted.bytes)
    let drawn = extraction.drawn
    for want in wanted.recognized {
      let isThere = drawn.contains { place, text in
        place.path == want.path ?? [] && place.location == want.location ?? ""
          && place.part == .attachment(3) && text.contains(want.text)
      }
      #expect(isThere, "\(want) is not among \(drawn)")
    }
    if wanted.recognized.isEmpty { #expect(drawn.isEmpty, "\(drawn)") }
    let missed = Set(extraction.gaps.map(\.reason.rawValue))
    #expect(missed == Set(wanted.missed.map(\.reason)), "\(extraction.gaps)")
  }

  @Test("without their reader are gaps that say how it is installed, and all else is read")
  func withoutReader() throws {
    let letter = try #require(PictureCase.all.first { $0.file == "letter.docx" })
    let workers = makeWorkers(pictureProgram: "/nowhere")
    let extraction = workers.extract(try letter.bytes)
    #expect(extraction.texts.contains { $0.place.role == .bodyText })
    #expect(extraction.gaps.map(\.reason) == [.componentMissing])
    #expect(extraction.gaps.first?.place.path == ["word/media/image1.png"])
    #expect(extraction.gaps.first?.detail.contains("install vigie-ocr-worker") == true)
  }

  @Test("that nobody reads are not drawn, and each page is a gap all the same")
  func undrawn() throws {
    let scan = try #require(PictureCase.all.first { $0.file == "scan.pdf" })
    let bytes = try scan.bytes
    let workers = makeWorkers(pictureProgram: "/nowhere")
    // What the reader of documents hands over has room for no page.
    let limits = DocumentLimits(maxPictureByteCount: 1_000)
    for _ in 0..<2 {
      let extraction = workers.extract(bytes, limits: limits)
      #expect(extraction.gaps.map(\.place.location) == ["page 1", "page 2"])
      #expect(
        extraction.gaps.allSatisfy { $0.reason == .componentMissing && $0.place.role == .ocr }
      )
      #expect(extraction.gaps.allSatisfy { $0.detail.contains("install vigie-ocr-worker") })
    }
    // Without any time for pictures they are gaps too.
    let late = PictureTests.workers.extract(
      bytes,
      limits: DocumentLimits(maxPictureMilliseconds: 0)
    )
    #expect(late.gaps.map(\.place.location) == ["page 1", "page 2"])
    #expect(late.drawn.isEmpty)
  }

  @Test("are read up to a number, a number of pixels and a time", .enabled(if: canRead))
  func limits() throws {
    let fax = try #require(PictureCase.all.first { $0.file == "scan.pdf" })
    let bytes = try fax.bytes
    let few = DocumentLimits(maxPictureCount: 1)
    let one = PictureTests.workers.extract(bytes, limits: few)
    #expect(one.drawn.map(\.place.location) == ["page 1"])
    #expect(one.gaps.map(\.reason) == [.limit])
    let coarse = PictureTests.workers.extract(bytes, limits: DocumentLimits(maxPixelCount: 10_000))
    #expect(coarse.drawn.isEmpty)
    #expect(Set(coarse.gaps.map(\.reason)) == [.limit])
    let late = PictureTests.workers.extract(
      bytes,
      limits: DocumentLimits(maxPictureMilliseconds: 1)
    )
    #expect(!late.gaps.isEmpty)
    #expect(Set(late.gaps.map(\.reason)) == [.timeout])
  }

  @Test("that came before are read once", .enabled(if: canRead))
  func known() throws {
    let workers = makeWorkers(cacheByteCount: 1 << 20)
    let scan = try #require(PictureCase.all.first { $0.file == "scan.png" })
    let letter = try #require(PictureCase.all.first { $0.file == "letter.docx" })
    let first = workers.extract(try scan.bytes)
    let clock = ContinuousClock()
    var second: Extraction?
    let time = try clock.measure { second = workers.extract(try letter.bytes) }
    #expect(second?.drawn.map(\.text) == first.drawn.map(\.text))
    // Reading it takes half a second of the processor, knowing it none.
    #expect(time < .milliseconds(400))
  }
}

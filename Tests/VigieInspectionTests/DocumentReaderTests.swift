import Foundation
import TestSupport
import Testing
import VigieCore
import VigieDocuments
import VigieInspection
import VigieWorkers

@Suite("Reading documents")
struct DocumentReaderTests {
  private let place = Place(part: .attachment(0), role: .bodyText)

  private func read(_ bytes: [UInt8], _ program: String?) -> Extraction {
    let workers = ParseWorkers(ParseWorkers.Configuration(program: program, maxWorkerCount: 1))
    let reader = DocumentReader(workers: workers)
    return unsafe bytes.withUnsafeBytes { unsafe reader.extract($0, of: nil, at: place) }
  }

  @Test("plain text needs no worker")
  func plain() {
    let extraction = read(Array("hush hush".utf8), "/nowhere")
    #expect(extraction.gaps.isEmpty && extraction.texts.count == 1)
  }

  @Test("without a worker markup is read as it stands; mail too, but that is a gap")
  func structured() {
    let page = read(Array("<p>hush hush</p>".utf8), "/nowhere")
    #expect(page.gaps.isEmpty && page.texts.count == 1)
    let mail = read(Array("Received: x\nFrom: y\n\nhush hush".utf8), "/nowhere")
    #expect(mail.gaps.map(\.reason) == [.componentMissing])
    #expect(mail.texts.count == 1)
  }

  @Test("what is no text is the worker's, and a gap without one")
  func binary() {
    let pdf = Array("%PDF-1.7\n".utf8)
    #expect(read(pdf, "/nowhere").gaps.map(\.reason) == [.componentMissing])
    let video: [UInt8] = [0x1A, 0x45, 0xDF, 0xA3, 0, 0, 0, 0]
    #expect(read(video, nil).gaps.map(\.reason) == [.unsupported])
  }

  @Test("a file that is copied first is read as one that is mapped")
  func copied() throws {
    let directory = try TemporaryDirectory()
    // Longer than a spool keeps in memory, and no text.
    let bytes = [0x1A, 0x45, 0xDF, 0xA3] + [UInt8](repeating: 0, count: 9 << 20)
    let path = try directory.write("film.mkv", bytes)
    for copies in [false, true] {
      let reader = DocumentReader(copiesFiles: copies)
      var gaps: [Gap] = []
      let faults = unsafe reader.read(
        Attachment(name: "", content: .file(path: path)),
        at: place
      ) { _, _, extraction in gaps += extraction.gaps }
      #expect(faults.isEmpty)
      #expect(gaps.map(\.reason) == [.unsupported], "copies \(copies)")
    }
  }
}

import Foundation
import TestSupport
import Testing
import VigieCore
import VigieFilter
import VigieInspection

/// A text in UTF-16, the lower byte of each unit first.
private func littleEndian(_ text: String) -> [UInt8] {
  var bytes: [UInt8] = []
  for unit in text.utf16 {
    bytes.append(UInt8(unit & 0xFF))
    bytes.append(UInt8(unit >> 8))
  }
  return bytes
}

@Suite("Inspector")
struct InspectorTests {
  private let channel = Channel(id: "c", visibility: .public, encrypted: false)

  private func review(_ attachments: [VigieCore.Attachment], limits: Limits = Limits()) throws
    -> Review
  {
    let message = Message(id: "m", body: "see file", channel: channel, attachments: attachments)
    return try Inspector(makeFilter(limits: limits)).review(message)
  }

  @Test("finds in files and in bytes, in any encoding, at bytes of the decoded text")
  func encodings() throws {
    let directory = try TemporaryDirectory()
    let utf16 = [0xFF, 0xFE] + littleEndian("é hush hush")
    let review = try review([
      VigieCore.Attachment(
        name: "a",
        content: .file(path: directory.write("a.txt", "é hush hush"))
      ),
      VigieCore.Attachment(name: "b", content: .bytes(utf16)),
      VigieCore.Attachment(name: "c", content: .bytes([0xE9] + Array(" hush hush".utf8))),
    ])
    #expect(review.findings.map(\.place.part) == [.attachment(0), .attachment(1), .attachment(2)])
    #expect(review.findings.map(\.range) == [3..<12, 3..<12, 3..<12])
    #expect(review.verdict == .block)
    #expect(review.level == .secret)
    #expect(review.gaps.isEmpty)
  }

  @Test("says what could not be read, without naming it")
  func gaps() throws {
    let directory = try TemporaryDirectory()
    let locked = try directory.write("locked.txt", "hush hush")
    try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: locked)
    let review = try review([
      VigieCore.Attachment(name: "gone", content: .file(path: directory.path + "/gone.txt")),
      VigieCore.Attachment(name: "folder", content: .file(path: directory.path)),
      VigieCore.Attachment(name: "sound", content: .bytes(Array("OggS\u{0}\u{2}".utf8))),
      VigieCore.Attachment(name: "left out", content: .missing(detail: "not in the export")),
      VigieCore.Attachment(name: "only a name"),
    ])
    #expect(review.gaps.map(\.reason) == [.missing, .unsupported, .unsupported, .missing])
    #expect(review.gaps.map(\.place.part) == (0..<4).map { .attachment($0) })
    for gap in review.gaps {
      for name in ["gone", "folder", "sound", "only", directory.path] {
        #expect(!gap.detail.contains(name))
      }
    }
    #expect(review.verdict == .log)
    if geteuid() != 0 {
      let closed = try self.review([VigieCore.Attachment(name: "x", content: .file(path: locked))])
      #expect(closed.gaps.map(\.reason) == [.missing])
    }
  }

  @Test("an upload is read where its bytes are, else it is a gap")
  func uploads() throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write("a", "hush hush")
    let review = try review([
      VigieCore.Attachment(name: "a", content: .uploaded(id: "m", path: path)),
      VigieCore.Attachment(name: "b", content: .uploaded(id: "m", path: nil)),
    ])
    #expect(review.findings.map(\.place.part) == [.attachment(0)])
    #expect(review.gaps.map(\.reason) == [.missing])
    #expect(review.gaps.map(\.place.part) == [.attachment(1)])
  }

  @Test("what was found before is judged with the message, in the order of its files")
  func before() throws {
    let first = try review([
      VigieCore.Attachment(name: "a", content: .bytes(Array("hush hush".utf8)))
    ])
    var found = try #require(first.findings.first)
    found.place.part = .attachment(0)
    let gap = Gap(
      place: Place(part: .attachment(1), role: .bodyText),
      reason: .encrypted,
      detail: "d"
    )
    let message = Message(
      id: "m",
      channel: channel,
      attachments: [
        VigieCore.Attachment(name: "a"), VigieCore.Attachment(name: "hush hush.txt"),
      ]
    )
    let review = try Inspector(makeFilter()).review(message, with: [found], gaps: [gap])
    #expect(review.findings.map(\.place.part) == [.attachment(0), .attachment(1)])
    #expect(review.gaps == [gap])
    #expect(review.verdict == .block && review.level == .secret)
    #expect(review.tip?["en"] == "Do not send this.")
  }

  @Test("reads no more than the limit and says so")
  func limit() throws {
    let limits = Limits(maxAttachmentByteCount: 4)
    let review = try review(
      [VigieCore.Attachment(name: "a", content: .bytes(Array("hush hush".utf8)))],
      limits: limits
    )
    #expect(review.findings.isEmpty)
    #expect(review.gaps.map(\.reason) == [.limit])
  }

  @Test("judges several large files as if they were small, in order")
  func large() throws {
    let directory = try TemporaryDirectory()
    let filler = String(repeating: "lorem ipsum ", count: 100_000)
    let first = try directory.write("a", filler + "hush hush")
    let second = try directory.write("b", "hush hush " + filler)
    let wide = "hush hush " + String(repeating: filler, count: 8)
    let third = try directory.write(
      "c",
      [0xFF, 0xFE] + littleEndian(wide)
    )
    let review = try review(
      [first, second, third].map { VigieCore.Attachment(name: "n", content: .file(path: $0)) }
    )
    #expect(review.findings.map(\.place.part) == [.attachment(0), .attachment(1), .attachment(2)])
    #expect(review.findings.map(\.range.lowerBound) == [filler.utf8.count, 0, 0])
    #expect(review.verdict == .block)
    #expect(review.tip?["en"] == "Do not send this.")
  }

  @Test("reads a stream to its end, also a long one")
  func stream() throws {
    let directory = try TemporaryDirectory()
    for count in [0, 1_000_000] {
      let filler = String(repeating: "lorem ipsum ", count: count)
      let path = try directory.write("stream", filler + "hush hush")
      let descriptor = unsafe open(path, O_RDONLY)
      defer { close(descriptor) }
      let review = try Inspector(makeFilter()).review(
        descriptor: descriptor,
        at: .body,
        of: Message(id: "-", channel: channel)
      )
      #expect(review.findings.map(\.range.lowerBound) == [filler.utf8.count])
      #expect(review.findings.map(\.place) == [.body])
    }
  }

  @Test("a file on its own is judged by its name and text")
  func file() throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write("hush hush.txt", "and hush hush")
    let review = try Inspector(makeFilter()).review(file: path, id: "x", channel: channel)
    #expect(review.id == "x")
    #expect(review.findings.map(\.place.role) == [.filename, .bodyText])
  }

  @Test("a copy of a file is judged as the file is")
  func copies() throws {
    let directory = try TemporaryDirectory()
    let files = [
      try directory.write("short.txt", "é hush hush"), try directory.write("empty.txt", ""),
      directory.path, directory.path + "/gone.txt",
    ]
    for limit in [Limits().maxAttachmentByteCount, 7] {
      let filter = try makeFilter(limits: Limits(maxAttachmentByteCount: limit))
      let message = Message(
        id: "m",
        channel: channel,
        attachments: files.map { VigieCore.Attachment(name: "a", content: .file(path: $0)) }
      )
      let copied = Inspector(filter, copiesFiles: true).review(message)
      let mapped = Inspector(filter).review(message)
      #expect(copied.findings.map(\.range) == mapped.findings.map(\.range))
      #expect(copied.findings.count == (limit == 7 ? 0 : 1))
      #expect(copied.gaps == mapped.gaps)
      #expect(copied.gaps.count == (limit == 7 ? 3 : 2))
    }
  }

  @Test("a bench serves any number of threads at once")
  func bench() async throws {
    let bench = InspectorBench(try makeFilter())
    let message = Message(id: "m", body: "a hush hush", channel: channel)
    let verdicts = await withTaskGroup(of: Verdict.self) { group in
      for _ in 0..<200 { group.addTask { bench.review(message).verdict } }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(verdicts == Array(repeating: .block, count: 200))
    #expect(bench.review(message, effort: 0) == nil)
    #expect(bench.review(message, effort: 1_000)?.verdict == .block)
  }
}

import Foundation
import Testing
import VigieCore
import VigieDocuments
import VigieSandbox

@Suite("Exchange")
struct ExchangeTests {
  private let place = Place(
    part: .attachment(0),
    path: ["a.zip", "é.txt"],
    role: .footnote,
    location: "3"
  )

  @Test("requests and replies come through, cut ones do not")
  func messages() {
    let limits = DocumentLimits(maxDepth: 3, maxMemoryByteCount: 7)
    for request in [
      WorkRequest(.extract, byteCount: 1 << 40, limits: limits),
      WorkRequest(.breakOut("open"), limits: limits), WorkRequest(.answer, limits: limits),
    ] {
      #expect(WorkRequest(request.bytes) == request)
      for count in 0..<request.bytes.count {
        #expect(WorkRequest(Array(request.bytes.prefix(count))) == nil)
      }
    }
    let readiness = WorkReply.Readiness(
      refusal: "no",
      landlock: 7,
      seccomp: true,
      components: [DocumentComponent("PDFium", version: "1", purpose: "PDF")]
    )
    for reply in [.ready(readiness), .started, .done(status: -31), .failed("why")] as [WorkReply] {
      #expect(WorkReply(reply.bytes) == reply)
      for count in 0..<reply.bytes.count {
        #expect(WorkReply(Array(reply.bytes.prefix(count))) == nil)
      }
    }
  }

  @Test("a worker of another layout is told by its first words alone")
  func fingerprint() {
    let other = WorkReply.Readiness(fingerprint: 1, refusal: "in another layout")
    guard case .ready(let read)? = WorkReply(WorkReply.ready(other).bytes) else {
      Issue.record("not read")
      return
    }
    #expect(read.fingerprint == 1)
    #expect(read.refusal == nil)
  }

  /// A log with texts and gaps of every kind.
  private func log(finishing: Bool = true, maxByteCount: Int = 1 << 30) throws -> CInt {
    let file = try Descriptor.memoryFile("test").release()
    let writer = try #require(ExtractionLog.Writer(descriptor: file, maxByteCount: maxByteCount))
    writer.found(ExtractedText(place: place, content: .bytes(Array("one".utf8))))
    writer.found(ExtractedText(place: place, content: .verbatim(2..<5)))
    let long = [UInt8](repeating: 0x61, count: 3 << 20)
    writer.found(ExtractedText(place: .body, content: .bytes(long)))
    writer.found(ExtractedPicture(place: place, content: .verbatim(1..<4)))
    writer.found(ExtractedPicture(place: place, content: .bytes(Array("P5".utf8))))
    writer.missed(Gap(place: place, reason: .encrypted, detail: "why"))
    writer.refused(13)
    if finishing { writer.finish() }
    return file
  }

  private func read(_ file: CInt) -> ExtractionLog.Contents {
    ExtractionLog.read(
      descriptor: file,
      at: Place(part: .attachment(4), role: .bodyText),
      documentByteCount: 5
    )
  }

  @Test("a long part of the document itself takes no room, and what follows it is read")
  func longVerbatim() throws {
    let file = try Descriptor.memoryFile("test").release()
    defer { close(file) }
    let writer = try #require(ExtractionLog.Writer(descriptor: file, maxByteCount: 1 << 30))
    let byteCount = 3 << 20
    writer.found(ExtractedPicture(place: place, content: .verbatim(0..<byteCount)))
    writer.found(ExtractedText(place: place, content: .verbatim(1..<byteCount)))
    writer.missed(Gap(place: place, reason: .encrypted, detail: "why"))
    writer.finish()
    let contents = ExtractionLog.read(descriptor: file, at: place, documentByteCount: byteCount)
    #expect(contents.isSound && contents.isComplete)
    #expect(contents.pictures.count == 1 && contents.texts.count == 1)
    #expect(contents.gaps.map(\.reason) == [.encrypted])
  }

  @Test("a log gives back what was written; a long text is mapped")
  func roundTrip() throws {
    let file = try log()
    defer { close(file) }
    let contents = read(file)
    #expect(contents.isSound && contents.isComplete && !contents.isFull)
    var wanted = place
    wanted.part = .attachment(4)
    #expect(contents.texts.map(\.place.path) == [wanted.path, wanted.path, []])
    #expect(contents.texts.first?.place == wanted)
    #expect(
      contents.gaps == [
        Gap(
          place: Place(part: .attachment(4), path: wanted.path, role: .bodyText, location: "3"),
          reason: .encrypted,
          detail: "why"
        )
      ]
    )
    #expect(contents.refusal == 13)
    #expect(contents.pictures.map(\.place.path) == [wanted.path, wanted.path])
    guard case .verbatim(1..<4)? = contents.pictures.first?.content,
      case .bytes(let picture)? = contents.pictures.last?.content, picture == Array("P5".utf8)
    else {
      Issue.record("\(contents.pictures)")
      return
    }
    guard case .file(let mapped)? = contents.texts.last?.content else {
      Issue.record("not mapped")
      return
    }
    #expect(mapped.byteCount == 3 << 20)
  }

  @Test("a short log is read at once, a long or a damaged one is not")
  func short() throws {
    for length in [0, 1, 5_000, 8_100, 8_192, 60_000, 65_536] {
      let file = try Descriptor.memoryFile("test").release()
      defer { close(file) }
      let writer = try #require(ExtractionLog.Writer(descriptor: file, maxByteCount: 1 << 30))
      let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 7) }
      if length > 0 { writer.found(ExtractedText(place: place, content: .bytes(bytes))) }
      writer.missed(Gap(place: place, reason: .encrypted, detail: "why"))
      func short() -> ExtractionLog.Contents? {
        ExtractionLog.readShort(descriptor: file, at: place, documentByteCount: 5)
      }
      // What a reader leaves that is ended in the middle.
      #expect(short()?.isComplete == (length < 65_536 ? false : nil), "\(length)")
      writer.finish()
      let contents = short()
      #expect((contents != nil) == (length < 65_536), "\(length)")
      let wanted = ExtractionLog.read(descriptor: file, at: place, documentByteCount: 5)
      #expect(wanted.isSound && wanted.isComplete)
      guard let contents else { continue }
      #expect(contents.isComplete && contents.gaps == wanted.gaps)
      #expect(contents.texts.count == wanted.texts.count)
      guard case .bytes(let found)? = contents.texts.first?.content else { continue }
      #expect(found == bytes)
    }
    let file = try Descriptor.memoryFile("test").release()
    defer { close(file) }
    #expect(ExtractionLog.readShort(descriptor: file, at: place, documentByteCount: 5) == nil)
    let noise = (0..<4_096).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    _ = unsafe write(file, noise, noise.count)
    #expect(ExtractionLog.readShort(descriptor: file, at: place, documentByteCount: 5) == nil)
  }

  @Test("texts of every way of writing come back, whatever stands last")
  func lengths() throws {
    // Around a page, the bytes from which a text is written as a whole, and those from which it is mapped.
    let lengths = [4_096, 1 << 14, 1 << 16, 1 << 17].flatMap { [$0 - 1, $0, $0 + 1, $0 + 7] }
    for last in lengths {
      let file = try Descriptor.memoryFile("test").release()
      defer { close(file) }
      let writer = try #require(ExtractionLog.Writer(descriptor: file, maxByteCount: 1 << 30))
      let texts = (lengths + [3, last]).enumerated().map { index, length in
        (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ index) }
      }
      for text in texts { writer.found(ExtractedText(place: place, content: .bytes(text))) }
      writer.finish()
      let contents = read(file)
      #expect(contents.isSound && contents.isComplete && !contents.isFull)
      let found = contents.texts.map { text -> [UInt8] in
        switch text.content {
        case .bytes(let bytes): bytes
        case .file(let file): unsafe file.withBytes { unsafe Array($0) }
        case .verbatim: []
        }
      }
      #expect(found == texts)
    }
  }

  @Test("what was written before the writer died stays")
  func unfinished() throws {
    let file = try log(finishing: false)
    defer { close(file) }
    let contents = read(file)
    #expect(contents.isSound && !contents.isComplete)
    #expect(contents.texts.count == 3)
  }

  @Test("a log that is full says so")
  func full() throws {
    let file = try log(maxByteCount: 1 << 20)
    defer { close(file) }
    let contents = read(file)
    #expect(contents.isFull && contents.isSound)
    #expect(contents.texts.count == 2)
  }

  @Test("a log from a process that was taken over does no harm")
  func hostile() throws {
    let whole = try log()
    defer { close(whole) }
    var bytes = [UInt8](repeating: 0, count: 4_096)
    #expect(unsafe pread(whole, &bytes, bytes.count, 0) == bytes.count)
    var generator = SystemRandomNumberGenerator()
    for round in 0..<2_000 {
      var changed = bytes
      for _ in 0..<(1 + round % 4) {
        let offset = Int.random(in: 0..<400, using: &generator)
        changed[offset] = [0, 0xFF, 0x7F, 0x80, UInt8.random(in: 0...255)].randomElement() ?? 0
      }
      let file = try unsafe changed.withUnsafeBytes { bytes in
        try unsafe Descriptor.memoryFile("test", holding: bytes).release()
      }
      defer { close(file) }
      let contents = read(file)
      for case .verbatim(let range) in contents.texts.map(\.content)
        + contents.pictures.map(\.content)
      {
        #expect(range.upperBound <= 5)
      }
    }
  }
}

import Foundation
import Testing
import VigieAttachments
import VigieCore
import VigieDocuments

@Suite("Containers and images")
struct ContainerTests {
  /// The documents of the Corpus that are made by Tools/corpus/attachments/containers.py.
  static let samples: [String] = ["archives", "images"].flatMap { folder in
    let path = "\(DocumentCase.root)/\(folder)"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.filter { !$0.hasSuffix(".json") }.sorted().map { "\(path)/\($0)" }
  }

  static func bytes(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(filePath: path)))
  }

  @Test("no change and no cut of a document is a crash or a hang", arguments: samples)
  func mutations(_ path: String) throws {
    let original = try ContainerTests.bytes(path)
    // What takes long whole takes long many times; its parser is that of the others.
    let isBomb = ["ratio", "bomb", "too-deep"].contains { path.contains($0) }
    var random = SeededNumbers(state: UInt64(original.count))
    var limits = DocumentLimits()
    limits.maxMemberByteCount = 1 << 18
    limits.maxUnpackedByteCount = 1 << 20
    for round in 0..<(isBomb ? 3 : 30) {
      var bytes = original
      if round % 5 == 4 { bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random)) }
      for _ in 0..<Int.random(in: 1...6, using: &random) where !bytes.isEmpty {
        let index = Int.random(in: 0..<bytes.count, using: &random)
        let value = UInt8.random(in: 0...255, using: &random)
        bytes[index] = [0, 0xFF, 0x7F, value, value].randomElement(using: &random) ?? 0
      }
      let extraction = unsafe DocumentFormats.extract(
        bytes.span.bytes,
        at: Place(part: .attachment(0), role: .bodyText),
        limits: limits
      )
      #expect(extraction.gaps.count <= Extraction.maxGapCount + 1)
    }
  }

  @Test("an archive with more members than may be opened is read so far, and a gap says so")
  func memberLimit() throws {
    var limits = DocumentLimits()
    limits.maxMemberCount = 1
    for name in ["deflated.zip", "plain.tar", "two-files.7z", "version-5.rar", "stored.cab"] {
      let bytes = try ContainerTests.bytes("\(DocumentCase.root)/archives/\(name)")
      let extraction = unsafe DocumentFormats.extract(
        bytes.span.bytes,
        at: Place(part: .attachment(0), role: .bodyText),
        limits: limits
      )
      #expect(extraction.gaps.contains { $0.reason == .limit }, "\(name)")
      #expect(extraction.texts.contains { $0.place.role == .bodyText }, "\(name)")
    }
  }

  @Test("no gap of a container names a file or a text")
  func silentGaps() throws {
    for path in ContainerTests.samples {
      for gap in extract(try ContainerTests.bytes(path)).gaps {
        #expect(!gap.detail.contains("note"), "\(path)")
        #expect(!gap.detail.contains("RESTREINTE"), "\(path)")
      }
    }
  }
}

/// The same numbers at every run.
struct SeededNumbers: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}

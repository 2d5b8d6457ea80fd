import Foundation
import Testing
import VigieAttachments
import VigieCore
import VigieDocuments

/// What a document of some bytes gives.
func extract(_ bytes: [UInt8]) -> Extraction {
  unsafe DocumentFormats.extract(
    bytes.span.bytes,
    at: Place(part: .attachment(0), role: .bodyText),
    limits: DocumentLimits()
  )
}

/// The text of an extraction whose document is these bytes.
func text(_ extraction: Extraction, of bytes: [UInt8]) -> String? {
  switch extraction.texts.first?.content {
  case .verbatim(let range): String(decoding: bytes[range], as: UTF8.self)
  case .bytes(let decoded): String(decoding: decoded, as: UTF8.self)
  case .file(let file): unsafe file.withBytes { unsafe String(decoding: $0, as: UTF8.self) }
  case nil: nil
  }
}

@Suite("Encodings of plain text")
struct EncodingTests {
  static let sample = "Diffusion restreinte : l’été, 1 000 €, 𝐃𝐑"

  static let encodings: [(name: String, bytes: [UInt8], text: String)] = [
    ("UTF-8", Array(sample.utf8), sample),
    ("UTF-8 with mark", [0xEF, 0xBB, 0xBF] + Array(sample.utf8), sample),
    ("UTF-16LE with mark", [0xFF, 0xFE] + utf16(sample, isBigEndian: false), sample),
    ("UTF-16BE with mark", [0xFE, 0xFF] + utf16(sample, isBigEndian: true), sample),
    ("UTF-16LE", utf16(sample, isBigEndian: false), sample),
    ("UTF-16BE", utf16(sample, isBigEndian: true), sample),
    ("UTF-32LE with mark", [0xFF, 0xFE, 0, 0] + utf32(sample, isBigEndian: false), sample),
    ("UTF-32BE with mark", [0, 0, 0xFE, 0xFF] + utf32(sample, isBigEndian: true), sample),
    ("UTF-32LE", utf32(sample, isBigEndian: false), sample),
    ("UTF-32BE", utf32(sample, isBigEndian: true), sample),
    ("Latin-1", Array("Secret d".utf8) + [0xE9] + Array("fense".utf8), "Secret défense"),
    ("Windows-1252", [0x93] + Array("SECRET".utf8) + [0x94, 0x20, 0x80], "“SECRET” €"),
    ("empty", [], ""),
  ]

  static func utf16(_ text: String, isBigEndian: Bool) -> [UInt8] {
    text.utf16.flatMap { unit -> [UInt8] in
      let pair = [UInt8(unit >> 8), UInt8(unit & 0xFF)]
      return isBigEndian ? pair : pair.reversed()
    }
  }

  static func utf32(_ text: String, isBigEndian: Bool) -> [UInt8] {
    text.unicodeScalars.flatMap { scalar -> [UInt8] in
      let bytes = [24, 16, 8, 0].map { UInt8(scalar.value >> $0 & 0xFF) }
      return isBigEndian ? bytes : bytes.reversed()
    }
  }

  @Test("are told from the bytes and decoded", arguments: encodings.indices)
  func decoded(_ index: Int) {
    let (name, bytes, expected) = EncodingTests.encodings[index]
    let extraction = extract(bytes)
    #expect(text(extraction, of: bytes) == expected, "\(name)")
    #expect(extraction.gaps.isEmpty, "\(name)")
  }

  @Test("leave a gap where units mean nothing, and keep the rest")
  func damaged() {
    let lone: [UInt8] = [0xFF, 0xFE, 0x41, 0x00, 0x00, 0xD8, 0x42, 0x00, 0x43]
    let wide = extract(lone)
    #expect(text(wide, of: lone) == "A\u{FFFD}B\u{FFFD}")
    #expect(wide.gaps.map(\.reason) == [.encoding])
    let bytes = Array("été été été ".utf8) + [0xFF] + Array(" fin".utf8)
    let narrow = extract(bytes)
    #expect(narrow.gaps.map(\.reason) == [.encoding])
    #expect(narrow.texts.count == 1)
  }

  @Test("a few letters of another alphabet are read in each encoding that they may be in")
  func otherAlphabet() {
    // "Секретно" in Windows-1251.
    let bytes: [UInt8] = [0xD1, 0xE5, 0xEA, 0xF0, 0xE5, 0xF2, 0xED, 0xEE, 0x20, 0x20]
    let extraction = extract(bytes)
    let readings = extraction.texts.compactMap { found -> String? in
      guard case .bytes(let decoded) = found.content else { return nil }
      return String(decoding: decoded, as: UTF8.self)
    }
    #expect(readings.contains { $0.contains("Секретно") }, "\(readings)")
    #expect((1...3).contains(readings.count))
  }

  @Test("NUL bytes here and there are still text, most of them are not")
  func zeros() {
    let few = Array("SECRET\0 DEFENSE, et une longue phrase qui suit".utf8)
    #expect(text(extract(few), of: few) != nil)
    let many: [UInt8] = (0..<4096).map { $0 % 3 == 0 ? 0 : UInt8(truncatingIfNeeded: $0 * 7) }
    let extraction = extract(many)
    #expect(extraction.texts.isEmpty)
    #expect(extraction.gaps.map(\.reason) == [.unsupported])
  }

  @Test("every cut of every encoding is read without a crash")
  func cuts() {
    for (_, bytes, _) in EncodingTests.encodings {
      for count in 0..<bytes.count {
        let part = Array(bytes[..<count])
        let extraction = extract(part)
        #expect(!extraction.texts.isEmpty || !extraction.gaps.isEmpty)
      }
    }
  }
}

@Suite("Documents without a reader")
struct SignatureTests {
  @Test(
    "are gaps that name their kind",
    arguments: [
      ("OggS....", "Ogg"), ("SQLite format 3\u{0}", "SQLite"),
    ]
  )
  func kinds(_ head: String, _ kind: String) {
    let extraction = extract(Array(head.utf8))
    #expect(extraction.texts.isEmpty)
    #expect(extraction.gaps.count == 1)
    #expect(extraction.gaps.first?.reason == .unsupported)
    #expect(extraction.gaps.first?.detail.contains(kind) == true)
  }

  @Test("OLE files are known by their bytes")
  func binaries() {
    let bytes: [UInt8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]
    #expect(extract(bytes + [1, 2, 3]).gaps.first?.detail.contains("OLE") == true)
  }
}

@Suite("Spool")
struct SpoolTests {
  @Test("keeps few bytes in memory and many in a file, all of them")
  func sizes() throws {
    for count in [0, 1, Spool.memoryByteCount - 1, Spool.memoryByteCount + 5] {
      var spool = Spool()
      for index in 0..<count { try spool.append(UInt8(truncatingIfNeeded: index)) }
      #expect(spool.byteCount == count)
      switch try spool.finish() {
      case .bytes(let bytes):
        #expect(count < Spool.memoryByteCount)
        #expect(bytes.count == count)
      case .file(let file):
        #expect(count >= Spool.memoryByteCount)
        #expect(file.byteCount == count)
        let isSame = unsafe file.withBytes { bytes in
          bytes.indices.allSatisfy { unsafe bytes[$0] == UInt8(truncatingIfNeeded: $0) }
        }
        #expect(isSame)
      }
    }
  }
}

@Suite("Mapped files")
struct MappedFileTests {
  @Test("hold the same bytes while their pages are given back")
  func trimmed() throws {
    let path = NSTemporaryDirectory() + "vigie-test-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: path) }
    let block = Data((0..<(1 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 7) })
    #expect(FileManager.default.createFile(atPath: path, contents: nil))
    let handle = try #require(FileHandle(forWritingAtPath: path))
    for _ in 0..<65 { try handle.write(contentsOf: block) }
    let file = try MappedFile(path: path, limit: .max)
    #expect(file.byteCount == 65 << 20)
    let isSame = unsafe file.withBytes { bytes in
      var isSame = true
      for round in 0..<40 {
        for offset in stride(from: round, to: bytes.count, by: 4099) {
          let expected = UInt8(truncatingIfNeeded: (offset & ((1 << 20) - 1)) &* 7)
          if unsafe bytes[offset] != expected { isSame = false }
        }
      }
      return isSame
    }
    #expect(isSame)
  }

  @Test("say why they cannot be mapped")
  func failures() {
    #expect(throws: MappedFile.Failure.missing) { try MappedFile(path: "/nowhere/x", limit: 9) }
    #expect(throws: MappedFile.Failure.notRegular) { try MappedFile(path: "/tmp", limit: 9) }
  }
}

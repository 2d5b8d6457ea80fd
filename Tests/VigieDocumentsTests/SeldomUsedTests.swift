import Testing
import VigieDocuments

@Suite("Seldom used libraries")
struct SeldomUsedTests {
  @Test(
    "a document is guessed to need them by its first bytes",
    arguments: [
      ("%PDF-1.7\n", .all), ("junk\n%PDF-1.4\n", .all), ("PK\u{3}\u{4}", .all),
      (zip("a.pdf"), .all), ("OggS", .all), ("no text\u{0}", .all),
      ("Subject: x\nMIME-Version: 1.0\n", .all), ("Subject: x\nContent-", .all),
      (zip("[Content_Types].xml"), .markup), (zip("mimetypeapplication/vnd.oasis"), .markup),
      ("GIF89a", .markup), ("TLP:RED\n", .markup), ("<html><p>TLP:RED</p></html>", .markup),
      ("Subject: x\n\nTLP:RED\n", .markup), ("", .markup), ("Subject: x\nContent", .markup),
      ("{\\rtf1\\ansi\\fromhtml1 TLP:RED}", .markup), ("{\\rtf1 TLP:RED}", .least),
    ] as [(String, SeldomUsed.Libraries)]
  )
  func guess(_ text: String, need: SeldomUsed.Libraries) {
    let bytes = Array(text.utf8)
    let guessed = unsafe SeldomUsed.probableNeed(of: bytes.span.bytes)
    #expect(guessed == need)
  }

  /// A compound file whose directory is its second sector.
  private static func compound(_ byteCount: Int) -> [UInt8] {
    var file = [UInt8](repeating: 0, count: byteCount)
    file.replaceSubrange(0..<8, with: [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1])
    file[30] = 9
    file[48] = 1
    return file
  }

  @Test(
    "a compound file with a ZIP in it, wherever that begins, needs markup",
    arguments: 2_000..<2_040
  )
  func zipInside(offset: Int) {
    var file = SeldomUsedTests.compound(4_096)
    file.replaceSubrange(offset..<offset + 4, with: [0x50, 0x4B, 3, 4])
    #expect(unsafe SeldomUsed.probableNeed(of: file.span.bytes) == .markup)
    file[offset + 3] = 5
    #expect(unsafe SeldomUsed.probableNeed(of: file.span.bytes) == .least)
    file += [UInt8](repeating: 0, count: 64 << 10)
    #expect(unsafe SeldomUsed.probableNeed(of: file.span.bytes) == .markup)
  }

  @Test("a message of Outlook is told from other compound files by its directory")
  func message() {
    var file = SeldomUsedTests.compound(2_048)
    func need() -> SeldomUsed.Libraries { unsafe SeldomUsed.probableNeed(of: file.span.bytes) }
    #expect(need() == .least)
    file.replaceSubrange(1_152..<1_156, with: [0x5F, 0, 0x5F, 0])
    #expect(need() == .markup)
    // A directory beyond the end.
    file.replaceSubrange(48..<52, with: [0xFF, 0xFF, 0xFF, 0xFF])
    #expect(need() == .least)
    file.removeLast(1_900)
    #expect(need() == .least)
  }
}

/// The start of a ZIP whose first member has a name.
private func zip(_ name: String) -> String {
  "PK\u{3}\u{4}" + String(repeating: "\u{0}", count: 26) + name
}

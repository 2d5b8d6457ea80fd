import VigieContainers
package import VigieCore
package import VigieDocuments

/// Programs, for the archives that lie in those that unpack themselves.
///
/// What the program itself says is not read, and a gap says so.
///
/// *Source:* [MS-PECOFF] MS-DOS Stub (`MZ`); System V ABI, ELF Header.
package enum SelfExtracting: DocumentFormat {
  package static let name = "program"

  package static func recognizes(_ bytes: RawSpan) -> Bool {
    bytes.holds([0x7F, 0x45, 0x4C, 0x46])
      || bytes.holds([0x4D, 0x5A]) && bytes.byteCount >= 64 && isPortable(bytes)
  }

  package static func extract(
    _ bytes: RawSpan,
    at place: Place,
    into extraction: inout Extraction
  ) {
    let marks = [SevenZip.signature, Rar.signature, Cab.signature]
    let starts = marks.compactMap { mark in
      // The program may hold the signature too, so that it can find it: the archive comes after.
      archiveStart(bytes, mark)
    }
    if let start = starts.min() {
      extraction.open(bytes.extracting(start..<bytes.byteCount), named: "", in: place)
    }
    extraction.miss(.unsupported, "program: its own code is not read", at: place)
  }

  /// Where an archive with a signature starts: where its header is sound.
  private static func archiveStart(_ bytes: RawSpan, _ mark: [UInt8]) -> Int? {
    var offset = 1
    while let found = bytes.firstOffset(of: mark, in: offset..<bytes.byteCount) {
      let rest = bytes.extracting(found..<bytes.byteCount)
      switch mark[0] {
      case SevenZip.signature[0]:
        // The version, then an offset within the file.
        if rest.byte(at: 6) == 0, (rest.number(8, at: 12) ?? .max) < rest.byteCount { return found }
      case Rar.signature[0]: if Rar.recognizes(rest) { return found }
      default: if (rest.number(4, at: 8) ?? .max) <= rest.byteCount { return found }
      }
      offset = found + 1
    }
    return nil
  }

  /// Whether the old header leads to the new one, or is that of a program for DOS.
  private static func isPortable(_ bytes: RawSpan) -> Bool {
    guard let offset = bytes.number(4, at: 60) else { return false }
    return bytes.holds([0x50, 0x45, 0, 0], at: offset) || bytes.holds([0x4E, 0x45], at: offset)
  }
}

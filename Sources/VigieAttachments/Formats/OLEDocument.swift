package import VigieCore
package import VigieDocuments

/// Compound files: DOC, XLS, PPT, MSG, and all others for their properties.
///
/// One format for all of them, because a document inside another is a storage there and no file of
/// its own, and because one file can be two documents at once: everything that a storage holds is
/// read, whichever program its name would start.
package enum OLEDocument: DocumentFormat {
  package static let name = "OLE document (legacy Office, MSG)"

  package static func recognizes(_ bytes: RawSpan) -> Bool {
    guard bytes.byteCount >= CompoundFile.signature.count else { return false }
    return CompoundFile.signature.indices.allSatisfy { index in
      unsafe bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self)
        == CompoundFile.signature[index]
    }
  }

  package static func extract(
    _ bytes: RawSpan,
    at place: Place,
    into extraction: inout Extraction
  ) {
    let octets = Octets(bytes)
    guard let file = CompoundFile(octets) else {
      extraction.miss(.corrupt, "OLE document: its directory cannot be read", at: place)
      return salvage(octets, at: place, into: &extraction)
    }
    var reader = StorageReader(file: file)
    reader.read(CompoundFile.root, at: place, into: &extraction)
    if reader.file.isDamaged {
      extraction.miss(.corrupt, "OLE document: a chain of sectors is broken", at: place)
      if reader.isUnknown { salvage(octets, at: place, into: &extraction) }
    }
  }

  /// Reads what starts like the main stream of a document at the start of a sector, as the directory often stands at the
  /// end of a file and is lost where that was cut off.
  ///
  /// Where nothing starts like one, or that says nothing, the letters that stand there are read.
  private static func salvage(
    _ file: Octets,
    at place: Place,
    into extraction: inout Extraction
  ) {
    let count = extraction.textCount
    search: for offset in stride(from: 512, to: file.count, by: 512) {
      let rest = file.clamped(offset)
      switch (rest.u16(0), rest.u16(2)) {
      case (0xA5EC, _):
        var word = LegacyWord(main: rest, tables: [Octets([]), Octets([])], place: place)
        word.read(into: &extraction)
        break search
      case (0x0809, 0x10), (0x0809, 0x08):
        var excel = LegacyExcel(place: place)
        excel.read(rest, into: &extraction)
        break search
      case (0x0F, 1000):
        var slides = LegacyPowerPoint(stream: rest, currentUser: nil, place: place)
        slides.read(into: &extraction)
        break search
      default: break
      }
    }
    if extraction.textCount == count { LooseText.add(file, at: place, to: &extraction) }
  }
}

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
    guard bytes.byteCount >= 512 else { return false }
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
    guard let file = CompoundFile(Octets(bytes)) else {
      return extraction.miss(.corrupt, "OLE document: its directory cannot be read", at: place)
    }
    var reader = StorageReader(file: file)
    reader.read(CompoundFile.root, at: place, into: &extraction)
    if reader.file.isDamaged {
      extraction.miss(.corrupt, "OLE document: a chain of sectors is broken", at: place)
    }
  }
}

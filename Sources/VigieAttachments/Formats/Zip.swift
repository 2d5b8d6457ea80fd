import VigieContainers
package import VigieCore
package import VigieDocuments

/// ZIP archives that are nothing else.
///
/// *Source:* PKWARE APPNOTE 6.3.10, §4.3.6 (signatures), §8.5.4 (marker of one that was split).
package enum Zip: DocumentFormat {
  package static let name = "ZIP archive"

  package static func recognizes(_ bytes: RawSpan) -> Bool {
    guard bytes.holds([0x50, 0x4B]) else { return false }
    return [[3, 4], [5, 6], [7, 8], [0x30, 0x30]].contains { bytes.holds($0, at: 2) }
  }

  package static func extract(
    _ bytes: RawSpan,
    at place: Place,
    into extraction: inout Extraction
  ) {
    guard let zip = ZipFile(bytes) else {
      return extraction.miss(.corrupt, "ZIP archive: no file is found in it", at: place)
    }
    extract(zip, of: bytes, at: place, into: &extraction)
    for stray in zip.strays { extraction.openStray(bytes, stray, in: place) }
  }

  /// Reads the members of a ZIP, whatever lies in front of it.
  static func extract(
    _ zip: ZipFile,
    of bytes: RawSpan,
    at place: Place,
    into extraction: inout Extraction
  ) {
    for fault in zip.faults { extraction.miss(fault.reason, fault.detail, at: place) }
    let comment = ContainerText.decode(zip.rawComment)
    extraction.add(comment, at: place, role: .comment, location: "comment of the archive")
    for entry in zip.entries {
      var inner = place
      inner.path.append(entry.name)
      inner.location = ""
      let remark = ContainerText.decode(entry.rawComment)
      extraction.add(remark, at: inner, role: .comment, location: "comment of the file")
      var data: [UInt8] = []
      if !entry.isFolder || entry.packedByteCount > 0 {
        data = zip.unpack(entry, of: bytes, into: &extraction, at: inner) ?? []
      }
      if entry.isSymbolicLink {
        let target = ContainerText.decode(data)
        extraction.add(target, at: inner, role: .link, location: "target of the link")
        data = []
      }
      extraction.open(data, named: entry.readings, in: place)
      if let local = zip.otherName(of: entry, in: bytes) {
        extraction.add(local.text, at: inner, role: .filename)
      }
    }
  }
}

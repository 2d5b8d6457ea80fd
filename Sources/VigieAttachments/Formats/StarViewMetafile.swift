import VigieContainers
package import VigieCore
package import VigieDocuments

/// StarView metafiles: how LibreOffice keeps what an embedded object, a chart or a formula looks like.
package enum StarViewMetafile: DocumentFormat {
  package static let name = "StarView metafile"

  private static let signature = Array("VCLMTF".utf8)

  package static func recognizes(_ bytes: RawSpan) -> Bool { bytes.holds(signature) }

  package static func extract(
    _ bytes: RawSpan,
    at place: Place,
    into extraction: inout Extraction
  ) {
    var reader = MetafileReader()
    let (isWhole, pictures) = reader.readStarView(Octets(bytes))
    if !isWhole {
      extraction.miss(.truncated, "metafile: it ends before its last record", at: place)
    }
    extraction.add(reader.text, at: place, role: .bodyText, location: place.location)
    for picture in pictures { extraction.openPart(picture.array, named: "", in: place) }
  }
}

/// A file within a document.
package struct PDFAttachment: Sendable, Equatable {
  /// Its name.
  package var name: String
  /// What the document says of it; empty for nothing.
  package var description: String
  /// Why its bytes cannot be had.
  package enum Failure: Error, Sendable, Equatable { case tooLong, damaged }

  /// Its bytes.
  package var bytes: Result<[UInt8], Failure>
  /// The bytes it is packed in.
  package var packedByteCount: Int
}

extension PDFFile {
  /// Calls a function with each file within the document: those of the name tree, those that
  /// annotations hold, those that belong to the document or a page.
  ///
  /// *Source:* ISO 32000-1 §7.11.4; ISO 32000-2 §14.13 (associated files).
  ///
  /// - Parameters:
  ///   - limit: Bytes to which one file may unpack.
  ///   - pageLimit: Pages whose annotations are looked at.
  ///   - body: Uses the file; returns whether to go on.
  package func attachments(limit: Int, pageLimit: Int, _ body: (PDFAttachment) -> Bool) {
    var seen: Set<Int> = []
    var goesOn = true
    func open(_ specification: PDFObject) {
      guard goesOn, let embedded = specification["EF"] else { return }
      for key in ["UF", "F", "DOS", "Mac", "Unix"] {
        guard goesOn, let stream = embedded[key], stream.kind == .stream else { continue }
        if let id = stream.identity, !seen.insert(id).inserted { continue }
        let name = fileName(of: specification) ?? ""
        goesOn = body(
          PDFAttachment(
            name: name,
            description: specification["Desc"]?.text ?? "",
            bytes: bytes(of: stream, limit: limit),
            packedByteCount: max(0, stream["Length"]?.integer ?? 0)
          )
        )
      }
    }
    for (_, specification) in entries(of: root["Names"]?["EmbeddedFiles"], under: "Names") {
      open(specification)
    }
    for specification in root["AF"]?.items() ?? [] { open(specification) }
    guard hasPageFiles, let tree = root["Pages"] else { return }
    var pageCount = 0
    walk(from: [tree]) { node in
      if let kids = node["Kids"] { return kids.items(PDFFile.maxWalkCount) }
      guard pageCount < pageLimit, goesOn else { return nil }
      pageCount += 1
      for specification in node["AF"]?.items() ?? [] { open(specification) }
      for annotation in node["Annots"]?.items(PDFFile.maxAnnotationCount) ?? [] {
        if let specification = annotation["FS"] { open(specification) }
        // The files of a rich media annotation.
        let assets = annotation["RichMediaContent"]?["Assets"]
        for (_, specification) in entries(of: assets, under: "Names") { open(specification) }
      }
      return []
    }
  }

  private func bytes(
    of stream: PDFObject,
    limit: Int
  ) -> Result<[UInt8], PDFAttachment.Failure> {
    do throws(PDFObject.StreamFailure) {
      return .success(try stream.bytes(limit: limit))
    } catch {
      return .failure(error == .tooLong ? .tooLong : .damaged)
    }
  }

  /// The name of a file specification.
  func fileName(of specification: PDFObject) -> String? {
    for key in ["UF", "F", "Unix", "DOS", "Mac"] {
      if let name = specification[key]?.text, !name.isEmpty { return name }
    }
    return nil
  }
}

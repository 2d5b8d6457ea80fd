/// Words that lie on a page, but not in its content.
package struct PDFAnnotation: Sendable, Equatable {
  /// The kind, such as `Stamp` or `FreeText`.
  package var subtype: String
  /// What it says: contents, subject, author.
  package var texts: [String] = []
  /// What it says in XHTML.
  package var richTexts: [String] = []
  /// The addresses it leads to.
  package var links: [String] = []
  /// The scripts it runs.
  package var scripts: [String] = []
  /// Whether it draws upon the page.
  package var isDrawn: Bool
}

/// The objects of one page.
package struct PDFPageObjects: Sendable, Equatable {
  /// Its annotations in their order; form fields are not among them, unless they draw.
  package var annotations: [PDFAnnotation] = []
}

extension PDFFile {
  /// Annotations of one page that are read.
  static let maxAnnotationCount = 5_000

  /// The pages, at most so many.
  ///
  /// *Source:* ISO 32000-1 §7.7.3 (page tree), §12.5 (annotations).
  package func pages(limit: Int, streamLimit: Int) -> [PDFPageObjects] {
    var pages: [PDFPageObjects] = []
    guard let tree = root["Pages"] else { return [] }
    hasPageFiles = false
    walk(from: [tree]) { node in
      if let kids = node["Kids"] { return kids.items(PDFFile.maxWalkCount) }
      guard node.kind == .dictionary else { return [] }
      guard pages.count < limit else { return nil }
      pages.append(page(node, streamLimit: streamLimit))
      return []
    }
    return pages
  }

  private func page(_ page: PDFObject, streamLimit: Int) -> PDFPageObjects {
    var found = PDFPageObjects()
    if page["AF"] != nil { hasPageFiles = true }
    guard let annotations = page["Annots"] else { return found }
    if annotations.count > PDFFile.maxAnnotationCount { isCut = true }
    for annotation in annotations.items(PDFFile.maxAnnotationCount)
    where annotation.kind == .dictionary {
      found.annotations.append(self.annotation(annotation, streamLimit: streamLimit))
    }
    return found
  }

  private func annotation(_ object: PDFObject, streamLimit: Int) -> PDFAnnotation {
    let subtype = object["Subtype"]?.name ?? ""
    var found = PDFAnnotation(subtype: subtype, isDrawn: false)
    if ["FileAttachment", "RichMedia", "Screen", "3D"].contains(subtype) { hasPageFiles = true }
    // Links and pop-ups draw nothing with words.
    if subtype != "Link" && subtype != "Popup" { found.isDrawn = object["AP"]?["N"] != nil }
    let isField = subtype == "Widget"
    // The subject and the title of a field stand in its form.
    for key in isField ? ["Contents"] : ["Contents", "Subj", "T", "OverlayText"] {
      if let text = object[key]?.text, !text.isEmpty { found.texts.append(text) }
    }
    if let rich = object["RC"] { found.richTexts += markup(of: rich, limit: streamLimit) }
    // The name of a stamp is its wording where it draws nothing: Confidential, NotForPublicRelease.
    if subtype == "Stamp", let name = object["Name"]?.name { found.texts.append(name) }
    found.texts = found.texts.unique
    if let action = object["A"] {
      if let address = action["URI"]?.text { found.links.append(address) }
      if let file = action["F"] {
        found.links += [file.text ?? fileName(of: file)].compactMap { $0 }
      }
      found.scripts += scripts(of: action, limit: streamLimit)
    }
    if let events = object["AA"] {
      for key in events.keys {
        if let action = events[key] { found.scripts += scripts(of: action, limit: streamLimit) }
      }
    }
    return found
  }

  /// A rich text, which is XHTML in a string or a stream.
  func markup(of rich: PDFObject, limit: Int) -> [String] {
    if let text = rich.text { return [text] }
    guard rich.kind == .stream, let bytes = stream(rich, limit: limit) else { return [] }
    return [String(decoding: bytes, as: UTF8.self)]
  }
}

extension PDFFile {
  /// Those of some pages whose content cannot be unpacked.
  ///
  /// - Parameters:
  ///   - wanted: The pages, by their indices.
  ///   - limit: Bytes to which one stream of content may unpack.
  /// - Returns: The damaged ones, by their indices.
  package func damagedPages(among wanted: Set<Int>, limit: Int) -> [Int] {
    var damaged: [Int] = []
    var index = 0
    guard let tree = root["Pages"], let last = wanted.max() else { return [] }
    walk(from: [tree]) { node in
      if let kids = node["Kids"] { return kids.items(PDFFile.maxWalkCount) }
      guard node.kind == .dictionary else { return [] }
      defer { index += 1 }
      guard index <= last else { return nil }
      guard wanted.contains(index), let contents = node["Contents"] else { return [] }
      let streams = contents.kind == .array ? contents.items(1_000) : [contents]
      let wasDamaged = isDamaged
      isDamaged = false
      let isSound = streams.allSatisfy { stream in
        stream.kind == .stream && (try? stream.bytes(limit: limit)) != nil
      }
      if !isSound || isDamaged { damaged.append(index) }
      isDamaged = wasDamaged
      return []
    }
    return damaged
  }
}

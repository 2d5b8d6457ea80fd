import VigieCore
import VigieDocuments
import VigiePDF

extension PDFReading {
  /// Reads the pages and adds their texts, each page's annotations behind it.
  ///
  /// - Parameters:
  ///   - bytes: The document.
  ///   - file: Its objects, where they can be read.
  ///   - extraction: Where the texts go.
  mutating func readPages(
    _ bytes: RawSpan,
    of file: PDFFile?,
    to extraction: inout Extraction
  ) {
    let text = text(of: bytes, file: file)
    keepShown(text, of: bytes)
    let known = knownLines()
    let parts = RunningLines.parts(of: text.pages)
    for index in 0..<max(text.pages.count, pages.count) {
      guard extraction.hasRoom else { break }
      if index < parts.count { add(parts[index], page: index, to: &extraction) }
      if index < pages.count { add(pages[index], page: index, to: &extraction) }
      if index < text.pages.count {
        if let drawing = drawing(of: text.pages[index], in: extraction) {
          var place = place
          place.location = "page \(index + 1)"
          extraction.addPicture(drawing, at: place)
        }
        let lines = text.pages[index].annotationLines
        add(drawn: lines, page: index, known: known, to: &extraction)
      }
    }
    pageFaults.pageCount = text.pageCount
    pageFaults.readCount = text.pages.count
    pageFaults.stop = text.stop
    for (index, page) in text.pages.enumerated() {
      // Others read what is drawn, and say what they cannot read.
      let isDrawn = drawing(of: page, in: extraction) != nil
      switch page.kind {
      case .text: break
      case .image: if !isDrawn { pageFaults.images.append(index) }
      case .unknownLetters: if !isDrawn { pageFaults.unknown.append(index) }
      case .unreadable: pageFaults.unreadable.append(index)
      }
      if page.isCut { pageFaults.cut.append(index) }
      if page.isBare { pageFaults.bare.insert(index) }
    }
  }

  /// What others read of a page, or `nil` where nothing is drawn that only they could read; it is empty where they
  /// read nothing.
  private func drawing(of page: PDFPageText, in extraction: Extraction) -> [UInt8]? {
    if extraction.handsOverPictures { return page.drawing?.file }
    return page.kind == .image || page.kind == .unknownLetters ? [] : nil
  }

  private mutating func text(of bytes: RawSpan, file: PDFFile?) -> PDFText {
    let textLimits = PDFTextLimits(
      maxPageCount: limits.maxPageCount,
      maxCharacterCount: limits.maxTextByteCount,
      // The rest of the time is for what lies within and for handing over the texts.
      maxMilliseconds: limits.maxMilliseconds / 4 * 3,
      maxDrawnByteCount: limits.maxPictureMilliseconds > 0 ? limits.maxPictureByteCount : 0
    )
    do throws(PDFTextFailure) {
      return try PDFTextReader.read(bytes, isAnnotated: isAnnotated, limits: textLimits)
    } catch {
      textFailure = error
    }
    if case .noEngine = textFailure { return PDFText() }
    guard let copy = file?.rewritten(limit: limits.maxMemberByteCount),
      let text = unsafe try? PDFTextReader.read(
        copy.span.bytes,
        isAnnotated: isAnnotated,
        limits: textLimits
      )
    else { return PDFText() }
    textFailure = nil
    return text
  }

  /// Looks whether pages on which nothing is drawn have content that is damaged.
  mutating func checkPages(of file: PDFFile, in extraction: inout Extraction) {
    guard !pageFaults.bare.isEmpty else { return }
    let damaged = file.damagedPages(among: pageFaults.bare, limit: limits.maxMemberByteCount)
    pageFaults.unreadable = (pageFaults.unreadable + damaged).sorted()
  }

  // MARK: Text

  private func add(_ parts: PDFPageParts, page: Int, to extraction: inout Extraction) {
    for zone in PDFPageParts.Zone.allCases {
      guard let lines = parts.lines[zone] else { continue }
      let (role, end) = PDFReading.named(zone)
      extraction.add(lines.joined, at: place, role: role, location: "page \(page + 1)\(end)")
    }
  }

  private static func named(_ zone: PDFPageParts.Zone) -> (role: Role, end: String) {
    switch zone {
    case .header: (.header, " top")
    case .footer: (.footer, " bottom")
    case .top: (.bodyText, " top")
    case .bottom: (.bodyText, " bottom")
    case .body: (.bodyText, "")
    case .outside: (.hidden, " outside the visible part")
    }
  }

  // MARK: Annotations

  private func add(_ page: PDFPageObjects, page index: Int, to extraction: inout Extraction) {
    let location = "page \(index + 1)"
    var links: [String] = []
    var said: Set<String> = []
    for annotation in page.annotations {
      let isField = annotation.subtype == "Widget"
      extraction.add(
        PDFReading.text(annotation.texts, rich: annotation.richTexts),
        at: place,
        role: isField ? .formField : .annotation,
        location: location
      )
      for link in annotation.links where said.insert(link).inserted { links.append(link) }
      for script in annotation.scripts {
        extraction.add(script, at: place, role: .metadata, location: "script on \(location)")
      }
    }
    let text = links.joined(separator: "\n")
    extraction.add(text, at: place, role: .link, location: location)
  }

  /// Plain texts and rich ones as one text; what both say is said once.
  static func text(_ plain: [String], rich: [String]) -> String {
    var lines = plain
    for markup in rich {
      let text = MarkupText.text(of: Array(markup.utf8))
      if !lines.contains(text) { lines.append(text) }
    }
    return lines.joined(separator: "\n")
  }

  /// What fields and annotations say, line by line and without white space, to know it again
  /// where it is drawn.
  private func knownLines() -> Set<String> {
    var known: Set<String> = []
    func take(_ text: String) {
      for line in text.split(whereSeparator: \.isNewline) {
        known.insert(line.filter { !$0.isWhitespace })
      }
    }
    for page in pages {
      for annotation in page.annotations { annotation.texts.forEach(take) }
    }
    for field in fields { field.texts.forEach(take) }
    return known
  }

  private func add(
    drawn lines: [PDFLine],
    page: Int,
    known: Set<String>,
    to extraction: inout Extraction
  ) {
    guard !lines.isEmpty else { return }
    let isNew = lines.contains { line in
      !known.contains(line.text.filter { !$0.isWhitespace })
    }
    guard isNew else { return }
    let isField =
      pages.indices.contains(page)
      && pages[page].annotations.allSatisfy { $0.subtype == "Widget" || !$0.isDrawn }
    extraction.add(
      lines.joined,
      at: place,
      role: isField ? .formField : .annotation,
      location: "page \(page + 1)"
    )
  }
}

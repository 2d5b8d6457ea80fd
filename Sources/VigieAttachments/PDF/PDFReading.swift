import VigieCore
import VigieDocuments
import VigiePDF

/// What is known of one PDF document while it is read: the objects first, then the pages, as the
/// objects say on which pages something is drawn besides the content.
struct PDFReading {
  let place: Place
  let limits: DocumentLimits
  /// Why the objects cannot be read, or `nil`.
  var fileFailure: PDFFile.Failure?
  /// Why the text of the pages cannot be read, or `nil`.
  var textFailure: PDFTextFailure?

  private(set) var properties: [PDFProperty] = []
  private(set) var names: [PDFProperty] = []
  private(set) var packets: [[UInt8]] = []
  private(set) var pages: [PDFPageObjects] = []
  private(set) var fields: [PDFField] = []
  private(set) var formPackets: [[UInt8]] = []
  private(set) var bookmarks: [String] = []
  private(set) var scripts: [String] = []
  private(set) var alternativeTexts: [String] = []
  /// Whether objects were left out because there are too many, or because they are damaged.
  var isCut = false
  var isDamaged = false
  /// Whether the file had to be repaired to be read.
  private(set) var isRepaired = false
  /// What was found of the pages.
  var pageFaults = PDFPageFaults()
  /// Where earlier revisions end.
  var revisionEnds: [Int] = []
  /// The lines that the pages show, without white space, where there are earlier revisions.
  var shown: Set<String> = []

  /// Texts, pictures and gaps of what lies around.
  private let textCount: Int
  private let pictureCount: Int
  private let gapCount: Int

  init(place: Place, after extraction: borrowing Extraction) {
    self.place = place
    limits = extraction.limits
    textCount = extraction.textCount
    pictureCount = extraction.pictureCount
    gapCount = extraction.gaps.count
  }

  /// Bytes to which a stream with words may unpack.
  var streamLimit: Int { min(limits.maxMemberByteCount, limits.maxTextByteCount) }

  // MARK: Objects

  /// Takes what the objects of a file say.
  mutating func readObjects(of file: PDFFile) {
    properties = file.properties()
    packets = [file.metadataPacket(limit: streamLimit)].compactMap { $0 }
    names = file.names()
    pages = file.pages(limit: limits.maxPageCount, streamLimit: streamLimit)
    fields = file.fields(streamLimit: streamLimit)
    formPackets = file.formPackets(limit: streamLimit)
    bookmarks = file.bookmarks()
    scripts = file.scripts(limit: streamLimit)
    alternativeTexts = file.alternativeTexts()
    isCut = file.isCut
    isDamaged = file.isDamaged
    isRepaired = file.isRepaired || file.forgetWarnings()
  }

  /// Takes the XMP packets that stand unpacked in a file whose objects cannot be read: a label
  /// is left readable on purpose where the document is encrypted for the holders of rights.
  mutating func readPackets(in bytes: RawSpan) {
    var from = 0
    while packets.count < 16,
      let start = bytes.firstOffset(of: "<x:xmpmeta", in: from..<bytes.byteCount)
    {
      let end = bytes.firstOffset(of: "</x:xmpmeta", in: start..<bytes.byteCount)
      let stop = min(end ?? bytes.byteCount, start + streamLimit)
      packets.append(unsafe bytes.withUnsafeBytes { unsafe Array($0[start..<stop]) })
      from = stop
    }
  }

  /// Whether annotations that draw something may lie on a page.
  func isAnnotated(_ page: Int) -> Bool {
    if fileFailure != nil { return true }
    return pages.indices.contains(page) && pages[page].annotations.contains(where: \.isDrawn)
  }

  // MARK: Attachments

  /// Opens the files within the document.
  mutating func readAttachments(of file: PDFFile, to extraction: inout Extraction) {
    defer {
      isCut = isCut || file.isCut
      isDamaged = isDamaged || file.isDamaged
    }
    let place = place
    file.attachments(limit: limits.maxMemberByteCount, pageLimit: limits.maxPageCount) { found in
      guard extraction.enter(place) else { return false }
      extraction.add(
        found.description,
        at: place,
        role: .metadata,
        location: "description of an attached file"
      )
      var inner = place
      if !found.name.isEmpty { inner.path.append(found.name) }
      let bytes: [UInt8]
      switch found.bytes {
      case .success(let unpacked): bytes = unpacked
      case .failure(let failure):
        // Its name is read all the same.
        unsafe extraction.open([UInt8]().span.bytes, named: found.name, in: place)
        if failure == .tooLong {
          extraction.miss(.limit, "an attached file unpacks to more than may be read", at: inner)
        } else {
          extraction.miss(.corrupt, "an attached file cannot be unpacked", at: inner)
        }
        return true
      }
      guard
        extraction.unpack(
          bytes.count,
          total: bytes.count,
          packed: found.packedByteCount,
          at: inner
        )
      else { return true }
      unsafe extraction.open(bytes.span.bytes, named: found.name, in: place)
      return extraction.hasRoom
    }
  }

  // MARK: Gaps

  /// Says what was not read.
  func addGaps(_ bytes: RawSpan, to extraction: inout Extraction) {
    let isLocked =
      fileFailure == .encrypted || fileFailure == .protected
      || textFailure == .encrypted
    if isLocked {
      let how = fileFailure == .protected ? "for holders of rights" : "with a password"
      extraction.miss(.encrypted, "the document is encrypted \(how)", at: place)
    }
    if case .noEngine(let reason) = textFailure {
      let detail = "the text of PDF pages is not read: \(reason); \(PDFEngine.remedy)"
      extraction.miss(.componentMissing, detail, at: place)
    }
    guard !isLocked else { return }
    if fileFailure != nil {
      extraction.miss(.corrupt, "properties, forms and attached files cannot be read", at: place)
    }
    if textFailure == .damaged {
      extraction.miss(.corrupt, "the pages cannot be read", at: place)
    }
    if textFailure == nil && pageFaults.pageCount == 0 {
      extraction.miss(.corrupt, "no page can be found", at: place)
    }
    if isCut { extraction.miss(.limit, "more objects than are read of one file", at: place) }
    if isDamaged { extraction.miss(.corrupt, "some objects cannot be unpacked", at: place) }
    if !PDFReading.hasEnd(bytes) {
      extraction.miss(.truncated, "the end of the document is missing", at: place)
    }
    pageFaults.addGaps(at: place, to: &extraction)
    // Where a repair leaves nothing to read, it may have lost what there was; a page of lines and
    // areas alone shows that it did not.
    let isEmpty =
      extraction.textCount == textCount && extraction.pictureCount == pictureCount
      && extraction.gaps.count == gapCount
    let isDrawn = pageFaults.pageCount > 0 && pageFaults.bare.isEmpty
    if isRepaired && isEmpty && !isDrawn {
      extraction.miss(.corrupt, "the document is damaged, and no text is left in it", at: place)
    }
  }

  /// Whether the mark of the end stands near the end.
  ///
  /// *Source:* ISO 32000-1 §7.5.5; Annex H.3, note 18 (within the last 1,024 bytes).
  private static func hasEnd(_ bytes: RawSpan) -> Bool {
    var end = bytes.byteCount
    // Blocks of a disk or of a mail leave zeros behind.
    while end > 0, bytes[byte: end - 1] <= 0x20 { end -= 1 }
    return bytes.firstOffset(of: "%%EOF", in: max(0, end - 2_048)..<end) != nil
  }
}

/// What pages could not be read, counted.
struct PDFPageFaults {
  /// Pages without any text besides images.
  var images: [Int] = []
  var unreadable: [Int] = []
  /// Pages whose fonts do not say which letters they draw.
  var unknown: [Int] = []
  var cut: [Int] = []
  /// Pages on which nothing is drawn although they may have content.
  var bare: Set<Int> = []
  var stop: PDFText.Stop?
  var pageCount = 0
  var readCount = 0

  func addGaps(at place: Place, to extraction: inout Extraction) {
    if !images.isEmpty {
      let detail = "\(PDFPageFaults.words(images)) an image that cannot be drawn, or one too many"
      extraction.miss(.limit, detail, at: place)
    }
    if !unreadable.isEmpty {
      extraction.miss(.corrupt, "\(PDFPageFaults.words(unreadable)) not readable", at: place)
    }
    if !unknown.isEmpty {
      let detail = "\(PDFPageFaults.words(unknown)) in fonts that do not say their letters"
      extraction.miss(.encoding, detail, at: place)
    }
    if !cut.isEmpty {
      extraction.miss(.limit, "\(PDFPageFaults.words(cut)) not read to the end", at: place)
    }
    let rest = "the pages after page \(readCount) of \(pageCount) are not read"
    switch stop {
    case .pages: extraction.miss(.limit, rest, at: place)
    case .characters: extraction.miss(.limit, "\(rest): too much text", at: place)
    case .time: extraction.miss(.timeout, "\(rest): no time", at: place)
    case nil: break
    }
  }

  /// Pages in words, with the verb: `page 3 is`, `pages 1, 2, 4 and 17 more are`.
  static func words(_ pages: [Int]) -> String {
    guard pages.count > 1 else { return "page \((pages.first ?? 0) + 1) is" }
    let few = pages.prefix(4).map { "\($0 + 1)" }.joined(separator: ", ")
    return pages.count > 4 ? "pages \(few) and \(pages.count - 4) more are" : "pages \(few) are"
  }
}

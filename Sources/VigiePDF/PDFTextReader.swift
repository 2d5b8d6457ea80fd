import CPDFium
import Synchronization

/// What reading the text of pages may spend.
package struct PDFTextLimits: Sendable, Equatable {
  /// Pages that are read, from the first one on.
  package var maxPageCount: Int
  /// Characters of all pages.
  package var maxCharacterCount: Int
  /// The time after which no further page is begun.
  package var maxMilliseconds: Int
  /// The bytes of the pages that are drawn because their text cannot be read.
  package var maxDrawnByteCount: Int

  /// A value from its parts.
  package init(
    maxPageCount: Int,
    maxCharacterCount: Int,
    maxMilliseconds: Int,
    maxDrawnByteCount: Int = 0
  ) {
    self.maxPageCount = maxPageCount
    self.maxCharacterCount = maxCharacterCount
    self.maxMilliseconds = maxMilliseconds
    self.maxDrawnByteCount = maxDrawnByteCount
  }
}

/// The text of one page.
package struct PDFPageText: Sendable, Equatable {
  /// Why a page has no text.
  package enum Kind: Sendable, Equatable {
    /// It has text, or nothing is drawn on it.
    case text
    /// What a person sees is an image or a drawing, all of it or nearly so.
    case image
    /// The letters of most glyphs are unknown: the fonts do not say them.
    case unknownLetters
    /// The page cannot be read.
    case unreadable
  }

  /// Its lines in reading order.
  package var lines: [PDFLine] = []
  /// The lines that annotations draw upon it, such as a stamp.
  package var annotationLines: [PDFLine] = []
  /// Why there is no text.
  package var kind = Kind.text
  /// Whether nothing at all is drawn on the page.
  package var isBare = false
  /// Whether there were more characters than may be read.
  package var isCut = false
  /// What a person sees, where that says more than the text.
  package var drawing: PDFPageDrawing?

  /// A page without text.
  package init() {}
}

/// The text of the pages of a document.
package struct PDFText: Sendable, Equatable {
  /// Why not all pages were read.
  package enum Stop: Sendable, Equatable { case pages, characters, time }

  /// The pages that were read.
  package var pages: [PDFPageText] = []
  /// All pages there are.
  package var pageCount = 0
  /// Why the rest was not read, or `nil` where nothing is missing.
  package var stop: Stop?

  /// No page.
  package init() {}
}

/// Why the text of a document cannot be read at all.
package enum PDFTextFailure: Error, Sendable, Equatable {
  /// The library is absent, for the reason in words.
  case noEngine(String)
  /// A password or a certificate is needed.
  case encrypted
  /// It is no PDF document, or too damaged.
  case damaged
}

/// Reads the text of pages with PDFium.
package enum PDFTextReader {
  /// Characters of one page that are read: a page of dense print has some 10,000.
  static let maxPageCharacterCount = 2_000_000
  /// Letters that a page may have besides an image that covers it, and still be a scanned page.
  static let maxScanLetterCount = 50
  /// Objects on a page without any letter from which it may be a drawing of words.
  static let minDrawingObjectCount = 10
  /// The share of a page that an image covers where the page is a scanned one.
  static let minScanShare: Float = 0.8

  /// The text of the pages.
  ///
  /// - Parameters:
  ///   - bytes: The whole document.
  ///   - isAnnotated: Whether annotations that draw text may lie on the page with an index.
  ///   - limits: What may be spent.
  /// - Returns: The pages that were read, and why the others were not.
  /// - Throws: ``PDFTextFailure`` where not even the number of pages can be told.
  package static func read(
    _ bytes: RawSpan,
    isAnnotated: (Int) -> Bool,
    limits: PDFTextLimits
  ) throws(PDFTextFailure) -> PDFText {
    if case .absent(let reason) = PDFEngine.prepare() { throw .noEngine(reason) }
    let result = unsafe bytes.withUnsafeBytes { buffer -> Result<PDFText, PDFTextFailure> in
      // PDFium is not safe for threads: one document is read at a time.
      lock.withLock { _ in unsafe read(buffer, isAnnotated: isAnnotated, limits: limits) }
    }
    return try result.get()
  }

  private static let lock = Mutex(())

  private static func read(
    _ buffer: UnsafeRawBufferPointer,
    isAnnotated: (Int) -> Bool,
    limits: PDFTextLimits
  ) -> Result<PDFText, PDFTextFailure> {
    var code: CUnsignedLong = 0
    guard let document = unsafe vigie_pdfium_open(buffer.baseAddress, buffer.count, &code) else {
      let isLocked = code == VIGIE_PDFIUM_PASSWORD || code == VIGIE_PDFIUM_SECURITY
      return .failure(isLocked ? .encrypted : .damaged)
    }
    defer { unsafe vigie_pdfium_close(document) }
    return .success(unsafe pages(of: document, isAnnotated: isAnnotated, limits: limits))
  }

  private static func pages(
    of document: OpaquePointer,
    isAnnotated: (Int) -> Bool,
    limits: PDFTextLimits
  ) -> PDFText {
    var text = PDFText()
    text.pageCount = max(0, Int(unsafe vigie_pdfium_page_count(document)))
    let end = ContinuousClock.now + .milliseconds(limits.maxMilliseconds)
    var room = max(0, limits.maxCharacterCount)
    var drawnByteCount = 0
    for index in 0..<text.pageCount {
      guard index < limits.maxPageCount else {
        text.stop = .pages
        break
      }
      guard room > 0 else {
        text.stop = .characters
        break
      }
      guard index == 0 || ContinuousClock.now < end else {
        text.stop = .time
        break
      }
      var page = unsafe page(index, of: document, isAnnotated: isAnnotated(index), room: &room)
      if page.kind == .image || page.kind == .unknownLetters,
        drawnByteCount < limits.maxDrawnByteCount
      {
        page.drawing = unsafe PDFPageDrawing(of: document, page: index)
        drawnByteCount += page.drawing?.file.count ?? 0
      }
      text.pages.append(page)
    }
    return text
  }

  private static func page(
    _ index: Int,
    of document: OpaquePointer,
    isAnnotated: Bool,
    room: inout Int
  ) -> PDFPageText {
    var result = PDFPageText()
    guard let page = unsafe vigie_pdfium_open_page(document, CInt(index)) else {
      result.kind = .unreadable
      return result
    }
    let geometry = unsafe PDFPageGeometry(page)
    guard let characters = unsafe characters(of: page, room: &room, isCut: &result.isCut) else {
      unsafe vigie_pdfium_close_page(page)
      result.kind = .unreadable
      return result
    }
    let glyphs = PDFGlyphs(characters, on: geometry)
    result.lines = PageLines.lines(of: glyphs)
    if glyphs.letterCount < maxScanLetterCount {
      let objects = unsafe vigie_pdfium_count_objects(page)
      let isEmpty = glyphs.letterCount == 0
      let isScan = objects.image_count > 0 && (objects.image_share >= minScanShare || isEmpty)
      let isDrawing = isEmpty && objects.object_count >= minDrawingObjectCount
      if (isScan || isDrawing) && !glyphs.hasInvisible { result.kind = .image }
      result.isBare = objects.object_count == 0
    }
    if glyphs.unknownCount * 2 > glyphs.letterCount { result.kind = .unknownLetters }
    let isDrawn = unsafe isAnnotated && vigie_pdfium_flatten(page) != 0
    unsafe vigie_pdfium_close_page(page)
    guard isDrawn, let flat = unsafe vigie_pdfium_open_page(document, CInt(index)) else {
      return result
    }
    defer { unsafe vigie_pdfium_close_page(flat) }
    if let drawn = unsafe self.characters(of: flat, room: &room, isCut: &result.isCut) {
      let added = PDFGlyphs(drawn, on: geometry).without(glyphs)
      result.annotationLines = PageLines.lines(of: added)
    }
    return result
  }

  private static func characters(
    of page: OpaquePointer,
    room: inout Int,
    isCut: inout Bool
  ) -> [vigie_pdfium_character]? {
    guard let text = unsafe vigie_pdfium_open_text(page) else { return nil }
    defer { unsafe vigie_pdfium_close_text(text) }
    let total = max(0, Int(unsafe vigie_pdfium_character_count(text)))
    let count = min(total, room, maxPageCharacterCount)
    if count < total { isCut = true }
    room -= count
    return unsafe [vigie_pdfium_character](unsafeUninitializedCapacity: count) { buffer, filled in
      guard count > 0 else { return }
      filled = Int(unsafe vigie_pdfium_characters(text, 0, CInt(count), buffer.baseAddress))
    }
  }
}

/// The visible box of a page and its rotation.
struct PDFPageGeometry: Sendable, Equatable {
  /// The box before the rotation, points.
  var left: Float = 0
  var bottom: Float = 0
  var right: Float = 612
  var top: Float = 792
  /// Quarter turns clockwise.
  var quarterTurns = 0

  /// A page of the letter format.
  init() {}

  /// The geometry of an open page.
  init(_ page: OpaquePointer) {
    var box: (Float, Float, Float, Float) = (0, 0, 0, 0)
    var turns: CInt = 0
    unsafe withUnsafeMutableBytes(of: &box) { bytes in
      unsafe vigie_pdfium_page_box(
        page,
        bytes.assumingMemoryBound(to: Float.self).baseAddress,
        &turns
      )
    }
    (left, bottom, right, top) = box
    quarterTurns = Int(turns)
  }

  /// The height as a person sees the page, points.
  var height: Float { quarterTurns & 1 == 0 ? top - bottom : right - left }
  /// The width as a person sees the page, points.
  var width: Float { quarterTurns & 1 == 0 ? right - left : top - bottom }

  /// The distance of a point from the top edge that a person sees.
  func fromTop(x: Float, y: Float) -> Float {
    switch quarterTurns {
    case 1: x - left
    case 2: y - bottom
    case 3: right - x
    default: top - y
    }
  }

  /// Whether a point lies outside the visible box by more than a line.
  func isOutside(x: Float, y: Float) -> Bool {
    x < left - 2 || x > right + 2 || y < bottom - 2 || y > top + 2
  }
}

import CTesseract
import Glibc
package import VigieCore
package import VigieDocuments

/// Reads what is drawn in pictures, with Tesseract; it is optional and found when the program runs.
package enum TextRecognizer {
  /// What to do where the libraries or the models are missing.
  package static let remedy =
    "install tesseract-ocr with tesseract-ocr-fra and tesseract-ocr-eng (Debian), then vigie doctor"

  /// The models that are loaded where the environment names no others.
  static let languages = "fra+eng"

  /// Loads the libraries and the models, once a process and before it is shut in.
  ///
  /// `VIGIE_OCR_LANGUAGES` names other models, such as `fra+eng+deu`; those that are missing are left
  /// out.
  ///
  /// - Returns: The part, with the models that were loaded as a part of its version.
  package static func prepare() -> [DocumentComponent] {
    let named = unsafe getenv("VIGIE_OCR_LANGUAGES").map { unsafe String(cString: $0) } ?? ""
    let wanted = named.isEmpty ? languages : named
    let state = unsafe vigie_ocr_load(wanted)
    guard state == CInt(VIGIE_OCR_READY) else {
      let why = unsafe String(cString: vigie_ocr_failure())
      return [
        DocumentComponent("Tesseract", version: nil, purpose: "\(purpose); \(why): \(remedy)")
      ]
    }
    let loaded = unsafe String(cString: vigie_ocr_languages())
    let version = unsafe "\(String(cString: vigie_ocr_version())) (\(loaded))"
    let left = wanted.split(separator: "+").filter { !loaded.split(separator: "+").contains($0) }
    let missing = left.isEmpty ? "" : "; without \(left.joined(separator: ", "))"
    return [DocumentComponent("Tesseract", version: version, purpose: purpose + missing)]
  }

  private static let purpose = "words drawn in pictures and in scanned pages"

  // MARK: Pictures

  /// Pictures in one file that are read, such as the pages of a fax.
  static let maxFrameCount = 100
  /// A picture that is lower or narrower holds no word that anybody can read, pixels.
  static let minSide = 12
  /// Screens have some 100 pixels to the inch and the models want letters of 300: pictures with fewer
  /// pixels than a page of 150 to the inch are drawn twice as large.
  static let maxEnlargedPixelCount = 2_200_000
  /// Of the time for a picture, the part that reading may take: the rest is for handing the text over.
  private static let share = 0.8

  /// Reads a picture, and says what could not be read of it.
  ///
  /// - Parameters:
  ///   - bytes: A picture of any format that Leptonica decodes.
  ///   - place: Where it lies; texts get the role `ocr` there.
  ///   - limits: What reading may spend.
  ///   - observer: Is told of each text and gap at once.
  package static func extract(
    _ bytes: RawSpan,
    at place: Place,
    limits: DocumentLimits,
    observer: (any ExtractionObserver)?
  ) {
    var place = place
    place.role = .ocr
    var extraction = Extraction(limits: limits, observer: observer) { _, _, _ in }
    var head = vigie_ocr_head()
    let isKnown = unsafe bytes.withUnsafeBytes { bytes in
      unsafe vigie_ocr_read_head(bytes.baseAddress, bytes.count, &head) != 0
    }
    guard isKnown else {
      let detail = "text in the image is not read: the image is damaged, or of a rare kind"
      return extraction.miss(.corrupt, detail, at: place)
    }
    guard fits(Int(head.width), Int(head.height), limits, at: place, &extraction) else { return }
    let end = ContinuousClock.now + .milliseconds(Int(Double(limits.maxMilliseconds) * share))
    guard head.is_tiff != 0 else {
      let picture = unsafe bytes.withUnsafeBytes { bytes in
        unsafe vigie_ocr_decode(bytes.baseAddress, bytes.count)
      }
      let orientation = ExifOrientation.find(in: bytes)
      return unsafe read(picture, orientation, until: end, limits, at: place, &extraction)
    }
    var offset = 0
    for frame in 1... {
      guard frame <= maxFrameCount else {
        return extraction.miss(
          .limit,
          "images after the \(maxFrameCount)th are not read",
          at: place
        )
      }
      let picture = unsafe bytes.withUnsafeBytes { bytes in
        unsafe vigie_ocr_decode_tiff(bytes.baseAddress, bytes.count, &offset)
      }
      var framePlace = place
      if frame > 1 || offset != 0 { framePlace.location = "image \(frame)" }
      unsafe read(picture, 1, until: end, limits, at: framePlace, &extraction)
      let isLast = unsafe picture == nil
      if isLast || offset == 0 { return }
    }
  }

  /// Whether a picture is not larger than may be decoded; where it is, a gap says so.
  private static func fits(
    _ width: Int,
    _ height: Int,
    _ limits: DocumentLimits,
    at place: Place,
    _ extraction: inout Extraction
  ) -> Bool {
    let (count, isOver) = width.multipliedReportingOverflow(by: height)
    if !isOver, count <= limits.maxPixelCount { return true }
    let detail = "text in the image is not read: it has more pixels than may be looked at"
    extraction.miss(.limit, detail, at: place)
    return false
  }

  /// Reads one decoded picture and frees it; `nil` is one that cannot be decoded.
  private static func read(
    _ decoded: OpaquePointer?,
    _ orientation: Int,
    until end: ContinuousClock.Instant,
    _ limits: DocumentLimits,
    at place: Place,
    _ extraction: inout Extraction
  ) {
    guard var picture = unsafe decoded else {
      let detail = "text in the image is not read: the image is damaged"
      return extraction.miss(.corrupt, detail, at: place)
    }
    var (width, height) = (CInt(0), CInt(0))
    unsafe vigie_ocr_size(picture, &width, &height)
    let (wide, high) = (Int(width), Int(height))
    defer { unsafe vigie_ocr_free(picture) }
    guard wide >= minSide, high >= minSide,
      fits(wide, high, limits, at: place, &extraction)
    else { return }
    unsafe picture = unsafe vigie_ocr_turn(picture, CInt(orientation))
    if wide * high <= maxEnlargedPixelCount { unsafe picture = unsafe vigie_ocr_scale(picture, 2) }
    var text = RecognizedText()
    // A page first; words on a poster or a photograph stand in no lines.
    for mode in [VIGIE_OCR_PAGE, VIGIE_OCR_SPARSE] {
      let left = end - ContinuousClock.now
      let milliseconds =
        left.components.seconds * 1_000
        + left.components.attoseconds / 1_000_000_000_000_000
      guard milliseconds > 0 else {
        return extraction.miss(.timeout, "text in the image is not read: no time", at: place)
      }
      let outcome = unsafe text.take(from: picture, mode: mode, within: Int(milliseconds))
      if outcome == VIGIE_OCR_LATE {
        extraction.miss(.timeout, "the text in the image is not read to its end", at: place)
      } else if outcome != VIGIE_OCR_DONE {
        extraction.miss(.corrupt, "the text in the image cannot be read", at: place)
      }
      if outcome != VIGIE_OCR_DONE || !text.isEmpty { break }
    }
    extraction.add(text.text, at: place)
  }
}

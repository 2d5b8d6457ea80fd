package import VigieCore
package import VigieDocuments
import VigieContainers
import VigiePDF

/// The document formats that Vigie reads, and how a document finds its own.
package enum DocumentFormats {
  /// Every format, in the order in which they are tried: exact signatures first, text last.
  package static let all: [any DocumentFormat.Type] = [
    PDF.self,
    // Documents that are ZIPs, so before those.
    WordDocument.self, Spreadsheet.self, Presentation.self, OpenPackage.self, OpenDocument.self,
    // Old Office, mail.
    OLEDocument.self, BareOffice.self, RTF.self, TNEF.self, SignedMessage.self,
    // Archives and packed files.
    Zip.self, SevenZip.self, Rar.self, Gzip.self, Bzip2.self, Xz.self, Zstandard.self, Lz4.self,
    Lzip.self, Cab.self, Ar.self, Compress.self, Iso9660.self, Cpio.self, Lha.self,
    Tar.self, SelfExtracting.self, Lzma.self,
    // Images.
    JPEG.self, PNG.self, GIF.self, WebP.self, TIFF.self, HEIF.self, BMP.self,
    Photoshop.self, Metafile.self, StarViewMetafile.self, SVG.self,
    // Mail is text with headers, pages are text with markup.
    Mailbox.self, Mail.self, HTML.self, XML.self,
    PlainText.self, EncodedText.self,
  ]

  /// Those that are not plain text, which is told while it is read.
  private static let shaped = all.filter { $0 != PlainText.self && $0 != EncodedText.self }

  /// Formats that read all that lies in them or after them, so that a ZIP at the end is read already.
  private static let whole: [any DocumentFormat.Type] = [
    Zip.self, SevenZip.self, Rar.self, Gzip.self, Bzip2.self, Xz.self, Zstandard.self, Lz4.self,
    Lzip.self, Cab.self, Ar.self, Compress.self, Iso9660.self, Cpio.self, Lha.self, Tar.self,
    Lzma.self, JPEG.self, PNG.self, GIF.self, WebP.self, BMP.self,
    WordDocument.self, Spreadsheet.self, Presentation.self, OpenPackage.self, OpenDocument.self,
  ]

  /// The file names of the libraries that are ``SeldomUsed``, as they begin: for markup, encodings, packed and locked
  /// data, then all.
  package static let seldomUsed = [
    ["libxml2.so", "libicu", "libz.so", "libdeflate.so", "libnettle.so", "libhogweed.so"],
    ["libqpdf.so", "libarchive.so", OldRar.fileName, PDFEngine.fileName],
  ]

  /// Loads and starts what the formats need, once a process, before it is shut in: afterwards no file
  /// can be opened and no library loaded.
  ///
  /// Whatever opens a file at its first use (locales, data of ICU, a catalogue, a library through
  /// dlopen) is used once here. No thread is left running.
  ///
  /// - Returns: The parts that may be missing on a machine, present or not, with their versions.
  package static func prepare() -> [DocumentComponent] {
    Charset.prepare()
    WideNames.prepare()
    let hasUnarr = OldRar.isReady
    let hasPDFium = PDFEngine.prepare() == .ready
    rehearse()
    return [
      DocumentComponent(
        "PDFium",
        version: hasPDFium ? "loaded" : nil,
        purpose: "the pages of PDF files; \(PDFEngine.remedy)"
      ),
      DocumentComponent(
        "libunarr",
        version: hasUnarr ? "loaded" : nil,
        purpose: "RARs of version 2 and solid ones of version 3; install libunarr1"
      ),
    ]
  }

  /// Takes the text out of a document of any format, and out of what lies in it.
  ///
  /// - Parameters:
  ///   - bytes: The document.
  ///   - place: Where it lies.
  ///   - limits: What reading it may spend.
  ///   - observer: Is told of each text and gap at once.
  /// - Returns: Texts and gaps.
  package static func extract(
    _ bytes: RawSpan,
    at place: Place,
    limits: DocumentLimits,
    observer: (any ExtractionObserver)? = nil
  ) -> Extraction {
    var extraction = Extraction(limits: limits, observer: observer) { read($0, at: $1, into: &$2) }
    read(bytes, at: place, into: &extraction)
    return extraction
  }

  /// Whether bytes are what Office programs leave in parts that they do not need, and tar in holes.
  private static func isFill(_ bytes: RawSpan) -> Bool {
    guard bytes.byteCount <= 1 << 20 else { return false }
    return unsafe bytes.withUnsafeBytes { unsafe $0.allSatisfy { $0 == 0 || $0 == 0xFF } }
  }

  /// Says that no format takes a document.
  private static func missUnread(
    _ bytes: RawSpan,
    at place: Place,
    into extraction: inout Extraction
  ) {
    guard let signature = Signature.find(in: bytes) else {
      if extraction.depth > 0, isFill(bytes) { return }
      return extraction.miss(.unsupported, "binary data: no reader for this format", at: place)
    }
    if signature.isRead {
      extraction.miss(.corrupt, "\(signature.kind): damaged at its start", at: place)
    } else {
      extraction.miss(.unsupported, "\(signature.kind): no reader for this format", at: place)
    }
  }

  /// Hands a document to its format; one that none takes is a gap that names its kind.
  private static func read(_ bytes: RawSpan, at place: Place, into extraction: inout Extraction) {
    if let format = shaped.first(where: { $0.recognizes(bytes) }) {
      format.extract(bytes, at: place, into: &extraction)
      if whole.contains(where: { $0 == format }) { return }
    } else if PlainText.extractCertain(bytes, at: place, into: &extraction) {
      // What is appended is looked for below.
    } else if EncodedText.recognizes(bytes) {
      EncodedText.extract(bytes, at: place, into: &extraction)
    } else if ZipFile.ends(bytes) {
      // With what lies in front of it.
      return Zip.extract(bytes, at: place, into: &extraction)
    } else {
      missUnread(bytes, at: place, into: &extraction)
    }
    // Programs for ZIP look at the end of a file, whatever its start says.
    if ZipFile.ends(bytes), let zip = ZipFile(bytes, isAppended: true) {
      Zip.extract(zip, of: bytes, at: place, into: &extraction)
    }
  }
}

package import VigieCore
package import VigieDocuments
import VigieContainers
import VigiePDF

/// The document formats that Vigie reads, and how a document finds its own.
package enum DocumentFormats {
  /// Every format, in the order in which they are tried: exact signatures first, plain text last.
  package static let all: [any DocumentFormat.Type] = [
    PDF.self,
    // Documents that are ZIPs, so before those.
    WordDocument.self, Spreadsheet.self, Presentation.self, OpenPackage.self, OpenDocument.self,
    // Old Office, mail.
    OLEDocument.self, RTF.self, TNEF.self, SignedMessage.self,
    // Archives and packed files.
    Zip.self, SevenZip.self, Rar.self, Gzip.self, Bzip2.self, Xz.self, Zstandard.self, Lz4.self,
    Lzip.self, Cab.self, Ar.self, Compress.self, Iso9660.self, Cpio.self, Lha.self,
    Tar.self, SelfExtracting.self, Lzma.self,
    // Images.
    JPEG.self, PNG.self, GIF.self, WebP.self, TIFF.self, HEIF.self, BMP.self,
    Photoshop.self, SVG.self,
    // Mail is text with headers, pages are text with markup.
    Mailbox.self, Mail.self, HTML.self, XML.self,
    PlainText.self,
  ]

  /// Formats that read all that lies in them or after them, so that a ZIP at the end is read already.
  private static let whole: [any DocumentFormat.Type] = [
    Zip.self, SevenZip.self, Rar.self, Gzip.self, Bzip2.self, Xz.self, Zstandard.self, Lz4.self,
    Lzip.self, Cab.self, Ar.self, Compress.self, Iso9660.self, Cpio.self, Lha.self, Tar.self,
    Lzma.self, JPEG.self, PNG.self, GIF.self, WebP.self, BMP.self,
    WordDocument.self, Spreadsheet.self, Presentation.self, OpenPackage.self, OpenDocument.self,
  ]

  /// Loads and starts the libraries that need a file for it, so that none is opened later.
  ///
  /// The program that reads documents calls it once, before its sandbox closes.
  package static func prepare() {
    _ = PDFEngine.prepare()
    Charset.prepare()
    WideNames.prepare()
  }

  /// Takes the text out of a document of any format, and out of what lies in it.
  package static func extract(
    _ bytes: RawSpan,
    at place: Place,
    limits: DocumentLimits
  ) -> Extraction {
    var extraction = Extraction(limits: limits) { read($0, at: $1, into: &$2) }
    read(bytes, at: place, into: &extraction)
    return extraction
  }

  /// Hands a document to its format; one that none takes is a gap that names its kind.
  private static func read(_ bytes: RawSpan, at place: Place, into extraction: inout Extraction) {
    if let format = all.first(where: { $0.recognizes(bytes) }) {
      format.extract(bytes, at: place, into: &extraction)
      if whole.contains(where: { $0 == format }) { return }
    } else if ZipFile.ends(bytes) {
      // With what lies in front of it.
      return Zip.extract(bytes, at: place, into: &extraction)
    } else {
      let kind = Signature.kind(of: bytes) ?? "binary data"
      extraction.miss(.unsupported, "\(kind): no reader for this format", at: place)
    }
    // Programs for ZIP look at the end of a file, whatever its start says.
    if ZipFile.ends(bytes), let zip = ZipFile(bytes, isAppended: true) {
      Zip.extract(zip, of: bytes, at: place, into: &extraction)
    }
  }
}

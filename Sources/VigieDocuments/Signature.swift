/// The first bytes by which common binary formats are known, so that a gap can name them.
package struct Signature: Sendable {
  /// The kind of document in words.
  package let kind: String
  /// Whether there is a reader for documents of the kind, so that one it does not take is damaged.
  package let isRead: Bool
  /// Where the bytes stand.
  let offset: Int
  /// The bytes.
  let bytes: [UInt8]

  private init(_ kind: String, _ bytes: [UInt8], at offset: Int = 0, isRead: Bool = true) {
    self.kind = kind
    self.isRead = isRead
    self.offset = offset
    self.bytes = bytes
  }

  private init(
    _ kind: String,
    _ text: StaticString,
    at offset: Int = 0,
    isRead: Bool = true
  ) {
    self.init(kind, Array("\(text)".utf8), at: offset, isRead: isRead)
  }

  /// Kinds that are asked for.
  static let zip = "ZIP archive or Office document"
  static let ole = "OLE document (legacy Office, MSG)"
  static let rtf = "RTF document"

  /// The signatures, the longer before the shorter where one starts the other.
  ///
  /// *Source:* ISO 32000-1 §7.5.2 (PDF); APPNOTE.TXT 6.3.10 §4.3 (ZIP); [MS-CFB] §2.2 (OLE);
  /// RFC 1952 §2.3.1 (gzip); ISO/IEC 10918-1 (JPEG); PNG §5.2; GIF89a §17; TIFF 6.0 §2;
  /// ISO/IEC 14496-12 §4.3 (`ftyp`); RFC 3533 §6 (Ogg); System V ABI (ELF).
  package static let all: [Signature] = [
    Signature("PDF document", "%PDF-"),
    Signature(zip, [0x50, 0x4B, 0x03, 0x04]),
    Signature("empty ZIP archive", [0x50, 0x4B, 0x05, 0x06]),
    Signature("spanned ZIP archive", [0x50, 0x4B, 0x07, 0x08]),
    Signature(ole, [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]),
    Signature(rtf, #"{\rtf"#),
    Signature("Word 2 document", [0xDB, 0xA5, 0x2D, 0x00]),
    Signature("gzip archive", [0x1F, 0x8B]),
    Signature("bzip2 archive", [0x31, 0x41, 0x59, 0x26, 0x53, 0x59], at: 4),
    Signature("bzip2 archive", [0x17, 0x72, 0x45, 0x38, 0x50, 0x90], at: 4),
    Signature("xz archive", [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]),
    Signature("zstd archive", [0x28, 0xB5, 0x2F, 0xFD]),
    Signature("7-Zip archive", [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C]),
    Signature("RAR archive", "Rar!\u{1A}\u{07}"),
    Signature("tar archive", "ustar", at: 257),
    Signature("JPEG image", [0xFF, 0xD8, 0xFF]),
    Signature("PNG image", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]),
    Signature("GIF image", "GIF8"),
    Signature("WebP image", "WEBP", at: 8),
    Signature("BMP image", [0x42, 0x4D, 0x00]),
    Signature("TIFF image", [0x49, 0x49, 0x2A, 0x00]),
    Signature("TIFF image", [0x4D, 0x4D, 0x00, 0x2A]),
    Signature("MP4, HEIC or QuickTime media", "ftyp", at: 4, isRead: false),
    Signature("WAVE sound", "WAVE", at: 8, isRead: false),
    Signature("AVI video", "AVI ", at: 8, isRead: false),
    Signature("Matroska or WebM video", [0x1A, 0x45, 0xDF, 0xA3], isRead: false),
    Signature("Ogg media", "OggS", isRead: false),
    Signature("MP3 sound", "ID3\u{3}", isRead: false),
    Signature("MP3 sound", "ID3\u{4}", isRead: false),
    Signature("FLAC sound", "fLaC", isRead: false),
    Signature("program (ELF)", [0x7F, 0x45, 0x4C, 0x46], isRead: false),
    Signature("SQLite database", "SQLite format 3\u{0}", isRead: false),
    Signature("age-encrypted file", "age-encryption.org/", isRead: false),
    Signature("WordPerfect document", [0xFF, 0x57, 0x50, 0x43], isRead: false),
    Signature("Hangul document", "HWP Document File", isRead: false),
    Signature("JPEG XR image", [0x49, 0x49, 0xBC, 0x01], isRead: false),
  ]

  /// The kind of document whose signature stands in the bytes, or `nil` for none.
  package static func kind(of bytes: RawSpan) -> String? { find(in: bytes)?.kind }

  /// The signature that stands in the bytes, or `nil` for none.
  package static func find(in bytes: RawSpan) -> Signature? { all.first { $0.stands(in: bytes) } }

  private func stands(in document: RawSpan) -> Bool {
    guard document.byteCount >= offset + bytes.count else { return false }
    return bytes.indices.allSatisfy { index in
      document[offset + index] == bytes[index]
    }
  }
}

extension RawSpan {
  /// The byte at an offset.
  @inline(__always)
  subscript(_ offset: Int) -> UInt8 {
    unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
  }
}

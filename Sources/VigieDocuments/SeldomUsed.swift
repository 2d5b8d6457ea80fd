import Glibc
import Synchronization

/// What not all documents need, so that the process of a document is first made without it: libraries for PDF, for
/// archives, for markup, for foreign encodings, for packed and for locked data.
///
/// Whoever calls such a library asks for it before. Where it is not there the process ends, and the document is read
/// anew, from its start, by a process that has all.
package enum SeldomUsed {
  /// Which libraries a process has.
  package enum Libraries: UInt8, Sendable, CaseIterable, Comparable {
    /// None of them.
    case least
    /// Those for markup, foreign encodings, packed and locked data.
    case markup
    /// Those for PDF and archives too.
    case all

    package static func < (one: Libraries, other: Libraries) -> Bool {
      one.rawValue < other.rawValue
    }
  }

  /// The exit code of a process that lacks what its document needs.
  package static let exitCode: CInt = 20

  private static let present = Atomic<UInt8>(Libraries.all.rawValue)

  /// Says what this process has.
  package static func have(_ libraries: Libraries) {
    present.store(libraries.rawValue, ordering: .relaxed)
  }

  /// Ends the process where it does without.
  package static func need(_ libraries: Libraries) {
    if present.load(ordering: .relaxed) < libraries.rawValue { _exit(exitCode) }
  }

  /// The bytes at the start of a document by which its needs are guessed.
  private static let headByteCount = 4_096

  /// Guesses what a document needs; a guess that is wrong costs time and nothing else.
  ///
  /// - Parameter bytes: The document.
  /// - Returns: What it probably needs.
  package static func probableNeed(of bytes: RawSpan) -> Libraries {
    switch Signature.kind(of: bytes) {
    case Signature.ole:
      let isPlain = bytes.byteCount <= maxPlainByteCount && !isMessage(bytes) && !holdsZip(bytes)
      return isPlain ? .least : .markup
    case Signature.rtf: return holds("\\fromhtml", bytes) ? .markup : .least
    case Signature.zip: return isOffice(bytes) ? .markup : .all
    case .some(let kind): return kind.hasSuffix(" image") ? .markup : .all
    case nil: break
    }
    for offset in 0..<min(bytes.byteCount, headByteCount) {
      switch bytes[offset] {
      case 0: return .all
      case UInt8(ascii: "%"), UInt8(ascii: "M"), UInt8(ascii: "C"):
        // A text has needs where it is a mail, or a PDF with something before it.
        if signs.contains(where: { bytes.holds($0, at: offset) }) { return .all }
      default: break
      }
    }
    return .markup
  }

  private static let signs: [StaticString] = ["%PDF-", "MIME-", "Content-"]

  private static func holds(_ text: StaticString, _ bytes: RawSpan) -> Bool {
    (0..<min(bytes.byteCount, headByteCount)).contains { bytes.holds(text, at: $0) }
  }

  /// The bytes of a compound file that are looked through.
  ///
  /// In a longer one the process is a small part of the time.
  private static let maxPlainByteCount = 64 << 10

  /// Whether a ZIP begins somewhere: what newer Office keeps in files of the old kind is XML in one.
  private static func holdsZip(_ bytes: RawSpan) -> Bool {
    typealias Block = SIMD16<UInt8>
    let first = Block(repeating: UInt8(ascii: "P")), second = Block(repeating: UInt8(ascii: "K"))
    var offset = 0
    while offset + Block.scalarCount < bytes.byteCount {
      let one = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: Block.self)
      let next = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset + 1, as: Block.self)
      if any((one .== first) .& (next .== second)) {
        for start in offset..<offset + Block.scalarCount
        where bytes.holds("PK\u{3}\u{4}", at: start) {
          return true
        }
      }
      offset += Block.scalarCount
    }
    return false
  }

  /// Whether a compound file is a message of Outlook, whose text is HTML as a rule.
  ///
  /// *Source:* [MS-CFB] §2.2 (the first sector of the directory, at 48), §2.6.1 (names in UTF-16, an entry of 128 bytes);
  /// [MS-OXMSG] §2.2 (`__nameid_version1.0`, `__properties_version1.0`).
  private static func isMessage(_ bytes: RawSpan) -> Bool {
    guard bytes.byteCount >= 512 else { return false }
    let shift = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: 30, as: UInt16.self) == 12 ? 12 : 9
    let sector = Int(unsafe bytes.unsafeLoadUnaligned(fromByteOffset: 48, as: UInt32.self))
    let start = (sector + 1) << shift
    return (1..<4).contains { bytes.holds("_\u{0}_\u{0}", at: start + $0 * 128) }
  }

  /// Whether a ZIP is a document of an office suite: as a rule those hold no PDF, other ZIPs do.
  ///
  /// *Source:* APPNOTE.TXT 6.3.10 §4.3.7: the name of the first member stands at 30. OPC and ODF put these first.
  private static func isOffice(_ bytes: RawSpan) -> Bool {
    firstNames.contains { bytes.holds($0, at: 30) }
  }

  private static let firstNames: [StaticString] = [
    "[Content_Types].xml", "mimetypeapplication/", "_rels/.rels", "docProps/", "word/", "xl/",
    "ppt/",
  ]
}

extension RawSpan {
  /// Whether a text stands at an offset.
  fileprivate func holds(_ text: StaticString, at offset: Int) -> Bool {
    text.withUTF8Buffer { text in
      byteCount >= offset + text.count
        && text.indices.allSatisfy { unsafe self[offset + $0] == text[$0] }
    }
  }
}

import Glibc
import Synchronization

/// What few documents need, so that the process of a document is first made without it: libraries for PDF and for
/// archives.
///
/// Whoever calls such a library asks for it before. Where it is not there the process ends, and the document is read
/// anew, from its start, by a process that has all.
package enum SeldomUsed {
  /// The exit code of a process that lacks what its document needs.
  package static let exitCode: CInt = 20

  private static let areAbsent = Atomic<Bool>(false)

  /// Says that this process does without.
  package static func leaveOut() { areAbsent.store(true, ordering: .relaxed) }

  /// Ends the process where it does without.
  package static func need() {
    if areAbsent.load(ordering: .relaxed) { _exit(exitCode) }
  }

  /// The bytes at the start of a document by which its needs are guessed.
  private static let headByteCount = 4_096

  /// Guesses what a document needs; a guess that is wrong costs time and nothing else.
  ///
  /// - Parameter bytes: The document.
  /// - Returns: Whether it probably needs it.
  package static func isProbablyNeeded(by bytes: RawSpan) -> Bool {
    switch Signature.kind(of: bytes) {
    case Signature.ole, Signature.rtf: return false
    case Signature.zip: return !isOffice(bytes)
    case .some(let kind): return !kind.hasSuffix(" image")
    case nil: break
    }
    for offset in 0..<min(bytes.byteCount, headByteCount) {
      switch bytes[offset] {
      case 0: return true
      case UInt8(ascii: "%"), UInt8(ascii: "M"), UInt8(ascii: "C"):
        // A text has needs where it is a mail, or a PDF with something before it.
        if signs.contains(where: { bytes.holds($0, at: offset) }) { return true }
      default: break
      }
    }
    return false
  }

  private static let signs: [StaticString] = ["%PDF-", "MIME-", "Content-"]

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

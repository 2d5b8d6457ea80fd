package import VigieCore

/// Texts, pictures and gaps of a document in a file that two processes share: one appends, the other reads.
///
/// What was appended stays, however the writer ends: a reader that dies in the middle of a document
/// loses nothing that it had found.
///
/// Layout, all numbers `UInt64` in little-endian:
///
/// | Offset | |
/// |---|---|
/// | 0 | ``magic`` |
/// | 8 | the end of the last whole record |
/// | 16 | the ``State`` |
/// | 64 | records, each at a multiple of 8 |
///
/// | Offset in a record | |
/// |---|---|
/// | 0 | the ``Kind`` |
/// | 8 | the place of the role or of the reason in its list |
/// | 16 | where the text starts: in this file, or in the document |
/// | 24 | the bytes of the text |
/// | 32 | the bytes of the strings that follow |
/// | 40 | a `UInt32`, the members of the path; ``samePath`` for those of the record before |
/// | 44 | the members of the path, the location, and the detail of a gap: strings |
///
/// A text in this file follows its record, at a multiple of ``pageByteCount`` where it is long enough
/// to be mapped instead of copied. The next record follows the text.
package enum ExtractionLog {
  /// The longest log of a document: its text twice and its pictures, with room for places and gaps.
  package static func maxByteCount(for limits: DocumentLimits) -> Int {
    min(max(0, limits.maxTextByteCount), 1 << 40) * 2
      + min(max(0, limits.maxPictureByteCount), 1 << 40) + (64 << 20)
  }

  /// *Source:* ours: the letters `VIGIELOG`.
  static let magic: UInt64 = 0x474F_4C45_4947_4956
  /// The bytes before the first record.
  static let headerByteCount = 64
  /// The bytes of a record before its strings.
  static let recordByteCount = 40
  /// A path as in the record before.
  static let samePath: UInt32 = .max
  /// Texts of so many bytes are mapped, not copied.
  package static let mappedByteCount = 1 << 16
  /// A multiple of the page of every machine (aarch64 has up to 64 KiB).
  static let pageByteCount = 1 << 16

  /// How far the writer is.
  enum State: UInt64 {
    case writing = 0
    case complete = 1
    /// There was no room for more.
    case full = 2
  }

  /// What a record holds.
  enum Kind: UInt64 {
    case text = 1
    /// A part of the document as it stands.
    case verbatim = 2
    case gap = 3
    /// How an attempt to break out ended: the error number stands for the role.
    case refusal = 4
    /// A picture, as a text is.
    case picture = 5
    /// A part of the document as it stands that is a picture.
    case verbatimPicture = 6
  }

  /// The next multiple of a power of two.
  static func aligned(_ offset: Int, to step: Int = 8) -> Int { (offset + step - 1) & ~(step - 1) }
}

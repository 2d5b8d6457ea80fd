package import VigieCore

/// A document format from which text can be taken: one file in `Formats/` of VigieAttachments and
/// one line in its list.
package protocol DocumentFormat: Sendable {
  /// The name for people, such as `plain text`.
  static var name: String { get }

  /// Whether the bytes look like this format; the name of a file proves nothing and is not asked.
  static func recognizes(_ bytes: RawSpan) -> Bool

  /// Takes the text out of a document.
  ///
  /// Hostile bytes lead to gaps, never to an error; what can be read is read, whatever else is
  /// damaged.
  ///
  /// - Parameters:
  ///   - bytes: The whole document, or its first part where a limit cut it.
  ///   - place: Where the document lies; texts and gaps lie at or below it.
  ///   - extraction: Where texts and gaps go, and what may still be spent.
  static func extract(_ bytes: RawSpan, at place: Place, into extraction: inout Extraction)
}

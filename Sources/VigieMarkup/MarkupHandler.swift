/// What a reader of XML or HTML does with what the parser meets.
///
/// The bytes of a text live only during the call. A text may come in several pieces.
package protocol MarkupHandler: AnyObject {
  /// An element starts.
  ///
  /// - Returns: Whether to go on reading.
  func start(_ element: borrowing MarkupElement) -> Bool
  /// An element ends; at the end of a cut document the last ends may be missing.
  func end(_ name: Int)
  /// Text, UTF-8, entities of XML and HTML resolved.
  func characters(_ text: Span<UInt8>)
  /// The text of a comment.
  func comment(_ text: Span<UInt8>)
  /// The text of a processing instruction, without its target.
  func instruction(_ text: Span<UInt8>)
  /// The replacement text of an entity that the document declares.
  func declaredEntity(_ text: Span<UInt8>)
  /// Text that stands outside everything the parser could parse, without its tags.
  func unparsed(_ text: Span<UInt8>)
}

extension MarkupHandler {
  package func comment(_ text: Span<UInt8>) {}
  package func instruction(_ text: Span<UInt8>) {}
  package func declaredEntity(_ text: Span<UInt8>) {}
}

/// What became of a document.
package struct MarkupReport: Sendable, Equatable {
  /// Whether the parser had to recover: the document is not well-formed.
  package var isDamaged = false
  /// Whether the document declares entities, which are never expanded.
  package var declaresEntities = false
  /// Whether some of the document was read without regard to its elements, for a limit was met.
  package var isBeyondLimits = false
  /// Whether the declared encoding is unknown, or bytes mean nothing in it.
  package var hasDoubtfulEncoding = false
  /// Whether the handler asked to stop.
  package var isStopped = false
}

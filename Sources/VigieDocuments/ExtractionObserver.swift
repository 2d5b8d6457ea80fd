package import VigieCore

/// Is told what is taken out of a document as soon as it is, so that it stays whatever happens later.
package protocol ExtractionObserver: AnyObject, Sendable {
  /// A text was found.
  func found(_ text: ExtractedText)
  /// A picture was found, which others read.
  func found(_ picture: ExtractedPicture)
  /// Something was not read.
  func missed(_ gap: Gap)
}

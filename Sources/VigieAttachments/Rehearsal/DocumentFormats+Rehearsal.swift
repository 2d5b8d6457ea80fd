import VigieCore
package import VigieDocuments

extension DocumentFormats {
  /// Reads one small document of most kinds, so that what the language and the libraries make at their
  /// first use is there already: a process that lives for one document would make it again each time.
  ///
  /// Worth a fifth of the processor time of a small page, a third of that of an old Word document.
  static func rehearse() { _ = rehearsal() }

  /// What stands in the documents of the rehearsal.
  package static func rehearsal() -> Extraction {
    let samples = PackageResources.samples_zip
    return unsafe extract(
      samples.span.bytes,
      at: Place(part: .attachment(0), role: .bodyText),
      limits: DocumentLimits()
    )
  }
}

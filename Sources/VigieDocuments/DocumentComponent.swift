/// A part that reading some formats needs and that may be missing on a machine.
package struct DocumentComponent: Sendable, Hashable {
  /// Its name, such as `PDFium`.
  package var name: String
  /// Its version; `nil` where it is not there.
  package var version: String?
  /// What it reads, and how it is installed where it is missing.
  package var purpose: String

  /// Whether it is there.
  package var isPresent: Bool { version != nil }

  /// A value from its parts.
  package init(_ name: String, version: String?, purpose: String) {
    self.name = name
    self.version = version
    self.purpose = purpose
  }
}

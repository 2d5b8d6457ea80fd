import VigieCore

/// What the parts of one OpenDocument document share.
final class OpenDocumentState {
  let collector: Collector
  /// The styles that hide, by family and name.
  var hidingStyles: Set<String> = []
  private var counts: [String: Int] = [:]
  private var said: Set<String> = []

  init(_ collector: Collector) { self.collector = collector }

  /// The next place of a kind: `comment 3`.
  func next(_ kind: String) -> String {
    counts[kind, default: 0] += 1
    return "\(kind) \(counts[kind] ?? 1)"
  }

  /// Adds a text once for a role: links and names are repeated all over a document.
  func addOnce(_ text: String, _ role: Role, _ location: String) {
    if !text.isEmpty, said.insert("\(role) \(text)").inserted {
      collector.add(text, role, location)
    }
  }
}

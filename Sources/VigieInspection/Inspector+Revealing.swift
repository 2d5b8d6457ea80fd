package import VigieCore
import VigieDocuments

extension Inspector {
  /// What was found in a message with the words around it, finding by finding.
  ///
  /// Documents with findings are read once more: that is rarely asked for, and texts are not kept for it.
  ///
  /// - Parameters:
  ///   - review: The review of the message by this inspector.
  ///   - message: The message.
  /// - Returns: As many as there are findings; `nil` where the words cannot be told any more.
  package func revealed(_ review: Review, of message: Message) -> [RevealedText?] {
    var documents: [Int: Gathered] = [:]
    return review.findings.map { finding in
      let text: String?
      switch finding.place.part {
      case .body: text = message.body
      case .html: text = message.html
      case .subject: text = message.subject
      case .channel: text = message.channel?.name
      case .attachment(let index):
        guard message.attachments.indices.contains(index) else { return nil }
        let attachment = message.attachments[index]
        if finding.place.role == .filename, finding.place.path.isEmpty {
          text = attachment.name
          break
        }
        let document: Gathered
        if let known = documents[index] {
          document = known
        } else {
          var gathered = Gathered()
          gather(attachment, at: Inspector.place(index), into: &gathered)
          documents[index] = gathered
          document = gathered
        }
        return revealed(finding, in: document, among: review.findings)
      }
      return text.map { RevealedText(of: finding, in: Array($0.utf8), among: review.findings) }
    }
  }

  /// The words around a finding in a document; `nil` where two texts are in its place.
  private func revealed(
    _ finding: Finding,
    in document: Gathered,
    among findings: [Finding]
  ) -> RevealedText? {
    let small = document.segments.filter { $0.place == finding.place }
    let large = document.large.filter { $0.place == finding.place }
    guard small.count + large.count == 1 else { return nil }
    if let segment = small.first {
      return RevealedText(of: finding, in: segment.text, among: findings)
    }
    guard let text = large.first else { return nil }
    // Of a text that is too large to copy, what may be shown and no more.
    let margin = RevealedText.reach * 32
    let start = max(0, finding.range.lowerBound - margin)
    let end = min(text.range.count, finding.range.upperBound + margin)
    guard start < end else { return nil }
    let bytes = unsafe text.file.withBytes { bytes in
      unsafe Array(bytes[text.range.lowerBound + start..<text.range.lowerBound + end])
    }
    func moved(_ finding: Finding) -> Finding {
      var finding = finding
      finding.range = (finding.range.lowerBound - start)..<(finding.range.upperBound - start)
      return finding
    }
    return RevealedText(of: moved(finding), in: bytes, among: findings.map(moved))
  }
}

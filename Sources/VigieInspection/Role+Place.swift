package import VigieCore

extension Role {
  /// Where a text of this role usually stands in a message, for texts that come alone.
  package var usualPlace: Place {
    switch self {
    case .body: .body
    case .html: .html
    case .subject: .subject
    case .channel: .channel
    default: Place(part: .attachment(0), role: self)
    }
  }
}

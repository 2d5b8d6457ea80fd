package import VigieMatrix

/// The name and the key under which events are signed.
///
/// *Source:* MSC4284.
package struct PolicyServer: Sendable {
  /// The server that rooms name as `via`.
  package var name: String
  package var signing: EventSigning

  /// A policy server from its parts.
  package init(name: String, signing: EventSigning) {
    self.name = name
    self.signing = signing
  }
}

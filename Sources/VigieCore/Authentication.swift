/// Computes keyed codes over bytes; implemented above the core, which knows no cryptography.
public protocol MessageAuthentication: Sendable {
  /// Returns the authentication code of the bytes, in lower-case hex.
  func code(for bytes: [UInt8]) -> String
}

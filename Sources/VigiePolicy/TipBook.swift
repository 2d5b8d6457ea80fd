public import VigieCore

/// The words for senders, by key and language.
public struct TipBook: Sendable, Hashable {
  /// Key to words.
  public var tips: [String: Tip]

  /// The words of some keys.
  public init(tips: [String: Tip] = [:]) { self.tips = tips }

  /// The words of a key in every language, or `nil` where there are none.
  public subscript(key: String?) -> Tip? { key.flatMap { tips[$0] } }
}

package import NIOCore

/// What a server may spend, and who may ask it.
package struct ServerOptions: Sendable {
  /// The most bytes of the body of one check.
  package var maxCheckByteCount = 1 << 24
  /// The most bytes of one line of a batch.
  package var maxLineByteCount = 1 << 24
  /// The most bytes of a file that is sent.
  package var maxFileByteCount = 1 << 30
  /// The most connections at once, on each socket.
  package var maxConnectionCount = 1024
  /// A connection over which nothing came for so long is closed.
  package var idleTimeout = TimeAmount.seconds(60)
  /// What a client over TCP must present; Unix sockets are guarded by their mode.
  package var token: String?
  /// The languages of the words for senders, the first first.
  package var languages = ["fr", "en"]
  /// The policy server of Matrix, or `nil` for none.
  package var policyServer: PolicyServer?
  /// Called before the metrics are written, for those that are looked up.
  package var beforeMetrics: @Sendable () -> Void = {}
  /// Why the server is not ready, of what it does not look at itself, in words that name no path.
  package var trouble: @Sendable () -> String? = { nil }

  /// What suits most servers.
  package init() {}
}

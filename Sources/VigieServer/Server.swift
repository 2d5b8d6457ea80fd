import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
import NIOPosix
package import ServiceLifecycle
import Synchronization
import VigieCore
import VigieHook

/// Where a server listens.
package enum Listener: Sendable, Hashable {
  /// HTTP; port 0 takes a free one.
  case tcp(host: String, port: Int)
  /// HTTP and frames.
  case unix(path: String, mode: UInt32)
}

/// The server: HTTP over TCP, HTTP and frames over a Unix socket, all answered by one ``CheckService``.
package struct Server: Sendable {
  /// The name and version it gives.
  package static let identity = "vigie-serve \(vigieVersion)"
  /// How long a client may go on sending what nobody reads.
  private static let unreadBodyPatience = TimeAmount.seconds(5)

  private let routes: Routes
  private let options: ServerOptions
  private let logger: Logger

  /// A server from its parts.
  package init(
    _ service: CheckService,
    options: ServerOptions,
    metrics: PrometheusMetrics,
    logger: Logger
  ) {
    routes = Routes(service: service, options: options, metrics: metrics)
    self.options = options
    self.logger = logger
  }

  /// What listens, as a service that stops gracefully: it takes no more connections and finishes what is
  /// under way.
  ///
  /// - Parameters:
  ///   - listener: Where.
  ///   - onReady: Told the address once it listens.
  /// - Returns: The service, to be run in a group.
  package func listen(
    _ listener: Listener,
    onReady: @escaping @Sendable (String) -> Void
  ) -> any Service {
    switch listener {
    case .tcp(let host, let port):
      let router = routes.router(token: options.token)
      return Application(
        router: router,
        server: .http1(configuration: httpOptions),
        configuration: configuration(.hostname(host, port: port)),
        onServerRunning: { channel in
          onReady("http://\(host):\(channel.localAddress?.port ?? port)")
        },
        logger: logger
      )
    case .unix(let path, let mode):
      let router = routes.router(token: nil)
      let service = routes.service
      return Application(
        router: router,
        server: HTTPServerBuilder { [httpOptions] responder in
          FramesOrHTTP(HTTP1Channel(responder: responder, configuration: httpOptions)) {
            FrameHandler(service, identity: Server.identity)
          }
        },
        configuration: configuration(.unixDomainSocket(path: path)),
        onServerRunning: { _ in
          SocketFile.allow(mode, path)
          onReady("unix:\(path)")
        },
        logger: logger
      )
    }
  }

  private var httpOptions: HTTP1Channel.Configuration {
    HTTP1Channel.Configuration(
      additionalChannelHandlers: [UnreadBodyLimit(Server.unreadBodyPatience)],
      idleTimeout: options.idleTimeout
    )
  }

  private func configuration(_ address: BindAddress) -> ApplicationConfiguration {
    ApplicationConfiguration(
      address: address,
      serverName: "vigie",
      availableConnectionsDelegate: MaximumAvailableConnections(options.maxConnectionCount)
    )
  }
}

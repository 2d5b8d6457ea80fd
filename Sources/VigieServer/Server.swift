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
package enum Listener: Sendable {
  /// HTTP; port 0 takes a free one.
  case tcp(host: String, port: Int)
  /// HTTP and frames.
  case unix(SocketFile, mode: UInt32)
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
  private let sockets: SocketHealth

  /// A server from its parts.
  package init(
    _ service: CheckService,
    options: ServerOptions,
    metrics: PrometheusMetrics,
    logger: Logger
  ) {
    sockets = SocketHealth(metrics: metrics)
    routes = Routes(service: service, options: options, metrics: metrics, sockets: sockets)
    self.options = options
    self.logger = logger
  }

  /// What listens, as services that stop gracefully, the last first: no more connections are taken, and what is
  /// under way is finished.
  ///
  /// - Parameters:
  ///   - listener: Where.
  ///   - onReady: Told the address once it listens.
  /// - Returns: The services, to be run in a group, in this order.
  package func listen(
    _ listener: Listener,
    onReady: @escaping @Sendable (String) -> Void
  ) -> [any Service] {
    switch listener {
    case .tcp(let host, let port):
      let router = routes.router(token: options.token)
      let application = Application(
        router: router,
        server: .http1(configuration: httpOptions),
        configuration: configuration(.hostname(host, port: port)),
        onServerRunning: { channel in
          onReady("http://\(host):\(channel.localAddress?.port ?? port)")
        },
        logger: logger
      )
      return [AddressedService(address: "--listen \(host):\(port)", service: application)]
    case .unix(let file, let mode):
      let (bound, binding) = AsyncStream<Void>.makeStream()
      let watch = SocketWatch(
        file: file,
        mode: mode,
        bound: bound,
        health: sockets,
        logger: logger,
        onReady: onReady
      )
      let application = unixApplication(file) { binding.yield() }
      return [AddressedService(address: "--socket \(file.path)", service: application), watch]
    }
  }

  private func unixApplication(
    _ file: SocketFile,
    onBound: @escaping @Sendable () -> Void
  ) -> any Service {
    let service = routes.service
    var application = Application(
      router: routes.router(token: nil),
      server: HTTPServerBuilder { [httpOptions] responder in
        FramesOrHTTP(HTTP1Channel(responder: responder, configuration: httpOptions)) {
          FrameHandler(service, identity: Server.identity)
        }
      },
      configuration: configuration(.unixDomainSocket(path: file.spare)),
      onServerRunning: { _ in onBound() },
      logger: logger
    )
    // What nobody answers is removed when it is bound: a server that started beside this one must not lose its socket.
    application.beforeServerStarts { if file.isAnswered { throw file.isTakenFailure } }
    return application
  }

  private var httpOptions: HTTP1Channel.Configuration {
    HTTP1Channel.Configuration(
      additionalChannelHandlers: [UnreadBodyLimit(Server.unreadBodyPatience), BodyInvitation()],
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

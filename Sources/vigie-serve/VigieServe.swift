import ArgumentParser
import CoreMetrics
import Glibc
import Hummingbird
import Logging
import ServiceLifecycle
import UnixSignals
import VigieAudit
import VigieCore
import VigieHook
import VigieOptions
import VigieServer

/// The server: answers over HTTP and a framed socket whether messages may be sent.
@main
struct VigieServe: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vigie-serve",
    abstract: "Judges messages for servers, before they are stored.",
    discussion: """
      EXAMPLES
        vigie-serve --socket /run/vigie/vigie.sock --audit /var/lib/vigie/audit
        VIGIE_TOKEN=… vigie-serve --listen 127.0.0.1:8410
        curl -s http://127.0.0.1:8410/v1/check -H "Authorization: Bearer $VIGIE_TOKEN" \\
          -d '{"id":"1","body":"DIFFUSION RESTREINTE"}'

      SIGNALS
        TERM, INT   finishes what is under way, then ends
        HUP         takes rules and policy into use anew
      """,
    version: Server.identity
  )

  @OptionGroup(title: "Where it listens")
  var sockets: SocketOptions

  @OptionGroup(title: "What it may spend")
  var limits: LimitOptions

  @OptionGroup(title: "What it keeps")
  var keeping: KeepingOptions

  @OptionGroup(title: "Matrix")
  var matrix: MatrixOptions

  @OptionGroup(title: "Rules")
  var rules: RuleOptions

  static func main() async {
    Crash.silence()
    // Neither a client that goes while it is written to nor a file that may not grow ends the server.
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    do {
      var command = try parseAsRoot()
      if var command = command as? VigieServe {
        try await command.run()
      } else {
        try command.run()
      }
    } catch let failure as CommandFailure {
      CommandFailure.complain(failure.description)
      Glibc.exit(CommandExit.usage.rawValue)
    } catch {
      let text = fullMessage(for: error)
      guard exitCode(for: error).isSuccess else {
        CommandFailure.complain(text)
        Glibc.exit(CommandExit.usage.rawValue)
      }
      print(text)
    }
  }

  mutating func run() async throws {
    let token = try sockets.token()
    let listeners = try sockets.listeners(hasToken: token != nil)
    SocketFile.hide()
    LoggingSystem.bootstrap(StreamLogHandler.standardError)
    var logger = Logger(label: "vigie-serve")
    logger.logLevel = .notice
    let metrics = PrometheusMetrics()
    let audit = try keeping.sink()
    let filter = try rules.filter(keyFile: keeping.keyFile)
    let hook = PreSendHook(
      filter,
      options: limits.hookOptions,
      audit: audit,
      media: try keeping.memory(),
      overrideKey: try keeping.tokenKey(),
      metrics: metrics
    )
    let root = try keeping.root()
    let service = CheckService(hook, root: root) { [rules, keeping] in
      try rules.filter(keyFile: keeping.keyFile)
    } reloaded: { [logger] fault in
      if let fault {
        logger.error("the rules were refused; those before are in use\n\(fault)")
      } else {
        logger.notice("the rules are in use anew: \(hook.filter.inWords)")
      }
    }
    logger.notice(
      "judging by \(filter.inWords); audit: \(keeping.audit ?? "none"); uploads: \(keeping.media ?? "not kept")"
    )
    var options = limits.serverOptions
    options.token = token
    options.languages = matrix.languages
    options.policyServer = try matrix.policyServer()
    let log = audit as? AuditLog
    let lost = log.map { _ in Gauge(label: "vigie_audit_lost", factory: metrics) }
    options.beforeMetrics = {
      hook.noteWaiting()
      if let log { lost?.record(log.lostCount) }
    }
    options.trouble = {
      log?.isDisplaced == true ? "the audit cannot be written where it was" : nil
    }
    let server = Server(service, options: options, metrics: metrics, logger: logger)
    var services = listeners.flatMap { listener in
      server.listen(listener) { address in
        print("vigie-serve: ready at \(address)", terminator: "\n"); fflush(nil)
      }
    }
    services.append(Reloader(service: service))
    if let log { services.append(AuditWatch(log, metrics, logger)) }
    let group = ServiceGroup(
      configuration: ServiceGroupConfiguration(
        // One that fails ends the others as SIGTERM does: what is under way is answered.
        services: services.map {
          .init(service: $0, failureTerminationBehavior: .gracefullyShutdownGroup)
        },
        gracefulShutdownSignals: [.sigterm, .sigint],
        logger: logger
      )
    )
    do { try await group.run() } catch {
      let (reason, mend) = Server.words(for: error)
      throw CommandFailure("the server ended: \(reason)", mend: mend)
    }
    logger.notice("stopped; what was under way is answered")
  }
}

/// Says in the log when the audit cannot be written, and when it can again: a server that goes on judging must not
/// be the only one to know.
struct AuditWatch: Service {
  private static let interval = Duration.seconds(1)

  private let log: AuditLog
  private let displaced: Counter
  private let logger: Logger

  init(_ log: AuditLog, _ metrics: any MetricsFactory, _ logger: Logger) {
    self.log = log
    displaced = Counter(label: "vigie_audit_displaced", factory: metrics)
    self.logger = logger
  }

  func run() async throws {
    await cancelWhenGracefulShutdown {
      var isTroubled = false
      var told: AuditFailure?
      var displacedCount = 0
      // It ends when its sleep is cancelled.
      while (try? await Task.sleep(for: AuditWatch.interval)) != nil {
        let count = log.displacedCount
        if count > displacedCount {
          displaced.increment(by: count - displacedCount)
          displacedCount = count
          let head = log.head.number
          logger.warning(
            "somebody took away files of the audit from \(log.directory): put them there again, up to entry \(head), and the chain is whole; it goes on there with the next one where it can"
          )
        }
        let trouble = log.trouble
        if let trouble, !isTroubled {
          logger.error(
            "the audit cannot be written: \(trouble); messages are judged, and their entries are lost and counted"
          )
        } else if trouble == nil, isTroubled {
          logger.notice("the audit is written again; an entry says how many were lost")
        }
        isTroubled = trouble != nil
        let failure = log.purgeFailure
        if let failure, failure != told {
          logger.error(
            "old entries of the audit are still there: \(failure.path): \(failure.reason)"
          )
        }
        told = failure
      }
    }
  }
}

/// Takes rules and policy into use anew at each SIGHUP.
struct Reloader: Service {
  let service: CheckService

  func run() async throws {
    for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() {
      // How that went is in the log, whoever asked.
      _ = await service.takeRulesAnew()
    }
  }
}

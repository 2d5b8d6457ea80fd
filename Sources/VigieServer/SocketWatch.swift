package import CoreMetrics
import Logging
import ServiceLifecycle
import Synchronization
import VigieCrypto

/// Gives a socket its path once it is bound, and puts it there again where somebody takes it away.
///
/// What another process puts there is left alone, and said: no client reaches us meanwhile. Where the socket has
/// no name left it ends with an error, so that whoever watches over the server starts it anew.
struct SocketWatch: Service {
  /// How long new clients may find nothing.
  private static let interval = Duration.seconds(1)

  let file: SocketFile
  /// Who may connect.
  let mode: UInt32
  /// Has one element, when the socket is bound.
  let bound: AsyncStream<Void>
  let health: SocketHealth
  let logger: Logger
  let onReady: @Sendable (String) -> Void

  func run() async throws {
    for await _ in bound.cancelOnGracefulShutdown() {
      let identity = try file.publish(mode: mode)
      defer { file.withdraw(identity) }
      onReady("unix:\(file.path)")
      try await cancelWhenGracefulShutdown { try await watch(identity) }
    }
  }

  private func watch(_ identity: FileStatus.Identity) async throws {
    // It ends when its sleep is cancelled.
    while (try? await Task.sleep(for: SocketWatch.interval)) != nil { try look(identity) }
  }

  /// Looks once.
  ///
  /// - Parameter identity: Which file the socket is.
  /// - Throws: ``SocketFile/Failure`` where it has no name left.
  func look(_ identity: FileStatus.Identity) throws(SocketFile.Failure) {
    switch file.occupant(identity) {
    case .ours:
      file.keepSpare(identity)
      if health.noteOurs(file.path) { logger.notice("the socket is at \(file.path) again") }
    case .nobody:
      do { try file.restore() } catch {
        // Somebody was quicker: the next look says so.
        guard file.occupant(identity) == .nobody else { return }
        throw error
      }
      health.noteRestored()
      health.noteOurs(file.path)
      logger.warning(
        "somebody took away the socket \(file.path); it is there again, and its connections went on"
      )
    case .another:
      guard health.noteTaken(file.path) else { return }
      logger.error(
        "another process has put its file at \(file.path), and no new client reaches this server there; it is left alone: stop that process and take the file away, and the socket comes back by itself"
      )
    }
  }
}

/// Whether clients reach the sockets, for those who ask and those who count.
package final class SocketHealth: Sendable {
  private let taken = Mutex<Set<String>>([])
  private let restoredCount: Counter
  private let takenCount: Counter

  /// All is well.
  package init(metrics: any MetricsFactory) {
    func counter(_ outcome: String) -> Counter {
      Counter(
        label: "vigie_socket_losses",
        dimensions: [("outcome", outcome)],
        factory: metrics
      )
    }
    restoredCount = counter("restored")
    takenCount = counter("taken")
  }

  /// Whether the file of another process lies in the place of a socket.
  package var isTroubled: Bool { taken.withLock { !$0.isEmpty } }

  func noteRestored() { restoredCount.increment() }

  /// Notes that a path is another's; whether that is new.
  func noteTaken(_ path: String) -> Bool {
    let isNew = taken.withLock { $0.insert(path).inserted }
    if isNew { takenCount.increment() }
    return isNew
  }

  /// Notes that a path is ours; whether that is new.
  @discardableResult
  func noteOurs(_ path: String) -> Bool { taken.withLock { $0.remove(path) != nil } }
}

import CoreMetrics
import Glibc
import Logging
import NIOCore
import NIOPosix
import TestSupport
import Testing
import VigieCrypto

@testable import VigieServer

@Suite("The file of a socket")
struct SocketFileTests {
  /// A socket that listens under the name beside a path.
  private func withSocket(
    _ body: (SocketFile, any Channel) async throws -> Void
  ) async throws {
    let folder = try TemporaryDirectory()
    let file = try #require(SocketFile(folder.path + "/s"))
    let channel = try await listen(file.spare)
    try await body(file, channel)
    try await channel.close()
  }

  private func listen(_ path: String) async throws -> any Channel {
    try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .bind(unixDomainSocketPath: path).get()
  }

  private func isSocket(_ path: String) -> Bool { FileStatus(path)?.isSocket == true }

  private func write(_ path: String) throws {
    let descriptor = unsafe open(path, O_CREAT | O_WRONLY, 0o600)
    try #require(descriptor >= 0)
    close(descriptor)
  }

  @Test(
    "paths that no socket can have",
    arguments: ["", "/", "/run/", ".", "a/..", "a\0b", String(repeating: "x", count: 107)]
  )
  func paths(_ path: String) { #expect(SocketFile(path) == nil) }

  @Test("the name beside a path")
  func spare() throws {
    #expect(try #require(SocketFile("/run/vigie/v.sock")).spare == "/run/vigie/.v.sock")
    #expect(try #require(SocketFile("v")).spare == ".v")
    #expect(SocketFile(String(repeating: "x", count: 106)) != nil)
  }

  @Test("a path gets the socket with its mode, and loses it at the end")
  func published() async throws {
    try await withSocket { file, _ in
      #expect(file.isAnswered)
      let identity = try file.publish(mode: 0o640)
      #expect(FileStatus(file.path)?.permissions == 0o640)
      #expect(file.occupant(identity) == .ours)
      file.withdraw(identity)
      #expect(file.occupant(identity) == .nobody)
    }
  }

  @Test("a socket that nobody answers gives way; another's, and a file, do not")
  func occupied() async throws {
    try await withSocket { file, _ in
      let other = try await listen(file.path)
      #expect(throws: file.isTakenFailure) { try file.publish(mode: 0o600) }
      #expect(isSocket(file.path))
      try await other.close()
      try write(file.path)
      let failure = #expect(throws: SocketFile.Failure.self) { try file.publish(mode: 0o600) }
      #expect(failure?.reason == "the path of the socket is a file that is no socket")
      #expect(unsafe unlink(file.path) == 0)
      let dead = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
      var address = sockaddr_un()
      address.sun_family = sa_family_t(AF_UNIX)
      unsafe withUnsafeMutableBytes(of: &address.sun_path) {
        unsafe $0.copyBytes(from: Array(file.path.utf8))
      }
      let bound = unsafe withUnsafePointer(to: &address) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          unsafe bind(dead, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
      }
      close(dead)
      #expect(bound == 0)
      let identity = try file.publish(mode: 0o600)
      #expect(file.occupant(identity) == .ours)
    }
  }

  /// A watch over a file, with what it counts.
  private func watch(_ file: SocketFile) -> (SocketWatch, PrometheusMetrics) {
    let metrics = PrometheusMetrics()
    let watch = SocketWatch(
      file: file,
      mode: 0o600,
      bound: AsyncStream { $0.finish() },
      health: SocketHealth(metrics: metrics),
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
      onReady: { _ in }
    )
    return (watch, metrics)
  }

  private func counts(_ metrics: PrometheusMetrics, _ outcome: String, _ count: Int) -> Bool {
    metrics.page.split(separator: "\n")
      .contains("vigie_socket_losses_total{outcome=\"\(outcome)\"} \(count)")
  }

  @Test("a path that was taken away is put there again, and so is the name beside it")
  func restored() async throws {
    try await withSocket { file, _ in
      let identity = try file.publish(mode: 0o600)
      let (watch, metrics) = watch(file)
      for count in 1...3 {
        #expect(unsafe unlink(file.path) == 0)
        try watch.look(identity)
        #expect(file.occupant(identity) == .ours)
        #expect(counts(metrics, "restored", count))
        #expect(unsafe unlink(file.spare) == 0)
        try watch.look(identity)
        #expect(isSocket(file.spare))
      }
      #expect(counts(metrics, "taken", 0))
      #expect(!watch.health.isTroubled)
    }
  }

  @Test("what another puts there is left alone, until it is gone")
  func taken() async throws {
    try await withSocket { file, _ in
      let identity = try file.publish(mode: 0o600)
      let (watch, metrics) = watch(file)
      #expect(unsafe unlink(file.path) == 0)
      let other = try await listen(file.path)
      for _ in 0..<2 {
        try watch.look(identity)
        #expect(file.occupant(identity) == .another)
        #expect(watch.health.isTroubled)
        #expect(counts(metrics, "taken", 1))
      }
      file.withdraw(identity)
      #expect(isSocket(file.path))
      try await other.close()
      try watch.look(identity)
      #expect(file.occupant(identity) == .ours)
      #expect(!watch.health.isTroubled)
    }
  }

  @Test("a socket without a name ends the watch, in words that say the mend")
  func lost() async throws {
    try await withSocket { file, _ in
      let identity = try file.publish(mode: 0o600)
      let (watch, _) = watch(file)
      #expect(unsafe unlink(file.path) == 0)
      #expect(unsafe unlink(file.spare) == 0)
      let failure = #expect(throws: SocketFile.Failure.self) { try watch.look(identity) }
      #expect(
        failure?.reason == "the socket cannot be put at \(file.path): no such file or directory"
      )
      #expect(failure?.mend.hasSuffix("start the server again") == true)
      let (reason, _) = Server.words(for: try #require(failure))
      #expect(reason == failure?.reason)
    }
  }
}

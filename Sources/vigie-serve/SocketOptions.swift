import ArgumentParser
import VigieCrypto
import VigieOptions
import VigieReports
import VigieServer

/// Where the server listens.
struct SocketOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "HTTP over TCP; needs a token. Port 0 takes a free one.",
      valueName: "host:port"
    )
  )
  var listen: [String] = []

  @Option(
    help: ArgumentHelp("HTTP and frames over a Unix socket; no token.", valueName: "path")
  )
  var socket: [String] = []

  @Option(
    help: ArgumentHelp("Who may connect to the socket, octal.", valueName: "mode"),
    transform: { text in
      guard let mode = UInt32(text, radix: 8), mode <= 0o777 else {
        throw ValidationError("'\(text)' is no file mode; write it in octal, such as 0660.")
      }
      return mode
    }
  )
  var socketMode: UInt32 = 0o600

  @Option(
    help: ArgumentHelp(
      "The file with the token that clients over TCP present (or VIGIE_TOKEN).",
      valueName: "file"
    )
  )
  var tokenFile: String?

  /// The token, or `nil` where none is given.
  func token() throws -> String? {
    if let path = tokenFile {
      do {
        let token = try SecretFile.text(path)
        guard token.utf8.count >= SocketOptions.leastTokenByteCount else { throw short(path) }
        return token
      } catch let failure as FileFailure {
        throw CommandFailure("\(failure.path): \(failure.reason)", mend: failure.mend)
      }
    }
    guard let token = Terminal.environment("VIGIE_TOKEN"), !token.isEmpty else { return nil }
    guard token.utf8.count >= SocketOptions.leastTokenByteCount else { throw short("VIGIE_TOKEN") }
    return token
  }

  /// Shorter tokens can be guessed over a fast link.
  private static let leastTokenByteCount = 16

  private func short(_ name: String) -> CommandFailure {
    CommandFailure(
      "\(name): the token is shorter than \(SocketOptions.leastTokenByteCount) bytes",
      mend: "make one with: openssl rand -hex 32"
    )
  }

  /// Every address, or a failure that says what is wrong with one.
  func listeners(hasToken: Bool) throws -> [Listener] {
    guard !listen.isEmpty || !socket.isEmpty else {
      throw CommandFailure(
        "the server has no address",
        mend: "name one with --socket PATH or --listen HOST:PORT"
      )
    }
    let tcp = try listen.map { address -> Listener in
      guard hasToken else {
        throw CommandFailure(
          "--listen needs a token: whoever can reach the port could ask",
          mend: "set VIGIE_TOKEN or name a file with --token-file"
        )
      }
      guard let colon = address.lastIndex(of: ":"), colon > address.startIndex,
        let port = Int(address[address.index(after: colon)...]), (0...65_535).contains(port)
      else {
        throw CommandFailure("'\(address)' is no HOST:PORT", mend: "such as 127.0.0.1:8410")
      }
      var host = String(address[..<colon])
      if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
      return .tcp(host: host, port: port)
    }
    let unix = try socket.map { path -> Listener in
      guard let file = SocketFile(path) else {
        throw CommandFailure(
          "'\(path)' cannot be the path of a socket: that has 1 to \(SocketFile.maxPathByteCount) bytes and ends in a name",
          mend: "such as /run/vigie/vigie.sock"
        )
      }
      guard !file.isAnswered else {
        throw CommandFailure(file.isTakenFailure.reason, mend: file.isTakenFailure.mend)
      }
      return .unix(file, mode: socketMode)
    }
    return tcp + unix
  }
}

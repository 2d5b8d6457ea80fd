import Glibc

extension LogEvidence {
  /// Why a log cannot be read.
  package struct Failure: Error, Sendable, Equatable {
    /// The reason in words.
    package let reason: String
  }

  /// The longest line that is read, bytes.
  private static let maxLineByteCount = 1 << 20

  /// Reads a log: what Synapse writes, or a table.
  ///
  /// - Parameters:
  ///   - path: The file; lines of other kinds are passed over.
  ///   - zone: The zone of times without one, milliseconds east of UTC.
  /// - Throws: ``Failure`` where the file cannot be read to its end.
  package mutating func read(_ path: String, zone: Int) throws(Failure) {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw LogEvidence.failure() }
    defer { close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    var line: [UInt8] = []
    var isTooLong = false
    var table: AccessTable?
    var isFirst = true
    func end(_ evidence: inout LogEvidence) {
      defer {
        line.removeAll(keepingCapacity: true)
        isTooLong = false
      }
      evidence.lineCount += 1
      if isTooLong { return evidence.unreadCount += 1 }
      let text = String(decoding: line, as: UTF8.self)
      if isFirst {
        isFirst = false
        table = AccessTable(
          head: text.first == "\u{FEFF}" ? String(text.dropFirst()) : text,
          zone: zone
        )
        if table != nil { return }
      }
      evidence.take(text, table, zone)
    }
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes {
        unsafe Glibc.read(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw LogEvidence.failure() }
      if count == 0 { break }
      for byte in buffer[..<count] {
        if byte == 0x0A {
          end(&self)
        } else if line.count < LogEvidence.maxLineByteCount {
          line.append(byte)
        } else {
          isTooLong = true
        }
      }
    }
    if !line.isEmpty { end(&self) }
  }

  private mutating func take(_ line: String, _ table: AccessTable?, _ zone: Int) {
    if let table {
      guard !line.trimmed.isEmpty else { return }
      if let request = table.request(line) { add(request) } else { unreadCount += 1 }
    } else if SynapseRequest.isMeant(line) {
      if let request = SynapseRequest.request(line, zone: zone) {
        add(request)
      } else {
        unreadCount += 1
      }
    }
  }

  private static func failure() -> Failure {
    Failure(reason: unsafe String(cString: strerror(errno)).lowercased())
  }
}

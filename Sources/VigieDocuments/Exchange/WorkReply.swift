/// What the process that reads documents says.
package enum WorkReply: Sendable, Equatable {
  /// How it is shut in, and what it can read with: the first message.
  package struct Readiness: Sendable, Equatable {
    /// ``Exchange/fingerprint`` of its build.
    package var fingerprint: UInt64
    /// Why it does no work; `nil` where it does.
    package var refusal: String?
    /// The version of Landlock that holds; 0 for none.
    package var landlock: Int
    /// Whether a wrong system call ends it.
    package var seccomp: Bool
    /// Whether it runs as nobody.
    package var isNobody: Bool
    /// The parts that formats need.
    package var components: [DocumentComponent]

    /// A value from its parts.
    package init(
      fingerprint: UInt64 = Exchange.fingerprint,
      refusal: String? = nil,
      landlock: Int = 0,
      seccomp: Bool = false,
      isNobody: Bool = false,
      components: [DocumentComponent] = []
    ) {
      self.fingerprint = fingerprint
      self.refusal = refusal
      self.landlock = landlock
      self.seccomp = seccomp
      self.isNobody = isNobody
      self.components = components
    }
  }

  /// It waits for work. With the message come the sockets of processes like it that have fewer libraries, in the order
  /// of ``SeldomUsed/Libraries``, where there are such.
  case ready(Readiness)
  /// A process of its own has the document now; a descriptor of it comes with the message.
  case started
  /// It is gone: its exit code, or the negative number of the signal that ended it.
  case done(status: Int32)
  /// No process could be started for the document, for the reason in words.
  case failed(String)

  /// The message.
  package var bytes: [UInt8] {
    var writer = ExchangeWriter()
    switch self {
    case .ready(let readiness):
      writer.add(UInt8(1))
      // First, and always here: whoever has another layout reads no further.
      writer.add(readiness.fingerprint)
      writer.add(readiness.refusal ?? "")
      writer.add(Int32(clamping: readiness.landlock))
      writer.add(readiness.seccomp ? 1 : 0 as UInt8)
      writer.add(readiness.isNobody ? 1 : 0 as UInt8)
      writer.add(UInt32(clamping: readiness.components.count))
      for component in readiness.components {
        writer.add(component.name)
        writer.add(component.version ?? "")
        writer.add(component.purpose)
      }
    case .started: writer.add(UInt8(2))
    case .done(let status):
      writer.add(UInt8(3))
      writer.add(status)
    case .failed(let reason):
      writer.add(UInt8(4))
      writer.add(reason)
    }
    return writer.bytes
  }

  /// The reply of a message, or `nil` where it is none.
  package init?(_ bytes: [UInt8]) {
    guard let reply = try? WorkReply(reading: unsafe bytes.span.bytes) else { return nil }
    self = reply
  }

  private init(reading bytes: RawSpan) throws(ExchangeReader.Malformed) {
    var reader = ExchangeReader(to: bytes.byteCount)
    switch try reader.number(UInt8.self, in: bytes) {
    case 1: self = .ready(try Readiness(from: &reader, in: bytes))
    case 2: self = .started
    case 3: self = .done(status: try reader.number(Int32.self, in: bytes))
    case 4: self = .failed(try reader.string(in: bytes))
    default: throw ExchangeReader.Malformed()
    }
  }
}

extension WorkReply.Readiness {
  fileprivate init(
    from reader: inout ExchangeReader,
    in bytes: RawSpan
  ) throws(ExchangeReader.Malformed) {
    self.init(fingerprint: try reader.number(UInt64.self, in: bytes))
    guard fingerprint == Exchange.fingerprint else { return }
    let refusal = try reader.string(in: bytes)
    self.refusal = refusal.isEmpty ? nil : refusal
    landlock = Int(try reader.number(Int32.self, in: bytes))
    seccomp = try reader.number(UInt8.self, in: bytes) == 1
    isNobody = try reader.number(UInt8.self, in: bytes) == 1
    for _ in 0..<(try reader.number(UInt32.self, in: bytes)) {
      let name = try reader.string(in: bytes)
      let version = try reader.string(in: bytes)
      components.append(
        DocumentComponent(
          name,
          version: version.isEmpty ? nil : version,
          purpose: try reader.string(in: bytes)
        )
      )
    }
  }
}

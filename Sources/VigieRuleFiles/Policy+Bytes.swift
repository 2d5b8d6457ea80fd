import VigieCore
import VigiePolicy

extension Policy {
  /// Writes the whole policy.
  func write(to writer: inout ByteWriter) {
    writer.text(name)
    writer.list(cases) { $1.write(to: &$0) }
    writer.list(ceilings) { writer, ceiling in
      ceiling.channel.write(to: &writer)
      writer.byte(ceiling.level.rawValue)
    }
    writer.byte(overrideCeiling.rawValue)
  }

  /// Reads what ``write(to:)`` wrote.
  init(from reader: inout ByteReader) throws(MalformedBytes) {
    self.init(
      name: try reader.text(),
      cases: try reader.list(PolicyCase.init(from:)),
      ceilings: try reader.list { reader throws(MalformedBytes) in
        ChannelCeiling(try ChannelCondition(from: &reader), level: try reader.level())
      },
      overrideCeiling: try reader.level()
    )
  }
}

extension ByteWriter {
  fileprivate mutating func names<Value: RawRepresentable<String>>(_ values: [Value]) {
    list(values) { $0.text($1.rawValue) }
  }

  fileprivate mutating func globs(_ globs: [Glob]) { list(globs) { $0.text($1.pattern) } }
}

extension ByteReader {
  fileprivate mutating func names<Value: RawRepresentable<String>>(
    _: Value.Type = Value.self
  ) throws(MalformedBytes) -> [Value] {
    try list { reader throws(MalformedBytes) in try reader.named(Value.init(rawValue:)) }
  }

  fileprivate mutating func globs() throws(MalformedBytes) -> [Glob] {
    try list { reader throws(MalformedBytes) in Glob(try reader.text()) }
  }
}

extension PolicyCase {
  fileprivate func write(to writer: inout ByteWriter) {
    writer.text(name)
    switch condition.subject {
    case .findings(let finding):
      writer.flag(false)
      finding.write(to: &writer)
    case .gaps(let reasons):
      writer.flag(true)
      writer.names(reasons)
    }
    writer.list(condition.channels) { $1.write(to: &$0) }
    writer.globs(condition.senders)
    writer.byte(verdict.rawValue)
    writer.optional(tip) { $0.text($1) }
    writer.flag(mayOverride)
    writer.flag(observe)
  }

  fileprivate init(from reader: inout ByteReader) throws(MalformedBytes) {
    let name = try reader.text()
    let subject: Subject =
      try reader.flag()
      ? .gaps(try reader.names()) : .findings(try FindingCondition(from: &reader))
    let condition = Condition(
      subject,
      channels: try reader.list(ChannelCondition.init(from:)),
      senders: try reader.globs()
    )
    guard let verdict = Verdict(rawValue: try reader.byte()) else { throw MalformedBytes() }
    self.init(
      name: name,
      when: condition,
      verdict: verdict,
      tip: try reader.optional { reader throws(MalformedBytes) in try reader.text() },
      mayOverride: try reader.flag(),
      observe: try reader.flag()
    )
  }
}

extension ChannelCondition {
  fileprivate func write(to writer: inout ByteWriter) {
    writer.names(visibility)
    writer.names(encrypted)
    writer.names(federated)
    writer.globs(names)
    writer.globs(ids)
  }

  fileprivate init(from reader: inout ByteReader) throws(MalformedBytes) {
    self.init(
      visibility: try reader.names(),
      encrypted: try reader.names(),
      federated: try reader.names(),
      names: try reader.globs(),
      ids: try reader.globs()
    )
  }
}

extension FindingCondition {
  fileprivate func write(to writer: inout ByteWriter) {
    writer.optional(usage) { $0.text($1.rawValue) }
    writer.byte(level.rawValue)
    writer.names(ceiling)
    writer.list(schemes) { $0.text($1) }
    writer.names(kinds)
    writer.globs(rules)
    writer.list(caveats) { $0.text($1) }
    writer.double(confidence)
  }

  fileprivate init(from reader: inout ByteReader) throws(MalformedBytes) {
    self.init(
      usage: try reader.optional { reader throws(MalformedBytes) in
        try reader.named(Usage.init(rawValue:))
      },
      level: try reader.level(),
      ceiling: try reader.names(),
      schemes: try reader.list { reader throws(MalformedBytes) in try reader.text() },
      kinds: try reader.names(),
      rules: try reader.globs(),
      caveats: try reader.list { reader throws(MalformedBytes) in try reader.text() },
      confidence: try reader.double()
    )
  }
}

import VigieCore
import VigiePolicy
import VigieRulebook

// Writing and reading stand side by side, field by field: change one with the other, and raise
// `RuleCache.version` with both.

extension LoadedRules {
  /// The rules without their examples and the places of fragments, which only tests and lint need, and without the
  /// words that a ``RuleIndex`` holds.
  package var withoutWords: LoadedRules {
    var rules = self
    for index in rules.rules.rules.indices {
      rules.rules.rules[index].examples = []
      for pattern in rules.rules.rules[index].patterns.indices {
        rules.rules.rules[index].patterns[pattern].splices = []
      }
    }
    for index in rules.rules.evidence.indices where rules.rules.evidence[index].reach != .grammar {
      for cue in rules.rules.evidence[index].cues.indices {
        rules.rules.evidence[index].cues[cue].phrases = []
      }
    }
    rules.rules.wording.entries = []
    return rules
  }

  /// Writes everything but the examples.
  func write(to writer: inout ByteWriter) {
    writer.text(rules.id)
    writer.list(rules.rules) { $1.write(to: &$0) }
    writer.list(rules.evidence) { $1.write(to: &$0) }
    writer.double(rules.wording.limit)
    writer.list(rules.wording.entries) { writer, entry in
      writer.text(entry.words)
      writer.double(entry.weight)
    }
    policy.write(to: &writer)
    writer.list(tips.tips.sorted { $0.key < $1.key }) { writer, entry in
      writer.text(entry.key)
      writer.list(entry.value.texts) { writer, text in
        writer.text(text.language)
        writer.text(text.text)
      }
    }
    writer.list(disabled) { $0.text($1) }
  }

  init(from reader: inout ByteReader) throws(MalformedBytes) {
    let id = try reader.text()
    let rules = try reader.list(Rule.init(from:))
    let evidence = try reader.list(EvidenceKind.init(from:))
    let limit = try reader.double()
    let entries = try reader.list { reader throws(MalformedBytes) in
      Wording.Entry(words: try reader.text(), weight: try reader.double())
    }
    let policy = try Policy(from: &reader)
    let tips = try reader.list { reader throws(MalformedBytes) in
      let key = try reader.text()
      let texts = try reader.list { reader throws(MalformedBytes) in
        (language: try reader.text(), text: try reader.text())
      }
      return (key, Tip(texts: texts))
    }
    let disabled = try reader.list { reader throws(MalformedBytes) in try reader.text() }
    self.init(
      rules: RuleSet(
        rules: rules,
        evidence: evidence,
        wording: Wording(limit: limit, entries: entries),
        id: id
      ),
      policy: policy,
      tips: TipBook(tips: Dictionary(tips) { first, _ in first }),
      disabled: disabled
    )
  }
}

extension ByteWriter {
  fileprivate mutating func texts(_ values: [String]) { list(values) { $0.text($1) } }

  fileprivate mutating func position(_ position: SourcePosition) {
    text(position.file)
    number(position.line)
    number(position.column)
  }

  fileprivate mutating func located(_ value: Located<String>) {
    text(value.value)
    position(value.position)
  }
}

extension ByteReader {
  fileprivate mutating func texts() throws(MalformedBytes) -> [String] {
    try list { reader throws(MalformedBytes) in try reader.text() }
  }

  fileprivate mutating func position() throws(MalformedBytes) -> SourcePosition {
    SourcePosition(file: try text(), line: try number(), column: try number())
  }

  fileprivate mutating func located() throws(MalformedBytes) -> Located<String> {
    Located(try text(), at: try position())
  }
}

extension Rule {
  fileprivate func write(to writer: inout ByteWriter) {
    writer.text(id)
    writer.position(position)
    writer.text(family)
    writer.text(title)
    writer.text(kind.rawValue)
    writer.text(scheme)
    writer.byte(level.rawValue)
    writer.texts(cites)
    writer.double(prior)
    writer.double(usagePrior)
    writer.text(casing.rawValue)
    writer.list(phrases) { $0.located($1) }
    writer.list(marks) { $0.located($1) }
    writer.list(patterns) { writer, pattern in
      writer.located(pattern.regex)
      writer.texts(pattern.anchors)
      writer.number(pattern.reach)
      writer.number(pattern.digits)
      writer.number(pattern.mostDigits)
    }
    writer.list(caveats) { writer, caveat in
      writer.text(caveat.name)
      writer.texts(caveat.phrases)
    }
    writer.list(weights.sorted { $0.key < $1.key }) { writer, weight in
      writer.text(weight.key)
      writer.double(weight.value)
    }
    writer.texts(ordinary.before)
    writer.texts(ordinary.after)
    writer.texts(near)
    writer.optional(validator) { $0.located($1) }
    writer.texts(samples)
  }

  fileprivate init(from reader: inout ByteReader) throws(MalformedBytes) {
    self.init(
      id: try reader.text(),
      position: try reader.position(),
      family: try reader.text(),
      title: try reader.text(),
      kind: try reader.named(RuleKind.init(rawValue:)),
      scheme: try reader.text(),
      level: try reader.level(),
      cites: try reader.texts(),
      prior: try reader.double(),
      usagePrior: try reader.double(),
      casing: try reader.named(Casing.init(rawValue:)),
      phrases: try reader.list { reader throws(MalformedBytes) in try reader.located() },
      marks: try reader.list { reader throws(MalformedBytes) in try reader.located() },
      patterns: try reader.list { reader throws(MalformedBytes) in
        Pattern(
          regex: try reader.located(),
          anchors: try reader.texts(),
          reach: try reader.number(),
          digits: try reader.number(),
          mostDigits: try reader.number()
        )
      },
      caveats: try reader.list { reader throws(MalformedBytes) in
        Caveat(name: try reader.text(), phrases: try reader.texts())
      },
      weights: Dictionary(
        try reader.list { reader throws(MalformedBytes) in
          (try reader.text(), try reader.double())
        }
      ) { first, _ in first },
      ordinary: OrdinaryUse(before: try reader.texts(), after: try reader.texts()),
      near: try reader.texts(),
      validator: try reader.optional { reader throws(MalformedBytes) in try reader.located() },
      samples: try reader.texts()
    )
  }
}

extension EvidenceKind {
  fileprivate func write(to writer: inout ByteWriter) {
    writer.text(name)
    writer.text(title)
    writer.double(marking)
    writer.double(usage)
    writer.text(reach.rawValue)
    writer.double(beside)
    writer.list(about) { $0.text($1.rawValue) }
    writer.list(cues) { writer, cue in
      writer.text(cue.language)
      writer.texts(cue.phrases)
    }
  }

  fileprivate init(from reader: inout ByteReader) throws(MalformedBytes) {
    self.init(
      name: try reader.text(),
      title: try reader.text(),
      marking: try reader.double(),
      usage: try reader.double(),
      reach: try reader.named(CueReach.init(rawValue:)),
      beside: try reader.double(),
      about: try reader.list { reader throws(MalformedBytes) in
        try reader.named(RuleKind.init(rawValue:))
      },
      cues: try reader.list { reader throws(MalformedBytes) in
        (language: try reader.text(), phrases: try reader.texts())
      }
    )
  }
}

extension ByteReader {
  /// A level by its number.
  mutating func level() throws(MalformedBytes) -> Level {
    guard let level = Level(rawValue: try byte()) else { throw MalformedBytes() }
    return level
  }
}

import VigieRulebook

// Writing and reading stand side by side, as in `LoadedRules+Bytes`.

extension RuleIndex {
  /// Writes everything.
  func write(to writer: inout ByteWriter) {
    phrases.write(to: &writer)
    anchors.write(to: &writer)
    writer.fixed(cues.starLengths)
    writer.number(cues.maxWordCount)
    writer.list(cues.starPairs.indices.filter { cues.starPairs[$0] != 0 }) { writer, pair in
      writer.number(pair)
      writer.number(Int(cues.starPairs[pair]))
      writer.number(Int(cues.starThirds[pair]))
    }
    cues.write(to: &writer)
    writer.double(wording.limit)
    writer.list(wording.entries) { writer, entry in
      writer.byte(entry.kind.rawValue)
      writer.fixed(entry.word)
      if entry.kind == .pair { writer.fixed(entry.next) }
      writer.double(entry.weight)
    }
    writer.list(leads) { $0.number($1) }
    writer.list(exactAnchors) { $0.flag($1) }
    writer.list(surroundings.sets) { writer, characters in
      writer.fixed(characters.low)
      writer.fixed(characters.high)
    }
    writer.array(surroundings.numbers)
    writer.array(surroundings.kinds)
    writer.list(companions.sets) { writer, sets in
      writer.list(sets) { writer, literals in
        writer.list(literals) { $0.number(Int($1)) }
      }
    }
  }

  init(from reader: inout ByteReader) throws(MalformedBytes) {
    let phrases = try WindowSet(from: &reader)
    let anchors = try WindowSet(from: &reader)
    let starLengths = try reader.fixed()
    let maxWordCount = try reader.number()
    var starPairs = [UInt32](repeating: 0, count: CueIndex.pairCount)
    var starThirds = starPairs
    let pairs = try reader.list { reader throws(MalformedBytes) in
      (
        pair: try reader.number(), lengths: try reader.number(below: UInt32.self),
        thirds: try reader.number(below: UInt32.self)
      )
    }
    for (pair, lengths, thirds) in pairs {
      guard starPairs.indices.contains(pair) else { throw MalformedBytes() }
      starPairs[pair] = lengths
      starThirds[pair] = thirds
    }
    let nodes = try CueIndex.nodes(from: &reader)
    let endings = try CueIndex.endings(from: &reader)
    guard endings.count == nodes.endingCounts.reduce(0, { $0 + Int($1) }) else {
      throw MalformedBytes()
    }
    let limit = try reader.double()
    let entries = try reader.list { reader throws(MalformedBytes) in
      guard let kind = WordingIndex.Entry.Kind(rawValue: try reader.byte()) else {
        throw MalformedBytes()
      }
      return WordingIndex.Entry(
        kind: kind,
        word: try reader.fixed(),
        next: kind == .pair ? try reader.fixed() : 0,
        weight: try reader.double()
      )
    }
    let leads = try reader.list { reader throws(MalformedBytes) in
      try Int(reader.number(below: Int32.self))
    }
    let exactAnchors = try reader.list { reader throws(MalformedBytes) in try reader.flag() }
    let characters = try reader.list { reader throws(MalformedBytes) in
      SurroundingsTable.Characters(low: try reader.fixed(), high: try reader.fixed())
    }
    let surroundings = SurroundingsTable(
      sets: characters,
      numbers: try reader.array(),
      kinds: try reader.array()
    )
    let sets = try reader.list { reader throws(MalformedBytes) in
      try reader.list { reader throws(MalformedBytes) in
        try reader.list { reader throws(MalformedBytes) in try reader.number(below: UInt32.self) }
      }
    }
    guard let companions = CompanionLiterals(sets: sets), let surroundings else {
      throw MalformedBytes()
    }
    self.init(
      phrases: phrases,
      anchors: anchors,
      cues: CueIndex(
        nodes: nodes,
        endings: endings,
        starLengths: starLengths,
        starPairs: starPairs,
        starThirds: starThirds,
        maxWordCount: maxWordCount
      ),
      wording: WordingIndex(entries: entries, limit: limit),
      leads: leads,
      exactAnchors: exactAnchors,
      surroundings: surroundings,
      companions: companions
    )
  }

  /// Whether every number in the cues names a kind of evidence and a language of some rules.
  func fits(_ evidence: [EvidenceKind]) -> Bool {
    let languageCount = Set(evidence.flatMap { $0.cues.map(\.language) }).count
    return cues.endings.allSatisfy {
      evidence.indices.contains(Int($0.evidence))
        && (0..<languageCount).contains(Int($0.language))
    }
  }
}

extension CueIndex {
  /// Writes the nodes and endings, of which there are tens of thousands, by columns: these are read by one copy each.
  fileprivate func write(to writer: inout ByteWriter) {
    writer.array(nodes.keys)
    writer.array(nodes.parents)
    writer.array(nodes.flags)
    writer.array(nodes.endingCounts)
    writer.array(endings.map(\.evidence))
    writer.array(endings.map(\.language))
  }

  fileprivate static func nodes(
    from reader: inout ByteReader
  ) throws(MalformedBytes) -> Nodes {
    let nodes = Nodes(
      keys: try reader.array(),
      parents: try reader.array(),
      flags: try reader.array(),
      endingCounts: try reader.array()
    )
    guard let nodes else { throw MalformedBytes() }
    return nodes
  }

  fileprivate static func endings(
    from reader: inout ByteReader
  ) throws(MalformedBytes) -> [Ending] {
    let evidence: [Int32] = try reader.array()
    let languages: [Int32] = try reader.array()
    guard languages.count == evidence.count else { throw MalformedBytes() }
    return evidence.indices.map { Ending(evidence: evidence[$0], language: languages[$0]) }
  }
}

extension WindowSet {
  fileprivate func write(to writer: inout ByteWriter) {
    // Most rows are empty.
    writer.list(counts.indices.filter { counts[$0] > 0 }) { writer, row in
      writer.number(row)
      writer.number(Int(counts[row]))
    }
    writer.list(candidates) { writer, candidate in
      writer.fixed(candidate.mask)
      writer.fixed(candidate.value)
      writer.fixed(UInt64(candidate.lasts) << 32 | UInt64(UInt32(bitPattern: candidate.string)))
      writer.number(Int(candidate.count))
      writer.number(Int(candidate.rest) + 1)
      writer.byte(candidate.lastByte)
      writer.number(Int(candidate.next))
      writer.byte(candidate.nextCount)
      writer.number(Int(candidate.reach))
    }
  }

  fileprivate init(from reader: inout ByteReader) throws(MalformedBytes) {
    var counts = [UInt16](repeating: 0, count: WindowSet.rowCount)
    let filled = try reader.list { reader throws(MalformedBytes) in
      (row: try reader.number(), count: try reader.number(below: UInt16.self))
    }
    for (row, count) in filled {
      guard counts.indices.contains(row) else { throw MalformedBytes() }
      counts[row] = count
    }
    let candidates = try reader.list { reader throws(MalformedBytes) in
      let mask = try reader.fixed()
      let value = try reader.fixed()
      let packed = try reader.fixed()
      return WindowCandidate(
        mask: mask,
        value: value,
        lasts: UInt32(truncatingIfNeeded: packed >> 32),
        string: Int32(bitPattern: UInt32(truncatingIfNeeded: packed)),
        count: try reader.number(below: Int32.self),
        rest: try reader.number(below: Int32.self) - 1,
        lastByte: try reader.byte(),
        next: try reader.number(below: UInt16.self),
        nextCount: try reader.byte(),
        reach: try reader.number(below: UInt16.self)
      )
    }
    guard let set = WindowSet(counts: counts, candidates: candidates) else {
      throw MalformedBytes()
    }
    self = set
  }
}

import Foundation
import Testing
import VigieCore
import VigiePolicy
import VigieRuleFiles
import VigieRulebook

extension RuleCache {
  /// The rules of a snapshot, as who loads rules takes them from the cache.
  fileprivate func rules(of snapshot: RuleSnapshot, from sources: RuleSources) -> CachedRules? {
    candidate(from: sources).flatMap { holds($0, snapshot, sources) ? $0.rules : nil }
  }
}

@Suite("Cache of loaded rules")
struct CacheTests {
  static let key = [UInt8](repeating: 3, count: 32)

  /// A directory in which every kind of value is used.
  static func rich() throws -> RuleDirectory {
    try RuleDirectory([
      "markings/xx.yaml": RuleDirectory.family(
        """
            prior: 0.25
            usage: -1
            case: title
            marks: [HH]
            patterns: [{ regex: 'ref é+', anchors: [ref], reach: 900 }]
            caveats: { ours: [ours only] }
            raises: [{ own-line: 3.5 }]
            ordinary: { before: [la], after: [du] }
            near: [ref]
            validate: luhn
        """
      ),
      "policies/default.yaml": """
      policy: default
      ceilings: [{ channel: { name: "a*", federated: no }, level: secret }]
      override-ceiling: confidential
      cases:
        - name: marked
          when: { usage: applied, level: restricted, ceiling: above, scheme: xx, kind: marking,
                  rule: "xx.*", caveat: ours, confidence: 0.7, sender: ["*.example", "!bad.*"],
                  channel: [{ visibility: public, id: x }, { encrypted: [no, unknown] }] }
          verdict: warn
          tip: marked
          override: true
          observe: true
        - { name: rest, verdict: log }
        - { name: late, when: { gap: [timeout, limit] }, verdict: hold }
        - { name: gap, when: { gap: any }, verdict: log }
      """,
    ])
  }

  @Test("what is written is read back, examples apart")
  func roundTrip() throws {
    for loaded in [
      try CacheTests.rich().load(), try RuleLoader.load(RuleSources(shipped: shippedRules)),
    ] {
      let compiled = try CompiledRules(loaded.rules)
      let bytes = try CacheTests.encode(loaded)
      // What is worked out at once for a cache is what it asks for later.
      let index = try CompiledRules(forCache: loaded.rules).index
      let cached = CachedRules(rules: loaded.withoutWords, index: index)
      #expect(RuleCache.encode(cached, key: CacheTests.key) == bytes)
      let read = try #require(RuleCache.decode(bytes, key: CacheTests.key))
      #expect(read.rules == loaded.withoutWords)
      #expect(RuleCache.decode(bytes, key: CacheTests.key.reversed())?.rules == read.rules)
      let again = try read.compiled()
      #expect(again.prefilter.tables.words == compiled.prefilter.tables.words)
      let rewritten = CachedRules(rules: read.rules, index: again.index)
      #expect(RuleCache.encode(rewritten, key: CacheTests.key) == bytes)
      var other = CacheTests.key
      other[0] ^= 1
      #expect(RuleCache.decode(bytes, key: other) == nil)
    }
  }

  private static func encode(_ loaded: LoadedRules) throws -> [UInt8] {
    let cached = CachedRules(
      rules: loaded.withoutWords,
      index: try CompiledRules(loaded.rules).index
    )
    return RuleCache.encode(cached, key: key)
  }

  @Test("a truncated, lengthened or changed file is a miss")
  func damage() throws {
    let bytes = try CacheTests.encode(try CacheTests.rich().load())
    for count in 0..<bytes.count {
      #expect(RuleCache.decode(Array(bytes[..<count]), key: CacheTests.key) == nil)
    }
    #expect(RuleCache.decode(bytes + [0], key: CacheTests.key) == nil)
    for index in bytes.indices {
      var changed = bytes
      changed[index] ^= 1 << UInt8(index % 8)
      #expect(RuleCache.decode(changed, key: CacheTests.key) == nil)
    }
  }

  @Test("a payload made to harm, its digest right, is read or refused and never crashes")
  func hostile() throws {
    let bytes = try CacheTests.encode(try CacheTests.rich().load())
    let payload = Array(bytes[(RuleCache.magic.count + 64)...])
    #expect(RuleCache.decode(payload: payload) != nil)
    for count in payload.indices {
      #expect(RuleCache.decode(payload: Array(payload[..<count])) == nil)
    }
    for index in payload.indices {
      for value: UInt8 in [0, 1, 2, 0x7F, 0x80, 0xFF] {
        var changed = payload
        changed[index] = value
        _ = RuleCache.decode(payload: changed)
        // A number of ten bytes in the place of one.
        changed.replaceSubrange(index...index, with: [UInt8](repeating: 0xFF, count: 9) + [value])
        _ = RuleCache.decode(payload: changed)
      }
    }
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<2000 {
      let noise = (0..<Int.random(in: 0...64)).map { _ in
        UInt8.random(in: 0...255, using: &generator)
      }
      _ = RuleCache.decode(payload: noise)
    }
  }

  /// The rules from the cache, or from the files and then kept.
  private func load(_ sources: RuleSources, _ cache: RuleCache) throws -> LoadedRules {
    let snapshot = try RuleSnapshot(reading: sources)
    if let cached = cache.rules(of: snapshot, from: sources) { return cached.rules }
    let rules = try RuleLoader.load(snapshot)
    cache.keep(rules, try CompiledRules(rules.rules), of: snapshot, from: sources)
    return rules.withoutWords
  }

  @Test("the second start reads the cache, a changed file or another build does not")
  func freshness() throws {
    let rules = try RuleDirectory()
    let cache = RuleCache(directory: rules.path + "/cache/vigie", engine: "build 1")
    let sources = RuleSources(shipped: rules.path)
    let snapshot = try RuleSnapshot(reading: sources)
    #expect(cache.rules(of: snapshot, from: sources)?.rules == nil)
    let first = try load(sources, cache)
    #expect(cache.rules(of: snapshot, from: sources)?.rules == first)
    #expect(try load(sources, cache) == first)

    let other = RuleCache(directory: cache.directory, engine: "build 2")
    #expect(other.rules(of: snapshot, from: sources)?.rules == nil)

    try rules.write("tips/en.yaml", "language: en\ntips: { marked: Changed. }\n")
    let changed = try load(sources, cache)
    #expect(changed.tips["marked"]?["en"] == "Changed.")
    #expect(cache.rules(of: try RuleSnapshot(reading: sources), from: sources)?.rules == changed)
    #expect(cache.rules(of: snapshot, from: sources)?.rules == nil)
    #expect(try FileManager.default.contentsOfDirectory(atPath: cache.directory).count == 1)
  }

  @Test("a cache others could have written is not read, and is replaced")
  func foreign() throws {
    let rules = try RuleDirectory()
    let cache = RuleCache(directory: rules.path + "/cache/vigie", engine: "build 1")
    let sources = RuleSources(shipped: rules.path)
    let snapshot = try RuleSnapshot(reading: sources)
    let loaded = try load(sources, cache)
    let files = FileManager.default
    let name = try #require(files.contentsOfDirectory(atPath: cache.directory).first)
    let file = cache.directory + "/" + name
    func mode(_ path: String) throws -> Int? {
      try files.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }
    #expect(try mode(file) == 0o600)
    #expect(try mode(cache.directory) == 0o700)

    try files.setAttributes([.posixPermissions: 0o620], ofItemAtPath: file)
    #expect(cache.rules(of: snapshot, from: sources)?.rules == nil)
    #expect(try load(sources, cache) == loaded)
    #expect(try mode(file) == 0o600)
    #expect(cache.rules(of: snapshot, from: sources)?.rules == loaded)

    try files.moveItem(atPath: file, toPath: file + ".real")
    try files.createSymbolicLink(atPath: file, withDestinationPath: file + ".real")
    #expect(cache.rules(of: snapshot, from: sources)?.rules == nil)

    try files.setAttributes([.posixPermissions: 0o770], ofItemAtPath: cache.directory)
    #expect(!cache.keep(loaded, try CompiledRules(loaded.rules), of: snapshot, from: sources))
    #expect(try load(sources, cache) == loaded)
    let nowhere = RuleCache(directory: "/proc/vigie", engine: "build 1")
    #expect(try load(sources, nowhere) == loaded)
  }

  @Test("this build is known by its file")
  func build() {
    #expect(RuleCache.thisBuild.hasPrefix("/"))
  }

  @Test(
    "YAML against cache",
    .enabled(if: ProcessInfo.processInfo.environment["VIGIE_MEASURE"] != nil)
  )
  func measure() throws {
    let synthetic = try RuleDirectory(["markings/big.yaml": RuleDirectory.bigFamily(200)])
    for (name, sources) in [
      ("shipped", RuleSources(shipped: shippedRules)),
      ("synthetic", RuleSources(shipped: synthetic.path)),
    ] {
      let cache = RuleCache(directory: synthetic.path + "/cache")
      let loaded = try load(sources, cache)
      func best(_ body: () throws -> Void) rethrows -> Duration {
        var best = Duration.seconds(9)
        for _ in 0..<20 { best = min(best, try ContinuousClock().measure(body)) }
        return best
      }
      let snapshot = try RuleSnapshot(reading: sources)
      let rules = loaded.rules.rules.count
      let read = try best { _ = try RuleSnapshot(reading: sources) }
      let yaml = try best { _ = try RuleLoader.load(snapshot) }
      let cached = best { _ = cache.rules(of: snapshot, from: sources) }
      print("\(name), \(rules) rules: read and digest \(read), YAML \(yaml), cache \(cached)")
    }
  }
}

extension RuleDirectory {
  /// A family with many rules of the usual size.
  static func bigFamily(_ count: Int) -> String {
    var text = "family: big\ntitle: Big\nscheme: xx\nsources: { LAW: \"the law, §1\" }\nrules:\n"
    for index in 0..<count {
      text += """
          - id: big.rule-\(index)
            title: Rule \(index)
            level: restricted
            cites: [LAW]
            prior: distinctive
            phrases: ["diffusion très restreinte \(index)", "phrase numéro \(index)", "reste \(index)"]
            marks: ["DR-\(index)"]
            patterns:
              - { regex: '(?<![\\p{L}\\p{N}])(?i:niveau|mention)[ \\t]+\\KDR-\(index)\\b', anchors: ["DR"], reach: 64 }
            caveats: { special: ["spécial \(index)"] }
            raises: [own-line]
            ordinary: { after: ["du bulletin", "de la revue", "du journal"], before: [la, cette] }
            examples:
              applied: [\((0..<8).map { "\"⟦DIFFUSION TRÈS RESTREINTE \(index)⟧ note \($0)\"" }.joined(separator: ", "))]
              mentioned: ["la mention ⟦diffusion très restreinte \(index)⟧", "le sigle ⟦DR-\(index)⟧"]
              silent: ["la DR de Metz", "diffusion du bulletin", "rien", "presque rien", "du tout"]

        """
    }
    return text
  }
}

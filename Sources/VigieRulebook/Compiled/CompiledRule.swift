package import VigieCore
package import VigieText

/// A phrase of a rule, ready to be checked at a place of a text.
package struct CompiledPhrase: Sendable {
  package var rule: Int
  package var folded: FoldedPhrase
  /// Whether it is looked for with one letter wrong as well.
  package var toleratesMisspelling: Bool

  /// A phrase of a rule.
  init(_ folded: FoldedPhrase, of rule: Rule, _ number: Int) {
    self.rule = number
    self.folded = folded
    self.toleratesMisspelling = rule.toleratesMisspelling && folded.toleratesMisspelling
  }
}

extension Rule {
  /// The least logit of words that are a marking by themselves: what is less sure as it stands is nothing with a
  /// letter wrong.
  ///
  /// *Source:* `prior: distinctive` of rule files.
  private static let misspellingPrior = 1.0

  /// Whether its long phrases are looked for with one letter wrong as well.
  fileprivate var toleratesMisspelling: Bool { level > .internal && prior >= Rule.misspellingPrior }

  /// Whether one of its phrases, written like that, is looked for with one letter wrong as well.
  package func toleratesMisspelling(_ phrase: String) -> Bool {
    toleratesMisspelling && FoldedPhrase(phrase).toleratesMisspelling
  }
}

/// A pattern of a rule.
package struct CompiledPattern: Sendable {
  package var rule: Int
  /// The expression, and where it was written.
  package var source: Pattern
  /// Whether it is of an identifier or credential, which only the text as it was written holds.
  package var isOfValue: Bool

  /// Whether a match may begin after what the expression has matched so far, by `\K`; more rather than less.
  package var movesItsStart: Bool {
    var last: UInt8 = 0
    for byte in source.regex.value.utf8 {
      // \K
      if last == 0x5C, byte == 0x4B { return true }
      last = byte
    }
    return false
  }
}

/// A short form of a rule.
package struct CompiledMark: Sendable {
  package var rule: Int
  package var literal: [UInt8]
}

/// A caveat of a rule.
package struct CompiledCaveat: Sendable {
  package var name: String
  package var words: [WordPattern]
}

/// The words of a rule, ready to be found beside a match of it.
private final class RuleWords: Sendable {
  /// The same as written.
  struct Sources: Sendable {
    var caveats: [Caveat]
    var ordinary: OrdinaryUse
    var near: [String]
  }

  let caveats: [CompiledCaveat]
  let caveatWords: WordPatternSet
  let ordinaryBefore: WordPatternSet
  let ordinaryAfter: WordPatternSet
  let near: WordPatternSet

  init(_ sources: Sources) {
    var list = WordList()
    func patterns(_ phrases: [String]) -> [WordPattern] {
      phrases.map { WordPattern($0, &list) }
    }
    let caveats = sources.caveats.map {
      CompiledCaveat(name: $0.name, words: patterns($0.phrases))
    }
    self.caveats = caveats
    caveatWords = WordPatternSet(caveats.flatMap(\.words))
    ordinaryBefore = WordPatternSet(patterns(sources.ordinary.before))
    ordinaryAfter = WordPatternSet(patterns(sources.ordinary.after))
    near = WordPatternSet(patterns(sources.near))
  }
}

/// A rule with everything that is looked up while scanning, by number.
package final class CompiledRule: Sendable {
  package let id: String
  package let scheme: String
  /// The number of the scheme among those of its rules.
  package let schemeNumber: Int
  package let kind: RuleKind
  package let level: Level
  package let casing: Casing
  package let prior: Double
  package let usagePrior: Double
  /// The weights of each piece of evidence.
  package let weights: [EvidenceWeight]
  private let traits: Traits
  private let sources: RuleWords.Sources
  private let keptWords = MadeOnce<RuleWords>()
  package let validator: Validator?
  /// The letters and digits of each value that documentation prints, in lower case.
  package let samples: [[UInt8]]

  init(_ rule: Rule, _ evidence: EvidenceTable, scheme: Int) throws(RuleFault) {
    self.id = rule.id
    self.scheme = rule.scheme
    self.schemeNumber = scheme
    self.kind = rule.kind
    self.level = rule.level
    self.casing = rule.casing
    self.prior = rule.prior
    self.usagePrior = rule.usagePrior
    var weights = evidence.weights(about: rule.kind)
    for (name, weight) in rule.weights {
      let isUsage = name.hasPrefix("usage:")
      guard let number = evidence.number(named: isUsage ? String(name.dropFirst(6)) : name) else {
        continue
      }
      if isUsage { weights[number].usage = weight } else { weights[number].marking = weight }
    }
    self.weights = weights
    self.traits = Traits(rule)
    self.sources = RuleWords.Sources(
      caveats: rule.caveats,
      ordinary: rule.ordinary,
      near: rule.near
    )
    self.samples = rule.samples.map { sample in
      sample.utf8.map(Prefilter.lowercased).filter {
        (0x61...0x7A).contains($0) || (0x30...0x39).contains($0)
      }
      // One of signs alone is no value.
    }.filter { !$0.isEmpty }
    self.validator = try rule.validator.map { name throws(RuleFault) in
      guard let validator = Validator(rawValue: name.value) else {
        throw RuleFault(
          at: name.position,
          "'\(name.value)' is not a checksum Vigie knows",
          mend: "choose one of " + Validator.allCases.map(\.rawValue).joined(separator: ", ")
        )
      }
      return validator
    }
  }

  /// Its words: made where a first match of it is judged, shared by every thread.
  ///
  /// Of most rules no match ever is.
  private var words: RuleWords { keptWords.value { RuleWords(sources) } }

  // Of most rules there are none of most sorts, which is told without going where they stand.
  package var hasCaveats: Bool { traits.contains(.caveats) }
  package var hasOrdinaryBefore: Bool { traits.contains(.ordinaryBefore) }
  package var hasOrdinaryAfter: Bool { traits.contains(.ordinaryAfter) }
  package var hasNear: Bool { traits.contains(.near) }

  /// What words a rule has.
  private struct Traits: OptionSet {
    var rawValue: UInt8
    static let caveats = Traits(rawValue: 1)
    static let ordinaryBefore = Traits(rawValue: 2)
    static let ordinaryAfter = Traits(rawValue: 4)
    static let near = Traits(rawValue: 8)

    init(rawValue: UInt8) { self.rawValue = rawValue }

    init(_ rule: Rule) {
      rawValue = 0
      if !rule.caveats.isEmpty { insert(.caveats) }
      if !rule.ordinary.before.isEmpty { insert(.ordinaryBefore) }
      if !rule.ordinary.after.isEmpty { insert(.ordinaryAfter) }
      if !rule.near.isEmpty { insert(.near) }
    }
  }

  package var caveats: [CompiledCaveat] { words.caveats }
  /// The words of all caveats.
  package var caveatWords: WordPatternSet { words.caveatWords }
  package var ordinaryBefore: WordPatternSet { words.ordinaryBefore }
  package var ordinaryAfter: WordPatternSet { words.ordinaryAfter }
  package var near: WordPatternSet { words.near }
}

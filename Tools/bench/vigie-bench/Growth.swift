import VigieCore
import VigieFilter
import VigieRuleFiles
import VigieRulebook
import VigieScanning

/// Whether the time of a message without candidates grows with the number of rules.
///
/// Sets of several sizes check the same messages, in turn within each round: those in which the
/// greatest set met nothing to look at. The sets are drawn from the rules that were loaded, each
/// one from the one after; beyond their number come rules whose words are theirs spelt backwards.
struct Growth {
  private static let sizes = [10, 100, 300, 1_000]
  private static let roundCount = 9

  private struct Measured {
    var ruleCount: Int
    var phraseCount: Int
    var anchorCount: Int
    var worker: FilterWorker
    /// Nanoseconds a byte, round after round.
    var times: [Double] = []
  }

  /// Markdown: for each size the time a byte, and its ratio to that of the least set.
  let page: String

  init(_ loaded: LoadedRules, _ records: Records) throws(RuleFaults) {
    var measured: [Measured] = []
    var greatest: CompiledRules?
    for size in Growth.sizes {
      let rules = try CompiledRules(Growth.set(of: size, from: loaded.rules))
      let filter = Filter(rules: rules, policy: loaded.policy, tips: loaded.tips)
      measured.append(
        Measured(
          ruleCount: rules.rules.count,
          phraseCount: rules.phrases.count,
          anchorCount: rules.prefilter.anchorGroups.count,
          worker: filter.makeWorker()
        )
      )
      greatest = rules
    }
    guard let greatest else { preconditionFailure("there are sizes") }
    var sweep = Sweep(greatest)
    let quiet = records.texts.filter { sweep.candidateCount(of: $0.span) == 0 }
    let messages = Jobs.messages(quiet)
    let byteCount = quiet.reduce(0) { $0 + $1.count }
    for round in 0...Growth.roundCount {
      for place in measured.indices {
        let time = Growth.time(messages, measured[place].worker)
        // The first round warms up.
        if round > 0 { measured[place].times.append(Double(time) / Double(byteCount)) }
      }
    }
    let base = measured[0].times
    var lines = [
      "Messages without candidates: \(quiet.count) of \(records.texts.count), \(byteCount) bytes; "
        + "\(Growth.roundCount) rounds, each set once in each.",
      "",
      "| rules | phrases | anchors | ns a byte: median | ÷ that of \(Growth.sizes[0]) rules: median (min…max) |",
      "|---|---|---|---|---|",
    ]
    for set in measured {
      let ratios = zip(set.times, base).map { $0 / $1 }.sorted()
      let figures = [
        set.times.sorted()[set.times.count / 2], ratios[ratios.count / 2], ratios[0],
        ratios[ratios.count - 1],
      ].map(Growth.twoDigits)
      lines.append(
        "| \(set.ruleCount) | \(set.phraseCount) | \(set.anchorCount) | \(figures[0]) | "
          + "\(figures[1]) (\(figures[2])…\(figures[3])) |"
      )
    }
    page = lines.joined(separator: "\n")
  }

  private static func time(_ messages: [Message], _ worker: FilterWorker) -> UInt64 {
    var findingCount = 0
    let lent = messages.span
    let start = Clock.thread()
    for index in lent.indices { findingCount += worker.review(lent[index]).findings.count }
    let time = Clock.thread() - start
    precondition(findingCount == 0, "a message without candidates has no findings")
    return time
  }

  private static func set(of size: Int, from set: RuleSet) -> RuleSet {
    var set = set
    var random = Steps()
    let shuffled = set.rules.shuffled(using: &random)
    set.rules = (0..<size).map { number in
      number < shuffled.count
        ? shuffled[number] : backwards(shuffled[number % shuffled.count], number)
    }
    return set
  }

  /// A rule of other words of the same length and alphabet.
  private static func backwards(_ rule: Rule, _ number: Int) -> Rule {
    var rule = rule
    rule.id = "\(rule.id)-\(number)"
    for place in rule.phrases.indices {
      let words = rule.phrases[place].value.split(separator: " ")
      rule.phrases[place].value = words.map { String($0.reversed()) }.joined(separator: " ")
    }
    rule.marks = []
    rule.patterns = []
    return rule
  }

  private static func twoDigits(_ value: Double) -> String {
    let hundredths = Int((value * 100).rounded())
    let rest = hundredths % 100
    return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
  }

  /// The same draw on every machine.
  ///
  /// *Source:* the generator of Knuth's MMIX.
  private struct Steps: RandomNumberGenerator {
    private var state: UInt64 = 1

    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state
    }
  }
}

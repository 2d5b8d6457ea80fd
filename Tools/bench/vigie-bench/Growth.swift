import VigieCore
import VigieFilter
import VigieRuleFiles
import VigieRulebook
import VigieScanning

/// Whether the time of a message without candidates grows with the number of rules.
///
/// Sets of several sizes check the same messages, in turn within each round: those in which the
/// greatest set met nothing to look at, and of these once more those in which no set so much as compares a
/// window. The sets are drawn from the rules that were loaded, each
/// one from the one after; beyond their number come rules whose words are theirs spelt backwards.
struct Growth {
  private static let sizes = [10, 100, 300, 1_000]
  private static let roundCount = 9

  private struct Measured {
    var rules: CompiledRules
    var worker: FilterWorker
    /// Nanoseconds a byte, round after round.
    var times: [Double] = []
  }

  /// Markdown: for each size the time a byte, and its ratio to that of the least set.
  let page: String

  init(_ loaded: LoadedRules, _ records: Records) throws(RuleFaults) {
    var measured: [Measured] = []
    for size in Growth.sizes {
      let rules = try CompiledRules(Growth.set(of: size, from: loaded.rules))
      let filter = Filter(rules: rules, policy: loaded.policy, tips: loaded.tips)
      measured.append(Measured(rules: rules, worker: filter.makeWorker()))
    }
    guard let greatest = measured.last?.rules else { preconditionFailure("there are sizes") }
    var sweep = Sweep(greatest)
    let quiet = records.texts.filter { sweep.candidateCount(of: $0.span) == 0 }
    var parts = [
      "Messages without candidates: \(quiet.count) of \(records.texts.count).",
      Growth.table(quiet, &measured),
    ]
    // Where there is no kernel, nobody counts what is compared.
    var plain = quiet
    for set in measured {
      let sweep = Sweep(set.rules)
      plain = plain.filter { text in
        sweep.kernelCost(of: text.span).map { $0.comparedCount == 0 && $0.isPlain } ?? false
      }
    }
    if !plain.isEmpty {
      parts += [
        "Of these the ones in which none of the sets has anything compared, and no sign is looked at: "
          + "\(plain.count).",
        Growth.table(plain, &measured),
      ]
    }
    page = parts.joined(separator: "\n\n")
  }

  /// Measures some messages with all sets, in turn within each round.
  private static func table(_ texts: [[UInt8]], _ measured: inout [Measured]) -> String {
    let messages = Jobs.messages(texts)
    let byteCount = texts.reduce(0) { $0 + $1.count }
    for place in measured.indices { measured[place].times = [] }
    for round in 0...roundCount {
      for place in measured.indices {
        let time = time(messages, measured[place].worker)
        // The first round warms up.
        if round > 0 { measured[place].times.append(Double(time) / Double(byteCount)) }
      }
    }
    let base = measured[0].times
    var lines = [
      "| rules | phrases | anchors | compared a KiB | ns a byte: median | ÷ that of \(sizes[0]) rules: median (min…max) |",
      "|---|---|---|---|---|---|",
    ]
    for set in measured {
      let sweep = Sweep(set.rules)
      let compared = texts.map { sweep.kernelCost(of: $0.span)?.comparedCount }
      let count = compared.contains(nil) ? nil : compared.reduce(0) { $0 + ($1 ?? 0) }
      let ratios = zip(set.times, base).map { $0 / $1 }.sorted()
      let figures = [
        set.times.sorted()[set.times.count / 2], ratios[ratios.count / 2], ratios[0],
        ratios[ratios.count - 1],
      ].map(twoDigits)
      lines.append(
        "| \(set.rules.rules.count) | \(set.rules.phrases.count) | "
          + "\(set.rules.prefilter.anchorGroups.count) | "
          + (count.map { twoDigits(Double($0) * 1_024 / Double(byteCount)) } ?? "–")
          + " | \(figures[0]) | \(figures[1]) (\(figures[2])…\(figures[3])) |"
      )
    }
    lines.append("")
    lines.append("\(byteCount) bytes; \(roundCount) rounds, each set once in each.")
    return lines.joined(separator: "\n")
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

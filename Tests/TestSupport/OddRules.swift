import VigieCore
import VigieFilter
import VigieRuleFiles
package import VigieRulebook
import VigieScanning
import VigieText
import VigieUnicode

/// The reach of a pattern from which on all matches that are short are found around any of its anchors, bytes.
private let leastReach = 64

/// Whether odd rules are refused in words, or find the same in every way a text is passed over.
package final class OddRules {
  /// What became of a set.
  package enum Outcome: Sendable, Equatable {
    /// It was refused, with file, line, column, reason and mend: the first reason.
    case refused(String)
    /// It works, and found so much.
    case works(findingCount: Int)
    /// What is wrong.
    case wrong(String)
  }

  private let variants: [PassKernel.Variant]
  private let directory: TemporaryDirectory
  private let soup = TextSoup(["secret"], seed: 0)

  /// Tries sets with the pass in Swift and some variants of the kernel.
  package init(
    _ variants: [PassKernel.Variant] = PassKernel.Variant.allCases.filter(\.isAvailable)
  ) throws {
    self.variants = variants
    directory = try TemporaryDirectory()
  }

  /// Tries a set.
  ///
  /// - Parameters:
  ///   - seed: What the set and its texts hang on.
  ///   - textCount: How many texts are looked through.
  /// - Returns: What became of it.
  /// - Throws: Where its files cannot be written.
  package func outcome(ofSet seed: UInt64, textCount: Int) throws -> Outcome {
    var maker = RuleSoup(seed: seed)
    let made = maker.make()
    for (name, text) in made.files { _ = try directory.write(name, text) }
    let loaded: LoadedRules
    let rules: CompiledRules
    let isSound: Bool
    do throws(RuleFaults) {
      let survey = RuleLoader.survey(
        try RuleSnapshot(reading: RuleSources(shipped: directory.path))
      )
      // What an author is told, of a set that is refused too.
      let remarks = Lint.remarks(
        on: survey.rules,
        origins: survey.origins,
        foldedLetterCount: CompiledRules.foldedLetterCount
      )
      isSound =
        !remarks.contains { $0.fault.reason.hasPrefix("no match of the pattern can hold") }
        && survey.rules.rules.allSatisfy { $0.patterns.allSatisfy { $0.reach >= leastReach } }
      for remark in remarks {
        if let fault = OddRules.fault(in: remark.fault) { return .wrong(fault) }
      }
      guard let whole = survey.loaded else { throw RuleFaults(survey.faults) }
      loaded = whole
      rules = try CompiledRules(loaded.rules)
    } catch {
      for fault in error.faults {
        if let fault = OddRules.fault(in: fault) { return .wrong(fault) }
      }
      return error.faults.first.map { .refused($0.reason) } ?? .wrong("refused without a fault")
    }
    let filter = Filter(rules: rules, policy: loaded.policy, tips: loaded.tips)
    let hasDigits = rules.patterns.contains { $0.source.digits > 0 }
    let strictness: Ways.Strictness = isSound ? hasDigits ? .kernels : .all : .none
    return look(through: texts(made.words, seed, textCount), Ways(filter, variants, strictness))
  }

  /// The rules and the evidence of a set, to look at.
  package static func files(ofSet seed: UInt64) -> String {
    var maker = RuleSoup(seed: seed)
    let files = maker.make().files
    return ["markings/xx.yaml", "evidence.yaml"].compactMap { files[$0] }.joined()
  }

  private func look(through texts: [[UInt8]], _ ways: Ways) -> Outcome {
    for (number, text) in texts.enumerated() {
      let role = OddRules.roles[number % OddRules.roles.count]
      if ways.fault(of: text, role) == nil { continue }
      let small = OddRules.smallest(text) { ways.fault(of: $0, role) != nil }
      let fault = ways.fault(of: small, role) ?? ""
      return .wrong(
        "text \(number) as \(role.rawValue): \(fault)\n  in \(String(decoding: small, as: UTF8.self).debugDescription) \(small)"
      )
    }
    return .works(findingCount: ways.findingCount)
  }

  /// The text without what is not needed for what is wrong with it, as far as that is found out soon.
  private static func smallest(_ text: [UInt8], _ isWrong: ([UInt8]) -> Bool) -> [UInt8] {
    var small = text
    var count = small.count / 2
    while count > 0 {
      var start = 0
      while start < small.count {
        var less = small
        less.removeSubrange(start..<min(start + count, small.count))
        if isWrong(less) { small = less } else { start += count }
      }
      count /= 2
    }
    return small
  }

  private static let roles: [Role] = [.body, .filename, .html, .body, .subject, .metadata, .body]

  /// What is wrong with the report of a fault.
  private static func fault(in fault: RuleFault) -> String? {
    let at = fault.position
    let isPlaced = !at.file.isEmpty && at.line > 0 && at.column > 0
    return isPlaced && !fault.reason.isEmpty && !fault.mend.isEmpty
      ? nil
      : "not told in full: \(at.file):\(at.line):\(at.column): \(fault.reason) → \(fault.mend)"
  }

  // MARK: Texts

  private func texts(_ words: [String], _ seed: UInt64, _ count: Int) -> [[UInt8]] {
    let words = words.filter { !$0.isEmpty }
    var generator = SeededGenerator(seed: seed ^ 0x7E47)
    var soup = TextSoup(words + ["mot"], seed: seed, like: self.soup)
    return (0..<count).map { number in
      var text: [UInt8] = []
      // One in twelve is of several blocks.
      let pieceCount = number % 12 == 11 ? 900 : Int.random(in: 0...9, using: &generator)
      for _ in 0..<pieceCount {
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: text += soup.next()
        case 1: text += generator.pick(OddRules.pieces)
        case 2: text += Array(generator.pick(words + ["mot"]).utf8)
        default:
          let word = Array(generator.pick(words + ["mot"]).utf8)
          text += generator.pick(OddRules.befores) + word + generator.pick(OddRules.afters)
        }
      }
      if generator.once(in: 5), !text.isEmpty {
        text.removeFirst(Int.random(in: 0..<min(4, text.count), using: &generator))
      }
      return text
    }
  }

  private static let befores: [[UInt8]] = [
    "", " ", "\n", "\r\n", "(", "[", "Page 12 ", "Page 1", "12", "12 ", "1.", "- ", "> ", "<b>",
    "«", "|",
    "\t", "\0", "é", "ł", "(DR) ", "1 / 3 ", "key: ", "\"key\": \"", "n'est pas ", "la ", "x", "_",
    "\u{200B}", "Name;Key\n", "| A | B |\n| ", "0", "\n\n- 3 -\t",
  ].map { Array($0.utf8) }

  private static let afters: [[UInt8]] = [
    "", " ", "\n", "\r\n", ")", "]", " 2/3", " page 2", "12", " 12", ".", " - ", "</b>", "»", "|",
    "\t", "\0",
    "é", "ł", "\u{301}", ": rien", "\",", "?", "x", "_", "\u{200B}", "\n\n", " un deux trois",
    ";1;2\n", " | b |\n",
    "0", "\t4", "    5",
  ].map { Array($0.utf8) }

  private static let pieces: [[UInt8]] =
    [
      "\r\n", "\n\n", "\0", "Name\tKey\tx\na\tb\tc\n1\t2\t3\n", "| a | b |\n|---|---|\n| 1 | 2 |\n",
      "a;b;c\n1;2;3\n", "Page 12 ", "- 3 -", "(DR) ", "> ", "```\n",
      "RElGRlVTSU9OIFJFU1RSRUlOVEU= ",
      "%44%52 \\u0044 &#68; &amp; ", "<p title=\"x\">", "</p>", "06\u{202F}12\u{202F}34 ",
      "1 85 05 78 006 084 91 ",
      "123456789", "ci-joint ", "n'est pas ", "ждать ", "αβγ ", "🙂", "{\"key\": \"value\"}\n",
      "From: a@b.c\n",
      String(repeating: "ligne ", count: 900), String(repeating: "a", count: 300),
      String(repeating: "1 ", count: 40),
      String(repeating: "(", count: 70),
    ].map { Array($0.utf8) } + [
      [0xFF], [0x80, 0x80], [0xC3], [0xE2, 0x80], [0xF0, 0x9F, 0x98], [0xED, 0xA0, 0x80],
      [0xC0, 0xAF],
    ]
}

/// All ways to pass over a text with some rules.
private final class Ways {
  /// Which of them must find the same.
  enum Strictness {
    /// All of them.
    case all
    /// Those of the kernel: the pass in Swift tries patterns of digits in some places more, where four stand in a row.
    case kernels
    /// None: what goes beyond the reach of its anchors is found or not, as these come.
    case none
  }

  private let variants: [PassKernel.Variant]
  private let scanners: [Scanner]
  private let strictness: Strictness
  private let worker: FilterWorker
  /// How much was found so far.
  private(set) var findingCount = 0

  init(_ filter: Filter, _ all: [PassKernel.Variant], _ strictness: Strictness) {
    let variants = strictness == .kernels ? all.filter { $0 != .portable } : all
    self.variants = variants
    self.strictness = strictness
    scanners = variants.map { Scanner(filter.rules, variant: $0) }
    worker = filter.makeWorker()
  }

  /// What is wrong with what is found in a text.
  func fault(of text: [UInt8], _ role: Role) -> String? {
    if strictness != .none {
      // The pass in Swift may take what nobody sees for the neighbour of a short form: see ``PassAgreement``.
      let first = Ways.hasUnseen(text) ? variants.firstIndex { $0 != .portable } ?? 0 : 0
      let found = scanners[first...].map { Ways.found($0, text, role) }
      for (variant, other) in zip(variants[first...], found).dropFirst() where other != found[0] {
        let (lost, added) = (Set(found[0]).subtracting(other), Set(other).subtracting(found[0]))
        return "\(variant) loses \(lost.sorted()), adds \(added.sorted())"
      }
    }
    let segment = Segment(place: Place(part: .body, role: role), text: text)
    let findings = worker.findings(in: segment).findings
    findingCount += findings.count
    return findings.lazy.compactMap { Ways.fault(in: $0, text) }.first
  }

  /// What stands of what a scanner judged, and its gaps, a line each.
  private static func found(_ scanner: Scanner, _ text: [UInt8], _ role: Role) -> [String] {
    scanner.scan(text.span, role: role)
    var lines: [String] = []
    for judgement in scanner.judgements where judgement.isLikely && judgement.coveredBy == nil {
      // Where a match begins that is longer than the reach of its anchors hangs on which of them is met first.
      if judgement.source == .pattern, judgement.range.count > leastReach { continue }
      let disguise = judgement.disguise.names.joined(separator: "+")
      lines.append("\(judgement.rule) \(judgement.range) \(disguise) \(judgement.usage)")
    }
    for gap in scanner.gaps { lines.append("\(gap.reason) \(gap.detail)") }
    return lines
  }

  /// Whether a text holds anything that nobody sees, or that is part of the letter before it.
  private static func hasUnseen(_ text: [UInt8]) -> Bool {
    var index = 0
    while index < text.count {
      let unit = text.span.scalar(at: index)
      let kind = ScalarFold.kind(unit.value)
      if kind.contains(.mark) || kind.contains(.ignorable) { return true }
      index += unit.length
    }
    return false
  }

  /// What is wrong with a finding.
  private static func fault(in finding: Finding, _ text: [UInt8]) -> String? {
    let range = finding.range
    guard range.lowerBound >= 0, range.upperBound <= text.count, !range.isEmpty else {
      return "\(finding.rule) at \(range) of \(text.count) bytes"
    }
    guard (0...1).contains(finding.confidence) else {
      return "\(finding.rule) with a confidence of \(finding.confidence)"
    }
    guard finding.evidence.allSatisfy(\.weight.isFinite) else {
      return "\(finding.rule) with evidence \(finding.evidence)"
    }
    for place in [range.lowerBound, range.upperBound] where cutsScalar(text, place) {
      return "\(finding.rule) at \(range) cuts a scalar at \(place)"
    }
    return nil
  }

  /// Whether a place lies within a whole scalar.
  private static func cutsScalar(_ text: [UInt8], _ place: Int) -> Bool {
    for start in max(0, place - 3)..<max(0, place) {
      let length = text.span.scalar(at: start).length
      if length > 1, start + length > place { return true }
    }
    return false
  }
}

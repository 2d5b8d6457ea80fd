import VigieCore
import VigiePolicy
import VigieRulebook
import VigieScanning

/// The scratch memory of a worker, and the work done in it; a structure for the reasons that
/// `ScannerDesk` gives.
struct FilterDesk: ~Copyable {
  let filter: Filter
  let scanner: Scanner
  /// A copy for this thread alone: threads that count references to one text wait for each other.
  private let ruleset: String
  var findings: [Finding] = []
  var gaps: [Gap] = []
  /// Whether a text was given up.
  private var isExhausted = false
  /// How many places were judged in all texts of the message.
  private var judgedCount = 0
  /// Whether a gap says that texts were left out for it.
  private var isFlooded = false
  /// The last name of a channel in which nothing was found: the next message is mostly of the same channel.
  private var cleanName: String?
  /// The last channel of that name: who compares it compares no letters.
  private var cleanChannel: SharedChannel?

  init(_ filter: Filter) {
    self.filter = filter
    self.scanner = Scanner(filter.rules, variant: filter.pass)
    scanner.leavesOutCovered = true
    ruleset = String(decoding: Array(filter.ruleset.utf8), as: UTF8.self)
  }

  mutating func review(_ message: Message) -> Review {
    begin(message)
    scanParts(of: message)
    return decide(message)
  }

  /// Judges a message; `nil` where there is nothing to say of it.
  mutating func remark(on message: Message) -> Review? {
    begin(message)
    scanParts(of: message)
    return findings.isEmpty && gaps.isEmpty ? nil : decide(message)
  }

  /// Judges a message that takes no more than so much effort a text; `nil` where one takes more.
  mutating func review(_ message: Message, effort: Int) -> Review? {
    scanner.effort = effort
    defer { scanner.effort = .max }
    begin(message)
    scanParts(of: message)
    return isExhausted ? nil : decide(message)
  }

  /// Forgets the last message.
  mutating func reset() {
    isExhausted = false
    judgedCount = 0
    isFlooded = false
    if !findings.isEmpty { findings.removeAll(keepingCapacity: true) }
    if !gaps.isEmpty { gaps.removeAll(keepingCapacity: true) }
  }

  mutating func begin(_ message: Message) {
    reset()
    if !message.gaps.isEmpty { gaps += message.gaps }
  }

  mutating func scanParts(of message: Message) {
    if let subject = message.subject { scan(subject.utf8.span, .subject, at: .subject) }
    message.withText(.body) { scan($0, .body, at: .body) }
    message.withText(.html) { html in
      let first = findings.count
      scan(html, .html, at: .html)
      if findings.count > first, first > 0 { dropTwins(from: first) }
    }
    if !message.isIn(cleanChannel) {
      if cleanName.map(message.isInChannel(named:)) != true { scanChannelName(of: message) }
      cleanChannel = cleanName == nil ? nil : message.sharedChannel
    }
    if message.isWithoutFiles { return }
    for index in message.attachments.indices {
      scan(
        message.attachments[index].name.utf8.span,
        .filename,
        at: Place(part: .attachment(index), role: .filename)
      )
    }
  }

  private mutating func scanChannelName(of message: Message) {
    guard let name = message.channel?.name else { return }
    let count = (findings.count, gaps.count, judgedCount)
    scan(name.utf8.span, .channel, at: .channel)
    let isClean = (findings.count, gaps.count, judgedCount) == count && !isExhausted
    cleanName = isClean ? name : nil
  }

  /// Scans a text of an attachment, unless those before it held more than is judged.
  mutating func scan(_ text: Span<UInt8>, _ place: Place) {
    if isFlooded { return }
    guard judgedCount < maxJudgedCount else {
      isFlooded = true
      let detail = "more than \(maxJudgedCount) places to judge; this text and later ones were not"
      return gaps.append(Gap(place: place, reason: .limit, detail: detail))
    }
    scan(text, place.role, at: place)
  }

  /// Scans a text; its place is made only where there is something to say of it.
  private mutating func scan(_ text: Span<UInt8>, _ role: Role, at place: @autoclosure () -> Place)
  {
    let limit = filter.limits.maxTextByteCount
    let seen = text.count > limit ? text.extracting(0..<limit) : text
    // A text after one that was given up is not looked at: the message is judged again.
    if isExhausted { return }
    // Nothing is asked of the scanner where there is nothing: each question looks whether two users collide in it.
    let isNoteworthy = scanner.scan(seen, role: role)
    if isNoteworthy {
      if scanner.isExhausted { isExhausted = true }
      judgedCount += scanner.judgements.count
    }
    if isNoteworthy || seen.count < text.count { note(seen, of: text.count, place()) }
  }

  /// How many places are judged in one message before its further texts become a gap: a packed file
  /// holds millions of markings, at some 100 µs each.
  private var maxJudgedCount: Int { 2 * filter.limits.maxFindingCount }

  /// Takes over what the scanner found in a text.
  private mutating func note(_ text: Span<UInt8>, of byteCount: Int, _ place: Place) {
    if text.count < byteCount {
      gaps.append(
        Gap(
          place: place,
          reason: .limit,
          detail: "\(byteCount) bytes of text; those after \(text.count) were not read"
        )
      )
    }
    for gap in scanner.gaps {
      gaps.append(Gap(place: place, reason: gap.reason, detail: gap.detail))
    }
    var lines = LineCounter()
    var count = 0
    // By reference: a judgement that is copied is references to count.
    let all = scanner.judgements
    let judgements = all.span
    for index in judgements.indices
    where judgements[index].markingLogit >= 0 && judgements[index].coveredBy == nil {
      guard count < filter.limits.maxFindingCount else {
        gaps.append(
          Gap(
            place: place,
            reason: .limit,
            detail: "more than \(filter.limits.maxFindingCount) findings; the rest is not reported"
          )
        )
        return
      }
      count += 1
      findings.append(
        FindingShape.finding(
          judgements[index],
          text,
          place,
          filter.rules,
          filter.authentication,
          &lines
        )
      )
    }
  }

  /// Drops the findings in the HTML body that the plain body holds in the same words: the two are
  /// one text said twice.
  private mutating func dropTwins(from first: Int) {
    var bodies = findings[..<first].filter { $0.place.part == .body }
    var kept = Array(findings[..<first])
    for finding in findings[first...] {
      let twin = bodies.firstIndex { $0.rule == finding.rule && $0.masked == finding.masked }
      if let twin { bodies.remove(at: twin) } else { kept.append(finding) }
    }
    findings = kept
  }

  func decide(_ message: Message) -> Review {
    if findings.isEmpty, gaps.isEmpty {
      return Review(
        id: message.id,
        verdict: .allow,
        level: .public,
        ruleset: ruleset
      )
    }
    let decision = filter.policy.conclude(
      findings: findings,
      gaps: gaps,
      channel: message.channel,
      sender: message.sender
    )
    var level = Level.public
    // By reference: a finding that is copied is a dozen references to count.
    let lent = findings.span
    for index in lent.indices where lent[index].usage == .applied {
      level = max(level, lent[index].level)
    }
    return Review(
      id: message.id,
      verdict: decision.verdict,
      level: level,
      findings: findings,
      gaps: gaps,
      tip: filter.tips[decision.tip],
      observed: decision.observed,
      mayOverride: decision.mayOverride,
      ruleset: ruleset
    )
  }
}

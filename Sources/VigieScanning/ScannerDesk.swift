import VigieCore
import VigiePatterns
import VigieRulebook
import VigieText
import VigieUnicode

/// The scratch memory of a scanner, and the work done in it.
///
/// A structure of its own, so that the run-time looks once a text whether two users collide in it,
/// not at every touch of a property of a class: that would be a fifth of the time of a message.
struct ScannerDesk: ~Copyable {
  let rules: CompiledRules
  let window: (count: Int, overlap: Int)
  var sweep: Sweep
  private var judge: Judge
  var decoder: Decoder
  private(set) var judgements: [Judgement] = []
  /// The matches of the last text as it was written of which some were left out, sorted: all of them may be weighed yet.
  private var written: [RawMatch] = []
  private(set) var gaps: [(reason: GapReason, detail: String)] = []
  /// Scratch memory for the parts of a text that may change to something that is found.
  var changedParts: [Range<Int>] = []
  /// Whether the text is longer than one block.
  var isLong = false
  /// How many places may be looked at in a text before it is given up.
  var effort = Int.max
  /// Whether matches are left out that a likely one covers for certain.
  var leavesOutCovered = false

  init(
    _ rules: CompiledRules,
    window: (count: Int, overlap: Int),
    maxMatchCount: Int,
    meter: SweepMeter?,
    variant: PassKernel.Variant
  ) {
    self.rules = rules
    self.window = window
    self.sweep = Sweep(rules, maxMatchCount: maxMatchCount, meter: meter, variant: variant)
    self.judge = Judge(rules)
    self.decoder = Decoder(rules.prefilter.signContexts)
  }

  /// What a place that is judged costs beside one that is looked at.
  ///
  /// *Source:* measured on floods of markings: the words and cues around a place take some twenty times as long as an
  /// expression.
  private static let judgingEffort = 20

  /// Whether the last text was given up: what was found in it is not all.
  var isExhausted: Bool { sweep.effort < 0 }

  /// Scans a text; says whether there is any judgement or gap to look at, or it was given up.
  mutating func scan(_ text: Span<UInt8>, role: Role) -> Bool {
    sweep.effort = effort
    if !judgements.isEmpty { judgements.removeAll(keepingCapacity: true) }
    if !gaps.isEmpty { gaps.removeAll(keepingCapacity: true) }
    if role == .html {
      decodeWindows(text, 0..<text.count, .everything, role: role)
    } else {
      sweep.run(text, role: role)
      if !sweep.isClean {
        weigh(text, role: role, regions: [], leavesOutCovered: leavesOutCovered)
      }
      guard sweep.signs.decoderSigns.mayNeedSteps else { return isNoteworthy() }
      let needs = DecodingNeeds(
        sweep.signs.decoderSigns,
        anchors: sweep.disguisedAnchors,
        places: sweep.areSignPlacesKnown ? sweep.signPlaces : nil,
        runs: sweep.areRunPlacesKnown ? sweep.runPlaces : nil,
        contexts: rules.prefilter.signContexts,
        text
      )
      guard !isExhausted, needs.steps.rawValue != 0 else { return isNoteworthy() }
      findChangedParts(of: text, needs, role)
      if !changedParts.isEmpty, !isExhausted {
        let count = judgements.count
        let isAllWeighed = count == 0 || judge.leftOutCount == 0
        for number in changedParts.indices {
          decodeWindows(text, changedParts[number], needs.steps, role: role)
        }
        if judgements.count > count, !isAllWeighed { weighAgain(text, role, count) }
      }
    }
    return isNoteworthy()
  }

  /// Weighs all matches of a text as it was written where some were left out, and something was found in what it
  /// changes to: that may cover what covered them.
  ///
  /// - Parameters:
  ///   - text: The text.
  ///   - role: What it is.
  ///   - count: How many of the judgements are of the text as it was written.
  private mutating func weighAgain(_ text: Span<UInt8>, _ role: Role, _ count: Int) {
    let later = Array(judgements[count...])
    judgements.removeAll(keepingCapacity: true)
    // What they cost was counted before.
    judge.judge(written, text, role: role, regions: [], leavesOutCovered: false, into: &judgements)
    judgements += later
  }

  /// Settles the judgements of a text; says whether there is anything to look at.
  private mutating func isNoteworthy() -> Bool {
    if judgements.isEmpty { return !gaps.isEmpty || isExhausted }
    settle()
    return true
  }

  /// What is sought in a decoded text.
  enum Sought {
    /// Markings, identifiers and credentials.
    case everything
    /// Markings; and identifiers and credentials that something was undone in: the others stand in the text as it
    /// was written.
    case changes
    /// Markings.
    case markings
    /// Markings in Greek or Cyrillic.
    case script
  }

  mutating func scanDecoded(
    _ original: Span<UInt8>,
    _ part: Range<Int>,
    role: Role,
    _ sought: Sought
  ) {
    let offset = part.lowerBound
    let bytes = decoder.text.bytes
    switch sought {
    case .everything, .changes: sweep.run(bytes.span, role: role)
    case .markings: sweep.run(bytes.span, role: role, seeksValues: false)
    case .script: sweep.runScript(bytes.span, role: role)
    }
    if !sweep.matches.isEmpty {
      var matches: [RawMatch] = []
      sweep.takeMatches { found in swap(&found, &matches) }
      if sought == .changes { matches.removeAll { isAsWritten($0) } }
      for index in matches.indices {
        matches[index].disguise.formUnion(disguise(of: matches[index].range, role: role))
      }
      sweep.takeMatches { found in swap(&found, &matches) }
    }
    let first = judgements.count
    weigh(bytes.span, role: role, regions: decoder.text.regions)
    for index in first..<judgements.count {
      let range = decoder.text.original(judgements[index].range)
      for number in judgements[index].caveatRanges.indices {
        let place = decoder.text.original(judgements[index].caveatRanges[number])
        judgements[index].caveatRanges[number] =
          (place.lowerBound + offset)..<(place.upperBound + offset)
      }
      for number in judgements[index].reasons.indices
      where !judgements[index].reasons[number].words.isEmpty {
        let place = decoder.text.original(judgements[index].reasons[number].words)
        judgements[index].reasons[number].words =
          (place.lowerBound + offset)..<(place.upperBound + offset)
      }
      judgements[index].range =
        (range.lowerBound + offset)..<endOfMarks(original, range.upperBound + offset)
    }
    dropEdges(first, part, original.count)
  }

  /// How far before a value the word that gives it away may be in disguise, bytes.
  private static let valueLead = 64

  /// Whether a match is an identifier or a credential in which nothing was undone, nor in the letters before it.
  ///
  /// Of tags and encodings only those within it count: without them a page of code is full of words before values.
  private func isAsWritten(_ match: RawMatch) -> Bool {
    guard rules.rules[match.rule].kind != .marking else { return false }
    guard decoder.text.decoding(in: match.range).isEmpty else { return false }
    let lead = max(0, match.range.lowerBound - ScannerDesk.valueLead)..<match.range.lowerBound
    return decoder.text.decoding(in: lead).isDisjoint(with: .ofLetters)
  }

  /// Drops the judgements near the edges of a window, which another window sees whole: with all
  /// the words around them.
  private mutating func dropEdges(_ first: Int, _ part: Range<Int>, _ count: Int) {
    let start = part.lowerBound == 0 ? 0 : part.lowerBound + window.overlap / 2
    let end = part.upperBound == count ? count : part.upperBound - window.overlap / 2
    guard first < judgements.count, start > 0 || end < count else { return }
    let kept = judgements[first...].filter { (start..<end).contains($0.range.lowerBound) }
    judgements.replaceSubrange(first..., with: kept)
  }

  /// The end of a match with the combining marks of its last letter, which decoding left out.
  private func endOfMarks(_ text: Span<UInt8>, _ end: Int) -> Int {
    var end = end
    while end < text.count {
      let unit = text.scalar(at: end)
      guard ScalarFold.kind(unit.value).contains(.mark) else { break }
      end += unit.length
    }
    return end
  }

  /// What decoding undid inside a match.
  private func disguise(of range: Range<Int>, role: Role) -> Disguise {
    let decoding = decoder.text.decoding(in: range)
    var disguise = decoding.disguise
    if decoding.contains(.tag) {
      // In HTML a tag between two words is layout; inside a word it parts it.
      let bytes = decoder.text.bytes.span
      for place in decoder.text.tagPlaces(in: range) {
        let isInWord =
          ScalarFold.isWord(bytes.scalar(at: place).value)
          && ScalarFold.isWord(bytes.scalar(before: place).value)
        if role != .html || isInWord { disguise.insert(.markupSplit) }
      }
    }
    return disguise
  }

  /// Weighs the matches of the last sweep.
  private mutating func weigh(
    _ text: Span<UInt8>,
    role: Role,
    regions: [MarkupRegion],
    leavesOutCovered: Bool = false
  ) {
    if let failure = sweep.failure {
      let rule = rules.rules[rules.patterns[failure.pattern].rule].id
      note(.ruleLimit, "a pattern of \(rule) went over its limits: \(failure.reason)")
    }
    if sweep.isTruncated {
      note(.limit, "more than \(sweep.maxMatchCount) places to judge; the rest was not judged")
    }
    guard !sweep.matches.isEmpty else { return }
    sweep.effort -= sweep.matches.count * ScannerDesk.judgingEffort
    guard !isExhausted else { return }
    var matches: [RawMatch] = []
    sweep.takeMatches { found in
      found.sort { left, right in
        (left.range.lowerBound, -left.range.upperBound, left.rule)
          < (right.range.lowerBound, -right.range.upperBound, right.rule)
      }
      var reach = 0
      var widest = 0..<0
      for index in found.indices {
        let range = found[index].range
        found[index].isCovered =
          range.upperBound <= reach && range.count < widest.count
        // What may be another word with a letter wrong covers none.
        if range.upperBound > reach, !found[index].disguise.contains(.misspelt) {
          reach = range.upperBound
          widest = range
        }
      }
      swap(&found, &matches)
    }
    let first = judgements.count
    judge.judge(
      matches,
      text,
      role: role,
      regions: regions,
      leavesOutCovered: leavesOutCovered,
      into: &judgements
    )
    judge.judgeTwins(text, from: first, &judgements)
    if leavesOutCovered, judge.leftOutCount > 0 { swap(&written, &matches) }
    sweep.takeMatches { found in
      matches.removeAll(keepingCapacity: true)
      swap(&found, &matches)
    }
  }

  /// Adds a gap, once for all views and windows of the text.
  private mutating func note(_ reason: GapReason, _ detail: String) {
    guard !gaps.contains(where: { $0.reason == reason && $0.detail == detail }) else { return }
    gaps.append((reason, detail))
  }

  /// Sorts the judgements, and lets of those that overlap the longest likely one stand.
  private mutating func settle() {
    // Most texts with a marking have one.
    if judgements.count == 1 { return consumeCaveats() }
    // A view nearer to the original comes first where all else is equal.
    for index in judgements.indices { judgements[index].order = index }
    judgements.sort { left, right in
      (left.range.lowerBound, -left.range.upperBound, left.rule, left.order)
        < (right.range.lowerBound, -right.range.upperBound, right.rule, right.order)
    }
    var start = 0
    while start < judgements.count {
      var end = start + 1
      var reach = judgements[start].range.upperBound
      while end < judgements.count, judgements[end].range.lowerBound < reach {
        reach = max(reach, judgements[end].range.upperBound)
        end += 1
      }
      if end - start > 1 { settle(cluster: start..<end) }
      start = end
    }
    consumeCaveats()
  }

  /// The most bytes between a marking and a caveat that is part of it: a dash, a line end.
  private static let caveatGap = 8

  /// How many markings before and after one may be its caveats: these stand within a few words of it.
  private static let caveatReach = 8

  /// Lets a marking that is only the caveat of another be no finding of its own.
  private mutating func consumeCaveats() {
    guard judgements.count > 1,
      judgements.indices.contains(where: { !judgements[$0].caveatRanges.isEmpty })
    else { return }
    // Only what stands counts: how many others were weighed there must make no difference.
    let standing = judgements.indices.filter {
      judgements[$0].isLikely && judgements[$0].coveredBy == nil
    }
    for (number, index) in standing.enumerated()
    where !judgements[index].caveatRanges.isEmpty && judgements[index].coveredBy == nil {
      let (range, rule) = (judgements[index].range, judgements[index].rule)
      let near = standing[
        max(
          0,
          number - ScannerDesk.caveatReach
        )..<min(
          standing.count,
          number + ScannerDesk.caveatReach + 1
        )
      ]
      for caveat in judgements[index].caveatRanges
      where caveat.lowerBound <= range.upperBound + ScannerDesk.caveatGap
        && range.lowerBound <= caveat.upperBound + ScannerDesk.caveatGap
      {
        for other in near
        where other != index && judgements[other].coveredBy == nil
          && judgements[other].range.lowerBound >= caveat.lowerBound
          && judgements[other].range.upperBound <= caveat.upperBound
        {
          judgements[other].coveredBy = rule
        }
      }
    }
  }

  private mutating func settle(cluster: Range<Int>) {
    for index in cluster { judgements[index].order = index }
    let order = cluster.filter { judgements[$0].isLikely }
      .sorted { Judgement.stands(judgements[$0], before: judgements[$1]) }
    var kept: [Int] = []
    for index in order {
      if let winner = kept.first(where: { judgements[$0].range.overlaps(judgements[index].range) })
      {
        judgements[index].coveredBy = judgements[winner].rule
      } else {
        kept.append(index)
      }
    }
  }
}

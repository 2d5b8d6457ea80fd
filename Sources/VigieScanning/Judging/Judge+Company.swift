import VigieCore
import VigieRulebook
import VigieText
import VigieUnicode

/// Other markings nearby, quotation, code, templates, and what a text is.
extension Judge {
  mutating func weighCompany(
    _ index: Int,
    _ near: ArraySlice<RawMatch>,
    _ text: Span<UInt8>,
    _ line: LineLayout,
    _ rule: CompiledRule
  ) {
    let match = near[index]
    var levels = 1 << rule.level.rawValue
    // Rules of several schemes may see one word: it is of one of them.
    var schemes = InlineArray<3, (scheme: Int, range: Range<Int>)>(
      repeating: (rule.schemeNumber, match.range)
    )
    var schemeCount = 1
    var isRepeated = false
    var hasCompany = false
    for place in near.indices where place != index {
      let other = near[place]
      if other.isCovered || other.range.overlaps(match.range) { continue }
      let otherRule = rules.rules[other.rule]
      if otherRule.kind != .marking { continue }
      if other.rule == match.rule { isRepeated = true }
      let distance = max(
        other.range.lowerBound - match.range.upperBound,
        match.range.lowerBound - other.range.upperBound
      )
      if distance > Judge.companyReach { continue }
      if other.rule != match.rule, otherRule.level == rule.level { hasCompany = true }
      if StampPosition.isBracketed(text, other.range) { continue }
      levels |= 1 << otherRule.level.rawValue
      // Three are as good as many.
      if schemeCount == schemes.count { continue }
      var isKnown = false
      for number in 0..<schemeCount where schemes[number].range.overlaps(other.range) {
        isKnown = true
      }
      if isKnown { continue }
      if let number = (0..<schemeCount).first(where: {
        schemes[$0].scheme == otherRule.schemeNumber
      }) {
        schemes[number].range = other.range
      } else {
        schemes[schemeCount] = (otherRule.schemeNumber, other.range)
        schemeCount += 1
      }
    }
    if isRepeated { see(.repeated, rule) }
    if hasCompany { see(.otherMarking, rule) }
    if isDefined(match, near, text, line, rule) { see(.defined, rule) }
    if isOfRow(index, near, text, line) {
      see(.ofRow, rule)
      return
    }
    // The levels of one scheme, or what one level is called in several.
    if levels.nonzeroBitCount >= 3 || schemeCount == schemes.count,
      !Portions.isPortion(text, match.range, line: line.range)
    {
      see(.legend, rule)
    }
  }

  /// Whether a match is all of a cell of a row that names a thing before it, and no other marking: a list of marked
  /// things; in a legend the levels come first, or several stand in one row.
  private func isOfRow(
    _ index: Int,
    _ near: ArraySlice<RawMatch>,
    _ text: Span<UInt8>,
    _ line: LineLayout
  ) -> Bool {
    let match = near[index]
    guard signs.mayHold(0x7C) else { return false }
    var start = match.range.lowerBound
    while start > line.range.lowerBound, text[start - 1] == 0x20 { start -= 1 }
    guard start > line.range.lowerBound, text[start - 1] == 0x7C else { return false }
    var end = match.range.upperBound
    while end < line.range.upperBound, text[end] == 0x20 { end += 1 }
    guard end == line.range.upperBound || text[end] == 0x7C || text[end] == 0x0D else {
      return false
    }
    if near.contains(where: {
      !$0.isCovered && !$0.range.overlaps(match.range) && line.range.contains($0.range.lowerBound)
    }) {
      return false
    }
    let first = firstWord(after: line.range.lowerBound)
    return (first..<firstWord(after: match.range.lowerBound)).contains {
      words.words[$0].letters.count >= Judge.thingCount
    }
  }

  /// The least letters of a word that names a thing in a table: a number or a letter only counts the rows.
  private static let thingCount = 4

  /// The most bytes between a marking and what stands for it, the sign between them included.
  private static let definedCount = 8

  /// Whether a sign of equality joins the match and another form of the same level, or a colon one of
  /// the same scheme: a glossary.
  private func isDefined(
    _ match: RawMatch,
    _ near: ArraySlice<RawMatch>,
    _ text: Span<UInt8>,
    _ line: LineLayout,
    _ rule: CompiledRule
  ) -> Bool {
    near.contains { other in
      guard !other.range.overlaps(match.range), line.range.contains(other.range.lowerBound),
        rules.rules[other.rule].level == rule.level
      else { return false }
      let gap =
        other.range.lowerBound >= match.range.upperBound
        ? match.range.upperBound..<other.range.lowerBound
        : other.range.upperBound..<match.range.lowerBound
      guard gap.count <= Judge.definedCount else { return false }
      let isOwn = rules.rules[other.rule].schemeNumber == rule.schemeNumber
      return gap.contains { text[$0] == 0x3D || isOwn && text[$0] == 0x3A }
    }
  }

  // MARK: Quotation, code, templates

  mutating func quotation(
    _ match: RawMatch,
    _ text: Span<UInt8>,
    _ line: LineLayout,
    _ role: Role,
    _ regions: [MarkupRegion],
    _ place: Range<Int>,
    _ near: Range<Int>,
    _ rule: CompiledRule
  ) {
    var isCode = false
    var isQuoteLine = false
    for region in regions where region.range.overlaps(match.range) {
      switch region.kind {
      case .code: isCode = true
      case .quotation: isQuoteLine = true
      case .term: break
      }
    }
    if role != .filename, role != .header, role != .footer {
      if signs.mayHoldQuotation,
        let quoted = Quotation.quoted(text, match.range, line: line.range)
      {
        // A quotation that holds more than the marking may be the marked text itself; a string of JSON quotes nothing.
        let isAlone = isAlone(quoted, match.range)
        if !isAlone || !isField && !Quotation.isValue(text, quoted, line: line.range) {
          see(isAlone ? .quoted : .quotation, rule)
        }
      }
      if isQuoteLine || signs.mayHold(0x3E) && Quotation.isQuoteLine(text, line: line.range) {
        see(.quoteLine, rule)
      }
      if isCode
        || Quotation.isCode(
          text,
          match.range,
          line: line.range,
          signs,
          isValue: isField,
          isFileName: isInFileName(text, match.range)
        )
      {
        see(.code, rule)
      }
      switch signs.mayHoldBox ? TickBox.state(text, match.range, line: line.range) : nil {
      case .ticked: see(.ticked, rule)
      case .empty: see(.unticked, rule)
      case nil:
        if isPlaceholder(match.range, text, line.range) { see(.placeholder, rule) }
      }
      if Quotation.isForwarded(text, line: line.range, signs) { see(.forwarded, rule) }
    }
    if isQuestion(place), !headsText(rule) {
      see(.question, rule)
      if Neighbourhood.questionMark(text, after: match.range, line: line.range) {
        see(.questioned, rule)
      }
    }
    if isBoilerplate(near) { see(.boilerplate, rule) }
  }

  /// Whether something is to be filled in on the line of a match; dots that lead to it are filled in.
  private func isPlaceholder(
    _ match: Range<Int>,
    _ text: Span<UInt8>,
    _ line: Range<Int>
  ) -> Bool {
    guard signs.hold(.placeholder, text, line) else { return false }
    guard let leader = Quotation.leader(text, match, line: line) else { return true }
    return signs.hold(.placeholder, text, line.lowerBound..<leader)
      || signs.hold(.placeholder, text, match.upperBound..<line.upperBound)
  }

  /// Whether the match was seen as the mark of what follows: a portion mark, a heading.
  ///
  /// A question behind it asks something else: *[DR] Can you confirm the time?*
  private func headsText(_ rule: CompiledRule) -> Bool {
    hasSeen(.portion) || hasSeen(.heading)
  }

  private func hasSeen(_ kind: StructuralEvidence) -> Bool {
    evidence.number(of: kind).map(sums.hasSeen) ?? false
  }

  /// Whether a match is all of the term that a glossary explains.
  func isTerm(_ regions: [MarkupRegion], _ match: Range<Int>) -> Bool {
    regions.contains {
      $0.kind == .term && $0.range.overlaps(match) && !hasOthers($0.range, match)
    }
  }

  /// Whether words stand in a run of the text that are none of the match.
  private func hasOthers(_ run: Range<Int>, _ match: Range<Int>) -> Bool {
    var index = firstWord(after: run.lowerBound)
    while index < words.words.count, words.words[index].range.lowerBound < run.upperBound {
      if !words.words[index].range.overlaps(match) { return true }
      index += 1
    }
    return false
  }

  /// The most words in quotation marks beside a marking that is quoted as a word.
  static let quotedWordCount = 2

  /// Whether the quotation marks are those of the marking, with an article or a noun at most.
  func isAlone(_ quoted: Range<Int>, _ match: Range<Int>) -> Bool {
    var others = 0
    var index = firstWord(after: quoted.lowerBound)
    while index < words.words.count, words.words[index].range.lowerBound < quoted.upperBound {
      if !words.words[index].range.overlaps(match) { others += 1 }
      index += 1
    }
    return others <= Judge.quotedWordCount
  }

  /// Whether the sentence of the match ends in a question mark.
  func isQuestion(_ place: Range<Int>) -> Bool {
    var index = place.upperBound
    while index < words.words.count {
      if words.words[index].before >= .sentence { return words.words[index].followsQuestion }
      index += 1
    }
    return words.endsInQuestion
  }

  /// Finds the places of words that only such footers hold.
  mutating func readBoilerplate() {
    boilerplate.removeAll(keepingCapacity: true)
    // Three of them are asked for, which no two words start.
    let grammar = evidence.grammar
    grammar.footers.find(in: words, into: &boilerplate)
    if boilerplate.count < 3 || grammar.footerStarts.startCount(in: words) < 3 {
      boilerplate.removeAll(keepingCapacity: true)
    }
  }

  /// Whether words of three kinds that only such footers hold stand within reach.
  func isBoilerplate(_ near: Range<Int>) -> Bool {
    guard boilerplate.count >= 3 else { return false }
    var kinds: Set<Int> = []
    for hit in boilerplate where near.contains(hit.words.lowerBound) { kinds.insert(hit.evidence) }
    return kinds.count >= 3
  }
}

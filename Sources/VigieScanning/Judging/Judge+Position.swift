import VigieCore
import VigieRulebook
import VigieText
import VigieUnicode

/// The form of a match, its place on its line, and the caveats beside it.
extension Judge {
  mutating func letterCase(
    _ match: RawMatch,
    _ text: Span<UInt8>,
    _ place: Range<Int>,
    _ rule: CompiledRule
  ) {
    switch match.letterCase {
    case .upper:
      see(.allCaps, rule)
      if standsOut(text, place) { see(.standsOut, rule) }
    case .title: see(.titleCase, rule)
    case .lower: see(.lowerCase, rule)
    case .mixed: break
    }
  }

  mutating func position(
    _ match: RawMatch,
    _ text: Span<UInt8>,
    _ line: LineLayout,
    _ role: Role,
    _ place: Range<Int>,
    isTerm: Bool,
    _ rule: CompiledRule
  ) {
    switch role {
    case .filename: see(.filename, rule)
    case .subject: see(.subject, rule)
    case .channel: see(.channelName, rule)
    case .header: see(.header, rule)
    case .footer: see(.footer, rule)
    case .label, .metadata: see(.label, rule)
    default: break
    }
    let isBracketed = StampPosition.isBracketed(text, match.range)
    if isBracketed { see(.bracketed, rule) }
    if Portions.isPortion(text, match.range, line: line.range) {
      see(.portion, rule)
      let portions = Portions.count(text, around: match.range.lowerBound)
      if portions.own >= 2 { see(.secondPortion, rule) }
      if portions.foreign * Judge.foreignShare > portions.own { see(.foreignPortion, rule) }
    }
    guard role != .filename, role != .channel, role != .label, role != .metadata else { return }
    let others = otherWords(line, match.range, text, rule)
    let isAfterSeparator = Neighbourhood.separator(text, before: match.range, line: line.range)
    let isBeforeSeparator = Neighbourhood.separator(text, after: match.range, line: line.range)
    if isTerm {
      see(.entry, rule)
    } else if signs.mayHold(0x7C), line.isTableRow(text) {
      // The place in a cell says little: tables list marked documents, and markings. The first cell of a
      // row says what the row is about.
      if !isBracketed, line.isRowHead(text, match.range) { see(.entry, rule) }
    } else if !others.before, !others.after, line.hasStart, line.hasEnd {
      see(.ownLine, rule)
    } else if !others.before, line.hasStart {
      see(.lineStart, rule)
      if isBeforeSeparator { see(.heading, rule) }
    } else if !others.after, line.hasEnd, isAfterSeparator {
      see(.trailing, rule)
    }
    if others.before, others.after {
      if !isBracketed, !isAfterSeparator, !isBeforeSeparator, !isField, isMidSentence(place) {
        see(.midSentence, rule)
      }
      if isAfterSeparator, isBeforeSeparator { see(.setOff, rule) }
    }
    if signs.mayLaugh, Neighbourhood.isLaughing(text, line: line.range) { see(.laughing, rule) }
    if signs.mayHoldColon, Neighbourhood.colon(text, before: match.range, line: line.range) {
      see(.afterColon, rule)
    }
    // A text of one line has no first and no last one: these are places of a page.
    let isFirst = line.isFirst(text)
    let isLast = line.isLast(text)
    if isFirst, !isLast, !isTerm { see(.firstLine, rule) }
    if isLast, !isFirst { see(.lastLine, rule) }
  }

  /// Up to how many marks of portions for one letter that is none: a page of paragraphs may have a list with letters.
  private static let foreignShare = 4

  /// How many words on either side are looked at for their letters.
  private static let surroundingCount = 4

  /// Whether the words on either side, which no paragraph parts from the match, are in small letters:
  /// three of them at least, and three times as many as those in capitals.
  private func standsOut(_ text: Span<UInt8>, _ place: Range<Int>) -> Bool {
    guard place.upperBound <= words.words.count, !place.isEmpty else { return false }
    var small = 0
    var capital = 0
    var index = place.lowerBound - 1
    while index >= max(0, place.lowerBound - Judge.surroundingCount),
      words.words[index + 1].before < .paragraph
    {
      countLetters(text, words.words[index].range, &small, &capital)
      index -= 1
    }
    index = place.upperBound
    while index < min(words.words.count, place.upperBound + Judge.surroundingCount),
      words.words[index].before < .paragraph
    {
      countLetters(text, words.words[index].range, &small, &capital)
      index += 1
    }
    return small >= 3 && small >= capital * 3
  }

  /// Counts a word as one with small letters or as one of capitals; a single letter is neither.
  private func countLetters(
    _ text: Span<UInt8>,
    _ word: Range<Int>,
    _ small: inout Int,
    _ capital: inout Int
  ) {
    var capitals = 0
    var index = word.lowerBound
    while index < word.upperBound {
      let byte = text[index]
      if byte < 0x80 {
        if byte &- 0x61 < 26 {
          small += 1
          return
        }
        if byte &- 0x41 < 26 { capitals += 1 }
        index += 1
        continue
      }
      let unit = text.scalar(at: index)
      let entry = ScalarFold.entry(unit.value)
      if entry.isLowercase {
        small += 1
        return
      }
      if entry.isUppercase { capitals += 1 }
      index += unit.length
    }
    if capitals > 1 { capital += 1 }
  }

  /// Whether words of the same sentence stand on both sides.
  func isMidSentence(_ place: Range<Int>) -> Bool {
    place.lowerBound > 0 && place.upperBound < words.words.count
      && words.words[place.lowerBound].before < .sentence
      && words.words[place.upperBound].before < .sentence
  }

  /// Whether words of the line that belong to no marking and to no caveat stand before and after the match.
  func otherWords(
    _ line: LineLayout,
    _ range: Range<Int>,
    _ text: Span<UInt8>,
    _ rule: CompiledRule
  ) -> (before: Bool, after: Bool) {
    // Asked for once: each time counts a reference.
    let caveatWords = rule.hasCaveats ? rule.caveatWords : nil
    var before = false
    var index = firstWord(after: line.range.lowerBound)
    while index < words.words.count {
      let word = words.words[index].range
      if word.lowerBound >= line.range.upperBound { break }
      if let length = caveatWords?.wordCount(in: words, at: index) {
        index += length
        continue
      }
      if words.words[index].isNumber || word.overlaps(range) || isMarked(index) {
        index += 1
        continue
      }
      if word.upperBound > range.lowerBound {
        return (before, !isPageNumber(from: index, line.range, text, apart: range))
      }
      if !before,
        isPageNumber(from: index, line.range.lowerBound..<range.lowerBound, text, apart: range)
      {
        index = firstWord(after: range.lowerBound)
        continue
      }
      before = true
      index += 1
    }
    return (before, false)
  }

  /// The fewest blanks that part the number of a page from a marking in the same line of a header or footer.
  private static let pageGapCount = 3
  /// The most words of such a number: *Page 2 of 7*.
  private static let pageWordCount = 4

  /// Whether the words from one on, to the end of their part of a line, are the number of a page in whatever language, set
  /// apart from the marking: *VERTRAULICH      Seite 1/2*.
  private func isPageNumber(
    from first: Int,
    _ part: Range<Int>,
    _ text: Span<UInt8>,
    apart range: Range<Int>
  ) -> Bool {
    var last = first
    var nameCount = 0
    while last < words.words.count, words.words[last].range.lowerBound < part.upperBound {
      if !words.words[last].isNumber { nameCount += 1 }
      last += 1
      if last - first > Judge.pageWordCount || nameCount > 2 { return false }
    }
    guard last - first >= 2, words.words[first + 1].isNumber, words.words[last - 1].isNumber else {
      return false
    }
    let isBehind = words.words[first].range.lowerBound >= range.upperBound
    let start = isBehind ? range.upperBound : words.words[last - 1].range.upperBound
    let end = isBehind ? words.words[first].range.lowerBound : range.lowerBound
    // A match may begin within the number: nothing parts the two.
    guard start < end else { return false }
    let gap = start..<end
    return gap.contains { text[$0] == 0x09 }
      || gap.count >= Judge.pageGapCount && gap.allSatisfy { text[$0] == 0x20 }
  }

  /// Whether a marking overlaps a word.
  private func isMarked(_ word: Int) -> Bool {
    marked[word >> 6] >> UInt64(word & 63) & 1 != 0
  }

  /// Notes the words at hand that markings overlap.
  mutating func mark(_ matches: ArraySlice<RawMatch>) {
    marked.removeAll(keepingCapacity: true)
    for _ in 0..<(words.words.count + 63) / 64 { marked.append(0) }
    for match in matches where isMarking(match) {
      for word in wordRange(of: match.range) { marked[word >> 6] |= 1 << UInt64(word & 63) }
    }
  }

  /// Whether a match is of a marking: a number or a secret on its line is a word like others.
  private func isMarking(_ match: RawMatch) -> Bool {
    rules.rules[match.rule].kind == .marking
  }

  /// The first word that ends after a byte.
  func firstWord(after byte: Int) -> Int {
    var low = 0
    var high = words.words.count
    while low < high {
      let middle = (low + high) / 2
      if words.words[middle].range.upperBound > byte { high = middle } else { low = middle + 1 }
    }
    return low
  }

  /// The words that a range of the text overlaps.
  func wordRange(of range: Range<Int>) -> Range<Int> {
    let first = firstWord(after: range.lowerBound)
    var last = first
    while last < words.words.count, words.words[last].range.lowerBound < range.upperBound {
      last += 1
    }
    return first..<last
  }

  /// The caveats of a rule in the match or right beside it.
  func caveats(
    of rule: CompiledRule,
    _ place: Range<Int>
  ) -> [(number: Int, range: Range<Int>)] {
    guard rule.hasCaveats else { return [] }
    let caveatWords = rule.caveatWords
    var found: [(number: Int, range: Range<Int>)] = []
    for index in max(0, place.lowerBound - 4)..<min(words.words.count, place.upperBound + 7) {
      if index >= place.upperBound, words.words[index].before == .paragraph { break }
      guard caveatWords.mayStand(in: words, at: index) else { continue }
      for (number, caveat) in rule.caveats.enumerated()
      where !found.contains(where: { $0.number == number }) {
        guard let pattern = caveat.words.first(where: { $0.matches(words, at: index) }) else {
          continue
        }
        let last = words.words[index + pattern.hashes.count - 1]
        found.append((number, words.words[index].range.lowerBound..<last.range.upperBound))
      }
    }
    return found
  }
}

import VigieCore
import VigieRulebook
import VigieText
import VigieUnicode

/// What a text is made of beside its words: figures, addresses, questions, pictures of paper clips.
///
/// Marked content is full of these, talk about markings is not.
extension Judge {
  /// From how many figures on, after the match in its sentence, or around it, a text holds content.
  static let figureCounts = (after: 2, around: 5)
  /// How many words may stand between a match and the colon that announces what is marked.
  static let announcedWordCount = 6

  mutating func content(
    _ text: Span<UInt8>,
    _ match: Range<Int>,
    _ place: Range<Int>,
    _ near: Range<Int>,
    _ role: Role,
    _ rule: CompiledRule
  ) {
    if place.lowerBound == 0, words.range.lowerBound == 0 { see(.textStart, rule) }
    if hasFigures(place, near) { see(.figures, rule) }
    if hasIndicators(near) { see(.indicators, rule) }
    if signs.mayHold(0x3A), announces(text, match, place) { see(.announces, rule) }
    if isAsked(near), !isQuestion(place) { see(.asked, rule) }
    if signs.mayHold(0xF0), isPictured(text, match) { see(.pictured, rule) }
    if role != .filename, isInFileName(text, match) { see(.fileNamed, rule) }
  }

  /// Whether any sentence within reach is a question.
  private func isAsked(_ near: Range<Int>) -> Bool {
    if words.endsInQuestion, near.upperBound == words.words.count { return true }
    guard signs.mayHoldQuestion else { return false }
    for index in near where words.words[index].followsQuestion { return true }
    return false
  }

  /// Notes the words at hand that are figures, and those where an address or a digest stands.
  mutating func readFigures(_ text: Span<UInt8>) {
    figures.removeAll(keepingCapacity: true)
    indicators.removeAll(keepingCapacity: true)
    for index in words.words.indices {
      let own = words.words[index].letters
      let first = words.letters[own.lowerBound]
      if first < 0x3A, isFigure(index) { figures.append(index) }
      // An address is four numbers.
      let mayBeIndicator =
        words.words[index].isNumber
        ? index + 3 < words.words.count && words.words[index + 1].isNumber || own.count >= 32
        : first == UInt8(ascii: "h") || own.count >= 32
      if mayBeIndicator, let count = indicatorCount(text, index) {
        indicators.append(index..<index + count)
      }
    }
  }

  /// Whether numbers that are no years follow the match, or stand around it in great number.
  private func hasFigures(_ place: Range<Int>, _ near: Range<Int>) -> Bool {
    var around = 0
    var after = 0
    for index in figures where near.contains(index) && !place.contains(index) {
      around += 1
      if index >= place.upperBound, isSameSentence(place.upperBound...index) { after += 1 }
    }
    return after >= Judge.figureCounts.after || around >= Judge.figureCounts.around
  }

  private func isSameSentence(_ run: ClosedRange<Int>) -> Bool {
    for index in run where words.words[index].before >= .sentence { return false }
    return true
  }

  /// Whether a word that starts with a digit is no year and no regulation on markings.
  private func isFigure(_ word: Int) -> Bool {
    let letters = words.words[word].letters
    if letters.count == 4 {
      let century = (words.letters[letters.lowerBound], words.letters[letters.lowerBound + 1])
      if century == (0x31, 0x39) || century == (0x32, 0x30) { return false }
    }
    return letters.count > 5 || !evidence.grammar.has(.regulationNumber, words.hash(of: word))
  }

  /// Whether an address of the internet or a digest stands within reach: what an alert is about.
  private func hasIndicators(_ near: Range<Int>) -> Bool {
    indicators.contains { near.contains($0.lowerBound) && $0.upperBound <= near.upperBound }
  }

  /// How many words an address of the internet or a digest takes that starts at a word, or `nil`.
  private func indicatorCount(_ text: Span<UInt8>, _ index: Int) -> Int? {
    let word = words.words[index]
    let letters = words.letters[word.letters]
    if letters.count >= 32, letters.allSatisfy(Judge.isHex) { return 1 }
    if letters.starts(with: "hxxp".utf8) { return 1 }
    // Four numbers with nothing but a full stop, or one in brackets, between.
    guard word.isNumber, word.letters.count <= 3, index + 3 < words.words.count else { return nil }
    let isAddress = (index + 1...index + 3).allSatisfy { part in
      let gap = words.words[part - 1].range.upperBound..<words.words[part].range.lowerBound
      return words.words[part].isNumber && words.words[part].letters.count <= 3
        && isStop(text, gap)
    }
    return isAddress ? 4 : nil
  }

  /// Whether a gap is a full stop, or one in brackets: a date and a time have other signs between.
  private func isStop(_ text: Span<UInt8>, _ gap: Range<Int>) -> Bool {
    (gap.count == 1 || gap.count == 3) && text[gap.lowerBound + gap.count / 2] == 0x2E
  }

  private static func isHex(_ letter: UInt8) -> Bool {
    (0x30...0x39).contains(letter) || (0x61...0x66).contains(letter)
  }

  /// Whether a colon follows within a few words of the sentence, with something after it.
  private func announces(_ text: Span<UInt8>, _ match: Range<Int>, _ place: Range<Int>) -> Bool {
    var index = place.upperBound
    let end = min(words.words.count, index + Judge.announcedWordCount + 1)
    var from = match.upperBound
    while index < end {
      let word = words.words[index]
      if hasColon(text, from..<word.range.lowerBound) { return true }
      if word.before >= .sentence { return false }
      from = word.range.upperBound
      index += 1
    }
    return false
  }

  /// Whether a colon with white space after it stands in a gap between words.
  private func hasColon(_ text: Span<UInt8>, _ gap: Range<Int>) -> Bool {
    guard gap.lowerBound < gap.upperBound else { return false }
    for index in gap where text[index] == 0x3A {
      return index + 1 < text.count && text[index + 1] <= 0x20
    }
    return false
  }

  /// How far on either side of a match a picture of an attachment is sought, bytes.
  private static let pictureReach = 200

  /// Whether a paper clip, a page or a camera is drawn nearby.
  private func isPictured(_ text: Span<UInt8>, _ match: Range<Int>) -> Bool {
    var index = text.unitEdge(atOrBefore: match.lowerBound - Judge.pictureReach)
    let end = min(text.count, match.upperBound + Judge.pictureReach)
    while index < end {
      // All of them start with F0 9F.
      guard text[index] == 0xF0 else {
        index += 1
        continue
      }
      let unit = text.scalar(at: index)
      switch unit.value {
      // Paper clips, pages, folders, camera, framed picture.
      case 0x1F4CE, 0x1F587, 0x1F4C4, 0x1F4C3, 0x1F4D1, 0x1F4C1, 0x1F4C2, 0x1F4F7, 0x1F5BC:
        return true
      default: index += unit.length
      }
    }
    return false
  }
}

import VigieCore
import VigieRulebook
import VigieText

/// Lines that say the same: the foot of a page repeats its head, far from what tells whose marking it is.
extension Judge {
  /// The most lines that are judged as one other is: a flood of them is as good as a few hundred.
  private static let maxTwinCount = 256
  /// The most different lines that are looked for: a page has a head, a foot and a stamp.
  private static let maxLineCount = 8

  /// Judges lines that are all a likely marking is, byte for byte, as that one was.
  ///
  /// Rules of words that several countries have, *CONFIDENTIEL*, ask for words near them that tell which it is, and the
  /// last line of a document has none.
  ///
  /// - Parameters:
  ///   - text: The view in which the judgements stand.
  ///   - first: The number of the first of its judgements.
  ///   - judgements: Judgements, to which those of other lines are added; unlikely ones of the same rule become likely.
  mutating func judgeTwins(
    _ text: Span<UInt8>,
    from first: Int,
    _ judgements: inout [Judgement]
  ) {
    guard let ownLine = evidence.number(of: .ownLine) else { return }
    var done: [(rule: Int, words: Range<Int>)] = []
    let known = first..<judgements.count
    for number in known
    where judgements[number].isLikely
      && judgements[number].reasons.contains(where: { $0.evidence == ownLine })
    {
      let (rule, range) = (judgements[number].rule, judgements[number].range)
      let isDone = done.contains {
        $0.rule == rule && $0.words.count == range.count && isSame(text, $0.words, range)
      }
      // What shows in a line holds for all that are the same.
      guard !isDone, done.count < Judge.maxLineCount, isLine(text, range) else { continue }
      done.append((rule, range))
      var place = 0
      var count = 0
      while count < Judge.maxTwinCount, let twin = nextLine(text, range, from: place) {
        place = twin.upperBound
        if twin != range, add(twin, of: number, known, &judgements) { count += 1 }
      }
    }
  }

  /// Judges a place as another one was, unless it was found likely by itself.
  ///
  /// - Parameters:
  ///   - range: The place.
  ///   - number: The number of the other judgement.
  ///   - known: The numbers of all that were made of matches, in the order in which these start.
  ///   - judgements: The judgements.
  /// - Returns: Whether it did.
  private func add(
    _ range: Range<Int>,
    of number: Int,
    _ known: Range<Int>,
    _ judgements: inout [Judgement]
  ) -> Bool {
    let own = place(of: judgements[number].rule, range, known, judgements)
    if let own, judgements[own].isLikely { return false }
    var twin = judgements[number]
    let distance = range.lowerBound - twin.range.lowerBound
    // What stands beside the one need not stand beside the other.
    let kept = twin.caveats.indices.filter {
      twin.range.lowerBound <= twin.caveatRanges[$0].lowerBound
        && twin.caveatRanges[$0].upperBound <= twin.range.upperBound
    }
    twin.caveats = kept.map { twin.caveats[$0] }
    twin.caveatRanges = kept.map {
      (twin.caveatRanges[$0].lowerBound + distance)..<(twin.caveatRanges[$0].upperBound + distance)
    }
    twin.range = range
    // Nor does it stand in the same place of the page.
    for kind in [StructuralEvidence.firstLine, .textStart, .lastLine] {
      guard let number = evidence.number(of: kind),
        let reason = twin.reasons.firstIndex(where: { $0.evidence == number })
      else { continue }
      twin.markingLogit -= twin.reasons[reason].marking
      twin.usageLogit -= twin.reasons[reason].usage
      twin.reasons.remove(at: reason)
    }
    guard twin.isLikely else { return false }
    if let own {
      judgements[own] = twin
    } else {
      judgements.append(twin)
    }
    return true
  }

  /// The number of the judgement of a rule about a range, among some in the order in which these start.
  private func place(
    of rule: Int,
    _ range: Range<Int>,
    _ known: Range<Int>,
    _ judgements: [Judgement]
  ) -> Int? {
    var (low, high) = (known.lowerBound, known.upperBound)
    while low < high {
      let middle = (low + high) / 2
      if judgements[middle].range.lowerBound < range.lowerBound {
        low = middle + 1
      } else {
        high = middle
      }
    }
    while low < known.upperBound, judgements[low].range.lowerBound == range.lowerBound {
      if judgements[low].rule == rule, judgements[low].range == range { return low }
      low += 1
    }
    return nil
  }

  /// Whether nothing but blanks stands beside some bytes in their line.
  private func isLine(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
    var start = range.lowerBound
    while start > 0, isBlank(text[start - 1]) { start -= 1 }
    guard start == 0 || LineLayout.isLineEnd(text[start - 1]) else { return false }
    var end = range.upperBound
    while end < text.count, isBlank(text[end]) { end += 1 }
    return end == text.count || LineLayout.isLineEnd(text[end])
  }

  /// The next line that is some bytes of the text.
  private func nextLine(
    _ text: Span<UInt8>,
    _ range: Range<Int>,
    from place: Int
  ) -> Range<Int>? {
    var start = place
    while start + range.count <= text.count {
      while start < text.count, LineLayout.isLineEnd(text[start]) || isBlank(text[start]) {
        start += 1
      }
      let twin = start..<(start + range.count)
      if twin.upperBound <= text.count, isSame(text, twin, range), isLine(text, twin) {
        return twin
      }
      start = text.lineEnd(from: start)
    }
    return nil
  }

  private func isSame(_ text: Span<UInt8>, _ first: Range<Int>, _ second: Range<Int>) -> Bool {
    first.count == second.count
      && first.indices.allSatisfy { text[$0] == text[$0 - first.lowerBound + second.lowerBound] }
  }

  private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}

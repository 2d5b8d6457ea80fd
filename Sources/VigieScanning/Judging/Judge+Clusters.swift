import VigieCore
import VigieRulebook
import VigieText

/// Matches that overlap, of which one will stand: what a heavier one covers for certain need not be weighed.
extension Judge {
  /// Weighs matches that overlap, the heaviest first, and leaves out those that a likely heavier one covers.
  ///
  /// - Parameters:
  ///   - cluster: Their numbers.
  ///   - matches: All matches of the text.
  ///   - text: The text as it was written.
  ///   - role: What the text is.
  ///   - judgements: Where to add them, in text order.
  mutating func judge(
    cluster: Range<Int>,
    _ matches: [RawMatch],
    _ text: Span<UInt8>,
    role: Role,
    into judgements: inout [Judgement]
  ) {
    readWords(text, around: cluster.lowerBound, matches)
    // What is at hand depends on the match that asked for it first: it must serve all of them.
    guard cluster.count > 1, holdsWords(of: matches[cluster]) else {
      for index in cluster {
        judgements.append(judge(index, matches, text, role: role, regions: []))
      }
      return
    }
    takeTurns(cluster, matches)
    standing.removeAll(keepingCapacity: true)
    let first = judgements.count
    var turn = 0
    while turn < turns.count {
      let weight = matches[turns[turn]].weight
      let start = judgements.count
      while turn < turns.count, matches[turns[turn]].weight == weight {
        let index = turns[turn]
        turn += 1
        if isCovered(matches[index].range) {
          leftOutCount += 1
          continue
        }
        judgements.append(judge(index, matches, text, role: role, regions: []))
        judgements[judgements.count - 1].order = index
      }
      stand(judgements, from: start)
    }
    Judge.sort(&judgements, from: first)
  }

  /// Puts the judgements from a number on in the order of their matches: few, and hardly ever out of it.
  private static func sort(_ judgements: inout [Judgement], from first: Int) {
    for next in first..<judgements.count {
      var place = next
      while place > first, judgements[place - 1].order > judgements[place].order {
        judgements.swapAt(place - 1, place)
        place -= 1
      }
    }
  }

  private func holdsWords(of matches: ArraySlice<RawMatch>) -> Bool {
    matches.allSatisfy {
      known.lowerBound <= $0.range.lowerBound && $0.range.upperBound <= known.upperBound
    }
  }

  /// Puts the matches of a cluster in the order of their weight, those of one weight in text order.
  private mutating func takeTurns(_ cluster: Range<Int>, _ matches: [RawMatch]) {
    turns.removeAll(keepingCapacity: true)
    for index in cluster {
      var place = turns.count
      while place > 0, matches[turns[place - 1]].weight < matches[index].weight { place -= 1 }
      turns.insert(index, at: place)
    }
  }

  private func isCovered(_ range: Range<Int>) -> Bool {
    standing.contains { $0.overlaps(range) }
  }

  /// Notes which judgements of one weight will stand, those from a number on, as far as this view goes.
  private mutating func stand(_ judgements: [Judgement], from start: Int) {
    let lent = judgements.span
    if lent.count - start == 1 {
      if lent[start].isLikely { standing.append(lent[start].range) }
      return
    }
    // By number: a judgement that is copied is three references to count.
    let order = (start..<lent.count).filter { judgements[$0].isLikely }
      .sorted { Judgement.stands(judgements[$0], before: judgements[$1]) }
    for index in order where !isCovered(judgements[index].range) {
      standing.append(judgements[index].range)
    }
  }
}

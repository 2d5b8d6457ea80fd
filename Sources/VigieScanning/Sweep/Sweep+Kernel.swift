import VigieRulebook
import VigieText

/// The pass by the kernel: what it finds, in the order of the text.
extension Sweep {
  /// How far around a look-alike anchors are sought that it may be part of, or stand near, bytes.
  ///
  /// *Source:* the reach that counts is 32 (``Prefilter``), and most anchors are shorter than that.
  private static let lookReach = 96

  /// Passes over a text by the kernel.
  ///
  /// - Returns: Whether it could: a text with too much in it is for the portable pass.
  mutating func kernelPass(_ text: Span<UInt8>) -> Bool {
    guard let kernel, scratch.isReady else { return false }
    scratch.begin()
    disguisedAnchors = 0..<0
    if !signPlaces.isEmpty { signPlaces.removeAll(keepingCapacity: true) }
    areSignPlacesKnown = true
    runStart = -1
    var from = 0
    repeat {
      guard kernel.pass(text, from: from, variant, scratch) else { return false }
      signBits |= scratch.signs.rawValue
      takeSigns(from, isLong: text.count > Sweep.maxToldCount)
      if scratch.eventCount > 0 { takeEvents(text, from) }
      if scratch.lookCount > 0 { takeLooks(text, from) }
      from += PassScratch.segmentCount
    } while from < text.count && !isTruncated && effort >= 0
    if !disguisedAnchors.isEmpty { signBits |= ByteSign.disguisedAnchor.rawValue }
    runStart = max(0, runStart)
    return true
  }

  /// Of longer texts the places of signs are not kept, bytes.
  private static let maxToldCount = 1 << 16

  /// Takes where signs and runs stand in the segment that starts at a byte.
  private mutating func takeSigns(_ from: Int, isLong: Bool) {
    if runStart < 0, scratch.signs.contains(.run) {
      // What ends in the block of 64 bytes may have started fifteen bytes before it.
      runStart = max(0, from + scratch.runEnd - 80)
    }
    guard let count = scratch.signCount, !isLong else {
      areSignPlacesKnown = false
      return
    }
    for number in 0..<count { signPlaces.append(from + scratch.sign(number)) }
  }

  /// How many places of a text the kernel stops at, or `nil` where it cannot tell.
  func kernelCandidateCount(_ text: Span<UInt8>) -> Int? {
    guard let kernel, scratch.isReady else { return nil }
    scratch.begin()
    var count = 0
    for from in stride(from: 0, through: max(0, text.count - 1), by: PassScratch.segmentCount) {
      guard kernel.pass(text, from: from, variant, scratch) else { return nil }
      count += scratch.eventCount
    }
    return count
  }

  /// Takes anchors and phrases in the order in which they end.
  private mutating func takeEvents(_ text: Span<UInt8>, _ from: Int) {
    let anchorCount = scratch.anchorCount
    let eventCount = scratch.eventCount
    var anchor = 0
    var phrase = anchorCount
    while anchor < anchorCount || phrase < eventCount {
      if isTruncated || effort < 0 { return }
      let isAnchor =
        anchor < anchorCount
        && (phrase == eventCount || scratch.event(anchor).end <= scratch.event(phrase).end)
      let event = scratch.event(isAnchor ? anchor : phrase)
      let end = from + event.end
      if !isAnchor {
        phrase += 1
        check(string: event.string, text, end, event.count)
        continue
      }
      anchor += 1
      if event.string >= rules.prefilter.firstDigitString {
        digitHit(end, text)
        continue
      }
      let start = end - event.count
      let range = start..<(start + rules.prefilter.anchorGroups[event.string].literal.count)
      if rules.prefilter.anchorGroups[event.string].isWholeWord, hasLetterBeside(range, in: text) {
        continue
      }
      take(event.string, text, range)
    }
  }

  /// Looks for anchors in disguise around scalars that look alike or are not seen, as the portable pass does:
  /// they are rare, and what stands near them counts as well.
  private mutating func takeLooks(_ text: Span<UInt8>, _ from: Int) {
    var number = 0
    for look in 0..<scratch.lookCount { noteSign(of: from + scratch.look(look), text) }
    while number < scratch.lookCount {
      let first = from + scratch.look(number)
      var last = first
      var mayBeInAnchor = mayBeInAnchor(first, text)
      number += 1
      // Those whose surroundings touch are looked at together.
      while number < scratch.lookCount, from + scratch.look(number) - last <= 2 * Sweep.lookReach {
        last = from + scratch.look(number)
        if !mayBeInAnchor { mayBeInAnchor = self.mayBeInAnchor(last, text) }
        number += 1
      }
      guard
        mayBeInAnchor
          || mayHoldAnchor(first - Sweep.lookReach, last + Sweep.lookReach, from, text.count)
      else { continue }
      let start = text.unitEdge(atOrBefore: max(0, first - Sweep.lookReach))
      let end = text.unitEdge(atOrBefore: min(text.count, last + Sweep.lookReach))
      seeksDisguiseOnly = true
      let found = portablePass(text.extracting(start..<end))
      seeksDisguiseOnly = false
      guard !found.isEmpty else { continue }
      let lower = found.lowerBound + start
      let upper = found.upperBound + start
      disguisedAnchors =
        disguisedAnchors.isEmpty
        ? lower..<upper
        : min(lower, disguisedAnchors.lowerBound)..<max(upper, disguisedAnchors.upperBound)
    }
  }

  /// Notes the sign of a scalar that may be a look-alike, as its neighbours have it.
  private mutating func noteSign(of place: Int, _ text: Span<UInt8>) {
    if signBits & ByteSign.lookalike.rawValue != 0 { return }
    let unit = text.scalar(at: place)
    let range = place..<(place + unit.length)
    signBits |= ByteSign(of: unit.value, besideLetter: hasLetterBeside(text, range)).rawValue
  }

  /// Whether an anchor stands between two bytes of the text, as far as its window ends there; of those near
  /// another segment it is not known.
  private func mayHoldAnchor(_ first: Int, _ last: Int, _ from: Int, _ count: Int) -> Bool {
    if first < from, from > 0 { return true }
    let end = from + PassScratch.segmentCount
    if last >= end, end < count { return true }
    for number in 0..<scratch.anchorCount
    where scratch.event(number).string < rules.prefilter.firstDigitString
      && first <= from + scratch.event(number).end && from + scratch.event(number).end <= last
    {
      return true
    }
    return false
  }

  /// Whether a look-alike may be a letter of an anchor: with a neighbour as anchors have it.
  private func mayBeInAnchor(_ place: Int, _ text: Span<UInt8>) -> Bool {
    let unit = text.scalar(at: place)
    guard let code = StepTable.code(ofLookalike: unit.value) else { return true }
    if place > 0 {
      let before = text[place - 1]
      if before >= 0x80 || rules.prefilter.hasAnchorPair(StepTable.code(of: before), code) {
        return true
      }
    }
    guard place + unit.length < text.count else { return false }
    let after = text[place + unit.length]
    return after >= 0x80 || rules.prefilter.hasAnchorPair(code, StepTable.code(of: after))
  }
}

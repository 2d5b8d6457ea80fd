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

  /// Looks for anchors in disguise around scalars that look alike or are not seen, as the portable pass does,
  /// where there may be one: they are rare, and what stands near them counts as well.
  private mutating func takeLooks(_ text: Span<UInt8>, _ from: Int) {
    var number = 0
    var anchor = 0
    var first = -1
    var last = -1
    while number < scratch.lookCount {
      let place = from + scratch.look(number)
      number += 1
      noteSign(of: place, text)
      guard mayBeInAnchor(place, text) || mayBeNearAnchor(place, text, from, &anchor) else {
        continue
      }
      // Those whose surroundings touch are looked at together.
      if first >= 0, place - last > 2 * Sweep.lookReach {
        look(text, first, last)
        first = -1
      }
      if first < 0 { first = place }
      last = place
    }
    if first >= 0 { look(text, first, last) }
  }

  /// Looks for anchors in disguise around look-alikes, from the first to the last place.
  private mutating func look(_ text: Span<UInt8>, _ first: Int, _ last: Int) {
    let start = text.unitEdge(atOrBefore: max(0, first - Sweep.lookReach))
    let end = text.unitEdge(atOrBefore: min(text.count, last + Sweep.lookReach))
    seeksDisguiseOnly = true
    let found = portablePass(text.extracting(start..<end))
    seeksDisguiseOnly = false
    guard !found.isEmpty else { return }
    let lower = found.lowerBound + start
    let upper = found.upperBound + start
    disguisedAnchors =
      disguisedAnchors.isEmpty
      ? lower..<upper
      : min(lower, disguisedAnchors.lowerBound)..<max(upper, disguisedAnchors.upperBound)
  }

  /// Notes the sign of a scalar that may be a look-alike, as its neighbours have it.
  private mutating func noteSign(of place: Int, _ text: Span<UInt8>) {
    if signBits & ByteSign.lookalike.rawValue != 0 { return }
    let unit = text.scalar(at: place)
    let range = place..<(place + unit.length)
    signBits |= ByteSign(of: unit.value, besideLetter: hasLetterBeside(text, range)).rawValue
  }

  /// Whether an anchor may stand so near a look-alike that it counts; beside another segment it is not known.
  ///
  /// - Parameter anchor: An anchor before which none stands near this look-alike or a later one.
  private func mayBeNearAnchor(_ place: Int, _ text: Span<UInt8>, _ from: Int, _ anchor: inout Int) -> Bool {
    let unit = text.scalar(at: place)
    guard countsNearAnchors(unit.value, place..<(place + unit.length), text) else { return false }
    let count = text.count
    let reach = Prefilter.maxDisguiseReach + Sweep.slackOfWindow
    if from > 0, place < from + reach { return true }
    let end = from + PassScratch.segmentCount
    if end < count, place + reach + rules.prefilter.longestAnchorCount >= end { return true }
    while anchor < scratch.anchorCount, from + scratch.event(anchor).end + reach < place { anchor += 1 }
    var number = anchor
    while number < scratch.anchorCount {
      let event = scratch.event(number)
      if from + event.end > place + reach + rules.prefilter.longestAnchorCount { return false }
      if event.string < rules.prefilter.firstDigitString,
        from + event.end - event.count <= place + reach
      {
        return true
      }
      number += 1
    }
    return false
  }

  /// How far the end of a window may lie beyond its string, and how long a look-alike is, bytes.
  private static let slackOfWindow = 8

  /// Whether a look-alike may be a letter of an anchor: with its neighbours as anchors have them.
  private func mayBeInAnchor(_ place: Int, _ text: Span<UInt8>) -> Bool {
    let unit = text.scalar(at: place)
    var start = place
    var end = place + unit.length
    guard let before = codeBefore(&start, text), let after = codeAfter(&end, text),
      let first = codeBefore(&start, text), let last = codeAfter(&end, text)
    else { return true }
    let triples = rules.prefilter.anchorTriples
    guard let code = StepTable.code(ofLookalike: unit.value) else {
      // What stands on either side of it meets.
      return triples.mayHold(first, before, after, last)
    }
    return triples.mayHold(first, before, code, after, last)
  }

  /// The code of what stands before a byte, which is moved there; 0 for nothing, `nil` for what is not seen.
  private func codeBefore(_ place: inout Int, _ text: Span<UInt8>) -> UInt8? {
    guard place > 0 else { return 0 }
    let byte = text[place - 1]
    if byte < 0x80 {
      place -= 1
      return StepTable.code(of: byte)
    }
    let unit = text.scalar(before: place)
    place -= unit.length
    return StepTable.code(ofLookalike: unit.value)
  }

  /// The same of what stands after a byte.
  private func codeAfter(_ place: inout Int, _ text: Span<UInt8>) -> UInt8? {
    guard place < text.count else { return 0 }
    let byte = text[place]
    if byte < 0x80 {
      place += 1
      return StepTable.code(of: byte)
    }
    let unit = text.scalar(at: place)
    place += unit.length
    return StepTable.code(ofLookalike: unit.value)
  }
}

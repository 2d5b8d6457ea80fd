import VigieRulebook
import VigieText

/// The pass by the kernel: what it finds, in the order of the text.
extension Sweep {
  /// Passes over a text by the kernel.
  ///
  /// - Returns: Whether it could: a text with too much in it is for the portable pass.
  mutating func kernelPass(_ text: Span<UInt8>) -> Bool {
    guard let kernel, scratch.isReady else { return false }
    scratch.begin()
    if !signPlaces.isEmpty { signPlaces.removeAll(keepingCapacity: true) }
    areSignPlacesKnown = true
    if !runPlaces.isEmpty { runPlaces.removeAll(keepingCapacity: true) }
    areRunPlacesKnown = true
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
    return true
  }

  /// Of longer texts the places of signs are not kept, bytes.
  private static let maxToldCount = 1 << 16

  /// Takes where signs and runs stand in the segment that starts at a byte.
  private mutating func takeSigns(_ from: Int, isLong: Bool) {
    if isLong {
      areRunPlacesKnown = false
    } else {
      for number in 0..<scratch.runCount { runPlaces.append(from + scratch.run(number)) }
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
      let range = start..<(start + rules.prefilter.anchorGroups[event.string].count)
      if rules.prefilter.anchorGroups[event.string].isWholeWord, hasLetterBeside(range, in: text) {
        continue
      }
      take(event.string, text, range)
    }
  }
}

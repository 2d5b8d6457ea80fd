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
    if !scriptPlaces.isEmpty { scriptPlaces.removeAll(keepingCapacity: true) }
    areScriptPlacesKnown = true
    var from = 0
    repeat {
      guard kernel.pass(text, from: from, variant, scratch) else { return false }
      signBits |= scratch.signs.rawValue
      takeSigns(from)
      if scratch.eventCount + scratch.digitCount > 0 { takeEvents(text, from) }
      if scratch.lookCount > 0 { takeLooks(text, from) }
      from += PassScratch.segmentCount
    } while from < text.count && !isTruncated && effort >= 0
    if !disguisedAnchors.isEmpty { signBits |= ByteSign.disguisedAnchor.rawValue }
    return true
  }

  /// The most places of a kind that are kept of a text: 2 MiB of memory.
  ///
  /// Ordinary texts have one sign in fifty bytes: up to 13 MB are told of them.
  private static let maxToldCount = 1 << 18

  /// Takes where signs, runs and letters of other scripts stand in the segment that starts at a byte.
  private mutating func takeSigns(_ from: Int) {
    areRunPlacesKnown =
      areRunPlacesKnown && runPlaces.count + scratch.runCount <= Sweep.maxToldCount
    if areRunPlacesKnown {
      for number in 0..<scratch.runCount { runPlaces.append(from + scratch.run(number)) }
    }
    if areScriptPlacesKnown, let count = scratch.scriptCount,
      scriptPlaces.count + count <= Sweep.maxToldCount
    {
      for number in 0..<count { scriptPlaces.append(from + scratch.script(number)) }
    } else {
      areScriptPlacesKnown = false
    }
    if areSignPlacesKnown, let count = scratch.signCount,
      signPlaces.count + count <= Sweep.maxToldCount
    {
      for number in 0..<count { signPlaces.append(from + scratch.sign(number)) }
    } else {
      areSignPlacesKnown = false
    }
  }

  /// How many places of a text the kernel stops at, or `nil` where it cannot tell.
  func kernelCandidateCount(_ text: Span<UInt8>) -> Int? {
    guard let kernel, scratch.isReady else { return nil }
    scratch.begin()
    var count = 0
    for from in stride(from: 0, through: max(0, text.count - 1), by: PassScratch.segmentCount) {
      guard kernel.pass(text, from: from, variant, scratch) else { return nil }
      count += scratch.eventCount + scratch.digitCount
    }
    return count
  }

  /// At how many places of a text the kernel compares windows of strings, or `nil` where it cannot tell.
  ///
  /// It is plain where nothing of it is looked at: no sign, look-alike or digits, and no string that stands there.
  package func kernelCost(of text: Span<UInt8>) -> (comparedCount: Int, isPlain: Bool)? {
    guard let kernel, scratch.isReady else { return nil }
    scratch.begin()
    var count = 0
    var isPlain = true
    for from in stride(from: 0, through: max(0, text.count - 1), by: PassScratch.segmentCount) {
      guard kernel.pass(text, from: from, variant, scratch) else { return nil }
      count += scratch.comparedCount
      if scratch.eventCount + scratch.digitCount + scratch.lookCount > 0 { isPlain = false }
      if scratch.signs.rawValue != 0 { isPlain = false }
    }
    return (count, isPlain)
  }

  /// Takes anchors, phrases and runs of digits in the order in which they end.
  private mutating func takeEvents(_ text: Span<UInt8>, _ from: Int) {
    let anchorCount = scratch.anchorCount
    let eventCount = scratch.eventCount
    let digitCount = scratch.digitCount
    var anchor = 0
    var phrase = anchorCount
    var digit = 0
    // The next of each: to ask for an event is a call.
    var nextAnchor = anchor < anchorCount ? scratch.event(anchor) : nil
    var nextPhrase = phrase < eventCount ? scratch.event(phrase) : nil
    while let end = nextEnd(nextAnchor, nextPhrase) {
      if isTruncated || effort < 0 { return }
      if digit < digitCount { takeDigits(&digit, upTo: end, text, from) }
      // Where both end the anchor comes first.
      if let event = nextAnchor, event.end == end {
        anchor += 1
        nextAnchor = anchor < anchorCount ? scratch.event(anchor) : nil
        takeAnchor(event, text, from)
      } else if let event = nextPhrase {
        phrase += 1
        nextPhrase = phrase < eventCount ? scratch.event(phrase) : nil
        check(string: event.string, text, from + end, event.count)
      }
    }
    takeDigits(&digit, upTo: .max, text, from)
  }

  /// Where the first of two events ends, of which there may be none.
  @inline(__always)
  private func nextEnd(_ anchor: PassScratch.Event?, _ phrase: PassScratch.Event?) -> Int? {
    guard let anchor else { return phrase?.end }
    guard let phrase else { return anchor.end }
    return min(anchor.end, phrase.end)
  }

  /// Takes what asks for an anchor.
  @inline(__always)
  private mutating func takeAnchor(_ event: PassScratch.Event, _ text: Span<UInt8>, _ from: Int) {
    let start = from + event.end - event.count
    let range = start..<(start + rules.prefilter.anchorGroups[event.string].count)
    if rules.prefilter.anchorGroups[event.string].isWholeWord, hasLetterBeside(range, in: text) {
      return
    }
    take(event.string, text, range)
  }

  /// Takes the runs of digits that are met before a byte of the segment.
  private mutating func takeDigits(
    _ digit: inout Int,
    upTo end: Int,
    _ text: Span<UInt8>,
    _ from: Int
  ) {
    while digit < scratch.digitCount, scratch.digit(digit) < end, !isTruncated, effort >= 0 {
      digitHit(from + scratch.digit(digit), text)
      digit += 1
    }
  }
}

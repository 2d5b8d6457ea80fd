import VigieRulebook
import VigieText

/// What the kernel leaves to be looked at: scalars that look like others, or are not seen, beside or in anchors.
extension Sweep {
  /// Looks for anchors in disguise around scalars that look alike or are not seen, as the portable pass does,
  /// where there may be one: formulas are full of such scalars, and few of these may be letters of an anchor.
  mutating func takeLooks(_ text: Span<UInt8>, _ from: Int) {
    if scratch.lookCount > Sweep.maxLookCount { return lookEverywhere(text, from) }
    var anchor = 0
    var first = -1
    var last = -1
    for number in 0..<scratch.lookCount {
      let place = from + scratch.look(number)
      let unit = text.scalar(at: place)
      let range = place..<(place + unit.length)
      let scalar = looks[unit.value]
      if signBits & ByteSign.lookalike.rawValue == 0 { signBits |= signs(of: scalar, range, text) }
      guard
        mayBeInAnchor(scalar, range, text)
          || countsNearAnchors(scalar, range, text)
            && mayBeNearAnchor(range, from, text.count, &anchor)
      else { continue }
      // Those whose surroundings touch are looked at together.
      if first >= 0, place - last > 2 * lookReach {
        look(text, first, last)
        first = -1
      }
      if first < 0 { first = place }
      last = place
    }
    if first >= 0 { look(text, first, last) }
  }

  /// The most look-alikes of a segment that are asked one by one: of more, as in every text of Greek or Cyrillic, so many
  /// may be letters of an anchor that hardly anything is left between what is looked at around them.
  private static let maxLookCount = 256

  /// Looks for anchors in disguise in the whole segment that starts at a byte.
  private mutating func lookEverywhere(_ text: Span<UInt8>, _ from: Int) {
    var number = 0
    while signBits & ByteSign.lookalike.rawValue == 0, number < scratch.lookCount {
      let place = from + scratch.look(number)
      let unit = text.scalar(at: place)
      signBits |= signs(of: looks[unit.value], place..<(place + unit.length), text)
      number += 1
    }
    look(text, from + scratch.look(0), from + scratch.look(scratch.lookCount - 1))
  }

  /// How far around a look-alike anchors are sought that it may be part of, or stand near, bytes.
  private var lookReach: Int { nearReach + rules.prefilter.longestAnchorCount }

  /// How far from the window of an anchor a look-alike counts, bytes: its own length, and what ends the window
  /// beyond the anchor, come to no more than eight.
  private var nearReach: Int { Prefilter.maxDisguiseReach + 8 }

  /// Looks for anchors in disguise around look-alikes, from the first to the last place.
  private mutating func look(_ text: Span<UInt8>, _ first: Int, _ last: Int) {
    let start = text.unitEdge(atOrBefore: max(0, first - lookReach))
    let end = text.unitEdge(atOrBefore: min(text.count, last + lookReach))
    let found = disguisePass(text.extracting(start..<end))
    guard !found.isEmpty else { return }
    let lower = found.lowerBound + start
    let upper = found.upperBound + start
    // Those that meet are one; beyond as many as there are windows all that follow belong to the last.
    let last = disguisedAnchors.count - 1
    if last >= 0,
      last + 1 == DecodingNeeds.maxWindowCount || lower <= disguisedAnchors[last].upperBound
    {
      let whole = disguisedAnchors[last]
      disguisedAnchors[last] =
        min(lower, whole.lowerBound)..<max(upper, whole.upperBound)
    } else {
      disguisedAnchors.append(lower..<upper)
    }
  }

  /// Passes over a part of a text for its anchors alone; returns where look-alikes stand in them or near them.
  ///
  /// It takes one scalar after the other, as in such a text look-alikes follow each other.
  private mutating func disguisePass(_ text: Span<UInt8>) -> Range<Int> {
    seeksDisguiseOnly = true
    defer { seeksDisguiseOnly = false }
    let words = rules.prefilter.tables.words
    let tests = rules.prefilter.tables.tests
    var walk = ByteWalk()
    while walk.index < text.count {
      let byte = text[walk.index]
      if byte < 0x80 {
        walk.takeByte(words[Int(byte) &+ PassTable.singles])
      } else {
        _ = takeScalar(&walk, text)
      }
      if PassTable.mayStand(walk.last.codes, PassTable.anchors, words.span, tests.span) != 0 {
        anchorHits(&walk, text, words.span)
      }
    }
    walk.takeEnd()
    if walk.last.isAnchorSought(words.span) { anchorHits(&walk, text, words.span) }
    return walk.disguisedAnchors
  }

  /// Whether an anchor may stand so near a look-alike that it counts; beside another segment it is not known.
  ///
  /// Before `anchor`, which is moved on, none stands near this look-alike or a later one.
  private func mayBeNearAnchor(
    _ look: Range<Int>,
    _ from: Int,
    _ count: Int,
    _ anchor: inout Int
  ) -> Bool {
    let reach = nearReach
    let farReach = lookReach
    if from > 0, look.lowerBound < from + reach { return true }
    let end = from + PassScratch.segmentCount
    if end < count, look.lowerBound + farReach >= end { return true }
    let anchorCount = scratch.anchorCount
    while anchor < anchorCount, from + scratch.event(anchor).end + reach < look.lowerBound {
      anchor += 1
    }
    var number = anchor
    while number < anchorCount {
      let event = scratch.event(number)
      if from + event.end > look.lowerBound + farReach { return false }
      if from + event.end - event.count <= look.lowerBound + reach { return true }
      number += 1
    }
    return false
  }

  /// Whether a look-alike may be a letter of an anchor: with its neighbours as anchors have them.
  private func mayBeInAnchor(_ scalar: ScalarLook, _ range: Range<Int>, _ text: Span<UInt8>) -> Bool
  {
    var start = range.lowerBound
    var end = range.upperBound
    // What is not seen may stand between the letters of any anchor.
    guard let before = codeBefore(&start, text), let after = codeAfter(&end, text) else {
      return true
    }
    let code = scalar.code
    let answer = code.map { rules.prefilter.anchorTriples.holds(before, $0, after) }
    switch answer {
    case .yes?: return true
    case .no?: return false
    default: break
    }
    guard let first = codeBefore(&start, text), let last = codeAfter(&end, text) else {
      return true
    }
    guard let code else {
      // What stands on either side of it meets.
      return rules.prefilter.anchorTriples.mayHold(first, before, after, last)
    }
    return rules.prefilter.anchorTriples.mayHold(first, before, code, after, last)
  }

  /// The code of what stands before a byte, which is moved there; 0 for nothing, `nil` for what is not seen.
  @inline(__always)
  private func codeBefore(_ place: inout Int, _ text: Span<UInt8>) -> UInt8? {
    guard place > 0 else { return 0 }
    let byte = text[place - 1]
    if byte < 0x80 {
      place -= 1
      return StepTable.code(of: byte)
    }
    let unit = text.scalar(before: place)
    place -= unit.length
    return looks[unit.value].code
  }

  /// The same of what stands after a byte.
  @inline(__always)
  private func codeAfter(_ place: inout Int, _ text: Span<UInt8>) -> UInt8? {
    guard place < text.count else { return 0 }
    let byte = text[place]
    if byte < 0x80 {
      place += 1
      return StepTable.code(of: byte)
    }
    let unit = text.scalar(at: place)
    place += unit.length
    return looks[unit.value].code
  }
}

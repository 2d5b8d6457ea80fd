import VigieCore
import VigieRulebook
import VigieText

/// What a text changes to: whether anything is found in it, and where.
extension ScannerDesk {
  /// Finds the parts of a text that are to be decoded and judged, as something may be found in what they change to.
  ///
  /// Where little changes, only this is asked: to decode and judge is dear. A text is judged as a whole, with the line
  /// it begins with; of one that is far longer than what belongs together, the parts around what was found: in order,
  /// each with ``Scanner/window``'s overlap on either side. In most texts there is none.
  mutating func findChangedParts(
    of text: Span<UInt8>,
    _ needs: borrowing DecodingNeeds,
    _ role: Role
  ) {
    isLong = text.count > ScannerDesk.block.count
    if !changedParts.isEmpty { changedParts.removeAll(keepingCapacity: true) }
    if !isMostlyChanged(text, needs) {
      addChangedWindows(of: text, needs, role)
    } else if isLong {
      addChangedBlocks(of: text, role)
    } else {
      changedParts.append(0..<text.count)
    }
  }

  /// From how many overlaps on a text is judged in parts.
  private static let partedCount = 4

  /// Adds a part that changes with what is near it, or the whole of a text that is not parted.
  ///
  /// - Returns: Whether the rest of the text is still to be asked.
  private mutating func add(_ part: Range<Int>, of text: Span<UInt8>) -> Bool {
    guard text.count > ScannerDesk.partedCount * window.overlap else {
      changedParts.append(0..<text.count)
      return false
    }
    var start = text.unitEdge(atOrBefore: max(0, part.lowerBound - window.overlap))
    let end = text.unitEdge(atOrBefore: min(text.count, part.upperBound + window.overlap))
    if let last = changedParts.last, last.upperBound >= start {
      start = changedParts.removeLast().lowerBound
    }
    changedParts.append(start..<end)
    return true
  }

  /// Whether what changes, with what stands around it, is more than half of a text.
  private func isMostlyChanged(_ text: Span<UInt8>, _ needs: borrowing DecodingNeeds) -> Bool {
    if needs.isEverywhere { return true }
    var count = 0
    for number in 0..<needs.windowCount { count += needs.window(number).count }
    return count * 2 > text.count
  }

  /// How much of a long text is looked at by itself for what changes in it, bytes, and how much of
  /// that twice: what a marking spans with a byte of disguise to each letter, on either side.
  private static let block = (count: 1 << 13, overlap: 1 << 9)

  /// Adds the blocks of a long text in whose changes something may be found: they are asked one by one, as signs that
  /// stand far apart should not have all between them decoded.
  private mutating func addChangedBlocks(
    of text: Span<UInt8>,
    _ role: Role
  ) {
    let met = Met(sweep)
    let block = ScannerDesk.block
    var start = 0
    while !isExhausted {
      let limit = text.unitEdge(atOrBefore: min(text.count, start + block.count))
      // A run of base64, in one line or several, means something only from its start on.
      let least = min(limit, start + 2 * block.overlap)
      guard let end = Decoder.edge(of: text, least..<limit) else { break }
      let part = text.extracting(start..<end)
      if mayChangeToMatch(part, from: start, met, role), !add(start..<end, of: text) { return }
      if end == text.count { return }
      guard let next = blockStart(of: text, before: end, start) else { break }
      start = next
    }
    // What a long run says is known only when it is decoded.
    if !isExhausted { _ = add(start..<text.count, of: text) }
  }

  /// Where the next block of a text starts: so far before the end of one that no marking is cut, and in no base64.
  ///
  /// Names in a list look like lines of it: where they do, the block starts further back.
  private func blockStart(of text: Span<UInt8>, before end: Int, _ start: Int) -> Int? {
    let overlap = ScannerDesk.block.overlap
    var next = end - overlap
    while next - overlap > start + overlap {
      let limit = text.unitEdge(atOrBefore: next)
      if let edge = Decoder.edge(of: text, next - overlap..<limit),
        !Decoder.goesOn(text, at: edge)
      {
        return edge
      }
      next -= overlap
    }
    return nil
  }

  /// What the pass over a whole text met: asking its blocks takes other passes.
  private struct Met {
    let signs: Decoder.Signs
    let anchors: [Range<Int>]
    let places: [Int]?
    let runs: [Int]?

    init(_ sweep: borrowing Sweep) {
      signs = sweep.signs.decoderSigns
      anchors = sweep.disguisedAnchors
      places = sweep.areSignPlacesKnown ? sweep.signPlaces : nil
      runs = sweep.areRunPlacesKnown ? sweep.runPlaces : nil
    }
  }

  /// Whether a match stands in what a block of a text changes to.
  ///
  /// - Parameters:
  ///   - part: The block.
  ///   - start: Where it starts in the text, bytes.
  ///   - met: What was met in the whole text.
  ///   - role: What the text is.
  /// - Returns: Whether one does.
  private mutating func mayChangeToMatch(
    _ part: Span<UInt8>,
    from start: Int,
    _ met: Met,
    _ role: Role
  ) -> Bool {
    let needs = DecodingNeeds(
      met.signs,
      anchors: met.anchors,
      from: start,
      places: met.places,
      runs: met.runs,
      contexts: rules.prefilter.signContexts,
      part
    )
    guard needs.steps.rawValue != 0 else { return false }
    if !isMostlyChanged(part, needs) {
      return doesWindowChange(part, needs, role)
    }
    return changes(part, needs.steps, role)
  }

  /// Adds the windows of a text that change to a match.
  private mutating func addChangedWindows(
    of text: Span<UInt8>,
    _ needs: borrowing DecodingNeeds,
    _ role: Role
  ) {
    for number in 0..<needs.windowCount
    where changes(text.extracting(needs.window(number)), needs.steps, role) {
      guard add(needs.window(number), of: text) else { return }
    }
  }

  /// Whether a match stands in what the windows of a text change to.
  private mutating func doesWindowChange(
    _ text: Span<UInt8>,
    _ needs: borrowing DecodingNeeds,
    _ role: Role
  ) -> Bool {
    for number in 0..<needs.windowCount
    where changes(text.extracting(needs.window(number)), needs.steps, role) {
      return true
    }
    return false
  }

  /// Whether what a part of a text changes to holds a match that the part itself does not.
  private mutating func changes(_ part: Span<UInt8>, _ steps: Decoder.Steps, _ role: Role) -> Bool {
    if decoder.decode(part, steps, isMarkup: false), holdsMatch(role), isNews(part, role) {
      return true
    }
    let hasMetScript = decoder.hasMetScript
    if decoder.undoLeet(part, after: steps), holdsMatch(role), isNews(part, role) {
      return true
    }
    return hasMetScript && rules.prefilter.hasScriptPhrases
      && decoder.decode(part, steps, isMarkup: false, keepsLetters: true)
      && holdsMatch(role, inScript: true) && isNews(part, role)
  }

  /// Whether the matches of the last sweep, over what a part changed to, are not those of the part.
  ///
  /// Of a short text all is judged anew: what stood in tags may be code, or quoted.
  private mutating func isNews(_ part: Span<UInt8>, _ role: Role) -> Bool {
    guard isLong || part.count >= 2 * ScannerDesk.block.overlap, decoder.text.regions.isEmpty,
      sweep.failure == nil, !sweep.isTruncated
    else { return true }
    let rules = sweep.matches.map(\.rule)
    sweep.run(part, role: role)
    return sweep.failure != nil || sweep.isTruncated || sweep.matches.map(\.rule) != rules
  }

  private mutating func holdsMatch(_ role: Role, inScript: Bool = false) -> Bool {
    let bytes = decoder.text.bytes
    if inScript {
      sweep.runScript(bytes.span, role: role)
    } else {
      sweep.run(bytes.span, role: role)
    }
    return !sweep.matches.isEmpty || sweep.failure != nil
  }

  /// Decodes a part of a text window by window and scans what comes out.
  mutating func decodeWindows(
    _ text: Span<UInt8>,
    _ whole: Range<Int>,
    _ steps: Decoder.Steps,
    role: Role
  ) {
    var start = whole.lowerBound
    repeat {
      let end = text.unitEdge(atOrBefore: min(whole.upperBound, start + window.count))
      let part = text.extracting(start..<end)
      let isCut = (start: start > 0, end: end < text.count)
      let isMarkup = role == .html
      if decoder.decode(part, steps, isMarkup: isMarkup, isCut: isCut) || isMarkup {
        // Of a page nobody sees the markup: what it shows is its text.
        scanDecoded(text, start..<end, role: role, isMarkup ? .everything : .changes)
      }
      let hasMetScript = decoder.hasMetScript
      // In a password, or a token, a sign is a sign.
      if decoder.undoLeet(part, after: steps) {
        scanDecoded(text, start..<end, role: role, .markings)
      }
      // Of plain letters no Greek or Cyrillic word is left.
      if hasMetScript, rules.prefilter.hasScriptPhrases,
        decoder.decode(part, steps, isMarkup: isMarkup, isCut: isCut, keepsLetters: true)
          || isMarkup
      {
        scanDecoded(text, start..<end, role: role, .script)
      }
      if end == whole.upperBound { break }
      start = text.unitEdge(atOrBefore: end - window.overlap)
    } while true
  }
}

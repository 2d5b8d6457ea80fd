import VigieText
import VigieUnicode

/// Boxes to tick: `☐ NP  ☑ DR`, `[ ] NP  [x] DR`, `NP ☐  DR ☒`, one option a line or several.
///
/// A form that offers the levels says of its content what is ticked, and nothing by the rest.
enum TickBox {
  /// Whether the box of an option is ticked.
  enum State { case ticked, empty }

  /// How many words may stand between a box and the marking of its option, and after it.
  private static let maxWordCount = 2
  /// How far above and below the line other boxes are sought, bytes.
  private static let reach = 240

  /// The state of the box that belongs to a match, or `nil` where there is none.
  ///
  /// A line of one ticked box counts only where another box stands near, a tick alone is a bullet, or
  /// where it fills the field of a form, or fails to: `Sensibilité : ☒ DR`.
  static func state(_ text: Span<UInt8>, _ match: Range<Int>, line: Range<Int>) -> State? {
    let boxes = boxes(text, line)
    guard let last = boxes.last else { return nil }
    let isAfter = !LineLayout.hasWord(text, last.range.upperBound..<line.upperBound)
    let box: Box
    if isAfter {
      guard let next = boxes.first(where: { $0.range.lowerBound >= match.upperBound }),
        isShort(text, match.upperBound..<next.range.lowerBound)
      else { return nil }
      box = next
    } else {
      guard let index = boxes.lastIndex(where: { $0.range.upperBound <= match.lowerBound }),
        isShort(text, boxes[index].range.upperBound..<match.lowerBound)
      else { return nil }
      box = boxes[index]
      let end = index + 1 < boxes.count ? boxes[index + 1].range.lowerBound : line.upperBound
      guard isShort(text, match.upperBound..<max(match.upperBound, end)) else { return nil }
    }
    // Two brackets with nothing in between are a list without entries in code.
    let fillsField =
      box.isBox && (box.state == .ticked || box.range.count > 2)
      && Neighbourhood.colon(text, before: box.range, line: line)
    if !fillsField, boxes.count == 1 || !boxes.contains(where: \.isBox) {
      let above = max(0, line.lowerBound - reach)..<line.lowerBound
      let below = line.upperBound..<min(text.count, line.upperBound + reach)
      let others = self.boxes(text, above) + self.boxes(text, below)
      guard others.contains(where: { $0.isBox && $0.state != box.state }) else { return nil }
    }
    return box.state
  }

  /// A box, drawn or typed.
  private struct Box {
    var range: Range<Int>
    var state: State
    /// Whether it is a box for certain: a tick or a disc without a frame may be a bullet.
    var isBox: Bool
  }

  private static func boxes(_ text: Span<UInt8>, _ range: Range<Int>) -> [Box] {
    var found: [Box] = []
    var index = text.unitEdge(atOrBefore: range.lowerBound)
    while index < range.upperBound {
      let byte = text[index]
      guard byte == 0x5B || byte == 0x28 || byte >= 0xE2 else {
        index &+= 1
        continue
      }
      if byte < 0x80 {
        guard let typed = typed(text, index, range.upperBound) else {
          index += 1
          continue
        }
        found.append(typed)
        index = typed.range.upperBound
        continue
      }
      let unit = text.scalar(at: index)
      if let drawn = drawn(unit.value) {
        let end = index + unit.length
        found.append(Box(range: index..<end, state: drawn.state, isBox: drawn.isBox))
      }
      index += unit.length
    }
    return found
  }

  /// A drawn box by its scalar.
  ///
  /// *Source:* Unicode blocks Miscellaneous Symbols, Geometric Shapes, Dingbats, Miscellaneous
  /// Symbols and Arrows, Miscellaneous Symbols and Pictographs.
  private static func drawn(_ scalar: UInt32) -> (state: State, isBox: Bool)? {
    switch scalar {
    case 0x2610, 0x25A1, 0x25A2, 0x25FB, 0x25FD, 0x2B1C, 0x1F78E: (.empty, true)
    case 0x25CB, 0x25EF, 0x26AA: (.empty, false)
    case 0x2611, 0x2612, 0x1F5F9, 0x1F5F5, 0x1F5F7: (.ticked, true)
    case 0x25A0, 0x25C9, 0x25CF, 0x25FC, 0x25FE, 0x26AB, 0x2705, 0x2713, 0x2714, 0x29BF, 0x2B1B:
      (.ticked, false)
    default: nil
    }
  }

  /// A typed box: brackets with nothing, a space, a cross, a tick or a disc inside.
  private static func typed(_ text: Span<UInt8>, _ index: Int, _ end: Int) -> Box? {
    let closing: UInt8 = text[index] == 0x5B ? 0x5D : 0x29
    var place = index + 1
    var state = State.empty
    var isFilled = false
    while place < end, place - index <= 6 {
      let byte = text[place]
      if byte == closing {
        // Round brackets with nothing in them are a call in code.
        guard place > index + 1 || closing == 0x5D else { return nil }
        return Box(range: index..<place + 1, state: state, isBox: true)
      }
      let unit = text.scalar(at: place)
      if !ScalarFold.isWhiteSpace(unit.value) {
        let isMark =
          byte | 0x20 == 0x78 || byte == 0x2A
          || (0x2713...0x2718).contains(unit.value) || unit.value == 0xD7
          || unit.value == 0x2022 || unit.value == 0x25CF
        guard isMark, !isFilled else { return nil }
        isFilled = true
        state = .ticked
      }
      place += unit.length
    }
    return nil
  }

  /// Whether few words stand in a range: a box further away, or one before a whole sentence, is the
  /// box of something else.
  private static func isShort(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
    var words = 0
    var isWord = false
    var index = range.lowerBound
    while index < range.upperBound {
      let unit = text.scalar(at: index)
      index += unit.length
      let goesOn = ScalarFold.isWord(unit.value)
      if goesOn, !isWord {
        words += 1
        if words > maxWordCount { return false }
      }
      isWord = goesOn
    }
    return true
  }
}

import VigieText
import VigieUnicode

/// What stands between the letters of a match.
struct GapTally {
  /// Gaps inside words: all of them, those with anything visible, and the kinds of these.
  var letterGaps = 0
  var visibleLetterGaps = 0
  var lineLetterGaps = 0
  var markupGaps = 0
  var hyphenBreaks = 0
  var wordGapsWithSpace = 0
  var hasInvisible = false
  var hasLineBreak = false
  var hasSentenceEnd = false
  var hasCellBorder = false
  var hasBlankLine = false
  var byteCount = 0

  private var visible = 0
  private var markup = 0
  private var hyphens = 0
  private var lineBreaks = 0
  private var stops = 0
  private var bars = 0
  /// The bars read last, one after the other.
  private var barRun = 0
  /// Whether bars stand otherwise than in pairs, as those do that hide a word in some chats.
  private var hasOddBars = false
  /// Whether anything else stands before the first of them.
  private var startsOtherwise = false
  private var spaces = 0
  private var lastWasStop = false

  mutating func begin() {
    byteCount = 0
    visible = 0
    markup = 0
    hyphens = 0
    lineBreaks = 0
    stops = 0
    bars = 0
    barRun = 0
    hasOddBars = false
    startsOtherwise = false
    spaces = 0
    lastWasStop = false
  }

  mutating func add(_ scalar: UInt32, _ length: Int) {
    byteCount += length
    let kind = ScalarFold.kind(scalar)
    if kind.contains(.ignorable) {
      hasInvisible = true
      return
    }
    if kind.contains(.mark) { return }
    visible += 1
    if scalar == 0x20 || scalar == 0x09 { spaces += 1 }
    if scalar != 0x7C {
      endBars()
      startsOtherwise = startsOtherwise || bars == 0
    }
    switch scalar {
    case 0x0A, 0x0B, 0x0C, 0x85, 0x2028, 0x2029:
      lineBreaks += 1
      if lastWasStop { stops += 1 }
    case 0x0D: visible -= 1
    case 0x7C:
      markup += 1
      bars += 1
      barRun += 1
    case 0x2A, 0x5F, 0x7E, 0x60, 0x5C: markup += 1  // * _ ~ ` \
    case 0x2D, 0x2010, 0x2011: hyphens += 1
    case 0x2E, 0x21, 0x3F, 0x3B, 0x2C, 0x2026: lastWasStop = true  // . ! ? ; , …
    default:
      if lastWasStop, scalar == 0x20 || scalar == 0xA0 || scalar == 0x202F { stops += 1 }
    }
    if scalar == 0x3E || scalar == 0x20, lineBreaks > 0 { visible -= 1 }  // "> " of a quoted line
  }

  private mutating func endBars() {
    if barRun != 0, barRun != 2 { hasOddBars = true }
    barRun = 0
  }

  /// Ends the gap before a letter: nearly always there is none.
  @inline(__always)
  mutating func close(before letter: PhraseLetter) {
    if byteCount != 0 { return closeGap(before: letter) }
    if !letter.startsWord { letterGaps &+= 1 }
  }

  /// Ends a gap of some bytes before a letter.
  @inline(never)
  private mutating func closeGap(before letter: PhraseLetter) {
    if lineBreaks > 0 { hasLineBreak = true }
    if letter.startsWord {
      if visible > 0 { wordGapsWithSpace += 1 }
      if stops > 0, !letter.followsPunctuation { hasSentenceEnd = true }
      // The border of a table's cell: "| NATO | Restricted |" are two words of two cells. Pairs that touch a word
      // hide it: "||NATO|| Restricted".
      if bars > 0, spaces > 0 {
        let touches = !startsOtherwise || barRun > 0
        endBars()
        if hasOddBars || !touches { hasCellBorder = true }
      }
      if lineBreaks > 1 { hasBlankLine = true }
    } else {
      letterGaps += 1
      if visible > 0 {
        visibleLetterGaps += 1
        if lineBreaks > 0 { lineLetterGaps += 1 }
        if markup == visible { markupGaps += 1 }
        if lineBreaks > 0, visible == lineBreaks + hyphens { hyphenBreaks += 1 }
      }
    }
    begin()
  }
}

import VigieText
import VigieUnicode

/// Whether a match is quoted, in code, or in a template, seen from the bytes of its line.
enum Quotation {
  /// How far an enclosing quotation mark may stand from the match, bytes.
  private static let maxCount = 48

  /// What the quotation marks enclose in which the match stands within its line, or `nil`.
  static func quoted(
    _ text: Span<UInt8>,
    _ match: Range<Int>,
    line: Range<Int>
  ) -> Range<Int>? {
    let floor = max(line.lowerBound, match.lowerBound - maxCount)
    var index = match.lowerBound
    var opening: Mark?
    var start = index
    while index > floor {
      if isNoMark(text[index - 1]) {
        index -= 1
        continue
      }
      let unit = text.scalar(before: index)
      index -= unit.length
      if let mark = Mark(unit.value) {
        // An apostrophe inside a word opens nothing.
        if mark == .single, index > floor,
          ScalarFold.isWord(text.scalar(before: index).value)
        {
          continue
        }
        opening = mark
        start = index + unit.length
        break
      }
    }
    guard let opening, opening.canOpen else { return nil }
    index = match.upperBound
    let ceiling = min(line.upperBound, match.upperBound + maxCount)
    while index < ceiling {
      if isNoMark(text[index]) {
        index += 1
        continue
      }
      let unit = text.scalar(at: index)
      index += unit.length
      guard let mark = Mark(unit.value) else { continue }
      if mark == .single, index < ceiling, ScalarFold.isWord(text.scalar(at: index).value) {
        continue
      }
      return mark.closes(opening) ? start..<(index - unit.length) : nil
    }
    return nil
  }

  /// Whether a byte of ASCII is no quotation mark: nearly all are none.
  @inline(__always)
  private static func isNoMark(_ byte: UInt8) -> Bool {
    byte < 0x80 && byte != 0x22 && byte != 0x27
  }

  /// Whether what double quotation marks enclose is the value of a key in them too: `"mention": "…"`.
  static func isValue(_ text: Span<UInt8>, _ quoted: Range<Int>, line: Range<Int>) -> Bool {
    var index = quoted.lowerBound - 1
    guard index > line.lowerBound, text[index] == 0x22 else { return false }
    while index > line.lowerBound, text[index - 1] == 0x20 { index -= 1 }
    guard index > line.lowerBound, text[index - 1] == 0x3A else { return false }
    index -= 1
    while index > line.lowerBound, text[index - 1] == 0x20 { index -= 1 }
    return index > line.lowerBound && text[index - 1] == 0x22
  }

  /// Where the dots start that lead from the name of a field to what was filled in at the end of its line.
  ///
  /// `Mention ........ X`; `nil` where none lead to the match.
  static func leader(_ text: Span<UInt8>, _ match: Range<Int>, line: Range<Int>) -> Int? {
    guard !LineLayout.hasWord(text, match.upperBound..<line.upperBound) else { return nil }
    var index = match.lowerBound
    while index > line.lowerBound {
      let unit = text.scalar(before: index)
      guard ScalarFold.isWhiteSpace(unit.value) else { break }
      index -= unit.length
    }
    let end = index
    while index > line.lowerBound, text[index - 1] == 0x2E { index -= 1 }
    return end - index >= leaderCount && LineLayout.hasWord(text, line.lowerBound..<index)
      ? index : nil
  }

  /// From how many dots on they lead somewhere.
  private static let leaderCount = 4

  /// Quotation marks by what they pair with.
  private enum Mark {
    case double, single, openGuillemet, closeGuillemet, openCurly, closeCurly, openCorner,
      closeCorner

    init?(_ scalar: UInt32) {
      switch scalar {
      case 0x22, 0xFF02: self = .double
      case 0x27: self = .single
      case 0xAB, 0x2039: self = .openGuillemet
      case 0xBB, 0x203A: self = .closeGuillemet
      case 0x201C, 0x201E, 0x2018, 0x201A: self = .openCurly
      case 0x201D: self = .closeCurly
      case 0x2019: self = .single
      case 0x300C, 0x300E, 0x300A: self = .openCorner
      case 0x300D, 0x300F, 0x300B: self = .closeCorner
      default: return nil
      }
    }

    var canOpen: Bool { self != .closeCurly && self != .closeCorner }

    func closes(_ opening: Mark) -> Bool {
      switch opening {
      case .double: self == .double
      case .single: self == .single
      case .openGuillemet: self == .closeGuillemet
      // German writes »so« as well.
      case .closeGuillemet: self == .openGuillemet
      // „so" is typed where the keyboard has no closing mark.
      case .openCurly:
        self == .closeCurly || self == .openCurly || self == .single || self == .double
      case .openCorner: self == .closeCorner
      case .closeCurly, .closeCorner: false
      }
    }
  }

  /// Whether the line is a quoted one: `> …`.
  static func isQuoteLine(_ text: Span<UInt8>, line: Range<Int>) -> Bool {
    var index = line.lowerBound
    while index < line.upperBound, text[index] == 0x20 || text[index] == 0x09 { index += 1 }
    return index < line.upperBound && text[index] == 0x3E
  }

  /// How far back an opening code fence is sought, bytes.
  private static let fenceCount = 8_192

  /// Whether the match stands in code: back quotes, a fence, a line that reads like code, or a name of a
  /// program, which the name of a file is not.
  static func isCode(
    _ text: Span<UInt8>,
    _ match: Range<Int>,
    line: Range<Int>,
    _ signs: TextSigns,
    isValue: Bool,
    isFileName: @autoclosure () -> Bool
  ) -> Bool {
    if signs.mayHold(0x60), isInBackQuotes(text, match, line) || isFenced(text, match.lowerBound) {
      return true
    }
    return signs.hold(isValue ? .code : [.code, .notation], text, line)
      || isPartOfIdentifier(text, match) && !isFileName()
  }

  private static func isInBackQuotes(
    _ text: Span<UInt8>,
    _ match: Range<Int>,
    _ line: Range<Int>
  ) -> Bool {
    var quotes = 0
    for index in line.lowerBound..<match.lowerBound where text[index] == 0x60 { quotes += 1 }
    guard quotes % 2 == 1 else { return false }
    for index in match.upperBound..<line.upperBound where text[index] == 0x60 { return true }
    return false
  }

  private static func isFenced(_ text: Span<UInt8>, _ place: Int) -> Bool {
    var fences = 0
    var index = max(0, place - fenceCount)
    while let found = LineLayout.find(text, index..<place, "```") {
      fences += 1
      index = found + 3
    }
    return fences % 2 == 1
  }

  /// Whether the match is part of a name of a program: `SECRET_KEY`, `app.secret`.
  private static func isPartOfIdentifier(_ text: Span<UInt8>, _ match: Range<Int>) -> Bool {
    func joins(_ at: Int, _ beyond: Int) -> Bool {
      guard at >= 0, at < text.count, beyond >= 0, beyond < text.count else { return false }
      return text[at] == 0x5F && isNameByte(text[beyond])
    }
    guard
      joins(match.lowerBound - 1, match.lowerBound - 2)
        || joins(match.upperBound, match.upperBound + 1)
    else { return false }
    // A file name in a sentence is joined by underscores as well, and has an extension.
    var end = match.upperBound
    while end < text.count, isNameByte(text[end]) || text[end] == 0x2D || text[end] >= 0x80 {
      end += 1
    }
    return !(end + 1 < text.count && text[end] == 0x2E && isNameByte(text[end + 1]))
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    byte == 0x5F || (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
  }

  /// Whether header lines of a forwarded mail stand above a line.
  static func isForwarded(
    _ text: Span<UInt8>,
    line: Range<Int>,
    _ signs: TextSigns
  ) -> Bool {
    guard signs.mayHold(.forward) || signs.mayHoldHeaders else { return false }
    var headers = 0
    var end = line.upperBound
    var start = line.lowerBound
    for _ in 0..<12 {
      if mayStartHeader(text, start..<end),
        headerNames.contains(where: { startsHeader(text, start..<end, $0) })
      {
        headers += 1
      }
      if signs.hold(.forward, text, start..<end) { return true }
      if start == 0 { break }
      end = start - 1
      start = end
      while start > 0, !LineLayout.isLineEnd(text[start - 1]), end - start < LineLayout.maxCount {
        start -= 1
      }
      if end - start >= LineLayout.maxCount { break }
    }
    return headers >= 2
  }

  private static let headerNames: [StaticString] = [
    "De", "From", "Von", "Objet", "Subject", "Betreff", "To", "An", "Envoy", "Sent", "Gesendet",
    "Date", "Datum", "Cc", "\u{C0}",
  ]

  /// Whether a name starts with a byte.
  private static let isHeaderStart: [Bool] = (0..<256).map { byte in
    headerNames.contains { unsafe Int($0.utf8Start.pointee) == byte }
  }

  /// Whether a line starts like a name of a header, one letter of it: most do not.
  private static func mayStartHeader(_ text: Span<UInt8>, _ line: Range<Int>) -> Bool {
    let start = headerStart(text, line)
    return start < line.upperBound && isHeaderStart[Int(text[start])]
  }

  /// Where a header would start in a line.
  private static func headerStart(_ text: Span<UInt8>, _ line: Range<Int>) -> Int {
    var start = line.lowerBound
    while start < line.upperBound, text[start] == 0x20 || text[start] == 0x3E || text[start] == 0x2A
    {
      start += 1
    }
    return start
  }

  private static func startsHeader(
    _ text: Span<UInt8>,
    _ line: Range<Int>,
    _ name: StaticString
  ) -> Bool {
    let start = headerStart(text, line)
    let end = start + name.utf8CodeUnitCount
    guard end < line.upperBound, LineLayout.find(text, start..<end, name) == start else {
      return false
    }
    // "Objet : …", "Envoyé le : …": the colon comes within a few letters.
    for index in end..<min(line.upperBound, end + 8) where text[index] == 0x3A { return true }
    return false
  }
}

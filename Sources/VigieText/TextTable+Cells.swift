/// The lines of a text, and their cells.
extension TextTable {
  /// The cells of one line, from the first on.
  package struct Cells {
    private var index: Int
    private let end: Int
    private let separator: Separator
    private var isOver = false
    /// Whether no quotation mark closes any more on this line.
    private var isUnclosed = false

    /// The cells of a line of a text; the marks of a quoted message before it are none of it.
    package init(_ text: Span<UInt8>, _ line: Range<Int>, _ separator: Separator) {
      var start = line.lowerBound
      var end = line.upperBound
      func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 && separator != .tab }
      while start < end, isBlank(text[start]) || text[start] == 0x3E { start += 1 }
      while end > start, isBlank(text[end - 1]) { end -= 1 }
      if separator == .bar {
        if start < end, text[start] == 0x7C { start += 1 }
        if end > start, text[end - 1] == 0x7C { end -= 1 }
      }
      self.index = start
      self.end = end
      self.separator = separator
    }

    /// The bytes of the next one, with the blanks and quotation marks around it; `nil` after the last.
    package mutating func next(_ text: Span<UInt8>) -> Range<Int>? {
      guard !isOver else { return nil }
      let start = index
      skipQuotation(text)
      while index < end {
        let width = width(text)
        if width > 0 {
          let cell = start..<index
          index += width
          return cell
        }
        index += 1
      }
      isOver = true
      return start..<end
    }

    /// Passes over what stands in quotation marks at the start of a cell; two of them are one inside.
    private mutating func skipQuotation(_ text: Span<UInt8>) {
      guard !isUnclosed, separator != .bar, separator != .blanks else { return }
      var place = index
      while place < end, text[place] == 0x20 { place += 1 }
      guard place < end, text[place] == 0x22 else { return }
      place += 1
      while place < end {
        if text[place] == 0x22 {
          guard place + 1 < end, text[place + 1] == 0x22 else {
            index = place + 1
            return
          }
          place += 1
        }
        place += 1
      }
      isUnclosed = true
    }

    /// How many bytes part two cells here; 0 where none do.
    private func width(_ text: Span<UInt8>) -> Int {
      let isBeforeBlank = index + 1 < end && text[index + 1] == 0x20
      switch (separator, text[index]) {
      case (.tab, 0x09), (.semicolon, 0x3B): return 1
      case (.bar, 0x7C): return index > 0 && text[index - 1] == 0x5C ? 0 : 1
      case (.comma, 0x2C): return isBeforeBlank ? 0 : 1
      case (.spacedComma, 0x2C): return isBeforeBlank ? 1 : 0
      case (.blanks, 0x20):
        guard isBeforeBlank else { return 0 }
        var count = 2
        while index + count < end, text[index + count] == 0x20 { count += 1 }
        return count
      default: return 0
      }
    }
  }

  /// A cell without blanks, and without quotation marks around the rest.
  package static func bare(_ text: Span<UInt8>, _ cell: Range<Int>) -> Range<Int> {
    let range = trimmed(text, cell)
    guard range.count > 1, text[range.lowerBound] == text[range.upperBound - 1] else {
      return range
    }
    switch text[range.lowerBound] {
    // " ' ` *
    case 0x22, 0x27, 0x60, 0x2A:
      let inside = (range.lowerBound + 1)..<(range.upperBound - 1)
      return text[range.lowerBound] == 0x2A ? bare(text, inside) : trimmed(text, inside)
    default: return range
    }
  }

  private static func trimmed(_ text: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
    var start = range.lowerBound
    var end = range.upperBound
    while start < end {
      if text[start] == 0x20 || text[start] == 0x09 {
        start += 1
      } else if start + 1 < end, text[start] == 0xC2, text[start + 1] == 0xA0 {
        start += 2
      } else {
        break
      }
    }
    while end > start {
      if text[end - 1] == 0x20 || text[end - 1] == 0x09 {
        end -= 1
      } else if end - 1 > start, text[end - 2] == 0xC2, text[end - 1] == 0xA0 {
        end -= 2
      } else {
        break
      }
    }
    return start..<end
  }

  static func cellCount(
    _ text: Span<UInt8>,
    _ line: Range<Int>,
    _ separator: Separator
  ) -> Int {
    var cells = Cells(text, line, separator)
    var count = 0
    while count <= maxColumnCount, cells.next(text) != nil { count += 1 }
    return count
  }

  static func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }

  /// The line on which a place stands; `nil` where it is too long or the place goes beyond it.
  package static func line(of text: Span<UInt8>, around place: Range<Int>) -> Range<Int>? {
    let floor = max(0, place.lowerBound - maxLineCount)
    let start = text.lineStart(before: place.lowerBound, from: floor)
    guard start == 0 || isLineEnd(text[start - 1]), let line = line(of: text, from: start) else {
      return nil
    }
    return line.upperBound >= place.upperBound ? line : nil
  }

  static func line(of text: Span<UInt8>, from start: Int) -> Range<Int>? {
    let ceiling = min(text.count, start + maxLineCount)
    let end = text.lineEnd(from: start, to: ceiling)
    return end == text.count || isLineEnd(text[end]) ? start..<end : nil
  }

  /// The line below one that is no frame; `nil` at the end of the text, or where it is too long.
  static func line(of text: Span<UInt8>, after line: Range<Int>) -> Range<Int>? {
    guard let next = directLine(text, after: line) else { return nil }
    return isFrame(text, next) ? directLine(text, after: next) : next
  }

  private static func directLine(_ text: Span<UInt8>, after line: Range<Int>) -> Range<Int>? {
    var start = line.upperBound
    guard start < text.count else { return nil }
    start += text[start] == 0x0D && start + 1 < text.count && text[start + 1] == 0x0A ? 2 : 1
    return start < text.count ? self.line(of: text, from: start) : nil
  }

  /// The line above one that is no frame; `nil` at the start of the text, or where it is too long.
  static func line(of text: Span<UInt8>, before line: Range<Int>) -> Range<Int>? {
    guard let next = directLine(text, before: line) else { return nil }
    return isFrame(text, next) ? directLine(text, before: next) : next
  }

  private static func directLine(_ text: Span<UInt8>, before line: Range<Int>) -> Range<Int>? {
    var end = line.lowerBound
    guard end > 0 else { return nil }
    end -= end > 1 && text[end - 1] == 0x0A && text[end - 2] == 0x0D ? 2 : 1
    return self.line(of: text, around: end..<end)
  }

  /// Whether a line is drawn: nothing but - + | : = and blanks, with two dashes at least.
  private static func isFrame(_ text: Span<UInt8>, _ line: Range<Int>) -> Bool {
    var dashCount = 0
    for index in line {
      switch text[index] {
      case 0x2D, 0x3D: dashCount += 1
      case 0x2B, 0x7C, 0x3A, 0x20, 0x09, 0x3E: break
      default: return false
      }
    }
    return dashCount > 1
  }
}

import VigieText
import VigieUnicode

/// What stands right before and right after a match on its line.
enum Neighbourhood {
  /// Whether a dash, colon or bar follows the match, before any word.
  static func separator(_ text: Span<UInt8>, after match: Range<Int>, line: Range<Int>) -> Bool {
    var index = match.upperBound
    while index < line.upperBound {
      let unit = text.scalar(at: index)
      if isSeparator(unit.value) {
        return !(index == match.upperBound && isJoined(text, hyphen: index, line: line))
      }
      guard isPassed(unit.value) else { return false }
      index += unit.length
    }
    return false
  }

  /// Whether a hyphen joins what stands before it to small letters: *HEMLIG-stämpeln* is one word.
  private static func isJoined(_ text: Span<UInt8>, hyphen index: Int, line: Range<Int>) -> Bool {
    guard text[index] == 0x2D, index + 1 < line.upperBound else { return false }
    return ScalarFold.isLowercase(text.scalar(at: index + 1).value)
  }

  /// Whether a dash, comma, colon or bar stands before the match, after any word.
  static func separator(_ text: Span<UInt8>, before match: Range<Int>, line: Range<Int>) -> Bool {
    var index = match.lowerBound
    while index > line.lowerBound {
      let unit = text.scalar(before: index)
      if isSeparator(unit.value) || unit.value == 0x2C { return true }
      guard isPassed(unit.value) else { return false }
      index -= unit.length
    }
    return false
  }

  /// Whether a colon stands right before the match, white space and opening brackets apart.
  static func colon(_ text: Span<UInt8>, before match: Range<Int>, line: Range<Int>) -> Bool {
    var index = match.lowerBound
    while index > line.lowerBound {
      let unit = text.scalar(before: index)
      if unit.value == 0x3A || unit.value == 0xFF1A { return true }
      guard isPassed(unit.value) else { return false }
      index -= unit.length
    }
    return false
  }

  /// Whether a question mark stands right after the match, white space and closing marks apart; after Greek a semicolon
  /// is one.
  static func questionMark(_ text: Span<UInt8>, after match: Range<Int>, line: Range<Int>) -> Bool {
    let isGreek = (0x370...0x3FF).contains(text.scalar(before: match.upperBound).value)
    var index = match.upperBound
    while index < line.upperBound {
      let unit = text.scalar(at: index)
      if unit.value == 0x3F || unit.value == 0xFF1F {
        // The end of an encoded word of a header, ?=, asks nothing.
        return index + unit.length >= line.upperBound || text[index + unit.length] != 0x3D
      }
      if isGreek, unit.value == 0x3B || unit.value == 0x37E { return true }
      // Closing quotation marks may stand between.
      guard isPassed(unit.value) || [0x22, 0xBB, 0x201D, 0x2019].contains(unit.value) else {
        return false
      }
      index += unit.length
    }
    return false
  }

  /// Whether a laughing or winking face stands on the line, or a cake: what is to be eaten is no secret of state.
  static func isLaughing(_ text: Span<UInt8>, line: Range<Int>) -> Bool {
    var index = line.lowerBound
    while index < line.upperBound {
      // Of ASCII nothing but what winks.
      if text[index] < 0x80, text[index] != 0x3B {
        index += 1
        continue
      }
      let unit = text.scalar(at: index)
      index += unit.length
      switch unit.value {
      // Grinning, tears of joy, winking, tongue out, upside down, rolling on the floor; a sweat smile is
      // an apology for a second try. Shortcake, birthday cake, balloon, cupcake.
      case 0x1F600...0x1F604, 0x1F606, 0x1F609, 0x1F60B, 0x1F61B...0x1F61D, 0x1F643, 0x1F923,
        0x1F92A, 0x1F370, 0x1F382, 0x1F388, 0x1F9C1:
        return true
      case 0x3B where index < line.upperBound && text[index] == 0x29: return true  // ;)
      case 0x3B
      where index + 1 < line.upperBound && text[index] == 0x2D && text[index + 1] == 0x29:
        return true  // ;-)
      default: continue
      }
    }
    return false
  }

  /// Hyphen, dashes, plus, colon, bar, middle dot, slash, bullet, arrows, drawn lines.
  private static func isSeparator(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x2D, 0x2010...0x2015, 0x2B, 0x2F, 0x3A, 0x7C, 0xB7, 0x2022, 0x2190...0x2194, 0x21D2,
      0x2500...0x257F,
      0x25BA, 0x27A1:
      true
    default: false
    }
  }

  /// White space, brackets and the asterisks of markdown.
  private static func isPassed(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x28, 0x29, 0x5B, 0x5D, 0x2A: true
    default: ScalarFold.isWhiteSpace(scalar)
    }
  }
}

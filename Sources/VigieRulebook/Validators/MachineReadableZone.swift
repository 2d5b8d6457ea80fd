/// The lines of passports and identity cards that machines read.
enum MachineReadableZone {
  /// Whether a match holds lines whose check digits are right.
  ///
  /// The match is the second line of a passport, or the first two lines of a card with three, or the
  /// second line of an old French identity card. Line ends and blanks do not count.
  ///
  /// *Source:* ICAO Doc 9303, part 3 §4.9 (weights 7, 3, 1; letters 10…35, `<` 0; modulo 10), part 4
  /// §4.2.2 (passports), part 5 §4.2.2 (three lines), part 6 §4.2.2 (two lines); for the old French
  /// card the arrêté of 24 April 1987: number of 12 digits and its check digit, given names, birth
  /// and its check digit, sex, check digit of both lines.
  static func isValid(_ match: Span<UInt8>) -> Bool {
    var line = Line()
    for index in 0..<match.count {
      let byte = match[index]
      if byte <= 0x20 { continue }
      guard line.append(byte) else { return false }
    }
    switch line.count {
    case 44:
      return line.holds(0..<9, 9) && line.holds(13..<19, 19) && line.holds(21..<27, 27)
        && (line.holds(28..<42, 42) || line.isEmpty(28..<43))
        && line.sum(0..<10, 13..<20, 21..<43) == line[43]
    case 60:
      return line.holds(5..<14, 14) && line.holds(30..<36, 36) && line.holds(38..<44, 44)
        && line.sum(5..<30, 30..<37, 38..<45, 48..<59) == line[59]
    case 36:
      let isOld = line.holds(0..<12, 12) && line.holds(27..<33, 33)
      let isNew =
        line.holds(0..<9, 9) && line.holds(13..<19, 19) && line.holds(21..<27, 27)
        && line.sum(0..<10, 13..<20, 21..<35) == line[35]
      return isOld || isNew
    default: return false
    }
  }

  /// The characters of lines by value.
  private struct Line {
    private static let capacity = 60
    private var values = [60 of UInt8](repeating: 0)
    private var areFillers: UInt64 = 0
    private(set) var count = 0

    /// Adds a character; `false` where none of this kind or no more has a place.
    mutating func append(_ byte: UInt8) -> Bool {
      guard count < Line.capacity else { return false }
      switch byte {
      case 0x30...0x39: values[count] = byte - 0x30
      case 0x41...0x5A: values[count] = byte - 0x41 + 10
      case UInt8(ascii: "<"): areFillers |= 1 << UInt64(count)
      default: return false
      }
      count += 1
      return true
    }

    /// The check digit that stands at a place; -1 for a letter or filler.
    subscript(place: Int) -> Int {
      values[place] <= 9 && areFillers >> UInt64(place) & 1 == 0 ? Int(values[place]) : -1
    }

    /// Whether the check digit at a place is that of some characters.
    func holds(_ range: Range<Int>, _ place: Int) -> Bool {
      sum(range) == self[place] && !isEmpty(range)
    }

    /// Whether nothing but fillers, and a digit of zero for them, stands in a range.
    func isEmpty(_ range: Range<Int>) -> Bool {
      for place in range where areFillers >> UInt64(place) & 1 == 0 {
        if place != range.upperBound - 1 || values[place] != 0 { return false }
      }
      return true
    }

    /// The check digit of some parts, taken for one.
    func sum(
      _ first: Range<Int>,
      _ second: Range<Int> = 0..<0,
      _ third: Range<Int> = 0..<0,
      _ fourth: Range<Int> = 0..<0
    ) -> Int {
      var sum = 0
      var number = 0
      func add(_ range: Range<Int>) {
        for place in range {
          sum += Int(values[place]) * (number % 3 == 0 ? 7 : number % 3 == 1 ? 3 : 1)
          number += 1
        }
      }
      add(first)
      add(second)
      add(third)
      add(fourth)
      return sum % 10
    }
  }
}

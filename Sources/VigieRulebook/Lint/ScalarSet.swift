/// A set of Unicode scalars, as sorted ranges that neither touch nor overlap.
struct ScalarSet: Sendable, Hashable {
  private(set) var ranges: [ClosedRange<UInt32>]

  static let lastScalar: UInt32 = 0x10FFFF
  static let all = ScalarSet([0...lastScalar])
  static let none = ScalarSet([])

  /// The union of any ranges, in any order.
  init(_ ranges: [ClosedRange<UInt32>]) {
    // Most are one character.
    if ranges.count <= 1 {
      self.ranges = ranges
      return
    }
    var merged: [ClosedRange<UInt32>] = []
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = merged.last, range.lowerBound <= last.upperBound &+ 1 {
        merged[merged.count - 1] =
          last.lowerBound...max(last.upperBound, range.upperBound)
      } else {
        merged.append(range)
      }
    }
    self.ranges = merged
  }

  /// The scalars of a text.
  init(_ text: String) { self.init(text.unicodeScalars.map { $0.value...$0.value }) }

  var isEmpty: Bool { ranges.isEmpty }

  func union(_ other: ScalarSet) -> ScalarSet {
    if isEmpty { return other }
    return other.isEmpty ? self : ScalarSet(ranges + other.ranges)
  }

  var inverted: ScalarSet {
    var gaps: [ClosedRange<UInt32>] = []
    var next: UInt32 = 0
    for range in ranges {
      if range.lowerBound > next { gaps.append(next...range.lowerBound - 1) }
      next = range.upperBound + 1
    }
    if next <= ScalarSet.lastScalar { gaps.append(next...ScalarSet.lastScalar) }
    return ScalarSet(gaps)
  }

  func subtracting(_ other: ScalarSet) -> ScalarSet {
    inverted.union(other).inverted
  }

  /// Whether the two have no scalar in common.
  func isDisjoint(with other: ScalarSet) -> Bool { subtracting(other) == self }

  func contains(_ value: UInt32) -> Bool {
    var low = 0
    var high = ranges.count
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].upperBound < value { low = middle + 1 } else { high = middle }
    }
    return low < ranges.count && ranges[low].lowerBound <= value
  }

  /// The set with both cases of every letter; ranges beyond Latin, Greek and Cyrillic are kept.
  var ignoringCase: ScalarSet {
    var more: [ClosedRange<UInt32>] = []
    for range in ranges where range.lowerBound < 0x530 {
      for value in range.lowerBound...min(range.upperBound, 0x52F) {
        let partners = ScalarSet.partners[Int(value)]
        if partners.lower != value, !range.contains(partners.lower) {
          more.append(partners.lower...partners.lower)
        }
        if partners.upper != value, !range.contains(partners.upper) {
          more.append(partners.upper...partners.upper)
        }
      }
    }
    return more.isEmpty ? self : ScalarSet(ranges + more)
  }

  /// Both cases of each scalar below U+0530; itself where it has no other, or one of several scalars.
  private static let partners: [(lower: UInt32, upper: UInt32)] = (UInt32(0)..<0x530).map { value in
    func only(_ mapping: String?) -> UInt32 {
      guard let scalars = mapping?.unicodeScalars, scalars.count == 1 else { return value }
      return scalars.first?.value ?? value
    }
    let properties = Unicode.Scalar(value)?.properties
    return (only(properties?.lowercaseMapping), only(properties?.uppercaseMapping))
  }
}

// What PCRE2's classes hold: of ASCII exactly, for what is left out of a class counts as well, and of all else near enough
// to tell whether two of them overlap. Letters, numbers, marks, spaces and punctuation have no scalar in common.
extension ScalarSet {
  static let digits = ScalarSet([0x30...0x39])
  static let spaces = ScalarSet([
    0x9...0xD, 0x20...0x20, 0x85...0x85, 0xA0...0xA0, 0x1680...0x1680, 0x2000...0x200A,
    0x2028...0x2029, 0x202F...0x202F, 0x205F...0x205F, 0x3000...0x3000,
  ])
  static let verticalSpaces = ScalarSet([0xA...0xD, 0x85...0x85, 0x2028...0x2029])
  static let horizontalSpaces = spaces.subtracting(verticalSpaces)
  static let letters = ScalarSet([
    0x41...0x5A, 0x61...0x7A, 0xAA...0xAA, 0xB5...0xB5, 0xBA...0xBA, 0xC0...0xD6, 0xD8...0xF6,
    0xF8...0x2AF, 0x370...0x1FFF, 0x2C00...0x2DFF, 0x3040...0xD7FF, 0xF900...0xFDFF,
    0xFE70...0xFEFC, 0xFF21...0xFF3A, 0xFF41...0xFF5A,
  ]).subtracting(spaces).subtracting(marks).subtracting(numbers)
  static let capitals = ScalarSet([
    0x41...0x5A, 0xC0...0xD6, 0xD8...0xDE, 0x391...0x3A9, 0x410...0x42F, 0xFF21...0xFF3A,
  ])
  static let numbers = digits.union(
    ScalarSet([
      0xB2...0xB3, 0xB9...0xB9, 0xBC...0xBE, 0x2070...0x2079, 0x2460...0x249B, 0xFF10...0xFF19,
    ])
  )
  static let marks = ScalarSet([0x300...0x36F, 0x1AB0...0x1AFF, 0x20D0...0x20FF])
  static let word = letters.union(numbers).union(marks).union(ScalarSet("_"))
  private static let ascii = ScalarSet([0...0x7F])
  /// Of ASCII the signs that Unicode does not call symbols.
  private static let plainPunctuation = ScalarSet("!\"#%&'()*,-./:;?@[\\]_{}")
  /// Some of which are spaces, but no separators to Unicode.
  private static let controls = ScalarSet([0...0x1F, 0x7F...0x9F])
  static let punctuation = ScalarSet([
    0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E, 0xA1...0xA9, 0xAB...0xB1, 0xB4...0xB4,
    0xB6...0xB8, 0xBB...0xBB, 0xBF...0xBF, 0x2010...0x2027, 0x2030...0x205E,
  ])

  static let symbols = ScalarSet([
    0xA6...0xA6, 0xA9...0xA9, 0xAE...0xAE, 0xB0...0xB0, 0x2100...0x2BFF, 0x1F000...0x1FAFF,
  ])

  /// The set of a POSIX class name, or `nil` where there is none.
  static func posix(_ name: String) -> ScalarSet? {
    switch name {
    case "alpha": letters
    case "digit": digits
    case "alnum": letters.union(numbers)
    case "upper": capitals
    case "lower": letters.subtracting(capitals)
    case "space": spaces
    case "blank": horizontalSpaces
    case "punct": punctuation
    case "word": word
    case "xdigit": ScalarSet("0123456789abcdefABCDEF")
    case "cntrl": ScalarSet([0...0x1F, 0x7F...0x7F])
    case "print": ScalarSet([0x20...0x7E, 0xA0...lastScalar])
    case "graph": ScalarSet([0x21...0x7E, 0xA0...lastScalar])
    case "ascii": ScalarSet([0...0x7F])
    default: nil
    }
  }

  /// The set of a Unicode property; all scalars where the property is not one of the usual.
  static func property(_ name: String) -> ScalarSet {
    switch name {
    case "L", "L&", "Latin", "Alphabetic": letters
    case "Lu": capitals
    case "Lt": capitals.subtracting(ascii)
    case "Ll": letters.subtracting(capitals)
    case "N": numbers
    case "No": numbers.subtracting(digits)
    case "Nd": digits
    case "M", "Mn": marks
    case "Z", "Zs": spaces.subtracting(controls)
    case "Xsp", "Xps": spaces
    case "P": punctuation.subtracting(ascii).union(plainPunctuation)
    case "Po": punctuation.subtracting(ascii).union(ScalarSet("!\"#%&'*,./:;?@\\"))
    case "Ps": punctuation.subtracting(ascii).union(ScalarSet("([{"))
    case "Pe": punctuation.subtracting(ascii).union(ScalarSet(")]}"))
    case "S": punctuation.union(symbols).subtracting(plainPunctuation)
    case "So": symbols
    case "Pd": ScalarSet([0x2D...0x2D, 0x2010...0x2015, 0x2212...0x2212])
    case "Xan": letters.union(numbers)
    case "Xwd": word
    case "Greek": ScalarSet([0x370...0x3FF, 0x1F00...0x1FFF])
    case "Cyrillic": ScalarSet([0x400...0x52F])
    default: all
    }
  }
}

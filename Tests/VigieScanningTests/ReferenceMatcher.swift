import VigieCore
import VigieRulebook
import VigieText
import VigieUnicode

/// The slow and obvious way to find phrases: fold the whole text, try every phrase at every letter.
///
/// It shares with the engine the tables of scalars and nothing else: no prefilter, no walking back,
/// no state kept from one letter to the next.
struct ReferenceMatcher {
  /// A place where a phrase stands.
  struct Match: Hashable {
    var rule: Int
    var range: Range<Int>
    var letterCase: String
    var disguise: Disguise
    var hasSentenceGap: Bool
  }

  /// One scalar of the text, or one malformed byte.
  struct Unit {
    var scalar: UInt32
    var range: Range<Int>
    /// None for what is silent.
    var symbols: [UInt8]
    var kind: ScalarKind { ScalarFold.kind(scalar) }
  }

  let rules: CompiledRules
  /// Whether phrases with one wrong letter count as well.
  var seesMisspellings = true

  /// Every place where a phrase of any rule stands.
  func matches(_ bytes: [UInt8], role: Role) -> Set<Match> {
    var found: Set<Match> = []
    for view in FoldedView.allCases {
      let units = ReferenceMatcher.units(bytes, view)
      // The script view runs over texts with letters of other scripts only.
      if view == .script,
        !units.contains(where: {
          ScalarFold.isScriptLetter($0.scalar) || ScalarFold.isUnicase($0.scalar)
        })
      {
        continue
      }
      let voiced = units.indices.filter { !units[$0].symbols.isEmpty }
      let firsts = voiced.map { units[$0].symbols[0] }
      for phrase in rules.phrases where phrase.folded.view == view {
        let first = phrase.folded.letters[0].symbol
        for start in voiced.indices where firsts[start] == first {
          if let letters = stand(phrase.folded, units, voiced, start),
            let match = shape(phrase, units, letters, role)
          {
            found.insert(match)
          }
          guard seesMisspellings else { continue }
          for letters in ReferenceMisspelling.spellings(of: phrase.folded) {
            var spelt = phrase
            spelt.folded.letters = letters
            if let places = stand(spelt.folded, units, voiced, start),
              var match = shape(spelt, units, places, role, keepsWords: true)
            {
              match.disguise.insert(.misspelt)
              found.insert(match)
            }
          }
        }
      }
    }
    return found
  }

  /// The units of a text, read by trying which run of bytes is a scalar.
  static func units(_ bytes: [UInt8], _ view: FoldedView) -> [Unit] {
    var units: [Unit] = []
    var index = 0
    while index < bytes.count {
      var scalar: UInt32 = 0xFFFD
      var length = 1
      if bytes[index] < 0x80 {
        scalar = UInt32(bytes[index])
      } else {
        for count in 2...4 where index + count <= bytes.count {
          if let text = String(validating: bytes[index..<(index + count)], as: UTF8.self),
            text.unicodeScalars.count == 1, let only = text.unicodeScalars.first
          {
            (scalar, length) = (only.value, count)
            break
          }
        }
      }
      let folded = view.fold(scalar)
      units.append(
        Unit(
          scalar: scalar,
          range: index..<(index + length),
          symbols: (0..<folded.count).map { folded[$0] }
        )
      )
      index += length
    }
    return units
  }

  /// The unit of each letter of a phrase that stands in whole units from one on, or `nil`.
  private func stand(
    _ phrase: FoldedPhrase,
    _ units: [Unit],
    _ voiced: [Int],
    _ start: Int
  ) -> [Int]? {
    var letters: [Int] = []
    var place = start
    while letters.count < phrase.letters.count {
      guard place < voiced.count else { return nil }
      for symbol in units[voiced[place]].symbols {
        guard letters.count < phrase.letters.count,
          ReferenceMisspelling.accepts(phrase.letters[letters.count], symbol),
          [0, units[voiced[place]].scalar].contains(phrase.letters[letters.count].scalar)
        else { return nil }
        letters.append(voiced[place])
      }
      place += 1
    }
    return letters
  }

  /// Checks edges, gaps and case of a phrase whose letters are known, and describes it.
  private func shape(
    _ phrase: CompiledPhrase,
    _ units: [Unit],
    _ letters: [Int],
    _ role: Role,
    keepsWords: Bool = false
  ) -> Match? {
    let folded = phrase.folded
    guard let first = letters.first, var last = letters.last else { return nil }
    // Combining marks belong to the last letter.
    while last + 1 < units.count, units[last + 1].kind.contains(.mark) { last += 1 }
    let isWord = letters.count > 1
    guard isFree(units, first, letters[letters.count - 1], last, role, isWord: isWord) else {
      return nil
    }

    var gaps: [ReferenceGap] = []
    for place in 1..<max(1, letters.count) {
      let start = min(letters[place - 1] + 1, letters[place])
      let letter = folded.letters[place]
      gaps.append(
        ReferenceGap(
          units: Array(units[start..<letters[place]]),
          isWordGap: letter.startsWord,
          isPunctuated: letter.followsPunctuation
        )
      )
    }
    guard gaps.allSatisfy({ $0.byteCount <= 96 }) else { return nil }
    let inside = gaps.filter { !$0.isWordGap }
    let cuts = inside.filter { $0.visibleCount > 0 }
    let isSpaced = !inside.isEmpty && Double(cuts.count) >= 0.6 * Double(inside.count)
    if !isSpaced, gaps.contains(where: { $0.isCellBorder }) { return nil }
    if keepsWords, !isSpaced, !cuts.allSatisfy({ $0.isMarkup || $0.isHyphenation }) { return nil }
    if !cuts.isEmpty, !isSpaced, folded.letters.count < 12 {
      // A short phrase may be cut all over but not between its words, or by markup and hyphenation.
      let wordGaps = gaps.filter { $0.isWordGap && $0.visibleCount > 0 }
      let isCutThrough = cuts.count >= 2 && wordGaps.isEmpty
      guard isCutThrough || cuts.allSatisfy({ $0.isMarkup || $0.isHyphenation }) else { return nil }
    }

    let cased = casedLetters(folded, units, letters)
    let uppers = cased.filter { $0.isUpper }.count
    let lowers = cased.filter { $0.isLower }.count
    let startsUpper = !cased.contains { $0.startsWord && $0.isLower }
    switch rules.rules[phrase.rule].casing {
    case .any: break
    case .upper: guard lowers == 0 else { return nil }
    case .title: guard lowers == 0 || startsUpper else { return nil }
    case .exact:
      guard cased.allSatisfy({ $0.isCapital ? !$0.isLower : !$0.isUpper }) else { return nil }
    }
    let letterCase =
      switch (uppers, lowers) {
      case (1..., 0): "upper"
      case (0, 1...): "lower"
      case (1..., _) where startsUpper: "title"
      default: "mixed"
      }

    var disguise = letterDisguise(folded, units, letters)
    let accents = gaps.indices.filter { gaps[$0].units.contains { $0.kind.contains(.mark) } }
    let endsAccented = last > letters[letters.count - 1]
    if accents.contains(where: { !folded.letters[$0].isAccented })
      || endsAccented && folded.letters.last?.isAccented == false
    {
      disguise.insert(.diacritics)
    }
    if gaps.contains(where: { $0.hasInvisible }) { disguise.insert(.zeroWidth) }
    if gaps.contains(where: { $0.lineBreakCount > 0 }) { disguise.insert(.lineSplit) }
    if !isSpaced, cuts.contains(where: { $0.isMarkup }) { disguise.insert(.markupSplit) }
    if isSpaced, cuts.contains(where: { $0.lineBreakCount == 0 }) {
      disguise.insert(.letterSpacing)
    }
    let hasEnd = gaps.contains { $0.isWordGap && $0.hasStop && !$0.isPunctuated }
    let hasBlank = gaps.contains { $0.isWordGap && $0.lineBreakCount > 1 }
    return Match(
      rule: phrase.rule,
      range: units[first].range.lowerBound..<units[last].range.upperBound,
      letterCase: letterCase,
      disguise: disguise,
      hasSentenceGap: !isSpaced
        && (hasEnd
          || hasBlank && folded.letters.count < 12
            && letterCase == "lower")
    )
  }

  /// Whether the visible neighbours of a match are no letters or digits; in a file name a change
  /// from small letter to capital parts words; words of ideographs end where the ideographs do.
  private func isFree(
    _ units: [Unit],
    _ first: Int,
    _ lastLetter: Int,
    _ last: Int,
    _ role: Role,
    isWord: Bool
  ) -> Bool {
    func isVisible(_ unit: Unit) -> Bool { unit.kind.isDisjoint(with: [.ignorable, .mark]) }
    func isIdeograph(_ scalar: UInt32) -> Bool {
      guard ScalarFold.isUnicase(scalar) else { return false }
      return Unicode.Scalar(scalar)?.properties.isIdeographic == true
        || [0x3005, 0x303B].contains(scalar)
    }
    func parts(_ left: UInt32, _ right: UInt32) -> Bool {
      role == .filename && ScalarFold.isLowercase(left) && ScalarFold.isUppercase(right)
    }
    func ends(_ letter: UInt32, _ beside: UInt32) -> Bool {
      guard isWord else { return false }
      if isIdeograph(letter) { return !isIdeograph(beside) }
      let isNumber = ScalarFold.kind(letter).contains(.digit)
      return !ScalarFold.isUnicase(letter) && ScalarFold.isUnicase(beside) && !isNumber
    }
    let before = units[..<first].last(where: isVisible)
    let after = units[(last + 1)...].first(where: isVisible)
    if let before, ScalarFold.isWord(before.scalar), !parts(before.scalar, units[first].scalar),
      !ends(units[first].scalar, before.scalar)
    {
      return false
    }
    if let after, ScalarFold.isWord(after.scalar), !parts(units[lastLetter].scalar, after.scalar),
      !ends(units[lastLetter].scalar, after.scalar)
    {
      return false
    }
    return true
  }

  /// The case of one letter of a match.
  private struct CasedLetter {
    var isUpper: Bool
    var isLower: Bool
    var startsWord: Bool
    var isCapital: Bool
  }

  /// The letters that count for the case: the first of each unit, none that stands for another.
  private func casedLetters(_ phrase: FoldedPhrase, _ units: [Unit], _ letters: [Int])
    -> [CasedLetter]
  {
    letters.indices.compactMap { place in
      let unit = units[letters[place]]
      guard place == 0 || letters[place - 1] != letters[place],
        !isStandIn(phrase, unit, phrase.letters[place])
      else { return nil }
      return CasedLetter(
        isUpper: unit.kind.contains(.upper),
        isLower: unit.kind.contains(.lower) && unit.scalar != 0x131,
        startsWord: phrase.letters[place].startsWord,
        isCapital: phrase.letters[place].isCapital
      )
    }
  }

  /// Whether a Latin letter stands for another of the same symbol: i for l.
  private func isStandIn(_ phrase: FoldedPhrase, _ unit: Unit, _ letter: PhraseLetter) -> Bool {
    let base = ScalarFold.word(unit.scalar)
    return phrase.view == .skeleton && unit.symbols.count == 1
      && unit.kind.isDisjoint(with: [.digit, .homoglyph]) && letter.base > 1 && base > 2
      && base != letter.base
  }

  private func letterDisguise(_ phrase: FoldedPhrase, _ units: [Unit], _ letters: [Int]) -> Disguise
  {
    var disguise: Disguise = []
    for place in letters.indices where place == 0 || letters[place - 1] != letters[place] {
      let unit = units[letters[place]]
      let letter = phrase.letters[place]
      // In Greek a Greek letter is none, whatever Latin letter it looks like.
      let isLookalike =
        phrase.view == .script
        ? letter.base == 1 && letter.scalar == 0 && !ScalarFold.isScriptLetter(unit.scalar)
        : unit.kind.contains(.homoglyph)
      if isLookalike || isStandIn(phrase, unit, letter) {
        disguise.insert(.homoglyph)
      }
      // The ligatures of French and German spelling are no disguise.
      let isItself = letter.scalar != 0
      if unit.kind.contains(.compatibility), unit.symbols.count == 1 || unit.scalar > 0x17F,
        !isItself
      {
        disguise.insert(.compatibilityForm)
      }
      if unit.kind.contains(.digit), !isItself { disguise.insert(.leet) }
      if unit.kind.contains(.diacritic), !letter.isAccented { disguise.insert(.diacritics) }
    }
    return disguise
  }
}

/// What stands between two letters.
struct ReferenceGap {
  var units: [ReferenceMatcher.Unit]
  var isWordGap: Bool
  /// Whether the phrase itself has punctuation here.
  var isPunctuated: Bool

  private static let lineBreaks: Set<UInt32> = [0x0A, 0x0B, 0x0C, 0x85, 0x2028, 0x2029]
  private static let markup = Set("*_~`|\\".unicodeScalars.map(\.value))
  private static let hyphens: Set<UInt32> = [0x2D, 0x2010, 0x2011]
  private static let stops = Set(".!?;,…".unicodeScalars.map(\.value))
  private static let spaces: Set<UInt32> = [0x20, 0xA0, 0x202F]

  var byteCount: Int { units.reduce(0) { $0 + $1.range.count } }
  var hasInvisible: Bool { units.contains { $0.kind.contains(.ignorable) } }

  private var scalars: [UInt32] {
    units.filter { $0.kind.isDisjoint(with: [.ignorable, .mark]) }.map(\.scalar)
  }

  var lineBreakCount: Int { scalars.filter(ReferenceGap.lineBreaks.contains).count }

  /// Everything but carriage returns and what a quoted line starts with.
  var visible: [UInt32] {
    let all = scalars
    return all.indices.filter { place in
      if all[place] == 0x0D { return false }
      let isInLine = all[..<place].contains(where: ReferenceGap.lineBreaks.contains)
      return !(isInLine && (all[place] == 0x20 || all[place] == 0x3E))
    }.map { all[$0] }
  }

  var visibleCount: Int { visible.count }
  var isMarkup: Bool { visibleCount > 0 && visible.allSatisfy(ReferenceGap.markup.contains) }

  /// A bar between words with white space beside it, but for two that touch a word, which hide it.
  var isCellBorder: Bool {
    guard isWordGap, scalars.contains(where: { $0 == 0x20 || $0 == 0x09 }) else { return false }
    let runs = scalars.split { $0 != 0x7C }
    guard !runs.isEmpty else { return false }
    return runs.contains { $0.count != 2 } || scalars.first != 0x7C && scalars.last != 0x7C
  }

  /// Nothing but line ends and hyphens.
  var isHyphenation: Bool {
    lineBreakCount > 0
      && visible.allSatisfy {
        ReferenceGap.lineBreaks.contains($0) || ReferenceGap.hyphens.contains($0)
      }
  }

  /// Whether a sentence ends: a stop, and white space somewhere after it.
  var hasStop: Bool {
    guard let stop = scalars.firstIndex(where: ReferenceGap.stops.contains) else { return false }
    return scalars[(stop + 1)...].contains {
      ReferenceGap.lineBreaks.contains($0) || ReferenceGap.spaces.contains($0)
    }
  }
}

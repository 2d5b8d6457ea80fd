package import VigieText
import VigieUnicode

/// What one pass over a text looks for: windows of phrases in the skeleton, anchors in the bytes.
package struct Prefilter: Sendable {
  /// The windows of phrases in the skeleton.
  let phraseWindows: WindowSet
  /// The windows of anchors in the bytes.
  let anchorWindows: WindowSet
  /// What the pass reads.
  package let tables: PassTables
  /// For each string among the windows of phrases what it belongs to.
  package let phraseStrings: [PhraseString]
  /// For each string among the windows of anchors what is sought.
  package var anchorGroups: [AnchorGroup]
  /// From which string among the windows of anchors on they are those of runs of digits.
  package let firstDigitString: Int
  /// The bytes of the longest anchor.
  package var longestAnchorCount: Int
  /// Where in a phrase a sign may stand for a letter.
  package let signContexts: SignContexts
  /// What stands in an anchor.
  package let anchorTriples: AnchorTriples
  /// Windows of phrases of other scripts.
  package var script: Automaton
  /// For each two letters of these those that follow them in a phrase, as bits: 32 KiB, which only texts in such scripts
  /// touch.
  private let scriptTriples: [UInt64]
  /// Whether any phrase needs the script view.
  package var hasScriptPhrases: Bool
  /// For each window of the script view its phrases.
  package var scriptWindows: [[PhraseWindow]]
  /// For each anchor what it may belong to.
  package var anchorTargets: [AnchorTarget]

  /// A phrase, or a part of one, that is sought in the skeleton.
  ///
  /// As small as can be: there are thousands, each message asks for others, and waits for their memory.
  package struct PhraseString: Sendable {
    /// The number of the phrase.
    @inlinable package var phrase: Int { Int(number) }
    /// Which of its letters the string has.
    @inlinable package var letters: Range<Int> { Int(firstLetter)..<Int(endLetter) }
    /// Of a part the letters beyond it, the nearest in the lowest five bits: after one that the phrase starts
    /// with, before another; three of them, and one more.
    package private(set) var beyond: UInt32 = 0
    /// How many these are.
    @inlinable package var beyondCount: Int { Int(lettersBeyond) }
    /// Whether it is a part that stands where the rest of the phrase may be misspelt.
    package let isPart: Bool
    @usableFromInline private(set) var lettersBeyond: UInt8 = 0
    @usableFromInline let number: UInt32
    @usableFromInline let firstLetter: UInt32
    @usableFromInline let endLetter: UInt32

    private init(_ number: Int, _ letters: Range<Int>, isPart: Bool) {
      self.number = UInt32(number)
      firstLetter = UInt32(letters.lowerBound)
      endLetter = UInt32(letters.upperBound)
      self.isPart = isPart
    }

    /// A whole phrase.
    init(phrase number: Int, _ phrase: FoldedPhrase) {
      self.init(number, 0..<phrase.letters.count, isPart: false)
    }

    /// A part of a phrase, from its start or up to its end.
    init(phrase number: Int, _ phrase: FoldedPhrase, part: Range<Int>) {
      self.init(number, part, isPart: true)
      let symbols = phrase.symbols
      let rest =
        part.lowerBound == 0
        ? Array(symbols[part.upperBound...]) : symbols[..<part.lowerBound].reversed()
      for symbol in rest.prefix(4).reversed() { beyond = beyond << 5 | UInt32(symbol) }
      lettersBeyond = UInt8(min(4, rest.count))
    }
  }

  /// One phrase in which a window stands.
  package struct PhraseWindow: Sendable {
    package var phrase: Int
    /// How many letters of the phrase come up to the end of the window.
    package var letterCount: Int
  }

  /// One literal and where it leads.
  package struct AnchorTarget: Sendable {
    package enum Kind: Sendable { case pattern(Int), mark(Int) }
    package var literal: [UInt8]
    package var kind: Kind
    /// Whether the literal must stand in this very case.
    package var isExact: Bool
    /// Whether a letter right before or after it rules it out; for a mark a digit does as well.
    package var isWholeWord: Bool
    /// How many bytes of a match may stand before or after it.
    package var reach: Int
  }

  /// The anchors that ask for the same bytes.
  package struct AnchorGroup: Sendable {
    /// The bytes; in lower case unless ``isExact``.
    package var literal: [UInt8]
    package var isExact: Bool
    package var isWholeWord: Bool
    /// How many bytes it has: asked for at each place, where the bytes themselves are not.
    package var count: Int
    /// What is sought.
    package var kinds: [AnchorTarget.Kind]
    /// The numbers of these among all anchors.
    package var targets: [Int]
    /// How many bytes of a match may stand before or after it.
    package var reach: Int

    /// The last byte where only this one will do; 0 for a letter in either case.
    fileprivate var lastByte: UInt8 {
      guard let last = literal.last else { return 0 }
      return isExact || !(0x61...0x7A).contains(last) ? last : 0
    }
  }

  /// Where runs of digits are met: five of them, or two on each side of a separator.
  ///
  /// Numbers of persons, companies and accounts are written in one piece or in groups, of which two
  /// neighbours have two digits or more. A separator beyond ASCII is a code for each of its bytes where a step takes
  /// both, or the kernel, which takes bytes; and else one.
  static let digitWindows: [[UInt8]] = {
    let digit = StepTable.code(of: UInt8(ascii: "0"))
    let separators: [[UInt8]] = [
      [StepTable.code(of: UInt8(ascii: " "))], [StepTable.code(of: UInt8(ascii: "-"))],
      [StepTable.wideCode], [StepTable.wideCode, StepTable.wideCode],
      [StepTable.wideCode, StepTable.wideCode, StepTable.wideCode],
    ]
    return [[UInt8](repeating: digit, count: 5)]
      + separators.map { [digit, digit] + $0 + [digit, digit] }
  }()

  /// A prefilter.
  ///
  /// - Parameters:
  ///   - phrases: The phrases of all rules.
  ///   - misspelt: The numbers of those that are looked for with one letter wrong as well.
  ///   - targets: The anchors of all patterns and marks.
  ///   - seeksDigits: Whether patterns ask for runs of digits.
  ///   - index: The windows of the same phrases and anchors, where they are known.
  init(
    phrases: [FoldedPhrase],
    misspelt: [Int],
    anchors targets: [AnchorTarget],
    seeksDigits: Bool = false,
    _ index: RuleIndex? = nil
  ) {
    let strings = Prefilter.strings(phrases, misspelt)
    let groups = Prefilter.groups(targets)
    self.phraseWindows =
      index?.phrases.ofStrings(strings.count)
      ?? WindowSet(
        strings.map { WindowSet.Sought(symbols: Array(phrases[$0.phrase].symbols[$0.letters])) },
        endsInside: true,
        .symbols
      )
    self.anchorWindows =
      index?.anchors.ofStrings(groups.count + (seeksDigits ? Prefilter.digitWindows.count : 0))
      ?? WindowSet(
        groups.map { group in
          WindowSet.Sought(
            symbols: group.literal.map(StepTable.code),
            edges: group.isWholeWord ? StepTable.edgeCodes : nil,
            lastByte: group.lastByte,
            reach: min(group.reach, Prefilter.maxDisguiseReach)
          )
        }
          + (seeksDigits ? Prefilter.digitWindows : []).map { WindowSet.Sought(symbols: $0) },
        endsInside: false,
        .codes
      )
    self.tables = PassTables(phrases: phraseWindows, anchors: anchorWindows)
    self.phraseStrings = strings
    self.anchorGroups = groups
    self.signContexts = SignContexts(phrases.lazy.filter { $0.view == .skeleton }.map(\.symbols))
    self.anchorTriples = AnchorTriples(groups, digits: seeksDigits ? Prefilter.digitWindows : [])
    self.firstDigitString = groups.count
    self.longestAnchorCount = groups.map(\.literal.count).max() ?? 0
    self.anchorTargets = targets
    var script: [[UInt8]: [PhraseWindow]] = [:]
    var triples = [UInt64](repeating: 0, count: 64 * 64)
    for (number, phrase) in phrases.enumerated() where phrase.view == .script {
      let symbols = Array(phrase.symbols)
      for place in 0..<max(0, symbols.count - 2) {
        triples[Int(symbols[place]) << 6 | Int(symbols[place + 1])] |=
          1 << UInt64(symbols[place + 2])
      }
      // After a phrase of one or two letters anything may stand, or nothing.
      if symbols.count == 2 { triples[Int(symbols[0]) << 6 | Int(symbols[1])] = .max }
      if symbols.count == 1 {
        for second in 0..<64 { triples[Int(symbols[0]) << 6 | second] = .max }
      }
      let window = Array(phrase.symbols.prefix(Prefilter.maxWindowCount))
      script[window, default: []].append(
        PhraseWindow(phrase: number, letterCount: window.count)
      )
    }
    let windows = script.sorted { $0.key.lexicographicallyPrecedes($1.key) }
    self.script = Automaton(
      strings: windows.map(\.key),
      columnCount: FoldedView.script.columnCount,
      silentColumn: 0
    )
    self.scriptTriples = triples
    self.hasScriptPhrases = !windows.isEmpty
    self.scriptWindows = windows.map(\.value)
  }

  /// Whether three letters of the script view follow each other in a phrase.
  package func hasScriptTriple(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> Bool {
    scriptTriples[Int(first & 63) << 6 | Int(second & 63)] >> UInt64(third & 63) & 1 == 1
  }

  /// The longest window of a phrase of another script, letters.
  private static let maxWindowCount = 6

  /// How far from an anchor a look-alike counts, bytes: most matches are shorter, and where one is
  /// written in look-alikes throughout, some stand near.
  package static let maxDisguiseReach = 32

  /// What of the phrases is sought in the skeleton: all that belong there, and two parts of each that is found
  /// misspelt as well.
  ///
  /// One wrong letter leaves one half whole; two letters that changed places where the halves meet leave
  /// all but the last letter of the first.
  private static func strings(_ phrases: [FoldedPhrase], _ misspelt: [Int]) -> [PhraseString] {
    let numbers = phrases.indices.filter { phrases[$0].view == .skeleton }
    let wholes = numbers.map { PhraseString(phrase: $0, phrases[$0]) }
    let parts = misspelt.flatMap { number in
      let count = phrases[number].letters.count
      return [0..<(count / 2 - 1), (count / 2)..<count].map {
        PhraseString(phrase: number, phrases[number], part: $0)
      }
    }
    return wholes + parts
  }

  /// Puts anchors together that ask for the same, in the order of their first.
  private static func groups(_ targets: [AnchorTarget]) -> [AnchorGroup] {
    struct Key: Hashable {
      var literal: [UInt8]
      var isExact: Bool
      var isWholeWord: Bool
    }
    var known: [Key: Int] = [:]
    var groups: [AnchorGroup] = []
    for (index, target) in targets.enumerated() {
      let literal = target.isExact ? target.literal : target.literal.map(lowercased)
      let key = Key(literal: literal, isExact: target.isExact, isWholeWord: target.isWholeWord)
      if let number = known[key] {
        groups[number].kinds.append(target.kind)
        groups[number].targets.append(index)
        groups[number].reach = max(groups[number].reach, target.reach)
      } else {
        known[key] = groups.count
        groups.append(
          AnchorGroup(
            literal: literal,
            isExact: target.isExact,
            isWholeWord: target.isWholeWord,
            count: literal.count,
            kinds: [target.kind],
            targets: [index],
            reach: target.reach
          )
        )
      }
    }
    return groups
  }

  /// An ASCII byte in lower case.
  package static func lowercased(_ byte: UInt8) -> UInt8 {
    (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
  }
}

/// What a byte or scalar says of the text it stands in: which further views may be needed.
package struct ByteSign: OptionSet, Sendable {
  package let rawValue: UInt32

  @inlinable package init(rawValue: UInt32) { self.rawValue = rawValue }

  /// `<` or `&`.
  @inlinable package static var markup: ByteSign { ByteSign(rawValue: 1 << 0) }
  /// `%`.
  @inlinable package static var percent: ByteSign { ByteSign(rawValue: 1 << 1) }
  /// `!`, `|` or `+`.
  @inlinable package static var leet: ByteSign { ByteSign(rawValue: 1 << 2) }
  /// `\`.
  @inlinable package static var backslash: ByteSign { ByteSign(rawValue: 1 << 3) }
  /// A scalar beyond ASCII that looks like another beside a letter, or is invisible.
  @inlinable package static var lookalike: ByteSign { ByteSign(rawValue: 1 << 4) }
  /// A letter of a script other than Latin that phrases may have.
  @inlinable package static var script: ByteSign { ByteSign(rawValue: 1 << 5) }
  /// A byte that is not UTF-8.
  @inlinable package static var malformed: ByteSign { ByteSign(rawValue: 1 << 6) }
  /// An anchor that holds a ``lookalike``, or has one near.
  @inlinable package static var disguisedAnchor: ByteSign { ByteSign(rawValue: 1 << 7) }
  /// Sixteen letters of base64 in a row that are no word in small letters.
  @inlinable package static var run: ByteSign { ByteSign(rawValue: 1 << 8) }

  /// The signs that bear on decoding.
  package var decoderSigns: Decoder.Signs {
    var signs = Decoder.Signs(rawValue: UInt8(truncatingIfNeeded: rawValue & 0x1F))
    if contains(.disguisedAnchor) { signs.insert(.disguisedAnchor) }
    if contains(.run) { signs.insert(.run) }
    return signs
  }

  /// The signs of a scalar beyond ASCII.
  ///
  /// - Parameters:
  ///   - scalar: The scalar.
  ///   - besideLetter: Whether a letter stands right before or after it.
  package init(of scalar: UInt32, besideLetter: @autoclosure () -> Bool) {
    let entry = ScalarFold.entry(scalar)
    let kind = entry.kind
    var bits: UInt32 =
      entry.isScriptLetter || entry.isUnicase ? ByteSign.script.rawValue : 0
    let isInvisible = kind.contains(.ignorable) && scalar != 0xFE0F && scalar != 0x200D
    let isMarked = kind.contains(.mark) || kind.contains(.diacritic) && scalar > 0x17F
    // A look-alike by itself is a symbol; beside other letters it is part of a word.
    let isLookalike = kind.contains(.homoglyph) || kind.contains(.compatibility) && entry.isWord
    if isInvisible || isMarked || isLookalike && besideLetter() {
      bits |= ByteSign.lookalike.rawValue
    }
    if Decoder.isSign(scalar) { bits |= ByteSign.leet.rawValue }
    self.rawValue = bits
  }

  init(of byte: UInt8) {
    switch byte {
    case UInt8(ascii: "<"), UInt8(ascii: "&"): self = .markup
    case UInt8(ascii: "%"), UInt8(ascii: "="): self = .percent
    case UInt8(ascii: "!"), UInt8(ascii: "|"), UInt8(ascii: "+"): self = .leet
    case UInt8(ascii: "\\"): self = .backslash
    default: self = ByteSign(rawValue: 0)
    }
  }
}

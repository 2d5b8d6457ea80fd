import VigieCore
import VigieRulebook
import VigieText
import VigieUnicode

/// What is done with a phrase of which a window was met.
extension Sweep {
  /// Takes a string of whose letters so many stand before a byte, and the phrase it belongs to.
  mutating func check(string number: Int, _ text: Span<UInt8>, _ end: Int, _ letterCount: Int) {
    let string = rules.prefilter.phraseStrings[number]
    guard string.isPart else { return check(phrase: string.phrase, text, end, letterCount) }
    let place = Misspelling.Place(end: end, letterCount: string.letters.lowerBound + letterCount)
    guard Misspelling.mayGoOn(string, text, place, skeleton) else {
      effort -= 1
      return
    }
    let number = string.phrase
    count(number) { sweep in
      // One letter more on each side: that too many letters stand there has to be seen.
      let index = sweep.skeleton.index(
        text,
        after: place.end,
        before: place.letterCount + 1,
        after: sweep.phrases[number].folded.letters.count - place.letterCount + 1
      )
      guard sweep.isMisspelt(number, string.letters, index, place.letterCount) else { return }
      // By reference: a phrase that is copied is references to count.
      let all = sweep.phrases
      let phrases = all.span
      let spelt = Misspelling.spelt(
        phrases[number].folded,
        string.letters,
        sweep.skeleton,
        index,
        place.letterCount
      )
      guard let spelt else { return }
      sweep.check(
        spelt.phrase,
        of: phrases[number].rule,
        text,
        end,
        spelt.letterCount,
        disguise: .misspelt
      )
    }
  }

  /// Whether the letters around a place differ from those of a phrase where one of them may be wrong: nearly all that
  /// is asked for here is spelt right, or stands there in part.
  @inline(__always)
  private func isMisspelt(
    _ phrase: Int,
    _ part: Range<Int>,
    _ index: Int,
    _ letterCount: Int
  ) -> Bool {
    let phrases = phrases.span
    return Misspelling.differs(
      phrases[phrase].folded.letters.span,
      part,
      skeleton,
      index,
      letterCount
    )
  }

  /// Takes a phrase of whose letters so many stand before a byte.
  mutating func check(phrase number: Int, _ text: Span<UInt8>, _ end: Int, _ letterCount: Int) {
    count(number) { sweep in
      let all = sweep.phrases
      let phrases = all.span
      sweep.check(phrases[number].folded, of: phrases[number].rule, text, end, letterCount)
    }
  }

  /// Looks at a place for a phrase, and has it counted.
  private mutating func count(_ phrase: Int, _ body: (inout Sweep) -> Void) {
    effort -= 1
    let start = meter == nil ? 0 : SweepMeter.now()
    let matchCount = matches.count
    body(&self)
    meter?.count(
      .phrase,
      of: phrases[phrase].rule,
      since: start,
      matchCount: matches.count - matchCount
    )
  }

  private mutating func check(
    _ phrase: FoldedPhrase,
    of rule: Int,
    _ text: Span<UInt8>,
    _ end: Int,
    _ letterCount: Int,
    disguise: Disguise = []
  ) {
    let match = PhraseCheck.match(
      text,
      endingAt: end,
      letterCount: letterCount,
      phrase,
      of: rule,
      casing: rules.rules[rule].casing,
      splitsCamelCase: role == .filename,
      // Words that meet otherwise than in the phrase are not misspelt but others.
      keepsWords: disguise.contains(.misspelt)
    )
    guard var match else { return }
    match.disguise.formUnion(disguise)
    add(match)
  }

  /// The case in which the words of a range are written.
  func letterCase(_ text: Span<UInt8>, _ range: Range<Int>) -> LetterCase {
    var upper = 0
    var lower = 0
    var startsAreUpper = true
    var isStart = true
    var index = range.lowerBound
    while index < range.upperBound {
      let unit = text.scalar(at: index)
      index += unit.length
      let entry = ScalarFold.entry(unit.value)
      if entry.isUppercase { upper += 1 }
      if entry.isLowercase {
        lower += 1
        if isStart { startsAreUpper = false }
      }
      isStart = !entry.isWord
    }
    if lower == 0, upper > 0 { return .upper }
    if upper == 0, lower > 0 { return .lower }
    return startsAreUpper && upper > 0 ? .title : .mixed
  }
}

import VigieCore
import VigieRulebook
import VigieText

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
    count(string.phrase) { sweep in
      let phrase = sweep.rules.phrases[string.phrase]
      // One letter more on each side: that too many letters stand there has to be seen.
      let index = sweep.skeleton.index(
        text,
        after: place.end,
        before: place.letterCount + 1,
        after: phrase.folded.letters.count - place.letterCount + 1
      )
      let spelt = Misspelling.spelt(
        phrase.folded,
        string.letters,
        sweep.skeleton,
        index,
        place.letterCount
      )
      guard let spelt else { return }
      sweep.check(spelt.phrase, of: phrase.rule, text, end, spelt.letterCount, disguise: .misspelt)
    }
  }

  /// Takes a phrase of whose letters so many stand before a byte.
  mutating func check(phrase number: Int, _ text: Span<UInt8>, _ end: Int, _ letterCount: Int) {
    count(number) { sweep in
      let phrase = sweep.rules.phrases[number]
      sweep.check(phrase.folded, of: phrase.rule, text, end, letterCount)
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
      of: rules.phrases[phrase].rule,
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
}

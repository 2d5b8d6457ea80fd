import VigieCore
import VigieRulebook

extension EvasionForm {
  /// Every form, group by group in the order of ``EvasionGroup``.
  package static let all: [EvasionForm] =
    misspellings + cases + homoglyphs + compatibilityForms + leet + diacritics + whiteSpace
    + letterSpacing
    + zeroWidth + lineSplits + markup + encodings

  // MARK: Letters

  /// One wrong letter in the middle of the longest word; whether the marking is long enough to bear it is known of
  /// its rule.
  private static let misspellings: [EvasionForm] = [
    misspelling("a letter left out") { $0.removeLetter(at: $1) },
    misspelling("a letter twice") { $0.doubleLetter(at: $1) },
    misspelling("two letters swapped") { $0.letters.swapAt($1, $1 + 1) },
    misspelling("another letter") {
      $0.letters[$1] = $0.letters[$1].lowercased() == "x" ? "k" : "x"
    },
  ]

  private static func misspelling(
    _ name: String,
    _ change: @escaping @Sendable (inout SpelledMarking, Int) -> Void
  ) -> EvasionForm {
    EvasionForm(.misspelt, name) { marking, _ in
      guard
        let word = marking.longWords.max(by: { $0.count < $1.count }),
        word.count >= CompiledRules.misspeltWordLetterCount
      else { return false }
      let before = marking.text
      change(&marking, word.lowerBound + word.count / 2)
      // Two of the same that change places are spelt as before.
      return marking.text != before
    }
  }

  private static let cases: [EvasionForm] = [
    EvasionForm(.letterCase, "upper") { marking, _ in
      recase(&marking) { text, _ in text.uppercased() }
    },
    EvasionForm(.letterCase, "lower") { marking, _ in
      recase(&marking) { text, _ in text.lowercased() }
    },
    EvasionForm(.letterCase, "alternating") { marking, _ in
      recase(&marking) { text, index in index % 2 == 0 ? text.lowercased() : text.uppercased() }
    },
  ]

  private static func recase(
    _ marking: inout SpelledMarking,
    _ change: (String, Int) -> String
  ) -> Bool {
    marking.letters = marking.letters.enumerated().map { change($1, $0) }
    return marking.letters != marking.source.map { String($0) }
  }

  /// A form that gives letters another shape; `nil` leaves a letter as it is.
  private static func replacing(
    _ group: EvasionGroup,
    _ name: String,
    _ form: @escaping @Sendable (Character) -> String?
  ) -> EvasionForm {
    EvasionForm(group, name) { marking, share in
      var isChanged = false
      for index in marking.letters.indices where share.holds(index) {
        // By the letter as it stands: its case may be another by now.
        guard let letter = marking.letters[index].first, marking.letters[index].count == 1,
          let changed = form(LetterForms.base(letter))
        else { continue }
        marking.letters[index] = changed
        isChanged = true
      }
      return isChanged
    }
  }

  private static let homoglyphs =
    LetterForms.lookalikes.map { row in replacing(.homoglyph, row.name) { row.forms[$0] } } + [
      replacing(.homoglyph, "several scripts") { letter in
        let forms = LetterForms.lookalikes.compactMap { $0.forms[letter] }
        return forms.isEmpty ? nil : forms[Int(letter.asciiValue ?? 0) % forms.count]
      }
    ]

  private static let compatibilityForms =
    LetterForms.alphabets.map { row in
      replacing(.compatibilityForm, row.name) { row.form(of: $0) }
    }
    + LetterForms.smallForms.map { row -> EvasionForm in
      var form = replacing(.compatibilityForm, row.name) { letter in
        letter.lowercased().first.flatMap { row.forms[$0] }
      }
      form.makesSmall = row.areSmall
      return form
    }

  private static let leet = [
    replacing(.leet, "digits") { LetterForms.digits[$0] },
    replacing(.leet, "signs") { LetterForms.signs[$0] },
    replacing(.leet, "strokes") { LetterForms.strokes[$0] },
    replacing(.leet, "signs of money") { LetterForms.money[$0] },
  ]

  private static let diacritics =
    [
      ("acute", "\u{301}"), ("dot below", "\u{323}"), ("stacked", "\u{302}\u{308}\u{30C}"),
      ("stroke", "\u{336}"), ("cedilla and ring", "\u{327}\u{30A}"),
    ].map { name, marks in
      replacing(.diacritics, "combining " + name) { $0.isLetter ? String($0) + marks : nil }
    } + [
      replacing(.diacritics, "precomposed") { LetterForms.accented[$0] },
      replacing(.diacritics, "letters with a stroke") { LetterForms.stroked[$0] },
    ]

  // MARK: Between letters

  private static func isAnything(_ role: Role) -> Bool { role != .filename }

  private static let whiteSpace: [EvasionForm] =
    ([
      ("no-break space", "\u{A0}"), ("thin space", "\u{2009}"), ("ideographic space", "\u{3000}"),
      ("several spaces", "   "), ("underscore", "_"), ("hyphen", "-"), ("full stop", "."),
      ("middle dot", "·"), ("dash", " – "), ("braille blank", "\u{2800}"), ("none", ""),
    ].map { name, gap in gapped(name, gap) { _ in true } })
    + [gapped("tab", "\t", isAnything), gapped("slash", "/", isAnything)]

  private static func gapped(
    _ name: String,
    _ gap: String,
    _ fits: @escaping @Sendable (Role) -> Bool
  ) -> EvasionForm {
    EvasionForm(.whiteSpace, name, fits: fits) { marking, _ in fill(&marking, gap) }
  }

  private static func fill(_ marking: inout SpelledMarking, _ gap: String) -> Bool {
    let places = marking.wordGaps
    for place in places { marking.gaps[place] = gap }
    return !places.isEmpty
  }

  private static let letterSpacing: [EvasionForm] = [
    ("spaces", " ", "   "), ("full stops", ".", " "), ("hyphens", "-", " "),
    ("underscores", "_", "__"), ("no-break spaces", "\u{A0}", "\u{A0}\u{A0}\u{A0}"),
    ("thin spaces", "\u{2009}", "  "), ("middle dots", "·", " "),
  ].map { name, separator, gap in
    EvasionForm(.letterSpacing, name) { marking, _ in
      let inner = marking.inner
      for index in inner { marking.gaps[index] += separator }
      _ = fill(&marking, gap)
      return !inner.isEmpty
    }
  }

  /// *Source:* Unicode `Default_Ignorable_Code_Point` and the bidirectional controls.
  private static let zeroWidth: [EvasionForm] = [
    ("zero-width space", "\u{200B}"), ("zero-width non-joiner", "\u{200C}"),
    ("zero-width joiner", "\u{200D}"), ("soft hyphen", "\u{AD}"), ("word joiner", "\u{2060}"),
    ("byte-order mark", "\u{FEFF}"), ("left-to-right mark", "\u{200E}"),
    ("Arabic letter mark", "\u{61C}"), ("bidi isolate", "\u{2068}\u{2069}"),
    ("bidi embedding", "\u{202A}\u{202C}"), ("variation selector", "\u{FE0F}"),
    ("ideographic variation selector", "\u{E0101}"), ("tag character", "\u{E0061}"),
    ("combining grapheme joiner", "\u{34F}"), ("invisible plus", "\u{2064}"),
    ("Mongolian vowel separator", "\u{180E}"), ("Hangul filler", "\u{3164}"),
  ].flatMap { name, unseen in
    [
      EvasionForm(.zeroWidth, name + ", once") { marking, _ in
        let inner = marking.inner
        guard !inner.isEmpty else { return false }
        marking.gaps[inner[inner.count / 2]] += unseen
        return true
      },
      EvasionForm(.zeroWidth, name + ", everywhere") { marking, _ in
        let inner = marking.inner
        for index in inner { marking.gaps[index] += unseen }
        return !inner.isEmpty
      },
    ]
  }

  private static let lineSplits: [EvasionForm] =
    [
      ("words", "\n"), ("words, CRLF", "\r\n"), ("words, line separator", "\u{2028}"),
      ("blank line", "\n\n"), ("quoted", "\n> "),
    ].map { name, end in
      EvasionForm(.lineSplit, name, fits: { $0 != .filename && ($0 != .html || name != "quoted") })
      {
        marking,
        _ in fill(&marking, end)
      }
    } + [
      EvasionForm(.lineSplit, "one letter a line", fits: isAnything) { marking, _ in
        let inner = marking.inner
        for index in inner { marking.gaps[index] += "\n" }
        _ = fill(&marking, "\n\n")
        return !inner.isEmpty
      },
      EvasionForm(.lineSplit, "hyphenated", fits: isAnything) { marking, _ in
        guard let word = marking.longWords.first(where: { $0.count >= 6 }) else { return false }
        marking.gaps[word.lowerBound + word.count / 2] += "-\n"
        return true
      },
    ]
}

/// A marking cut into its letters and what stands before each of them.
struct SpelledMarking {
  /// Letters and digits, with whatever a disguise adds to them.
  var letters: [String]
  /// What stands before each letter: nothing inside a word.
  var gaps: [String]
  /// What stands after the last letter.
  private(set) var tail = ""
  /// The letters as they were written.
  let source: [Character]
  /// The letters that open a word; the first is always among them.
  private(set) var wordStarts: [Int]

  /// Takes a marking apart, or gives `nil` where it has fewer than two letters.
  init?(_ text: String) {
    var letters: [Character] = []
    var gaps: [String] = []
    var gap = ""
    for character in text {
      if character.isLetter || character.isNumber {
        letters.append(character)
        gaps.append(gap)
        gap = ""
      } else {
        gap.append(character)
      }
    }
    guard letters.count > 1 else { return nil }
    source = letters
    self.letters = letters.map { String($0) }
    self.gaps = gaps
    tail = gap
    wordStarts = gaps.indices.filter { $0 == 0 || !gaps[$0].isEmpty }
  }

  /// The marking as it stands now.
  var text: String { zip(gaps, letters).map { $0 + $1 }.joined() + tail }

  /// The letters that stand inside a word, after its first.
  var inner: [Int] { letters.indices.filter { !wordStarts.contains($0) } }

  /// The gaps that part words and say nothing by themselves, by the letter after them.
  ///
  /// A colon or slash is part of a marking: `TLP:RED`, `SECRET//NOFORN`.
  var wordGaps: [Int] {
    wordStarts.dropFirst().filter { start in
      gaps[start].unicodeScalars.allSatisfy {
        $0.properties.isWhitespace || $0 == "-" || $0 == "_" || $0 == "\u{2010}" || $0 == "\u{2011}"
      }
    }
  }

  /// Leaves a letter out.
  mutating func removeLetter(at place: Int) {
    letters.remove(at: place)
    gaps.remove(at: place)
    wordStarts = wordStarts.map { $0 > place ? $0 - 1 : $0 }
  }

  /// Writes a letter twice.
  mutating func doubleLetter(at place: Int) {
    letters.insert(letters[place], at: place)
    gaps.insert("", at: place + 1)
    wordStarts = wordStarts.map { $0 > place ? $0 + 1 : $0 }
  }

  /// The words that have room inside, as ranges of letters.
  var longWords: [Range<Int>] {
    zip(wordStarts, wordStarts.dropFirst() + [letters.count]).map { $0..<$1 }
      .filter { $0.count >= 4 }
  }
}

import VigieJSON

/// A text in every language of the page.
package struct Phrase: Sendable, Equatable {
  /// The languages in which pages are written, BCP 47 tags; the first is the one of readers of other languages.
  ///
  /// A language is a file `Resources/<tag>.json` with the keys of `en.json`, a line here, two in `page.css`, and
  /// `gaps-<tag>.json` with a line in ``GapWords``.
  package static let languages = ["en", "fr"]

  /// Language tag to text.
  package var texts: [String: String]

  /// A phrase from its texts, one for each of ``languages``.
  package init(_ texts: [String: String]) { self.texts = texts }

  /// A text that is the same in all languages, such as a name.
  package init(plain text: String) {
    texts = Dictionary(Phrase.languages.map { ($0, text) }) { first, _ in first }
  }

  /// The phrase of a key in the files of words.
  ///
  /// - Parameters:
  ///   - key: The key; where there is none the key stands for itself.
  ///   - count: A number on which the form depends: `key.one` or `key.other`; it stands for `{n}`.
  ///   - values: What stands for `{name}`, in all languages.
  package init(_ key: String, count: Int? = nil, _ values: [String: String] = [:]) {
    texts = [:]
    for language in Phrase.languages {
      // *Source:* Unicode CLDR, plural rules: 0 is `one` in French and `other` in English.
      let isOne = count == 1 || (count == 0 && language == "fr")
      let form = count == nil ? key : key + (isOne ? ".one" : ".other")
      var text = Phrase.words[language]?[form] ?? form
      if let count { text = text.replacing("{n}", with: HTMLWriter.grouped(count)) }
      for (name, value) in values { text = text.replacing("{\(name)}", with: value) }
      texts[language] = text
    }
  }

  /// The phrase of a key in which other phrases stand.
  ///
  /// - Parameters:
  ///   - key: The key; where there is none the key stands for itself.
  ///   - parts: What stands for `{name}`, in each language its own text.
  package init(_ key: String, parts: [String: Phrase]) {
    texts = Phrase(key).texts
    for language in Phrase.languages {
      for (name, part) in parts {
        texts[language] = texts[language]?.replacing("{\(name)}", with: part[language])
      }
    }
  }

  /// Phrases one after another.
  package init(joined phrases: [Phrase], by separator: String) {
    texts = [:]
    for language in Phrase.languages {
      texts[language] = phrases.map { $0[language] }.joined(separator: separator)
    }
  }

  /// The text in English for a terminal or a program: commas stand between thousands.
  package var plain: String {
    self["en"].replacing("\u{202F}", with: ",")
  }

  /// The text in a language; in one without a translation, that of the first language.
  package subscript(language: String) -> String {
    texts[language] ?? texts[Phrase.languages[0]] ?? ""
  }

  /// The words of every language, by key.
  package static let words: [String: [String: String]] = [
    "en": words(PackageResources.en_json), "fr": words(PackageResources.fr_json),
  ]

  private static func words(_ bytes: [UInt8]) -> [String: String] {
    // A file of ours, which the tests read too: what is wrong with it never gets this far.
    guard case .object(let members)? = try? JSONValue(bytes) else { return [:] }
    var words: [String: String] = [:]
    for member in members { words[member.key] = member.value.string }
    return words
  }
}

extension String {
  /// The text with each occurrence of a part replaced.
  func replacing(_ part: String, with text: String) -> String {
    var result = ""
    var rest = self[...]
    while let range = rest.firstRange(of: part) {
      result += rest[..<range.lowerBound] + text
      rest = rest[range.upperBound...]
    }
    return result + rest
  }
}

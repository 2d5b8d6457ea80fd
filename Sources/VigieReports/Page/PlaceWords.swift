import VigieCore

extension Phrase {
  /// Where a finding stands, in the languages of the page: `body, line 3, column 14`.
  ///
  /// The script has the same words for the rows that it makes of ``VigieCore/Finding/placeForPeople``.
  init(place text: String) {
    self.init(plain: text)
    for language in Phrase.languages { texts[language] = Phrase.place(text, in: language) }
  }

  private static func place(_ text: String, in language: String) -> String {
    func word(_ key: String) -> String { words[language]?["place.\(key)"] ?? key }
    var steps = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    guard steps.count > 1, let part = Part(steps[0]) else { return text }
    let numbers = steps[steps.count - 1].split(separator: ":")
    guard numbers.count == 2, numbers.allSatisfy({ Int($0) != nil }) else { return text }
    steps.removeLast()
    switch part {
    case .attachment(let index):
      steps[0] = word("attachment").replacing("{n}", with: String(index + 1))
    default: steps[0] = word(part.description)
    }
    var place = steps.joined(separator: " ")
    if place.hasSuffix(" (file name)") {
      place = place.dropLast("(file name)".count) + "(\(word("file-name")))"
    }
    return place + ", "
      + word("position").replacing("{line}", with: String(numbers[0]))
      .replacing("{column}", with: String(numbers[1]))
  }

  /// A number of bytes: `185.4 kB`, in French `185,4 ko`.
  ///
  /// *Source:* ISO 80000-13:2025; the octet is what French calls a byte.
  package init(byteCount: Int) {
    let text = Terminal.size(byteCount)
    self.init(plain: text)
    guard let unit = text.lastIndex(of: " ") else { return }
    let letters = text[text.index(after: unit)...].map { $0 == "B" ? "o" : String($0) }.joined()
    texts["fr"] = text[..<unit].map { $0 == "." ? "," : String($0) }.joined() + "\u{A0}" + letters
  }
}

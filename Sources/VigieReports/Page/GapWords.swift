import VigieJSON

extension Phrase {
  /// What was not read, in the languages of the page.
  ///
  /// Gaps say in English what was not read, also in JSON. `Resources/gaps-<tag>.json` has it in another language:
  /// `#` stands for each number, `*` for any text, one a key. Of a detail `HEAD: REST` each may have its own entry.
  /// What has none, such as the words of a library, stays as it is.
  ///
  /// - Parameter detail: The detail of a gap.
  package init(gapDetail detail: String) {
    self.init(plain: detail)
    for (language, words) in GapWords.all {
      if let text = words.text(of: detail) { texts[language] = text }
    }
  }
}

extension Phrase {
  /// The title of a rule, in the languages of the page.
  ///
  /// `Resources/titles-<tag>.json` has those that are not the words of the marking itself, such as how it stands; what a
  /// `*` stands for is looked up by itself. Titles of a site stay as they are, unless they are among these.
  ///
  /// - Parameter title: The title as the rule has it.
  package init(ruleTitle title: String) {
    self.init(plain: title)
    for (language, words) in GapWords.titles {
      if let text = words.text(of: title) { texts[language] = text }
    }
  }
}

/// The details of gaps in one language.
struct GapWords: Sendable {
  static let all: [String: GapWords] = [
    "fr": GapWords(PackageResources.gaps_fr_json, colon: "\u{A0}: ")
  ]

  static let titles: [String: GapWords] = [
    "fr": GapWords(PackageResources.titles_fr_json, colon: "\u{A0}: ", looksUpOpen: true)
  ]

  /// By the English text, numbers as `#`.
  private(set) var whole: [String: String] = [:]
  /// Those with a `*`: what stands before and after it, and the text; the longest first.
  private var open: [(before: String, after: String, text: String)] = []
  private let colon: String
  private let looksUpOpen: Bool

  /// The words of a file.
  ///
  /// - Parameters:
  ///   - bytes: An object of English texts and their translations.
  ///   - colon: What stands between `HEAD` and `REST` in the language.
  ///   - looksUpOpen: Whether what a `*` stands for may have an entry too.
  init(_ bytes: [UInt8], colon: String, looksUpOpen: Bool = false) {
    self.colon = colon
    self.looksUpOpen = looksUpOpen
    // A file of ours, which a test reads too.
    guard case .object(let members)? = try? JSONValue(bytes) else { return }
    for member in members {
      guard let text = member.value.string else { continue }
      // A number that is part of a text, such as that of UTF-8, is one in the detail as well.
      let key = GapWords.split(member.key).text
      if let star = key.firstIndex(of: "*") {
        open.append((String(key[..<star]), String(key[key.index(after: star)...]), text))
      } else {
        whole[key] = text
      }
    }
    open.sort {
      $0.before.utf8.count + $0.after.utf8.count > $1.before.utf8.count + $1.after.utf8.count
    }
  }

  /// The translation of a detail; `nil` where no part of it has one.
  func text(of detail: String) -> String? {
    let (key, numbers) = GapWords.split(detail)
    if let text = whole[key] { return GapWords.filled(text, numbers) }
    for entry in open where key.utf8.count > entry.before.utf8.count + entry.after.utf8.count {
      guard key.hasPrefix(entry.before), key.hasSuffix(entry.after) else { continue }
      var middle = String(key.dropFirst(entry.before.count).dropLast(entry.after.count))
      // A colon ends what a `*` stands for: what follows it is looked up by itself.
      if middle.contains(": ") { continue }
      if looksUpOpen { middle = text(of: middle) ?? middle }
      return GapWords.filled(entry.text.replacing("*", with: middle), numbers)
    }
    guard let end = detail.firstRange(of: ": ") else { return nil }
    let head = String(detail[..<end.lowerBound])
    let rest = String(detail[end.upperBound...])
    let texts = (text(of: head), text(of: rest))
    if texts.0 == nil, texts.1 == nil { return nil }
    return (texts.0 ?? head) + colon + (texts.1 ?? rest)
  }

  /// A text with `#` for each run of digits, and the runs.
  private static func split(_ text: String) -> (text: String, numbers: [String]) {
    var result = ""
    var numbers: [String] = []
    var run = ""
    func isDigit(_ character: Character) -> Bool { ("0"..."9").contains(character) }
    for character in text {
      if isDigit(character) {
        run.append(character)
        continue
      }
      if !run.isEmpty {
        result += "#"
        numbers.append(run)
        run = ""
      }
      result.append(character)
    }
    if !run.isEmpty {
      result += "#"
      numbers.append(run)
    }
    return (result, numbers)
  }

  /// A translation with numbers in the places of `#`, in their order.
  ///
  /// What is spelt with digits in it, such as UTF-8, has them in the detail too, so that the order says which is which.
  private static func filled(_ text: String, _ numbers: [String]) -> String {
    var rest = numbers[...]
    var result = ""
    for character in GapWords.split(text).text {
      if character == "#", let number = rest.popFirst() {
        result += number
      } else {
        result.append(character)
      }
    }
    return result
  }
}

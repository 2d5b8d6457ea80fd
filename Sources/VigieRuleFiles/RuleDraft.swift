public import VigieRulebook

/// A new rule for its author to complete, and the family file it goes to.
///
/// The draft holds as it stands: its words are taken from its id, and its examples are found, so
/// that an author starts from a rule that passes and changes one thing after the other.
public struct RuleDraft: Sendable, Equatable {
  /// The id, family included.
  public let id: String
  /// The family.
  public let family: String
  /// Who defines the marking; `nil` for the scheme of the family.
  public let scheme: String?
  /// A level, or a grade of the scheme.
  public let level: String
  /// The marking as people write it; `nil` for the words of the id.
  private let wording: String?
  private let givenLanguage: DraftLanguage?

  /// A draft.
  ///
  /// - Parameters:
  ///   - id: The id, with or without its family.
  ///   - family: The family; `nil` for what stands before the first dot of the id.
  ///   - scheme: Who defines the marking; `nil` for the scheme of the family, or its name.
  ///   - level: A level of the common ladder, or a grade of the scheme.
  ///   - title: The marking as people write it; `nil` for the words of the id.
  ///   - language: The language of the examples; `nil` for that of the marking.
  /// - Throws: A fault where the id or the family is no name, or the title no line of text.
  public init(
    id: String,
    family: String?,
    scheme: String?,
    level: String,
    title: String? = nil,
    language: DraftLanguage? = nil
  ) throws(RuleFault) {
    let given = family ?? String(id.prefix { $0 != "." })
    let whole = id.hasPrefix(given + ".") ? id : "\(given).\(id)"
    let rest = whole.dropFirst(given.count + 1)
    guard family != nil || id.contains("."), given.isName, whole.isName, !rest.isEmpty else {
      throw RuleFault(
        at: SourcePosition(file: id, line: 0, column: 0),
        "this is no id of a rule",
        mend: "write FAMILY.NAME in small letters, digits and hyphens, such as acme.internal-only"
      )
    }
    if let title, !RuleDraft.isLine(title) {
      throw RuleFault(
        at: SourcePosition(file: id, line: 0, column: 0),
        "the title is no line of text with a letter in it",
        mend: "write the marking as it stands on documents, such as --title 'Board Only'"
      )
    }
    if let title, title.count(where: { $0.isLetter || $0.isNumber }) < 2 {
      throw RuleFault(
        at: SourcePosition(file: id, line: 0, column: 0),
        "the title is a single letter, which stands in brackets everywhere",
        mend: "write it with what stands beside it, such as --title 'Board X'"
      )
    }
    self.wording = title
    self.givenLanguage = language
    self.id = whole
    self.family = given
    self.scheme = scheme
    self.level = level
  }

  /// Whether a title can stand in an example: one line with a letter, and nothing that bounds examples.
  private static func isLine(_ title: String) -> Bool {
    title.contains { $0.isLetter }
      && !title.unicodeScalars.contains { $0.value < 0x20 || $0 == "⟦" || $0 == "⟧" }
  }

  /// A text inside the double quotes of YAML.
  private static func escaped(_ text: String) -> String {
    var escaped = ""
    for character in text {
      if character == "\"" || character == "\\" { escaped.append("\\") }
      escaped.append(character)
    }
    return escaped
  }

  /// A text with the marks of an example around it: what is found goes from its first letter to its last.
  private static func marked(_ text: String) -> String {
    guard let first = text.firstIndex(where: { $0.isLetter || $0.isNumber }),
      let last = text.lastIndex(where: { $0.isLetter || $0.isNumber })
    else { return text }
    let end = text.index(after: last)
    return "\(escaped(String(text[..<first])))⟦\(escaped(String(text[first..<end])))⟧"
      + escaped(String(text[end...]))
  }

  /// The words of the marking in small letters.
  private var words: String {
    if let wording { return wording.lowercased() }
    let own = id.dropFirst(family.count + 1)
    // A single letter stands in brackets everywhere: with the family before it, it is somebody's.
    let named = own.count { $0 != "-" && $0 != "." } < 2 ? id[...] : own
    return String(named.map { $0 == "-" || $0 == "." ? " " : $0 })
  }

  /// The language of the examples.
  private var language: DraftLanguage { givenLanguage ?? DraftLanguage(of: words) }

  /// The words as a title.
  private var title: String {
    wording
      ?? words.split(separator: " ").map { $0.prefix(1).uppercased() + $0.dropFirst() }
      .joined(separator: " ")
  }

  /// The entry under `rules:`.
  ///
  /// - Parameters:
  ///   - indent: What stands before its hyphen.
  ///   - source: The key of `sources:` it cites.
  ///   - namesScheme: Whether the scheme is not that of the family.
  /// - Returns: YAML, with a final line break.
  func entry(indent: String, source: String, namesScheme: Bool) -> String {
    // *Source:* the lint: a phrase of fewer folded letters matches by chance.
    let isShort = CompiledRules.foldedLetterCount(words) < Lint.minLetterCount.any
    let capitals = words.uppercased()
    let stamp = RuleDraft.marked(capitals)
    let spoken = isShort ? "(\(stamp))" : RuleDraft.marked(title)
    let form =
      isShort
      ? "marks: [\"\(RuleDraft.escaped(capitals))\"]              # short forms, found only in a stamp position"
      : "phrases: [\"\(RuleDraft.escaped(words))\"]   # every wording in use; case and disguises do not count"
    let lines =
      [
        "- id: \(id)",
        wording == nil ? "  title: \(title)" : "  title: \"\(RuleDraft.escaped(title))\"",
      ] + (namesScheme ? scheme.map { ["  scheme: \($0)"] } ?? [] : []) + [
        "  level: \(level)",
        "  cites: [\(source)]",
        "  prior: distinctive   # unmistakable, distinctive or ordinary: how much the words say alone",
        "  \(form)",
        "  examples:            # replace these with texts people really write; lint wants 5, 3 and 5",
        "    applied:           # ⟦…⟧ is exactly what must be found",
        "      - \"\(stamp)\\n\(language.minutes)\"",
        "      - \"\(language.sending) \(spoken)\"",
        "    mentioned:",
        "      - \"\(language.question.before) \(spoken) \(language.question.after)\"",
        "    silent:",
        "      - \"\(language.plain)\"",
      ]
    return lines.map { indent + $0 + "\n" }.joined()
  }

  /// A whole family file with the rule alone.
  var familyFile: String {
    """
    family: \(family)
    title: Markings of \(family)
    scheme: \(scheme ?? family)
    sources:
      RULES: "\(Lint.sourceToName)"
    rules:

    """ + entry(indent: "  ", source: "RULES", namesScheme: false)
  }
}

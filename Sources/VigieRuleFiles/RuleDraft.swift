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

  /// A draft.
  ///
  /// - Parameters:
  ///   - id: The id, with or without its family.
  ///   - family: The family; `nil` for what stands before the first dot of the id.
  ///   - scheme: Who defines the marking; `nil` for the scheme of the family, or its name.
  ///   - level: A level of the common ladder, or a grade of the scheme.
  /// - Throws: A fault where the id or the family is no name.
  public init(id: String, family: String?, scheme: String?, level: String) throws(RuleFault) {
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
    self.id = whole
    self.family = given
    self.scheme = scheme
    self.level = level
  }

  /// The words the id is made of.
  private var words: String {
    String(id.dropFirst(family.count + 1).map { $0 == "-" || $0 == "." ? " " : $0 })
  }

  /// The words as a title.
  private var title: String {
    words.split(separator: " ").map { $0.prefix(1).uppercased() + $0.dropFirst() }
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
    let spoken = isShort ? "(⟦\(capitals)⟧)" : "⟦\(title)⟧"
    let form =
      isShort
      ? "marks: [\"\(capitals)\"]              # short forms, found only in a stamp position"
      : "phrases: [\"\(words)\"]   # every wording in use; case and disguises do not count"
    let lines =
      [
        "- id: \(id)",
        "  title: \(title)",
      ] + (namesScheme ? scheme.map { ["  scheme: \($0)"] } ?? [] : []) + [
        "  level: \(level)",
        "  cites: [\(source)]",
        "  prior: distinctive   # unmistakable, distinctive or ordinary: how much the words say alone",
        "  \(form)",
        "  examples:            # replace these with texts people really write; lint wants 5, 3 and 5",
        "    applied:           # ⟦…⟧ is exactly what must be found",
        "      - \"⟦\(capitals)⟧\\nMinutes of the meeting of 3 May\"",
        "      - \"Please find attached the budget \(spoken)\"",
        "    mentioned:",
        "      - \"What does \(spoken) mean, and who decides on it?\"",
        "    silent:",
        "      - \"The meeting of 3 May is moved to room 12.\"",
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
      RULES: "the text that defines the marking, with its section"
    rules:

    """ + entry(indent: "  ", source: "RULES", namesScheme: false)
  }
}

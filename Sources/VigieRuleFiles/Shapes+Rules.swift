import VigieCore
import VigieRulebook

/// The words that stand for a `prior`, with their logits.
let priorWords: [(word: String, logit: Double)] = [
  ("unmistakable", 3), ("distinctive", 1), ("ordinary", -2),
]

extension Shape {
  /// A list of texts, or one text.
  static let texts = Shape(.oneOrMore(Shape(.text)))

  /// Evidence names, each with its default weight or with one of its own.
  static let weights = Shape(
    .list(
      Shape(.either([Shape(.text), Shape(.table(Shape(.number)))])),
      atLeast: 1
    )
  )

  /// Examples, each a text or a text with its role.
  static func examples(atLeast least: Int) -> Shape {
    Shape(.list(Shape(.either([Shape(.text), Shape(.object(.example))])), atLeast: least))
  }
}

extension ObjectShape {
  /// `markings/<family>.yaml`.
  static let family = ObjectShape(
    name: "family",
    keys: [
      .required("family", .name, "name of the family: the file name without .yaml"),
      .required("title", .text, "what the family holds, in a few words"),
      .optional("scheme", .name, "default scheme of the rules: ISO 3166-1 code, nato, eu, tlp…"),
      .required(
        "sources",
        .table(Shape(.text)),
        "where the facts come from: key to text and section"
      ),
      .optional(
        "fragments",
        .table(.texts),
        "pieces of expressions by name, for %{name} in patterns, frames and each other; a list is a choice (|)"
      ),
      .optional(
        "frames",
        .table(Shape(.object(.frame))),
        "patterns by name in which %{mark} stands for a short form that patterns: of a rule names"
      ),
      .required("rules", .list(Shape(.object(.rule)), atLeast: 1), "the rules of the family"),
    ]
  )

  /// One entry of `rules:`.
  static let rule = ObjectShape(
    name: "rule",
    keys: [
      .required("id", .name, "unique id that starts with the family and a dot"),
      .required("title", .text, "name of the marking, as a person says it"),
      .optional(
        "kind",
        .choice(RuleKind.allCases.map(\.rawValue)),
        "what it recognises; default: by scheme (pii, credential), else marking"
      ),
      .optional("scheme", .name, "who defines the marking; default: the family's"),
      .required("level", .name, "grade of the scheme (ladder.yaml) or level of the common ladder"),
      .required("cites", Shape.texts.form, "keys of sources that the rule rests on"),
      .optional(
        "prior",
        .either([Shape(.choice(priorWords.map(\.word))), Shape(.number)]),
        "how sure the words are: unmistakable (+3), distinctive (+1), ordinary (-2), or a logit"
      ),
      .optional("usage", .number, "logit of applied against mentioned before any evidence"),
      .optional(
        "case",
        .choice(Casing.allCases.map(\.rawValue)),
        "letter case the words must have"
      ),
      .optional("phrases", Shape.texts.form, "full words, found under every disguise"),
      .optional("marks", Shape.texts.form, "short forms, found only where a stamp stands"),
      .optional(
        "patterns",
        .oneOrMore(Shape(.either([Shape(.text), Shape(.object(.pattern))]))),
        "PCRE2 expressions over the original text; %{name} is a fragment of the file"
      ),
      .optional("caveats", .table(.texts), "restrictions that may stand beside it: name to words"),
      .optional("raises", Shape.weights.form, "evidence that speaks for it; a number is a weight"),
      .optional("lowers", Shape.weights.form, "evidence against it; a number is a weight"),
      .optional("ordinary", .object(.ordinary), "words beside it that make it ordinary language"),
      .optional("near", Shape.texts.form, "words of which one must stand near"),
      .optional("validate", .name, "checksum, by name, that the match must satisfy"),
      .optional("samples", Shape.texts.form, "values that documentation prints: mentioned only"),
      .required("examples", .object(.examples), "texts that test the rule"),
    ]
  )

  /// One entry of `patterns:` that says more than the expression.
  static let pattern = ObjectShape(
    name: "pattern",
    keys: [
      .optional("regex", .text, "PCRE2 expression; %{name} is a fragment of the file"),
      .optional(
        "frames",
        Shape.texts.form,
        "names of frames, instead of regex: one pattern for each frame and mark"
      ),
      .optional("marks", Shape.texts.form, "short forms that the frames are wanted for"),
      .optional(
        "fills",
        .table(Shape(.text)),
        "what else the frames leave open: name to expression"
      ),
      .optional(
        "anchors",
        Shape.texts.form,
        "ASCII words of which every match holds one; default with frames: the mark"
      ),
      .optional(
        "reach",
        .integer(1...65536),
        "UTF-8 bytes on each side of an anchor a match may cover"
      ),
      .optional(
        "digits",
        .integer(6...64),
        "digits, in one run with single separators, that every match holds; replaces anchors"
      ),
      .optional(
        "digits-most",
        .integer(6...64),
        "digits that the run has at most: in a longer one there is no match; default any number"
      ),
    ]
  )

  /// One entry of `frames:` of a family.
  static let frame = ObjectShape(
    name: "frame",
    keys: [
      .required(
        "regex",
        .text,
        "PCRE2 expression with %{mark}, and %{name} for fragments and fills"
      ),
      .optional(
        "reach",
        .integer(1...65536),
        "UTF-8 bytes on each side of an anchor a match may cover"
      ),
    ]
  )

  /// `ordinary:` of a rule.
  static let ordinary = ObjectShape(
    name: "ordinary",
    keys: [
      .optional("before", Shape.texts.form, "words right before it; a final * is any ending"),
      .optional("after", Shape.texts.form, "words right after it; a final * is any ending"),
    ]
  )

  /// `examples:` of a rule.
  static let examples = ObjectShape(
    name: "examples map",
    keys: [
      .required("applied", Shape.examples(atLeast: 1).form, "texts that carry it, with ⟦…⟧ spans"),
      .optional(
        "mentioned",
        Shape.examples(atLeast: 0).form,
        "texts that speak of it, with ⟦…⟧ spans"
      ),
      .optional("silent", Shape.examples(atLeast: 0).form, "texts in which the rule finds nothing"),
      .optional(
        "except",
        Shape.texts.form,
        "for every example of the rule: " + exceptionMeaning
      ),
    ]
  )

  private static let exceptionMeaning =
    "automatic variants under which it need not hold ("
    + ExampleVariant.allCases.map(\.rawValue).joined(separator: ", ")
    + "), and ids of other rules that may fire in a silent one (* any run)"

  /// One example with a role.
  static let example = ObjectShape(
    name: "example",
    keys: [
      .required("text", .text, "the text, ⟦…⟧ around each span"),
      .optional(
        "role",
        .choice(Role.allCases.map(\.rawValue)),
        "what the text is; default: body"
      ),
      .optional("except", Shape.texts.form, exceptionMeaning),
    ]
  )

  /// `evidence.yaml` or `evidence/kinds.yaml`.
  static let evidenceFile = ObjectShape(
    name: "evidence file",
    keys: [
      .required(
        "evidence",
        .list(Shape(.object(.evidence)), atLeast: 1),
        "the kinds of evidence; a site's entry changes the shipped one of its name"
      )
    ],
    strangers: Dictionary(
      uniqueKeysWithValues: ["language", "words"].map {
        ($0, "words of one language lie in evidence/<language>.yaml, or under words: of an entry")
      }
    )
  )

  /// One entry of `evidence:`.
  static let evidence = ObjectShape(
    name: "piece of evidence",
    keys: [
      .required("name", .name, "name by which rules call it"),
      .optional("title", .text, "what it means, one line for explain"),
      .optional("marking", .number, "weight on whether this is the marking at all"),
      .optional("usage", .number, "weight on applied (+) against mentioned (-)"),
      .optional(
        "reach",
        .choice(CueReach.allCases.map(\.rawValue)),
        "where its words must stand"
      ),
      .optional(
        "beside",
        .number,
        "share of the usage weight, 0 to 1, that counts from the sentence before or after"
      ),
      .optional(
        "about",
        .oneOrMore(Shape(.choice(RuleKind.allCases.map(\.rawValue)))),
        "kinds of rules it weighs on; default: marking"
      ),
      .optional(
        "words",
        .table(.texts),
        "language to cue words, one to five each, final * = any; shipped ones lie in "
          + "evidence/<language>.yaml"
      ),
    ]
  )

  /// `evidence/<language>.yaml`.
  static let words = ObjectShape(
    name: "language file",
    keys: [
      .required(
        "language",
        .name,
        "tag of the language: the file name without .yaml; any for words of no language"
      )
    ],
    strangers: [
      "evidence": "kinds of evidence lie in evidence/kinds.yaml; here stand words of one language",
      "words": "write the names of evidence at the margin, each with its words",
    ],
    others: Shape(
      Shape.texts.form,
      "name of evidence (evidence/kinds.yaml) to the words that show it, one to five each; a final "
        + "* is any ending; case and accents do not count"
    )
  )

  /// `wording.yaml`.
  static let wording = ObjectShape(
    name: "wording",
    keys: [
      .required("limit", .number, "the most that all words together weigh, either way"),
      .required(
        "weights",
        .table(Shape(.number)),
        "folded words to weights on applied (+) against mentioned (-): w near it, <w before it, "
          + ">w after it, two words in a row, # for the marking itself, ~w around the sentence"
      ),
    ]
  )

  /// `ladder.yaml`.
  static let ladder = ObjectShape(
    name: "ladder",
    keys: [
      .required(
        "grades",
        .table(Shape(.table(Shape(.choice(Level.allCases.map(\.name)))))),
        "scheme to its grades, each with its level on the common ladder"
      )
    ]
  )

  /// `labels.yaml`.
  static let labels = ObjectShape(
    name: "labels file",
    keys: [
      .required(
        "labels",
        .table(Shape(.object(.label))),
        "ids of sensitivity labels (Get-Label: ImmutableId), each with what it means"
      )
    ]
  )

  /// One label of `labels.yaml`.
  static let label = ObjectShape(
    name: "label",
    keys: [
      .optional("title", .text, "its name, as a person says it"),
      .required("scheme", .name, "who defines the marking: fr, nato, eu, business…"),
      .required("level", .name, "grade of the scheme (ladder.yaml) or level of the common ladder"),
    ]
  )

  /// `overrides.yaml` of a site.
  static let overrides = ObjectShape(
    name: "overrides file",
    keys: [
      .required(
        "overrides",
        .list(Shape(.object(.override)), atLeast: 1),
        "changes to shipped rules"
      )
    ]
  )

  /// One entry of `overrides:`.
  static let override = ObjectShape(
    name: "override",
    keys: [
      .required("rule", .text, "id of the rule, or a pattern with * for several"),
      .optional("because", .text, "why, for whoever reads it next year"),
      .optional("enabled", .flag, "false switches the rule off"),
      .optional("level", .name, "another grade or level"),
      .optional("prior", ObjectShape.rulePrior, "another prior"),
      .optional("usage", .number, "another usage logit"),
      .optional("raises", Shape.weights.form, "other weights"),
      .optional("lowers", Shape.weights.form, "other weights"),
    ],
    strangers: Dictionary(
      uniqueKeysWithValues: [
        "phrases", "marks", "patterns", "caveats", "case", "ordinary", "near", "samples",
        "validate",
        "examples",
      ].map { ($0, foreignWords) }
    )
  )

  private static let foreignWords =
    "an override changes what a shipped rule weighs, not what it looks for: write a rule of your own "
    + "in markings/ (vigie rules new FAMILY.NAME --site DIR)"

  private static var rulePrior: Shape.Form {
    .either([Shape(.choice(priorWords.map(\.word))), Shape(.number)])
  }
}

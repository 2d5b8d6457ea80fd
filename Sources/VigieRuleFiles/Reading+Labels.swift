import VigieCore
import VigieRulebook

extension Reading {
  /// The family of the rules that labels become.
  static let labelFamily = "label"

  /// Makes a rule of each label that a file names by its id; a site's line replaces the shipped one.
  mutating func readLabels() {
    var made: [String: Rule] = [:]
    for document in documents(.labels) {
      var seen: Set<String> = []
      for entry in document.root["labels"]?.entries ?? [] {
        let id = entry.key.lowercased()
        guard Reading.isLabelID(id) else {
          faults.append(
            RuleFault(
              at: entry.keyPosition,
              "'\(entry.key)' is not the id of a label",
              mend: "write it as Get-Label prints it: 8-4-4-4-12 digits from 0 to f"
            )
          )
          continue
        }
        if !seen.insert(id).inserted {
          faults.append(
            RuleFault(
              at: entry.keyPosition,
              "the label '\(id)' stands here twice",
              mend: "keep one"
            )
          )
        }
        made[id] = label(id, entry.value, at: entry.keyPosition)
      }
    }
    rules += made.keys.sorted().compactMap { made[$0] }
  }

  /// Whether a text in small letters is an id: a UUID.
  ///
  /// *Source:* RFC 9562 §4.
  private static func isLabelID(_ text: String) -> Bool {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    return parts.map(\.utf8.count) == [8, 4, 4, 4, 12]
      && parts.joined().utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
  }

  private mutating func label(
    _ id: String,
    _ node: YAMLNode,
    at position: SourcePosition
  ) -> Rule {
    let scheme = node["scheme"]?.text ?? "business"
    return Rule(
      id: "\(Reading.labelFamily).\(id)",
      position: position,
      family: Reading.labelFamily,
      title: node["title"]?.text ?? "the label \(id)",
      scheme: scheme,
      level: level(node["level"], scheme: scheme),
      cites: [LabelPattern.source],
      prior: 5,
      usagePrior: 2.4,
      patterns: [
        Pattern(
          regex: Located(LabelPattern.regex(id), at: position),
          anchors: [id],
          reach: LabelPattern.reach
        )
      ],
      weights: LabelPattern.weights.filter { weight in
        let name = weight.key.hasPrefix("usage:") ? String(weight.key.dropFirst(6)) : weight.key
        return evidence.contains { $0.name == name }
      },
      examples: LabelPattern.examples(id).map { marked, usage in
        // People talk of labels in messages, programs write them where labels are.
        Example(
          marked: Located(marked, at: position),
          usage: usage,
          role: usage == .mentioned ? .body : .label
        )
      }
    )
  }
}

/// How a label is found by its id alone: its name may say nothing, or be in a language of its own.
private enum LabelPattern {
  static let source =
    "Microsoft Information Protection SDK: label metadata (concept-mip-metadata); MS-OFFCRYPTO §2.6"

  /// The bytes around an id that a match may need.
  static let reach = 420

  /// An expression that finds an id as the key of a property, as a name that is an id (the labels that
  /// every tenant starts with), and in `LabelInfo.xml`; a label that was taken away is none.
  ///
  /// It takes as much of the text as the rule of labels of which only the id is known, which else covers it.
  static func regex(_ id: String) -> String {
    let key =
      #"MSIP_Label_\{?\#(id)\}?_(?:Name\b|Enabled(?:"?\h{0,2}[=:]\h{0,2}"?true\b|(?!["']?[=:>\s(]{1,6}(?:<[^<>]{0,40}>\s{0,20})?["']?false)))"#
    let name =
      #"MSIP_Label_\{?[0-9a-f-]{36}\}?_Name["']?[=:>\s(]{1,6}(?:<[^<>]{0,40}>\s{0,20})?["']?\K\#(id)"#
    let part =
      #"<(?:[a-z]{1,12}:)?label\s[^<>]{0,300}?\b\Kid=["']\{?\#(id)\}?["'](?![^<>]{0,300}?\bremoved=["'](?:1|true))"#
    return "(?i)(?:\(key)|\(name)|\(part))"
  }

  /// A label is written by a program: what stands around it says little of whether it is meant.
  static let weights: [String: Double] = [
    "usage:label-field": 0, "usage:label-header": 0, "usage:label-key": 0,
    "usage:label-property": 0, "code": 0, "usage:code": 0, "quoted": 0, "usage:quoted": 0,
    "usage:quotation": 0, "usage:mid-sentence": 0, "usage:meta-words": -2.2, "usage:software": -2.2,
    "usage:training": -3, "usage:sample": -3.6, "usage:specification": -3.6, "usage:question": -2.5,
    "usage:negated": -1, "usage:joke": -0.8, "usage:everyday": 0, "usage:after-colon": 0,
    "usage:trailing": 0, "usage:classified-as": 0, "usage:marked-word": 0, "usage:all-caps": 0,
    "usage:title-case": 0, "usage:figures": 0, "usage:announces": 0, "usage:wording": 0.3,
  ]

  /// The tests of every label; they are tried with those of the families.
  static func examples(_ id: String) -> [(marked: String, usage: Usage?)] {
    [
      ("⟦MSIP_Label_\(id)_Enabled=true⟧", .applied),
      (
        "<clbl:label ⟦id=\"{\(id)}\"⟧ enabled=\"1\" method=\"Privileged\" removed=\"0\"/>", .applied
      ),
      (
        "Sample from the documentation: <clbl:label ⟦id=\"{\(id)}\"⟧ enabled=\"1\" method=\"Standard\" removed=\"0\"/>",
        .mentioned
      ),
      (
        "The specification gives this sample: ⟦MSIP_Label_\(id)_Enabled=true⟧; MSIP_Label_\(id)_Method=Standard",
        .mentioned
      ),
      (
        "Which tool in the training sample reads ⟦MSIP_Label_\(id)_Enabled=true⟧ from a mail, and where is that documented?",
        .mentioned
      ),
      ("MSIP_Label_\(id)_Enabled=false", nil),
      ("MSIP_Label_\(id)_SetDate=2026-03-02T10:11:12Z", nil),
      ("<clbl:label id=\"{\(id)}\" enabled=\"1\" removed=\"1\"/>", nil),
    ]
  }
}

/// What a file of a rules directory holds, told by where it lies.
public enum RuleFileKind: String, Sendable, CaseIterable {
  /// `markings/*.yaml`: one family of rules each.
  case family
  /// `evidence.yaml` or `evidence/kinds.yaml`: what speaks for and against a marking.
  case evidence
  /// `evidence/<language>.yaml`: the words that show it, in one language.
  case words
  /// `wording.yaml`: words learned from labelled messages, with their weights.
  case wording
  /// `ladder.yaml`: the grades of each scheme on the common ladder.
  case ladder
  /// `labels.yaml`: sensitivity labels by their ids, with their levels.
  case labels
  /// `policies/*.yaml`: what must happen.
  case policy
  /// `tips/<language>.yaml`: what the sender reads.
  case tips
  /// `overrides.yaml` of a site: changes to shipped rules.
  case overrides

  /// The folder whose every `.yaml` file is of this kind, but for ``singleFiles`` of others; `nil` where there is none.
  var folder: String? {
    switch self {
    case .family: "markings"
    case .policy: "policies"
    case .tips: "tips"
    case .words: "evidence"
    case .evidence, .wording, .ladder, .labels, .overrides: nil
    }
  }

  /// The names that files of this kind have in a rules directory, in the order in which they are read; none where
  /// they lie in a folder of their own.
  package var singleFiles: [String] {
    switch self {
    case .evidence: ["evidence.yaml", "evidence/kinds.yaml"]
    case .wording, .ladder, .labels, .overrides: [rawValue + ".yaml"]
    case .family, .words, .policy, .tips: []
    }
  }

  /// The shape of the whole file.
  var shape: ObjectShape {
    switch self {
    case .family: .family
    case .evidence: .evidenceFile
    case .words: .words
    case .wording: .wording
    case .ladder: .ladder
    case .labels: .labels
    case .policy: .policy
    case .tips: .tips
    case .overrides: .overrides
    }
  }
}

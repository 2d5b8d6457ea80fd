import VigieCore
public import VigiePolicy
public import VigieRulebook

/// Everything the files of a run say.
public struct LoadedRules: Sendable, Equatable {
  /// The rules that are switched on, and the evidence.
  public var rules: RuleSet
  /// What must happen.
  public var policy: Policy
  /// What the sender reads.
  public var tips: TipBook
  /// The ids of the rules that a site switched off, in order.
  public var disabled: [String]

  /// A value from its parts.
  public init(rules: RuleSet, policy: Policy, tips: TipBook, disabled: [String] = []) {
    self.rules = rules
    self.policy = policy
    self.tips = tips
    self.disabled = disabled
  }
}

/// Turns rule files into a rule set, a policy and tips, or into every fault they have.
public enum RuleLoader {
  /// Reads and checks the files of a run.
  ///
  /// - Throws: ``RuleFaults`` with every fault of every file, in the order of the files; nothing
  ///   is loaded where there is one.
  public static func load(_ sources: RuleSources) throws(RuleFaults) -> LoadedRules {
    try load(RuleSnapshot(reading: sources))
  }

  /// Checks files that were read before.
  ///
  /// - Throws: ``RuleFaults`` as ``load(_:)-(RuleSources)`` does.
  public static func load(_ snapshot: RuleSnapshot) throws(RuleFaults) -> LoadedRules {
    let survey = survey(snapshot)
    guard let loaded = survey.loaded else { throw RuleFaults(survey.faults) }
    return loaded
  }

  /// Reads files as far as they can be understood: for who shows an author every fault at once.
  package static func survey(_ snapshot: RuleSnapshot) -> RuleSurvey {
    var reading = Reading()
    for file in snapshot.files { reading.parse(file) }
    reading.readEvidence()
    reading.readWording()
    reading.readLadder()
    reading.readFamilies()
    reading.readLabels()
    reading.checkRuleNames()
    reading.readOverrides()
    reading.readTips()
    let policy = reading.readPolicies()
    if reading.rules.isEmpty, reading.faults.isEmpty {
      reading.faults.append(
        RuleFault(
          at: SourcePosition(file: "markings", line: 0, column: 0),
          "there is no rule at all",
          mend: "add a family to markings/, or name another directory (--rules DIR)"
        )
      )
    }
    let disabled = Set(reading.disabled)
    let rules = RuleSet(
      rules: reading.rules.filter { !disabled.contains($0.id) },
      evidence: reading.evidence,
      wording: reading.wording,
      id: snapshot.id
    )
    guard reading.faults.isEmpty, let policy else {
      return RuleSurvey(
        rules: rules,
        faults: reading.faults.inFileOrder,
        loaded: nil,
        unsureRules: reading.unsureRules,
        origins: reading.origins
      )
    }
    let loaded = LoadedRules(
      rules: rules,
      policy: policy,
      tips: TipBook(tips: reading.tips),
      disabled: disabled.sorted()
    )
    return RuleSurvey(
      rules: rules,
      faults: [],
      loaded: loaded,
      unsureRules: [],
      origins: reading.origins
    )
  }
}

/// What rule files say, and what is wrong with them.
package struct RuleSurvey: Sendable {
  /// The rules that could be read, whole or in part; those with a fault too.
  package let rules: RuleSet
  /// Every fault of reading, in the order of the files; those of compiling come on top.
  package let faults: [RuleFault]
  /// Everything, where there is no fault.
  package let loaded: LoadedRules?
  /// The ids of rules with keys that are not known or missing: of what they lack nobody can say that its author
  /// forgot it.
  package let unsureRules: Set<String>
  /// What only the files tell about the rules.
  package let origins: RuleOrigins

  /// The faults of reading and of compiling, in the order of the files.
  package var allFaults: [RuleFault] {
    do {
      _ = try CompiledRules(rules)
      return faults
    } catch {
      return (faults + error.faults).inFileOrder
    }
  }
}

/// The state of one load: what was read so far, and what is wrong with it.
struct Reading {
  /// A file that is YAML of the right shape, or nearly.
  struct Document {
    var file: SourceFile
    var root: YAMLNode
  }

  var documents: [Document] = []
  /// The kinds of which a file is no YAML: what they define may be there all the same.
  var unread: Set<RuleFileKind> = []
  var faults: [RuleFault] = []
  var evidence: [EvidenceKind] = []
  var wording = Wording()
  /// Scheme to grade to level.
  var grades: [String: [String: Level]] = [:]
  var rules: [Rule] = []
  var disabled: [String] = []
  /// The rules that examples name.
  var ruleNames: [Located<String>] = []
  /// The rules with keys that are not known or missing.
  var unsureRules: Set<String> = []
  /// Where the cues of evidence were written, by evidence and cue.
  var cuePlaces: [String: [String: SourcePosition]] = [:]
  /// Where evidence was written, by its name.
  var evidencePlaces: [String: SourcePosition] = [:]
  /// Overrides of rules after which all is as before.
  var idleOverrides: [Located<String>] = []
  var tips: [String: Tip] = [:]

  /// The documents of a kind, shipped first.
  func documents(_ kind: RuleFileKind) -> [Document] {
    documents.filter { $0.file.kind == kind }
  }

  /// Parses a file and checks its shape; readers may rely on nothing but that faults are kept.
  mutating func parse(_ file: SourceFile) {
    guard let text = String(validating: file.bytes, as: UTF8.self) else {
      let good = String(decoding: file.bytes, as: UTF8.self).prefix { $0 != "\u{FFFD}" }
      let line = good.unicodeScalars.count { $0 == "\n" } + 1
      let column = good.unicodeScalars.reversed().prefix { $0 != "\n" }.count + 1
      faults.append(
        RuleFault(
          at: SourcePosition(file: file.path, line: line, column: column),
          "the file is not UTF-8",
          mend: "save it as UTF-8"
        )
      )
      return
    }
    do {
      let root = try YAMLNode.parse(text, file: file.path)
      Shape(.object(file.kind.shape)).check(root, &faults)
      documents.append(Document(file: file, root: root))
    } catch {
      faults.append(error)
      unread.insert(file.kind)
    }
  }

  /// Checks that a file is called what it says it is; the mend is given where only one of two fits the rest of it.
  mutating func checkName(_ document: Document, key: String, mend: String? = nil) {
    guard let node = document.root[key], let name = node.text, name != document.file.stem,
      !document.file.isChosenPolicy
    else { return }
    faults.append(
      node.fault(
        "the \(key) is '\(name)' but the file is called '\(document.file.stem).yaml'",
        mend: mend ?? "write \(key): \(document.file.stem), or rename the file"
      )
    )
  }

  /// What only the files tell about the rules.
  var origins: RuleOrigins {
    RuleOrigins(
      cuePlaces: cuePlaces,
      evidencePlaces: evidencePlaces,
      layers: Dictionary(
        documents.map { ($0.file.path, $0.file.layer) },
        uniquingKeysWith: { first, _ in first }
      ),
      gradedSchemes: Set(grades.keys),
      idleOverrides: idleOverrides
    )
  }
}

extension [RuleFault] {
  /// The faults by file in the order they first came up, then by line and column, each once.
  fileprivate var inFileOrder: [RuleFault] {
    var rank: [String: Int] = [:]
    for fault in self where rank[fault.position.file] == nil {
      rank[fault.position.file] = rank.count
    }
    let sorted = self.enumerated().sorted { left, right in
      let a = left.element.position
      let b = right.element.position
      return (rank[a.file, default: 0], a.line, a.column, left.offset)
        < (rank[b.file, default: 0], b.line, b.column, right.offset)
    }
    return sorted.map(\.element).reduce(into: []) { kept, fault in
      if kept.last != fault { kept.append(fault) }
    }
  }
}

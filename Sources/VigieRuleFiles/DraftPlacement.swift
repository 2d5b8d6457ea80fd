import Glibc
public import VigieRulebook

/// Where a new rule goes, and the text that goes there, once all of it was seen to load.
public struct DraftPlacement: Sendable, Equatable {
  /// The family file.
  public let path: String
  /// All of the family file with the rule.
  public let file: String
  /// The part of it that is new: the rule, or the whole file where there was none.
  public let addition: String
  /// Everything the files say with the rule.
  public let loaded: LoadedRules

  /// Finds the place of a draft.
  ///
  /// - Parameters:
  ///   - draft: The rule.
  ///   - sources: The rules it is laid over; it goes to the last site, or to the shipped directory
  ///     where there is none. The last site need not exist yet.
  /// - Throws: The faults of the files, or why the rule cannot be added to them.
  public init(of draft: RuleDraft, in sources: RuleSources) throws(RuleFaults) {
    let directory = sources.sites.last ?? sources.shipped
    var present = sources
    if let site = sources.sites.last, unsafe access(site, F_OK) != 0 { present.sites.removeLast() }
    let snapshot = try RuleSnapshot(reading: present)
    let loaded = try RuleLoader.load(snapshot)
    let name = "markings/\(draft.family).yaml"
    path = directory + "/" + name
    let old = snapshot.files.first { $0.layer == sources.sites.count && $0.name == name }
    if let rule = loaded.rules.rules.first(where: { $0.id == draft.id }) {
      throw DraftPlacement.refusal(
        rule.position,
        "the id '\(draft.id)' is already used",
        "choose another id; overrides.yaml of a site changes a shipped rule"
      )
    }
    if loaded.disabled.contains(draft.id) {
      throw DraftPlacement.refusal(
        SourcePosition(file: draft.id, line: 0, column: 0),
        "the id is that of a rule which a site switched off",
        "choose another id"
      )
    }
    if old == nil, let file = snapshot.files.first(where: { $0.name == name }) {
      throw DraftPlacement.refusal(
        SourcePosition(file: file.path, line: 0, column: 0),
        "the family '\(draft.family)' is there already, and a family lies in one file",
        "name one of your own: vigie rules new site-\(draft.id)"
      )
    }
    if let old {
      do throws(RuleFault) {
        let text = String(decoding: old.bytes, as: UTF8.self)
        addition = try DraftPlacement.addition(of: draft, to: text, of: old.path)
        file = text + addition
      } catch {
        throw RuleFaults([error])
      }
    } else {
      addition = draft.familyFile
      file = addition
    }
    // What the loader says of the whole is said before anything is written: an unknown level, …
    let changed = SourceFile(
      kind: .family,
      layer: sources.sites.count,
      name: name,
      path: path,
      bytes: Array(file.utf8)
    )
    do { self.loaded = try RuleLoader.load(snapshot.replacing(changed)) } catch {
      // The lines are not in the file yet: the id says where the fault is.
      let at = SourcePosition(file: draft.id, line: 0, column: 0)
      throw RuleFaults(
        error.faults.map { fault in
          fault.position.file == changed.path
            ? RuleFault(at: at, fault.reason, mend: fault.mend) : fault
        }
      )
    }
  }

  /// What is to be put at the end of a family file.
  private static func addition(
    of draft: RuleDraft,
    to text: String,
    of path: String
  ) throws(RuleFault) -> String {
    let root = try YAMLNode.parse(text, file: path)
    let lines = text.yamlLines
    guard let last = root.entries.last, last.key == "rules", let rule = last.value.items.first,
      lines.indices.contains(rule.position.line - 1)
    else {
      throw RuleFault(
        at: root.entries.last?.keyPosition ?? root.position,
        "rules: is not the last key of the file, so that nothing can be added at its end",
        mend: "move rules: to the end"
      )
    }
    let line = lines[rule.position.line - 1]
    let indent = line.prefix { $0 == " " }
    guard line.dropFirst(indent.count).hasPrefix("- ") else {
      throw RuleFault(
        at: rule.position,
        "the rules are not written as entries that start with '- '",
        mend: "write each rule on lines of its own, as vigie rules new prints it without --site"
      )
    }
    let scheme = root["scheme"]?.text
    let entry = draft.entry(
      indent: String(indent),
      source: root["sources"]?.entries.first?.key ?? "",
      namesScheme: draft.scheme != scheme
    )
    let ends = text.unicodeScalars.last == "\n"
    let addition = (ends ? "\n" : "\n\n") + entry
    guard text.unicodeScalars.contains("\r") else { return addition }
    return addition.split(separator: "\n", omittingEmptySubsequences: false)
      .joined(separator: "\r\n")
  }

  private static func refusal(
    _ position: SourcePosition,
    _ reason: String,
    _ mend: String
  ) -> RuleFaults {
    RuleFaults([RuleFault(at: position, reason, mend: mend)])
  }
}

extension RuleSnapshot {
  /// The same files, one of them with other bytes or added.
  fileprivate func replacing(_ file: SourceFile) -> RuleSnapshot {
    let others = files.filter { $0.path != file.path }
    // Families are read in the order of the layers.
    let place = others.firstIndex { $0.layer > file.layer } ?? others.count
    return RuleSnapshot(files: Array(others[..<place]) + [file] + Array(others[place...]))
  }
}

import Foundation
import VigieRuleFiles
import VigieRulebook

/// A rules directory of its own for one test, removed with the value.
final class RuleDirectory {
  let path: String

  /// Writes files by name; those of ``minimal`` are there unless the test replaces them.
  init(_ files: [String: String] = [:], minimal: Bool = true) throws {
    path = NSTemporaryDirectory() + "vigie-rules-" + UUID().uuidString
    let all = minimal ? RuleDirectory.minimal.merging(files) { _, new in new } : files
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    for (name, text) in all { try write(name, text) }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ name: String, _ text: String) throws {
    let file = URL(fileURLWithPath: path).appendingPathComponent(name)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(),
      withIntermediateDirectories: true
    )
    try text.write(to: file, atomically: false, encoding: .utf8)
  }

  /// Loads the directory, with site directories over it.
  func load(sites: [RuleDirectory] = [], policy: String? = nil) throws(RuleFaults) -> LoadedRules {
    try RuleLoader.load(
      RuleSources(shipped: path, sites: sites.map(\.path), policyFile: policy)
    )
  }

  /// The faults of the directory as `file:line:column: reason`, files without the directory.
  func faults(sites: [RuleDirectory] = []) -> [String] {
    do {
      _ = try load(sites: sites)
      return []
    } catch {
      return error.faults.map { fault in
        let at = fault.position
        let report = "\(at.file):\(at.line):\(at.column): \(fault.reason) → \(fault.mend)"
        return ([self] + sites).reduce(report) {
          $0.replacingOccurrences(of: $1.path + "/", with: "")
        }
      }
    }
  }

  /// The smallest directory that loads.
  static let minimal = [
    "markings/xx.yaml": family(),
    "evidence.yaml": """
    evidence:
      - { name: own-line, title: alone on its line, marking: 2, usage: 1.5 }
      - { name: negated, title: denied, marking: 0, usage: -2, words: { fr: [pas, "n'est pas"] } }
    """,
    "ladder.yaml": "grades: { xx: { hush: confidential } }\n",
    "policies/default.yaml": """
    policy: default
    cases:
      - { name: marked, when: { level: restricted }, verdict: block, tip: marked }
      - { name: rest, verdict: log }
      - { name: gap, when: { gap: any }, verdict: log }
    """,
    "tips/en.yaml": "language: en\ntips: { marked: Do not send this. }\n",
    "tips/fr.yaml": "language: fr\ntips: { marked: Ne pas envoyer. }\n",
  ]

  /// A family of one rule, with lines added to the rule or put in the place of its own.
  static func family(
    _ extra: String = "",
    level: String = "hush",
    id: String = "xx.hush",
    examples: String = "{ applied: [\"⟦hush hush⟧\"] }"
  ) -> String {
    """
    family: xx
    title: Test markings
    scheme: xx
    sources: { LAW: "the law, §1" }
    rules:
      - id: \(id)
        title: Hush
        level: \(level)
        cites: LAW
        phrases: [hush hush]
        examples: \(examples)
    \(extra)
    """
  }
}

/// The rules directory of the source tree.
let shippedRules = URL(fileURLWithPath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  .appendingPathComponent("Rules").path

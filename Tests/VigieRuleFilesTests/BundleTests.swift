import Foundation
import Testing
import VigieCrypto
import VigieRuleFiles
import VigieRulebook

@Suite("Signed rules")
struct BundleTests {
  private let keys: [SigningKey]

  init() throws {
    let folder = NSTemporaryDirectory() + "vigie-keys-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    keys = try (1...2).map { try SigningKey.create(file: "\(folder)/\($0)") }
    try FileManager.default.removeItem(atPath: folder)
  }

  private func sources(_ directory: RuleDirectory, _ sites: [RuleDirectory] = []) -> RuleSources {
    RuleSources(shipped: directory.path, sites: sites.map(\.path))
  }

  private func sign(_ directory: RuleDirectory, with key: Int = 0) throws {
    let sources = sources(directory)
    let bundle = try RuleSnapshot(reading: sources).bundle(of: sources, signedWith: keys[key])
    try directory.write("bundle.sig", String(decoding: try #require(bundle), as: UTF8.self))
  }

  /// The faults as `file: reason`, files without the directory.
  private func faults(_ directory: RuleDirectory, _ sources: RuleSources? = nil) throws -> [String]
  {
    let sources = sources ?? self.sources(directory)
    do {
      try RuleSnapshot(reading: sources).verify(sources, signedBy: [keys[0].verifyingKey])
      return []
    } catch {
      return error.faults.map {
        "\($0.position.file): \($0.reason)".replacingOccurrences(of: directory.path + "/", with: "")
      }
    }
  }

  @Test("as they were signed they are taken; a copy elsewhere as well")
  func taken() throws {
    let directory = try RuleDirectory(["tried.txt": "none\n"])
    try sign(directory)
    #expect(try faults(directory) == [])
    let copy = try RuleDirectory(["tried.txt": "none\n"])
    let signature = try String(contentsOfFile: directory.path + "/bundle.sig", encoding: .utf8)
    try copy.write("bundle.sig", signature)
    #expect(try faults(copy) == [])
  }

  @Test("a file changed, added or missing is refused by name")
  func tampered() throws {
    let directory = try RuleDirectory(["tried.txt": "none\n"])
    try sign(directory)
    try directory.write("markings/yy.yaml", RuleDirectory.family())
    try directory.write("evidence.yaml", "evidence: []\n")
    try directory.write("tried.txt", "all\n")
    try FileManager.default.removeItem(atPath: directory.path + "/tips/fr.yaml")
    #expect(
      Set(try faults(directory)) == [
        "markings/yy.yaml: the file was added after the rules were signed",
        "evidence.yaml: the file was changed after the rules were signed",
        "tried.txt: the file was changed after the rules were signed",
        "tips/fr.yaml: the file is missing from the signed rules",
      ]
    )
  }

  @Test("without a signature, with another key, or with a signature that was touched: refused")
  func untrusted() throws {
    let directory = try RuleDirectory()
    #expect(try faults(directory).first?.contains("are not signed") == true)
    try sign(directory, with: 1)
    #expect(try faults(directory).first?.contains("which is not trusted") == true)
    try sign(directory)
    let path = directory.path + "/bundle.sig"
    let good = try String(contentsOfFile: path, encoding: .utf8)
    let lines = good.split(separator: "\n").map(String.init)
    // One digest less, with the old signature.
    try directory.write("bundle.sig", (lines[..<3] + lines[4...]).joined(separator: "\n") + "\n")
    #expect(try faults(directory).first?.contains("does not fit") == true)
    for text in ["", "nonsense\n", good + "more\n", lines.dropLast().joined(separator: "\n")] {
      try directory.write("bundle.sig", text)
      #expect(try faults(directory) == ["bundle.sig: the file is no signature of rules"])
    }
    // The trusted name over a signature that another key made.
    try sign(directory, with: 1)
    let foreign = try String(contentsOfFile: path, encoding: .utf8)
    try directory.write(
      "bundle.sig",
      foreign.replacingOccurrences(of: keys[1].verifyingKey.hex, with: keys[0].verifyingKey.hex)
    )
    #expect(try faults(directory).first?.contains("does not fit") == true)
  }

  @Test("the private key given as the trusted one is called so")
  func privateKey() throws {
    let directory = try RuleDirectory()
    let path = NSTemporaryDirectory() + "vigie-key-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: path) }
    let key = try SigningKey.create(file: path)
    let sources = RuleSources(shipped: directory.path)
    let bundle = try RuleSnapshot(reading: sources).bundle(of: sources, signedWith: key)
    try directory.write("bundle.sig", String(decoding: try #require(bundle), as: UTF8.self))
    let faults = #expect(throws: RuleFaults.self) {
      try RuleSnapshot(reading: sources).verify(sources, signedBy: VerifyingKey.keys(in: path))
    }
    #expect(faults?.faults.map(\.reason).first?.contains("is the private key") == true)
  }

  @Test("every directory needs its own signature, and so does a policy from elsewhere")
  func layers() throws {
    let directory = try RuleDirectory()
    try sign(directory)
    let site = try RuleDirectory(["overrides.yaml": "overrides: []\n"], minimal: false)
    let both = sources(directory, [site])
    #expect(
      try faults(site, both) == ["\(site.path): the rules are not signed: there is no bundle.sig"]
    )
    let bundle = try RuleSnapshot(reading: both).bundle(of: both, signedWith: keys[0])
    try site.write("bundle.sig", String(decoding: try #require(bundle), as: UTF8.self))
    #expect(try faults(site, both) == [])
    var chosen = sources(directory)
    chosen.policyFile = directory.path + "/policies/default.yaml"
    #expect(try faults(directory, chosen) == [])
    try site.write("other.policy", "policy: other\ncases: [{ name: all, verdict: allow }]\n")
    chosen.policyFile = site.path + "/other.policy"
    #expect(try faults(site, chosen) == ["other.policy: the policy is not signed"])
  }
}

@Suite("Other weights of evidence")
struct EvidenceRevisionTests {
  @Test("changes the numbers asked for, wherever they stand, and nothing else")
  func weights() throws {
    let text = """
      # kept
      evidence:
        - { name: own-line, title: "usage: 1.5", marking: 2, usage: 1.5 }  # kept
        - name: sent
          title: é sent
          usage: -2.25
          marking: 0

      """
    let directory = try RuleDirectory(["evidence.yaml": text])
    let path = directory.path + "/evidence.yaml"
    let revision = try EvidenceRevision(
      of: path,
      weights: [
        "own-line": ["marking": "12.5", "usage": "0.0"], "sent": ["usage": "-1.0"],
        "missing": ["usage": "9.0"],
      ]
    )
    let expected =
      text
      .replacingOccurrences(of: "marking: 2, usage: 1.5", with: "marking: 12.5, usage: 0.0")
      .replacingOccurrences(of: "-2.25", with: "-1.0")
    #expect(String(decoding: revision.bytes, as: UTF8.self) == expected)
    #expect(revision.oldLines.joined(separator: "\n") == text)
  }

  @Test("a file that is missing or no YAML is refused with its place")
  func refusals() throws {
    let directory = try RuleDirectory(["evidence.yaml": "evidence: [\n"])
    for name in ["evidence.yaml", "nothing.yaml"] {
      #expect {
        try EvidenceRevision(of: directory.path + "/" + name, weights: [:])
      } throws: { error in
        (error as? RuleFaults)?.faults.first?.position.file.hasSuffix(name) == true
      }
    }
  }
}

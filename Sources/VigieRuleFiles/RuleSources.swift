import Glibc
import VigieCore
import VigieCrypto
public import VigieRulebook

/// Where the rules of a run lie.
public struct RuleSources: Sendable, Hashable {
  /// The directory shipped with Vigie.
  public var shipped: String
  /// Directories of the site, each laid over those before it.
  public var sites: [String]
  /// A policy file to use instead of `policies/default.yaml` of the last directory that has one.
  public var policyFile: String?

  /// A value from its parts.
  public init(shipped: String, sites: [String] = [], policyFile: String? = nil) {
    self.shipped = shipped
    self.sites = sites
    self.policyFile = policyFile
  }
}

/// The bytes of one file, read once.
struct SourceFile: Sendable {
  var kind: RuleFileKind
  /// 0 for the shipped directory, then the sites in order; the policy file comes last.
  var layer: Int
  /// The name in its directory, such as `markings/fr.yaml`.
  var name: String
  /// The path for people.
  var path: String
  var bytes: [UInt8]
  /// Whether this is ``RuleSources/policyFile``.
  var isChosenPolicy = false

  /// The file name without folder and `.yaml`.
  var stem: String {
    let last = name.split(separator: "/").last.map(String.init) ?? name
    return last.hasSuffix(".yaml") ? String(last.dropLast(5)) : last
  }
}

/// Every byte a rule set is made of, read at one moment, with the digest of all of them.
public struct RuleSnapshot: Sendable {
  let files: [SourceFile]
  /// SHA-256 over names and bytes of all files, 64 hex digits.
  public let digest: String

  /// The id of the rule set and policy, such as `sha256:9f86d081884c7d65`.
  public var id: String { "sha256:" + digest.prefix(16) }

  /// Reads all files.
  ///
  /// - Throws: ``RuleFaults`` that name every file or directory that cannot be read, and every
  ///   YAML file that lies where nothing would read it.
  public init(reading sources: RuleSources) throws(RuleFaults) {
    var faults: [RuleFault] = []
    var files: [SourceFile] = []
    for (layer, directory) in ([sources.shipped] + sources.sites).enumerated() {
      RuleSnapshot.read(directory, layer: layer, into: &files, &faults)
    }
    if let path = sources.policyFile, let bytes = RuleSnapshot.bytes(path, &faults) {
      files.append(
        SourceFile(
          kind: .policy,
          layer: sources.sites.count + 1,
          name: path,
          path: path,
          bytes: bytes,
          isChosenPolicy: true
        )
      )
    }
    if !faults.isEmpty { throw RuleFaults(faults) }
    self.init(files: files)
  }

  /// A snapshot of files that were read.
  init(files: [SourceFile]) {
    self.files = files
    var digest = DigestBuilder()
    for file in files {
      digest.add("\(file.layer)/\(file.isChosenPolicy ? "policy" : file.name)")
      digest.add(file.bytes)
    }
    self.digest = Digest.hex(digest.finalize())
  }

  /// The names of the files of each directory of the site, in the order of the directories.
  public func siteFiles(of sources: RuleSources) -> [(path: String, files: [String])] {
    sources.sites.enumerated().map { number, path in
      // Layer 0 are the shipped rules.
      (path, files.filter { $0.layer == number + 1 && !$0.isChosenPolicy }.map(\.name))
    }
  }

  /// The text of a file by its path, for fault reports.
  func text(of path: String) -> String? {
    files.first { $0.path == path }.map { String(decoding: $0.bytes, as: UTF8.self) }
  }

  private static func read(
    _ directory: String,
    layer: Int,
    into files: inout [SourceFile],
    _ faults: inout [RuleFault]
  ) {
    guard let top = directoryNames(directory) else {
      faults.append(
        RuleFault(
          at: SourcePosition(file: directory, line: 0, column: 0),
          "the rules directory cannot be read",
          mend: layer == 0
            ? "name an existing directory (--rules DIR)"
            : "name an existing directory of your site (--site DIR); vigie rules new makes one"
        )
      )
      return
    }
    func take(_ kind: RuleFileKind, _ name: String) {
      let path = directory + "/" + name
      guard let bytes = bytes(path, &faults) else { return }
      files.append(SourceFile(kind: kind, layer: layer, name: name, path: path, bytes: bytes))
    }
    let folders = RuleFileKind.allCases.compactMap(\.folder)
    let inFolders = folders.flatMap { folder in
      (directoryNames(directory + "/" + folder) ?? []).map { folder + "/" + $0 }
    }
    let single = RuleFileKind.allCases.flatMap(\.singleFiles)
    for kind in RuleFileKind.allCases {
      for name in kind.singleFiles where top.contains(name) || inFolders.contains(name) {
        take(kind, name)
      }
      guard let folder = kind.folder else { continue }
      for name in inFolders
      where name.hasPrefix(folder + "/") && isYAML(name) && !single.contains(name) {
        if name.hasSuffix(".yaml") {
          take(kind, name)
        } else {
          faults.append(unread("\(directory)/\(name)", mend: "rename it to end in .yaml"))
        }
      }
    }
    for name in top where isYAML(name) && !single.contains(name) {
      faults.append(
        unread(
          "\(directory)/\(name)",
          mend: suggestion(for: name, among: single)
            ?? "move it to markings/, evidence/, policies/ or tips/, or out of the directory"
        )
      )
    }
  }

  private static func unread(_ path: String, mend: String) -> RuleFault {
    RuleFault(
      at: SourcePosition(file: path, line: 0, column: 0),
      "nothing reads this file",
      mend: mend
    )
  }

  private static func isYAML(_ path: String) -> Bool {
    path.split(separator: "/").last?.hasPrefix(".") == false
      && (path.hasSuffix(".yaml") || path.hasSuffix(".yml"))
  }

  private static func bytes(_ path: String, _ faults: inout [RuleFault]) -> [UInt8]? {
    do {
      return try readFile(path, limit: 1 << 24)
    } catch {
      faults.append(
        RuleFault(
          at: SourcePosition(file: path, line: 0, column: 0),
          error.reason,
          mend: error.mend
        )
      )
      return nil
    }
  }
}

import VigieCrypto

/// Which families had all their examples tried, as a file beside the rules.
///
/// Trying thousands of examples takes half a second, which no command should spend on rules that did
/// not change. `tried.txt` in a rules directory has a line for each family: the digest of the family
/// with all that bears on it in this directory and those below it, and its name. A family whose line
/// is missing or another is tried before its rules are used.
public enum TriedFamilies {
  /// The name of the file in a rules directory.
  public static let fileName = "tried.txt"
  /// The greatest length, bytes, of a file that is read.
  static let maxByteCount = 1 << 20

  /// The lines of a file; none where it cannot be read, so that all is tried.
  static func lines(in directory: String) -> Set<String> {
    guard let bytes = try? readFile(directory + "/" + fileName, limit: maxByteCount) else {
      return []
    }
    return Set(String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init))
  }
}

extension RuleSnapshot {
  /// The paths of the families whose examples were not tried as they are now.
  public func untriedFamilies(in sources: RuleSources) -> Set<String> {
    let directories = [sources.shipped] + sources.sites
    let tried = directories.map(TriedFamilies.lines)
    let families = files.filter { $0.kind == .family }
    return Set(families.filter { !tried[$0.layer].contains(triedLine($0)) }.map(\.path))
  }

  /// What `tried.txt` of the shipped directory has to say once all its examples hold.
  public func triedRecord() -> [UInt8] {
    let lines = files.filter { $0.kind == .family && $0.layer == 0 }.map { triedLine($0) + "\n" }
    return Array(lines.joined().utf8)
  }

  private func triedLine(_ family: SourceFile) -> String {
    var digest = DigestBuilder()
    for file in files where file.layer <= family.layer {
      switch file.kind {
      case .evidence, .words, .wording, .ladder, .overrides:
        digest.add("\(file.layer)/\(file.name)")
        digest.add(file.bytes)
      // Labels are rules of their own, as other families are; their tests are the same for each.
      case .family, .labels, .policy, .tips: break
      }
    }
    digest.add(family.bytes)
    return Digest.hex(digest.finalize()).prefix(32) + "  " + family.name
  }
}

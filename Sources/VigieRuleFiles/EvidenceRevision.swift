import Glibc
import VigieCrypto
package import VigieRulebook

/// Other weights for the evidence of a file, and nothing else of it changed.
package struct EvidenceRevision: Sendable {
  /// The lines of the file as it is.
  package let oldLines: [String]
  /// The same lines with the new weights; line for line.
  package let newLines: [String]
  /// The bytes of the file with the new weights.
  package var bytes: [UInt8] { Array(newLines.joined(separator: "\n").utf8) }

  /// The paths of the files of a rules directory that hold evidence, in the order in which they are read; that of
  /// `evidence.yaml` where there is none.
  package static func paths(in directory: String) -> [String] {
    let paths = RuleFileKind.evidence.singleFiles.map { directory + "/" + $0 }
    let present = paths.filter { unsafe access($0, F_OK) == 0 }
    return present.isEmpty ? Array(paths.prefix(1)) : present
  }

  /// Puts weights where the file has others.
  ///
  /// - Parameters:
  ///   - path: The file, one of ``paths(in:)``.
  ///   - weights: By name of the evidence and key, `marking` or `usage`: the number as it is to stand
  ///     there. Names that the file does not have are left out.
  /// - Throws: ``RuleFaults`` where the file cannot be read or is no YAML.
  package init(
    of path: String,
    weights: [String: [String: String]]
  ) throws(RuleFaults) {
    let bytes: [UInt8]
    do { bytes = try readFile(path, limit: 1 << 24) } catch {
      let position = SourcePosition(file: path, line: 0, column: 0)
      throw RuleFaults([RuleFault(at: position, error.reason, mend: error.mend)])
    }
    let text = String(decoding: bytes, as: UTF8.self)
    let root: YAMLNode
    do { root = try YAMLNode.parse(text, file: path) } catch { throw RuleFaults([error]) }
    // By scalars: to a character \r\n is no line feed.
    var lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
      .map(String.init)
    oldLines = lines
    // From the end, so that columns before a change stay what they are.
    var edits: [(place: SourcePosition, old: String, new: String)] = []
    for entry in root["evidence"]?.items ?? [] {
      guard let name = entry["name"]?.text, let own = weights[name] else { continue }
      for (key, number) in own {
        guard let node = entry[key], let old = node.text else { continue }
        edits.append((node.position, old, number))
      }
    }
    edits.sort { ($1.place.line, $1.place.column) < ($0.place.line, $0.place.column) }
    for edit in edits where lines.indices.contains(edit.place.line - 1) {
      var scalars = Array(lines[edit.place.line - 1].unicodeScalars)
      let start = edit.place.column - 1
      let end = start + edit.old.unicodeScalars.count
      guard end <= scalars.count, scalars[start..<end].elementsEqual(edit.old.unicodeScalars) else {
        continue
      }
      scalars.replaceSubrange(start..<end, with: Array(edit.new.unicodeScalars))
      var line = String.UnicodeScalarView()
      line.append(contentsOf: scalars)
      lines[edit.place.line - 1] = String(line)
    }
    newLines = lines
  }
}

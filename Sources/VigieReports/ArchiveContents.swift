/// What an archive proved to hold, known at its end.
package struct ArchiveContents: Sendable, Equatable {
  /// Exports of one format.
  package struct Export: Sendable, Equatable {
    /// The name of the format.
    package var format: String
    /// How many there are; 1 or more.
    package var count: Int

    /// A value from its parts.
    package init(format: String, count: Int) {
      self.format = format
      self.count = count
    }
  }

  /// The formats that a line names; the others are left to the JSON.
  private static let namedCount = 6

  /// The exports by their formats, in the order in which these were met.
  package var exports: [Export]
  /// The bytes of all of them, unpacked.
  package var byteCount: Int

  /// By what its bytes are known again; `nil` where that is not known.
  package var seal: ArchiveSeal?

  /// A value from its parts.
  package init(exports: [Export], byteCount: Int, seal: ArchiveSeal? = nil) {
    self.exports = exports
    self.byteCount = byteCount
    self.seal = seal
  }

  /// What it holds in words that are the same in English and French: `matrix`, `4 exports (2 slack, matrix, irc)`;
  /// a dash where nothing of it could be read.
  package var inWords: String {
    let count = exports.reduce(0) { $0 + $1.count }
    if count == 0 { return "—" }
    if count == 1, let only = exports.first { return only.format }
    var names = exports.prefix(ArchiveContents.namedCount).map { export in
      export.count == 1 ? export.format : "\(Terminal.grouped(export.count)) \(export.format)"
    }
    if exports.count > names.count { names.append("…") }
    return "\(Terminal.grouped(count)) exports (\(names.joined(separator: ", ")))"
  }
}

/// Which rules a scan applied, so that whoever has rules can tell whether they are the same.
package struct AppliedRules: Sendable, Equatable {
  /// A directory of the site, laid over the rules before it.
  package struct Site: Sendable, Equatable {
    /// The path as the operator gave it.
    package var path: String
    /// The names of its files that were taken into use, such as `markings/house.yaml`, in order.
    package var files: [String]

    /// A value from its parts.
    package init(path: String, files: [String]) {
      self.path = path
      self.files = files
    }
  }

  /// SHA-256 over names and bytes of all files, those of sites and the policy included: `sha256:` and 64 hex
  /// digits, of which the id of the rules has the first 16.
  package var digest: String
  /// The directories of the site, in order; none where the shipped rules were used as they are.
  package var sites: [Site]
  /// The policy file that was named in place of the default one, or `nil`.
  package var policyFile: String?

  /// A value from its parts.
  package init(digest: String, sites: [Site] = [], policyFile: String? = nil) {
    self.digest = digest
    self.sites = sites
    self.policyFile = policyFile
  }
}

extension AppliedRules.Site {
  /// The directory and its files on one line, harmless to a terminal.
  package var inWords: String {
    let shown = files.prefix(8).map(Terminal.safe) + (files.count > 8 ? ["…"] : [])
    return "\(Terminal.safe(path)) (\(shown.joined(separator: ", ")))"
  }
}

import VigieCore

/// What is left of a folder, ZIP or tar once the export that claimed it was read: exports of other
/// services, each for the format that claims it, and files that none claims.
struct RemainingFiles {
  /// Another export, and the one file that it is, where it is one.
  struct Export {
    var reader: any ArchiveFormat
    var member: ArchiveTree.Member?
    /// What of it as a whole could not be read, as where it is a ZIP that was cut off.
    var faults: [SourceFault] = []
  }

  /// How many files are looked at one by one.
  private static let probedCount = 1000
  /// What names of exports in one file end with.
  private static let ends =
    [
      ".json", ".jsonl", ".ndjson", ".txt", ".log", ".html", ".csv", ".mbox", ".eml", ".sqlite",
      ".bson", ".gz",
    ] + Packing.archiveEnds

  private let tree: ArchiveTree
  private let options: ArchiveOptions
  private var rest: [ArchiveTree.Member]
  /// The files to look at one by one, the first last, once no format claims several.
  private var singles: [ArchiveTree.Member]?
  /// How many files no format claims.
  private(set) var unclaimedCount = 0

  init(_ tree: ArchiveTree, _ members: [ArchiveTree.Member], _ options: ArchiveOptions) {
    self.tree = tree
    self.options = options
    rest = members
  }

  /// Finds the next export.
  ///
  /// - Parameter last: The export before, read to its end.
  /// - Returns: It, or `nil` where there is none further.
  mutating func next(after last: Export?) -> Export? {
    if let last, last.member != nil {
      unclaimedCount += last.reader.untakenMembers.count
    } else if let last {
      let count = rest.count
      rest = last.reader.untakenMembers
      // A format that takes nothing would be asked again for ever.
      if rest.count >= count { startSingles() }
    }
    if singles == nil {
      let part = tree.part(rest)
      let type = ArchiveFormats.best(
        for: ArchiveProbe(part),
        among: ArchiveFormats.all,
        atLeast: MemberExport.leastConfidence
      )
      if !rest.isEmpty, let type, let reader = try? type.init(part, options: options) {
        return Export(reader: reader)
      }
      startSingles()
    }
    while let member = singles?.popLast() {
      let export = MemberExport(
        member,
        in: tree,
        among: ArchiveFormats.all,
        atLeast: MemberExport.leastConfidence
      )
      if let export, let reader = try? export.reader(options) {
        return Export(reader: reader, member: member, faults: export.tree.faults)
      }
      unclaimedCount += 1
    }
    return nil
  }

  private mutating func startSingles() {
    let named = rest.filter { member in
      let name = member.name.lowercased()
      return RemainingFiles.ends.contains(where: name.hasSuffix)
    }
    .prefix(RemainingFiles.probedCount)
    singles = named.reversed()
    unclaimedCount = rest.count - named.count
    rest = []
  }
}

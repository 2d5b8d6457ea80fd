import VigieCore

/// What is left of a folder, ZIP or tar once the export that claimed it was read: exports of other
/// services, each for the format that claims it, and files that none claims.
struct RemainingFiles {
  /// Another export, and the one file that it is, where it is one.
  struct Export {
    var reader: any ArchiveFormat
    var member: ArchiveTree.Member?
  }

  /// A format must be this sure of files that another export lies beside: nobody named them, and JSON
  /// or text of no known format may be anything (``JSONLines`` is at 60, what the formats of services
  /// know by its shape at 70 and more).
  private static let leastConfidence = 65
  /// How many files are looked at one by one.
  private static let probedCount = 1000
  /// What names of exports in one file end with.
  private static let ends = [
    ".json", ".jsonl", ".ndjson", ".txt", ".log", ".html", ".csv", ".mbox", ".eml", ".sqlite",
    ".bson", ".gz",
  ]

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
    if let last, last.member == nil {
      let count = rest.count
      rest = last.reader.untakenMembers
      // A format that takes nothing would be asked again for ever.
      if rest.count >= count { startSingles() }
    }
    if singles == nil {
      let part = tree.part(rest)
      if let type = RemainingFiles.format(of: part),
        let reader = try? type.init(part, options: options)
      {
        return Export(reader: reader)
      }
      startSingles()
    }
    while let member = singles?.popLast() {
      let single = tree.single(member)
      if let type = RemainingFiles.format(of: single),
        let reader = try? type.init(single, options: options)
      {
        return Export(reader: reader, member: member)
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

  private static func format(of tree: ArchiveTree) -> (any ArchiveFormat.Type)? {
    guard !tree.members.isEmpty else { return nil }
    return ArchiveFormats.best(
      for: ArchiveProbe(tree),
      among: ArchiveFormats.all,
      atLeast: leastConfidence
    )
  }
}

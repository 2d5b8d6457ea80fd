import VigieCore

/// One file of an export, read record by record.
protocol ExportFile {
  /// What all files of the export share: tables, options.
  associatedtype Context

  /// A reader of a file.
  ///
  /// - Parameters:
  ///   - window: Its bytes.
  ///   - source: Its place, for what is read from it.
  ///   - member: Its path in the export.
  ///   - context: What the files share.
  init(_ window: ByteWindow, source: SourceLocation, member: String, context: Context)

  /// The next thing the file holds, or `nil` at its end.
  mutating func next(_ media: inout MediaFiles) -> ArchiveItem?

  /// Bytes read so far.
  var offset: Int { get }
}

/// The files of an export, one after the other.
struct ExportFiles<File: ExportFile> {
  private let tree: ArchiveTree
  private let members: [ArchiveTree.Member]
  private let context: File.Context
  private var media: MediaFiles
  private var file: File?
  private var nextMember = 0
  private var finishedByteCount = 0
  /// The bytes of all files, unpacked.
  let totalByteCount: Int

  /// The files of an export.
  ///
  /// - Parameters:
  ///   - tree: The export.
  ///   - members: The files to read, in order.
  ///   - context: What they share.
  ///   - options: Limits.
  ///   - isMetadata: Whether a member holds nothing that belongs to a message.
  init(
    _ tree: ArchiveTree,
    _ members: [ArchiveTree.Member],
    context: File.Context,
    options: ArchiveOptions,
    isMetadata: (ArchiveTree.Member) -> Bool = { _ in false }
  ) {
    self.tree = tree
    self.members = members
    self.context = context
    let names = Set(members.map(\.name))
    media = MediaFiles(tree, options.limits) { names.contains($0.name) || isMetadata($0) }
    totalByteCount = members.reduce(0) { $0 &+ $1.byteCount }
  }

  /// Bytes read so far of ``totalByteCount``.
  var byteCountRead: Int { finishedByteCount + (file?.offset ?? 0) }

  /// The next thing the export holds, or `nil` at its end.
  mutating func next() -> ArchiveItem? {
    while true {
      if file != nil {
        if let item = file?.next(&media) { return item }
        file = nil
        finishedByteCount += members[nextMember - 1].byteCount
      }
      guard nextMember < members.count else { return nil }
      let member = members[nextMember]
      nextMember += 1
      let source = SourceLocation(member: tree.reportedName(member), byteOffset: 0)
      do throws(SourceFault) {
        let window = ByteWindow(try tree.openUnpacked(member))
        file = File(window, source: source, member: member.name, context: context)
      } catch {
        finishedByteCount += member.byteCount
        return .gap(Gap(place: .body, reason: error.reason, detail: error.detail), source: source)
      }
    }
  }

  /// The files that belong to no message, once all is read.
  var untakenMembers: [ArchiveTree.Member] { media.untakenMembers }
}

extension ArchiveTree {
  /// The first bytes of a member; shorter or empty where it cannot be read.
  func head(of member: Member, count: Int) -> [UInt8] {
    guard let source = try? openUnpacked(member) else { return [] }
    var window = ByteWindow(source, chunkByteCount: count)
    while window.count < count, window.fill() {}
    return Array(window.bytes[window.start...].prefix(count))
  }

  /// The members whose head is a format's own.
  ///
  /// - Parameters:
  ///   - suffix: What their names end with, in lower case.
  ///   - count: How many bytes of the head to look at.
  ///   - isOwn: Judges a head.
  /// - Returns: The members; a single file whatever it is, for the operator named the format.
  func members(
    endingWith suffix: String,
    headByteCount count: Int = 1 << 12,
    where isOwn: ([UInt8]) -> Bool
  ) -> [Member] {
    members.filter {
      isFile
        || $0.name.lowercased().hasSuffix(suffix) && isOwn(head(of: $0, count: count))
    }
  }
}

extension ArchiveProbe {
  /// The members with this end that a format may look into: not more than a probe is worth.
  func candidates(endingWith suffix: String) -> [ArchiveTree.Member] {
    Array(members.lazy.filter { isFile || $0.name.lowercased().hasSuffix(suffix) }.prefix(32))
  }
}

extension SourceLocation {
  /// The same member at another offset.
  func at(_ byteOffset: Int, line: Int? = nil) -> SourceLocation {
    SourceLocation(member: member, byteOffset: byteOffset, line: line)
  }

  /// A gap at an offset of the member.
  func gap(_ fault: SourceFault, at byteOffset: Int, line: Int? = nil) -> ArchiveItem {
    .gap(
      Gap(place: .body, reason: fault.reason, detail: fault.detail),
      source: at(byteOffset, line: line)
    )
  }
}

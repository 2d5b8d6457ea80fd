import VigieCore

/// A folder, ZIP or tar of files that belong to no one export: each is read by the format that knows it.
///
/// What no format knows is a message with that file, which the readers of documents open. A format that
/// knows a folder as a whole comes before, and says how many files are not its own.
package struct MixedFolder: ArchiveFormat {
  package static let name = "folder"
  package static let title = "Folder or archive of files of any formats, each read by itself"

  private let tree: ArchiveTree
  private let options: ArchiveOptions
  private var nextIndex = 0
  private var reader: (any ArchiveFormat)?
  /// What of the export that is read could not be read as a whole, to be told at its end.
  private var faults: [SourceFault] = []
  private var finishedByteCount = 0
  package private(set) var ignoredFields: [String] = []
  package private(set) var columnNotes: [String] = []
  package let totalByteCount: Int
  private var read = ExportCounts()

  /// The files that are exports; of a folder of documents alone, the folder.
  package var exports: ExportCounts {
    if !read.counts.isEmpty { return read }
    var exports = ExportCounts()
    exports.add(MixedFolder.name)
    return exports
  }

  /// Every format but this one.
  private static var others: [any ArchiveFormat.Type] {
    ArchiveFormats.all.filter { $0 != MixedFolder.self }
  }

  /// An export of one format is surer: this is for what is none.
  package static func confidence(of probe: ArchiveProbe) -> Int {
    guard !probe.isFile else { return 0 }
    if probe.members.prefix(32).contains(where: { probe.holdsExport($0, among: others) }) {
      return 4
    }
    return probe.isFolder ? (probe.members.isEmpty ? 0 : 2) : holdsDocuments(probe.members) ? 2 : 0
  }

  /// What names of documents end with that people send packed.
  private static let documentEnds = [
    ".pdf", ".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp", ".doc", ".xls", ".ppt", ".rtf",
    ".eml", ".msg",
    ".html", ".htm", ".csv", ".jpg", ".jpeg", ".png", ".tif", ".tiff",
  ]
  /// Names in a ZIP that is a document or a program itself.
  private static let packageMembers: Set<String> = [
    "[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF", "META-INF/container.xml",
  ]

  /// Whether the members of a ZIP or tar are documents, and no parts of one.
  private static func holdsDocuments(_ members: [ArchiveTree.Member]) -> Bool {
    if members.contains(where: { packageMembers.contains($0.name) }) { return false }
    return members.contains { member in
      let name = member.name.lowercased()
      return documentEnds.contains(where: name.hasSuffix)
    }
  }

  package init(_ tree: ArchiveTree, options: ArchiveOptions) throws(ArchiveError) {
    guard !tree.isFile else {
      throw ArchiveError(
        .notAnArchive,
        path: tree.path,
        reason: "is one file",
        mend: "leave the format out, or name the folder in which it lies"
      )
    }
    self.tree = tree
    self.options = options
    totalByteCount = tree.members.reduce(0) { $0 &+ $1.byteCount }
  }

  package var byteCountRead: Int {
    guard let reader, nextIndex > 0 else { return finishedByteCount }
    // What a file packs is more than the file.
    return finishedByteCount + min(reader.byteCountRead, tree.members[nextIndex - 1].byteCount)
  }

  package mutating func next() throws(ArchiveError) -> ArchiveItem? {
    while true {
      if var open = reader {
        let member = tree.members[nextIndex - 1]
        let item = try open.next()
        reader = open
        if let item { return item.placed(in: member) }
        if let fault = faults.popLast() {
          return SourceLocation(member: member.name, byteOffset: 0).gap(fault, at: 0)
        }
        for field in open.ignoredFields
        where ignoredFields.count < 64 && !ignoredFields.contains(field) {
          ignoredFields.append(field)
        }
        for note in open.columnNotes where columnNotes.count < 8 && !columnNotes.contains(note) {
          columnNotes.append(note)
        }
        reader = nil
        finishedByteCount += member.byteCount
        if let gap = ArchiveReader.untaken(open.untakenMembers.count, options) {
          return gap.placed(in: member)
        }
      }
      guard nextIndex < tree.members.count else { return nil }
      let member = tree.members[nextIndex]
      nextIndex += 1
      let export = MemberExport(member, in: tree, among: MixedFolder.others, atLeast: 1)
      guard let export else {
        finishedByteCount += member.byteCount
        return document(member)
      }
      do throws(ArchiveError) {
        let opened = try export.reader(options)
        read.add(opened.exports)
        reader = opened
        faults = export.tree.faults
        return name(of: member)
      } catch {
        finishedByteCount += member.byteCount
        let source = SourceLocation(member: member.name, byteOffset: 0)
        return source.gap(fault(of: member, error), at: 0)
      }
    }
  }

  /// Why a file cannot be read: it cannot be opened, or what it holds is damaged.
  private func fault(of member: ArchiveTree.Member, _ error: ArchiveError) -> SourceFault {
    do throws(SourceFault) { _ = try tree.open(member) } catch { return error }
    return SourceFault(reason: .corrupt, detail: "a file \(error.reason)")
  }

  /// The name of a file that is read as an export: what it says of itself, as the name of a document does.
  private func name(of member: ArchiveTree.Member) -> ArchiveItem {
    var message = Message(id: member.name, channel: Channel(id: member.name))
    message.attachments = [Attachment(name: String(member.baseName), content: .nameOnly)]
    let source = SourceLocation(member: member.name, byteOffset: 0)
    return .channel(message, source: source, byteCount: 0)
  }

  private func document(_ member: ArchiveTree.Member) -> ArchiveItem {
    var message = Message(id: member.name, channel: Channel(id: member.name))
    message.attachments = [Attachment(name: String(member.baseName))]
    tree.fill(&message, 0, from: member, options.limits)
    let source = SourceLocation(member: member.name, byteOffset: 0)
    return .message(message, source: source, byteCount: member.byteCount)
  }
}

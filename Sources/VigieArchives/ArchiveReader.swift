package import VigieCore

/// Reads an archive of whatever format, one message at a time.
///
/// Memory is bounded by one message and by small tables such as channels and users.
package struct ArchiveReader: ~Copyable {
  private var current: RemainingFiles.Export
  private let tree: ArchiveTree
  private let options: ArchiveOptions
  /// What the export that claimed the archive left; `nil` before its end, and where the format was named.
  private var remaining: RemainingFiles?
  private let isFormatNamed: Bool
  private var isEnded = false
  private var finishedByteCount = 0
  /// The name of the format that claims the archive; others read what it leaves, where they are sure.
  package let formatName: String
  /// What could not be read when the archive was opened, and is still to be told.
  private var faults: ArraySlice<SourceFault>
  /// What is to say once all is read.
  private var untold: [ArchiveItem] = []
  private var earlierFields: [String] = []
  private var earlierNotes: [String] = []
  private var finishedExports = ExportCounts()

  /// Opens an archive: a file, a folder, a ZIP, a tar, packed or not, or `-` for standard input.
  ///
  /// A tar, a packed file and standard input are read to their end first, into a temporary file that has
  /// no name; ``OpenedArchives`` spares who opens them twice the second time.
  ///
  /// - Parameters:
  ///   - path: The archive.
  ///   - format: The name of a format; by default the one that is surest of the archive.
  ///   - options: Limits and names of fields.
  /// - Throws: ``ArchiveError`` where it cannot be opened or no format knows it.
  package init(
    path: String,
    format: String? = nil,
    options: ArchiveOptions = ArchiveOptions()
  ) throws(ArchiveError) {
    let tree = try ArchiveTree(path: path, zipLimits: options.zipLimits)
    try self.init(tree, format: format, options: options)
  }

  init(_ tree: ArchiveTree, format: String?, options: ArchiveOptions) throws(ArchiveError) {
    let type = try ArchiveReader.format(named: format, tree)
    let reader = try type.init(tree, options: options)
    formatName = type.name
    faults = tree.faults[...]
    current = RemainingFiles.Export(reader: reader)
    self.tree = tree
    self.options = options
    isFormatNamed = format != nil
  }

  /// What stands for an archive that cannot be opened, among others that can: one gap, which names it.
  package init(unread error: ArchiveError) {
    formatName = UnreadArchive.name
    faults = []
    current = RemainingFiles.Export(reader: UnreadArchive(error))
    tree = ArchiveTree(unread: error.path)
    options = ArchiveOptions()
    isFormatNamed = true
  }

  /// Opens an archive with limits alone.
  package init(path: String, format: String? = nil, limits: Limits) throws(ArchiveError) {
    try self.init(path: path, format: format, options: ArchiveOptions(limits: limits))
  }

  private static func format(
    named name: String?,
    _ tree: ArchiveTree
  ) throws(ArchiveError) -> any ArchiveFormat.Type {
    let names = ArchiveFormats.all.map { $0.name }
    if let name {
      guard let type = ArchiveFormats.all.first(where: { $0.name == name }) else {
        let mend = suggestion(for: name, among: names) ?? "the formats are \(names.list)"
        throw ArchiveError(
          .unknownName,
          path: tree.path,
          reason: "there is no format '\(name)'",
          mend: mend
        )
      }
      return type
    }
    let best = ArchiveFormats.best(for: ArchiveProbe(tree), among: ArchiveFormats.all)
    guard let type = best else {
      let isEmpty = tree.members.isEmpty || tree.isFile && tree.members[0].byteCount == 0
      throw ArchiveError(
        .unknownFormat,
        path: tree.path,
        reason: isEmpty ? "is empty" : "is of no format that is known",
        mend: isEmpty
          ? "name a file or folder that holds something"
          : "a document is what vigie check reads; else name the format: one of \(names.list)"
      )
    }
    return type
  }

  /// The next thing the archive holds, or `nil` at its end.
  package mutating func next() throws(ArchiveError) -> ArchiveItem? {
    while !isEnded {
      if let item = try nextOfExport() { return item }
      advance()
    }
    if !untold.isEmpty { return untold.removeFirst() }
    let place = SourceLocation(member: tree.path, byteOffset: 0)
    return faults.popFirst().map { place.gap($0, at: 0) }
  }

  /// The next thing of the export that is read.
  ///
  /// One beside the first that cannot be read further is a gap.
  private mutating func nextOfExport() throws(ArchiveError) -> ArchiveItem? {
    guard remaining != nil else { return try current.reader.next() }
    do throws(ArchiveError) {
      guard let item = try current.reader.next() else { return nil }
      return current.member.map { item.placed(in: $0) } ?? item
    } catch {
      let place = SourceLocation(member: current.member?.name, byteOffset: 0)
      untold.append(
        place.gap(SourceFault(reason: .corrupt, detail: "a file \(error.reason)"), at: 0)
      )
      return nil
    }
  }

  /// Goes on to the next export of the archive, or to what is to say at its end.
  private mutating func advance() {
    if tree.isFile {
      isEnded = true
      return
    }
    if isFormatNamed {
      isEnded = true
      return noteUntaken(current.reader.untakenMembers.count)
    }
    if let member = current.member {
      untold += current.faults.map {
        SourceLocation(member: member.name, byteOffset: 0).gap($0, at: 0)
      }
    }
    let last = remaining == nil ? nil : current
    var files = remaining ?? RemainingFiles(tree, current.reader.untakenMembers, options)
    let next = files.next(after: last)
    remaining = files
    guard let next else {
      isEnded = true
      return noteUntaken(files.unclaimedCount)
    }
    finishedByteCount += current.reader.totalByteCount
    for field in current.reader.ignoredFields where !earlierFields.contains(field) {
      earlierFields.append(field)
    }
    earlierNotes = columnNotes
    finishedExports.add(current.reader.exports)
    current = next
  }

  private mutating func noteUntaken(_ count: Int) {
    if let gap = ArchiveReader.untaken(count, options) { untold.append(gap) }
  }

  /// What to say of files that no message takes; `nil` where there is nothing to say.
  static func untaken(_ count: Int, _ options: ArchiveOptions) -> ArchiveItem? {
    // Where the bytes of files are not wanted no message takes any.
    guard count > 0, !options.readsAccess else { return nil }
    let detail = "\(count) files of the export belong to no message and were not read"
    let fault = SourceFault(reason: .unsupported, detail: detail)
    return SourceLocation(byteOffset: 0).gap(fault, at: 0)
  }

  /// Bytes read so far of what ``totalByteCount`` counts.
  package var byteCountRead: Int { finishedByteCount + current.reader.byteCountRead }

  /// Bytes there are to read, unpacked, of the exports found so far.
  package var totalByteCount: Int { finishedByteCount + current.reader.totalByteCount }

  /// The exports found so far.
  package var exports: ExportCounts {
    var exports = finishedExports
    exports.add(current.reader.exports)
    return exports
  }

  /// What columns of tables were taken for, a line for each; at most 8.
  package var columnNotes: [String] {
    let further = current.reader.columnNotes.filter { !earlierNotes.contains($0) }
    return Array((earlierNotes + further).prefix(8))
  }

  /// Names of columns or keys that stood beside the text and were not read as text; at most 64.
  package var ignoredFields: [String] {
    let further = current.reader.ignoredFields.filter { !earlierFields.contains($0) }
    return Array((earlierFields + further).prefix(64))
  }
}

/// Archives that are opened more than once, of which those that can be read only once are kept.
package final class OpenedArchives {
  private var trees: [String: ArchiveTree] = [:]

  /// Nothing opened yet.
  package init() {}

  /// A new reader of an archive; see ``ArchiveReader``.
  package func reader(
    path: String,
    format: String? = nil,
    limits: Limits
  ) throws(ArchiveError) -> ArchiveReader {
    let options = ArchiveOptions(limits: limits)
    if let tree = trees[path] { return try ArchiveReader(tree, format: format, options: options) }
    let tree = try ArchiveTree(path: path, zipLimits: options.zipLimits)
    if tree.isSpooled { trees[path] = tree }
    return try ArchiveReader(tree, format: format, options: options)
  }
}

extension [String] {
  /// The words with commas between them.
  var list: String { joined(separator: ", ") }
}

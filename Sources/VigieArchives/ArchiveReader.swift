package import VigieCore

/// Reads an archive of whatever format, one message at a time.
///
/// Memory is bounded by one message and by small tables such as channels and users.
package struct ArchiveReader: ~Copyable {
  private var format: any ArchiveFormat
  /// The name of the format that reads the archive.
  package let formatName: String
  /// What could not be read when the archive was opened, and is still to be told.
  private var faults: ArraySlice<SourceFault>

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
    self.format = reader
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
          .unknownFormat,
          path: tree.path,
          reason: "there is no format '\(name)'",
          mend: mend
        )
      }
      return type
    }
    let best = ArchiveFormats.best(for: ArchiveProbe(tree), among: ArchiveFormats.all)
    guard let type = best else {
      throw ArchiveError(
        .unknownFormat,
        path: tree.path,
        reason: "no reader knows this archive",
        mend: "name the files of a folder one by one, or the format: one of \(names.list)"
      )
    }
    return type
  }

  /// The next thing the archive holds, or `nil` at its end.
  package mutating func next() throws(ArchiveError) -> ArchiveItem? {
    if let item = try format.next() { return item }
    return faults.popFirst().map { SourceLocation(byteOffset: 0).gap($0, at: 0) }
  }

  /// Bytes read so far of what ``totalByteCount`` counts.
  package var byteCountRead: Int { format.byteCountRead }

  /// Bytes there are to read, unpacked.
  package var totalByteCount: Int { format.totalByteCount }

  /// Names of columns or keys that stood beside the text and were not read as text; at most 64.
  package var ignoredFields: [String] { format.ignoredFields }
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

package import VigieCore

/// A reader of one export format.
///
/// To add one: a file in Formats/ with a type of this protocol, a line in ``ArchiveFormats/all`` and
/// a case under Corpus/archives.
package protocol ArchiveFormat: SendableMetatype {
  /// The name for `--format` and reports, such as `slack`.
  static var name: String { get }
  /// What the format is, in a few words.
  static var title: String { get }

  /// How sure the format is that the archive is its own: 0 for no, 100 for certain.
  static func confidence(of probe: ArchiveProbe) -> Int

  /// Opens an archive.
  init(_ tree: ArchiveTree, options: ArchiveOptions) throws(ArchiveError)

  /// The next thing the archive holds, or `nil` at its end.
  mutating func next() throws(ArchiveError) -> ArchiveItem?

  /// Bytes read so far of what ``totalByteCount`` counts.
  var byteCountRead: Int { get }
  /// Bytes there are to read, unpacked.
  var totalByteCount: Int { get }
  /// Names of columns or keys whose text was not read as text; at most 64.
  var ignoredFields: [String] { get }
  /// What columns were taken for, a line for each table; at most 8.
  var columnNotes: [String] { get }
  /// The exports met so far: one of the format itself, unless it reads those of others.
  var exports: ExportCounts { get }
  /// At the end, the files that belong to no message: those of another export perhaps.
  var untakenMembers: [ArchiveTree.Member] { get }
}

extension ArchiveFormat {
  /// None: most formats take all there is, or tell of the rest themselves.
  package var untakenMembers: [ArchiveTree.Member] { [] }
  /// One: most formats read exports of their own.
  package var exports: ExportCounts {
    var exports = ExportCounts()
    exports.add(Self.name)
    return exports
  }
  /// None: most formats have fixed fields.
  package var ignoredFields: [String] { [] }
  /// None: most formats are no tables of columns that anybody may name.
  package var columnNotes: [String] { [] }
}

/// The formats that can be read.
package enum ArchiveFormats {
  /// Every format, the more particular first.
  package static let all: [any ArchiveFormat.Type] = [
    ElementExport.self,
    ElementPage.self,
    MatrixEvents.self,
    SlackExport.self,
    SlackDump.self,
    MattermostExport.self,
    MattermostPages.self,
    DiscordExport.self,
    DiscordPage.self,
    DiscordTable.self,
    DiscordText.self,
    TelegramExport.self,
    TelegramPage.self,
    TelegramUpdates.self,
    TeamsExport.self,
    GoogleChat.self,
    ZulipExport.self,
    ZulipArchive.self,
    RocketChatExport.self,
    Mailboxes.self,
    MailFolder.self,
    GitterArchive.self,
    ElementText.self,
    WhatsAppExport.self,
    LineExport.self,
    IRCLogs.self,
    JSONLists.self,
    JSONLines.self,
    CSVTable.self,
    TextFile.self,
    MixedFolder.self,
  ]

  /// The format that is surest of an archive, the first of those that are; `nil` where none knows it.
  static func best(
    for probe: ArchiveProbe,
    among formats: [any ArchiveFormat.Type],
    atLeast confidence: Int = 1
  ) -> (any ArchiveFormat.Type)? {
    var best: (confidence: Int, type: (any ArchiveFormat.Type)?) = (confidence - 1, nil)
    for type in formats {
      let confidence = type.confidence(of: probe)
      if confidence > best.confidence { best = (confidence, type) }
    }
    return best.type
  }
}

/// What an archive reader may be told.
package struct ArchiveOptions: Sendable {
  package var limits: Limits
  /// Names of columns or keys by field, over the common names.
  ///
  /// An example is `["body": "Texte"]`; the fields are those of ``FieldNames``.
  package var fields: [String: String]
  package var zipLimits: ZipLimits
  /// Whether who can read the channels is wanted, and the bytes of files are not.
  package var readsAccess: Bool

  /// Options with the defaults of a scan.
  package init(
    limits: Limits = Limits(),
    fields: [String: String] = [:],
    zipLimits: ZipLimits = ZipLimits(),
    readsAccess: Bool = false
  ) {
    self.limits = limits
    self.fields = fields
    self.zipLimits = zipLimits
    self.readsAccess = readsAccess
  }

  /// The longest record, bytes, that is held in memory.
  var maxRecordByteCount: Int { min(limits.maxTextByteCount, 1 << 26) }
}

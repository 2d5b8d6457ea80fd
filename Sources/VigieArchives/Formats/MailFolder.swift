import VigieCore

/// Folders of mails, one file each: Maildir, MH, or what programs export as EML.
///
/// *Source:* maildir(5) of qmail; RFC 5322.
package struct MailFolder: ArchiveFormat {
  package static let name = "maildir"
  package static let title = "Folders of mails: Maildir, MH, EML files (also one EML file)"

  private var files: ExportFiles<MailFile>

  /// Whether a member lies where a Maildir keeps its mails.
  private static func isInMaildir(_ name: String) -> Bool {
    let folder = name.split(separator: "/").dropLast().last
    return folder == "cur" || folder == "new"
  }

  private static func isMail(_ head: [UInt8], isNamed: Bool) -> Bool {
    let mail = MailHead(head[...])
    // What is named as one is a mail with as little as a subject.
    return mail.isMail || isNamed && mail.fieldCount >= 1
  }

  /// Whether a name says that the file is a mail.
  private static func isNamed(_ name: String) -> Bool {
    [".eml", ".emlx"].contains { name.lowercased().hasSuffix($0) }
  }

  package static func confidence(of probe: ArchiveProbe) -> Int {
    if probe.isFile {
      let isNamed = isNamed(probe.path)
      return isMail(probe.head, isNamed: isNamed) ? isNamed ? 86 : 58 : 0
    }
    let maildir = probe.members.lazy.filter { isInMaildir($0.name) }.prefix(16)
    if maildir.contains(where: { isMail(probe.head(of: $0), isNamed: false) }) { return 90 }
    let candidates = probe.members.prefix(32)
    let count = candidates.count { isMail(probe.head(of: $0), isNamed: isNamed($0.name)) }
    return count * 2 >= candidates.count && count > 0 ? 82 : 0
  }

  package init(_ tree: ArchiveTree, options: ArchiveOptions) throws(ArchiveError) {
    // What lies in a Maildir is a mail, whatever it looks like.
    let members = tree.members.filter {
      tree.isFile || MailFolder.isInMaildir($0.name)
        || MailFolder.isMail(
          tree.head(of: $0, count: 1 << 12),
          isNamed: MailFolder.isNamed($0.name)
        )
    }
    guard !members.isEmpty else {
      throw ArchiveError(
        .notAnArchive,
        path: tree.path,
        reason: "holds no mails",
        mend: "name a Maildir, or a folder of EML files"
      )
    }
    let limit = min(options.limits.maxAttachmentByteCount, 1 << 28)
    files = ExportFiles(
      tree,
      members,
      context: MailFile.Context(tree: tree, limit: limit),
      options: options
    ) {
      // What servers keep beside the mails to find them.
      let base = $0.baseName
      return base.hasPrefix("dovecot") || base == "maildirfolder" || base == "subscriptions"
        || base == ".mh_sequences"
    }
  }

  package var byteCountRead: Int { files.byteCountRead }
  package var totalByteCount: Int { files.totalByteCount }
  package var untakenMembers: [ArchiveTree.Member] { files.untakenMembers }

  package mutating func next() throws(ArchiveError) -> ArchiveItem? { files.next() }
}

/// One mail.
private struct MailFile: ExportFile {
  struct Context {
    let tree: ArchiveTree
    let limit: Int
  }

  private var window: ByteWindow
  private let source: SourceLocation
  private let member: String
  private let context: Context
  private var isRead = false

  init(_ window: ByteWindow, source: SourceLocation, member: String, context: Context) {
    self.window = window
    self.source = source
    self.member = member
    self.context = context
  }

  var offset: Int { window.offset }

  mutating func next(_ media: inout MediaFiles) -> ArchiveItem? {
    guard !isRead else { return nil }
    isRead = true
    while window.count <= context.limit, window.fill() {}
    if let fault = window.fault { return source.gap(fault, at: 0) }
    guard window.count > 0 else {
      return source.gap(SourceFault(reason: .truncated, detail: "the file is empty"), at: 0)
    }
    guard window.count <= context.limit else {
      let detail = "a mail is longer than \(context.limit) bytes"
      return source.gap(SourceFault(reason: .limit, detail: detail), at: 0)
    }
    let bytes = window.bytes[window.start...]
    let message = MailMessage(bytes).message(fileName, in: channel, content: file)
    let byteCount = window.offset + window.count
    window.consume(to: window.bytes.count)
    return .message(message, source: source, byteCount: byteCount)
  }

  /// The mail as a file on this machine, where it is one.
  private var file: Attachment.Content? {
    if context.tree.isFile {
      return context.tree.members.first.flatMap(context.tree.filePath).map { .file(path: $0) }
    }
    return context.tree.member(named: member).flatMap(context.tree.filePath).map {
      .file(path: $0)
    }
  }

  private var fileName: String { member.split(separator: "/").last.map(String.init) ?? member }

  /// The folder in which the mail lies, above `cur` and `new`.
  private var channel: Channel {
    var parts = member.split(separator: "/").dropLast()
    if let last = parts.last, last == "cur" || last == "new" { parts.removeLast() }
    return Channel(id: parts.joined(separator: "/"))
  }
}

import VigieCore

/// Mailboxes (mbox): one file or many, also the text archives of Mailman's lists.
///
/// *Source:* RFC 4155; Mailman 2, Mailman/Archiver/pipermail.py.
package struct Mailboxes: ArchiveFormat {
  package static let name = "mbox"
  package static let title = "Mailboxes: mbox files, also the text archives of mailing lists"

  private var files: ExportFiles<MailboxFile>

  private static func isMailbox(_ head: [UInt8]) -> Bool {
    let text = head.drop { $0 == 0x0A || $0 == 0x0D }
    let lines = text.split(separator: 0x0A, maxSplits: 1, omittingEmptySubsequences: false)
    guard lines.count == 2, MailboxRecords.isStart(lines[0]) else { return false }
    return MailHead(lines[1]).fieldCount > 0
  }

  package static func confidence(of probe: ArchiveProbe) -> Int {
    if probe.isFile { return isMailbox(probe.head) ? 88 : 0 }
    return probe.members.prefix(32).contains { isMailbox(probe.head(of: $0)) } ? 84 : 0
  }

  package init(_ tree: ArchiveTree, options: ArchiveOptions) throws(ArchiveError) {
    let members = tree.members.filter {
      tree.isFile || Mailboxes.isMailbox(tree.head(of: $0, count: 1 << 12))
    }
    guard !members.isEmpty else {
      throw ArchiveError(
        .notAnArchive,
        path: tree.path,
        reason: "holds no mailbox",
        mend: "name an mbox file, or a folder of them"
      )
    }
    let limit = min(options.limits.maxAttachmentByteCount, 1 << 28)
    files = ExportFiles(tree, members, context: limit, options: options)
  }

  package var byteCountRead: Int { files.byteCountRead }
  package var totalByteCount: Int { files.totalByteCount }
  package var untakenMembers: [ArchiveTree.Member] { files.untakenMembers }

  package mutating func next() throws(ArchiveError) -> ArchiveItem? { files.next() }
}

/// One mailbox.
private struct MailboxFile: ExportFile {
  private var records: MailboxRecords
  private let source: SourceLocation
  /// The mailbox, where a mail names no list.
  private let channel: Channel

  init(_ window: ByteWindow, source: SourceLocation, member: String, context limit: Int) {
    records = MailboxRecords(window, limit: limit)
    self.source = source
    channel = Channel(id: member)
  }

  var offset: Int { records.window.offset }

  mutating func next(_ media: inout MediaFiles) -> ArchiveItem? {
    while let item = records.next() {
      switch item {
      case .gap(let fault, let offset): return source.gap(fault, at: offset)
      case .mail(let range, let offset):
        let bytes = records.window.bytes[range]
        if bytes.allSatisfy({ $0 <= 0x20 }) { continue }
        let message = MailMessage(bytes).message("offset-\(offset)", in: channel)
        return .message(message, source: source.at(offset), byteCount: range.count)
      }
    }
    return nil
  }
}

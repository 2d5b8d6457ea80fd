import VigieCore
import VigieJSON

/// Rooms of Gitter as its API gave them: one array of messages a room.
///
/// Rooms were open unless they belonged to a private repository, which the file does not say. Gitter is a
/// Matrix server since 2023: newer archives are ``MatrixEvents``.
///
/// *Source:* developer.gitter.im, "Messages resource"; zulip/zulip, zerver/data_import/gitter.py.
package struct GitterArchive: ArchiveFormat {
  package static let name = "gitter"
  package static let title = "Gitter rooms (JSON arrays of messages)"

  private var files: ExportFiles<GitterFile>

  private static func isRoom(_ head: [UInt8]) -> Bool {
    guard head.first(where: { $0 > 0x20 }) == UInt8(ascii: "[") else { return false }
    return ArchiveProbe.keys(head).isSuperset(of: ["fromUser", "sent", "text"])
  }

  package static func confidence(of probe: ArchiveProbe) -> Int {
    probe.candidates(endingWith: ".json").contains { isRoom(probe.head(of: $0)) } ? 91 : 0
  }

  package init(_ tree: ArchiveTree, options: ArchiveOptions) throws(ArchiveError) {
    let members = tree.members(
      endingWith: ".json",
      headByteCount: 1 << 14,
      where: GitterArchive.isRoom
    )
    guard !members.isEmpty else {
      throw ArchiveError(
        .notAnArchive,
        path: tree.path,
        reason: "holds no room of Gitter",
        mend: "name the JSON file of a room, or a folder of them"
      )
    }
    files = ExportFiles(tree, members, context: options.maxRecordByteCount, options: options)
  }

  package var byteCountRead: Int { files.byteCountRead }
  package var totalByteCount: Int { files.totalByteCount }
  package var untakenMembers: [ArchiveTree.Member] { files.untakenMembers }

  package mutating func next() throws(ArchiveError) -> ArchiveItem? { files.next() }
}

/// One room.
private struct GitterFile: ExportFile {
  private var walk: JSONWalk
  private let source: SourceLocation
  private let limit: Int
  private let channel: Channel

  private static let keys = JSONKeys(["id", "text", "html", "sent", "fromUser"])
  private static let userKeys = JSONKeys(["username", "displayName", "id"])

  init(_ window: ByteWindow, source: SourceLocation, member: String, context limit: Int) {
    let records = ["id", "text", "html", "fromUser"].map { JSONWalk.Record($0, path: "/*") }
    walk = JSONWalk(window, entered: [], records: records)
    self.source = source
    self.limit = limit
    let base = member.split(separator: "/").last.map(String.init) ?? member
    channel = Channel(id: base.hasSuffix(".json") ? String(base.dropLast(5)) : base)
  }

  var offset: Int { walk.offset }

  mutating func next(_ media: inout MediaFiles) -> ArchiveItem? {
    while let step = walk.next(limit: limit) {
      switch step {
      case .gap(let fault, let offset): return source.gap(fault, at: offset)
      case .value(let path, let range, let offset, let isDoubtful):
        if path == "/*", let message = message(range) {
          return .message(message, source: source.at(offset), byteCount: range.count)
        }
        if isDoubtful {
          walk.reject()
          continue
        }
        let fault = SourceFault(reason: .corrupt, detail: "a record is no message of Gitter")
        return source.gap(fault, at: offset)
      case .begin, .end: continue
      }
    }
    return nil
  }

  private func message(_ range: Range<Int>) -> Message? {
    var reader = JSONReader(walk.bytes, in: range)
    var message = Message(id: "", channel: channel)
    do throws(JSONError) {
      guard try reader.kind() == .object else { return nil }
      try reader.members(GitterFile.keys) { reader, key throws(JSONError) in
        switch key {
        case 0: message.id = try reader.scalar() ?? ""
        case 1: message.body = try reader.anyText()
        case 2: message.html = try reader.anyText()
        case 3: message.timestamp = try reader.scalar().flatMap(isoTime)
        default:
          // The name of the account before the shown one, and the id where there is neither.
          var names: [String?] = [nil, nil, nil]
          try reader.members(GitterFile.userKeys) { reader, key throws(JSONError) in
            names[key] = try reader.scalar()
          }
          message.sender = names.lazy.compactMap { $0 }.first
        }
      }
      try reader.finish()
    } catch {
      return nil
    }
    guard !message.id.isEmpty, message.body != nil || message.html != nil else { return nil }
    message.note(reader.repairCount)
    return message
  }
}

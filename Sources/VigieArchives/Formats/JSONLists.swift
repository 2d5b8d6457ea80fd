import VigieCore
import VigieJSON

/// JSON of any origin that holds its messages in a list below the top: `{"title": …, "messages": […]}`.
///
/// The list is the first whose elements have a text and a sender or a time, under names of ``FieldNames``.
/// What stands beside it is told as what the channel says of itself. Where there is none, an empty list `messages` is one
/// with nothing in it: the last page of an interface says so.
package struct JSONLists: ArchiveFormat {
  package static let name = "json-list"
  package static let title = "JSON that holds messages in a list below its top"

  private let options: ArchiveOptions
  private let source: SourceLocation
  private let list: String
  private var rows: JSONRow
  private var walk: JSONWalk
  private var channel: Channel
  /// The text that stands around the list, by object.
  private var around: [String] = []
  private var pending: ArchiveItem?
  package let totalByteCount: Int

  package static func confidence(of probe: ArchiveProbe) -> Int {
    guard probe.isFile, let path = list(in: probe.head, FieldNames.Table()) else { return 0 }
    return path.isEmpty ? 0 : 62
  }

  package init(_ tree: ArchiveTree, options: ArchiveOptions) throws(ArchiveError) {
    let file = try tree.onlyFile(mend: "name one file of JSON")
    self.options = options
    source = SourceLocation(member: tree.reportedName(file), byteOffset: 0)
    totalByteCount = file.byteCount
    let table = try options.table(path: tree.path)
    rows = JSONRow(table, folder: tree.folder, isDecodedAgain: true)
    channel = Channel(id: String(file.stem))
    guard let found = JSONLists.list(in: tree.head(of: file, count: 1 << 16), table),
      !found.isEmpty
    else {
      throw ArchiveError(
        .notAnArchive,
        path: tree.path,
        reason: "holds no list of messages",
        mend: "name the keys of its texts with --field, or leave the format out"
      )
    }
    list = found
    // Everything that leads to the list is entered.
    var entered: Set<String> = [found]
    var path = found
    while let slash = path.lastIndex(of: "/") {
      path = String(path[..<slash])
      entered.insert(path)
    }
    do {
      let window = ByteWindow(try tree.open(file))
      walk = JSONWalk(
        window,
        entered: entered,
        records: ["id", "sender_name", "type", "date", "timestamp"].map {
          JSONWalk.Record($0, path: "\(found)/*")
        }
      )
    } catch {
      throw ArchiveError(
        .unreadable,
        path: tree.path,
        reason: error.detail,
        mend: "check who may read it"
      )
    }
  }

  package var byteCountRead: Int { walk.offset }
  package var ignoredFields: [String] { rows.ignored }

  package mutating func next() throws(ArchiveError) -> ArchiveItem? {
    if let item = pending {
      pending = nil
      return item
    }
    while let step = walk.next(limit: options.maxRecordByteCount) {
      switch step {
      case .gap(let fault, let offset): return source.gap(fault, at: offset)
      case .value(let path, let range, let offset, let isDoubtful):
        if path == "\(list)/*" {
          if let item = message(range, offset, isDoubtful) { return item }
        } else {
          take(path, range)
        }
      case .begin: continue
      case .end(let path):
        // What holds the list is left: so is its channel.
        guard path == JSONLists.parent(list), let item = topic() else { continue }
        return item
      }
    }
    return nil
  }

  private mutating func message(
    _ range: Range<Int>,
    _ offset: Int,
    _ isDoubtful: Bool
  ) -> ArchiveItem? {
    var reader = JSONReader(walk.bytes, in: range)
    do {
      let kind = try reader.kind()
      guard kind == .object || kind == .string else { throw JSONError.notAMessage }
      var message = try rows.message(&reader, "offset-\(offset)")
      try reader.finish()
      if message.channel == nil { message.channel = channel }
      return .message(message, source: source.at(offset), byteCount: range.count)
    } catch {
      if isDoubtful {
        walk.reject()
        return nil
      }
      let fault = SourceFault(reason: .corrupt, detail: "a record is no message")
      return source.gap(fault, at: offset)
    }
  }

  /// Takes what stands beside the list or around it.
  private mutating func take(_ path: String, _ range: Range<Int>) {
    var reader = JSONReader(walk.bytes, in: range)
    var texts: [String] = []
    // Damage was told where it stands; what is left of the value says nothing.
    guard (try? reader.collectStrings(into: &texts)) != nil else { return }
    texts = texts.map(\.decodedAgain)
    around += texts
    guard JSONLists.parent(path) == JSONLists.parent(list), let text = texts.first,
      let key = path.split(separator: "/").last
    else { return }
    switch FieldNames.folded(String(key)) {
    case "title", "name", "channel", "channelname", "room", "roomname", "groupname":
      channel.name = channel.name ?? text
    default: return
    }
  }

  private mutating func topic() -> ArchiveItem? {
    defer { around = [] }
    guard let text = around.joinedOnce else { return nil }
    let message = Message(id: "\(channel.id)-topic", body: text, channel: channel)
    if list.contains("/*") { channel.name = nil }
    return .channel(message, source: source.at(walk.offset), byteCount: 0)
  }

  private static func parent(_ path: String) -> String {
    path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
  }

  // MARK: - Finding the list

  /// The path of the first list of messages in a head, which is cut; empty where it is the top.
  private static func list(in head: [UInt8], _ table: FieldNames.Table) -> String? {
    var reader = JSONReader(head)
    guard
      reader.skipWhitespace() == UInt8(ascii: "{") || reader.skipWhitespace() == UInt8(ascii: "[")
    else { return nil }
    var isMessage = false
    var ahead = reader
    if let path = find(&ahead, "", table, &isMessage) { return path }
    return hasEmptyList(&reader, table) ? emptyList : nil
  }

  private static let emptyList = "/messages"

  /// Whether all there is, is one object with an empty list of messages and no text of its own.
  private static func hasEmptyList(_ reader: inout JSONReader, _ table: FieldNames.Table) -> Bool {
    var isFound = false
    do {
      guard try reader.kind() == .object else { return false }
      let none = JSONKeys([])
      try reader.beginObject()
      while try reader.nextKey(none) != nil {
        switch table.field(of: reader.lastKey)?.field {
        case .body, .html, .subject: return false
        default: break
        }
        if reader.lastKey == emptyList.dropFirst(), try reader.kind() == .array {
          try reader.beginArray()
          if try reader.nextElement() { return false }
          isFound = true
        } else {
          try reader.skipValue()
        }
      }
      try reader.finish()
    } catch {
      // The head is cut here, or damaged, or another value follows: nothing says that there is no message.
      return false
    }
    return isFound
  }

  /// Looks for the list in the value that is next, and says whether the value itself is a message.
  private static func find(
    _ reader: inout JSONReader,
    _ path: String,
    _ table: FieldNames.Table,
    _ isMessage: inout Bool
  ) -> String? {
    let depth = path.count { $0 == "/" }
    guard depth < 7, let kind = try? reader.kind() else { return nil }
    var isElement = false
    if kind == .array {
      guard (try? reader.beginArray()) != nil, (try? reader.nextElement()) == true else {
        return nil
      }
      let found = find(&reader, path + "/*", table, &isElement)
      return isElement ? path : found
    }
    guard kind == .object else { return nil }
    var fields: Set<FieldNames.Field> = []
    var found: String?
    do {
      let none = JSONKeys([])
      try reader.beginObject()
      while try reader.nextKey(none) != nil {
        let key = reader.lastKey
        let field = table.field(of: key)?.field
        let kind = try reader.kind()
        let isValue = kind == .string || kind == .number
        if let field, isValue || field == .sender { fields.insert(field) }
        // Files of a message are a list too.
        if found == nil, !isValue, field != .attachments {
          var ahead = reader
          found = find(&ahead, "\(path)/\(key)", table, &isElement)
        }
        try reader.skipValue()
      }
    } catch {
      // The head is cut here: what was seen before counts.
    }
    isMessage = isRecord(fields)
    return isMessage ? nil : found
  }

  private static func isRecord(_ fields: Set<FieldNames.Field>) -> Bool {
    !fields.isDisjoint(with: [.body, .html, .subject])
      && (fields.contains(.sender) || fields.contains(.timestamp))
  }
}

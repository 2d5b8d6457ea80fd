import VigieCore
import VigieJSON

/// Reads JSON objects of any origin as messages, by the names of their keys.
struct JSONRow {
  private let table: FieldNames.Table
  private let folder: String
  /// Whether strings may hold UTF-8 told as Latin-1 (``Swift/String/decodedAgain``).
  private let isDecodedAgain: Bool
  /// Keys met so far, so that each is folded once: the field, or none.
  private var met: [String: (field: FieldNames.Field, rank: Int)?] = [:]
  private let usualKeys: JSONKeys
  private let usualFields: [(field: FieldNames.Field, rank: Int)]
  /// Keys beside the text that were not read as text.
  private(set) var ignored: [String] = []

  private static let channelKeys = JSONKeys([
    "id", "name", "visibility", "encrypted", "federated",
  ])
  private static let personKeys = JSONKeys([
    "username", "name", "display_name", "displayName", "email", "id",
  ])
  private static let fileKeys = JSONKeys([
    "name", "path", "mimetype", "filename", "title", "mime_type", "type", "uri",
  ])

  init(_ table: FieldNames.Table, folder: String, isDecodedAgain: Bool = false) {
    self.table = table
    self.folder = folder
    self.isDecodedAgain = isDecodedAgain
    let usual = [
      "id", "body", "html", "subject", "sender", "timestamp", "channel", "attachments", "replaces",
      "text", "content", "message", "user", "ts", "date",
    ].compactMap { name in table.field(of: name).map { (name, $0) } }
    usualKeys = JSONKeys(usual.map(\.0))
    usualFields = usual.map(\.1)
  }

  /// The message of the next value.
  ///
  /// - Parameters:
  ///   - reader: Where the value is next.
  ///   - fallbackID: The id where the value has none.
  /// - Returns: The message.
  /// - Throws: `JSONError` where the value is not JSON.
  mutating func message(
    _ reader: inout JSONReader,
    _ fallbackID: String
  ) throws(JSONError) -> Message {
    var row = RowBuilder(fallbackID: fallbackID)
    var spare: [String] = []
    var unread: [String] = []
    let repairs = reader.repairCount
    if try reader.kind() == .object {
      try reader.beginObject()
      while let index = try reader.nextKey(usualKeys) {
        if index >= 0 {
          try read(usualFields[index], &reader, &row)
        } else if let field = field(of: reader.lastKey) {
          try read(field, &reader, &row)
        } else {
          let key = reader.lastKey
          let count = spare.count
          try reader.collectStrings(into: &spare)
          if spare.count > count { unread.append(key) }
        }
      }
    } else {
      try reader.collectStrings(into: &spare)
    }
    if reader.repairCount > repairs {
      row.add(
        Gap(
          place: .body,
          reason: .encoding,
          detail: "the record held lone surrogates or invalid UTF-8, read as U+FFFD"
        )
      )
    }
    let (message, usesSpare) = row.finish(spare: spare.map(told))
    if !usesSpare {
      for key in unread where ignored.count < 64 && !ignored.contains(key) { ignored.append(key) }
    }
    return message
  }

  private mutating func field(of key: String) -> (field: FieldNames.Field, rank: Int)? {
    if let known = met[key] { return known }
    let field = table.field(of: key)
    if met.count < 1024 { met[key] = .some(field) }
    return field
  }

  private func read(
    _ found: (field: FieldNames.Field, rank: Int),
    _ reader: inout JSONReader,
    _ row: inout RowBuilder
  ) throws(JSONError) {
    switch try reader.kind() {
    case .string: row.set(found.field, found.rank, told(try reader.string()))
    case .number: row.set(found.field, found.rank, try reader.numberText())
    case .boolean: row.set(found.field, found.rank, try reader.boolean() ? "true" : "false")
    case .null: try reader.null()
    case .object, .array:
      switch found.field {
      case .channel:
        try channel(&reader, found.rank, &row)
      case .attachments:
        if try reader.kind() == .object { return try file(&reader, &row) }
        try reader.beginArray()
        while try reader.nextElement() { try file(&reader, &row) }
      case .sender where try reader.kind() == .object:
        if let name = try person(&reader) { row.set(.sender, found.rank, name) }
      default:
        var texts: [String] = []
        try reader.collectStrings(into: &texts)
        let text = found.field == .body ? texts.map(told).joinedOnce : texts.first
        if let text { row.set(found.field, found.rank, told(text)) }
      }
    }
  }

  /// A string as it was written before it was told.
  private func told(_ text: String) -> String { isDecodedAgain ? text.decodedAgain : text }

  /// The name of a person, the account before the shown one, and the id where there is neither.
  private func person(_ reader: inout JSONReader) throws(JSONError) -> String? {
    var names = [String?](repeating: nil, count: 6)
    try reader.members(JSONRow.personKeys) { reader, key throws(JSONError) in
      names[key] = try reader.scalar()
    }
    return names.lazy.compactMap { $0 }.first { !$0.isEmpty }
  }

  private func channel(
    _ reader: inout JSONReader,
    _ rank: Int,
    _ row: inout RowBuilder
  ) throws(JSONError) {
    var channel = Channel(id: "")
    try reader.members(JSONRow.channelKeys) { reader, key throws(JSONError) in
      switch key {
      case 0:
        channel.id =
          try reader.kind() == .number
          ? reader.numberText() : reader.stringIfPresent() ?? ""
      case 1: channel.name = try reader.stringIfPresent()
      case 2:
        channel.visibility =
          try reader.stringIfPresent().flatMap(Visibility.init(rawValue:)) ?? .unknown
      default:
        guard try reader.kind() == .boolean else { return try reader.skipValue() }
        let isTrue = try reader.boolean()
        if key == 3 { channel.encrypted = isTrue } else { channel.federated = isTrue }
      }
    }
    if row.claims(.channel, rank) { row.set(channel) }
  }

  private func file(_ reader: inout JSONReader, _ row: inout RowBuilder) throws(JSONError) {
    var names: [String] = []
    var path = ""
    var attachment = Attachment(name: "", content: .missing(detail: RowBuilder.noBytes))
    if try reader.kind() == .object {
      try reader.members(JSONRow.fileKeys) { reader, key throws(JSONError) in
        guard let text = try reader.stringIfPresent().map(told) else { return }
        switch key {
        case 1, 7:
          attachment.content = content(of: text, beside: folder)
          path = text
        case 2, 5, 6: attachment.mimetype = attachment.mimetype ?? text
        default: names.append(text)
        }
      }
    } else if let name = try reader.stringIfPresent() {
      names.append(name)
    } else {
      return
    }
    attachment.name = names.first ?? path.split(separator: "/").last.map(String.init) ?? ""
    row.attach(attachment)
    for name in names.dropFirst() where name != attachment.name {
      row.attach(Attachment(name: name))
    }
  }
}

extension String {
  /// The text, or, where it is UTF-8 of which every byte was told as a letter of Latin-1, as the
  /// exports of Facebook and Instagram tell it (`D\u00c3\u0089FENSE`), the text that was meant.
  var decodedAgain: String {
    guard utf8.contains(where: { $0 >= 0x80 }) else { return self }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(utf8.count)
    for scalar in unicodeScalars {
      guard let byte = UInt8(exactly: scalar.value) else { return self }
      bytes.append(byte)
    }
    return String(validating: bytes, as: UTF8.self) ?? self
  }

  /// The folder in which a path lies.
  var folder: String {
    guard let slash = lastIndex(of: "/") else { return "." }
    return slash == startIndex ? "/" : String(self[..<slash])
  }
}

import VigieCore
import VigieJSON

/// One line as it is read: goes on after the first fault so that the id is known to the error.
struct CheckLineReading {
  var reader: JSONReader
  var message = Message(id: "")
  var fault: (code: WireError.Code, message: String)?

  init(_ reader: JSONReader) { self.reader = reader }

  mutating func readLine() throws(JSONError) {
    guard try reader.kind() == .object else {
      note(.notAnObject, "the line is no JSON object; write one object a line")
      return
    }
    var hasID = false
    try members("", CheckLine.Key.self) { reading, key throws(JSONError) in
      switch key {
      case .id:
        if let id = try reading.string("id", .body) {
          reading.message.id = id
          hasID = true
        }
      case .body: reading.message.body = try reading.string("body", .body)
      case .html: reading.message.html = try reading.string("html", .html)
      case .subject: reading.message.subject = try reading.string("subject", .subject)
      case .sender: reading.message.sender = try reading.string("sender", .body)
      case .timestamp: try reading.timestamp()
      case .channel: try reading.channel()
      case .attachments: try reading.attachments()
      case .replaces: reading.message.replaces = try reading.string("replaces", .body)
      case .override: try reading.override()
      }
    }
    try reader.finish()
    if !hasID { note(.missingKey, "the key 'id' is missing; every line needs one") }
  }

  /// Reads a channel that stands alone.
  mutating func readChannel() throws(JSONError) {
    try channel()
    try reader.finish()
  }

  private mutating func timestamp() throws(JSONError) {
    guard let text = try string("timestamp", .body) else { return }
    if isRFC3339(text) {
      message.timestamp = text
    } else {
      note(
        .invalidValue,
        "'timestamp' is no RFC 3339 time; write it like 2026-06-01T09:30:00Z"
      )
    }
  }

  private mutating func channel() throws(JSONError) {
    guard try reader.kind() != .null else { return try reader.null() }
    guard try isKind(.object, "channel") else { return }
    var channel = Channel(id: "")
    var hasID = false
    try members("channel.", CheckLine.ChannelKey.self) { reading, key throws(JSONError) in
      switch key {
      case .id:
        if let id = try reading.string("channel.id", .channel) {
          channel.id = id
          hasID = true
        }
      case .name: channel.name = try reading.string("channel.name", .channel)
      case .visibility:
        guard let text = try reading.string("channel.visibility", .channel) else { return }
        if let visibility = Visibility(rawValue: text) {
          channel.visibility = visibility
        } else {
          let words = Visibility.allCases.map(\.rawValue)
          let mend = "write one of \(words.joined(separator: ", "))"
          reading.note(.invalidValue, "'channel.visibility' is no visibility; \(mend)")
        }
      case .encrypted: channel.encrypted = try reading.boolean("channel.encrypted")
      case .federated: channel.federated = try reading.boolean("channel.federated")
      }
    }
    if !hasID { note(.missingKey, "the key 'channel.id' is missing") }
    message.channel = channel
  }

  private mutating func attachments() throws(JSONError) {
    guard try reader.kind() != .null else { return try reader.null() }
    guard try isKind(.array, "attachments") else { return }
    try reader.beginArray()
    while try reader.nextElement() {
      let index = message.attachments.count
      let name = "attachments/\(index)"
      guard try isKind(.object, name) else { continue }
      var attachment = Attachment(name: "")
      var hasName = false
      var path: String?
      var media: String?
      let place = Place(part: .attachment(index), role: .filename)
      try members("\(name).", CheckLine.AttachmentKey.self) { reading, key throws(JSONError) in
        switch key {
        case .name:
          if let text = try reading.string("\(name).name", place) {
            attachment.name = text
            hasName = true
          }
        case .path: path = try reading.string("\(name).path", place)
        case .media: media = try reading.string("\(name).media", place)
        case .mimetype: attachment.mimetype = try reading.string("\(name).mimetype", place)
        }
      }
      if !hasName { note(.missingKey, "the key '\(name).name' is missing") }
      if let media {
        attachment.content = .uploaded(id: media, path: path)
      } else if let path {
        attachment.content = .file(path: path)
      }
      message.attachments.append(attachment)
    }
  }

  private mutating func override() throws(JSONError) {
    guard try reader.kind() != .null else { return try reader.null() }
    guard try isKind(.object, "override") else { return }
    var token: String?
    var justification: String?
    try members("override.", CheckLine.OverrideKey.self) { reading, key throws(JSONError) in
      switch key {
      case .token: token = try reading.string("override.token", .body)
      case .justification: justification = try reading.string("override.justification", .body)
      }
    }
    guard let token, let justification else {
      note(.missingKey, "'override' needs a 'token' and a 'justification'")
      return
    }
    message.override = OverrideRequest(token: token, justification: justification)
  }

  /// Reads the members of an object, each by its key; keys not known or said twice are faults.
  private mutating func members<Key: CheckLine.Keys>(
    _ prefix: String,
    _ keys: Key.Type,
    _ read: (inout CheckLineReading, Key) throws(JSONError) -> Void
  ) throws(JSONError) {
    let table = Key.table
    let all = Key.all
    var seen: UInt64 = 0
    try reader.beginObject()
    while let index = try reader.nextKey(table) {
      guard index >= 0 else {
        noteUnknown(reader.lastKey, prefix, table.names)
        try reader.skipValue()
        continue
      }
      let key = all[index]
      if seen & 1 << UInt64(index) != 0 {
        note(.duplicateKey, "the key '\(prefix)\(key.rawValue)' stands there twice; keep one")
      }
      seen |= 1 << UInt64(index)
      try read(&self, key)
    }
  }

  private mutating func noteUnknown(_ key: String, _ prefix: String, _ names: [String]) {
    let shown = String(String.UnicodeScalarView(key.unicodeScalars.prefix(40)))
    let mend =
      suggestion(for: shown, among: names) ?? "the keys are \(names.joined(separator: ", "))"
    note(.unknownKey, "unknown key '\(prefix)\(shown)'; \(mend)")
  }

  /// A string, or `nil` for `null` and, with a fault, for another type.
  private mutating func string(
    _ name: String,
    _ place: @autoclosure () -> Place
  ) throws(JSONError) -> String? {
    guard try reader.kind() != .null || name.hasSuffix("id") else {
      try reader.null()
      return nil
    }
    guard try isKind(.string, name) else { return nil }
    let repairs = reader.repairCount
    let text = try reader.string()
    if reader.repairCount > repairs {
      let detail = "'\(name)' held lone surrogates or invalid UTF-8, read as U+FFFD"
      message.gaps.append(Gap(place: place(), reason: .encoding, detail: detail))
    }
    return text
  }

  private mutating func boolean(_ name: String) throws(JSONError) -> Bool? {
    guard try reader.kind() != .null else {
      try reader.null()
      return nil
    }
    return try isKind(.boolean, name) ? try reader.boolean() : nil
  }

  /// Whether the next value is of a type; otherwise notes a fault and skips it.
  private mutating func isKind(_ kind: JSONKind, _ name: String) throws(JSONError) -> Bool {
    let found = try reader.kind()
    if found == kind { return true }
    note(.wrongType, "'\(name)' is of type \(found.name); it must be of type \(kind.name)")
    try reader.skipValue()
    return false
  }

  /// Keeps the first fault.
  private mutating func note(_ code: WireError.Code, _ message: String) {
    if fault == nil { fault = (code, message) }
  }
}

/// Whether a text is a date and time of RFC 3339, §5.6.
func isRFC3339(_ text: String) -> Bool {
  let bytes = text.utf8Span.span
  var index = 0
  /// Takes two or four digits and checks their value.
  func number(_ digits: Int, _ allowed: ClosedRange<Int>) -> Bool {
    guard index + digits <= bytes.count else { return false }
    var value = 0
    for _ in 0..<digits {
      let digit = bytes[index] &- 0x30
      guard digit < 10 else { return false }
      value = 10 * value + Int(digit)
      index += 1
    }
    return allowed.contains(value)
  }
  /// Takes one byte of a few.
  func mark(_ first: Unicode.Scalar, _ others: Unicode.Scalar...) -> Bool {
    guard index < bytes.count else { return false }
    let scalar = Unicode.Scalar(bytes[index])
    index += 1
    return scalar == first || others.contains(scalar)
  }
  guard number(4, 0...9999), mark("-"), number(2, 1...12), mark("-"), number(2, 1...31),
    mark("T", "t", " "), number(2, 0...23), mark(":"), number(2, 0...59), mark(":"),
    number(2, 0...60), index < bytes.count
  else { return false }
  if bytes[index] == UInt8(ascii: ".") {
    index += 1
    let first = index
    while index < bytes.count, bytes[index] &- 0x30 < 10 { index += 1 }
    guard index > first else { return false }
  }
  guard index < bytes.count else { return false }
  if bytes[index] | 0x20 == UInt8(ascii: "z") { return index + 1 == bytes.count }
  return mark("+", "-") && number(2, 0...23) && mark(":") && number(2, 0...59)
    && index == bytes.count
}

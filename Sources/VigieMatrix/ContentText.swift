import VigieCore
import VigieJSON

/// Every text that people may read in the content of an event, wherever it says it.
///
/// Clients show what they know (`body`, captions, questions and answers of polls, topics), and whoever opens the
/// source sees the rest: so every string counts as text but ids and keys of known technical members.
struct ContentText {
  /// One string of the content.
  struct Piece {
    var path: ContentPath
    var text: String
    var isHTML: Bool
    /// Where it starts in the joined text, UTF-8 bytes.
    var start = 0
  }

  /// A file the content names.
  struct File {
    /// The `mxc:` address.
    var address: String
    /// The name a person sees.
    var name: String
    var mimetype: String?
    /// Whether only its readers have the key.
    var isEncrypted: Bool
  }

  /// What stands between two texts that are joined.
  static let gap = "\n\n"
  /// What stands before the new text in the fallback of an edit.
  ///
  /// *Source:* Matrix specification v1.11, client-server API §11.35 (Event replacements).
  static let editMark = "* "

  /// The plain texts, the one a person reads first.
  private(set) var plain: [Piece] = []
  /// The texts as HTML.
  private(set) var html: [Piece] = []
  private(set) var files: [File] = []

  private let hasOverride: Bool

  /// The texts of a content.
  ///
  /// - Parameters:
  ///   - content: The content.
  ///   - hasOverride: Whether it holds a justification, which is not among its texts.
  init(_ content: JSONValue, hasOverride: Bool = false) {
    self.hasOverride = hasOverride
    // A client that knows edits shows the new content, and one that does not the other: both are read.
    if let edited = content["m.new_content"] {
      walk(edited, ContentPath(steps: [.key("m.new_content")]), 0)
    }
    walk(content, ContentPath(), 0)
    dropRepeated()
    ContentText.place(&plain)
    ContentText.place(&html)
  }

  /// The plain texts, joined.
  var body: String? { ContentText.join(plain) }
  /// The texts as HTML, joined.
  var formatted: String? { ContentText.join(html) }

  private static func join(_ pieces: [Piece]) -> String? {
    pieces.isEmpty ? nil : pieces.map(\.text).joined(separator: gap)
  }

  private static func place(_ pieces: inout [Piece]) {
    var start = 0
    for index in pieces.indices {
      pieces[index].start = start
      start += pieces[index].text.utf8.count + gap.utf8.count
    }
  }

  // MARK: - Walking

  /// The most objects and arrays inside one another that are looked into; the specification has ten.
  private static let maxDepth = 64

  private mutating func walk(_ value: JSONValue, _ path: ContentPath, _ depth: Int) {
    guard depth < ContentText.maxDepth else { return }
    switch value {
    case .string(let text): add(text, path)
    case .array(let elements):
      for (index, element) in elements.enumerated() {
        walk(element, path.appending(.index(index)), depth + 1)
      }
    case .object(let members):
      let isNamed = addFile(value)
      // The text itself before what stands beside it, whatever the order of the keys.
      for member in members where member.key == "body" && !(isNamed && value["filename"] == nil) {
        walk(member.value, path.appending(.key(member.key)), depth + 1)
      }
      for member in members where member.key != "body" || member.value.string == nil {
        if path.steps.isEmpty, isApart(member.key) { continue }
        if ContentText.isFileKey(member.key, member.value) { continue }
        // The name of a file is judged as one.
        if isNamed, member.key == "filename" { continue }
        walk(member.value, path.appending(.key(member.key)), depth + 1)
      }
    case .null, .boolean, .number: return
    }
  }

  /// Whether a member of the content is read elsewhere.
  private func isApart(_ key: String) -> Bool {
    key == "m.new_content" || key == MatrixEvent.overrideKey && hasOverride
  }

  /// Whether a member holds the key material of an encrypted file.
  private static func isFileKey(_ key: String, _ value: JSONValue) -> Bool {
    (key == "file" || key == "thumbnail_file") && value["url"] != nil
  }

  /// Members whose value is an id, an address or a word of the protocol, as long as it looks like one.
  ///
  /// *Source:* Matrix specification v1.11, client-server API §11 (Instant messaging), MSC1767, MSC3381.
  private static let technical: Set<String> = [
    "msgtype", "format", "url", "uri", "event_id", "rel_type", "mimetype", "algorithm", "user_ids",
    "device_id", "session_id", "sender_key", "via", "room_id", "blurhash", "xyz.amorgan.blurhash",
    "thumbnail_url", "avatar_url", "kind", "id", "asset", "type", "method", "membership", "redacts",
    "join_rule", "history_visibility", "guest_access", "room_version", "creator", "state_key",
    "alias",
  ]

  private static func isTechnical(_ text: String, at path: ContentPath) -> Bool {
    guard let key = path.key, technical.contains(key), text.utf8.count <= 255 else { return false }
    return text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
  }

  private mutating func add(_ text: String, _ path: ContentPath) {
    guard !text.isEmpty, !ContentText.isTechnical(text, at: path) else { return }
    let piece = Piece(path: path, text: text, isHTML: ContentText.isHTML(path))
    if piece.isHTML { html.append(piece) } else { plain.append(piece) }
  }

  private static func isHTML(_ path: ContentPath) -> Bool {
    switch path.key {
    case "formatted_body", "m.html", "org.matrix.msc1767.html": true
    default: false
    }
  }

  /// Takes the file that an object names; whether it has one.
  private mutating func addFile(_ object: JSONValue) -> Bool {
    var isNamed = false
    if let address = object["url"]?.string ?? object["uri"]?.string, address.hasPrefix("mxc://") {
      add(address, of: object, isEncrypted: object["key"] != nil)
      isNamed = true
    }
    if let address = object["file"]?["url"]?.string, address.hasPrefix("mxc://") {
      add(address, of: object, isEncrypted: true)
      isNamed = true
    }
    for (plain, encrypted) in [("thumbnail_url", "thumbnail_file")] {
      if let address = object[plain]?.string, address.hasPrefix("mxc://") {
        add(address, of: .null, isEncrypted: false)
      }
      if let address = object[encrypted]?["url"]?.string, address.hasPrefix("mxc://") {
        add(address, of: .null, isEncrypted: true)
      }
    }
    return isNamed
  }

  private mutating func add(_ address: String, of object: JSONValue, isEncrypted: Bool) {
    guard !files.contains(where: { $0.address == address }) else { return }
    files.append(
      File(
        address: address,
        name: object["filename"]?.string ?? object["name"]?.string ?? object["body"]?.string ?? "",
        mimetype: object["info"]?["mimetype"]?.string ?? object["mimetype"]?.string,
        isEncrypted: isEncrypted
      )
    )
  }

  /// Drops what says again what an earlier text said: the fallback of an edit, `* ` and the new text.
  private mutating func dropRepeated() {
    for pieces in [\ContentText.plain, \ContentText.html] {
      var seen: Set<String> = []
      self[keyPath: pieces].removeAll { piece in
        let mark = ContentText.editMark
        let text =
          piece.text.hasPrefix(mark) ? String(piece.text.dropFirst(mark.count)) : piece.text
        return !seen.insert(text).inserted
      }
    }
  }
}

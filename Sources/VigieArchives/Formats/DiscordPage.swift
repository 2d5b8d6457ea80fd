import VigieCore

/// The HTML that DiscordChatExporter writes: one page a channel or part of it, with or without media.
///
/// *Source:* Tyrrrz/DiscordChatExporter, DiscordChatExporter.Core/Exporting/MessageGroupTemplate.cshtml,
/// PreambleTemplate.cshtml and PostambleTemplate.cshtml.
package struct DiscordPage: ArchiveFormat {
  package static let name = "discord-html"
  package static let title = "DiscordChatExporter HTML, alone or in a folder or ZIP"

  private var files: ExportFiles<DiscordPageFile>

  /// Whether a head is that of a page; its style comes before all else and names the classes.
  private static func isPage(_ head: [UInt8]) -> Bool {
    let text = HeadText(head)
    return text.contains("chatlog__") && text.contains("preamble")
  }

  package static func confidence(of probe: ArchiveProbe) -> Int {
    probe.candidates(endingWith: ".html").contains { isPage(probe.head(of: $0)) } ? 94 : 0
  }

  package init(_ tree: ArchiveTree, options: ArchiveOptions) throws(ArchiveError) {
    let members = tree.members(
      endingWith: ".html",
      headByteCount: 1 << 16,
      where: DiscordPage.isPage
    )
    guard !members.isEmpty else {
      throw ArchiveError(
        .notAnArchive,
        path: tree.path,
        reason: "holds no page of DiscordChatExporter",
        mend: "name the HTML file, or the folder in which it lies"
      )
    }
    files = ExportFiles(tree, members, context: options.maxRecordByteCount, options: options)
  }

  package var byteCountRead: Int { files.byteCountRead }
  package var totalByteCount: Int { files.totalByteCount }
  package var untakenMembers: [ArchiveTree.Member] { files.untakenMembers }

  package mutating func next() throws(ArchiveError) -> ArchiveItem? { files.next() }
}

/// One page.
struct DiscordPageFile: ExportFile {
  private var records: MarkedRecords
  private let source: SourceLocation
  private let member: String
  private var channel: Channel
  private var sender: String?
  private var isHeadRead = false
  private var isWhole = false

  init(_ window: ByteWindow, source: SourceLocation, member: String, context limit: Int) {
    // An attribute that each message has once, whatever stands around it.
    records = MarkedRecords(window, mark: "data-message-id=", limit: limit)
    self.source = source
    self.member = member
    channel = DiscordPageFile.channel(ofFile: member)
  }

  /// The channel of a file `<guild> - <category> - <channel> [<id>].html`.
  static func channel(ofFile name: String) -> Channel {
    let base = name.split(separator: "/").last ?? ""
    let stem = base.lastIndex(of: ".").map { base[..<$0] } ?? base
    guard let open = stem.firstRange(of: " [") else { return Channel(id: String(stem)) }
    let id = stem[open.upperBound...].prefix { $0.isASCII && $0.isNumber }
    return Channel(id: id.isEmpty ? String(stem) : String(id))
  }

  var offset: Int { records.window.offset }

  mutating func next(_ media: inout MediaFiles) -> ArchiveItem? {
    while let item = records.next() {
      switch item {
      case .gap(let fault, let offset):
        isHeadRead = true
        return source.gap(fault, at: offset)
      case .piece(let range, let offset):
        let tail = records.window.bytes[range].suffix(2048)
        isWhole = tail.firstRange(of: "postamble".utf8) != nil
        guard isHeadRead else {
          isHeadRead = true
          if let item = description(range, offset) { return item }
          continue
        }
        return message(range, offset, &media)
      }
    }
    guard !isWhole else { return nil }
    isWhole = true
    return source.gap(
      SourceFault(reason: .truncated, detail: "the page ends before it is complete"),
      at: offset
    )
  }

  /// What the page says of itself: guild, category and channel, topic.
  private mutating func description(_ range: Range<Int>, _ offset: Int) -> ArchiveItem? {
    let bytes = records.window.bytes
    var tokens = HTMLTokens(bytes, in: range)
    var entries: [String] = []
    while let tag = tokens.next() {
      guard !tag.isEnd else { continue }
      // Style and script are longer than anything else, and no text.
      if tag.name == "style" || tag.name == "script" {
        _ = tokens.content(of: tag)
        continue
      }
      guard classes(tag, tokens).contains("preamble__entry") else { continue }
      let text = HTMLTokens.text(bytes, in: tokens.content(of: tag))
      entries.append(trimmed(text))
    }
    if entries.count > 1 { channel.name = entries[1] }
    let topic = entries.count > 2 ? entries[2...].joined(separator: "\n") : nil
    guard let body = Array(entries.prefix(2)).joinedOnce else { return nil }
    let message = Message(
      id: "\(channel.id)-topic",
      body: body,
      subject: topic,
      channel: channel
    )
    let count = entries.reduce(0) { $0 + $1.utf8.count }
    return .channel(message, source: source.at(offset), byteCount: count)
  }

  private func classes(_ tag: HTMLTokens.Tag, _ tokens: HTMLTokens) -> [Substring] {
    tokens.attribute("class", of: tag)?.split(whereSeparator: \.isWhitespace) ?? []
  }

  private func trimmed(_ text: String) -> String {
    let start = text.drop(while: \.isWhitespace)
    return start.lastIndex { !$0.isWhitespace }.map { String(start[...$0]) } ?? ""
  }

  private mutating func message(
    _ range: Range<Int>,
    _ offset: Int,
    _ media: inout MediaFiles
  ) -> ArchiveItem {
    let bytes = records.window.bytes
    let start = bytes[range].firstIndex(of: UInt8(ascii: ">")) ?? range.upperBound - 1
    let id = bytes[range.lowerBound..<start].drop { $0 != UInt8(ascii: "=") }
      .filter { $0 &- 0x30 < 10 }
    var message = Message(id: String(decoding: id, as: UTF8.self), channel: channel)
    message.timestamp = DiscordPageFile.time(ofID: message.id)
    if message.id.isEmpty { message.id = "offset-\(offset)" }
    var tokens = HTMLTokens(bytes, in: start..<range.upperBound)
    var parts: [String] = []
    while let tag = tokens.next() {
      guard !tag.isEnd else { continue }
      let classes = classes(tag, tokens)
      if classes.contains("chatlog__reply") || classes.contains("chatlog__reference")
        || classes.contains("chatlog__reactions")
      {
        // What a reply answers stands as a message of its own.
        _ = tokens.content(of: tag)
      } else if classes.contains("chatlog__author") || classes.contains("chatlog__author-name")
        || classes.contains("chatlog__system-notification-author")
      {
        let handle = tokens.attribute("title", of: tag)
        let name = trimmed(HTMLTokens.text(bytes, in: tokens.content(of: tag)))
        sender = handle ?? name
      } else if classes.contains("chatlog__content") || classes.contains("chatlog__embed")
        || classes.contains("chatlog__forwarded-content")
        || classes.contains("chatlog__system-notification-content")
      {
        parts.append(broken(tokens.content(of: tag)))
      } else if classes.contains("chatlog__attachment")
        || classes.contains("chatlog__forwarded-attachments")
      {
        attach(tokens.content(of: tag), to: &message, &media)
      } else if classes.contains("chatlog__sticker"),
        let title = tokens.attribute("title", of: tag)
      {
        message.body = title
      } else if classes.contains("postamble") {
        break
      }
    }
    message.sender = sender
    if parts.isEmpty, message.body == nil, message.attachments.isEmpty {
      // A message of a kind that is not known is read whole.
      parts.append(broken(start + 1..<max(start + 1, range.upperBound)))
    }
    if !parts.isEmpty { message.html = parts.joined(separator: "<br>") }
    return .message(message, source: source.at(offset), byteCount: range.count)
  }

  /// The time of an id, to the millisecond.
  ///
  /// *Source:* Discord, API reference, "Snowflakes": the bits from 22 on count milliseconds from 2015.
  static func time(ofID id: String) -> String? {
    guard let number = UInt64(id), number >> 22 > 0 else { return nil }
    return rfc3339(milliseconds: Int(number >> 22) + 1_420_070_400_000)
  }

  /// A piece of HTML with its line breaks as tags: the page shows them as they are.
  private func broken(_ range: Range<Int>) -> String {
    let bytes = records.window.bytes
    var tokens = HTMLTokens(bytes, in: range)
    var output: [UInt8] = []
    var start = range.lowerBound
    func add(_ text: ArraySlice<UInt8>) {
      for byte in text {
        if byte == 0x0A { output += Array("<br>".utf8) } else { output.append(byte) }
      }
    }
    while let tag = tokens.next() {
      add(bytes[start..<max(start, tag.range.lowerBound)])
      output += bytes[tag.range]
      start = tag.range.upperBound
    }
    add(bytes[start..<max(start, range.upperBound)])
    return String(decoding: output, as: UTF8.self)
  }

  /// Adds the files of a piece of HTML.
  private func attach(
    _ range: Range<Int>,
    to message: inout Message,
    _ media: inout MediaFiles
  ) {
    let bytes = records.window.bytes
    var tokens = HTMLTokens(bytes, in: range)
    var files: [(path: String, name: String)] = []
    while let tag = tokens.next() {
      guard !tag.isEnd else { continue }
      // A link around a picture names the same file as the picture.
      if let path = tokens.attribute("href", of: tag) ?? tokens.attribute("src", of: tag),
        tag.name != "use", !files.contains(where: { $0.path == path })
      {
        files.append((path, ""))
      }
      guard !files.isEmpty else { continue }
      if let title = tokens.attribute("title", of: tag), let colon = title.firstRange(of: ": ") {
        // `Image: name (12 KB)`
        let end = title.ranges(of: " (").last?.lowerBound ?? title.endIndex
        if colon.upperBound < end {
          files[files.count - 1].name = String(title[colon.upperBound..<end])
        }
      } else if classes(tag, tokens).contains("chatlog__attachment-generic-name") {
        continue
      } else if tag.name == "a", files[files.count - 1].name.isEmpty {
        var inner = tokens
        files[files.count - 1].name = trimmed(HTMLTokens.text(bytes, in: inner.content(of: tag)))
      }
    }
    for file in files { DiscordPageFile.attach(file.path, file.name, member, to: &message, &media) }
  }

  /// Adds a file by its address or path.
  static func attach(
    _ path: String,
    _ name: String,
    _ member: String,
    to message: inout Message,
    _ media: inout MediaFiles
  ) {
    let index = message.attachments.count
    let base = path.prefix { $0 != "?" }.split { $0 == "/" || $0 == "\\" }.last
    let shown = name.isEmpty ? base.map { percentDecoded(String($0)) } ?? "" : name
    message.attachments.append(
      Attachment(name: shown, content: .missing(detail: RowBuilder.noBytes))
    )
    if !path.contains("://") { media.fill(&message, index, path: path, beside: member) }
  }
}

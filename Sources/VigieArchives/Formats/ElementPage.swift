import VigieCore

/// The HTML that Element exports of one room: pages of a thousand events, with files beside them.
///
/// *Source:* element-hq/element-web, src/utils/exportUtils/HtmlExport.tsx.
package struct ElementPage: ArchiveFormat {
  package static let name = "element-html"
  package static let title = "Element room export (HTML, a folder or ZIP)"

  private var files: ExportFiles<ElementPageFile>

  private static func isPage(_ head: [UInt8]) -> Bool {
    let text = HeadText(head)
    return text.contains("mx_MatrixChat") && text.contains("mx_RoomView")
  }

  package static func confidence(of probe: ArchiveProbe) -> Int {
    probe.candidates(endingWith: ".html").contains { isPage(probe.head(of: $0)) } ? 94 : 0
  }

  package init(_ tree: ArchiveTree, options: ArchiveOptions) throws(ArchiveError) {
    let members = tree.members(endingWith: ".html", where: ElementPage.isPage)
    guard !members.isEmpty else {
      throw ArchiveError(
        .notAnArchive,
        path: tree.path,
        reason: "holds no page that Element exported",
        mend: "name the ZIP that Element wrote, or the folder with messages.html"
      )
    }
    // `messages.html`, `messages2.html` … `messages10.html`: by number.
    let sorted = members.sorted {
      ($0.name.utf8.count, $0.name) < ($1.name.utf8.count, $1.name)
    }
    files = ExportFiles(
      tree,
      sorted,
      context: options.maxRecordByteCount,
      options: options,
      isMetadata: ElementPage.isChrome
    )
  }

  /// Whether a member is part of how the pages look.
  private static func isChrome(_ member: ArchiveTree.Member) -> Bool {
    let folder = member.name.split(separator: "/").dropLast().last.map(String.init) ?? ""
    return ["css", "js", "users"].contains(folder) || member.baseName == "room.png"
  }

  package var byteCountRead: Int { files.byteCountRead }
  package var totalByteCount: Int { files.totalByteCount }
  package var untakenMembers: [ArchiveTree.Member] { files.untakenMembers }

  package mutating func next() throws(ArchiveError) -> ArchiveItem? { files.next() }
}

/// One page.
private struct ElementPageFile: ExportFile {
  private var records: MarkedRecords
  private let source: SourceLocation
  private let member: String
  private var channel = Channel(id: "")
  private var topic: String?
  private var day: CivilTime?
  private var sender: String?
  private var isHeadRead = false
  private var isWhole = false

  /// How the piece of each event starts.
  private static let mark = "<div class=\"mx_Export_EventWrapper\""
  private static let folders = ["images/", "videos/", "audio/", "files/", "stickers/"]

  init(_ window: ByteWindow, source: SourceLocation, member: String, context limit: Int) {
    records = MarkedRecords(window, mark: ElementPageFile.mark, limit: limit)
    self.source = source
    self.member = member
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
        isWhole = String(decoding: tail, as: UTF8.self).contains("</html>")
        guard isHeadRead else {
          isHeadRead = true
          readHead(range)
          readDay(range)
          if let item = description(range.count, offset) { return item }
          continue
        }
        return event(range, offset, &media)
      }
    }
    guard !isWhole else { return nil }
    isWhole = true
    return source.gap(
      SourceFault(reason: .truncated, detail: "the page ends before it is complete"),
      at: offset
    )
  }

  /// Reads name and topic of the room.
  private mutating func readHead(_ range: Range<Int>) {
    var tokens = HTMLTokens(records.window.bytes, in: range)
    while let tag = tokens.next() {
      guard !tag.isEnd, let classes = tokens.attribute("class", of: tag) else { continue }
      if classes.contains("mx_RoomHeader_nametext") {
        channel.name = text(tokens.content(of: tag))
      } else if classes.contains("mx_RoomHeader_topic") {
        topic = text(tokens.content(of: tag))
      }
    }
    channel.id = channel.name ?? ""
  }

  private mutating func description(_ byteCount: Int, _ offset: Int) -> ArchiveItem? {
    guard let topic, !topic.isEmpty else { return nil }
    let message = Message(id: "topic", subject: topic, channel: channel)
    return .channel(message, source: source.at(offset), byteCount: byteCount)
  }

  /// The text of some HTML, without blanks around it.
  private func text(_ range: Range<Int>) -> String {
    let text = HTMLTokens.text(records.window.bytes, in: range)
    let start = text.drop(while: \.isWhitespace)
    let end = start.lastIndex { !$0.isWhitespace }
    return end.map { String(start[...$0]) } ?? ""
  }

  /// Takes the day that a separator at the end of a piece says of the events after it.
  private mutating func readDay(_ range: Range<Int>) {
    var tokens = HTMLTokens(records.window.bytes, in: range)
    while let tag = tokens.next() {
      guard !tag.isEnd,
        tokens.attribute("class", of: tag)?.contains("mx_DateSeparator") == true
          || tokens.attribute("class", of: tag)?.contains("mx_TimelineSeparator") == true
      else { continue }
      let label = tokens.attribute("aria-label", of: tag) ?? text(tokens.content(of: tag))
      // A day in words that are not known is no day, rather than the one before.
      day = ElementDate.read(label)
    }
  }

  private mutating func event(
    _ range: Range<Int>,
    _ offset: Int,
    _ media: inout MediaFiles
  ) -> ArchiveItem {
    let bytes = records.window.bytes
    var tokens = HTMLTokens(bytes, in: range)
    var message = Message(id: "")
    var clock: String?
    var bodies: [Range<Int>] = []
    var texts: [String] = []
    var paths: [(path: String, name: String)] = []
    var end = range.upperBound
    var shownName: String?
    while let tag = tokens.next() {
      guard !tag.isEnd else { continue }
      if message.id.isEmpty, let id = tokens.attribute("id", of: tag) { message.id = id }
      for name in ["href", "src"] {
        guard let link = tokens.attribute(name, of: tag) else { continue }
        if ElementPageFile.folders.contains(where: link.hasPrefix) {
          let shown = tokens.attribute("download", of: tag) ?? tokens.attribute("alt", of: tag)
          if !paths.contains(where: { $0.path == link }) { paths.append((link, shown ?? "")) }
        }
        learnRoom(link)
      }
      guard let classes = tokens.attribute("class", of: tag) else { continue }
      if classes.contains("mx_ReplyChain") || classes.contains("mx_ReplyThread") {
        // What a reply answers stands as an event of its own.
        _ = tokens.content(of: tag)
      } else if classes.contains("_displayName") {
        shownName = text(tokens.content(of: tag))
      } else if classes.contains("mx_MessageTimestamp") {
        let content = text(tokens.content(of: tag))
        clock = tokens.attribute("title", of: tag) ?? content
        if clock?.contains(":") != true { clock = content }
      } else if classes.contains("mx_EventTile_body") {
        bodies.append(tokens.content(of: tag))
      } else if classes.contains("mx_TextualEvent") || classes.contains("mx_RedactedBody")
        || classes.contains("mx_MFileBody_info_filename") || classes.contains("mx_EventTileBubble")
      {
        texts.append(text(tokens.content(of: tag)))
      } else if classes.contains("mx_DateSeparator") || classes.contains("mx_TimelineSeparator") {
        end = min(end, tag.range.lowerBound)
      }
    }
    // A tile that goes on from the one before bears no name; what the room says of itself has none.
    if shownName != nil || bodies.isEmpty && paths.isEmpty {
      message.sender = shownName
    } else {
      message.sender = sender
    }
    sender = shownName ?? sender
    message.channel = channel
    message.timestamp = time(clock)
    message.html = bodies.isEmpty ? nil : bodies.map { html($0) }.joined(separator: "<br>")
    message.body = texts.joinedOnce
    for (path, name) in paths { attach(path, name, to: &message, &media) }
    if message.html == nil, message.body == nil, message.attachments.isEmpty {
      // A tile of a kind that is not known is read whole.
      message.html = html(range.lowerBound..<end)
    }
    if message.id.isEmpty { message.id = "offset-\(offset)" }
    readDay(range)
    return .message(message, source: source.at(offset), byteCount: range.count)
  }

  private func html(_ range: Range<Int>) -> String {
    String(decoding: records.window.bytes[range], as: UTF8.self)
  }

  /// Takes the id of the room from a link to one of its events.
  private mutating func learnRoom(_ link: String) {
    guard let mark = link.firstRange(of: "matrix.to/#/!") else { return }
    let id = link[link.index(before: mark.upperBound)...].prefix { $0 != "/" && $0 != "?" }
    if channel.id == channel.name ?? "" { channel.id = String(id) }
  }

  /// The time of an event: a title that says the day too, or the clock on the day of the page.
  private func time(_ clock: String?) -> String? {
    guard let clock else { return nil }
    if let time = ElementDate.read(clock) { return time.text() }
    let parts = clock.split(separator: ":").compactMap { Int($0) }
    guard var time = day, parts.count == 2 else { return nil }
    time.hour = parts[0]
    time.minute = parts[1]
    return time.text()
  }

  private func attach(
    _ path: String,
    _ name: String,
    to message: inout Message,
    _ media: inout MediaFiles
  ) {
    let index = message.attachments.count
    let base = path.split(separator: "/").last.map { percentDecoded(String($0)) } ?? path
    message.attachments.append(
      Attachment(
        name: name.isEmpty ? base : name,
        content: .missing(detail: RowBuilder.noBytes)
      )
    )
    media.fill(&message, index, path: path, beside: member)
  }
}

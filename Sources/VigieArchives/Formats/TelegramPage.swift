import VigieCore

/// The pages that Telegram Desktop writes of chats unless it is told to write JSON: a thousand messages each.
///
/// They hold no id of the chat and nothing of who can read it. A message that follows another of the same sender
/// names none, also where a new page begins with it.
///
/// *Source:* telegramdesktop/tdesktop, Telegram/SourceFiles/export/output/export_output_html.cpp.
package struct TelegramPage: ArchiveFormat {
  package static let name = "telegram-html"
  package static let title = "Telegram Desktop export (HTML, a chat or an account)"

  private var files: ExportFiles<TelegramPageFile>

  private static func isPage(_ head: [UInt8]) -> Bool {
    let text = HeadText(head)
    return text.contains("class=\"page_wrap\"") && text.contains("class=\"history\"")
      && text.contains(TelegramPageFile.mark)
  }

  package static func confidence(of probe: ArchiveProbe) -> Int {
    probe.candidates(endingWith: ".html").contains { isPage(probe.head(of: $0)) } ? 93 : 0
  }

  package init(_ tree: ArchiveTree, options: ArchiveOptions) throws(ArchiveError) {
    let members = tree.members(
      endingWith: ".html",
      headByteCount: 1 << 16,
      where: TelegramPage.isPage
    )
    guard !members.isEmpty else {
      throw ArchiveError(
        .notAnArchive,
        path: tree.path,
        reason: "holds no page of a chat of Telegram Desktop",
        mend: "name messages.html, or the folder in which it lies"
      )
    }
    // `messages10.html` comes after `messages2.html`.
    let pages = members.sorted { ($0.folder, $0.pageNumber) < ($1.folder, $1.pageNumber) }
    let roots = Set(members.map(\.folder))
    let context = TelegramPageFile.Context(limit: options.maxRecordByteCount)
    files = ExportFiles(tree, pages, context: context, options: options) { member in
      // How the pages look, once an export; and small copies of pictures.
      member.name.hasSuffix("_thumb.jpg")
        || roots.contains { root in
          ["css/", "js/", "images/"].contains {
            member.name.hasPrefix(root + $0)
          }
        }
    }
  }

  package var byteCountRead: Int { files.byteCountRead }
  package var totalByteCount: Int { files.totalByteCount }
  package var untakenMembers: [ArchiveTree.Member] { files.untakenMembers }

  package mutating func next() throws(ArchiveError) -> ArchiveItem? { files.next() }
}

extension ArchiveTree.Member {
  /// The number at the end of the stem; 1 where there is none.
  fileprivate var pageNumber: Int {
    Int(String(stem.reversed().prefix { $0.isNumber }.reversed())) ?? 1
  }
}

/// One page.
private struct TelegramPageFile: ExportFile {
  /// What each message starts with.
  static let mark = "<div class=\"message "

  /// Who wrote the last message, in which folder.
  final class Context {
    let limit: Int
    var last: (folder: String, sender: String?) = ("", nil)

    init(limit: Int) { self.limit = limit }
  }

  private var records: MarkedRecords
  private let source: SourceLocation
  private let member: String
  private let context: Context
  private let folder: String
  private var channel: Channel
  private var isHeadRead = false
  private var isWhole = false

  init(_ window: ByteWindow, source: SourceLocation, member: String, context: Context) {
    records = MarkedRecords(window, mark: TelegramPageFile.mark, limit: context.limit)
    self.source = source
    self.member = member
    self.context = context
    folder = member.split(separator: "/").dropLast().joined(separator: "/")
    if context.last.folder != folder { context.last = (folder, nil) }
    channel = Channel(id: folder.isEmpty ? "messages" : folder)
  }

  var offset: Int { records.window.offset }

  mutating func next(_ media: inout MediaFiles) -> ArchiveItem? {
    while let item = records.next() {
      switch item {
      case .gap(let fault, let offset):
        isHeadRead = true
        return source.gap(fault, at: offset)
      case .piece(let range, let offset):
        isWhole = records.window.bytes[range].suffix(64).firstRange(of: "</html>".utf8) != nil
        guard isHeadRead else {
          isHeadRead = true
          readHead(range)
          continue
        }
        guard let message = message(range, offset, &media) else { continue }
        return .message(message, source: source.at(offset), byteCount: range.count)
      }
    }
    guard !isWhole else { return nil }
    isWhole = true
    let detail = "the page ends before it is complete"
    return source.gap(SourceFault(reason: .truncated, detail: detail), at: offset)
  }

  /// The name of the chat, above all messages.
  private mutating func readHead(_ range: Range<Int>) {
    let bytes = records.window.bytes
    var tokens = HTMLTokens(bytes, in: range)
    while let tag = tokens.next() {
      if !tag.isEnd, classes(tag, tokens) == ["text", "bold"] {
        let name = trimmed(HTMLTokens.text(bytes, in: tokens.content(of: tag)))
        channel.name = name.isEmpty ? nil : name
        if folder.isEmpty, !name.isEmpty { channel.id = name }
        return
      }
    }
  }

  private func classes(_ tag: HTMLTokens.Tag, _ tokens: HTMLTokens) -> [Substring] {
    tokens.attribute("class", of: tag)?.split(whereSeparator: \.isWhitespace) ?? []
  }

  private func trimmed(_ text: String) -> String {
    let start = text.drop(while: \.isWhitespace)
    return start.lastIndex { !$0.isWhitespace }.map { String(start[...$0]) } ?? ""
  }

  /// The message of a piece; `nil` for the line that says a new day.
  private func message(
    _ range: Range<Int>,
    _ offset: Int,
    _ media: inout MediaFiles
  ) -> Message? {
    let bytes = records.window.bytes
    var tokens = HTMLTokens(bytes, in: range)
    var message = Message(id: "offset-\(offset)", channel: channel)
    guard let first = tokens.next() else { return message }
    let kind = classes(first, tokens)
    if let id = tokens.attribute("id", of: first), id.hasPrefix("message") {
      message.id = String(id.dropFirst(7))
    }
    var parts: [String] = []
    var sender = kind.contains("joined") ? context.last.sender : nil
    var isForwarded = false
    while let tag = tokens.next() {
      guard !tag.isEnd else { continue }
      let classes = classes(tag, tokens)
      if classes.contains("date"), let title = tokens.attribute("title", of: tag) {
        // What was sent on has the time of its own message too: the first is that of this one.
        message.timestamp = message.timestamp ?? TelegramPageFile.time(title)
      } else if classes.contains("reply_to") || classes.contains("reactions")
        || classes.contains("userpic") || tag.name == "script"
      {
        // What a reply answers stands as a message of its own.
        _ = tokens.content(of: tag)
      } else if classes.contains("forwarded"), classes.contains("body") {
        isForwarded = true
      } else if classes.contains("from_name") {
        let name = tokens.content(of: tag)
        if isForwarded {
          parts.append(String(decoding: bytes[name], as: UTF8.self))
        } else {
          sender = trimmed(HTMLTokens.text(bytes, in: name))
        }
      } else if classes.contains("media_wrap") {
        parts += readMedia(tokens.content(of: tag), to: &message, &media)
      } else if classes.contains("text") || classes.contains("bot_button")
        || classes.contains("details") && classes.contains("body")
      {
        parts.append(String(decoding: bytes[tokens.content(of: tag)], as: UTF8.self))
      }
    }
    if kind.contains("service") {
      sender = nil
      if message.id.hasPrefix("-"), isDay(parts, bytes) { return nil }
    } else {
      context.last.sender = sender
    }
    message.sender = sender
    if parts.isEmpty, message.attachments.isEmpty {
      // A message of a kind that is not known is read whole.
      parts.append(
        String(decoding: bytes[first.range.upperBound..<range.upperBound], as: UTF8.self)
      )
    }
    let isText = parts.contains { !$0.allSatisfy(\.isWhitespace) }
    if isText { message.html = parts.joined(separator: "<br>") }
    return message
  }

  /// Whether all that is said is a day: `15 March 2022`.
  private func isDay(_ parts: [String], _ bytes: [UInt8]) -> Bool {
    guard parts.count == 1 else { return false }
    let words = parts[0].split(whereSeparator: \.isWhitespace)
    return words.count == 3 && Int(words[0]) != nil && words[1].allSatisfy(\.isLetter)
      && words[2].count == 4 && Int(words[2]) != nil
  }

  /// Takes the files of what stands for media, and gives the pieces of HTML that are its text.
  private func readMedia(
    _ range: Range<Int>,
    to message: inout Message,
    _ media: inout MediaFiles
  ) -> [String] {
    let bytes = records.window.bytes
    let texts: Set<Substring> = ["title", "description", "question", "answer", "details"]
    var tokens = HTMLTokens(bytes, in: range)
    var parts: [String] = []
    var isMissing = false
    var files = 0
    while let tag = tokens.next() {
      guard !tag.isEnd else { continue }
      let classes = classes(tag, tokens)
      if tag.name == "a", let path = tokens.attribute("href", of: tag), !path.contains("://") {
        DiscordPageFile.attach(path, "", member, to: &message, &media)
        files += 1
      } else if classes.contains("media"), classes.contains(where: isFile) {
        isMissing = true
      }
      if !texts.isDisjoint(with: classes) {
        parts.append(String(decoding: bytes[tokens.content(of: tag)], as: UTF8.self))
      }
    }
    if isMissing, files == 0 {
      let content = Attachment.Content.missing(detail: "the file was left out of the export")
      message.attachments.append(Attachment(name: "", content: content))
    }
    return parts
  }

  /// Whether a class is of media that are files: no poll, contact, place, call or game.
  private func isFile(_ name: Substring) -> Bool {
    ["media_photo", "media_video", "media_file", "media_voice_message", "media_audio_file"]
      .contains(name)
  }

  /// The time of `15.03.2022 12:34:56 UTC+03:00`; older exports have no zone.
  private static func time(_ text: String) -> String? {
    var scan = DigitScan(text)
    guard let day = scan.number(1...2), scan.take("."), let month = scan.number(1...2),
      scan.take("."),
      let year = scan.number(4...4), scan.take(" "), let hour = scan.number(1...2), scan.take(":"),
      let minute = scan.number(2...2), scan.take(":"), let second = scan.number(2...2)
    else { return nil }
    let time = CivilTime(
      year: year,
      month: month,
      day: day,
      hour: hour,
      minute: minute,
      second: second
    )
    guard scan.take(" UTC"), let plain = time.text() else {
      return scan.isAtEnd ? time.text() : nil
    }
    return scan.isAtEnd ? plain + "Z" : isoTime(plain + scan.rest)
  }
}

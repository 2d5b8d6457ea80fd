import VigieCore

/// The text that WhatsApp exports of a chat, alone or in a ZIP with its media.
///
/// It holds no ids, no zone of its times and nothing of who can read the chat.
package struct WhatsAppExport: ArchiveFormat {
  package static let name = "whatsapp"
  package static let title = "WhatsApp chat export (text, alone or in a ZIP)"

  private var files: ExportFiles<WhatsAppFile>

  /// Whether at least four lines in five of a head, or the first of a short one, have a header.
  ///
  /// Long messages go on over lines without one: those count for what comes before them.
  private static func isExport(_ lines: [String]) -> Bool {
    var learning = WhatsAppLearning()
    for line in lines { learning.take(line) }
    guard let (layout, count, _) = learning.result, let first = lines.first else { return false }
    let hasSender = lines.contains {
      guard let (found, _, rest) = WhatsAppLayout.read($0), found == layout else { return false }
      return rest.contains(": ") && !rest.hasPrefix("<") && !rest.hasPrefix("*")
    }
    let startsWell = WhatsAppLayout.read(first)?.layout == layout
    return hasSender && (count * 5 >= lines.count * 4 || startsWell && count * 5 >= lines.count)
  }

  package static func confidence(of probe: ArchiveProbe) -> Int {
    let candidates = probe.candidates(endingWith: ".txt")
    guard candidates.contains(where: { isExport(probe.lines(of: $0)) }) else { return 0 }
    let isNamed = candidates.contains {
      $0.baseName == "_chat.txt" || $0.baseName.contains("WhatsApp")
    }
    return isNamed ? 90 : 75
  }

  package init(_ tree: ArchiveTree, options: ArchiveOptions) throws(ArchiveError) {
    let members = tree.members(
      endingWith: ".txt",
      headByteCount: 1 << 16,
      where: { WhatsAppExport.isExport(headLines($0)) }
    )
    guard !members.isEmpty else {
      throw ArchiveError(
        .notAnArchive,
        path: tree.path,
        reason: "holds no chat of WhatsApp",
        mend: "name the text or the ZIP that WhatsApp made"
      )
    }
    var context = WhatsAppFile.Context(path: tree.path, limit: options.maxRecordByteCount)
    for member in members { context.learn(tree, member) }
    files = ExportFiles(tree, members, context: context, options: options)
  }

  package var byteCountRead: Int { files.byteCountRead }
  package var totalByteCount: Int { files.totalByteCount }
  package var untakenMembers: [ArchiveTree.Member] { files.untakenMembers }

  package mutating func next() throws(ArchiveError) -> ArchiveItem? { files.next() }
}

/// One text of a chat.
private struct WhatsAppFile: ExportFile {
  /// What was learned of each text before it is read.
  struct Context {
    let path: String
    let limit: Int
    var layouts: [String: (layout: WhatsAppLayout, order: WhatsAppLayout.Order?)] = [:]

    /// Reads a text once to learn its layout: days beyond 12 may come late.
    mutating func learn(_ tree: ArchiveTree, _ member: ArchiveTree.Member) {
      let learning = WhatsAppLearning(tree, member, limit: limit)
      guard let (layout, _, order) = learning.result else { return }
      layouts[member.name] = (layout, order)
    }
  }

  private var records: LineRecords<WhatsAppLayout.Header>
  private let source: SourceLocation
  private let member: String
  private let order: WhatsAppLayout.Order?
  private let channel: Channel
  private var isOrderTold = false

  init(_ window: ByteWindow, source: SourceLocation, member: String, context: Context) {
    self.source = source
    self.member = member
    let known = context.layouts[member]
    order = known?.order
    let name = WhatsAppFile.chatName(member, context.path)
    channel = Channel(id: name, name: name)
    records = LineRecords(window, limit: context.limit) { line in
      guard let (layout, header, rest) = WhatsAppLayout.read(line), layout == known?.layout,
        isDate(header, known?.order)
      else { return nil }
      return (header, rest)
    }
    /// Whether the numbers are a date: a line of a message may look like a header.
    func isDate(_ header: WhatsAppLayout.Header, _ order: WhatsAppLayout.Order?) -> Bool {
      if let order { return header.time(order) != nil }
      return header.time(.dayFirst) != nil || header.time(.monthFirst) != nil
    }
  }

  /// The name of the chat, from the name of the file that holds it.
  private static func chatName(_ member: String, _ path: String) -> String {
    var name = member.split(separator: "/").last.map(String.init) ?? member
    if name == "_chat.txt" { name = path.split(separator: "/").last.map(String.init) ?? name }
    if let dot = name.lastIndex(of: "."), dot != name.startIndex { name = String(name[..<dot]) }
    for prefix in [
      "WhatsApp Chat with ", "WhatsApp Chat - ", "Discussion WhatsApp avec ",
      "WhatsApp-Chat mit ",
    ] where name.hasPrefix(prefix) { return String(name.dropFirst(prefix.count)) }
    return name
  }

  var offset: Int { records.offset }

  mutating func next(_ media: inout MediaFiles) -> ArchiveItem? {
    if !isOrderTold {
      isOrderTold = true
      if order == nil {
        let detail = "whether days or months come first cannot be told; messages have no time"
        return source.gap(SourceFault(reason: .unsupported, detail: detail), at: 0)
      }
    }
    guard let item = records.next() else { return nil }
    switch item {
    case .gap(let fault, let offset, let line): return source.gap(fault, at: offset, line: line)
    case .record(let record):
      var message = Message(id: "line-\(record.line)", channel: channel)
      if source.member != nil { message.id = "\(channel.id):\(record.line)" }
      let (sender, text) = WhatsAppFile.parts(record)
      message.sender = sender
      if let order, let header = record.header {
        message.timestamp = header.time(order)?.text()
      }
      let isWhole = attach(text, to: &message, &media)
      message.body = isWhole || text.isEmpty ? nil : text
      message.note(record.repairCount)
      return .message(
        message,
        source: source.at(record.offset, line: record.line),
        byteCount: record.byteCount
      )
    }
  }

  /// The sender and the text; a line of the system has no sender.
  private static func parts(
    _ record: LineRecords<WhatsAppLayout.Header>.Record
  ) -> (String?, String) {
    guard record.header != nil, let colon = record.text.firstRange(of: ": "),
      record.text[..<colon.lowerBound].utf8.count <= 100
    else {
      // A message without text ends in the colon.
      if record.header != nil, record.text.hasSuffix(":") {
        return (clean(record.text.dropLast()), "")
      }
      return (nil, record.text)
    }
    let name = record.text[..<colon.lowerBound]
    // What the system says may quote a new subject, colons and all.
    if name.contains(where: { "\"“”«»\n".contains($0) }) { return (nil, record.text) }
    return (clean(name), String(record.text[colon.upperBound...]))
  }

  /// A name without marks of direction.
  private static func clean(_ name: Substring) -> String {
    String(
      String.UnicodeScalarView(
        name.unicodeScalars.filter {
          !(0x200E...0x200F).contains($0.value) && !(0x202A...0x202E).contains($0.value)
        }
      )
    )
  }

  /// What stands where media were left out of the export, by language: its last word.
  private static let omitted = [
    "omitted", "omitted>", "absente", "absent", "omise", "omis", "omis>", "ausgeschlossen>",
    "weggelassen", "omitido", "omitida", "omitidos>", "omessa", "omesso", "omessi>", "omessa>",
  ]

  /// Takes the file that a text names.
  ///
  /// - Returns: Whether the name is all the text says.
  private func attach(
    _ text: String,
    to message: inout Message,
    _ media: inout MediaFiles
  ) -> Bool {
    let end = text.firstIndex(of: "\n") ?? text.endIndex
    let line = text[..<end].drop { $0 == "\u{200E}" }
    var name: Substring?
    if line.hasPrefix("<"), line.hasSuffix(">"), let colon = line.firstIndex(of: ":") {
      // `<attached: name>`, `<pièce jointe : name>`
      name = line[line.index(after: colon)...].dropLast()
    } else if line.hasSuffix(")"), let open = line.lastIndex(of: "("), open > line.startIndex {
      // `name (file attached)`
      name = line[..<line.index(before: open)]
    }
    if let name = name.map({ String($0.drop { $0 == " " || $0 == "\u{200E}" }) }) {
      let trimmed = name.last == " " ? String(name.dropLast()) : name
      if media.has(trimmed) || trimmed.isFileName {
        message.attachments.append(
          Attachment(name: trimmed, content: .missing(detail: RowBuilder.noBytes))
        )
        media.fill(&message, 0, path: trimmed, beside: member)
        return end == text.endIndex
      }
    }
    if line.utf8.count < 60, let last = line.split(separator: " ").last,
      WhatsAppFile.omitted.contains(last.lowercased()),
      line.hasPrefix("<") || text.first != line.first
    {
      message.attachments.append(
        Attachment(name: "", content: .missing(detail: "the file was left out of the export"))
      )
    }
    return false
  }
}

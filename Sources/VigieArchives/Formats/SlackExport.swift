import VigieCore
import VigieJSON

/// A Slack export: a ZIP or folder of channel lists and one JSON array a channel and day.
///
/// *Source:* slack.com/help/articles/220556107; rusq/slackdump for the files beside it.
package struct SlackExport: ArchiveFormat {
  package static let name = "slack"
  package static let title = "Slack export (ZIP or folder), also as slackdump writes it"

  private let tree: ArchiveTree
  private let options: ArchiveOptions
  private let index: SlackIndex
  private let days: [Day]
  /// Files that people uploaded, by their id.
  private let uploads: [String: ArchiveTree.Member]
  private var taken: Set<String> = []
  private var pending: [ArchiveItem] = []
  private var nextDay = 0
  private var day: (member: ArchiveTree.Member, channel: Channel, stream: JSONStream)?
  private var finishedByteCount = 0
  private let unknownMembers: [ArchiveTree.Member]
  package let totalByteCount: Int

  /// The file of one channel and day.
  private struct Day {
    var member: ArchiveTree.Member
    var folder: String
  }

  package static func confidence(of probe: ArchiveProbe) -> Int {
    if probe.isFile { return 0 }
    guard let prefix = prefix(of: probe.members) else { return 0 }
    let names = Set(probe.members.map(\.name))
    let hasUsers =
      names.contains(prefix + "users.json") || names.contains(prefix + "org_users.json")
    let hasDay = probe.members.contains { dayFolder($0.name, prefix) != nil }
    // Other services list their channels and users in files of these names too.
    return hasDay ? hasUsers ? 90 : 85 : hasUsers ? 40 : 30
  }

  /// What stands before `channels.json` and its like: empty, or one folder.
  private static func prefix(of members: [ArchiveTree.Member]) -> String? {
    let lists = SlackIndex.lists.map(\.file)
    return members.filter { lists.contains(String($0.baseName)) }
      .map { String($0.name.dropLast($0.baseName.count)) }
      .min { $0.utf8.count < $1.utf8.count }
  }

  /// The folder of `<folder>/YYYY-MM-DD.json`, or `nil` for another name.
  private static func dayFolder(_ name: String, _ prefix: String) -> String? {
    guard name.hasPrefix(prefix) else { return nil }
    let parts = name.dropFirst(prefix.count).split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[1].hasSuffix(".json") else { return nil }
    let date = Array(parts[1].dropLast(5).utf8)
    guard date.count == 10, date[4] == UInt8(ascii: "-"), date[7] == UInt8(ascii: "-") else {
      return nil
    }
    let digits = date[0..<4] + date[5..<7] + date[8...]
    return digits.allSatisfy { $0 &- 0x30 < 10 } ? String(parts[0]) : nil
  }

  /// The id of the file at `__uploads/<id>/<name>` or `<folder>/attachments/<id>-<name>`.
  private static func uploadID(_ name: String, _ prefix: String) -> String? {
    guard name.hasPrefix(prefix) else { return nil }
    let parts = name.dropFirst(prefix.count).split(separator: "/")
    guard parts.count >= 3 else { return nil }
    if parts[0] == "__uploads" { return String(parts[1]) }
    guard parts[1] == "attachments", let dash = parts[2].firstIndex(of: "-") else { return nil }
    return String(parts[2][..<dash])
  }

  package init(_ tree: ArchiveTree, options: ArchiveOptions) throws(ArchiveError) {
    guard !tree.isFile, let prefix = SlackExport.prefix(of: tree.members) else {
      throw ArchiveError(
        .notAnArchive,
        path: tree.path,
        reason: "holds no channels.json, groups.json or dms.json",
        mend: "name the ZIP that Slack made, or the folder it unpacks to"
      )
    }
    self.tree = tree
    self.options = options
    index = SlackIndex(
      tree,
      prefix: prefix,
      limit: options.maxRecordByteCount,
      readsMembers: options.readsAccess
    )
    var days: [Day] = []
    var uploads: [String: ArchiveTree.Member] = [:]
    var unknown: [ArchiveTree.Member] = []
    let lists = SlackIndex.lists.map(\.file)
    for member in tree.members {
      let name = member.name.hasPrefix(prefix) ? member.name.dropFirst(prefix.count) : ""
      if let folder = SlackExport.dayFolder(member.name, prefix) {
        days.append(Day(member: member, folder: folder))
      } else if let id = SlackExport.uploadID(member.name, prefix), uploads[id] == nil {
        uploads[id] = member
      } else if !lists.contains(String(name)), !SlackIndex.metadata.contains(String(name)) {
        unknown.append(member)
      }
    }
    self.days = days
    self.uploads = uploads
    unknownMembers = unknown
    totalByteCount = days.reduce(0) { $0 &+ $1.member.byteCount }
    pending = index.gaps.reversed()
    let described = index.channels.filter {
      $0.value.channel.id == $0.key || $0.value.channel.name == $0.key
    }
    for (_, entry) in described.sorted(by: { $0.key > $1.key })
    where !entry.topic.isEmpty || !entry.purpose.isEmpty {
      let message = Message(
        id: "\(entry.channel.id)-topic",
        body: entry.purpose.isEmpty ? nil : plain(entry.purpose),
        subject: entry.topic.isEmpty ? nil : plain(entry.topic),
        channel: entry.channel
      )
      let count = entry.topic.utf8.count + entry.purpose.utf8.count
      pending.append(.channel(message, source: entry.source, byteCount: count))
    }
    if options.readsAccess {
      for (_, entry) in described.sorted(by: { $0.key > $1.key }) {
        pending += SlackAccess.changes(of: entry).reversed().map {
          .access($0, source: entry.source)
        }
      }
    }
  }

  package var byteCountRead: Int { finishedByteCount + (day?.stream.window.offset ?? 0) }

  private func plain(_ text: String) -> String { SlackText.plain(text, users: index.users) }

  package mutating func next() throws(ArchiveError) -> ArchiveItem? {
    while true {
      if let item = pending.popLast() { return item }
      if day != nil {
        if let item = nextMessage() { return item }
        continue
      }
      guard nextDay < days.count else { return nil }
      let next = days[nextDay]
      nextDay += 1
      if let item = open(next) { return item }
    }
  }

  private mutating func open(_ next: Day) -> ArchiveItem? {
    let channel =
      index.channels[next.folder]?.channel ?? Channel(id: next.folder, name: next.folder)
    do throws(SourceFault) {
      var stream = JSONStream(ByteWindow(try tree.open(next.member)))
      guard stream.peek() == UInt8(ascii: "[") else {
        throw stream.window.fault
          ?? SourceFault(reason: .corrupt, detail: "the file of a day is no JSON array")
      }
      stream.skip()
      day = (next.member, channel, stream)
      return nil
    } catch {
      finishedByteCount += next.member.byteCount
      return gap(error, next.member, 0)
    }
  }

  private mutating func nextMessage() -> ArchiveItem? {
    guard let value = day?.stream.element(limit: options.maxRecordByteCount), let day else {
      guard let member = day?.member, let offset = day?.stream.window.offset else { return nil }
      let fault = day?.stream.endOfStream()
      finishedByteCount += member.byteCount
      day = nil
      return fault.map { gap($0, member, offset) }
    }
    switch value {
    case .gap(let fault, let offset): return gap(fault, day.member, offset)
    case .record(let range, let offset, let isDoubtful):
      guard let slack = try? SlackMessage(day.stream.window.bytes, in: range),
        !slack.timestamp.isEmpty || !slack.texts.isEmpty || !slack.files.isEmpty
      else {
        if isDoubtful { return nil }
        let fault = SourceFault(reason: .corrupt, detail: "a record is no Slack message")
        return gap(fault, day.member, offset)
      }
      let source = SourceLocation(member: day.member.name, byteOffset: offset)
      var message = message(slack, day.channel)
      if message.id.isEmpty { message.id = "offset-\(offset)" }
      if options.readsAccess {
        let changes = SlackAccess.changes(of: slack, message, channel: day.channel.id)
        pending += changes.map { .access($0, source: source) }
      }
      return .message(message, source: source, byteCount: range.count)
    }
  }

  private mutating func message(_ slack: SlackMessage, _ channel: Channel) -> Message {
    var message = slack.message(in: channel, users: index.users, namesSender: !options.readsAccess)
    message.traits = SlackAccess.traits(of: slack)
    for (index, file) in slack.files.enumerated() {
      guard !options.readsAccess, let member = uploads[file.id] else { continue }
      taken.insert(file.id)
      tree.fill(&message, index, from: member, options.limits)
    }
    return message
  }

  package var untakenMembers: [ArchiveTree.Member] {
    // Where the bytes of files are not wanted none was taken.
    let kept = uploads.filter { !options.readsAccess && !taken.contains($0.key) }.map(\.value)
    return (unknownMembers + kept).sorted { $0.name < $1.name }
  }

  private func gap(
    _ fault: SourceFault,
    _ member: ArchiveTree.Member,
    _ offset: Int
  ) -> ArchiveItem {
    .gap(
      Gap(place: .body, reason: fault.reason, detail: fault.detail),
      source: SourceLocation(member: member.name, byteOffset: offset)
    )
  }
}

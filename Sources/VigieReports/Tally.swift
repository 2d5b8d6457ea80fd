package import VigieCore

/// What a scan found, counted; its size does not grow with the archive.
package struct Tally: Sendable {
  /// Findings by usage.
  package struct UsageCount: Sendable, Equatable {
    /// Content that carries the marking.
    package var applied = 0
    /// Content that speaks of it.
    package var mentioned = 0

    /// Both.
    package var total: Int { applied + mentioned }

    mutating func add(_ usage: Usage) {
      if usage == .applied { applied += 1 } else { mentioned += 1 }
    }

    mutating func add(_ other: UsageCount) {
      applied += other.applied
      mentioned += other.mentioned
    }
  }

  /// What was found in one channel.
  package struct ChannelCount: Sendable, Equatable {
    /// The id of the channel, or `nil` for messages without one.
    package var id: String?
    /// Its name, or `nil` where the archive has none.
    package var name: String?
    /// Who can read it.
    package var visibility: Visibility
    /// The messages read.
    package var messageCount = 0
    /// The messages stopped: `warn` or above.
    package var stoppedCount = 0
    /// The findings.
    package var findings = UsageCount()
    /// The highest applied level.
    package var level = Level.public
    /// The findings by level.
    package var levels: [Level: UsageCount] = [:]
    /// How far its messages were read.
    var reading = Reading()
  }

  /// How far the messages of a channel were read, whatever it says of itself included.
  struct Reading: Sendable, Equatable {
    /// Whether something was read, and whether something was not.
    var hasRead = false
    var hasGaps = false
  }

  /// A kind of gap.
  package struct GapKind: Sendable, Hashable {
    /// Why.
    package var reason: GapReason
    /// What was not read, in words.
    package var detail: String
  }

  /// A finding with what tells where it is.
  package struct Sighting: Sendable {
    /// The id of its message.
    package var message: String
    /// The channel for people.
    package var channel: String
    /// Who sent it, where the archive says.
    package var sender: String?
    /// RFC 3339, or `nil`.
    package var timestamp: String?
    /// The verdict on the message.
    package var verdict: Verdict
    /// The finding.
    package var finding: Finding
    /// Its number among all findings, in the order of the archive.
    fileprivate var number: Int
  }

  /// Something that was not read, or not all of it.
  package struct Unread: Sendable {
    /// The id of its message; `nil` where it belongs to none.
    package var message: String?
    /// The channel for people; `nil` where it belongs to no message.
    package var channel: String?
    /// What the document is called, where it is one and its name is known.
    package var document: String?
    /// What was not read, where, and why.
    package var gap: Gap

    /// Its place for people: the document, the members of containers that lead to it, and the place in it.
    package var place: String {
      let part = document ?? (gap.place.part == .body ? "" : gap.place.part.description)
      return ([part] + gap.place.path + [gap.place.location]).filter { !$0.isEmpty }
        .map(Terminal.safe).joined(separator: " › ")
    }
  }

  /// The channels that are counted one by one; the rest are counted together.
  package static let maxChannelCount = 10_000
  /// The further channels of which it is known how far they were read, a few bytes each.
  static let maxOtherChannelCount = 1 << 20
  /// What was not read is named up to so many times; JSON lines name all of it.
  package static let maxUnreadCount = 1_000
  /// The kinds of gaps that are counted one by one; the others are counted by their reason alone.
  package static let maxGapKindCount = 1_000

  /// Messages, edits and system messages included, each once.
  package private(set) var messages = Coverage()
  /// Files that go with messages.
  package private(set) var files = Coverage()
  /// Channels with an id, by how far they were read.
  ///
  /// One is inspected where nothing in it was left out, and not inspected where none of its messages could be read.
  package var channelCoverage: Coverage {
    var coverage = Coverage()
    let listed = channelCounts.lazy.filter { $0.id != nil }.map(\.reading)
    for reading in Array(listed) + otherChannels.values { coverage.add(reading) }
    return coverage
  }
  /// Bytes of the archives.
  package private(set) var bytes = Coverage()
  /// What each archive that was read to its end proved to hold, in order; `nil` where that is not known.
  package private(set) var archives: [ArchiveContents?] = []
  /// The highest verdict on anything.
  package private(set) var verdict = Verdict.allow
  /// Messages by verdict.
  package var verdicts: [Verdict: Int] {
    Verdict.allCases.reduce(into: [:]) { counts, verdict in
      let count = verdictCounts[Int(verdict.rawValue)]
      if count > 0 { counts[verdict] = count }
    }
  }
  /// Findings by level.
  package private(set) var levels: [Level: UsageCount] = [:]
  /// Findings by scheme.
  package private(set) var schemes: [String: UsageCount] = [:]
  /// Findings by rule.
  package private(set) var rules: [String: UsageCount] = [:]
  /// Findings by disguise undone.
  package private(set) var disguises: [String: Int] = [:]
  /// Gaps by reason.
  package private(set) var gaps: [GapReason: Int] = [:]
  /// Gaps by reason and what was not read.
  package private(set) var gapKinds: [GapKind: Int] = [:]
  /// What was not read, one by one, in the order of the archive.
  package private(set) var unread: [Unread] = []
  /// Findings by day.
  package private(set) var timeline = Timeline()
  /// Findings by the sender of their message, where the archive names one.
  package private(set) var senders = Ranking()
  /// Findings in attachments by the name of the document.
  package private(set) var documents = Ranking()
  /// The gravest findings, gravest first.
  package private(set) var sightings: [Sighting] = []
  /// Messages whose verdict in shadow mode would have been stricter.
  package private(set) var observedCount = 0

  private let sightingLimit: Int
  /// Messages by the raw value of their verdict.
  private var verdictCounts = [Int](repeating: 0, count: Verdict.allCases.count)
  private var channelIndex: [String: Int] = [:]
  /// The channels that are not counted one by one, by a hash of their id.
  private var otherChannels: [Int: Reading] = [:]
  /// The channel of the last message: those of a channel mostly stand together.
  private var last: (key: String, index: Int, visibility: Visibility)?
  private var channelCounts: [ChannelCount] = []
  private var findingCount = 0

  /// A tally of nothing that remembers at most so many findings one by one.
  package init(sightingLimit: Int = 40) { self.sightingLimit = sightingLimit }

  /// All findings.
  package var findings: UsageCount {
    levels.values.reduce(into: UsageCount()) { sum, count in
      sum.applied += count.applied
      sum.mentioned += count.mentioned
    }
  }

  /// All gaps.
  package var gapCount: Int { gaps.values.reduce(0, +) }

  /// The channels, those with most stopped messages and findings first.
  package var channels: [ChannelCount] {
    func rank(_ channel: ChannelCount) -> (Int, Int, Int, Int) {
      (
        channel.stoppedCount, channel.findings.applied, Int(channel.level.rawValue),
        channel.findings.mentioned
      )
    }
    return channelCounts.enumerated().sorted { left, right in
      let (a, b) = (rank(left.element), rank(right.element))
      return a == b ? left.offset < right.offset : a > b
    }.map(\.element)
  }

  /// Counts one event.
  package mutating func add(_ event: ScanEvent) {
    switch event {
    case .message(let message): add(message)
    case .gap(let gap, let isMessage):
      count(gap)
      note(Unread(gap: gap))
      if isMessage {
        messages.total += 1
        messages.not += 1
      }
    }
  }

  /// Counts messages of which there is nothing to say, as the event of each would be counted.
  package mutating func add(_ cleared: ClearedMessages) {
    if cleared.count == 0 { return }
    bytes.total += cleared.byteCount
    bytes.inspected += cleared.byteCount
    messages.total += cleared.messageCount
    messages.inspected += cleared.messageCount
    verdictCounts[Int(Verdict.allow.rawValue)] += cleared.messageCount
    let channel = index(of: cleared.channelID, cleared.channelName, cleared.visibility)
    note(channel, cleared.channelID, isRead: cleared.messageCount > 0, isWhole: true)
    channelCounts[channel].messageCount += cleared.messageCount
  }

  /// Counts the bytes of an archive that belong to no message, at its end.
  ///
  /// - Parameters:
  ///   - readByteCount: Those that were read, such as braces between messages.
  ///   - unreadByteCount: Those that were not.
  ///   - hasGaps: Whether some of those read could not be made sense of.
  ///   - contents: What the archive proved to hold.
  package mutating func add(
    readByteCount: Int,
    unreadByteCount: Int,
    hasGaps: Bool,
    contents: ArchiveContents? = nil
  ) {
    archives.append(contents)
    bytes.total += readByteCount + unreadByteCount
    bytes.not += unreadByteCount
    if hasGaps { bytes.partly += readByteCount } else { bytes.inspected += readByteCount }
  }

  private mutating func add(_ message: ScannedMessage) {
    let review = message.review
    let isWhole = review.gaps.isEmpty
    verdict = max(verdict, review.verdict)
    bytes.total += message.byteCount
    if isWhole { bytes.inspected += message.byteCount } else { bytes.partly += message.byteCount }
    if message.isMessage {
      messages.total += 1
      if isWhole { messages.inspected += 1 } else { messages.partly += 1 }
      verdictCounts[Int(review.verdict.rawValue)] += 1
    }
    files.add(message.files)
    if review.observed != nil { observedCount += 1 }
    for gap in review.gaps {
      count(gap)
      note(Unread(gap, of: message))
    }
    let channel = index(of: message.channelID, message.channelName, message.visibility)
    let isRead =
      message.isMessage
      && !review.gaps.contains { $0.place.part == .body && !$0.reason.leavesAPart }
    note(channel, message.channelID, isRead: isRead, isWhole: isWhole)
    if message.isMessage { channelCounts[channel].messageCount += 1 }
    if review.verdict.isStop { channelCounts[channel].stoppedCount += 1 }
    channelCounts[channel].level = max(channelCounts[channel].level, review.level)
    guard !review.findings.isEmpty else { return }
    timeline.add(review.findings, at: message.timestamp)
    if let sender = message.sender { senders.add(review.findings, under: sender) }
    countDocuments(of: message)
    for finding in review.findings {
      channelCounts[channel].findings.add(finding.usage)
      channelCounts[channel].levels[finding.level, default: UsageCount()].add(finding.usage)
      levels[finding.level, default: UsageCount()].add(finding.usage)
      schemes[finding.scheme, default: UsageCount()].add(finding.usage)
      rules[finding.rule, default: UsageCount()].add(finding.usage)
      for name in finding.disguise.names { disguises[name, default: 0] += 1 }
      remember(finding, of: message)
    }
  }

  private mutating func count(_ gap: Gap) {
    gaps[gap.reason, default: 0] += 1
    let kind = GapKind(reason: gap.reason, detail: gap.detail)
    if gapKinds[kind] != nil || gapKinds.count < Tally.maxGapKindCount {
      gapKinds[kind, default: 0] += 1
    }
  }

  private mutating func note(_ unread: @autoclosure () -> Unread) {
    if self.unread.count < Tally.maxUnreadCount { self.unread.append(unread()) }
  }

  private mutating func countDocuments(of message: ScannedMessage) {
    var byDocument: [Int: [Finding]] = [:]
    for finding in message.review.findings {
      guard case .attachment(let index) = finding.place.part else { continue }
      byDocument[index, default: []].append(finding)
    }
    for (index, findings) in byDocument {
      documents.add(findings, under: message.documentLabel(index))
    }
  }

  /// Notes how far something of a channel was read.
  private mutating func note(_ channel: Int, _ id: String?, isRead: Bool, isWhole: Bool) {
    if channel < Tally.maxChannelCount {
      channelCounts[channel].reading.add(isRead: isRead, isWhole: isWhole)
    } else if let key = id?.hashValue,
      otherChannels[key] != nil || otherChannels.count < Tally.maxOtherChannelCount
    {
      otherChannels[key, default: Reading()].add(isRead: isRead, isWhole: isWhole)
    }
  }

  private mutating func index(of id: String?, _ name: String?, _ visibility: Visibility) -> Int {
    let key = id ?? ""
    if let last, last.key == key, last.visibility == visibility,
      channelCounts[last.index].name != nil
    {
      return last.index
    }
    let index = index(of: id, name, visibility, under: key)
    last = (key, index, visibility)
    return index
  }

  private mutating func index(
    of id: String?,
    _ name: String?,
    _ visibility: Visibility,
    under key: String
  ) -> Int {
    if let known = channelIndex[key] {
      if channelCounts[known].name == nil { channelCounts[known].name = name }
      // What comes before the rules of a room does not know them; who was open once was open.
      if channelCounts[known].visibility == .unknown || visibility == .public {
        channelCounts[known].visibility = visibility
      }
      return known
    }
    if channelCounts.count >= Tally.maxChannelCount {
      if channelCounts.count == Tally.maxChannelCount {
        channelCounts.append(ChannelCount(name: "(all other channels)", visibility: .unknown))
      }
      return Tally.maxChannelCount
    }
    channelIndex[key] = channelCounts.count
    channelCounts.append(ChannelCount(id: id, name: name, visibility: visibility))
    return channelCounts.count - 1
  }

  /// Keeps a finding while it is among the gravest.
  private mutating func remember(_ finding: Finding, of message: ScannedMessage) {
    findingCount += 1
    guard sightingLimit > 0 else { return }
    let sighting = Sighting(
      message: message.review.id,
      channel: message.channelLabel,
      sender: message.sender,
      timestamp: message.timestamp,
      verdict: message.review.verdict,
      finding: finding,
      number: findingCount
    )
    if let last = sightings.last, sightings.count >= sightingLimit, !sighting.isGraver(than: last) {
      return
    }
    var low = 0
    var high = sightings.count
    while low < high {
      let middle = (low + high) / 2
      if sighting.isGraver(than: sightings[middle]) { high = middle } else { low = middle + 1 }
    }
    sightings.insert(sighting, at: low)
    if sightings.count > sightingLimit { sightings.removeLast() }
  }
}

extension Tally.Unread {
  fileprivate init(_ gap: Gap, of message: ScannedMessage) {
    self.gap = gap
    self.message = message.review.id
    channel = message.channelLabel
    if case .attachment(let index) = gap.place.part { document = message.documentNames[index] }
  }
}

extension Tally.Reading {
  fileprivate mutating func add(isRead: Bool, isWhole: Bool) {
    hasRead = hasRead || isRead
    hasGaps = hasGaps || !isWhole
  }
}

extension Coverage {
  /// Counts a channel.
  fileprivate mutating func add(_ reading: Tally.Reading) {
    total += 1
    if !reading.hasGaps { inspected += 1 } else if reading.hasRead { partly += 1 } else { not += 1 }
  }
}

extension Tally.Sighting {
  /// Whether this finding comes first: applied, level, verdict, confidence, then earlier.
  fileprivate func isGraver(than other: Tally.Sighting) -> Bool {
    func rank(_ sighting: Tally.Sighting) -> (Int, UInt8, UInt8, Int) {
      (
        sighting.finding.usage == .applied ? 1 : 0, sighting.verdict.rawValue,
        sighting.finding.level.rawValue, -sighting.number
      )
    }
    return rank(self) > rank(other)
  }
}

package import VigieArchives
package import VigieCore
package import VigieReports

/// The second reading of the archives: counts what the accounts could read, as a scan goes by.
///
/// Its size grows with rooms, accounts and files, not with messages: of messages it holds those that
/// are under way in the scan.
package final class Ledger {
  /// What is known of an item between its reading and its verdict.
  private struct Waiting {
    var room: Int
    var standing: RoomAccess.Standing
    var isLogged: Bool
  }

  /// What an item of a room is, each of one kind.
  package enum Kind: String, Sendable, CaseIterable {
    case message, edit, encrypted, system
  }

  /// Items that could not be read.
  package struct Outside: Sendable, Equatable {
    /// Those that were taken away before the time, and were in reach but for that.
    package var gone = 0
    /// Those that were out of reach.
    package var closed = 0
  }

  package let judge: Judge
  let log: LogEvidence?
  /// Whether texts are inspected.
  let isScanned: Bool
  /// By room, of the archives that are done.
  private(set) var counts: [Int: Counts] = [:]
  private(set) var media = MediaCounts()
  private(set) var encryptedMedia = MediaCounts()
  /// What was not in reach, by kind.
  private(set) var outside: [Kind: Outside] = [:]
  /// Files of messages that were taken away before the time, and those out of reach.
  private(set) var goneMedia = MediaCounts()
  private(set) var closedMedia = MediaCounts()
  /// Those who sent anything.
  private(set) var allSenders: Set<UInt64> = []
  /// Those who sent what could be read.
  private(set) var senders: (certain: Set<UInt64>, possible: Set<UInt64>) = ([], [])
  /// What could not be read, by reason: parts of archives, and parts of messages in reach.
  private(set) var lostParts: [GapReason: Int] = [:]
  private(set) var lostInMessages: [GapReason: Int] = [:]
  private var current: [Int: Counts] = [:]
  private var waiting: [Waiting] = []
  private var head = 0
  private let digest: (Attachment) -> String?

  /// A ledger of nothing yet.
  ///
  /// - Parameters:
  ///   - judge: Who says what could be read.
  ///   - log: What was really asked for, where that is known.
  ///   - isScanned: Whether events of a scan are delivered for the items that are observed.
  ///   - digest: What tells a file by its bytes, where they are at hand.
  package init(
    _ judge: Judge,
    log: LogEvidence? = nil,
    isScanned: Bool,
    digest: @escaping (Attachment) -> String? = { _ in nil }
  ) {
    self.judge = judge
    self.log = log
    self.isScanned = isScanned
    self.digest = digest
  }

  // MARK: - Reading

  /// Takes an item as it is read.
  package func observe(_ item: ArchiveItem) {
    switch item {
    case .message(let message, _, _): wait(for: observe(message))
    case .channel(let message, _, _):
      // What a channel says of itself has no time: whoever reads the room reads it.
      let room = message.channel.flatMap { judge.survey.index[$0.id] }
      let reading = room.map { judge.lastReading(in: $0) }
      let standing: RoomAccess.Standing =
        reading?.certain != nil
        ? .certain : reading?.possible != nil ? .possible(.membershipUnknown) : .none
      wait(for: Waiting(room: room ?? -1, standing: standing, isLogged: false))
    case .gap(let gap, _): if !isScanned { lostParts[gap.reason, default: 0] += 1 }
    case .access: return
    }
  }

  private func wait(for item: Waiting) { if isScanned { waiting.append(item) } }

  private func observe(_ message: Message) -> Waiting {
    let id = message.channel?.id ?? ""
    guard let room = judge.survey.index[id] else {
      outside[Ledger.kind(of: message), default: Outside()].closed += 1
      return Waiting(room: -1, standing: .none, isLogged: false)
    }
    let moment = message.timestamp.flatMap { Moment($0, zone: judge.survey.question.zone) }
    let key = Survey.key(room: id, message: message.id)
    let redaction = judge.survey.redactions[key]
    let isRedacted = redaction != nil || message.traits.contains(.redacted)
    let removal: Int?? = isRedacted ? .some(redaction ?? nil) : nil
    var standing = judge.standing(room: room, at: moment, redaction: removal)
    let isLogged = log?.events.contains(key) ?? false
    let isGone = standing == .none && judge.wasTakenAway(room: room, at: moment, redaction: removal)
    if !isGone { standing = raised(standing, id, moment, isLogged) }
    if let sender = message.sender?.identity { allSenders.insert(sender) }
    if standing != .none {
      count(message, moment, standing, isRedacted, isLogged, in: &current[room, default: Counts()])
    } else {
      countOutside(message, isGone)
    }
    return Waiting(room: room, standing: standing, isLogged: isLogged)
  }

  /// What the log adds to what the archive says: what was handed out could be read.
  private func raised(
    _ standing: RoomAccess.Standing,
    _ room: String,
    _ moment: Moment?,
    _ isLogged: Bool
  ) -> RoomAccess.Standing {
    if isLogged { return .certain }
    let window = judge.survey.question.window
    // A room from which the server handed something out although by the archive nobody may: whatever
    // it held by then may have been in the answer.
    guard standing == .none, log?.rooms[room].map({ $0.readingCount > 0 }) == true,
      let number = judge.survey.index[room], judge.way(to: number).way == .none,
      moment.map({ $0.earliest < window.upperBound }) ?? true
    else { return standing }
    return .possible(.readAgainstArchive)
  }

  private func countOutside(_ message: Message, _ isGone: Bool) {
    let kind = Ledger.kind(of: message)
    if isGone {
      outside[kind, default: Outside()].gone += 1
    } else {
      outside[kind, default: Outside()].closed += 1
    }
    for attachment in message.attachments {
      let identity = (attachment.address ?? digest(attachment))?.identity
      if isGone {
        goneMedia.add(identity, attachment.byteCount, .certain)
      } else {
        closedMedia.add(identity, attachment.byteCount, .certain)
      }
    }
  }

  /// What an item is.
  static func kind(of message: Message) -> Kind {
    if message.traits.contains(.system) { return .system }
    if message.traits.contains(.encrypted) { return .encrypted }
    return message.replaces == nil ? .message : .edit
  }

  private func count(
    _ message: Message,
    _ moment: Moment?,
    _ standing: RoomAccess.Standing,
    _ isRedacted: Bool,
    _ isLogged: Bool,
    in counts: inout Counts
  ) {
    if let sender = message.sender?.identity {
      if standing == .certain { senders.certain.insert(sender) }
      senders.possible.insert(sender)
    }
    let kind = Ledger.kind(of: message)
    if kind == .system { return counts.system.add(standing) }
    let isEncrypted = kind == .encrypted
    for attachment in message.attachments {
      let identity = (attachment.address ?? digest(attachment))?.identity
      if isEncrypted {
        encryptedMedia.add(identity, attachment.byteCount, standing)
      } else {
        media.add(identity, attachment.byteCount, standing)
        counts.files.add(standing)
      }
    }
    if isEncrypted { return counts.encrypted.add(standing) }
    if kind == .edit { return counts.edits.add(standing) }
    counts.messages.add(standing)
    if isRedacted { counts.redacted.add(standing) }
    if isLogged { counts.logged += 1 }
    if case .possible(let doubt) = standing { counts.doubts[doubt, default: 0] += 1 }
    guard let moment else { return counts.inWindow.possible += 1 }
    let window = judge.survey.question.window
    let isIn = window.contains(moment.earliest) && window.contains(moment.latest)
    if isIn {
      counts.inWindow.add(standing)
    } else if moment.earliest < window.upperBound, moment.latest >= window.lowerBound {
      counts.inWindow.possible += 1
    }
  }

  /// Whether something that was in reach, or a part of an archive, could not be read.
  package var hasLosses: Bool { !lostParts.isEmpty || !lostInMessages.isEmpty }

  /// Counts the files that the log shows as handed out among those in reach; of encrypted ones only the
  /// server's form was, and they are counted apart.
  func settleMedia() {
    guard let log else { return }
    for (file, byteCount) in log.media where !isEncryptedOnly(file) {
      media.add(file, byteCount, .certain)
    }
    for file in log.partialMedia where !isEncryptedOnly(file) && !media.mayHold(file) {
      media.add(file, nil, .possible(.readAgainstArchive))
    }
  }

  /// Whether a file is known from encrypted messages alone.
  func isEncryptedOnly(_ file: UInt64) -> Bool {
    encryptedMedia.mayHold(file) && !media.mayHold(file)
  }

  // MARK: - Verdicts

  /// Takes what a scan says of the next item, in the order in which items were observed.
  ///
  /// - Returns: Whether the item was, or may have been, in reach; a part that was not read may have been.
  @discardableResult
  package func deliver(_ event: ScanEvent) -> Bool {
    guard case .message(let message) = event else {
      if case .gap(let gap, _) = event { lostParts[gap.reason, default: 0] += 1 }
      return true
    }
    precondition(head < waiting.count, "a verdict on an item that was not observed")
    let item = waiting[head]
    head += 1
    if head == waiting.count || head > 4096 {
      waiting.removeFirst(head)
      head = 0
    }
    guard item.standing != .none, item.room >= 0 else { return false }
    let level = message.review.level
    if level > .public {
      current[item.room, default: Counts()].marked[level, default: Figure()].add(item.standing)
      if item.isLogged, level >= .restricted {
        current[item.room, default: Counts()].loggedMarked += 1
      }
    }
    let gaps = message.review.gaps
    if !gaps.isEmpty { current[item.room, default: Counts()].uninspected.add(item.standing) }
    for gap in gaps { lostInMessages[gap.reason, default: 0] += 1 }
    return true
  }

  /// Ends an archive: what is counted of it joins the rest.
  package func endArchive() {
    for (room, own) in current {
      let known = counts[room]
      var sum = known ?? Counts()
      sum.merge(own, isSecond: known != nil)
      counts[room] = sum
    }
    current = [:]
  }
}

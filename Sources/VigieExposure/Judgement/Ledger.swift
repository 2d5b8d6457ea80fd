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

  package let judge: Judge
  let log: LogEvidence?
  /// Whether texts are inspected.
  let isScanned: Bool
  /// By room, of the archives that are done.
  private(set) var counts: [Int: Counts] = [:]
  private(set) var media = MediaCounts()
  private(set) var encryptedMedia = MediaCounts()
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
      return Waiting(room: -1, standing: .none, isLogged: false)
    }
    let moment = message.timestamp.flatMap { Moment($0, zone: judge.survey.question.zone) }
    let key = Survey.key(room: id, message: message.id)
    let redaction = judge.survey.redactions[key]
    let isRedacted = redaction != nil || message.traits.contains(.redacted)
    let standing = judge.standing(
      room: room,
      at: moment,
      redaction: isRedacted ? .some(redaction ?? nil) : nil
    )
    let isLogged = log?.events.contains(key) ?? false
    if standing != .none {
      count(message, moment, standing, isRedacted, isLogged, in: &current[room, default: Counts()])
    }
    return Waiting(room: room, standing: standing, isLogged: isLogged)
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
    if message.traits.contains(.system) { return counts.system.add(standing) }
    let isEncrypted = message.traits.contains(.encrypted)
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
    if message.replaces != nil { return counts.edits.add(standing) }
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

  // MARK: - Verdicts

  /// Takes what a scan says of the next item, in the order in which items were observed.
  package func deliver(_ event: ScanEvent) {
    guard case .message(let message) = event else {
      if case .gap(let gap, _) = event { lostParts[gap.reason, default: 0] += 1 }
      return
    }
    precondition(head < waiting.count, "a verdict on an item that was not observed")
    let item = waiting[head]
    head += 1
    if head == waiting.count || head > 4096 {
      waiting.removeFirst(head)
      head = 0
    }
    guard item.standing != .none, item.room >= 0 else { return }
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

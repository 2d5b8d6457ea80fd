package import VigieReports
import VigieCore

/// Puts together what ledger, judge and log know.
struct ReportBuilder {
  let ledger: Ledger
  var report: ExposureReport
  var judge: Judge { ledger.judge }
  var log: LogEvidence? { ledger.log }
  /// Those whose names could be read.
  private var accounts: (certain: Set<UInt64>, possible: Set<UInt64>) = ([], [])
  /// Those whose names were read, and may have been.
  private var readAccounts: (certain: Set<UInt64>, possible: Set<UInt64>) = ([], [])
  private var isAccountReadingBounded = true

  init(_ ledger: Ledger, _ archives: [ScanDescription.Archive], _ ruleset: String?) {
    self.ledger = ledger
    report = ExposureReport(question: ledger.judge.survey.question, archives: archives)
    report.ruleset = ruleset
  }

  /// The report, with the claims held against the evidence.
  mutating func build(_ claims: [Claim]) -> ExposureReport {
    ledger.settleMedia()
    accounts = ledger.senders
    if ledger.isScanned { report.could.marked = Figure() }
    if let log {
      report.did = ExposureReport.Sums()
      if ledger.isScanned { report.did?.marked = Figure() }
      let addresses = log.addresses.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      report.requests = ExposureReport.Requests(
        count: log.requestCount,
        answered: log.answeredCount,
        byteCount: log.byteCount,
        addresses: addresses.map { ($0.key, $0.value) },
        times: log.times
      )
      readAccounts = (log.profiles, log.profiles)
    }
    for room in judge.accesses.indices { add(room) }
    report.rooms.sort { left, right in
      func rank(_ room: ExposureReport.Room) -> (Int, Int, Int) {
        let marked = room.levels.filter { $0.key >= .restricted }.map(\.value.possible).reduce(0, +)
        return (marked, room.messages.possible, room.messages.certain)
      }
      let (a, b) = (rank(left), rank(right))
      return a == b ? left.id < right.id : a > b
    }
    finishSums()
    report.lacks = lacks()
    report.claims = claims.map { claim in claim.judged(by: evidence(for: claim.subject)) }
    return report
  }

  // MARK: - Rooms

  private mutating func add(_ number: Int) {
    let facts = judge.survey.rooms[number]
    var counts = ledger.counts[number] ?? Counts()
    let (way, isCertain) = judge.way(to: number)
    let evidence = log?.rooms[facts.id]
    let isReached = way != .none || counts.all.possible > 0 || evidence != nil
    guard isReached else { return report.closedRoomCount += 1 }
    let read = log.map { reading(of: number, counts, evidence, $0) }
    counts.raise(toRead: read?.certain ?? 0)
    var room = ExposureReport.Room(
      id: facts.id,
      name: facts.name,
      way: way,
      isCertain: isCertain,
      isEncrypted: facts.isEncrypted,
      messages: counts.messages,
      encrypted: counts.encrypted,
      files: counts.files,
      levels: counts.marked
    )
    if !counts.messages.isExact {
      room.doubt =
        counts.doubts.max { ($0.value, $1.key.rawValue) < ($1.value, $0.key.rawValue) }?.key
    } else if !isCertain {
      room.doubt = judge.accesses[number].first?.doubt
    }
    room.accounts = addAccounts(of: number, facts)
    addSums(counts)
    // What was read could be, whatever the archive says.
    let wasRead = (evidence?.readingCount ?? 0) > 0
    report.could.rooms.add(
      wasRead || isCertain && way != .none ? .certain : .possible(.membershipUnknown)
    )
    if let log, let read { addReading(number, facts, counts, evidence, log, read, &room) }
    report.rooms.append(room)
  }

  /// Counts those who are named in the state of a room, which whoever reads the room can list.
  private mutating func addAccounts(of number: Int, _ facts: RoomFacts) -> Figure {
    let last = judge.lastReading(in: number)
    var figure = Figure()
    for (account, time) in facts.members {
      if let certain = last.certain, time < certain {
        figure.add(.certain)
        accounts.certain.insert(account)
        accounts.possible.insert(account)
      } else if let possible = last.possible, time < possible {
        figure.possible += 1
        accounts.possible.insert(account)
      }
    }
    return figure
  }

  private mutating func addSums(_ counts: Counts) {
    report.could.messages = report.could.messages + counts.messages
    if let marked = report.could.marked { report.could.marked = marked + counts.restricted }
    report.details.inWindow = report.details.inWindow + counts.inWindow
    report.details.edits = report.details.edits + counts.edits
    report.details.encrypted = report.details.encrypted + counts.encrypted
    report.details.redacted = report.details.redacted + counts.redacted
    report.details.system = report.details.system + counts.system
    report.details.uninspected = report.details.uninspected + counts.uninspected
    for (level, figure) in counts.marked {
      report.details.levels[level] = (report.details.levels[level] ?? Figure()) + figure
    }
    for (doubt, count) in counts.doubts { report.details.doubts[doubt, default: 0] += count }
  }

  /// The messages of a room that were read: what the log shows at least and allows at most.
  private func reading(
    of number: Int,
    _ counts: Counts,
    _ evidence: LogEvidence.Room?,
    _ log: LogEvidence
  ) -> Figure {
    let all = counts.messages.possible
    let isUnbounded = isSwept(number, evidence, log) || !log.isComplete
    let most = isUnbounded ? all : min(all, evidence?.messageLimit ?? 0)
    return Figure(min(most, max(counts.logged, evidence?.countedMost ?? 0)), most)
  }

  /// Whether a request for what is new in every room may have handed out something of a room.
  private func isSwept(_ number: Int, _ evidence: LogEvidence.Room?, _ log: LogEvidence) -> Bool {
    // What is new in every room reaches those that the account is in.
    log.everyRoomCount > 0 && (judge.mayBeMember(of: number) || (evidence?.joinCount ?? 0) > 0)
  }

  private mutating func addReading(
    _ number: Int,
    _ facts: RoomFacts,
    _ counts: Counts,
    _ evidence: LogEvidence.Room?,
    _ log: LogEvidence,
    _ read: Figure,
    _ room: inout ExposureReport.Room
  ) {
    let isSwept = isSwept(number, evidence, log)
    let isRead = (evidence?.readingCount ?? 0) > 0
    room.read = read
    room.requests = evidence?.readingCount ?? 0
    var did = report.did ?? ExposureReport.Sums()
    did.messages = did.messages + read
    did.rooms.add(isRead ? .certain : isSwept ? .possible(.membershipUnknown) : .none)
    if let marked = did.marked {
      let restricted = counts.restricted.possible
      did.marked =
        marked + Figure(min(counts.loggedMarked, read.possible), min(restricted, read.possible))
    }
    report.did = did
    if let time = evidence?.membersRead {
      readAccounts.certain.formUnion(facts.members.filter { $0.value <= time }.keys)
    }
    if isSwept || evidence != nil {
      readAccounts.possible.formUnion(facts.members.keys)
      if !facts.isWhole { isAccountReadingBounded = false }
    }
  }

  // MARK: - Sums

  /// Shows where everything went that the archives hold.
  private mutating func reckon() {
    let details = report.details
    for (kind, readable) in [
      (Ledger.Kind.message, report.could.messages), (.edit, details.edits),
      (.encrypted, details.encrypted), (.system, details.system),
    ] {
      let outside = ledger.outside[kind] ?? Ledger.Outside()
      report.reckonings.append(
        ExposureReport.Reckoning(
          kind: kind.rawValue,
          readable: readable.possible,
          gone: outside.gone,
          closed: outside.closed
        )
      )
    }
    let reached = [ledger.media, ledger.encryptedMedia]
    report.reckonings.append(
      ExposureReport.Reckoning(
        kind: "file",
        readable: ledger.media.files.possible + ledger.encryptedMedia.count(beside: [ledger.media]),
        gone: ledger.goneMedia.count(beside: reached),
        closed: ledger.closedMedia.count(beside: reached + [ledger.goneMedia])
      )
    )
    let named = judge.survey.rooms.reduce(into: ledger.allSenders) { $0.formUnion($1.members.keys) }
    let inReach = accounts.possible.union(readAccounts.certain).union(readAccounts.possible)
    report.reckonings.append(
      ExposureReport.Reckoning(
        kind: "account",
        readable: inReach.count,
        closed: named.subtracting(inReach).count
      )
    )
  }

  private mutating func finishSums() {
    // What the log shows as handed out could be read, whatever the archives name.
    report.could.accounts = Figure(
      accounts.certain.union(readAccounts.certain).count,
      accounts.possible.union(readAccounts.certain).union(readAccounts.possible).count
    )
    report.could.media = ledger.media.files
    report.could.mediaByteCount = ledger.media.byteCount
    report.details.encryptedMedia = ledger.encryptedMedia.files
    reckon()
    guard let log, var did = report.did else { return }
    let isBounded = log.isComplete && log.anonymousMediaCount == 0
    let files = log.media.filter { !ledger.isEncryptedOnly($0.key) }
    let some = Set(files.keys).union(log.partialMedia.filter { !ledger.isEncryptedOnly($0) }).count
    did.media = Figure(files.count, isBounded ? some : max(some, report.could.media.possible))
    let byteCount = files.values.reduce(0, +)
    let isSized = isBounded && log.partialMedia.isEmpty
    did.mediaByteCount = Figure(
      byteCount,
      isSized ? byteCount : max(byteCount, report.could.mediaByteCount.possible)
    )
    let isListed = isAccountReadingBounded && log.directoryCount == 0 && log.isComplete
    let seen = readAccounts.possible.union(readAccounts.certain)
    did.accounts = Figure(
      readAccounts.certain.count,
      isListed ? seen.count : seen.union(accounts.possible).count
    )
    let outside = log.rooms.filter {
      judge.survey.index[$0.key] == nil && $0.value.readingCount > 0
    }
    did.rooms = did.rooms + Figure(outside.count, outside.count)
    report.could.rooms = report.could.rooms + Figure(outside.count, outside.count)
    // An answer may be longer than what a sender said of the file.
    report.could.mediaByteCount = report.could.mediaByteCount.raised(to: did.mediaByteCount)
    report.did = did
  }
}

extension Ledger {
  /// Puts together all that was counted.
  ///
  /// - Parameters:
  ///   - archives: What was read.
  ///   - ruleset: The id of the rules; `nil` where texts were not inspected.
  ///   - applied: The rules in full; `nil` where texts were not inspected.
  ///   - claims: What is to be held against the evidence.
  /// - Returns: The report.
  package func report(
    on archives: [ScanDescription.Archive],
    ruleset: String?,
    applied: AppliedRules? = nil,
    claims: [Claim]
  ) -> ExposureReport {
    var builder = ReportBuilder(self, archives, ruleset)
    builder.report.applied = applied
    return builder.build(claims)
  }
}

extension LogEvidence {
  /// Whether all that the accounts asked for in the window stands in the log, as far as it shows.
  var isComplete: Bool {
    coversWindow && unreadCount == 0 && otherAddressCount == 0 && silence == nil
  }
}

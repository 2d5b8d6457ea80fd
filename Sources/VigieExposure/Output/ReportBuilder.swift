package import VigieReports
import VigieCore

/// Puts together what ledger, judge and log know.
struct ReportBuilder {
  let ledger: Ledger
  var report: ExposureReport
  private var judge: Judge { ledger.judge }
  private var log: LogEvidence? { ledger.log }
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
    let counts = ledger.counts[number] ?? Counts()
    let (way, isCertain) = judge.way(to: number)
    let evidence = log?.rooms[facts.id]
    let isReached = way != .none || counts.all.possible > 0 || evidence != nil
    guard isReached else { return report.closedRoomCount += 1 }
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
    // A room that only the log says was read counts, but not for sure.
    report.could.rooms.add(
      isCertain && way != .none ? .certain : .possible(.membershipUnknown)
    )
    if let log { addReading(number, facts, counts, evidence, log, &room) }
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

  private mutating func addReading(
    _ number: Int,
    _ facts: RoomFacts,
    _ counts: Counts,
    _ evidence: LogEvidence.Room?,
    _ log: LogEvidence,
    _ room: inout ExposureReport.Room
  ) {
    // What is new in every room reaches those that the account is in.
    let isSwept =
      log.everyRoomCount > 0
      && (judge.mayBeMember(of: number) || (evidence?.joinCount ?? 0) > 0)
    let isRead = (evidence?.readingCount ?? 0) > 0
    let all = counts.messages.possible
    let most = isSwept || !log.isComplete ? all : min(all, evidence?.messageLimit ?? 0)
    let least = min(most, max(counts.logged, evidence?.countedMost ?? 0))
    let read = Figure(least, most)
    room.read = read
    room.requests = evidence?.readingCount ?? 0
    var did = report.did ?? ExposureReport.Sums()
    did.messages = did.messages + read
    did.rooms.add(isRead ? .certain : isSwept ? .possible(.membershipUnknown) : .none)
    if let marked = did.marked {
      let restricted = counts.restricted.possible
      did.marked = marked + Figure(counts.loggedMarked, min(restricted, most))
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

  private mutating func finishSums() {
    // What the log shows as handed out could be read, whatever the archives name.
    report.could.accounts = Figure(
      accounts.certain.union(readAccounts.certain).count,
      accounts.possible.union(readAccounts.certain).union(readAccounts.possible).count
    )
    report.could.media = ledger.media.files
    report.could.mediaByteCount = ledger.media.byteCount
    report.details.encryptedMedia = ledger.encryptedMedia.files
    guard let log, var did = report.did else { return }
    let isBounded = log.isComplete && log.anonymousMediaCount == 0
    let handedOut = log.media.count
    let some = log.media.union(log.partialMedia).count
    let all = report.could.media.possible + report.details.encryptedMedia.possible
    did.media = Figure(handedOut, isBounded ? some : max(some, all))
    let isSized = isBounded && log.partialMedia.isEmpty
    did.mediaByteCount = Figure(
      log.mediaByteCount,
      isSized ? log.mediaByteCount : max(log.mediaByteCount, report.could.mediaByteCount.possible)
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
    report.did = did
  }

  /// What a claim of a kind is held against; `nil` where it was not counted.
  private func evidence(for subject: Claim.Subject) -> Claim.Evidence? {
    func evidence(_ path: KeyPath<ExposureReport.Sums, Figure>) -> Claim.Evidence {
      let could = report.could[keyPath: path]
      return Claim.Evidence(
        could: could,
        most: could.possible,
        did: report.did?[keyPath: path],
        archiveLack: archiveLack,
        logLack: logLack
      )
    }
    switch subject {
    case .rooms: return evidence(\.rooms)
    case .accounts:
      var found = evidence(\.accounts)
      // What a server shows beside its rooms stands in no archive of rooms.
      found.archiveLack =
        archiveLack ?? "a server's directory may name accounts that are in none of these rooms"
      return found
    case .messages:
      var found = evidence(\.messages)
      let details = report.details
      found.most += [details.edits, details.encrypted, details.system].map(\.possible).reduce(0, +)
      found.widening = "edits, encrypted messages and what the rooms say of themselves are counted"
      return found
    case .media:
      var found = evidence(\.media)
      found.most += report.details.encryptedMedia.possible
      found.widening = "encrypted files are counted"
      return found
    case .bytes:
      var found = evidence(\.mediaByteCount)
      found.most += ledger.encryptedMedia.byteCount.possible
      found.widening = "encrypted files are counted"
      let unsized = ledger.media.unsized + ledger.media.nameless.possible
      if found.archiveLack == nil, unsized > 0 {
        found.archiveLack = "of \(Terminal.count(unsized, "file")) they do not say the size"
      }
      return found
    case .marked:
      guard let could = report.could.marked else { return nil }
      let isWhole = report.details.uninspected.possible == 0
      return Claim.Evidence(
        could: could,
        most: could.possible,
        did: report.did?.marked,
        archiveLack: archiveLack
          ?? (isWhole ? nil : "not every message in reach could be inspected"),
        logLack: logLack
      )
    }
  }
}

extension Ledger {
  /// Puts together all that was counted.
  ///
  /// - Parameters:
  ///   - archives: What was read.
  ///   - ruleset: The id of the rules; `nil` where texts were not inspected.
  ///   - claims: What is to be held against the evidence.
  /// - Returns: The report.
  package func report(
    on archives: [ScanDescription.Archive],
    ruleset: String?,
    claims: [Claim]
  ) -> ExposureReport {
    var builder = ReportBuilder(self, archives, ruleset)
    return builder.build(claims)
  }
}

extension LogEvidence {
  /// Whether all that the accounts asked for in the window stands in the log, as far as it shows.
  var isComplete: Bool {
    coversWindow && unreadCount == 0 && otherAddressCount == 0 && silence == nil
  }
}

package import VigieCore

/// One message of a scan as reports see it: what was said of it, never its text.
package struct ScannedMessage: Sendable {
  /// What Vigie says of the message.
  package var review: Review
  /// The id of its channel, or `nil` where the archive has none.
  package var channelID: String?
  /// The name of its channel, or `nil` where the archive has none.
  package var channelName: String?
  /// Who can read the channel.
  package var visibility: Visibility
  /// Who sent it, or `nil` where the archive does not say.
  package var sender: String?
  /// When it was sent.
  package private(set) var time: MessageTime
  /// RFC 3339, or `nil` where the archive has none.
  package var timestamp: String? {
    get { time.text }
    set { time = MessageTime(text: newValue) }
  }
  /// The files that go with it, by how far they were read.
  package var files: Coverage
  /// The bytes of the archive that the message takes.
  package var byteCount: Int
  /// Whether this counts as a message; what a channel says of itself does not.
  package var isMessage: Bool
  /// By their index, the names of attachments in which something was found or of which something was not read, as far as
  /// they are known; what was found in a name itself is dots.
  package var documentNames: [Int: String] = [:]
  /// What was found with the words around it, finding by finding; empty unless that was asked for,
  /// and `nil` where the words are not at hand.
  package var revealed: [RevealedText?] = []
  /// The id of the message of which this one is an edit.
  package var replaces: String?
  /// What the archive calls the files that go with it, where it says.
  package var fileIDs: [String]
  /// A keyed digest of all that its review rests on, its id and time apart; `nil` where none was taken.
  package var digest: ContentDigest?

  /// What reports need of a message and its review.
  package init(_ message: Message, _ review: Review, byteCount: Int, isMessage: Bool = true) {
    self.isMessage = isMessage
    self.review = review
    let channel = message.channel
    channelID = channel?.id
    channelName = channel?.name
    visibility = channel?.visibility ?? .unknown
    sender = message.sender
    time = message.time
    replaces = message.replaces
    self.byteCount = byteCount
    files = Coverage()
    fileIDs = []
    if message.isWithoutFiles { return }
    fileIDs = message.attachments.compactMap(\.address)
    for (index, attachment) in message.attachments.enumerated() {
      let gaps = review.gaps.filter { $0.place.part == .attachment(index) }
      // The name of a file whose content stands in messages of its own is no file more.
      if isMessage || attachment.content != .nameOnly { count(attachment, with: gaps) }
      let findings = review.findings.filter { $0.place.part == .attachment(index) }
      if findings.isEmpty, gaps.isEmpty { continue }
      let inName = findings.filter { $0.place.role == .filename && $0.place.path.isEmpty }
      let name = Array(attachment.name.utf8)
      documentNames[index] = masked(name, 0..<name.count, hiding: inName.map(\.range))
    }
  }

  private mutating func count(_ attachment: Attachment, with gaps: [Gap]) {
    files.total += 1
    if attachment.content == .nameOnly || gaps.contains(where: { !$0.reason.leavesAPart }) {
      files.not += 1
    } else if gaps.isEmpty {
      files.inspected += 1
    } else {
      files.partly += 1
    }
  }

  /// What a document is called in reports: its name, or its message and number where that is not known.
  package func documentLabel(_ index: Int) -> String {
    documentNames[index] ?? "\(review.id) \(Part.attachment(index))"
  }

  /// A message as it was kept: what reports need, part by part.
  package init(
    review: Review,
    channelID: String?,
    channelName: String?,
    visibility: Visibility,
    timestamp: String?,
    sender: String?,
    files: Coverage,
    byteCount: Int,
    isMessage: Bool,
    replaces: String? = nil,
    fileIDs: [String] = [],
    digest: ContentDigest? = nil
  ) {
    self.review = review
    self.channelID = channelID
    self.channelName = channelName
    self.visibility = visibility
    time = MessageTime(text: timestamp)
    self.sender = sender
    self.files = files
    self.byteCount = byteCount
    self.isMessage = isMessage
    self.replaces = replaces
    self.fileIDs = fileIDs
    self.digest = digest
  }

  /// The name of the channel for people, or its id.
  package var channelLabel: String { channelName ?? channelID ?? "(no channel)" }
}

/// What a message says and where, as keyed digests.
///
/// Who does not know the key can neither test a guess at the content nor make two contents with one digest.
package struct ContentDigest: Sendable, Hashable {
  /// The first 64 bits of the digest of the texts and files.
  package var high: Int64
  /// The 64 bits after them.
  package var low: Int64
  /// 64 bits of the digest of the channel, on which the verdict rests too.
  package var context: Int64

  /// A digest from its parts.
  package init(high: Int64, low: Int64, context: Int64) {
    self.high = high
    self.low = low
    self.context = context
  }
}

extension GapReason {
  /// Whether such a gap leaves a part of the text that was read.
  var leavesAPart: Bool {
    switch self {
    case .truncated, .limit, .encoding, .ruleLimit, .timeout: true
    case .encrypted, .corrupt, .unsupported, .workerDied, .missing, .componentMissing: false
    }
  }
}

/// How far things of one kind were inspected; `total` is the sum of the others.
package struct Coverage: Sendable, Equatable {
  /// All of them.
  package var total = 0
  /// Read wholly.
  package var inspected = 0
  /// Read with gaps.
  package var partly = 0
  /// Not read at all.
  package var not = 0

  /// Nothing of the kind.
  package init() {}

  /// Adds the counts of another.
  package mutating func add(_ other: Coverage) {
    total += other.total
    inspected += other.inspected
    partly += other.partly
    not += other.not
  }
}

/// Messages that follow each other in one channel, of which there is nothing to say: nothing was found in them, all
/// was read, and no files go with them.
package struct ClearedMessages: Sendable, Equatable {
  /// The id of their channel, or `nil` where the archive has none.
  package var channelID: String?
  /// Its name, or `nil` where the archive has none.
  package var channelName: String?
  /// Who can read it.
  package var visibility: Visibility
  /// How many they are, and what the channel says of itself.
  package var count = 0
  /// Those that count as messages.
  package var messageCount = 0
  /// The bytes of the archive that they take.
  package var byteCount = 0

  /// None yet of a channel.
  package init(in channel: Channel?) {
    channelID = channel?.id
    channelName = channel?.name
    visibility = channel?.visibility ?? .unknown
  }

  /// Counts one more.
  package mutating func add(byteCount: Int, isMessage: Bool) {
    count += 1
    if isMessage { messageCount += 1 }
    self.byteCount += byteCount
  }
}

/// Something that happens during a scan, in the order of the archive.
package enum ScanEvent: Sendable {
  /// A message was judged.
  case message(ScannedMessage)
  /// A part of the archive could not be read; `isMessage` where it stands for one message.
  case gap(Gap, isMessage: Bool)
}

/// What reports say of a rule beside its id.
package struct RuleDescription: Sendable, Equatable {
  /// What it recognises, in words.
  package var title: String
  /// The texts that define it, with their sections.
  package var sources: [String]

  /// A value from its parts.
  package init(title: String, sources: [String] = []) {
    self.title = title
    self.sources = sources
  }
}

/// What a scan is about, known before it starts.
package struct ScanDescription: Sendable {
  /// An archive that is scanned.
  package struct Archive: Sendable {
    /// The path as the operator gave it.
    package var path: String
    /// The name of the format.
    package var format: String
    /// Its size in bytes.
    package var byteCount: Int
    /// What it proved to hold; `nil` before its end, and of scans that were kept before that was noted.
    package var contents: ArchiveContents?

    /// A value from its parts.
    package init(path: String, format: String, byteCount: Int) {
      self.path = path
      self.format = format
      self.byteCount = byteCount
    }

    /// Its formats and size, as far as is known.
    package var inWords: [String] {
      [contents?.inWords ?? format, Terminal.size(contents?.byteCount ?? byteCount)]
    }
  }

  /// The archives, in the order in which they are scanned.
  package var archives: [Archive]
  /// The id of the rules.
  package var ruleset: String
  /// The name of the policy.
  package var policy: String
  /// The rules in full; `nil` where that is not known.
  package var applied: AppliedRules?
  /// When it started, RFC 3339 in UTC; `nil` where that is not known.
  package var startTime: String?
  /// The version of Vigie that scans; `nil` where that is not known.
  package var version: String?
  /// The rules that may find something, by id; those that are not known are called by their ids.
  package var rules: [String: RuleDescription] = [:]
  /// The language of reports that people read, such as `fr`; `nil` for that of the reader.
  package var language: String?
  /// Whether reports show what was found with the words around it.
  package var isRevealed = false

  /// A value from its parts.
  package init(archives: [Archive], ruleset: String, policy: String) {
    self.archives = archives
    self.ruleset = ruleset
    self.policy = policy
  }

  /// The archives with what they proved to hold.
  package func archives(read tally: Tally) -> [Archive] {
    archives.enumerated().map { number, archive in
      var archive = archive
      if number < tally.archives.count { archive.contents = tally.archives[number] }
      return archive
    }
  }
}

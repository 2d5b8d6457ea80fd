package import VigieCore
package import VigieReports

/// Packs the events of an archive into blocks, on the thread that judges.
///
/// What is left for the thread that writes is a row for each block, one for each channel that is new, and the findings
/// and gaps.
package struct EventPacker {
  private var packed = PackedBlock()
  /// The place of the channel of messages of which there is nothing to say.
  private var currentChannel: Int64 = 0

  /// A packer of one thread.
  package init() {}

  /// The events since the last block was taken, ``maxCount`` at most.
  package var count: Int { packed.count }
  /// The events of a block at most.
  package static var maxCount: Int { EventBlock.maxCount }

  /// Adds what was said of a message, or of a channel.
  package mutating func add(_ message: ScannedMessage) {
    var event = PackedEvent(message)
    event.channel = packed.channelTable.place(of: DigestedChannel(message))
    event.tip = message.review.tip.map { packed.tipTable.place(of: $0) }
    if event.hasFindings || event.hasGaps { packed.marked.append((count, .message(message))) }
    packed.block.add(event, from: message.sender.map { packed.senders.place(of: $0) })
  }

  /// Says of which channel the messages are that follow, of which there is nothing to say; in each block anew.
  ///
  /// - Parameters:
  ///   - channel: The channel.
  ///   - context: The digest of it.
  package mutating func turn(to channel: Channel?, context: Int64) {
    let words = ChannelWords(
      id: channel?.id,
      name: channel?.name,
      visibility: channel?.visibility ?? .unknown
    )
    currentChannel = packed.channelTable.place(of: DigestedChannel(words, context))
  }

  /// Adds a message, or what a channel says of itself, of which there is nothing to say: nothing was found, and all
  /// was read.
  ///
  /// - Parameters:
  ///   - message: The message, of the channel of ``turn(to:context:)``; no files go with it.
  ///   - digest: Its digest; `nil` where none was taken.
  ///   - byteCount: The bytes of the archive that it takes.
  ///   - isMessage: Whether it counts as a message.
  package mutating func add(
    cleared message: Message,
    _ digest: ContentDigest?,
    byteCount: Int,
    isMessage: Bool
  ) {
    var sender: Int64?
    message.withText(.sender) { sender = packed.senders.place(of: $0) }
    packed.block.add(
      cleared: isMessage ? .message : .channel,
      message,
      sender: sender,
      channel: currentChannel,
      digest,
      byteCount: byteCount
    )
  }

  /// Adds a gap that stands for one message, or for another part of the archive.
  package mutating func add(_ gap: Gap, isMessage: Bool) {
    var event = PackedEvent(kind: isMessage ? .unreadMessage : .unreadPart)
    event.hasGaps = true
    packed.marked.append((count, .gap(gap, isMessage: isMessage)))
    packed.block.add(event, from: nil)
  }

  /// Adds an event.
  package mutating func add(_ event: ScanEvent) {
    switch event {
    case .message(let message): add(message)
    case .gap(let gap, let isMessage): add(gap, isMessage: isMessage)
    }
  }

  /// The events since the last block; the next event begins another.
  package mutating func take() -> PackedBlock {
    var taken = PackedBlock()
    // The next block is about as long as this one.
    taken.block = EventBlock(reserving: packed.block.byteCount * 9 / 8)
    swap(&taken, &packed)
    return taken
  }
}

/// Events that follow each other, packed but for the numbers that the store gives their words.
package struct PackedBlock: Sendable {
  var block = EventBlock()
  fileprivate(set) var senders = NameTable()
  fileprivate var tipTable = WordTable<Tip>()
  fileprivate var channelTable = WordTable<DigestedChannel>()
  /// Those with findings or gaps, and their places in the block.
  fileprivate(set) var marked: [(offset: Int, event: ScanEvent)] = []

  var tips: [Tip] { tipTable.words }
  var channels: [DigestedChannel] { channelTable.words }
  /// How many they are.
  package var count: Int { block.count }
}

/// A channel, and the context of the digests of its messages.
struct DigestedChannel: Hashable, Sendable {
  var words: ChannelWords
  var digest: Int64

  init(_ words: ChannelWords, _ digest: Int64) {
    self.words = words
    self.digest = digest
  }

  init(_ message: ScannedMessage) {
    self.init(ChannelWords(of: message), message.digest?.context ?? 0)
  }
}

/// What a row of `channel` says.
struct ChannelWords: Hashable, Sendable {
  var id: String?
  var name: String?
  var visibility: Visibility

  init(id: String?, name: String?, visibility: Visibility) {
    self.id = id
    self.name = name
    self.visibility = visibility
  }

  /// The channel of a message.
  init(of message: ScannedMessage) {
    self.init(id: message.channelID, name: message.channelName, visibility: message.visibility)
  }
}

extension PackedEvent {
  /// What was said of a message, without its channel and tip.
  init(_ message: ScannedMessage) {
    self.init(kind: message.isMessage ? .message : .channel)
    hasFindings = !message.review.findings.isEmpty
    hasGaps = !message.review.gaps.isEmpty
    self.message = message.review.id
    take(message.time)
    sender = message.sender
    digest = message.digest
    verdict = message.review.verdict.rawValue
    level = message.review.level.rawValue
    byteCount = message.byteCount
    observed = message.review.observed?.rawValue
    mayOverride = message.review.mayOverride
    files = message.files
    fileIDs = message.fileIDs
    replaces = message.replaces
  }
}

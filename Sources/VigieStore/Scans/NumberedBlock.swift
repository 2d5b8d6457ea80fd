import VigieReports

/// A block that is made of events whose numbers are known.
struct NumberedBlock {
  private var block = EventBlock()
  private var senders = NameTable()
  private var channels = WordTable<ChannelNumber>()
  private var tips = WordTable<Int64>()

  /// The events so far.
  var count: Int { block.count }

  /// Adds an event.
  mutating func add(_ event: PackedEvent) {
    var event = event
    event.tip = event.tip.map { tips.place(of: $0) }
    if event.kind.isMessage {
      let digest = event.digest?.context ?? 0
      event.channel = channels.place(of: ChannelNumber(number: event.channel, digest: digest))
    }
    block.add(event, from: event.sender.map { senders.place(of: $0) })
  }

  /// The block as it is kept; the next event begins another.
  mutating func take() -> [UInt8] {
    defer { self = NumberedBlock() }
    return block.packed(senders: senders, tips: tips.words, channels: channels.words)
  }
}

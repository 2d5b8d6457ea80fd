import VigieArchives
import VigieCore
import VigieReports
import VigieStore

/// What a thread said of a batch.
///
/// Of most messages there is nothing to say. They are counted together, channel by channel, or their events are made
/// where they are delivered, from the messages, which go back to the thread that read them and are freed there: memory
/// that one thread takes and another gives back costs both, and so does every count of references to what two threads
/// hold.
struct Judgements: Sendable {
  /// The items.
  let batch: ItemBatch
  /// The events of the items of which there is something to say, by the index of the item.
  private var events: [(index: Int, event: ScanEvent)] = []
  /// The other messages, by channel, each with the index of the item after those of the channel.
  private var runs: [(end: Int, messages: ClearedMessages)] = []
  private var run = ClearedMessages(in: nil)

  /// The same events as a store keeps them; `nil` where none does.
  var block: PackedBlock?

  /// Nothing said yet.
  init(_ batch: ItemBatch) { self.batch = batch }

  /// Keeps the event of an item, in the order of the items.
  mutating func add(_ event: ScanEvent, of index: Int) { events.append((index, event)) }

  /// Says that messages of another channel follow.
  mutating func beginRun(in channel: Channel?) { run = ClearedMessages(in: channel) }

  /// Counts a message of the channel of which there is nothing to say.
  mutating func addCleared(byteCount: Int, isMessage: Bool) {
    run.add(byteCount: byteCount, isMessage: isMessage)
  }

  /// Says that an item is no more of the channel.
  mutating func endRun(at index: Int) {
    if run.count > 0 { runs.append((index, run)) }
  }

  /// Goes through all that was said, channel by channel.
  ///
  /// - Parameters:
  ///   - cleared: Takes the messages of a channel of which there is nothing to say, after its events.
  ///   - body: Takes the events.
  func forEach(cleared: (ClearedMessages) -> Void, _ body: (ScanEvent) -> Void) {
    var next = 0
    for run in runs {
      while next < events.count, events[next].index < run.end {
        body(events[next].event)
        next += 1
      }
      cleared(run.messages)
    }
    for (_, event) in events[next...] { body(event) }
  }

  /// Goes through the events of all items in order.
  ///
  /// - Parameters:
  ///   - ruleset: The id of the rules and the policy.
  ///   - body: Takes the events.
  func forEachEvent(judgedBy ruleset: String, _ body: (ScanEvent) -> Void) {
    var next = 0
    for index in batch.items.indices {
      if next < events.count, events[next].index == index {
        body(events[next].event)
        next += 1
        continue
      }
      switch batch.items[index] {
      case .message(let message, _, let byteCount):
        let review = Review(clearing: message.id, by: ruleset)
        body(.message(ScannedMessage(message, review, byteCount: byteCount)))
      case .channel(let message, _, let byteCount):
        let review = Review(clearing: message.id, by: ruleset)
        body(.message(ScannedMessage(message, review, byteCount: byteCount, isMessage: false)))
      case .gap, .access: break
      }
    }
  }
}

extension Review {
  /// That there is nothing to say of a message.
  init(clearing id: String, by ruleset: String) {
    self.init(id: id, verdict: .allow, level: .public, ruleset: ruleset)
  }
}

import VigieCore
import VigieCrypto
import VigieReports

/// Events of one archive that follow each other, packed into bytes; a row of `block` holds them.
///
/// Eight bytes that check the rest (the first of its SHA-256), the version of the shape, the names of the senders, the
/// numbers of the tips and those of the channels in it, each list after its length, and after the number of a channel
/// the eight bytes of its digest. Then event after event: two bytes that say which parts follow, low byte first, and those parts in the
/// order of ``PackedEvent``, senders, channels and tips as places in the lists. Numbers are LEB128 (*Source:* DWARF 5 §7.6), those with a sign folded (0, -1, 1, -2 …); texts are
/// their length in UTF-8 bytes and these. A time is its distance from the last one in the block, a digest 16
/// bytes; low bytes come first.
///
/// A block has the names of its senders, not numbers of theirs: to look up each in a table of all the senders of an
/// archive takes longer the more there are, a page of an index at a time. Most senders of a block stand in it more
/// than once. Until `scans-3` it had their numbers, which was version 1.
struct EventBlock: Sendable {
  /// The events of a block at most: what is read where one of them is asked for.
  static let maxCount = 512
  /// The shape, the one there is.
  static let version: UInt8 = 2
  static let checkByteCount = 8

  private var bytes: [UInt8] = []
  private var lastTime = 0

  /// An empty block.
  ///
  /// - Parameter byteCount: The bytes that it will take, as far as is known.
  init(reserving byteCount: Int = 0) { bytes.reserveCapacity(byteCount) }

  /// The bytes of the events so far.
  var byteCount: Int { bytes.count }
  /// The events so far.
  private(set) var count = 0

  /// The block as it is kept.
  ///
  /// - Parameters:
  ///   - senders: The senders, in the order of their places.
  ///   - tips: Those of the tips.
  ///   - channels: Those of the channels.
  /// - Returns: Its bytes.
  func packed(senders: NameTable, tips: [Int64], channels: [ChannelNumber]) -> [UInt8] {
    var head = EventBlock(
      reserving: 64 + senders.bytes.count + 10 * tips.count + 18 * channels.count + byteCount
    )
    for _ in 0..<EventBlock.checkByteCount { head.bytes.append(0) }
    head.bytes.append(EventBlock.version)
    head.add(UInt64(senders.count))
    head.bytes += senders.bytes
    head.add(UInt64(tips.count))
    for number in tips { head.add(UInt64(bitPattern: number)) }
    head.add(UInt64(channels.count))
    for channel in channels {
      head.add(UInt64(bitPattern: channel.number))
      head.addFixed(channel.digest)
    }
    head.bytes += bytes
    head.bytes.replaceSubrange(0..<EventBlock.checkByteCount, with: EventBlock.check(head.bytes))
    return head.bytes
  }

  static func check(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
    let digest = unsafe bytes.withUnsafeBytes { buffer in
      unsafe Digest.rawSHA256(UnsafeRawBufferPointer(rebasing: buffer[checkByteCount...]))
    }
    return digest[..<checkByteCount]
  }

  /// Adds an event.
  ///
  /// - Parameters:
  ///   - event: The event; its tip and channel are places in the lists.
  ///   - sender: The place of its sender.
  mutating func add(_ event: PackedEvent, from sender: Int64?) {
    count += 1
    var parts: PackedParts = []
    if event.hasFindings { parts.insert(.findings) }
    if event.hasGaps { parts.insert(.gaps) }
    if sender != nil { parts.insert(.sender) }
    if event.time != nil { parts.insert(.time) }
    if event.stamp != nil { parts.insert(.stamp) }
    if event.digest != nil { parts.insert(.digest) }
    if event.verdict != 0 || event.level != 0 { parts.insert(.verdict) }
    if event.observed != nil { parts.insert(.observed) }
    if event.mayOverride { parts.insert(.override) }
    if event.tip != nil { parts.insert(.tip) }
    if event.files.total != 0 { parts.insert(.files) }
    if !event.fileIDs.isEmpty { parts.insert(.fileIDs) }
    if event.replaces != nil { parts.insert(.replaces) }
    addHead(parts, event.kind)
    guard event.kind.isMessage else { return }
    add(event.message)
    if let sender { add(UInt64(bitPattern: sender)) }
    add(UInt64(bitPattern: event.channel))
    if let time = event.time { add(milliseconds: time) }
    if let stamp = event.stamp { add(stamp) }
    if let digest = event.digest {
      addFixed(digest.high)
      addFixed(digest.low)
    }
    if parts.contains(.verdict) {
      bytes.append(event.verdict)
      bytes.append(event.level)
    }
    add(UInt64(clamping: event.byteCount))
    if let observed = event.observed { bytes.append(observed) }
    if let tip = event.tip { add(UInt64(bitPattern: tip)) }
    if parts.contains(.files) {
      let files = event.files
      for number in [files.total, files.inspected, files.partly, files.not] {
        add(UInt64(clamping: number))
      }
    }
    if parts.contains(.fileIDs) {
      add(UInt64(event.fileIDs.count))
      for id in event.fileIDs { add(id) }
    }
    if let replaces = event.replaces { add(replaces) }
  }

  /// Adds a message of which there is nothing to say, as ``add(_:)`` adds its event.
  mutating func add(
    cleared kind: StoredEvent.Kind,
    _ message: Message,
    sender: Int64?,
    channel: Int64,
    _ digest: ContentDigest?,
    byteCount: Int
  ) {
    guard let milliseconds = message.time.canonicalMilliseconds, let sender, let digest,
      message.replaces == nil
    else {
      var event = PackedEvent(kind: kind)
      event.message = message.id
      event.channel = channel
      event.take(message.time)
      event.digest = digest
      event.byteCount = byteCount
      event.replaces = message.replaces
      return add(event, from: sender)
    }
    count += 1
    let parts: PackedParts = [.sender, .time, .digest]
    addHead(parts, kind)
    message.withText(.id) { id in
      add(UInt64(id.count))
      unsafe id.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
    }
    add(UInt64(bitPattern: sender))
    add(UInt64(bitPattern: channel))
    add(milliseconds: milliseconds)
    addFixed(digest.high)
    addFixed(digest.low)
    add(UInt64(clamping: byteCount))
  }

  private mutating func addHead(_ parts: PackedParts, _ kind: StoredEvent.Kind) {
    let head = parts.rawValue | UInt16(kind.rawValue)
    bytes.append(UInt8(truncatingIfNeeded: head))
    bytes.append(UInt8(truncatingIfNeeded: head >> 8))
  }

  private mutating func add(milliseconds time: Int) {
    let distance = Int64(time &- lastTime)
    add(UInt64(bitPattern: distance << 1 ^ distance >> 63))
    lastTime = time
  }

  private mutating func add(_ number: UInt64) { bytes.appendLEB128(number) }

  private mutating func addFixed(_ number: Int64) {
    unsafe withUnsafeBytes(of: number.littleEndian) { unsafe bytes.append(contentsOf: $0) }
  }

  private mutating func add(_ text: String) {
    add(UInt64(text.utf8.count))
    bytes.append(contentsOf: text.utf8)
  }
}

/// A channel of a block.
struct ChannelNumber: Hashable {
  /// Its number in the store.
  var number: Int64
  /// The context of the digests of its messages.
  var digest: Int64
}

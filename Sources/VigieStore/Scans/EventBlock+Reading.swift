import VigieReports

extension EventBlock {
  /// The events of a block, or `nil` where its bytes are not as they were written.
  ///
  /// - Parameters:
  ///   - bytes: The block as it was kept.
  ///   - holdsTexts: Whether the events are read with their texts, which cost most of it; senders they have anyway.
  ///   - name: For a block of version 1, which is not read else: the name of a sender by its number.
  /// - Returns: The events in their order.
  static func events(
    in bytes: [UInt8],
    holdingTexts holdsTexts: Bool = true,
    naming name: ((Int64) -> String?)? = nil
  ) -> [PackedEvent]? {
    guard bytes.count > checkByteCount, bytes[checkByteCount] == (name == nil ? version : 1),
      check(bytes) == bytes[..<checkByteCount]
    else { return nil }
    var reader = BlockReader(bytes: bytes, position: checkByteCount + 1, holdsTexts: holdsTexts)
    guard reader.readLists(naming: name) else { return nil }
    var events: [PackedEvent] = []
    while reader.position < bytes.count {
      guard let event = reader.event() else { return nil }
      events.append(event)
    }
    return events
  }
}

/// Reads a block event by event; whatever the bytes, no further than they go.
private struct BlockReader {
  let bytes: [UInt8]
  var position: Int
  let holdsTexts: Bool
  private var lastTime = 0
  private var senders: [String] = []
  private var tips: [Int64] = []
  private var channels: [ChannelNumber] = []

  init(bytes: [UInt8], position: Int, holdsTexts: Bool) {
    self.bytes = bytes
    self.position = position
    self.holdsTexts = holdsTexts
  }

  /// Reads the lists that stand before the events; says whether they are whole.
  mutating func readLists(naming name: ((Int64) -> String?)?) -> Bool {
    guard readSenders(naming: name), let tips = numbers(), let count = count() else { return false }
    self.tips = tips
    for _ in 0..<min(count, bytes.count) {
      guard let number = number(), let digest = fixed() else { return false }
      channels.append(ChannelNumber(number: Int64(bitPattern: number), digest: digest))
    }
    return true
  }

  private mutating func readSenders(naming name: ((Int64) -> String?)?) -> Bool {
    if let name {
      guard let numbers = numbers() else { return false }
      senders = numbers.compactMap(name)
      return senders.count == numbers.count
    }
    guard let count = count(), count <= bytes.count - position else { return false }
    for _ in 0..<count {
      guard let sender = bytesOfText() else { return false }
      senders.append(String(decoding: sender, as: UTF8.self))
    }
    return true
  }

  private mutating func numbers() -> [Int64]? {
    guard let count = count(), count <= bytes.count - position else { return nil }
    var numbers: [Int64] = []
    for _ in 0..<count {
      guard let number = number() else { return nil }
      numbers.append(Int64(bitPattern: number))
    }
    return numbers
  }

  /// What stands at a place in a list.
  private mutating func element<Element>(of list: [Element]) -> Element? {
    guard let place = count(), place < list.count else { return nil }
    return list[place]
  }

  mutating func event() -> PackedEvent? {
    guard let low = byte(), let high = byte() else { return nil }
    let head = UInt16(low) | UInt16(high) << 8
    let parts = PackedParts(rawValue: head & ~PackedParts.kind)
    guard let kind = StoredEvent.Kind(rawValue: Int64(head & PackedParts.kind)) else { return nil }
    var event = PackedEvent(kind: kind)
    event.hasFindings = parts.contains(.findings)
    event.hasGaps = parts.contains(.gaps)
    event.mayOverride = parts.contains(.override)
    guard kind.isMessage else { return event }
    guard let message = text() else { return nil }
    event.message = message
    if parts.contains(.sender) {
      guard let sender = element(of: senders) else { return nil }
      event.sender = sender
    }
    guard let channel = element(of: channels) else { return nil }
    event.channel = channel.number
    if parts.contains(.time) {
      guard let folded = number() else { return nil }
      lastTime &+= Int(Int64(bitPattern: folded >> 1) ^ -Int64(bitPattern: folded & 1))
      event.time = lastTime
    }
    if parts.contains(.stamp) {
      guard let stamp = text() else { return nil }
      event.stamp = stamp
    }
    if parts.contains(.digest) {
      guard let high = fixed(), let low = fixed() else { return nil }
      event.digest = ContentDigest(high: high, low: low, context: channel.digest)
    }
    if parts.contains(.verdict) {
      guard let verdict = byte(), let level = byte() else { return nil }
      (event.verdict, event.level) = (verdict, level)
    }
    guard let byteCount = count(), ScanStore.byteCounts.contains(byteCount) else { return nil }
    event.byteCount = byteCount
    if parts.contains(.observed) {
      guard let observed = byte() else { return nil }
      event.observed = observed
    }
    if parts.contains(.tip) {
      guard let tip = element(of: tips) else { return nil }
      event.tip = tip
    }
    return files(of: event, parts)
  }

  private mutating func files(of event: PackedEvent, _ parts: PackedParts) -> PackedEvent? {
    var event = event
    if parts.contains(.files) {
      guard let total = count(), let inspected = count(), let partly = count(), let not = count(),
        [total, inspected, partly, not].allSatisfy(ScanStore.byteCounts.contains)
      else { return nil }
      event.files.total = total
      event.files.inspected = inspected
      event.files.partly = partly
      event.files.not = not
    }
    if parts.contains(.fileIDs) {
      guard let count = count(), count <= bytes.count else { return nil }
      for _ in 0..<count {
        guard let id = text() else { return nil }
        event.fileIDs.append(id)
      }
    }
    if parts.contains(.replaces) {
      guard let replaces = text() else { return nil }
      event.replaces = replaces
    }
    return event
  }

  private mutating func byte() -> UInt8? {
    guard position < bytes.count else { return nil }
    position += 1
    return bytes[position - 1]
  }

  private mutating func number() -> UInt64? {
    var number: UInt64 = 0
    var shift: UInt64 = 0
    while let byte = byte() {
      number |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return number }
      shift += 7
      if shift > 63 { return nil }
    }
    return nil
  }

  private mutating func count() -> Int? { number().flatMap(Int.init(exactly:)) }

  private mutating func fixed() -> Int64? {
    guard bytes.count - position >= 8 else { return nil }
    defer { position += 8 }
    return unsafe bytes.withUnsafeBytes { buffer in
      Int64(littleEndian: unsafe buffer.loadUnaligned(fromByteOffset: position, as: Int64.self))
    }
  }

  private mutating func text() -> String? {
    guard let text = bytesOfText() else { return nil }
    return holdsTexts ? String(decoding: text, as: UTF8.self) : ""
  }

  private mutating func bytesOfText() -> ArraySlice<UInt8>? {
    guard let count = count(), count <= bytes.count - position else { return nil }
    defer { position += count }
    return bytes[position..<position + count]
  }
}

import VigieCore

/// What events say of their rooms, kept for the messages of each room.
struct MatrixRooms {
  private var channels: [String: SharedChannel] = [:]
  /// When each room got the name that is kept.
  private var named: [String: Int] = [:]

  /// The channel asked for last: messages of a room mostly stand together.
  private(set) var last = SharedChannel(Channel(id: ""))

  /// The channel of a room, as far as it is known.
  mutating func channel(_ id: String) -> Channel {
    turn(to: id)
    return last.channel
  }

  /// Makes a channel the last.
  mutating func turn(to id: String) {
    if last.channel.id != id { last = channels[id] ?? SharedChannel(Channel(id: id)) }
  }

  /// Takes what an event says of its room.
  ///
  /// A room that everybody could read at one time counts as public: what was said then was read.
  mutating func learn(_ event: MatrixEvent, room id: String) {
    guard event.isRoomState, MatrixRooms.factTypes.contains(event.type) else { return }
    var channel = channel(id)
    switch (event.type, event.content.access) {
    case ("m.room.join_rules", "public"?), ("m.room.history_visibility", "world_readable"?):
      channel.visibility = .public
    case ("m.room.join_rules", _?):
      if channel.visibility == .unknown { channel.visibility = .private }
    case ("m.room.encryption", _): channel.encrypted = true
    case ("m.room.name", _):
      let time = event.milliseconds ?? 0
      guard let name = event.content.texts.first, !name.isEmpty, time >= named[id] ?? .min else {
        return
      }
      named[id] = time
      channel.name = name
    case ("m.room.canonical_alias", _):
      if channel.name == nil { channel.name = event.content.texts.first }
    default: return
    }
    last = SharedChannel(channel)
    channels[id] = last
  }

  /// Types of events that say who can read a room and what it is called.
  ///
  /// *Source:* Matrix Client-Server API v1.11, §8.5, §11.
  static let factTypes: Set<String> = [
    "m.room.join_rules", "m.room.history_visibility", "m.room.encryption", "m.room.name",
    "m.room.canonical_alias",
  ]

  /// Whether the bytes of a record name one of these types.
  static func mayHoldFact(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
    let mark = Array("m.room.".utf8)
    let span = bytes.span.extracting(range)
    var matched = 0
    for index in 0..<span.count {
      let byte = span[index]
      if matched == mark.count {
        // A message is no fact, and is what archives are full of.
        if byte != UInt8(ascii: "m") { return true }
        matched = 0
      }
      matched = byte == mark[matched] ? matched + 1 : byte == mark[0] ? 1 : 0
    }
    return false
  }
}

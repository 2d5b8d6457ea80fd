import VigieCore
import VigieJSON

/// What a Matrix event says of who can read its room, read apart from its text so that scans need
/// not look for it.
///
/// *Source:* Matrix Client-Server API v1.11, §8.5, §11.1, §11.5 (`m.room.redaction`), §11.9.2, §11.11.
struct MatrixAccess {
  private var stateKey: String?
  private var content = Content()
  private var previous = Content()
  /// The event that this one redacts.
  private var target: String?
  private var isRedacted = false
  private var redactionTime: Int?

  /// The members of a content that matter here.
  private struct Content {
    var membership: String?
    var joinRule: String?
    var visibility: String?
    var guestAccess: String?
    var rooms: [String] = []
    var creator: String?
    var isFederated = true
    var target: String?
  }

  private static let types: Set<String> = [
    "m.room.create", "m.room.member", "m.room.join_rules", "m.room.history_visibility",
    "m.room.guest_access", "m.room.encryption", "m.room.redaction",
  ]
  private static let keys = JSONKeys([
    "state_key", "content", "prev_content", "unsigned", "redacts", "redacted_because",
  ])
  private static let unsignedKeys = JSONKeys(["prev_content", "redacted_because"])
  private static let contentKeys = JSONKeys([
    "membership", "join_rule", "history_visibility", "guest_access", "allow", "creator",
    "m.federate", "redacts",
  ])
  private static let allowKeys = JSONKeys(["room_id"])
  private static let timeKeys = JSONKeys(["origin_server_ts"])

  private init(_ bytes: [UInt8], in range: Range<Int>) throws(JSONError) {
    var reader = JSONReader(bytes, in: range)
    var access = MatrixAccess.empty
    try reader.members(MatrixAccess.keys) { reader, key throws(JSONError) in
      switch key {
      case 0: access.stateKey = try reader.stringIfPresent()
      case 1: access.content = try MatrixAccess.content(&reader)
      case 2: access.previous = try MatrixAccess.content(&reader)
      case 3:
        try reader.members(MatrixAccess.unsignedKeys) { reader, key throws(JSONError) in
          if key == 0 {
            access.previous = try MatrixAccess.content(&reader)
          } else {
            try access.readRedaction(&reader)
          }
        }
      case 4: access.target = try reader.stringIfPresent()
      default: try access.readRedaction(&reader)
      }
    }
    self = access
  }

  private init() {}

  private static let empty = MatrixAccess()

  private mutating func readRedaction(_ reader: inout JSONReader) throws(JSONError) {
    guard try reader.kind() == .object else { return try reader.skipValue() }
    isRedacted = true
    try reader.members(MatrixAccess.timeKeys) { reader, _ throws(JSONError) in
      guard try reader.kind() == .number else { return try reader.skipValue() }
      redactionTime = Int(exactly: try reader.double().rounded())
    }
  }

  private static func content(_ reader: inout JSONReader) throws(JSONError) -> Content {
    var content = Content()
    try reader.members(contentKeys) { reader, key throws(JSONError) in
      switch key {
      case 0: content.membership = try reader.stringIfPresent()
      case 1: content.joinRule = try reader.stringIfPresent()
      case 2: content.visibility = try reader.stringIfPresent()
      case 3: content.guestAccess = try reader.stringIfPresent()
      case 4:
        try reader.elements { reader throws(JSONError) in
          try reader.members(allowKeys) { reader, _ throws(JSONError) in
            if let room = try reader.stringIfPresent() { content.rooms.append(room) }
          }
        }
      case 5: content.creator = try reader.stringIfPresent()
      case 6:
        guard try reader.kind() == .boolean else { return try reader.skipValue() }
        content.isFederated = try reader.boolean()
      default: content.target = try reader.stringIfPresent()
      }
    }
    return content
  }

  /// Reads what an event says of who can read its room.
  ///
  /// - Parameters:
  ///   - event: The event.
  ///   - id: What its message is called.
  ///   - room: Its room.
  ///   - isTimeline: Whether it stands among all that happened, rather than in some state.
  ///   - bytes: Bytes that hold the JSON of it.
  ///   - range: Where in them it stands.
  /// - Returns: What it says, in the order in which it holds.
  static func changes(
    of event: MatrixEvent,
    id: String,
    room: String,
    isTimeline: Bool,
    _ bytes: [UInt8],
    in range: Range<Int>
  ) -> [AccessChange] {
    guard event.isRedacted || types.contains(event.type),
      let access = try? MatrixAccess(bytes, in: range)
    else { return [] }
    func change(_ fact: AccessChange.Fact, at time: Int?) -> AccessChange {
      AccessChange(channel: room, milliseconds: time, fact)
    }
    var changes = access.facts(of: event, isTimeline).map { change($0, at: event.milliseconds) }
    if access.isRedacted { changes.append(change(.redaction(of: id), at: access.redactionTime)) }
    return changes
  }

  private func facts(of event: MatrixEvent, _ isTimeline: Bool) -> [AccessChange.Fact] {
    if event.type == "m.room.redaction" {
      return (target ?? content.target).map { [.redaction(of: $0)] } ?? []
    }
    // Anybody can send an event of such a type; only with a state key does it say how the room is.
    guard let stateKey else { return [] }
    if event.type == "m.room.member" {
      guard let membership = content.membership.flatMap(AccessChange.Membership.init(rawValue:))
      else { return [] }
      let before = previous.membership.flatMap(AccessChange.Membership.init(rawValue:))
      return [.membership(account: stateKey, membership, before: before)]
    }
    guard stateKey.isEmpty else { return [] }
    switch event.type {
    case "m.room.create":
      let creator = event.sender ?? content.creator
      let creation = AccessChange.Fact.creation(by: creator, isFederated: content.isFederated)
      return isTimeline ? [creation, .wholeMembership] : [creation]
    case "m.room.join_rules": return joinRule.map { [.joinRule($0)] } ?? []
    case "m.room.history_visibility":
      // Synapse takes a value that it does not know for `shared`, as it does where there is none.
      return [.historyVisibility(content.visibility.flatMap { .init(rawValue: $0) } ?? .shared)]
    case "m.room.guest_access":
      return [.guestAccess(canJoin: content.guestAccess == "can_join")]
    case "m.room.encryption": return [.encryption]
    default: return []
    }
  }

  /// The rule, or `nil` where the event has none; one that nobody knows lets nobody in.
  private var joinRule: AccessChange.JoinRule? {
    switch content.joinRule {
    case nil: nil
    case "public"?: .public
    case "knock"?: .knock
    case "restricted"?: .restricted(to: content.rooms, knock: false)
    case "knock_restricted"?: .restricted(to: content.rooms, knock: true)
    default: .invite
    }
  }
}

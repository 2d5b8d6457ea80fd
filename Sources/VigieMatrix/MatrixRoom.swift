package import VigieCore
package import VigieJSON

/// What a homeserver knows of a room, as far as it says so.
///
/// *Source:* Matrix specification v1.11, client-server API, `m.room.join_rules`,
/// `m.room.history_visibility`, `m.room.encryption`, `m.room.create`; `im.vector.room.access_rules` of Tchap.
package struct MatrixRoom: Sendable, Hashable {
  /// The id, such as `!room:server.example`; since room version 12 without a server.
  package var id: String
  /// The name.
  package var name: String?
  /// Who may come in.
  package var joinRule: String?
  /// Who may read what was said before.
  package var historyVisibility: String?
  /// Whether messages are encrypted; `nil` where nobody said.
  package var isEncrypted: Bool?
  /// The access rule of Tchap: `restricted`, `unrestricted` or `direct`.
  package var accessRule: String?
  /// Whether other servers may take part; `nil` where nobody said.
  package var isFederated: Bool?

  /// A room of which only the id is known.
  package init(id: String) { self.id = id }

  /// The channel as policies see it.
  ///
  /// Public is what anybody with an account may read: by coming in or, where history is world-readable,
  /// without. A room that spaces or requests open (`restricted`, `knock`) has a door somebody keeps.
  package var channel: Channel {
    let visibility: Visibility
    if joinRule == "public" || historyVisibility == "world_readable" {
      visibility = .public
    } else if accessRule == "direct" {
      visibility = .direct
    } else {
      switch joinRule {
      case "invite", "private", "knock", "restricted", "knock_restricted": visibility = .private
      default: visibility = .unknown
      }
    }
    return Channel(
      id: id,
      name: name,
      visibility: visibility,
      encrypted: isEncrypted,
      federated: isFederated
    )
  }
}

extension MatrixRoom {
  /// Reads what a server sends of a room.
  ///
  /// Keys: `id`, `name`, `join_rule`, `history_visibility`, `encryption` (an algorithm, or `null` where it is
  /// known that there is none), `access_rule`, `federate`; all but `id` may be missing, which says that the
  /// server does not know.
  ///
  /// - Throws: ``MatrixFault`` where a key is unknown or holds another type: a misspelt `join_rule` must not
  ///   make a public room an unknown one.
  package init(_ json: JSONValue) throws(MatrixFault) {
    guard case .object(let members) = json else { throw MatrixFault("'room' is no object") }
    self.init(id: "")
    var hasID = false
    for member in members {
      switch member.key {
      case "id":
        id = try MatrixRoom.string(member) ?? ""
        hasID = !id.isEmpty
      case "name": name = try MatrixRoom.string(member)
      case "join_rule": joinRule = try MatrixRoom.string(member)
      case "history_visibility": historyVisibility = try MatrixRoom.string(member)
      case "encryption": isEncrypted = try MatrixRoom.string(member) != nil
      case "access_rule": accessRule = try MatrixRoom.string(member)
      case "federate":
        switch member.value {
        case .boolean(let isFederated): self.isFederated = isFederated
        case .null: break
        default: throw MatrixFault("'room.federate' must be true or false")
        }
      default: throw MatrixFault("unknown key in 'room'; the keys are \(MatrixRoom.keys)")
      }
    }
    if !hasID { throw MatrixFault("the key 'room.id' is missing") }
  }

  private static let keys =
    "id, name, join_rule, history_visibility, encryption, access_rule, federate"

  private static func string(_ member: JSONValue.Member) throws(MatrixFault) -> String? {
    switch member.value {
    case .string(let text): return text
    case .null: return nil
    default: throw MatrixFault("'room.\(member.key)' must be a string")
    }
  }
}

/// Why something is no event or room that can be judged; it never quotes them.
package struct MatrixFault: Error, Sendable, Equatable {
  /// What is wrong and what would be right.
  package let message: String

  /// A fault from its words.
  package init(_ message: String) { self.message = message }
}

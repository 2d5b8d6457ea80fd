package import VigieCrypto
package import VigieJSON

/// Signs events as a policy server: who sees the signature knows that the event was looked at and may go on.
///
/// *Source:* MSC4284 (policy servers); Matrix specification v1.11, server-server API, "Signing Events", and
/// the redaction algorithms of the room versions 1 to 12.
package struct EventSigning: Sendable {
  /// The id of the key of every policy server.
  ///
  /// *Source:* MSC4284, "The policy server's signature".
  package static let keyID = "ed25519:policy_server"

  private let key: SigningKey
  /// The rules of redaction are those of this room version, where the event does not show its own.
  private let roomVersion: Int

  /// A signer with a key.
  ///
  /// - Parameters:
  ///   - key: The private key; the public half stands in the state of the room.
  ///   - roomVersion: The version of rooms whose events do not show it.
  package init(_ key: SigningKey, roomVersion: Int = 11) {
    self.key = key
    self.roomVersion = roomVersion
  }

  /// The public key, unpadded base64, as `m.room.policy` states it.
  package var publicKey: String {
    UnpaddedBase64.text(Digest.bytes(hex: Array(key.verifyingKey.hex.utf8)) ?? [])
  }

  /// The signature of an event, unpadded base64.
  ///
  /// - Parameter event: The event as servers send it to one another.
  /// - Returns: 86 letters.
  /// - Throws: ``MatrixFault`` where it is no event that can be signed, or not the one its hash is of.
  package func signature(of event: JSONValue) throws(MatrixFault) -> String {
    try EventSigning.checkHash(of: event)
    let kept = try EventSigning.redacted(event, roomVersion: version(of: event))
    guard case .object(let members) = kept else { throw MatrixFault("the event is no object") }
    let signed = members.filter { $0.key != "signatures" && $0.key != "unsigned" }
    let bytes = try CanonicalJSON.bytes(.object(signed))
    return UnpaddedBase64.text(key.signature(for: bytes))
  }

  /// Refuses an event that is not the one its hash was made of.
  ///
  /// A signature covers the hash, not the content: it would be good for a content that nobody looked at.
  ///
  /// *Source:* Matrix specification v1.11, server-server API, "Calculating the content hash for an event".
  private static func checkHash(of event: JSONValue) throws(MatrixFault) {
    guard case .object(let members) = event else { throw MatrixFault("the event is no object") }
    let unhashed: Set<String> = ["hashes", "signatures", "unsigned"]
    let bytes = try CanonicalJSON.bytes(.object(members.filter { !unhashed.contains($0.key) }))
    guard event["hashes"]?["sha256"]?.string == UnpaddedBase64.text(Digest.rawSHA256(bytes)) else {
      throw MatrixFault("the hash of the event is that of another one")
    }
  }

  /// The version of the room as far as an event shows it: ids of rooms lost their server in version 12.
  private func version(of event: JSONValue) -> Int {
    if let room = event["room_id"]?.string, !room.contains(":") { return max(roomVersion, 12) }
    if event["type"]?.string == "m.room.create",
      let said = event["content"]?["room_version"]?.string, let number = Int(said)
    {
      return number
    }
    return roomVersion
  }

  // MARK: - Redaction

  /// What is left of an event when it is redacted.
  static func redacted(_ event: JSONValue, roomVersion: Int) throws(MatrixFault) -> JSONValue {
    guard case .object(let members) = event, let type = event["type"]?.string,
      let content = event["content"], case .object = content
    else { throw MatrixFault("the event has no 'type' or no 'content'") }
    var wanted: Set<String> = [
      "event_id", "type", "room_id", "sender", "state_key", "content", "hashes", "signatures",
      "depth",
      "prev_events", "auth_events", "origin_server_ts",
    ]
    if roomVersion < 11 { wanted.formUnion(["origin", "membership", "prev_state"]) }
    return .object(
      members.filter { wanted.contains($0.key) }.map { member in
        guard member.key == "content" else { return member }
        return .init("content", kept(of: content, type: type, roomVersion: roomVersion))
      }
    )
  }

  /// What is left of a content.
  private static func kept(of content: JSONValue, type: String, roomVersion: Int) -> JSONValue {
    guard case .object(let members) = content else { return content }
    func only(_ keys: String...) -> JSONValue { .object(members.filter { keys.contains($0.key) }) }
    switch type {
    case "m.room.create": return roomVersion >= 11 ? content : only("creator")
    case "m.room.join_rules":
      return roomVersion >= 8 ? only("join_rule", "allow") : only("join_rule")
    case "m.room.history_visibility": return only("history_visibility")
    case "m.room.aliases" where roomVersion < 6: return only("aliases")
    case "m.room.redaction" where roomVersion >= 11: return only("redacts")
    case "m.room.power_levels":
      let always = [
        "ban", "events", "events_default", "kick", "redact", "state_default", "users",
        "users_default",
      ]
      let keys = roomVersion >= 11 ? always + ["invite"] : always
      return .object(members.filter { keys.contains($0.key) })
    case "m.room.member":
      return .object(members.compactMap { keptMember($0, roomVersion: roomVersion) })
    default: return .object([])
    }
  }

  private static func keptMember(
    _ member: JSONValue.Member,
    roomVersion: Int
  ) -> JSONValue.Member? {
    switch member.key {
    case "membership": return member
    case "join_authorised_via_users_server": return roomVersion >= 9 ? member : nil
    case "third_party_invite":
      guard roomVersion >= 11, let signed = member.value["signed"] else { return nil }
      return .init(member.key, .object([.init("signed", signed)]))
    default: return nil
    }
  }
}

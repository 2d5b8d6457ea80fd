import VigieCore
package import VigieHook
import VigieJSON
import VigieMatrix
package import VigieWire

extension CheckService {
  /// The bytes of a reply that has nothing to say, as most have: ids of 64 bytes and some, and the rest.
  private static let clearByteCount = 384

  /// The line of a reply.
  package static func answer(_ reply: HookReply) -> Answer {
    answer(EventReply(reply: reply))
  }

  /// The line of a reply to an event.
  static func answer(_ event: EventReply) -> Answer {
    let reply = event.reply
    var json = JSONWriter(reserving: clearByteCount)
    json.beginObject()
    json.reviewMembers(
      reply.review,
      failure: reply.failure,
      elapsedMicroseconds: reply.microseconds
    )
    if let refusal = reply.refusal {
      json.key("override_refused")
      json.string(refusal.rawValue)
    }
    if let content = event.content {
      json.key("content")
      json.value(content)
    }
    json.endObject()
    return Answer(
      bytes: json.take(),
      outcome: reply.failure == nil ? .reviewed(reply.verdict) : .notJudged(reply.verdict)
    )
  }

  /// The line of an error.
  package static func answer(_ error: WireError) -> Answer {
    var json = JSONWriter()
    json.errorLine(error)
    return Answer(bytes: json.take(), outcome: .refused)
  }

  /// The object that a request is.
  static func object(_ bytes: [UInt8]) throws(WireError) -> JSONValue {
    let json: JSONValue
    do { json = try JSONValue(bytes) } catch {
      throw WireError(
        code: .invalidJSON,
        message: "the request \(error.reason.rawValue) at byte \(error.offset)",
        line: 1
      )
    }
    guard case .object = json else {
      throw WireError(code: .notAnObject, message: "the request is no JSON object", line: 1)
    }
    return json
  }

  static func refuseUnknownKeys(_ json: JSONValue, but keys: Set<String>) throws(WireError) {
    guard case .object(let members) = json else { return }
    var seen: Set<String> = []
    for member in members {
      guard keys.contains(member.key) else {
        let known = keys.sorted().joined(separator: ", ")
        throw WireError(
          code: .unknownKey,
          message: "unknown key in the request; the keys are \(known)",
          line: 1
        )
      }
      guard seen.insert(member.key).inserted else {
        throw WireError(
          code: .duplicateKey,
          message: "the key '\(member.key)' stands there twice; keep one",
          line: 1
        )
      }
    }
  }

  /// What reads Matrix, its faults as errors of the wire.
  static func matrix<Value>(_ read: () throws(MatrixFault) -> Value) throws(WireError) -> Value {
    do { return try read() } catch {
      throw WireError(code: .invalidValue, message: error.message, line: 1)
    }
  }
}

extension HookReply {
  /// From the call to the reply, whole microseconds.
  var microseconds: Int {
    // Not a division of durations: that is one of 128 bits, by way of a fraction.
    let (seconds, attoseconds) = elapsed.components
    return Int(seconds) * 1_000_000 + Int(attoseconds / 1_000_000_000_000)
  }
}

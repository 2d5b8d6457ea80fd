import HTTPTypes
import Hummingbird
import VigieCore
import VigieHook
import VigieJSON
import VigieMatrix
import VigieWire

/// What other homeservers ask a policy server.
enum PolicyPaths {
  /// *Source:* MSC4284, stable and unstable.
  static let all: Set<String> = [
    "/_matrix/policy/v1/sign", "/_matrix/policy/unstable/org.matrix.msc4284/sign",
  ]
}

extension Routes {
  /// Callbacks that hold nothing anybody wrote.
  ///
  /// *Source:* synapse-http-antispam 0.5.1; Synapse, docs/modules/spam_checker_callbacks.md.
  private static let passedCallbacks: Set<String> = [
    "user_may_join_room", "accept_make_join", "user_may_invite", "user_may_send_3pid_invite",
    "user_may_create_room", "user_may_publish_room", "check_login_for_spam",
    "check_registration_for_spam", "check_media_file_for_spam", "should_drop_federated_event",
    "user_may_send_state_event",
  ]

  /// The callbacks of the module synapse-http-antispam, base address `…/v1/synapse`.
  ///
  /// *Source:* synapse-http-antispam 0.5.1, README: any 2xx lets through, anything else refuses and its
  /// JSON goes to the client.
  func addSynapse(to router: Router<Context>) {
    router.post("/v1/synapse/:callback") { request, context in
      let json = try await object(of: request)
      switch context.parameters.get("callback") {
      case "ping": return Routes.pong(json)
      case "check_event_for_spam", "federated_user_may_invite":
        guard let event = json["event"] else {
          throw MatrixRefusal(
            code: "M_MISSING_PARAM",
            message: "the key 'event' is missing; this is the protocol of synapse-http-antispam"
          )
        }
        return try await judge(event)
      case "check_username_for_spam":
        return await judge(json["user_profile"]?["display_name"]?.string)
      case "user_may_create_room_alias": return await judge(json["room_alias"]?.string)
      // Who may come in or be invited is not for us to say.
      case let callback? where Routes.passedCallbacks.contains(callback):
        return Routes.json(Array("{}".utf8))
      // A path misspelt in a configuration must not let everything pass.
      default:
        return PlainErrors.matrix(
          .notFound,
          "M_UNRECOGNIZED",
          "there is no such callback; the module's base_url ends with /v1/synapse"
        )
      }
    }
  }

  /// Signs what may go on.
  ///
  /// *Source:* MSC4284; a refusal's status and text reach the client as they are.
  func addPolicy(_ server: PolicyServer, to router: Router<Context>) {
    for path in PolicyPaths.all.sorted() {
      router.post(RouterPath(path)) { request, _ in
        let event = try await object(of: request)
        do {
          let read = try MatrixEvent(event, in: nil)
          let result = await service.review(read)
          guard !result.reply.verdict.isStop else {
            return refusal(result, status: .badRequest)
          }
          return Routes.json(Routes.signed(try server.signing.signature(of: event), by: server))
        } catch let fault as MatrixFault {
          return PlainErrors.matrix(.badRequest, "M_BAD_JSON", fault.message)
        }
      }
    }
  }

  private static func signed(_ signature: String, by server: PolicyServer) -> [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    json.key(server.name)
    json.beginObject()
    json.key(EventSigning.keyID)
    json.string(signature)
    json.endObject()
    json.endObject()
    return json.take()
  }

  private static func pong(_ request: JSONValue) -> Response {
    var json = JSONWriter()
    json.beginObject()
    json.key("id")
    json.string(request["id"]?.string)
    json.key("status")
    json.string("ok")
    json.endObject()
    return Routes.json(json.take())
  }

  private func object(of request: Request) async throws -> JSONValue {
    let body = try await bytes(of: request, upTo: options.maxCheckByteCount)
    do { return try CheckService.object(body) } catch {
      let code = error.code == .invalidJSON ? "M_NOT_JSON" : "M_BAD_JSON"
      throw MatrixRefusal(code: code, message: error.message)
    }
  }

  private func judge(_ event: JSONValue) async throws -> Response {
    let read: MatrixEvent
    do { read = try MatrixEvent(event, in: nil) } catch {
      return PlainErrors.matrix(.badRequest, "M_BAD_JSON", error.message)
    }
    let result = await service.review(read)
    // Nothing can be taken out over this protocol: what should be redacted is refused.
    guard result.reply.verdict.isStop else { return Routes.json(Array("{}".utf8)) }
    return refusal(result, status: .forbidden)
  }

  /// Judges a name that is to be shown to everybody.
  private func judge(_ name: String?) async -> Response {
    guard let name else { return Routes.json(Array("{}".utf8)) }
    let channel = Channel(id: "", visibility: .public, encrypted: false)
    let reply = await service.hook.review(Message(id: "", body: name, channel: channel))
    guard reply.verdict.isStop else { return Routes.json(Array("{}".utf8)) }
    return refusal(.init(reply: reply), status: .forbidden)
  }

  /// What a client of Matrix reads: an error in its language, and what was found.
  private func refusal(
    _ result: CheckService.EventReply,
    status: HTTPResponse.Status
  ) -> Response {
    let review = result.reply.review
    let tip = options.languages.lazy.compactMap { review.tip?[$0] }.first
    var json = JSONWriter()
    json.beginObject()
    json.key("errcode")
    json.string("M_FORBIDDEN")
    json.key("error")
    json.string(tip ?? "This message was not let through by the content policy.")
    json.key("org.vigie")
    json.summary(review)
    json.endObject()
    return Routes.json(json.take(), status)
  }
}

/// That a request is not one that Matrix knows.
struct MatrixRefusal: Error {
  /// The errcode.
  let code: String
  /// What is wrong; never text of the message.
  let message: String
}

extension PlainErrors {
  /// An error as Matrix writes it.
  static func matrix(
    _ status: HTTPResponse.Status,
    _ code: String,
    _ message: String
  ) -> Response {
    var json = JSONWriter()
    json.beginObject()
    json.key("errcode")
    json.string(code)
    json.key("error")
    json.string(message)
    json.endObject()
    return Routes.json(json.take(), status)
  }
}

extension JSONWriter {
  /// What a sender may know of a review: what was found where, never the evidence.
  mutating func summary(_ review: Review) {
    beginObject()
    key("verdict")
    string(review.verdict.name)
    key("level")
    string(review.level.name)
    key("findings")
    beginArray()
    for finding in review.findings {
      beginObject()
      key("rule")
      string(finding.rule)
      key("level")
      string(finding.level.name)
      key("usage")
      string(finding.usage.rawValue)
      key("part")
      string(finding.place.part.description)
      key("masked")
      string(finding.masked)
      endObject()
    }
    endArray()
    key("gaps")
    strings(review.gaps.map(\.reason.rawValue))
    endObject()
  }
}

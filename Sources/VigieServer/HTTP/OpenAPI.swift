import VigieJSON
import VigieWire

/// The OpenAPI document of the server.
///
/// *Source:* OpenAPI Specification 3.1.0, whose schemas are JSON Schema 2020-12: those of the wire stand in it
/// as they are published.
package enum OpenAPI {
  /// The document, JSON with a final line break.
  package static let document: String = {
    var json = JSONWriter(isPretty: true)
    json.beginObject()
    json.key("openapi")
    json.string("3.1.0")
    json.key("info")
    json.value(tree(info))
    json.key("paths")
    json.value(tree(paths))
    json.key("components")
    json.beginObject()
    json.key("securitySchemes")
    json.value(tree(#"{ "token": { "type": "http", "scheme": "bearer" } }"#))
    json.key("schemas")
    json.beginObject()
    for (name, schema) in schemas() {
      json.key(name)
      json.value(schema)
    }
    json.endObject()
    json.endObject()
    json.endObject()
    json.lineBreak()
    return String(decoding: json.take(), as: UTF8.self)
  }()

  private static func tree(_ text: String) -> JSONValue {
    // The text is ours: a test reads the document.
    (try? JSONValue(Array(text.utf8))) ?? .null
  }

  /// The published schemas by name, and those that are the server's own.
  private static func schemas() -> [(String, JSONValue)] {
    var found: [(String, JSONValue)] = []
    func add(_ name: String, _ value: JSONValue) {
      if !found.contains(where: { $0.0 == name }) { found.append((name, value)) }
    }
    for schema in WireSchema.all {
      let text = schema.text.replacing("#/$defs/", with: "#/components/schemas/")
      guard case .object(let members) = tree(text) else { continue }
      let own = members.filter { !["$schema", "$id", "$defs"].contains($0.key) }
      add(schema.name, .object(own))
      guard case .object(let parts)? = tree(text)["$defs"] else { continue }
      for part in parts { add(part.key, part.value) }
    }
    guard case .object(let ours) = tree(ownSchemas) else { return found }
    for member in ours { add(member.key, member.value) }
    return found
  }

  private static let info = """
    {
      "title": "Vigie",
      "version": "1",
      "description": "Finds restricted-distribution markings, identifiers and credentials in messages before they are stored."
    }
    """

  private static let ownSchemas = """
    {
      "event-request": {
        "type": "object",
        "required": ["event"],
        "additionalProperties": false,
        "properties": {
          "event": { "type": "object", "description": "The event as the homeserver has it." },
          "room": { "$ref": "#/components/schemas/room" },
          "language": { "type": "string" }
        }
      },
      "room": {
        "type": "object",
        "description": "What is known of the room; a key that is missing is not known.",
        "required": ["id"],
        "additionalProperties": false,
        "properties": {
          "id": { "type": "string" },
          "name": { "type": ["string", "null"] },
          "join_rule": { "type": ["string", "null"] },
          "history_visibility": { "type": ["string", "null"] },
          "encryption": { "type": ["string", "null"], "description": "The algorithm; null where there is none." },
          "access_rule": { "type": ["string", "null"] },
          "federate": { "type": ["boolean", "null"] }
        }
      },
      "rules": {
        "type": "object",
        "required": ["version", "ruleset", "rules"],
        "properties": {
          "version": { "const": 1 },
          "ruleset": { "type": "string" },
          "rules": {
            "type": "array",
            "items": {
              "type": "object",
              "required": ["id", "family", "title", "kind", "scheme", "level"],
              "properties": {
                "id": { "type": "string" }, "family": { "type": "string" }, "title": { "type": "string" },
                "kind": { "type": "string" }, "scheme": { "type": "string" }, "level": { "type": "string" }
              }
            }
          }
        }
      },
      "ruleset": {
        "type": "object",
        "required": ["ruleset"],
        "properties": { "ruleset": { "type": "string" } }
      },
      "matrix-error": {
        "type": "object",
        "required": ["errcode", "error"],
        "properties": { "errcode": { "type": "string" }, "error": { "type": "string" } }
      }
    }
    """

  /// The answer of one status as JSON of a schema.
  private static func answer(_ status: Int, _ words: String, _ schema: String) -> String {
    """
    "\(status)": { "description": "\(words)", "content": { "application/json": {
      "schema": { "$ref": "#/components/schemas/\(schema)" } } } }
    """
  }

  private static func text(_ words: String) -> String {
    """
    "200": { "description": "\(words)", "content": { "text/plain": { "schema": { "type": "string" } } } }
    """
  }

  private static let failures = [
    answer(401, "The bearer token is missing or wrong.", "error-line"),
    answer(413, "The body is too long.", "error-line"),
    answer(415, "The body is packed (Content-Encoding).", "error-line"),
  ].joined(separator: ",")

  private static func body(_ type: String, _ schema: String) -> String {
    """
    "requestBody": { "required": true, "content": { "\(type)": { "schema": \(schema) } } }
    """
  }

  private static func reference(_ name: String) -> String {
    "{ \"$ref\": \"#/components/schemas/\(name)\" }"
  }

  private static let secured = "\"security\": [ { \"token\": [] } ]"

  private static let paths = """
    {
      "/v1/check": { "post": {
        "operationId": "check", "summary": "Judges one message.", \(secured),
        \(body("application/json", reference("check-line"))),
        "responses": {
          \(answer(200, "The review.", "review-line")),
          \(answer(400, "The message is not valid.", "error-line")), \(failures) } } },
      "/v1/batch": { "post": {
        "operationId": "batch", "summary": "Judges messages, one JSON object a line; one line out for each, in the same order.", \(secured),
        \(body("application/jsonl", #"{ "type": "string" }"#)),
        "responses": {
          "200": { "description": "A review or an error for each line.", "content": {
            "application/jsonl": { "schema": { "type": "string" } } } }, \(failures) } } },
      "/v1/files": { "post": {
        "operationId": "inspect", "summary": "Inspects an upload once; messages that post it name its id.", \(secured),
        "parameters": [
          { "name": "id", "in": "query", "required": true, "schema": { "type": "string" }, "description": "The media id." },
          { "name": "name", "in": "query", "schema": { "type": "string" } },
          { "name": "mimetype", "in": "query", "schema": { "type": "string" } } ],
        \(body("application/octet-stream", #"{ "type": "string", "format": "binary" }"#)),
        "responses": {
          \(answer(200, "What every channel would say of it.", "review-line")),
          \(answer(400, "The id is missing.", "error-line")), \(failures),
          \(answer(507, "The disk is full.", "error-line")) } } },
      "/v1/events": { "post": {
        "operationId": "event", "summary": "Judges an event of a Matrix room.", \(secured),
        \(body("application/json", reference("event-request"))),
        "responses": {
          \(answer(200, "The review; with the content to store where the verdict is redact.", "review-line")),
          \(answer(400, "This is no event.", "error-line")), \(failures) } } },
      "/v1/synapse/{callback}": { "post": {
        "operationId": "synapse", "summary": "The callbacks of the module synapse-http-antispam.", \(secured),
        "parameters": [ { "name": "callback", "in": "path", "required": true, "schema": { "type": "string" } } ],
        \(body("application/json", #"{ "type": "object" }"#)),
        "responses": {
          "200": { "description": "Let through.", "content": { "application/json": { "schema": { "type": "object" } } } },
          \(answer(400, "The request is not valid.", "matrix-error")),
          \(answer(403, "Refused; this goes to the client.", "matrix-error")),
          \(answer(404, "There is no such callback.", "matrix-error")), \(failures) } } },
      "/v1/rules": { "get": {
        "operationId": "rules", "summary": "The rules in use.", \(secured),
        "responses": { \(answer(200, "The rules.", "rules")),
          \(answer(401, "The bearer token is missing or wrong.", "error-line")) } } },
      "/v1/reload": { "post": {
        "operationId": "reload", "summary": "Takes rules and policy into use anew; keeps those in use where the new ones cannot be had.", \(secured),
        "responses": { \(answer(200, "The rules now in use.", "ruleset")),
          \(answer(401, "The bearer token is missing or wrong.", "error-line")),
          \(answer(409, "The new rules were refused, with every fault; those before are in use.", "error-line")) } } },
      "/healthz": { "get": { "operationId": "health", "summary": "Whether the server lives.",
        "responses": { \(text("It does.")) } } },
      "/readyz": { "get": { "operationId": "ready", "summary": "Whether the server takes messages.",
        "responses": { \(text("It does.")),
          \(answer(503, "It cannot judge.", "error-line")) } } },
      "/metrics": { "get": { "operationId": "metrics", "summary": "What Prometheus reads.", \(secured),
        "responses": { \(text("The metrics.")),
          \(answer(401, "The bearer token is missing or wrong.", "error-line")) } } },
      "/openapi.json": { "get": { "operationId": "openapi", "summary": "This document.", \(secured),
        "responses": { "200": { "description": "The document.", "content": { "application/json": { "schema": { "type": "object" } } } },
          \(answer(401, "The bearer token is missing or wrong.", "error-line")) } } },
      "/_matrix/policy/v1/sign": { "post": {
        "operationId": "sign", "summary": "Signs an event as a policy server (MSC4284); there only where one is set up, without a token.",
        \(body("application/json", #"{ "type": "object", "description": "The event." }"#)),
        "responses": {
          "200": { "description": "The signature, by server name and key.", "content": { "application/json": { "schema": { "type": "object" } } } },
          \(answer(400, "Refused, or no event.", "matrix-error")),
          \(answer(413, "The body is too long.", "error-line")),
          \(answer(415, "The body is packed (Content-Encoding).", "error-line")) } } }
    }
    """
}

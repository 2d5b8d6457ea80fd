import VigieJSON
import VigieReports
import VigieWire

/// The published JSON Schema of what `vigie findings list --json` prints.
package enum FindingSchema {
  /// The object with all items asked for.
  ///
  /// *Source:* JSON Schema, draft 2020-12.
  package static var list: String {
    document(
      name: "findings",
      title: "What vigie findings list --json prints: findings kept in a store, by fingerprint",
      definition: definition
    )
  }

  /// A document from a definition of ours, with the shapes of a finding.
  static func document(name: String, title: String, definition: String) -> String {
    let finding = (WireSchema.named("finding")?.text).flatMap { try? JSONValue(Array($0.utf8)) }
    guard case .object(var members)? = try? JSONValue(Array(definition.utf8)),
      case .object(let inner)? = finding
    else { return definition }
    var shapes: [JSONValue.Member] = [
      .init(
        "finding",
        .object(inner.filter { !["$schema", "$id", "$defs"].contains($0.key) })
      )
    ]
    if case .object(let others)? = JSONValue.object(inner)["$defs"] { shapes += others }
    members.append(.init("$defs", .object(shapes)))
    return ReportSchema.document(name: name, title: title, members: members)
  }

  private static let definition = """
    {
      "type": "object",
      "required": ["version", "findings"],
      "additionalProperties": false,
      "properties": {
        "version": { "const": 1 },
        "findings": {
          "type": "array",
          "description": "the gravest first",
          "items": {
            "type": "object",
            "required": ["fingerprint", "rule", "scheme", "level", "usage", "masked", "state",
              "decisions", "first_run", "last_run", "places"],
            "additionalProperties": false,
            "properties": {
              "fingerprint": { "type": "string", "description": "64 hex digits" },
              "rule": { "type": "string" },
              "scheme": { "type": "string" },
              "level": { "enum": ["public", "internal", "restricted", "confidential", "secret",
                "top-secret"] },
              "usage": { "enum": ["applied", "mentioned"], "description": "applied where any place is" },
              "masked": { "type": "string" },
              "state": { "enum": ["open", "confirmed", "false-alarm", "accepted", "remediated"] },
              "decisions": {
                "type": "array",
                "description": "the first made first; the state is that of the last",
                "items": {
                  "type": "object",
                  "required": ["state", "who", "time", "why"],
                  "additionalProperties": false,
                  "properties": {
                    "state": { "enum": ["open", "confirmed", "false-alarm", "accepted",
                      "remediated"] },
                    "who": { "type": "string", "description": "scan where a scan decided" },
                    "time": { "type": ["string", "null"], "description": "RFC 3339" },
                    "why": { "type": "string" }
                  }
                }
              },
              "first_run": { "type": "integer", "minimum": 1 },
              "last_run": { "type": "integer", "minimum": 1 },
              "places": {
                "type": "array",
                "description": "every place that fits what was asked; those that are not gone first",
                "items": {
                  "type": "object",
                  "required": ["channel", "message", "replaces", "sender", "timestamp", "verdict",
                    "files", "first_run", "last_run", "gone_run", "finding"],
                  "additionalProperties": false,
                  "properties": {
                    "channel": {
                      "type": "object",
                      "required": ["id", "name", "visibility"],
                      "additionalProperties": false,
                      "properties": {
                        "id": { "type": ["string", "null"] },
                        "name": { "type": ["string", "null"] },
                        "visibility": { "enum": ["public", "private", "direct", "unknown"] }
                      }
                    },
                    "message": { "type": "string" },
                    "replaces": { "type": ["string", "null"], "description": "of which it is an edit" },
                    "sender": { "type": ["string", "null"] },
                    "timestamp": { "type": ["string", "null"] },
                    "verdict": { "enum": ["allow", "log", "warn", "redact", "hold", "block"] },
                    "files": {
                      "type": "array", "items": { "type": "string" },
                      "description": "what the archive calls the files of the message"
                    },
                    "first_run": { "type": "integer", "minimum": 1 },
                    "last_run": { "type": "integer", "minimum": 1 },
                    "gone_run": { "type": ["integer", "null"], "minimum": 1 },
                    "finding": { "$ref": "#/$defs/finding" }
                  }
                }
              }
            }
          }
        }
      }
    }
    """
}

package import VigieJSON
import VigieCore
import VigieWire

/// The published JSON Schemas of what `vigie … --json` prints.
///
/// *Source:* JSON Schema, draft 2020-12.
package enum ReportSchema {
  /// The array that `vigie check --json` prints: one review a file.
  package static var check: String {
    let review = WireSchema.named("review-line")?.text ?? ""
    guard case .object(let members)? = try? JSONValue(Array(review.utf8)) else { return review }
    let inner = members.filter { !["$schema", "$id", "$defs"].contains($0.key) }
    var definitions: [JSONValue.Member] = [.init("review-line", .object(inner))]
    if case .object(let others)? = JSONValue.object(members)["$defs"] { definitions += others }
    return document(
      name: "check",
      title: "What vigie check --json prints: one review for each text or file",
      members: [
        .init("type", .string("array")),
        .init("items", .object([.init("$ref", .string("#/$defs/review-line"))])),
        .init("$defs", .object(definitions)),
      ]
    )
  }

  /// The object that `vigie scan --json` prints.
  package static var scan: String {
    document(
      name: "scan",
      title: "What vigie scan --json prints: the counts of a scan",
      definition: scanDefinition
    )
  }

  /// The object that `vigie doctor --json` prints.
  package static var doctor: String {
    document(
      name: "doctor",
      title: "What vigie doctor --json prints: what can be read, and whether the sandbox holds",
      definition: doctorDefinition
    )
  }

  /// A schema document from its members.
  package static func document(
    name: String,
    title: String,
    members: [JSONValue.Member]
  ) -> String {
    var json = JSONWriter(isPretty: true)
    json.value(
      .object(
        [
          .init("$schema", .string("https://json-schema.org/draft/2020-12/schema")),
          .init("$id", .string("urn:vigie:v\(ReviewLine.version):\(name)")),
          .init("title", .string(title)),
        ] + members
      )
    )
    json.lineBreak()
    return String(decoding: json.take(), as: UTF8.self)
  }

  /// A schema document from a definition of ours, with the shapes that several documents share where it uses them.
  package static func document(name: String, title: String, definition: String) -> String {
    func members(_ text: String) -> [JSONValue.Member] {
      guard case .object(let members)? = try? JSONValue(Array(text.utf8)) else { return [] }
      return members
    }
    var own = members(definition).filter { $0.key != "$defs" }
    var definitions: [JSONValue.Member] = []
    if case .object(let others)? = JSONValue.object(members(definition))["$defs"] {
      definitions = others
    }
    // A shape may use another: those used by shapes that are used come in as well.
    var text = definition
    for shared in members(sharedDefinitions) where text.contains("#/$defs/\(shared.key)\"") {
      definitions.append(shared)
      var json = JSONWriter()
      json.value(shared.value)
      text += String(decoding: json.take(), as: UTF8.self)
    }
    if !definitions.isEmpty { own.append(.init("$defs", .object(definitions))) }
    return document(name: name, title: title, members: own)
  }

  /// The shapes that several documents share, those that use others first.
  private static let sharedDefinitions = """
    {
      "archive": {
        "type": "object",
        "required": ["path", "format", "bytes"],
        "additionalProperties": false,
        "properties": {
          "path": { "type": "string" },
          "format": { "type": "string" },
          "bytes": { "$ref": "#/$defs/count", "description": "of all exports in it, unpacked" },
          "exports": {
            "type": ["object", "null"],
            "description": "how many exports it holds, by format; null where that is not known",
            "additionalProperties": { "$ref": "#/$defs/count" }
          },
          "sha256": {
            "type": ["string", "null"],
            "description": "of the file; of a folder that of its list, a line '<sha256>  <path>' a file as sha256sum writes it, sorted by the bytes of the paths; null where it was not taken"
          },
          "size": { "type": ["integer", "null"], "minimum": 0, "description": "of the file or of all files of the folder, as they lie there" },
          "files": { "type": ["integer", "null"], "minimum": 0, "description": "of a folder; null for a file" }
        }
      },
      "applied": {
        "type": ["object", "null"],
        "description": "the rules in full; null where that is not known",
        "required": ["digest", "sites", "policy_file"],
        "additionalProperties": false,
        "properties": {
          "digest": {
            "type": "string",
            "description": "sha256: and the 64 hex digits of SHA-256 over all files; the id of the rules has the first 16"
          },
          "sites": {
            "type": "array",
            "description": "directories of the site laid over the shipped rules, in order",
            "items": {
              "type": "object",
              "required": ["path", "files"],
              "additionalProperties": false,
              "properties": {
                "path": { "type": "string" },
                "files": { "type": "array", "items": { "type": "string" } }
              }
            }
          },
          "policy_file": {
            "type": ["string", "null"],
            "description": "the policy file that was named; null for the default policy"
          }
        }
      },
      "count": { "type": "integer", "minimum": 0 }
    }
    """

  private static let doctorDefinition = """
    {
      "type": "object",
      "required": ["version", "vigie", "worker", "ocr_worker", "parts", "attempts"],
      "additionalProperties": false,
      "properties": {
        "version": { "const": 1 },
        "vigie": { "type": "string", "description": "version of the program" },
        "worker": {
          "type": "object",
          "required": ["path", "lack", "seccomp", "landlock", "nobody"],
          "additionalProperties": false,
          "properties": {
            "path": { "type": ["string", "null"], "description": "the program that reads documents" },
            "lack": { "type": ["string", "null"], "description": "why it does not work" },
            "seccomp": { "type": "boolean", "description": "a forbidden system call kills" },
            "landlock": { "type": "integer", "minimum": 0, "description": "its version, 0 for none" },
            "nobody": { "type": "boolean", "description": "it runs as nobody" }
          }
        },
        "ocr_worker": {
          "type": "object",
          "required": ["path", "lack", "seccomp", "landlock", "nobody"],
          "additionalProperties": false,
          "properties": {
            "path": { "type": ["string", "null"], "description": "the program that reads pictures" },
            "lack": { "type": ["string", "null"], "description": "why it does not work" },
            "seccomp": { "type": "boolean", "description": "a forbidden system call kills" },
            "landlock": { "type": "integer", "minimum": 0, "description": "its version, 0 for none" },
            "nobody": { "type": "boolean", "description": "it runs as nobody" }
          }
        },
        "parts": {
          "type": "array",
          "description": "what some formats need",
          "items": {
            "type": "object",
            "required": ["name", "version", "purpose"],
            "additionalProperties": false,
            "properties": {
              "name": { "type": "string" },
              "version": { "type": ["string", "null"], "description": "null where it is missing" },
              "purpose": { "type": "string", "description": "what it reads, how to install it" }
            }
          }
        },
        "attempts": {
          "type": "array",
          "description": "ways out of the sandbox that were tried; none where nothing works",
          "items": {
            "type": "object",
            "required": ["reader", "name", "what", "held", "end"],
            "additionalProperties": false,
            "properties": {
              "reader": { "enum": ["documents", "pictures"], "description": "whose sandbox it is" },
              "name": { "type": "string" },
              "what": { "type": "string" },
              "held": { "type": "boolean" },
              "end": { "type": "string", "description": "what happened" }
            }
          }
        }
      }
    }
    """

  private static var gapReasons: String {
    GapReason.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
  }

  private static let scanDefinition = """
    {
      "type": "object",
      "required": ["version", "archives", "ruleset", "policy", "verdict", "coverage", "verdicts",
        "findings", "gaps", "channels"],
      "additionalProperties": false,
      "properties": {
        "version": { "const": 1 },
        "archives": { "type": "array", "minItems": 1, "items": { "$ref": "#/$defs/archive" } },
        "ruleset": { "type": "string", "description": "id of the rules" },
        "policy": { "type": "string", "description": "name of the policy" },
        "rules": { "$ref": "#/$defs/applied" },
        "verdict": { "$ref": "#/$defs/verdict", "description": "the highest on any message" },
        "coverage": {
          "type": "object",
          "required": ["channels", "messages", "files", "bytes"],
          "additionalProperties": false,
          "properties": {
            "channels": { "$ref": "#/$defs/coverage" },
            "messages": { "$ref": "#/$defs/coverage" },
            "files": { "$ref": "#/$defs/coverage" },
            "bytes": { "$ref": "#/$defs/coverage" }
          }
        },
        "verdicts": {
          "type": "object",
          "description": "messages by verdict",
          "required": ["allow", "log", "warn", "redact", "hold", "block"],
          "additionalProperties": { "$ref": "#/$defs/count" }
        },
        "findings": {
          "type": "object",
          "required": ["total", "levels", "schemes", "rules", "disguises"],
          "additionalProperties": false,
          "properties": {
            "total": { "$ref": "#/$defs/usage" },
            "levels": { "type": "object", "additionalProperties": { "$ref": "#/$defs/usage" } },
            "schemes": { "type": "object", "additionalProperties": { "$ref": "#/$defs/usage" } },
            "rules": { "type": "object", "additionalProperties": { "$ref": "#/$defs/usage" } },
            "disguises": { "type": "object", "additionalProperties": { "$ref": "#/$defs/count" } }
          }
        },
        "gaps": {
          "type": "object",
          "description": "what could not be read, by reason",
          "additionalProperties": { "$ref": "#/$defs/count" }
        },
        "unread": {
          "type": "array",
          "description": "what could not be read, one by one, up to 1000; JSON lines name all of it",
          "items": {
            "type": "object",
            "required": ["message", "channel", "gap"],
            "additionalProperties": false,
            "properties": {
              "message": { "type": ["string", "null"] },
              "channel": { "type": ["string", "null"] },
              "gap": {
                "type": "object",
                "required": ["place", "reason", "detail"],
                "additionalProperties": false,
                "properties": {
                  "place": {
                    "type": "object",
                    "required": ["part", "path", "role", "where"],
                    "additionalProperties": { "type": ["string", "array"] },
                    "properties": { "path": { "type": "array", "items": { "type": "string" } } }
                  },
                  "reason": { "enum": [\(gapReasons)] },
                  "detail": { "type": "string" }
                }
              }
            }
          }
        },
        "channels": {
          "type": "array",
          "description": "channels in which something was found, most first",
          "items": { "$ref": "#/$defs/channel" }
        }
      },
      "$defs": {
        "verdict": { "enum": ["allow", "log", "warn", "redact", "hold", "block"] },
        "level": { "enum": ["public", "internal", "restricted", "confidential", "secret",
          "top-secret"] },
        "usage": {
          "type": "object",
          "required": ["applied", "mentioned"],
          "additionalProperties": false,
          "properties": {
            "applied": { "$ref": "#/$defs/count" },
            "mentioned": { "$ref": "#/$defs/count" }
          }
        },
        "coverage": {
          "type": "object",
          "description": "total is the sum of the others",
          "required": ["total", "inspected", "partly", "not"],
          "additionalProperties": false,
          "properties": {
            "total": { "$ref": "#/$defs/count" },
            "inspected": { "$ref": "#/$defs/count" },
            "partly": { "$ref": "#/$defs/count" },
            "not": { "$ref": "#/$defs/count" }
          }
        },
        "channel": {
          "type": "object",
          "required": ["id", "name", "visibility", "messages", "stopped", "level", "findings"],
          "additionalProperties": false,
          "properties": {
            "id": { "type": ["string", "null"] },
            "name": { "type": ["string", "null"] },
            "visibility": { "enum": ["public", "private", "direct", "unknown"] },
            "messages": { "$ref": "#/$defs/count" },
            "stopped": { "$ref": "#/$defs/count" },
            "level": { "$ref": "#/$defs/level" },
            "findings": { "$ref": "#/$defs/usage" }
          }
        }
      }
    }
    """
}

import VigieReports

/// The published JSON Schema of what `vigie exposure --json` prints.
///
/// *Source:* JSON Schema, draft 2020-12.
package enum ExposureSchema {
  /// The schema.
  package static var text: String {
    ReportSchema.document(
      name: "exposure",
      title: "What vigie exposure --json prints: what accounts could have read, and did",
      definition: definition
    )
  }

  private static let definition = """
    {
      "type": "object",
      "required": ["version", "accounts", "from", "to", "archives", "ruleset", "could", "did",
        "reckoning", "rooms", "closed_rooms", "claims", "lacks"],
      "additionalProperties": false,
      "properties": {
        "version": { "const": 1 },
        "accounts": { "type": "array", "minItems": 1, "items": { "type": "string" } },
        "from": { "type": ["string", "null"], "description": "RFC 3339, included" },
        "to": { "type": ["string", "null"], "description": "RFC 3339, excluded" },
        "archives": {
          "type": "array",
          "minItems": 1,
          "items": { "$ref": "#/$defs/archive" }
        },
        "ruleset": { "type": ["string", "null"], "description": "null where no text was inspected" },
        "rules": { "$ref": "#/$defs/applied" },
        "could": {
          "type": "object",
          "description": "what could be read",
          "required": ["rooms", "accounts", "messages", "media", "media_bytes", "marked",
            "sent_in_window", "edits", "encrypted", "encrypted_media", "redacted", "system",
            "not_inspected", "levels", "doubts"],
          "additionalProperties": false,
          "properties": {
            "rooms": { "$ref": "#/$defs/figure" },
            "accounts": { "$ref": "#/$defs/figure" },
            "messages": { "$ref": "#/$defs/figure" },
            "media": { "$ref": "#/$defs/figure" },
            "media_bytes": { "$ref": "#/$defs/figure" },
            "marked": { "$ref": "#/$defs/figure-or-null" },
            "sent_in_window": { "$ref": "#/$defs/figure" },
            "edits": { "$ref": "#/$defs/figure" },
            "encrypted": { "$ref": "#/$defs/figure" },
            "encrypted_media": { "$ref": "#/$defs/figure" },
            "redacted": { "$ref": "#/$defs/figure" },
            "system": { "$ref": "#/$defs/figure" },
            "not_inspected": { "$ref": "#/$defs/figure-or-null" },
            "levels": { "$ref": "#/$defs/levels" },
            "doubts": {
              "type": "object",
              "description": "messages that are possible only, by the reason",
              "additionalProperties": { "$ref": "#/$defs/count" }
            }
          }
        },
        "did": {
          "type": ["object", "null"],
          "description": "what was read; null without an access log",
          "required": ["rooms", "accounts", "messages", "media", "media_bytes", "marked",
            "requests", "answered", "bytes_sent", "first", "last", "addresses"],
          "additionalProperties": false,
          "properties": {
            "rooms": { "$ref": "#/$defs/figure" },
            "accounts": { "$ref": "#/$defs/figure" },
            "messages": { "$ref": "#/$defs/figure" },
            "media": { "$ref": "#/$defs/figure" },
            "media_bytes": { "$ref": "#/$defs/figure" },
            "marked": { "$ref": "#/$defs/figure-or-null" },
            "requests": { "$ref": "#/$defs/count" },
            "answered": { "$ref": "#/$defs/count" },
            "bytes_sent": { "$ref": "#/$defs/count" },
            "first": { "type": ["string", "null"] },
            "last": { "type": ["string", "null"] },
            "addresses": {
              "type": "array",
              "items": {
                "type": "object",
                "required": ["address", "requests"],
                "additionalProperties": false,
                "properties": {
                  "address": { "type": "string" },
                  "requests": { "$ref": "#/$defs/count" }
                }
              }
            }
          }
        },
        "reckoning": {
          "type": "object",
          "description": "where all went that the archives hold, by kind; total is the sum of the others",
          "required": ["messages", "edits", "encrypted", "system", "media", "accounts"],
          "additionalProperties": {
            "type": "object",
            "required": ["total", "in_reach", "taken_away", "out_of_reach"],
            "additionalProperties": false,
            "properties": {
              "total": { "$ref": "#/$defs/count" },
              "in_reach": { "$ref": "#/$defs/count" },
              "taken_away": { "$ref": "#/$defs/count" },
              "out_of_reach": { "$ref": "#/$defs/count" }
            }
          }
        },
        "rooms": {
          "type": "array",
          "description": "rooms in reach, the most exposed first",
          "items": {
            "type": "object",
            "required": ["id", "name", "way", "certain", "encrypted", "accounts", "messages",
              "encrypted_messages", "files", "levels", "read", "requests", "doubt"],
            "additionalProperties": false,
            "properties": {
              "id": { "type": "string" },
              "name": { "type": ["string", "null"] },
              "way": { "enum": ["member", "world-readable", "open", "former", "unknown", "none"] },
              "certain": { "type": "boolean" },
              "encrypted": { "type": "boolean" },
              "accounts": { "$ref": "#/$defs/figure" },
              "messages": { "$ref": "#/$defs/figure" },
              "encrypted_messages": { "$ref": "#/$defs/figure" },
              "files": { "$ref": "#/$defs/figure" },
              "levels": { "$ref": "#/$defs/levels" },
              "read": { "$ref": "#/$defs/figure-or-null" },
              "requests": { "type": ["integer", "null"], "minimum": 0 },
              "doubt": { "type": ["string", "null"] }
            }
          }
        },
        "closed_rooms": { "$ref": "#/$defs/count", "description": "rooms out of reach" },
        "claims": {
          "type": "array",
          "items": {
            "type": "object",
            "required": ["kind", "subject", "claimed", "could", "did", "verdict", "reason"],
            "additionalProperties": false,
            "properties": {
              "kind": { "enum": ["read", "readable"] },
              "subject": { "enum": ["rooms", "accounts", "messages", "media", "bytes", "marked"] },
              "claimed": { "type": "string" },
              "could": { "$ref": "#/$defs/figure-or-null" },
              "did": { "$ref": "#/$defs/figure-or-null" },
              "verdict": { "enum": ["confirmed", "possible", "contradicted", "unknown"] },
              "reason": { "type": "string" }
            }
          }
        },
        "lacks": {
          "type": "array",
          "description": "what was not looked at, or is not known",
          "items": {
            "type": "object",
            "required": ["name", "count", "words"],
            "additionalProperties": false,
            "properties": {
              "name": { "type": "string" },
              "count": { "type": ["integer", "null"], "minimum": 0 },
              "words": { "type": "string" }
            }
          }
        }
      },
      "$defs": {
        "figure": {
          "type": "object",
          "description": "at least so many for sure, at most so many",
          "required": ["certain", "possible"],
          "additionalProperties": false,
          "properties": {
            "certain": { "$ref": "#/$defs/count" },
            "possible": { "$ref": "#/$defs/count" }
          }
        },
        "figure-or-null": {
          "anyOf": [{ "$ref": "#/$defs/figure" }, { "type": "null" }]
        },
        "levels": {
          "description": "messages with a marking, by level; null where no text was inspected",
          "type": ["object", "null"],
          "additionalProperties": { "$ref": "#/$defs/figure" }
        }
      }
    }
    """
}

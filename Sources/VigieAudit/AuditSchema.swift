/// The published JSON Schemas of `vigie audit … --json`.
///
/// *Source:* JSON Schema, draft 2020-12.
public enum AuditSchema {
  /// What `vigie audit verify --json` prints.
  public static let verify = """
    {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "$id": "urn:vigie:v1:audit-verify",
      "title": "What vigie audit verify --json prints: whether a log holds",
      "type": "object",
      "required": ["holds", "files", "entries", "first", "head", "break", "notes"],
      "additionalProperties": false,
      "properties": {
        "holds": { "type": "boolean", "description": "whether no entry is missing, changed or out of place" },
        "files": { "type": "integer", "minimum": 0, "description": "files read" },
        "entries": { "type": "integer", "minimum": 0, "description": "entries that hold" },
        "first": { "type": "integer", "minimum": 0, "description": "number of the first entry, 0 of none" },
        "head": {
          "type": "object",
          "description": "the last entry that holds; kept elsewhere it shows later whether the end was cut",
          "required": ["number", "hash"],
          "additionalProperties": false,
          "properties": {
            "number": { "type": "integer", "minimum": 0 },
            "hash": { "type": "string", "description": "64 hex digits" }
          }
        },
        "break": {
          "type": ["object", "null"],
          "description": "where the chain breaks first",
          "required": ["path", "line", "reason"],
          "additionalProperties": false,
          "properties": {
            "path": { "type": "string" },
            "line": { "type": "integer", "minimum": 0, "description": "0: the file as a whole" },
            "reason": { "type": "string" }
          }
        },
        "notes": { "type": "array", "items": { "type": "string" } }
      }
    }

    """

  /// What `vigie audit report --json` prints.
  public static let report = """
    {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "$id": "urn:vigie:v1:audit-report",
      "title": "What vigie audit report --json prints: what happened, counted",
      "type": "object",
      "required": ["since", "until", "reviews", "verdicts", "observed", "observed_rules",
        "overridden", "rules", "channels", "uploads", "failures", "others"],
      "additionalProperties": false,
      "properties": {
        "since": { "type": ["string", "null"], "description": "time of the first entry counted" },
        "until": { "type": ["string", "null"], "description": "time of the last entry counted" },
        "reviews": { "type": "integer", "minimum": 0, "description": "messages with an entry" },
        "verdicts": { "type": "object", "additionalProperties": { "type": "integer" } },
        "observed": {
          "type": "object",
          "description": "messages that shadow mode let pass, by the verdict that would have been",
          "additionalProperties": { "type": "integer" }
        },
        "observed_rules": {
          "type": "object",
          "description": "the same, by rule",
          "additionalProperties": { "type": "integer" }
        },
        "overridden": {
          "type": "object",
          "description": "messages that their senders sent with a justification, by the verdict they overrode",
          "additionalProperties": { "type": "integer" }
        },
        "rules": { "type": "object", "additionalProperties": { "type": "integer" } },
        "channels": {
          "type": "object",
          "description": "messages that were stopped, or would have been, by channel",
          "additionalProperties": { "type": "integer" }
        },
        "uploads": {
          "type": "object",
          "description": "uploads with an entry, by verdict",
          "additionalProperties": { "type": "integer" }
        },
        "failures": {
          "type": "object",
          "description": "messages and uploads that were not judged, by reason",
          "additionalProperties": { "type": "integer" }
        },
        "others": {
          "type": "object",
          "description": "rules replaced or refused, events lost, entries torn or purged, reports with excerpts (reveal), messages in them (revealed)",
          "additionalProperties": { "type": "integer" }
        }
      }
    }

    """

  /// Both, by the name that `vigie rules schema` knows them by.
  public static let all: [(name: String, text: String)] = [
    ("audit-verify", verify), ("audit-report", report),
  ]
}

import VigieJSON
import VigieReports

/// The published JSON Schemas of what `vigie rules … --json` prints.
package enum RuleCheckSchema {
  /// What `vigie rules list --json` prints.
  package static var list: String {
    document(
      "rules-list",
      "What vigie rules list --json prints",
      """
      {
        "type": "object",
        "required": ["version", "ruleset", "rules"],
        "additionalProperties": false,
        "properties": {
          "version": { "const": 1 },
          "ruleset": { "type": "string" },
          "rules": { "type": "array", "items": { "$ref": "#/$defs/rule" } }
        },
        "$defs": {
          "texts": { "type": "array", "items": { "type": "string" } },
          "rule": {
            "type": "object",
            "required": ["id", "family", "title", "kind", "scheme", "level", "cites", "phrases",
              "marks", "patterns", "caveats"],
            "additionalProperties": false,
            "properties": {
              "id": { "type": "string" },
              "family": { "type": "string" },
              "title": { "type": "string" },
              "kind": { "enum": ["marking", "identifier", "credential"] },
              "scheme": { "type": "string" },
              "level": { "enum": ["public", "internal", "restricted", "confidential", "secret",
                "top-secret"] },
              "cites": { "$ref": "#/$defs/texts" },
              "phrases": { "$ref": "#/$defs/texts" },
              "marks": { "$ref": "#/$defs/texts" },
              "patterns": { "$ref": "#/$defs/texts" },
              "caveats": { "$ref": "#/$defs/texts" }
            }
          }
        }
      }
      """
    )
  }

  /// What `vigie rules eval --json` prints.
  package static var evaluation: String {
    document(
      "rules-eval",
      "What vigie rules eval --json prints",
      """
      {
        "type": "object",
        "required": ["version", "messages", "alarms", "overall", "plain_applied", "schemes",
          "usages", "disguises", "languages", "confusion", "calibration", "mistakes"],
        "additionalProperties": false,
        "properties": {
          "version": { "const": 1 },
          "messages": { "$ref": "#/$defs/count" },
          "alarms": { "$ref": "#/$defs/count",
            "description": "messages without a label in which something is applied" },
          "overall": { "$ref": "#/$defs/score" },
          "plain_applied": { "$ref": "#/$defs/score" },
          "schemes": { "$ref": "#/$defs/scores" },
          "usages": { "$ref": "#/$defs/scores" },
          "disguises": { "$ref": "#/$defs/scores" },
          "languages": { "$ref": "#/$defs/scores" },
          "confusion": {
            "type": "object",
            "required": ["usage", "scheme", "disguise"],
            "additionalProperties": false,
            "properties": {
              "usage": { "$ref": "#/$defs/matrix" },
              "scheme": { "$ref": "#/$defs/matrix" },
              "disguise": { "$ref": "#/$defs/matrix" }
            }
          },
          "calibration": {
            "type": "object",
            "required": ["marking", "usage"],
            "additionalProperties": false,
            "properties": {
              "marking": { "$ref": "#/$defs/question" },
              "usage": { "$ref": "#/$defs/question" }
            }
          },
          "mistakes": { "type": "array", "items": { "$ref": "#/$defs/mistake" } }
        },
        "$defs": {
          "count": { "type": "integer", "minimum": 0 },
          "share": { "type": "number", "minimum": 0, "maximum": 1 },
          "range": { "type": "array", "minItems": 2, "maxItems": 2,
            "items": { "$ref": "#/$defs/count" } },
          "scores": { "type": "object", "additionalProperties": { "$ref": "#/$defs/score" } },
          "matrix": { "type": "object", "additionalProperties": {
            "type": "object", "additionalProperties": { "$ref": "#/$defs/count" } } },
          "question": {
            "type": "object",
            "required": ["whole", "held_back"],
            "additionalProperties": false,
            "properties": {
              "whole": { "$ref": "#/$defs/reliability" },
              "held_back": {
                "type": ["object", "null"],
                "required": ["as_is", "rescaled", "folds"],
                "additionalProperties": false,
                "properties": {
                  "as_is": { "$ref": "#/$defs/reliability" },
                  "rescaled": { "$ref": "#/$defs/reliability" },
                  "folds": { "type": "array", "items": {
                    "type": "object",
                    "required": ["error", "scale", "offset"],
                    "additionalProperties": false,
                    "properties": {
                      "error": { "$ref": "#/$defs/share" },
                      "scale": { "type": "number" },
                      "offset": { "type": "number" }
                    }
                  } }
                }
              }
            }
          },
          "reliability": {
            "type": "object",
            "required": ["answers", "brier", "expected_error", "bins"],
            "additionalProperties": false,
            "properties": {
              "answers": { "$ref": "#/$defs/count" },
              "brier": { "$ref": "#/$defs/share" },
              "expected_error": { "$ref": "#/$defs/share" },
              "bins": { "type": "array", "minItems": 10, "maxItems": 10, "items": {
                "type": "object",
                "required": ["answers", "predicted", "observed"],
                "additionalProperties": false,
                "properties": {
                  "answers": { "$ref": "#/$defs/count" },
                  "predicted": { "$ref": "#/$defs/share" },
                  "observed": { "$ref": "#/$defs/share" }
                }
              } }
            }
          },
          "score": {
            "type": "object",
            "required": ["labels", "findings", "found", "precision", "recall", "usage", "exact",
              "level"],
            "additionalProperties": false,
            "properties": {
              "labels": { "$ref": "#/$defs/count" },
              "findings": { "$ref": "#/$defs/count" },
              "found": { "$ref": "#/$defs/count" },
              "precision": { "$ref": "#/$defs/share" },
              "recall": { "$ref": "#/$defs/share" },
              "usage": { "$ref": "#/$defs/share" },
              "exact": { "$ref": "#/$defs/share" },
              "level": { "$ref": "#/$defs/share" }
            }
          },
          "mistake": {
            "type": "object",
            "required": ["kind", "file", "line", "id", "range", "expected", "found"],
            "additionalProperties": false,
            "properties": {
              "kind": { "enum": ["missed", "false", "usage", "level", "span"] },
              "file": { "type": "string" },
              "line": { "type": "integer", "minimum": 1 },
              "id": { "type": "string" },
              "range": { "$ref": "#/$defs/range" },
              "expected": { "type": ["object", "null"] },
              "found": { "type": ["object", "null"] }
            }
          }
        }
      }
      """
    )
  }

  static func document(_ name: String, _ title: String, _ definition: String) -> String {
    let parsed = try? JSONValue(Array(definition.utf8))
    guard case .object(let members)? = parsed else { return definition }
    return ReportSchema.document(name: name, title: title, members: members)
  }
}

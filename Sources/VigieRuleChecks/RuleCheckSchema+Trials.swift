extension RuleCheckSchema {
  /// What `vigie rules evade --json` prints.
  package static var evasion: String {
    document(
      "rules-evade",
      "What vigie rules evade --json prints",
      """
      {
        "type": "object",
        "required": ["version", "seed", "markings", "unfound", "overall", "disguises", "forms",
          "pairs", "survivors"],
        "additionalProperties": false,
        "properties": {
          "version": { "const": 1 },
          "seed": { "type": "string" },
          "markings": { "$ref": "#/$defs/count" },
          "unfound": { "$ref": "#/$defs/count",
            "description": "markings left out because they are not found as they are" },
          "overall": { "$ref": "#/$defs/row" },
          "disguises": { "$ref": "#/$defs/rows" },
          "forms": { "$ref": "#/$defs/rows" },
          "pairs": { "$ref": "#/$defs/rows" },
          "survivors": { "type": "array", "items": { "$ref": "#/$defs/survivor" } }
        },
        "$defs": {
          "count": { "type": "integer", "minimum": 0 },
          "rows": { "type": "object", "additionalProperties": { "$ref": "#/$defs/row" } },
          "row": {
            "type": "object",
            "required": ["phrases", "shapes", "share"],
            "additionalProperties": false,
            "properties": {
              "phrases": { "$ref": "#/$defs/score" },
              "shapes": { "$ref": "#/$defs/score" },
              "share": { "type": "number", "minimum": 0, "maximum": 1 }
            }
          },
          "score": {
            "type": "object",
            "required": ["tried", "found", "applied"],
            "additionalProperties": false,
            "properties": {
              "tried": { "$ref": "#/$defs/count" },
              "found": { "$ref": "#/$defs/count" },
              "applied": { "$ref": "#/$defs/count" }
            }
          },
          "survivor": {
            "type": "object",
            "required": ["rule", "file", "line", "source", "forms", "escaped"],
            "additionalProperties": false,
            "properties": {
              "rule": { "type": "string" },
              "file": { "type": "string" },
              "line": { "type": "integer", "minimum": 1 },
              "source": { "enum": ["phrase", "shape"] },
              "forms": { "type": "array", "items": { "type": "string" } },
              "escaped": { "type": "string" }
            }
          }
        }
      }
      """
    )
  }

  /// What `vigie rules bench --json` prints.
  package static var bench: String {
    document(
      "rules-bench",
      "What vigie rules bench --json prints",
      """
      {
        "type": "object",
        "required": ["version", "texts", "bytes", "rounds", "scan_ns", "rules"],
        "additionalProperties": false,
        "properties": {
          "version": { "const": 1 },
          "texts": { "$ref": "#/$defs/count" },
          "bytes": { "$ref": "#/$defs/count" },
          "rounds": { "$ref": "#/$defs/count" },
          "scan_ns": { "$ref": "#/$defs/count" },
          "rules": { "type": "array", "items": { "$ref": "#/$defs/rule" } }
        },
        "$defs": {
          "count": { "type": "integer", "minimum": 0 },
          "rule": {
            "type": "object",
            "required": ["rule", "candidates", "confirmed", "phrase_ns", "pattern_ns", "share"],
            "additionalProperties": false,
            "properties": {
              "rule": { "type": "string" },
              "candidates": { "$ref": "#/$defs/count" },
              "confirmed": { "$ref": "#/$defs/count" },
              "phrase_ns": { "$ref": "#/$defs/count" },
              "pattern_ns": { "$ref": "#/$defs/count" },
              "share": { "type": "number", "minimum": 0 }
            }
          }
        }
      }
      """
    )
  }

  /// What `vigie rules diff --json` prints.
  package static var difference: String {
    document(
      "rules-diff",
      "What vigie rules diff --json prints",
      """
      {
        "type": "object",
        "required": ["version", "old", "new", "changes", "messages", "changed_messages", "gaps",
          "total", "rules", "verdicts"],
        "additionalProperties": false,
        "properties": {
          "version": { "const": 1 },
          "old": { "type": "string" },
          "new": { "type": "string" },
          "changes": { "type": "array", "items": { "$ref": "#/$defs/change" } },
          "messages": { "$ref": "#/$defs/count" },
          "changed_messages": { "$ref": "#/$defs/count" },
          "gaps": { "$ref": "#/$defs/count" },
          "total": { "$ref": "#/$defs/counts" },
          "rules": { "type": "object", "additionalProperties": { "$ref": "#/$defs/counts" } },
          "verdicts": { "type": "array", "items": {
            "type": "object",
            "required": ["old", "new", "messages"],
            "additionalProperties": false,
            "properties": {
              "old": { "$ref": "#/$defs/verdict" },
              "new": { "$ref": "#/$defs/verdict" },
              "messages": { "$ref": "#/$defs/count" }
            }
          } }
        },
        "$defs": {
          "count": { "type": "integer", "minimum": 0 },
          "verdict": { "enum": ["allow", "log", "warn", "redact", "hold", "block"] },
          "counts": {
            "type": "object",
            "required": ["old", "new", "gained", "lost", "moved"],
            "additionalProperties": false,
            "properties": {
              "old": { "$ref": "#/$defs/count" },
              "new": { "$ref": "#/$defs/count" },
              "gained": { "$ref": "#/$defs/count" },
              "lost": { "$ref": "#/$defs/count" },
              "moved": { "$ref": "#/$defs/count" }
            }
          },
          "change": {
            "type": "object",
            "required": ["kind", "id", "changed", "verdict", "part", "masked", "old", "new"],
            "additionalProperties": false,
            "properties": {
              "kind": { "enum": ["gained", "lost", "moved"] },
              "id": { "type": "string" },
              "changed": { "type": "array",
                "items": { "enum": ["rule", "usage", "level", "confidence"] } },
              "verdict": { "type": "array", "minItems": 2, "maxItems": 2,
                "items": { "$ref": "#/$defs/verdict" } },
              "part": { "type": "string" },
              "masked": { "type": "string" },
              "old": { "$ref": "#/$defs/finding" },
              "new": { "$ref": "#/$defs/finding" }
            }
          },
          "finding": {
            "type": ["object", "null"],
            "required": ["rule", "level", "usage", "confidence", "range"],
            "additionalProperties": false,
            "properties": {
              "rule": { "type": "string" },
              "level": { "enum": ["public", "internal", "restricted", "confidential", "secret",
                "top-secret"] },
              "usage": { "enum": ["applied", "mentioned"] },
              "confidence": { "type": "number", "minimum": 0, "maximum": 1 },
              "range": { "type": "array", "minItems": 2, "maxItems": 2,
                "items": { "$ref": "#/$defs/count" } }
            }
          }
        }
      }
      """
    )
  }
}

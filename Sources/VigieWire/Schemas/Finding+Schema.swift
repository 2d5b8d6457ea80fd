import VigieCore

extension WireSchema {
  /// A marking, identifier or credential at a place.
  static let finding = WireSchema(
    name: "finding",
    title: "A marking, identifier or credential found at a place; it never holds the text",
    definition: """
      {
        "type": "object",
        "required": [
          "rule", "scheme", "level", "usage", "confidence", "caveats", "disguise", "place", "range",
          "line", "column", "masked", "fingerprint", "evidence"
        ],
        "additionalProperties": false,
        "properties": {
          "rule": { "type": "string" },
          "scheme": { "type": "string", "description": "Who defines the marking: fr, nato, tlp…" },
          "level": { "enum": \(levels) },
          "usage": { "enum": \(words(Usage.allCases.map(\.rawValue))) },
          "confidence": {
            "description": "A probability, four decimals.",
            "type": "number", "minimum": 0, "maximum": 1
          },
          "caveats": { "type": "array", "items": { "type": "string" } },
          "disguise": {
            "description": "What was undone to see the marking.",
            "type": "array", "items": { "enum": \(words(Disguise.all.map(\.name))) }
          },
          "place": { "$ref": "#/$defs/place" },
          "range": {
            "description": "UTF-8 bytes, half-open, in the original part; in an attachment, in the text of the segment.",
            "type": "array", "minItems": 2, "maxItems": 2,
            "items": { "type": "integer", "minimum": 0 }
          },
          "line": { "type": "integer", "minimum": 1 },
          "column": {
            "description": "In Unicode scalars.", "type": "integer", "minimum": 1
          },
          "masked": { "type": "string", "description": "First letters only, or the type alone." },
          "fingerprint": {
            "description": "HMAC-SHA-256 in hex, the same for the same content posted again; null without a key.",
            "type": ["string", "null"]
          },
          "evidence": {
            "type": "array",
            "items": {
              "type": "object",
              "required": ["name", "weight"],
              "additionalProperties": false,
              "properties": { "name": { "type": "string" }, "weight": { "type": "number" } }
            }
          }
        }
      }
      """,
    uses: [place]
  )
}

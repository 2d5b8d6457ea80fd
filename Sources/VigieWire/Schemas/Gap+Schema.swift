import VigieCore

extension WireSchema {
  /// Something that was not inspected.
  static let gap = WireSchema(
    name: "gap",
    title: "Something that was not inspected, and why",
    definition: """
      {
        "type": "object",
        "required": ["place", "reason", "detail"],
        "additionalProperties": false,
        "properties": {
          "place": { "$ref": "#/$defs/place" },
          "reason": { "enum": \(words(GapReason.allCases.map(\.rawValue))) },
          "detail": { "type": "string", "description": "In words, without any text of the message." }
        }
      }
      """,
    uses: [place]
  )

  /// Where a text lies; a part of other shapes.
  static let place = WireSchema(
    name: "place",
    title: "Where a text lies",
    definition: """
      {
        "type": "object",
        "required": ["part", "path", "role", "where"],
        "additionalProperties": false,
        "properties": {
          "part": { "type": "string", "description": "body, html, subject, channel or attachments/N." },
          "path": {
            "description": "The members of nested containers, outermost first.",
            "type": "array", "items": { "type": "string" }
          },
          "role": { "enum": \(words(Role.allCases.map(\.rawValue))) },
          "where": { "type": "string", "description": "The place a person can open, such as page 3." }
        }
      }
      """,
    uses: []
  )
}

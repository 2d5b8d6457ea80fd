import VigieCore

extension WireSchema {
  /// What `check` reads: one message a line.
  static let checkLine = WireSchema(
    name: "check-line",
    title: "One message to check: one line of `vigie check --jsonl`",
    definition: """
      {
        "type": "object",
        "required": ["id"],
        "additionalProperties": false,
        "properties": {
          "id": { "type": "string", "description": "Any id; it comes back in the line out." },
          "body": { "type": ["string", "null"], "description": "The plain text." },
          "html": { "type": ["string", "null"], "description": "The same text as HTML." },
          "subject": { "type": ["string", "null"] },
          "sender": {
            "type": ["string", "null"],
            "description": "An address such as @anne:example.org; policies look at its domain."
          },
          "timestamp": { "type": ["string", "null"], "format": "date-time" },
          "channel": {
            "type": ["object", "null"],
            "description": "Without it, check assumes a public channel that is not encrypted.",
            "required": ["id"],
            "additionalProperties": false,
            "properties": {
              "id": { "type": "string" },
              "name": { "type": ["string", "null"] },
              "visibility": { "enum": \(words(Visibility.allCases.map(\.rawValue))) },
              "encrypted": { "type": ["boolean", "null"] },
              "federated": { "type": ["boolean", "null"] }
            }
          },
          "attachments": {
            "type": ["array", "null"],
            "items": {
              "type": "object",
              "required": ["name"],
              "additionalProperties": false,
              "properties": {
                "name": { "type": "string" },
                "path": {
                  "type": ["string", "null"],
                  "description": "A file on this machine; without it the name alone is checked."
                },
                "mimetype": { "type": ["string", "null"] },
                "media": {
                  "type": ["string", "null"],
                  "description": "The id under which a server inspected the file when it was uploaded; path then says where its bytes may be read again."
                }
              }
            }
          },
          "replaces": {
            "type": ["string", "null"],
            "description": "The id of the message of which this one is an edit."
          },
          "override": {
            "type": ["object", "null"],
            "description": "The wish to send, with a reason, what was stopped with an offer to do so.",
            "required": ["token", "justification"],
            "additionalProperties": false,
            "properties": {
              "token": { "type": "string", "description": "The token of the offer." },
              "justification": {
                "type": "string",
                "description": "Why, at most 1000 bytes; only its keyed hash is recorded."
              }
            }
          }
        }
      }
      """,
    uses: []
  )
}

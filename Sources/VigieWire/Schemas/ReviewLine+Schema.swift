import VigieCore

extension WireSchema {
  /// What `check` writes for a line it could read.
  static let reviewLine = WireSchema(
    name: "review-line",
    title: "What Vigie says of one message: one line out for each line in, in the same order",
    definition: """
      {
        "type": "object",
        "required": [
          "id", "verdict", "level", "findings", "gaps", "tip", "ruleset", "elapsed_us"
        ],
        "additionalProperties": false,
        "properties": {
          "id": { "type": "string", "description": "The id of the line in." },
          "verdict": { "enum": \(verdicts) },
          "observed": {
            "description": "What a policy in shadow mode would have said, where it is stricter; absent otherwise.",
            "enum": \(verdicts)
          },
          "overridden": {
            "description": "The verdict that the sender overrode with a justification; absent otherwise.",
            "enum": \(verdicts)
          },
          "failure": {
            "description": "Why it was not judged: the verdict is then that of the fail policy; absent otherwise.",
            "enum": \(words(ReviewFailure.allCases.map(\.rawValue)))
          },
          "level": {
            "description": "The highest applied level; public without one.",
            "enum": \(levels)
          },
          "findings": { "type": "array", "items": { "$ref": "#/$defs/finding" } },
          "gaps": {
            "description": "What was not inspected, and why.",
            "type": "array", "items": { "$ref": "#/$defs/gap" }
          },
          "tip": {
            "description": "What to tell the sender, by language (BCP 47); null where nothing is to be told.",
            "type": ["object", "null"],
            "additionalProperties": { "type": "string" }
          },
          "override": {
            "description": "What the sender needs to send it all the same with a justification; absent where that is not offered.",
            "type": "object",
            "required": ["token", "expires"],
            "additionalProperties": false,
            "properties": {
              "token": { "type": "string" },
              "expires": { "type": "string", "format": "date-time" }
            }
          },
          "override_refused": {
            "description": "Why the sender's wish to send it all the same did not count: the policy lets nobody, the justification says nothing or too much, or the token is expired, for other content, or for another sender or channel; absent otherwise.",
            "enum": ["not-overridable", "justification", "expired", "other-content", "other-sender"]
          },
          "channel": {
            "description": "Where it stands; in reports of scans, where the archive says.",
            "type": "object",
            "required": ["id", "visibility"],
            "additionalProperties": false,
            "properties": {
              "id": { "type": "string" },
              "name": { "type": "string" },
              "visibility": { "enum": \(words(Visibility.allCases.map(\.rawValue))) }
            }
          },
          "sender": { "description": "In reports of scans, where the archive says.", "type": "string" },
          "timestamp": {
            "description": "In reports of scans, where the archive says.",
            "type": "string", "format": "date-time"
          },
          "ruleset": { "type": "string", "description": "The id of the rules and the policy." },
          "elapsed_us": { "type": "integer", "minimum": 0, "description": "Microseconds." }
        }
      }
      """,
    uses: [finding, gap, place]
  )
}

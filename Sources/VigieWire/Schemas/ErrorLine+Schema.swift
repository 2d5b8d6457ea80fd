extension WireSchema {
  /// What `check` writes for a line it could not read.
  static let errorLine = WireSchema(
    name: "error-line",
    title: "Why one line in could not be checked",
    definition: """
      {
        "type": "object",
        "required": ["id", "error"],
        "additionalProperties": false,
        "properties": {
          "id": { "type": ["string", "null"], "description": "The id, where it could be read." },
          "error": {
            "type": "object",
            "required": ["code", "message", "line"],
            "additionalProperties": false,
            "properties": {
              "code": { "enum": \(words(WireError.Code.allCases.map(\.rawValue))) },
              "message": { "type": "string", "description": "What is wrong and the mend." },
              "line": { "type": "integer", "minimum": 1 }
            }
          }
        }
      }
      """,
    uses: []
  )
}

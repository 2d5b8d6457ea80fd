extension WireSchema {
  /// A line of `vigie extract --jsonl`.
  static let extractLine = WireSchema(
    name: "extract-line",
    title: "A text of a document with its place, or something that was not read",
    definition: """
      {
        "type": "object",
        "required": ["version", "file"],
        "additionalProperties": false,
        "properties": {
          "version": { "const": \(ReviewLine.version) },
          "file": { "type": "string", "description": "The document, as it was named." },
          "place": { "$ref": "#/$defs/place", "description": "Where the text lies." },
          "text": { "type": "string", "description": "With a text: what stands there." },
          "gap": { "$ref": "#/$defs/gap", "description": "Alone: what was not read, and why." }
        }
      }
      """,
    uses: [place, gap]
  )
}

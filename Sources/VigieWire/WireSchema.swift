import VigieCore
import VigieJSON

/// A published JSON Schema of one shape of our JSON.
///
/// *Source:* JSON Schema, draft 2020-12. Shapes within shapes stand under `$defs`, so that every
/// document can be used by itself.
package struct WireSchema: Sendable {
  /// The name to ask for, such as `review-line`.
  package let name: String
  /// What the shape is, in one sentence.
  package let title: String
  /// The JSON of the shape; it refers to others as `#/$defs/<name>`.
  let definition: String
  /// The shapes it refers to, directly or not.
  let uses: [WireSchema]

  /// Every published schema.
  package static let all: [WireSchema] = [
    checkLine, reviewLine, errorLine, extractLine, finding, gap,
  ]

  /// The schema of a name, or `nil` where there is no such schema.
  package static func named(_ name: String) -> WireSchema? { all.first { $0.name == name } }

  /// The whole document: JSON, two spaces an indent, with a final line break.
  package var text: String {
    var writer = JSONWriter(isPretty: true)
    writer.beginObject()
    writer.key("$schema")
    writer.string("https://json-schema.org/draft/2020-12/schema")
    writer.key("$id")
    writer.string("urn:vigie:v\(ReviewLine.version):\(name)")
    writer.key("title")
    writer.string(title)
    if case .object(let members)? = try? JSONValue(Array(definition.utf8)) {
      for member in members {
        writer.key(member.key)
        writer.value(member.value)
      }
    }
    if !uses.isEmpty {
      writer.key("$defs")
      writer.beginObject()
      for schema in uses {
        guard let value = try? JSONValue(Array(schema.definition.utf8)) else { continue }
        writer.key(schema.name)
        writer.value(value)
      }
      writer.endObject()
    }
    writer.endObject()
    writer.lineBreak()
    return String(decoding: writer.take(), as: UTF8.self)
  }

  /// The JSON array of some words, for `enum`.
  static func words(_ words: [String]) -> String {
    var writer = JSONWriter()
    writer.strings(words)
    return String(decoding: writer.take(), as: UTF8.self)
  }

  /// The words for a level.
  static var levels: String { words(Level.allCases.map(\.name)) }

  /// The words for a verdict.
  static var verdicts: String { words(Verdict.allCases.map(\.name)) }
}

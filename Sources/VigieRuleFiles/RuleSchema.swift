/// The JSON Schema of the rule files, written from the shapes the loader checks them against.
///
/// *Source:* JSON Schema 2020-12. Editors with a YAML language server complete and check rule
/// files with it; the loader says more (spans, citations, evidence, levels).
public enum RuleSchema {
  /// Returns the schema of one kind of file, or of any of them.
  ///
  /// - Parameter kind: The kind of file; `nil` for a schema that every kind fits.
  /// - Returns: JSON, two spaces an indent, with a final line break.
  public static func text(for kind: RuleFileKind? = nil) -> String {
    let kinds = kind.map { [$0] } ?? RuleFileKind.allCases
    var definitions: [(String, SchemaValue)] = []
    for kind in kinds { kind.shape.define(in: &definitions) }
    var root: [(String, SchemaValue)] = [
      ("$schema", "https://json-schema.org/draft/2020-12/schema"),
      ("title", .string("Vigie: " + kinds.map(\.shape.name).joined(separator: ", "))),
    ]
    if let kind {
      root.append(("$ref", kind.shape.reference))
    } else {
      root.append(("oneOf", .list(kinds.map { .object([("$ref", $0.shape.reference)]) })))
    }
    root.append(("$defs", .object(definitions.sorted { $0.0 < $1.0 })))
    var text = ""
    SchemaValue.object(root).write(to: &text, indent: "")
    return text + "\n"
  }
}

/// A JSON value whose keys keep their order.
private enum SchemaValue: ExpressibleByStringLiteral {
  case string(String)
  case number(Int)
  case flag(Bool)
  case list([SchemaValue])
  case object([(String, SchemaValue)])

  init(stringLiteral value: String) { self = .string(value) }

  func write(to text: inout String, indent: String) {
    let inner = indent + "  "
    switch self {
    case .string(let value): SchemaValue.quote(value, to: &text)
    case .number(let value): text += String(value)
    case .flag(let value): text += value ? "true" : "false"
    case .list(let values):
      text += "["
      for (index, value) in values.enumerated() {
        text += (index == 0 ? "\n" : ",\n") + inner
        value.write(to: &text, indent: inner)
      }
      text += values.isEmpty ? "]" : "\n\(indent)]"
    case .object(let entries):
      text += "{"
      for (index, entry) in entries.enumerated() {
        text += (index == 0 ? "\n" : ",\n") + inner
        SchemaValue.quote(entry.0, to: &text)
        text += ": "
        entry.1.write(to: &text, indent: inner)
      }
      text += entries.isEmpty ? "}" : "\n\(indent)}"
    }
  }

  /// Our own keys and sentences hold no control characters.
  private static func quote(_ value: String, to text: inout String) {
    text += "\""
    for scalar in value.unicodeScalars {
      if scalar == "\"" || scalar == "\\" { text += "\\" }
      text.unicodeScalars.append(scalar)
    }
    text += "\""
  }
}

extension Shape {
  /// The schema of a value of this shape.
  fileprivate var schema: [(String, SchemaValue)] {
    switch form {
    case .text: [("type", "string"), ("minLength", .number(1))]
    case .name: [("type", "string"), ("pattern", "^[a-z0-9][a-z0-9.-]*$")]
    case .number: [("type", "number")]
    case .integer(let range):
      [
        ("type", "integer"), ("minimum", .number(range.lowerBound)),
        ("maximum", .number(range.upperBound)),
      ]
    case .flag: [("enum", .list([.flag(true), .flag(false), "yes", "no"]))]
    case .choice(let words):
      [
        (
          "enum",
          .list(
            words.map { word in
              word == "true" ? .flag(true) : word == "false" ? .flag(false) : .string(word)
            }
          )
        )
      ]
    case .list(let item, let least):
      [("type", "array"), ("items", .object(item.schema)), ("minItems", .number(least))]
    case .oneOrMore(let item):
      [
        (
          "anyOf",
          .list([
            .object(item.schema),
            .object([
              ("type", "array"), ("items", .object(item.schema)), ("minItems", .number(1)),
            ]),
          ])
        )
      ]
    case .table(let value):
      [
        ("type", "object"), ("propertyNames", .object([("minLength", .number(1))])),
        ("additionalProperties", .object(value.schema)),
      ]
    case .object(let object): [("$ref", object.reference)]
    case .either(let shapes): [("anyOf", .list(shapes.map { .object($0.schema) }))]
    }
  }

  /// The objects a value of this shape may hold.
  fileprivate var objects: [ObjectShape] {
    switch form {
    case .text, .name, .number, .integer, .flag, .choice: []
    case .list(let item, _), .oneOrMore(let item), .table(let item): item.objects
    case .object(let object): [object]
    case .either(let shapes): shapes.flatMap(\.objects)
    }
  }
}

extension ObjectShape {
  /// The key of the object under `$defs`.
  private var definitionName: String { String(name.map { $0 == " " ? "-" : $0 }) }

  fileprivate var reference: SchemaValue { .string("#/$defs/" + definitionName) }

  /// Adds the definition of the object and of all it holds.
  fileprivate func define(in definitions: inout [(String, SchemaValue)]) {
    guard !definitions.contains(where: { $0.0 == definitionName }) else { return }
    var schema: [(String, SchemaValue)] = [
      ("type", "object"),
      (
        "properties",
        .object(
          keys.map { key in
            (key.name, .object([("description", .string(key.shape.meaning))] + key.shape.schema))
          }
        )
      ),
      (
        "additionalProperties",
        others.map { .object([("description", .string($0.meaning))] + $0.schema) } ?? .flag(false)
      ),
    ]
    let required = keys.filter(\.isRequired).map { SchemaValue.string($0.name) }
    if !required.isEmpty { schema.append(("required", .list(required))) }
    definitions.append((definitionName, .object(schema)))
    let shapes = keys.map(\.shape) + [others].compactMap(\.self)
    for object in shapes.flatMap(\.objects) { object.define(in: &definitions) }
  }
}

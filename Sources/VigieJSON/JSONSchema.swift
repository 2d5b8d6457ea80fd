/// Checks values against a JSON Schema, in the part of the language that our schemas use.
///
/// *Source:* JSON Schema, draft 2020-12. A keyword it does not know is a fault of the schema, so
/// that nothing in a schema is passed over in silence.
package struct JSONSchema: Sendable {
  private let root: JSONValue

  /// A schema from its JSON.
  package init(_ text: String) throws(JSONError) { root = try JSONValue(Array(text.utf8)) }

  /// What is wrong with a value: one line a fault, each starting with a JSON pointer.
  package func faults(in value: JSONValue) -> [String] { faults(in: value, against: root, at: "") }

  private static let annotations: Set<String> = [
    "$schema", "$id", "$defs", "$comment", "title", "description", "examples", "default", "format",
  ]

  private func faults(
    in value: JSONValue,
    against schema: JSONValue,
    at pointer: String
  ) -> [String] {
    if case .boolean(let allowed) = schema { return allowed ? [] : ["\(pointer): is not allowed"] }
    guard case .object(let keywords) = schema else {
      return ["\(pointer): the schema is no object"]
    }
    return keywords.flatMap { keyword -> [String] in
      if JSONSchema.annotations.contains(keyword.key) { return [] }
      return faults(in: value, keyword: keyword.key, keyword.value, of: schema, at: pointer)
    }
  }

  private func faults(
    in value: JSONValue,
    keyword: String,
    _ argument: JSONValue,
    of schema: JSONValue,
    at pointer: String
  ) -> [String] {
    switch keyword {
    case "$ref":
      guard let target = definition(argument) else { return ["\(pointer): unknown $ref"] }
      return faults(in: value, against: target, at: pointer)
    case "type":
      let names = argument.string.map { [$0] } ?? (argument.elements ?? []).compactMap(\.string)
      let fits = names.contains { isType($0, value) }
      return fits ? [] : ["\(pointer): is not of type \(names.joined(separator: " or "))"]
    case "enum":
      let fits = argument.elements?.contains(value) == true
      return fits ? [] : ["\(pointer): is none of the values allowed"]
    case "const": return argument == value ? [] : ["\(pointer): is not the value required"]
    case "minimum", "maximum":
      guard case .number(let number) = value, case .number(let bound) = argument else { return [] }
      let fits = keyword == "minimum" ? number >= bound : number <= bound
      return fits ? [] : ["\(pointer): is beyond the \(keyword)"]
    case "oneOf", "anyOf":
      let matches = (argument.elements ?? []).count {
        faults(in: value, against: $0, at: pointer).isEmpty
      }
      let fits = keyword == "oneOf" ? matches == 1 : matches > 0
      return fits ? [] : ["\(pointer): fits \(matches) of the schemas of \(keyword)"]
    case "items", "minItems", "maxItems":
      return faults(inArray: value, keyword: keyword, argument, at: pointer)
    case "properties", "required", "additionalProperties":
      return faults(inObject: value, keyword: keyword, argument, of: schema, at: pointer)
    default: return ["\(pointer): the schema uses \(keyword), which is not checked"]
    }
  }

  private func faults(
    inArray value: JSONValue,
    keyword: String,
    _ argument: JSONValue,
    at pointer: String
  ) -> [String] {
    guard case .array(let elements) = value else { return [] }
    if keyword == "items" {
      return elements.enumerated().flatMap {
        faults(in: $0.element, against: argument, at: "\(pointer)/\($0.offset)")
      }
    }
    guard case .number(let bound) = argument else { return [] }
    let fits =
      keyword == "minItems" ? Double(elements.count) >= bound : Double(elements.count) <= bound
    return fits ? [] : ["\(pointer): has \(elements.count) elements, against \(keyword)"]
  }

  private func faults(
    inObject value: JSONValue,
    keyword: String,
    _ argument: JSONValue,
    of schema: JSONValue,
    at pointer: String
  ) -> [String] {
    guard case .object(let members) = value else { return [] }
    switch keyword {
    case "required":
      return (argument.elements ?? []).compactMap(\.string).filter { value[$0] == nil }
        .map { "\(pointer)/\($0): is missing" }
    case "properties":
      return members.flatMap { member in
        argument[member.key].map {
          faults(in: member.value, against: $0, at: "\(pointer)/\(member.key)")
        } ?? []
      }
    default:
      return members.filter { schema["properties"]?[$0.key] == nil }.flatMap {
        faults(in: $0.value, against: argument, at: "\(pointer)/\($0.key)")
      }
    }
  }

  private func definition(_ reference: JSONValue) -> JSONValue? {
    let prefix = "#/$defs/"
    guard let path = reference.string, path.hasPrefix(prefix) else { return nil }
    return root["$defs"]?[String(path.dropFirst(prefix.count))]
  }

  private func isType(_ name: String, _ value: JSONValue) -> Bool {
    if name == "integer", case .number(let number) = value { return number == number.rounded() }
    return name == value.kind.name
  }
}

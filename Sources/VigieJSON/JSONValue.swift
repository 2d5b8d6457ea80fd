/// A JSON value as a tree whose objects keep the order of their keys; for small documents.
package indirect enum JSONValue: Sendable, Equatable {
  case null
  case boolean(Bool)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([Member])

  /// One key of an object with its value.
  package struct Member: Sendable, Equatable {
    package var key: String
    package var value: JSONValue

    /// A member from its parts.
    package init(_ key: String, _ value: JSONValue) {
      self.key = key
      self.value = value
    }
  }

  /// The value that some bytes spell; nothing but white space may follow it.
  package init(_ bytes: [UInt8]) throws(JSONError) {
    var reader = JSONReader(bytes)
    self = try JSONValue(&reader)
    try reader.finish()
  }

  /// The next value of a reader.
  package init(_ reader: inout JSONReader) throws(JSONError) {
    switch try reader.kind() {
    case .object:
      var members: [Member] = []
      let keys = JSONKeys([])
      try reader.beginObject()
      while try reader.nextKey(keys) != nil {
        let key = reader.lastKey
        members.append(Member(key, try JSONValue(&reader)))
      }
      self = .object(members)
    case .array:
      var elements: [JSONValue] = []
      try reader.beginArray()
      while try reader.nextElement() { elements.append(try JSONValue(&reader)) }
      self = .array(elements)
    case .string: self = .string(try reader.string())
    case .number: self = .number(try reader.double())
    case .boolean: self = .boolean(try reader.boolean())
    case .null:
      try reader.null()
      self = .null
    }
  }

  /// The value of a key of an object; `nil` where this is no object or lacks the key.
  package subscript(key: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.last { $0.key == key }?.value
  }

  /// The text of a string, or `nil` where this is another type.
  package var string: String? {
    if case .string(let text) = self { text } else { nil }
  }

  /// The elements of an array, or `nil` where this is another type.
  package var elements: [JSONValue]? {
    if case .array(let elements) = self { elements } else { nil }
  }

  /// The type of the value.
  package var kind: JSONKind {
    switch self {
    case .null: .null
    case .boolean: .boolean
    case .number: .number
    case .string: .string
    case .array: .array
    case .object: .object
    }
  }
}

extension JSONWriter {
  /// Writes a tree.
  package mutating func value(_ value: JSONValue) {
    switch value {
    case .null: null()
    case .boolean(let isTrue): boolean(isTrue)
    case .number(let number):
      if let integer = Int(exactly: number) {
        self.integer(integer)
      } else {
        double(number, decimals: 9)
      }
    case .string(let text): string(text)
    case .array(let elements):
      beginArray()
      for element in elements { self.value(element) }
      endArray()
    case .object(let members):
      beginObject()
      for member in members {
        key(member.key)
        self.value(member.value)
      }
      endObject()
    }
  }
}

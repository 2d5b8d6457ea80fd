/// Why bytes are not the JSON that was expected: facts, never the bytes themselves.
package struct JSONError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What is wrong.
  package enum Reason: String, Sendable, CaseIterable {
    case unexpectedEnd = "ends in the middle of a value"
    case unexpectedByte = "holds a byte that cannot stand there"
    case unexpectedKind = "holds a value of another type than expected"
    case controlCharacter = "holds a control character inside a string"
    case invalidEscape = "holds an escape that JSON does not know"
    case invalidNumber = "holds a number that JSON does not allow"
    case tooDeep = "is nested too deeply"
    case trailingBytes = "goes on after the value"
  }

  package var reason: Reason
  /// The offset, bytes, from the start of what was read.
  package var offset: Int
  /// The 1-based line, from the start of what was read.
  package var line: Int

  /// A value from its parts.
  package init(reason: Reason, offset: Int, line: Int) {
    self.reason = reason
    self.offset = offset
    self.line = line
  }

  /// One line: the reason and the place.
  package var description: String { "\(reason.rawValue) (line \(line), byte \(offset))" }
}

/// The type of a JSON value.
package enum JSONKind: Sendable, CaseIterable {
  // No raw values: with them `==` would compare words.
  case object
  case array
  case string
  case number
  case boolean
  case null

  /// Its name in JSON Schema.
  package var name: String {
    switch self {
    case .object: "object"
    case .array: "array"
    case .string: "string"
    case .number: "number"
    case .boolean: "boolean"
    case .null: "null"
    }
  }
}

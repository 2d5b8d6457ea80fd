package import VigieJSON

/// Why a line in cannot be checked; written as the line out in its stead.
package struct WireError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The kind of fault, stable for programs.
  package enum Code: String, Sendable, CaseIterable {
    case invalidJSON = "invalid-json"
    case notAnObject = "not-an-object"
    case missingKey = "missing-key"
    case unknownKey = "unknown-key"
    case duplicateKey = "duplicate-key"
    case wrongType = "wrong-type"
    case invalidValue = "invalid-value"
    case tooLong = "too-long"
    case notAllowed = "not-allowed"
    case internalFault = "internal"
  }

  /// The id of the message, where it could be read.
  package var id: String?
  package var code: Code
  /// What is wrong and the mend; never text of the message.
  package var message: String
  /// The 1-based line of the input.
  package var line: Int

  /// A value from its parts.
  package init(id: String? = nil, code: Code, message: String, line: Int) {
    self.id = id
    self.code = code
    self.message = message
    self.line = line
  }

  /// One line for a terminal or a log.
  package var description: String { "line \(line): \(message)" }
}

extension JSONWriter {
  /// Writes an error line: `{"id","error":{"code","message","line"}}`.
  package mutating func errorLine(_ error: WireError) {
    beginObject()
    key("id")
    string(error.id)
    key("error")
    beginObject()
    key("code")
    string(error.code.rawValue)
    key("message")
    string(error.message)
    key("line")
    integer(error.line)
    endObject()
    endObject()
  }
}

package import VigieCore
import VigieJSON

/// Reads lines in: one JSON object a line becomes one ``Message``.
///
/// Keys it does not know, keys said twice and values of another type are errors: a misspelt
/// `channel` must not turn a private room into a public one, nor a misspelt `body` into nothing.
package enum CheckLine {
  /// The keys of an object in, each an enumeration.
  protocol Keys: CaseIterable, RawRepresentable<String>, Sendable {
    static var table: JSONKeys { get }
    /// The keys in the order of their numbers in the table.
    static var all: [Self] { get }
  }

  enum Key: String, Keys {
    case id, body, html, subject, sender, timestamp, channel, attachments, replaces, override
    static let all = allCases
    static let table = JSONKeys(all.map(\.rawValue))
  }

  enum ChannelKey: String, Keys {
    case id, name, visibility, encrypted, federated
    static let all = allCases
    static let table = JSONKeys(all.map(\.rawValue))
  }

  enum AttachmentKey: String, Keys {
    case name, path, mimetype, media
    static let all = allCases
    static let table = JSONKeys(all.map(\.rawValue))
  }

  enum OverrideKey: String, Keys {
    case token, justification
    static let all = allCases
    static let table = JSONKeys(all.map(\.rawValue))
  }

  /// Reads one line.
  ///
  /// - Parameters:
  ///   - bytes: The bytes that hold the line.
  ///   - range: Where the line lies in them; all of them by default.
  ///   - line: The 1-based number of the line, for errors.
  /// - Returns: The message; its channel is `nil` where the line has none, and its gaps say where
  ///   text had to be repaired.
  /// - Throws: ``WireError`` where the line is not valid.
  package static func message(
    _ bytes: [UInt8],
    in range: Range<Int>? = nil,
    line: Int = 1
  ) throws(WireError) -> Message {
    var reading = CheckLineReading(JSONReader(bytes, in: range, depthLimit: 16))
    do {
      try reading.readLine()
    } catch {
      let message = "the line \(error.reason.rawValue) at byte \(error.offset)"
      let id = reading.message.id.isEmpty ? nil : reading.message.id
      throw WireError(id: id, code: .invalidJSON, message: message, line: line)
    }
    guard let fault = reading.fault else { return reading.message }
    let id = reading.message.id.isEmpty ? nil : reading.message.id
    throw WireError(id: id, code: fault.code, message: fault.message, line: line)
  }
}

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

  /// Where a message counts as going whose line does not say it.
  package static let assumedChannel = Channel(
    id: "unknown",
    visibility: .public,
    encrypted: false
  )

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
  /// Reads the `channel` of a line on its own.
  ///
  /// - Parameter bytes: One JSON object, or `null`.
  /// - Returns: The channel, `nil` where it is `null`; and the gaps where its text was repaired.
  /// - Throws: ``WireError`` where it is not valid.
  package static func channel(
    _ bytes: [UInt8]
  ) throws(WireError) -> (channel: Channel?, gaps: [Gap]) {
    var reading = CheckLineReading(JSONReader(bytes, depthLimit: 16))
    do {
      try reading.readChannel()
    } catch {
      let message = "the channel \(error.reason.rawValue) at byte \(error.offset)"
      throw WireError(code: .invalidJSON, message: message, line: 1)
    }
    if let fault = reading.fault {
      throw WireError(code: fault.code, message: fault.message, line: 1)
    }
    return (reading.message.channel, reading.message.gaps)
  }
}

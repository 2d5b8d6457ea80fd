/// What a request to a Matrix server asks for, from its method and its address.
///
/// *Source:* Matrix Client-Server API v1.11, §6.3 (sync, messages, context, members), §11.7 (content
/// repository); MSC3575 and MSC4186 for sliding sync.
enum ClientRequest {
  /// Messages that an answer holds where the request does not say, and at most.
  ///
  /// *Source:* Matrix Client-Server API v1.11, §6.3.4 (`limit`); element-hq/synapse,
  /// synapse/streams/config.py (`MAX_LIMIT`).
  private static let usualLimit = 10
  private static let greatestLimit = 1000

  /// What is asked for.
  static func action(method: String, _ target: String) -> LogEvidence.Action {
    let halves = target.split(separator: "?", maxSplits: 1)
    let parts = (halves.first ?? "").split(separator: "/").map { percentDecoded($0) }
    guard parts.count >= 3, parts[0] == "_matrix" else { return .other }
    let query = halves.count > 1 ? halves[1] : ""
    if parts[1] == "media" { return media(Array(parts.dropFirst(3)), method) }
    guard parts[1] == "client" else { return .other }
    var path = Array(parts.dropFirst(3))
    // Features on trial stand below `unstable/<name>`.
    if parts[2] == "unstable" { path = Array(path.dropFirst()) }
    switch path.first {
    case "media"?: return media(Array(path.dropFirst()), method)
    case "sync"?, "events"?, "initialSync"?, "search"?: return .everyRoom
    case "join"?: return path.count > 1 && method == "POST" ? .join(room: path[1]) : .other
    case "profile"?: return path.count > 1 && method == "GET" ? .profile(account: path[1]) : .other
    case "user_directory"?: return .directory
    case "rooms"? where path.count >= 3: return room(path[1], Array(path[2...]), method, query)
    default: return .other
    }
  }

  private static func room(
    _ id: String,
    _ path: [String],
    _ method: String,
    _ query: Substring
  ) -> LogEvidence.Action {
    let limit = limit(query)
    switch (path[0], method) {
    case ("messages", "GET"), ("relations", "GET"), ("threads", "GET"), ("aggregations", "GET"):
      return .messages(room: id, limit: limit, counted: nil)
    case ("initialSync", "GET"): return .messages(room: id, limit: limit, counted: nil)
    case ("event", "GET") where path.count > 1: return .event(room: id, id: path[1], around: 0)
    case ("context", "GET") where path.count > 1:
      return .event(room: id, id: path[1], around: limit)
    case ("members", "GET"), ("joined_members", "GET"), ("state", "GET"): return .members(room: id)
    case ("join", "POST"): return .join(room: id)
    default: return .other
    }
  }

  private static func media(_ path: [String], _ method: String) -> LogEvidence.Action {
    guard method == "GET", path.count >= 3, path[0] == "download" || path[0] == "thumbnail" else {
      return .other
    }
    return .media(address: "mxc://\(path[1])/\(path[2])", isThumbnail: path[0] == "thumbnail")
  }

  private static func limit(_ query: Substring) -> Int {
    for pair in query.split(separator: "&") where pair.hasPrefix("limit=") {
      if let limit = Int(pair.dropFirst(6)), limit >= 0 { return min(limit, greatestLimit) }
    }
    return usualLimit
  }

  /// The text of a part of an address.
  ///
  /// *Source:* RFC 3986, §2.1.
  static func percentDecoded(_ text: Substring) -> String {
    guard text.utf8.contains(UInt8(ascii: "%")) else { return String(text) }
    var bytes: [UInt8] = []
    let input = Array(text.utf8)
    var index = 0
    while index < input.count {
      if input[index] == UInt8(ascii: "%"), index + 2 < input.count,
        let high = hexDigit(input[index + 1]), let low = hexDigit(input[index + 2])
      {
        bytes.append(high << 4 | low)
        index += 3
      } else {
        bytes.append(input[index])
        index += 1
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}

/// Reads the lines that Synapse writes of each request it has answered.
///
/// *Source:* Synapse documentation, "Request log format"; its time is that of the server's clock and
/// bears no zone.
enum SynapseRequest {
  private static let mark = " Processed request: "

  /// Whether a line is such a line, whatever is wrong with it.
  static func isMeant(_ line: String) -> Bool { line.contains(mark) }

  /// Reads a line.
  ///
  /// - Parameters:
  ///   - line: The line.
  ///   - zone: The zone of the server's clock, milliseconds east of UTC.
  /// - Returns: The request, or `nil` where the line cannot be read.
  static func request(_ line: String, zone: Int) -> LogEvidence.Request? {
    guard let middle = line.firstRange(of: mark) else { return nil }
    let head = line[..<middle.lowerBound]
    let tail = line[middle.upperBound...]
    guard let time = WrittenTime(String(head.prefix(23))) ?? WrittenTime(String(head.prefix(19))),
      let open = head.lastIndex(of: "{"), head.last == "}"
    else { return nil }
    let requester = head[head.index(after: open)...].dropLast()
    // `@admin|@user` says that the first acted for the second.
    let account = requester.split(separator: "|").last.map(String.init) ?? ""
    let address = head[..<open].components(" - ").dropLast(2).last?
      .split(separator: " ").last.map(String.init)
    guard let quote = tail.firstIndex(of: "\"") else { return nil }
    let numbers = tail[..<quote].split(separator: " ")
    let request = tail[tail.index(after: quote)...].prefix { $0 != "\"" }.split(separator: " ")
    guard numbers.count >= 2, request.count >= 2,
      // An `!` stands by the code where the client was gone before the answer.
      let status = Int(numbers[numbers.count - 1].filter { $0 != "!" }),
      let byteCount = Int(numbers[numbers.count - 2].dropLast())
    else { return nil }
    return LogEvidence.Request(
      time: time.clock - (time.zone ?? zone),
      account: account == "None" ? "" : account,
      address: address,
      status: status,
      byteCount: byteCount,
      action: ClientRequest.action(method: String(request[0]), String(request[1]))
    )
  }
}

extension Substring {
  /// The parts between a separator of several letters.
  fileprivate func components(_ separator: String) -> [Substring] {
    var parts: [Substring] = []
    var rest = self
    while let range = rest.firstRange(of: separator) {
      parts.append(rest[..<range.lowerBound])
      rest = rest[range.upperBound...]
    }
    return parts + [rest]
  }
}

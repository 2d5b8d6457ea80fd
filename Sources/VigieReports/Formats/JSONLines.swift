import VigieCore
import VigieJSON
import VigieWire

/// One line for each message with findings or gaps, in the order of the archive.
///
/// A line is what `vigie check --jsonl` answers, and where the message stands: channel, sender, time. A part of the
/// archive that could not be read is a line `{"id":null,"gap":…}`. `elapsed_us` is 0 here, so that two scans of the same
/// archive give the same bytes.
package final class JSONLines: ReportFormat {
  package static let name = "jsonl"

  private let output: Output

  package init(to output: Output, of scan: ScanDescription, for terminal: Terminal) {
    self.output = output
  }

  package func add(_ event: ScanEvent) {
    var json = JSONWriter()
    switch event {
    case .message(let message):
      guard !message.review.findings.isEmpty || !message.review.gaps.isEmpty else { return }
      json.line(of: message)
    case .gap(let gap, _):
      json.gapLine(gap)
    }
    json.lineBreak()
    output.write(json.take())
  }

  package func finish(_ tally: Tally) {}
}

extension JSONWriter {
  /// Writes the review of a message and where the message stands.
  fileprivate mutating func line(of message: ScannedMessage) {
    beginObject()
    reviewMembers(message.review, elapsedMicroseconds: 0)
    if let id = message.channelID {
      key("channel")
      beginObject()
      key("id")
      string(id)
      if let name = message.channelName {
        key("name")
        string(name)
      }
      key("visibility")
      string(message.visibility.rawValue)
      endObject()
    }
    if let sender = message.sender {
      key("sender")
      string(sender)
    }
    if let time = message.timestamp {
      key("timestamp")
      string(time)
    }
    endObject()
  }

  /// Writes `{"id":null,"gap":{…}}` for a part of an archive that holds no readable message.
  fileprivate mutating func gapLine(_ gap: Gap) {
    beginObject()
    key("id")
    null()
    key("gap")
    self.gap(gap)
    endObject()
  }
}

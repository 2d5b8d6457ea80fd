import CVigieHeader
import VigieCore
import VigieInspection
import VigieJSON
import VigieThreads
import VigieWire

/// One check: from bytes in to the line out.
struct Answer {
  /// The most bytes of a line or text.
  static let maxByteCount = Int(VIGIE_MAX_LINE_SIZE)

  var status: vigie_status
  /// A review line, or an error line where the status says so.
  var line: [UInt8]

  /// Judges what can be read, or says why it cannot.
  init(_ review: () throws(WireError) -> Review) {
    let start = Monitor.now
    var writer = JSONWriter()
    do {
      let review = try review()
      writer.reviewLine(review, elapsedMicroseconds: Int(clamping: (Monitor.now &- start) / 1000))
      status = VIGIE_OK
    } catch {
      writer.errorLine(error)
      status = VIGIE_BAD_LINE
    }
    line = writer.take()
  }

  /// What is answered to more bytes than are looked at.
  static let tooLong = Answer { () throws(WireError) in
    throw WireError(
      code: .tooLong,
      message: "the line is longer than \(maxByteCount) bytes",
      line: 1
    )
  }

  /// Checks a line.
  static func line(_ bytes: [UInt8], by vigie: Vigie) -> Answer {
    Answer { () throws(WireError) in
      var message = try CheckLine.message(bytes)
      if !vigie.options.allowsPaths {
        for attachment in message.attachments where attachment.content != .nameOnly {
          throw WireError(
            id: message.id,
            code: .notAllowed,
            message: "'attachments.path' is not allowed here; leave it out, "
              + "or open with VIGIE_ALLOW_PATHS",
            line: 1
          )
        }
      }
      if message.channel == nil { message.channel = CheckLine.assumedChannel }
      return vigie.bench.review(message)
    }
  }

  /// Checks a text as the body of a message.
  static func text(_ bytes: [UInt8], channel: [UInt8]?, by vigie: Vigie) -> Answer {
    Answer { () throws(WireError) in
      vigie.bench.review(text: bytes, at: .body, of: try bare("text", channel))
    }
  }

  /// Checks a file as the attachment of a message.
  static func file(_ path: String, name: String, channel: [UInt8]?, by vigie: Vigie) -> Answer {
    Answer { () throws(WireError) in
      var message = try bare("file", channel)
      message.attachments = [Attachment(name: name, content: .file(path: path))]
      return vigie.bench.review(message)
    }
  }

  /// A message that has no more than an id and a channel.
  private static func bare(_ id: String, _ channel: [UInt8]?) throws(WireError) -> Message {
    guard let channel else { return Message(id: id, channel: CheckLine.assumedChannel) }
    do {
      let (channel, gaps) = try CheckLine.channel(channel)
      return Message(id: id, channel: channel ?? CheckLine.assumedChannel, gaps: gaps)
    } catch {
      var error = error
      error.id = id
      throw error
    }
  }
}

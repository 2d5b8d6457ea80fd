package import VigieCore
package import VigieFilter
package import VigieHook
package import VigieJSON
package import VigieMatrix
import VigieThreads
import VigieWire

/// Answers requests, whatever they came over: bytes in, bytes out.
package final class CheckService: Sendable {
  /// What a request led to, for those who count and those who must give it a status.
  package enum Outcome: Sendable, Equatable {
    case reviewed(Verdict)
    case notJudged(Verdict)
    case refused
  }

  /// One answer.
  package struct Answer: Sendable {
    /// One JSON object in UTF-8, without a line break.
    package var bytes: [UInt8]
    package var outcome: Outcome
  }

  /// Judges.
  package let hook: PreSendHook
  /// Below which folder files may be named; `nil` where none may.
  private let root: AttachmentRoot?
  /// Loads the rules and the policy anew.
  private let load: @Sendable () throws -> Filter
  /// Told that they were taken into use anew, or every fault for which they were not.
  private let reloaded: @Sendable (String?) -> Void

  /// A service from its parts.
  ///
  /// - Parameters:
  ///   - hook: What judges.
  ///   - root: Below which folder requests may name files; `nil` refuses them.
  ///   - load: Loads the rules and the policy anew; what it throws is told to whoever asked.
  ///   - reloaded: Told how that went, whoever asked: `nil`, or the faults.
  package init(
    _ hook: PreSendHook,
    root: AttachmentRoot?,
    load: @escaping @Sendable () throws -> Filter,
    reloaded: @escaping @Sendable (String?) -> Void
  ) {
    self.hook = hook
    self.root = root
    self.load = load
    self.reloaded = reloaded
  }

  // MARK: - Messages

  /// Judges a check line.
  ///
  /// - Parameters:
  ///   - line: One JSON object.
  ///   - number: The 1-based number of the line, for errors.
  /// - Returns: A review line, or an error line.
  package func check(_ line: [UInt8], number: Int = 1) async -> Answer {
    do throws(WireError) {
      var message = try CheckLine.message(line, line: number)
      if message.channel == nil { message.channel = CheckLine.assumedChannel }
      let files = try open(&message, line: number)
      return CheckService.answer(await hook.review(message, holding: files))
    } catch {
      return CheckService.answer(error)
    }
  }

  /// Judges a check line that takes no more than a moment, at once; `nil` where it takes more.
  package func promptCheck(_ line: [UInt8]) -> Answer? {
    do throws(WireError) {
      var message = try CheckLine.message(line)
      if message.channel == nil { message.channel = CheckLine.assumedChannel }
      return hook.promptReview(message).map(CheckService.answer)
    } catch {
      return CheckService.answer(error)
    }
  }

  /// Opens the files that a message names, so that nobody can put others in their place.
  private func open(_ message: inout Message, line: Int) throws(WireError) -> [OpenFile] {
    var files: [OpenFile] = []
    for index in message.attachments.indices {
      switch message.attachments[index].content {
      case .file(let path):
        let file = try open(path, key: "attachments/\(index).path", id: message.id, line: line)
        message.attachments[index].content = .file(path: file.path)
        files.append(file)
      case .uploaded(let id, let path?):
        let file = try open(path, key: "attachments/\(index).path", id: message.id, line: line)
        message.attachments[index].content = .uploaded(id: id, path: file.path)
        files.append(file)
      case .nameOnly, .bytes, .missing, .uploaded: continue
      }
    }
    return files
  }

  private func open(
    _ path: String,
    key: String,
    id: String?,
    line: Int
  ) throws(WireError) -> OpenFile {
    guard let root else {
      throw WireError(
        id: id,
        code: .notAllowed,
        message: "'\(key)' is not allowed; the server was started without --attachment-root",
        line: line
      )
    }
    do { return try root.open(path) } catch {
      throw WireError(
        id: id,
        code: .notAllowed,
        message: "'\(key)' \(error.reason); it must be a file beneath the attachment root",
        line: line
      )
    }
  }

  // MARK: - Uploads

  /// Inspects a file that a request names by its path.
  ///
  /// - Parameter request: `{"id","path","name"?,"mimetype"?}`.
  /// - Returns: A review line, or an error line.
  package func file(_ request: [UInt8]) async -> Answer {
    do throws(WireError) {
      let json = try CheckService.object(request)
      let id = json["id"]?.string ?? ""
      try CheckService.refuseUnknownKeys(json, but: ["id", "path", "name", "mimetype"])
      guard !id.isEmpty, let path = json["path"]?.string else {
        throw WireError(
          code: .missingKey,
          message: "the keys 'id' and 'path' are needed, both strings",
          line: 1
        )
      }
      let file = try open(path, key: "path", id: id, line: 1)
      let upload = Upload(
        id: id,
        name: json["name"]?.string,
        mimetype: json["mimetype"]?.string,
        content: .file(path: file.path)
      )
      return CheckService.answer(await hook.inspect(upload, holding: file))
    } catch {
      return CheckService.answer(error)
    }
  }

  /// Inspects an upload whose bytes the server holds, in memory or in a file that `resource` keeps.
  package func file(_ upload: Upload, holding resource: (any Sendable)?) async -> Answer {
    CheckService.answer(await hook.inspect(upload, holding: resource))
  }

  // MARK: - Matrix

  /// Judges an event of Matrix.
  ///
  /// - Parameter request: `{"event":{…},"room"?:{…}}`, see `MatrixRoom`.
  /// - Returns: A review; where its verdict is `redact`, with the `content` to store.
  package func event(_ request: [UInt8]) async -> Answer {
    do throws(WireError) {
      return CheckService.answer(await review(try CheckService.matrixEvent(request)))
    } catch {
      return CheckService.answer(error)
    }
  }

  /// Judges an event that takes no more than a moment, at once; `nil` where it takes more.
  package func promptEvent(_ request: [UInt8]) -> Answer? {
    do throws(WireError) {
      let event = try CheckService.matrixEvent(request)
      let message = event.message
      guard message.override == nil, let reply = hook.promptReview(message)
      else { return nil }
      // What must be rewritten is judged again, elsewhere.
      return reply.verdict == .redact ? nil : CheckService.answer(reply)
    } catch {
      return CheckService.answer(error)
    }
  }

  private static func matrixEvent(_ request: [UInt8]) throws(WireError) -> MatrixEvent {
    let json = try object(request)
    try refuseUnknownKeys(json, but: ["event", "room", "language"])
    guard let event = json["event"] else {
      throw WireError(code: .missingKey, message: "the key 'event' is missing", line: 1)
    }
    let room = try matrix { () throws(MatrixFault) in
      try json["room"].map { room throws(MatrixFault) in try MatrixRoom(room) }
    }
    return try matrix { () throws(MatrixFault) in try MatrixEvent(event, in: room) }
  }

  /// A reply to an event, and the content to store where something was taken out of it.
  package struct EventReply: Sendable {
    package var reply: HookReply
    package var content: JSONValue?
  }

  /// Judges an event; a verdict of `redact` is one of `block` where the content cannot be rewritten.
  package func review(_ event: MatrixEvent) async -> EventReply {
    var reply = await hook.review(event.message)
    // A justification is text in the room as well; one that did not count is judged like any other.
    if let request = event.message.override, reply.review.overridden == nil {
      var message = event.message
      message.override = nil
      message.body = [message.body, request.justification].compactMap(\.self)
        .joined(separator: "\n\n")
      let whole = await hook.review(message)
      if whole.verdict > reply.verdict {
        let refusal = reply.refusal
        reply = whole
        reply.refusal = refusal
      }
    }
    guard reply.verdict == .redact else { return EventReply(reply: reply) }
    guard let content = event.redacted(reply.review.findings),
      let rest = event.with(content), await hook.review(rest.message).verdict < .redact
    else {
      reply.review.verdict = .block
      return EventReply(reply: reply)
    }
    return EventReply(reply: reply, content: content)
  }

  // MARK: - Rules

  /// Takes rules and policy into use anew; nothing changes where they cannot be had.
  package func reload() async -> Answer {
    if let fault = await takeRulesAnew() {
      return CheckService.answer(WireError(code: .invalidValue, message: fault, line: 1))
    }
    var json = JSONWriter()
    json.beginObject()
    json.key("ruleset")
    json.string(hook.ruleset)
    json.endObject()
    return Answer(bytes: json.take(), outcome: .reviewed(.allow))
  }

  /// Takes rules and policy into use anew; nothing changes where they cannot be had.
  ///
  /// - Returns: Every fault of theirs with its place and mend, some lines; `nil` where there is none.
  package func takeRulesAnew() async -> String? {
    await withCheckedContinuation { continuation in
      // Compiling takes a second: on a thread of its own it holds up nobody.
      _ = Thread { [self] in
        do {
          try hook.reload(load)
          reloaded(nil)
          continuation.resume(returning: nil)
        } catch {
          reloaded("\(error)")
          continuation.resume(returning: "\(error)")
        }
      }
    }
  }
}

import NIOCore
import VigieHook
import VigieJSON
import VigieWire

/// One connection of the framed protocol.
///
/// What can be judged at once is answered where it was read, without a task; the rest is answered when it
/// is done, whatever came after it.
final class FrameHandler: ChannelInboundHandler {
  typealias InboundIn = Frame
  typealias OutboundOut = ByteBuffer

  private let service: CheckService
  private let identity: String
  private var isWelcome = false
  private var isStopping = false
  /// Requests that are judged elsewhere.
  private var openCount = 0

  /// A handler of one connection.
  ///
  /// - Parameters:
  ///   - service: What answers.
  ///   - identity: The name and version of the server.
  init(_ service: CheckService, identity: String) {
    self.service = service
    self.identity = identity
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let frame = unwrapInboundIn(data)
    guard let kind = Frame.Kind(rawValue: frame.kind), kind != .error else {
      refuse(frame, .invalidValue, "unknown kind of frame", context)
      return
    }
    if kind == .hello { return welcome(frame, context) }
    guard isWelcome else {
      refuse(frame, .invalidValue, "the first frame must be a hello", context)
      return closeOnceWritten(context)
    }
    if let answer = promptAnswer(to: frame.payload, kind) {
      return send(answer, to: frame, kind, context)
    }
    openCount += 1
    // The handler is bound to its event loop, and so is the future that brings the answer there.
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    let promise = context.eventLoop.makePromise(of: CheckService.Answer.self)
    promise.futureResult.whenSuccess { answer in
      let (handler, context) = bound.value
      handler.finish(answer, frame, kind, context)
    }
    promise.completeWithTask { [service] in
      switch kind {
      case .file: await service.file(frame.payload)
      case .event: await service.event(frame.payload)
      case .check, .hello, .error: await service.check(frame.payload)
      }
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) { context.flush() }

  /// Who does not read its answers is not read from.
  func channelWritabilityChanged(context: ChannelHandlerContext) {
    let channel = context.channel
    channel.setOption(ChannelOptions.autoRead, value: channel.isWritable).whenFailure { _ in
      channel.close(promise: nil)
    }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    guard event is ChannelShouldQuiesceEvent else {
      return context.fireUserInboundEventTriggered(event)
    }
    isStopping = true
    closeIfDone(context)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if case FrameDecoder.Fault.length = error {
      let frame = Frame(kind: 0, number: 0, payload: [])
      let bounds = "\(Frame.headCount) to \(Frame.maxByteCount)"
      refuse(frame, .tooLong, "the length of a frame must be \(bounds)", context)
      return closeOnceWritten(context)
    }
    context.close(promise: nil)
  }

  // MARK: - Answers

  /// What can be said at once, or `nil`.
  private func promptAnswer(to payload: [UInt8], _ kind: Frame.Kind) -> CheckService.Answer? {
    // Reading a long one would hold up the other connections, and it is for the threads anyway.
    guard payload.count <= Frame.promptByteCount else { return nil }
    return switch kind {
    case .check: service.promptCheck(payload)
    case .event: service.promptEvent(payload)
    case .file, .hello, .error: nil
    }
  }

  private func welcome(_ frame: Frame, _ context: ChannelHandlerContext) {
    guard case .number(Double(Frame.version))? = (try? JSONValue(frame.payload))?["protocol"]
    else {
      refuse(frame, .invalidValue, "this server speaks protocol \(Frame.version)", context)
      return closeOnceWritten(context)
    }
    isWelcome = true
    var json = JSONWriter()
    json.beginObject()
    json.key("protocol")
    json.integer(Frame.version)
    json.key("server")
    json.string(identity)
    json.key("ruleset")
    json.string(service.hook.ruleset)
    json.endObject()
    write(
      Frame(kind: Frame.Kind.hello.reply, number: frame.number, payload: json.take()),
      context
    )
  }

  private func refuse(
    _ frame: Frame,
    _ code: WireError.Code,
    _ message: String,
    _ context: ChannelHandlerContext
  ) {
    let answer = CheckService.answer(WireError(code: code, message: message, line: 1))
    send(answer, to: frame, .error, context)
    context.flush()
  }

  private func finish(
    _ answer: CheckService.Answer,
    _ frame: Frame,
    _ kind: Frame.Kind,
    _ context: ChannelHandlerContext
  ) {
    openCount -= 1
    guard context.channel.isActive else { return }
    send(answer, to: frame, kind, context)
    context.flush()
    closeIfDone(context)
  }

  private func send(
    _ answer: CheckService.Answer,
    to frame: Frame,
    _ kind: Frame.Kind,
    _ context: ChannelHandlerContext
  ) {
    let replyKind = answer.outcome == .refused ? Frame.Kind.error.rawValue : kind.reply
    write(Frame(kind: replyKind, number: frame.number, payload: answer.bytes), context)
  }

  private func write(_ frame: Frame, _ context: ChannelHandlerContext) {
    var buffer = context.channel.allocator.buffer(
      capacity: 4 + Frame.headCount + frame.payload.count
    )
    buffer.write(frame)
    context.write(wrapOutboundOut(buffer), promise: nil)
  }

  private func closeIfDone(_ context: ChannelHandlerContext) {
    if isStopping, openCount == 0 { closeOnceWritten(context) }
  }

  /// Closes the connection when the peer has all answers: closing at once would drop those not yet sent.
  private func closeOnceWritten(_ context: ChannelHandlerContext) {
    let channel = context.channel
    let end = context.eventLoop.makePromise(of: Void.self)
    end.futureResult.whenComplete { _ in channel.close(promise: nil) }
    context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: end)
  }
}

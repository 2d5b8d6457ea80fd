import HummingbirdCore
import Logging
import NIOCore

/// A connection over a Unix socket: frames or HTTP, as its first byte says.
///
/// A frame starts with the high byte of its length, 0 or 1; a request of HTTP/1.1 with a letter.
struct FramesOrHTTP: ServerChildChannel {
  /// What a connection turned out to speak.
  enum Spoken: Sendable {
    case frames
    case http(HTTP1Channel.Value)
  }

  /// A connection that has said nothing yet.
  struct Value: ServerChildChannelValue {
    let channel: any Channel
    let spoken: EventLoopFuture<Spoken>
  }

  private let http: HTTP1Channel
  private let makeFrameHandler: @Sendable () -> FrameHandler

  /// A connection of either kind.
  init(_ http: HTTP1Channel, makeFrameHandler: @escaping @Sendable () -> FrameHandler) {
    self.http = http
    self.makeFrameHandler = makeFrameHandler
  }

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
    let promise = channel.eventLoop.makePromise(of: Spoken.self)
    let value = Value(channel: channel, spoken: promise.futureResult)
    return channel.eventLoop.makeCompletedFuture {
      let handler = FirstByteHandler { isFrame in
        guard isFrame else {
          promise.completeWith(http.setup(channel: channel, logger: logger).map { .http($0) })
          return
        }
        promise.completeWith(
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandlers(
              ByteToMessageHandler(FrameDecoder()),
              makeFrameHandler()
            )
            return .frames
          }
        )
      } onSilence: {
        promise.fail(ChannelError.eof)
      }
      try channel.pipeline.syncOperations.addHandler(handler)
      return value
    }
  }

  func handle(value: Value, logger: Logger) async {
    guard let spoken = try? await value.spoken.get() else { return }
    switch spoken {
    case .http(let channel): await http.handle(value: channel, logger: logger)
    case .frames: try? await value.channel.closeFuture.get()
    }
  }
}

/// Looks at the first byte of a connection, sets up what speaks that, and goes.
final class FirstByteHandler: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  private let decide: (Bool) -> Void
  private let onSilence: () -> Void
  private var isDecided = false

  /// A handler.
  ///
  /// - Parameters:
  ///   - decide: Sets up the rest of the pipeline, at once; told whether frames follow.
  ///   - onSilence: Called where the connection ends before its first byte.
  init(_ decide: @escaping (Bool) -> Void, onSilence: @escaping () -> Void) {
    self.decide = decide
    self.onSilence = onSilence
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if !isDecided {
      guard let first = unwrapInboundIn(data).readableBytesView.first else { return }
      isDecided = true
      decide(first < 2)
      context.fireChannelRead(data)
      context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
      return
    }
    context.fireChannelRead(data)
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    // Nothing was asked: nothing to wait for.
    if event is ChannelShouldQuiesceEvent, !isDecided { context.close(promise: nil) }
    context.fireUserInboundEventTriggered(event)
  }

  func channelInactive(context: ChannelHandlerContext) {
    if !isDecided { onSilence() }
    context.fireChannelInactive()
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    if !isDecided { onSilence() }
  }
}

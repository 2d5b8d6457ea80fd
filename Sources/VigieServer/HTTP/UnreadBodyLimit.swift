import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Closes a connection whose client goes on sending the body of a request that is answered already.
///
/// hummingbird reads on to the end of such a body, however long it is and whoever sends it: a body over the limit, one
/// of a client without a token. It gets some time, so that a client that sends first and reads then has its answer.
final class UnreadBodyLimit: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  private let patience: TimeAmount
  private var readCount = 0
  private var answeredCount = 0
  private var closing: Scheduled<Void>?

  /// A limit: how long a client may go on.
  init(_ patience: TimeAmount) { self.patience = patience }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if case .end = unwrapInboundIn(data) {
      readCount += 1
      closing?.cancel()
      closing = nil
    }
    context.fireChannelRead(data)
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    if case .end = unwrapOutboundIn(data) {
      answeredCount += 1
      if answeredCount > readCount, closing == nil {
        closing = context.eventLoop.assumeIsolated().scheduleTask(in: patience) {
          context.close(promise: nil)
        }
      }
    }
    context.write(data, promise: promise)
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    closing?.cancel()
    closing = nil
  }
}

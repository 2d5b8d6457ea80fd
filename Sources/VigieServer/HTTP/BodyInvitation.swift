import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Asks for the body of a request whose client waits to be asked, as most do before a long one.
///
/// Nobody below it answers `Expect: 100-continue`; a client that hears nothing waits a second before it sends.
///
/// *Source:* RFC 9110 §10.1.1 and §15.2.1.
final class BodyInvitation: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundOut = HTTPResponsePart

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if case .head(let request) = unwrapInboundIn(data),
      request.headerFields[.expect]?.lowercased() == "100-continue"
    {
      let invitation = HTTPResponsePart.head(HTTPResponse(status: .continue))
      context.writeAndFlush(wrapOutboundOut(invitation), promise: nil)
    }
    context.fireChannelRead(data)
  }
}

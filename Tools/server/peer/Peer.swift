import Foundation
import Hummingbird
import NIOCore
import NIOPosix

/// What the server is measured against: the same libraries, nothing to judge.
///
///     vigie-serve-peer frames SOCKET     sends every frame back
///     vigie-serve-peer http PORT         decodes the JSON of a check and answers a constant
@main
struct Peer {
  static func main() async throws {
    let arguments = CommandLine.arguments.dropFirst()
    guard arguments.count == 2, let kind = arguments.first, let address = arguments.last else {
      print("usage: vigie-serve-peer frames SOCKET | http PORT")
      exit(2)
    }
    switch kind {
    case "frames": try await frames(address)
    case "http": try await http(Int(address) ?? 0)
    default: exit(2)
    }
  }

  private static func frames(_ path: String) async throws {
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandlers(
            ByteToMessageHandler(EchoDecoder()),
            EchoHandler()
          )
        }
      }
      .bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true).get()
    print("ready", terminator: "\n")
    fflush(nil)
    try await channel.closeFuture.get()
  }

  private static func http(_ port: Int) async throws {
    let router = Router()
    let answer =
      #"{"id":"1","verdict":"allow","level":"public","findings":[],"gaps":[],"tip":null,"#
      + #""ruleset":"sha256:0123456789abcdef","elapsed_us":2}"#
    router.post("/v1/check") { request, context in
      let line = try await request.decode(as: Line.self, context: context)
      return Response(
        status: line.id.isEmpty ? .badRequest : .ok,
        headers: [.contentType: "application/json; charset=utf-8"],
        body: ResponseBody(byteBuffer: ByteBuffer(string: answer))
      )
    }
    let app = Application(
      router: router,
      configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: port)),
      onServerRunning: { channel in
        print("ready \(channel.localAddress?.port ?? 0)", terminator: "\n")
        fflush(nil)
      }
    )
    try await app.run()
  }
}

/// A check line, as far as a handler that answers a constant must read it.
struct Line: Decodable {
  struct Channel: Decodable {
    var id: String
    var name: String?
    var visibility: String?
    var encrypted: Bool?
  }

  var id: String
  var body: String?
  var sender: String?
  var channel: Channel?
}

/// Whole frames, as they are.
struct EchoDecoder: ByteToMessageDecoder {
  typealias InboundOut = ByteBuffer

  mutating func decode(
    context: ChannelHandlerContext,
    buffer: inout ByteBuffer
  ) throws -> DecodingState {
    guard let length: UInt32 = buffer.getInteger(at: buffer.readerIndex),
      let frame = buffer.readSlice(length: 4 + Int(length))
    else { return .needMoreData }
    context.fireChannelRead(wrapInboundOut(frame))
    return .continue
  }
}

/// Sends back what it reads.
final class EchoHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    context.write(data, promise: nil)
  }

  func channelReadComplete(context: ChannelHandlerContext) { context.flush() }
}

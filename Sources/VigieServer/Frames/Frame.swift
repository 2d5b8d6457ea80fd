import NIOCore

/// One frame of the framed protocol: a kind, the number of a request, and JSON.
///
/// On the wire: the length of what follows (4 bytes, big-endian), the kind (1 byte), the number (4 bytes,
/// big-endian), the payload.
struct Frame: Sendable, Equatable {
  /// The version of the protocol that ``Kind/hello`` asks for.
  static let version = 1
  /// Kind and number.
  static let headCount = 5
  /// The greatest length a frame may state, bytes: a message of 64 KiB fits 256 times.
  static let maxByteCount = 16 << 20

  /// The longest payload that is read on the event loop, bytes: an event of Matrix has 64 KiB at most.
  static let promptByteCount = 64 << 10

  /// What a frame is.
  enum Kind: UInt8 {
    case hello = 0x01
    case check = 0x02
    case file = 0x03
    case event = 0x04
    case error = 0xFF

    /// The kind of the reply to a request of this kind.
    var reply: UInt8 { self == .error ? rawValue : rawValue | 0x80 }
  }

  var kind: UInt8
  var number: UInt32
  var payload: [UInt8]
}

/// Takes frames out of a stream of bytes.
struct FrameDecoder: ByteToMessageDecoder {
  typealias InboundOut = Frame

  /// What a peer sent that is no frame.
  enum Fault: Error {
    case length(UInt32)
  }

  mutating func decode(
    context: ChannelHandlerContext,
    buffer: inout ByteBuffer
  ) throws -> DecodingState {
    guard let length: UInt32 = buffer.getInteger(at: buffer.readerIndex) else {
      return .needMoreData
    }
    guard length >= Frame.headCount, length <= Frame.maxByteCount else {
      throw Fault.length(length)
    }
    guard buffer.readableBytes >= 4 + Int(length) else { return .needMoreData }
    guard
      let (_, kind, number) = buffer.readMultipleIntegers(as: (UInt32, UInt8, UInt32).self),
      let payload = buffer.readBytes(length: Int(length) - Frame.headCount)
    else { return .needMoreData }
    context.fireChannelRead(wrapInboundOut(Frame(kind: kind, number: number, payload: payload)))
    return .continue
  }

  mutating func decodeLast(
    context: ChannelHandlerContext,
    buffer: inout ByteBuffer,
    seenEOF: Bool
  ) throws -> DecodingState {
    // Half a frame at the end of a connection: nobody waits for its answer.
    while try decode(context: context, buffer: &buffer) == .continue {}
    return .needMoreData
  }
}

extension ByteBuffer {
  /// Writes a frame.
  mutating func write(_ frame: Frame) {
    let length = UInt32(Frame.headCount + frame.payload.count)
    writeMultipleIntegers(length, frame.kind, frame.number)
    writeBytes(frame.payload)
  }
}

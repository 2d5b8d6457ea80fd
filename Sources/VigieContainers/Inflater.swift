import CZlib
package import VigieCore
package import VigieDocuments

/// Unpacks DEFLATE data, piece by piece.
///
/// *Source:* RFC 1951; RFC 1950 where there is a zlib header.
@safe package final class Inflater {
  /// What stands around the data.
  package enum Wrapper: Sendable {
    /// Nothing, as in a ZIP.
    case none
    /// A zlib header and checksum, as in a PNG.
    case zlib
  }

  /// How far it got.
  package enum State: Sendable, Equatable {
    /// There may be more.
    case going
    /// The data ended as they should.
    case ended
    /// The data end before their end.
    case truncated
    /// The data are damaged.
    case corrupt
  }

  /// What zlib keeps a pointer to, so it must never move.
  private let stream: UnsafeMutablePointer<z_stream>
  /// Packed bytes used so far.
  package private(set) var packedByteCount = 0
  /// How far it got.
  package private(set) var state = State.going

  /// A value that has unpacked nothing; `nil` where there is no memory.
  package init?(_ wrapper: Wrapper) {
    SeldomUsed.need(.markup)
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: unsafe z_stream())
    let bits: CInt = wrapper == .none ? -15 : 15
    let size = unsafe CInt(MemoryLayout<z_stream>.size)
    let status = unsafe inflateInit2_(stream, bits, ZLIB_VERSION, size)
    guard status == Z_OK else {
      unsafe stream.deallocate()
      return nil
    }
  }

  deinit {
    unsafe inflateEnd(stream)
    unsafe stream.deallocate()
  }

  /// Unpacks some bytes.
  ///
  /// - Parameters:
  ///   - packed: All packed bytes, the same at every call; what is used of them is counted here.
  ///   - count: At most so many bytes are unpacked.
  ///   - bytes: What the bytes are added to.
  /// - Returns: The bytes unpacked; fewer than `count` at the end.
  package func unpack(_ packed: RawSpan, _ count: Int, into bytes: inout [UInt8]) -> Int {
    guard state == .going else { return 0 }
    var made = 0
    unsafe packed.withUnsafeBytes { input in
      bytes.append(addingCapacity: count) { span in
        unsafe span.withUnsafeMutableBufferPointer { buffer, filled in
          made = unsafe step(input, buffer, min(count, buffer.count))
          filled = made
        }
      }
    }
    return made
  }

  private func step(
    _ input: UnsafeRawBufferPointer,
    _ output: UnsafeMutableBufferPointer<UInt8>,
    _ count: Int
  ) -> Int {
    let rest = min(max(0, input.count - packedByteCount), Int(UInt32.max))
    let start = unsafe input.baseAddress?.advanced(by: min(packedByteCount, input.count))
    let bound = unsafe start?.assumingMemoryBound(to: UInt8.self)
    unsafe stream.pointee.next_in = unsafe UnsafeMutablePointer(mutating: bound)
    unsafe stream.pointee.avail_in = UInt32(rest)
    unsafe stream.pointee.next_out = output.baseAddress
    unsafe stream.pointee.avail_out = UInt32(min(count, Int(UInt32.max)))
    let asked = Int(unsafe stream.pointee.avail_out)
    let status = unsafe inflate(stream, Z_NO_FLUSH)
    packedByteCount += rest - Int(unsafe stream.pointee.avail_in)
    let made = asked - Int(unsafe stream.pointee.avail_out)
    switch status {
    case Z_STREAM_END: state = .ended
    case Z_OK: if made == 0 && packedByteCount >= input.count { state = .truncated }
    case Z_BUF_ERROR: state = packedByteCount >= input.count ? .truncated : .corrupt
    default: state = .corrupt
    }
    return made
  }
}

/// What came out of packed data.
package struct Unpacked: Sendable {
  /// The bytes, as far as they could be unpacked.
  package var bytes: [UInt8] = []
  /// Packed bytes used.
  package var packedByteCount = 0
  /// How far it got.
  package var state = Inflater.State.going

  /// Unpacked bytes between two looks at what may still be spent.
  package static let stepByteCount = 1 << 17

  /// Unpacks DEFLATE data to their end, or as far as may be spent.
  ///
  /// - Parameters:
  ///   - packed: The packed bytes; there may be others after them.
  ///   - wrapper: What stands around the data.
  ///   - expected: Bytes that should come out, for the first room made.
  ///   - extraction: What may still be spent; a limit that is met is a gap there.
  ///   - place: Where that gap lies.
  /// - Returns: The state is `going` where a limit was met.
  package static func inflate(
    _ packed: RawSpan,
    _ wrapper: Inflater.Wrapper,
    expected: Int = 0,
    into extraction: inout Extraction,
    at place: Place
  ) -> Unpacked {
    if let whole = whole(packed, wrapper, expected: expected, into: &extraction, at: place) {
      return whole
    }
    var result = Unpacked()
    guard let inflater = Inflater(wrapper) else { return result }
    // A byte of DEFLATE data never makes more than 1,032.
    let most = min(
      extraction.unpackableByteCount,
      packed.byteCount.multipliedReportingOverflow(by: 1_032).partialValue
    )
    result.bytes.reserveCapacity(max(0, min(expected, most)))
    while inflater.state == .going {
      let count = min(stepByteCount, extraction.unpackableByteCount + 1)
      let made = inflater.unpack(packed, count, into: &result.bytes)
      let mayGoOn = extraction.unpack(
        made,
        total: result.bytes.count,
        packed: packed.byteCount,
        at: place
      )
      guard mayGoOn else { break }
    }
    result.packedByteCount = inflater.packedByteCount
    // A limit met with the last bytes is a limit nevertheless.
    result.state = inflater.state
    return result
  }
}

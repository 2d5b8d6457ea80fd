import CDeflate
import VigieCore
import VigieDocuments

extension Unpacked {
  /// Unpacks DEFLATE data of which the length is known, at once: four times as fast as piece by piece.
  ///
  /// - Returns: What came out; `nil` where the data are damaged, are longer than they should be, or may
  ///   not be unpacked without looking at the limits on the way. Those are unpacked piece by piece.
  static func whole(
    _ packed: RawSpan,
    _ wrapper: Inflater.Wrapper,
    expected: Int,
    into extraction: inout Extraction,
    at place: Place
  ) -> Unpacked? {
    SeldomUsed.need(.markup)
    let isUsual =
      expected <= Extraction.freeByteCount
      || expected / max(1, extraction.limits.maxRatio) <= packed.byteCount
    guard expected > 0, expected <= extraction.unpackableByteCount, isUsual,
      let decompressor = unsafe libdeflate_alloc_decompressor()
    else { return nil }
    defer { unsafe libdeflate_free_decompressor(decompressor) }
    var result = Unpacked()
    var used = 0
    var isSound = false
    result.bytes = unsafe [UInt8](unsafeUninitializedCapacity: expected) { buffer, filled in
      var made = 0
      let unpack =
        wrapper == .none
        ? unsafe libdeflate_deflate_decompress_ex : unsafe libdeflate_zlib_decompress_ex
      let status = unsafe packed.withUnsafeBytes { input in
        unsafe unpack(
          decompressor,
          input.baseAddress,
          input.count,
          buffer.baseAddress,
          expected,
          &used,
          &made
        )
      }
      isSound = status == LIBDEFLATE_SUCCESS
      filled = isSound ? made : 0
    }
    guard isSound else { return nil }
    result.packedByteCount = used
    result.state = .ended
    let count = result.bytes.count
    // Whoever asks finds the gap.
    _ = extraction.unpack(count, total: count, packed: packed.byteCount, at: place)
    return result
  }
}

/// The CRC-32 of ZIP, gzip and PNG.
package enum CRC32 {
  /// The checksum of some bytes.
  ///
  /// *Source:* ISO/IEC 3309; PNG §5.5.
  package static func checksum(_ bytes: RawSpan) -> UInt32 {
    SeldomUsed.need(.markup)
    return unsafe bytes.withUnsafeBytes { unsafe libdeflate_crc32(0, $0.baseAddress, $0.count) }
  }
}

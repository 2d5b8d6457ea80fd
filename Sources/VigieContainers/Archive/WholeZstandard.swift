import CZstandard
import VigieCore
import VigieDocuments

/// Unpacks Zstandard data at once: no window is kept beside what comes out, and nothing copied out of it.
///
/// *Source:* RFC 8878 §3.1.1 (frames and blocks), §3.1.2 (skippable frames).
enum WholeZstandard {
  /// The most that a block makes, bytes.
  private static let blockByteCount = 1 << 17

  /// Unpacks the frames.
  ///
  /// libarchive gives nothing of a short file that others follow.
  ///
  /// - Returns: What came out, and the bytes of all frames; `nil` where they are damaged, or may not be unpacked
  ///   without looking at the limits on the way. Those are unpacked piece by piece.
  static func unpack(
    _ packed: RawSpan,
    into extraction: inout Extraction,
    at place: Place
  ) -> (bytes: [UInt8], packedByteCount: Int)? {
    guard let (room, end) = extent(of: packed), room <= extraction.unpackableByteCount,
      room <= Extraction.freeByteCount
        || room / max(1, extraction.limits.maxRatio) <= end
    else { return nil }
    var isSound = false
    // Room that nothing is written to costs nothing.
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: room) { buffer, filled in
      let made = unsafe packed.withUnsafeBytes { input in
        unsafe vigie_zstandard_unpack(
          buffer.baseAddress,
          buffer.count,
          input.baseAddress,
          end
        )
      }
      isSound = made >= 0
      filled = max(0, made)
    }
    guard isSound else { return nil }
    let count = bytes.count
    // Whoever asks finds the gap.
    _ = extraction.unpack(count, total: count, packed: end, at: place)
    return (bytes, end)
  }

  /// The most that the frames make, by the sizes of their blocks, and where they end; `nil` where they are not whole.
  ///
  /// What a frame says of its length may be a lie, and may be missing.
  private static func extent(of packed: RawSpan) -> (room: Int, end: Int)? {
    var room = 0
    var hasFrame = false
    var at = 0
    while let magic = packed.number(4, at: at) {
      let start = at
      at += 4
      if magic & 0xFFFF_FFF0 == 0x184D_2A50 {
        guard let count = packed.number(4, at: at) else { return nil }
        at += 4 + count
      } else if magic == 0xFD2F_B528, let descriptor = packed.byte(at: at) {
        hasFrame = true
        at += 1 + headerByteCount(descriptor)
        var isLast = false
        while !isLast {
          guard let head = packed.number(3, at: at) else { return nil }
          isLast = head & 1 == 1
          let count = head >> 3
          switch head >> 1 & 3 {
          case 0:
            room += count
            at += 3 + count
          case 1:
            room += count
            at += 4
          case 2:
            room += blockByteCount
            at += 3 + count
          default: return nil
          }
        }
        if descriptor & 4 != 0 { at += 4 }
      } else {
        at = start
        break
      }
    }
    return hasFrame && at <= packed.byteCount ? (room, at) : nil
  }

  /// The bytes of a frame's header beyond its magic number and its descriptor.
  private static func headerByteCount(_ descriptor: UInt8) -> Int {
    let isSingle = descriptor & 0x20 != 0
    let dictionary = [0, 1, 2, 4][Int(descriptor & 3)]
    let content = [isSingle ? 1 : 0, 2, 4, 8][Int(descriptor >> 6)]
    return (isSingle ? 0 : 1) + dictionary + content
  }
}

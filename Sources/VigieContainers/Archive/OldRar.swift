import CUnarr
package import VigieCore
package import VigieDocuments

/// Unpacks files of a RAR that libarchive does not know: those of versions 2.0 to 2.6, and of solid archives of version 3.
///
/// libunarr does, which is optional and found when the program runs.
package enum OldRar {
  /// The file name of the library, as it begins.
  package static let fileName = "libunarr.so"

  /// Whether the library can be used; it is loaded at the first question, which comes before a sandbox closes.
  package static let isReady = vigie_unarr_load() == 1

  /// Whether a version of packing is one of those that it knows.
  package static func unpacks(version: UInt8) -> Bool { [20, 26, 29, 36].contains(version) }

  /// A file that is wanted.
  package struct Wanted {
    /// Where it lies.
    package var place: Place
    /// The bytes that it is packed in.
    package var packedByteCount: Int

    /// A value from its parts.
    package init(place: Place, packedByteCount: Int) {
      self.place = place
      self.packedByteCount = packedByteCount
    }
  }

  /// What is unpacked between two looks at what may still be spent.
  private static let stepByteCount = 1 << 16

  /// Hands over files.
  ///
  /// - Parameters:
  ///   - bytes: The archive.
  ///   - wanted: The files, by where their blocks begin.
  ///   - extraction: What may still be spent, and where gaps go.
  ///   - body: Called with each of them that is there, as far as it could be unpacked.
  package static func files(
    of bytes: RawSpan,
    _ wanted: [Int: Wanted],
    into extraction: inout Extraction,
    _ body: (_ start: Int, _ bytes: [UInt8], inout Extraction) -> Void
  ) {
    guard isReady, !wanted.isEmpty else { return }
    SeldomUsed.need(.all)
    unsafe bytes.withUnsafeBytes { buffer in
      guard let archive = unsafe vigie_unarr_open(buffer.baseAddress, buffer.count) else { return }
      defer { unsafe vigie_unarr_close(archive) }
      var left = wanted
      while !left.isEmpty, unsafe vigie_unarr_next(archive) != 0 {
        let start = Int(unsafe vigie_unarr_offset(archive))
        guard let file = left.removeValue(forKey: start), extraction.enter(file.place) else {
          continue
        }
        let unpacked = unsafe unpack(archive, file, into: &extraction)
        body(start, unpacked, &extraction)
      }
    }
  }

  /// Unpacks the present file.
  private static func unpack(
    _ archive: OpaquePointer,
    _ file: Wanted,
    into extraction: inout Extraction
  ) -> [UInt8] {
    var bytes: [UInt8] = []
    let byteCount = Int(clamping: unsafe vigie_unarr_size(archive))
    while bytes.count < byteCount {
      let count = min(byteCount - bytes.count, stepByteCount)
      // What is not filled of it tells how far a damaged file got.
      var step = [UInt8](repeating: 0, count: count)
      let isSound = unsafe vigie_unarr_read(archive, &step, count) != 0
      if !isSound { while step.last == 0 { step.removeLast() } }
      bytes += step
      let mayGoOn = extraction.unpack(
        step.count,
        total: bytes.count,
        packed: file.packedByteCount,
        at: file.place
      )
      guard mayGoOn else { break }
      guard isSound else {
        let detail = "a file of the archive cannot be unpacked to its end"
        extraction.miss(.corrupt, detail, at: file.place)
        break
      }
    }
    return bytes
  }
}

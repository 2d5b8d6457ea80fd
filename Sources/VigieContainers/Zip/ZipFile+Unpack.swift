package import VigieCore
package import VigieDocuments

extension ZipFile {
  /// Unpacks a member.
  ///
  /// The member counts as one that was opened. What does not fit into the limits, is encrypted,
  /// damaged or packed by an unknown method is a gap, and what came out before that is returned.
  ///
  /// - Parameters:
  ///   - entry: One of ``entries``.
  ///   - bytes: The ZIP, the same bytes that were listed.
  ///   - extraction: What may still be spent, and where gaps go.
  ///   - place: The member: where gaps lie.
  /// - Returns: The bytes, as far as they could be unpacked; `nil` where none could be, after a gap.
  package func unpack(
    _ entry: ZipEntry,
    of bytes: RawSpan,
    into extraction: inout Extraction,
    at place: Place
  ) -> [UInt8]? {
    guard extraction.enter(place) else { return nil }
    guard !entry.isEncrypted else {
      extraction.miss(.encrypted, "a file of the ZIP is encrypted", at: place)
      return nil
    }
    guard let (local, data) = ZipEntry.local(bytes, at: entry.headerOffset) else {
      extraction.miss(.corrupt, "a file of the ZIP is not where it should be", at: place)
      return nil
    }
    if local.method != entry.method || local.rawName != entry.rawName {
      extraction.miss(.corrupt, "two headers of a file in the ZIP disagree", at: place)
    }
    let range = (data..<max(data, data &+ min(entry.packedByteCount, bytes.byteCount)))
      .clamped(to: 0..<bytes.byteCount)
    if range.count < entry.packedByteCount {
      extraction.miss(.truncated, "a file of the ZIP goes beyond its end", at: place)
    }
    let result: [UInt8]?
    switch entry.method {
    case 0: result = stored(entry, bytes, range, into: &extraction, at: place)
    case 8: result = inflated(entry, bytes, range, into: &extraction, at: place)
    default: result = streamed(entry, bytes, range, into: &extraction, at: place)
    }
    guard let result, !result.isEmpty || entry.byteCount == 0 else { return nil }
    return result
  }

  private func stored(
    _ entry: ZipEntry,
    _ bytes: RawSpan,
    _ range: Range<Int>,
    into extraction: inout Extraction,
    at place: Place
  ) -> [UInt8]? {
    var range = range
    if !entry.hasSizes, let end = bytes.firstOffset(of: [0x50, 0x4B, 7, 8], in: range) {
      range = range.lowerBound..<end
    }
    let count = min(range.count, extraction.unpackableByteCount)
    let isWhole = extraction.unpack(
      range.count,
      total: range.count,
      packed: range.count,
      at: place
    )
    let result = bytes.array(range.lowerBound..<range.lowerBound + count)
    if isWhole { check(result, entry, into: &extraction, at: place) }
    return result
  }

  private func inflated(
    _ entry: ZipEntry,
    _ bytes: RawSpan,
    _ range: Range<Int>,
    into extraction: inout Extraction,
    at place: Place
  ) -> [UInt8]? {
    let unpacked = Unpacked.inflate(
      bytes.extracting(range),
      .none,
      expected: entry.byteCount,
      into: &extraction,
      at: place
    )
    switch unpacked.state {
    case .going: break
    case .ended: check(unpacked.bytes, entry, into: &extraction, at: place)
    case .truncated: extraction.miss(.truncated, "a file of the ZIP ends too early", at: place)
    case .corrupt: extraction.miss(.corrupt, "a file of the ZIP is damaged", at: place)
    }
    return unpacked.bytes
  }

  /// Unpacks by the methods of few archives: DEFLATE64, BZIP2, LZMA, XZ, PPMd.
  private func streamed(
    _ entry: ZipEntry,
    _ bytes: RawSpan,
    _ range: Range<Int>,
    into extraction: inout Extraction,
    at place: Place
  ) -> [UInt8]? {
    var packed: [UInt8]? = bytes.array(range)
    let stream = ZipMemberStream(entry) { block in
      if let rest = packed { block = rest }
      packed = nil
      return true
    }
    guard let stream else {
      extraction.miss(.unsupported, "a file of the ZIP cannot be unpacked", at: place)
      return nil
    }
    var result: [UInt8] = []
    while true {
      let count = min(Unpacked.stepByteCount, extraction.unpackableByteCount + 1)
      guard let got = stream.read(count, into: &result) else {
        let reason: GapReason = result.isEmpty ? .unsupported : .corrupt
        extraction.miss(reason, "a file of the ZIP is damaged or packed unusually", at: place)
        return result
      }
      let mayGoOn = extraction.unpack(got, total: result.count, packed: range.count, at: place)
      if got == 0 || !mayGoOn { break }
    }
    return result
  }

  /// Says where the bytes are not those that were packed.
  private func check(
    _ result: [UInt8],
    _ entry: ZipEntry,
    into extraction: inout Extraction,
    at place: Place
  ) {
    guard entry.hasSizes else { return }
    if result.count < entry.byteCount {
      extraction.miss(.truncated, "a file of the ZIP ends too early", at: place)
    } else if unsafe CRC32.checksum(result.span.bytes) != entry.checksum {
      extraction.miss(.corrupt, "a file of the ZIP has a wrong checksum", at: place)
    }
  }
}

import VigieContainers
package import VigieCore
package import VigieDocuments

/// gzip files: one packed file after the other, each with its name.
///
/// *Source:* RFC 1952 §2.3.
package enum Gzip: DocumentFormat {
  package static let name = "gzip file"

  package static func recognizes(_ bytes: RawSpan) -> Bool {
    bytes.holds([0x1F, 0x8B, 8]) && (bytes.byte(at: 3) ?? 0xFF) & 0xE0 == 0
  }

  package static func extract(
    _ bytes: RawSpan,
    at place: Place,
    into extraction: inout Extraction
  ) {
    var offset = 0
    var whole: [UInt8] = []
    var name: [UInt8] = []
    // Files in a row are one file in pieces, unless they bear names of their own.
    func flush(_ extraction: inout Extraction) {
      extraction.open(whole, named: MemberName(name), in: place)
      whole = []
    }
    while recognizes(bytes.extracting(offset..<bytes.byteCount)) {
      guard extraction.enter(place) else { break }
      guard let header = GzipHeader(bytes, at: offset) else {
        extraction.miss(.truncated, "gzip file: its header is cut off", at: place)
        offset = bytes.byteCount
        break
      }
      if header.name != name || !header.name.isEmpty {
        if offset > 0 { flush(&extraction) }
        name = header.name
      }
      let comment = ContainerText.decode(header.comment)
      extraction.add(comment, at: place, role: .comment, location: "comment of the file")
      extraction.openStray(bytes, header.extra, in: place)
      let unpacked = Unpacked.inflate(
        bytes.extracting(header.data..<bytes.byteCount),
        .none,
        // The last four bytes tell the size of the last file, which is mostly the only one.
        expected: bytes.number(4, at: bytes.byteCount - 4) ?? 0,
        into: &extraction,
        at: place
      )
      if whole.isEmpty { whole = unpacked.bytes } else { whole += unpacked.bytes }
      offset = header.data + unpacked.packedByteCount
      guard check(unpacked, bytes, &offset, at: place, into: &extraction) else { break }
    }
    flush(&extraction)
    if offset < bytes.byteCount {
      extraction.openStray(bytes, offset..<bytes.byteCount, in: place)
    }
  }

  /// Looks at the checksum after a packed file.
  ///
  /// - Returns: Whether another file may follow.
  private static func check(
    _ unpacked: Unpacked,
    _ bytes: RawSpan,
    _ offset: inout Int,
    at place: Place,
    into extraction: inout Extraction
  ) -> Bool {
    switch unpacked.state {
    case .going: offset = bytes.byteCount
    case .corrupt:
      extraction.miss(.corrupt, "gzip file: damaged", at: place)
      offset = bytes.byteCount
    case .truncated:
      extraction.miss(.truncated, "gzip file: ends too early", at: place)
      offset = bytes.byteCount
    case .ended:
      guard let sum = bytes.number(4, at: offset), bytes.number(4, at: offset + 4) != nil else {
        extraction.miss(.truncated, "gzip file: ends too early", at: place)
        offset = bytes.byteCount
        return false
      }
      let found = unsafe CRC32.checksum(unpacked.bytes.span.bytes)
      if Int(found) != sum {
        extraction.miss(.corrupt, "gzip file: wrong checksum", at: place)
      }
      offset += 8
      return extraction.unpackableByteCount > 0
    }
    return false
  }
}

/// The header of a packed file.
private struct GzipHeader {
  var name: [UInt8] = []
  var comment: [UInt8] = []
  var extra = 0..<0
  /// Where the packed bytes start.
  var data: Int

  /// Reads a header; `nil` where it is cut off.
  init?(_ bytes: RawSpan, at start: Int) {
    guard let flags = bytes.byte(at: start + 3) else { return nil }
    data = start + 10
    if flags & 4 != 0 {
      guard let count = bytes.number(2, at: data), let range = bytes.range(at: data + 2, count)
      else { return nil }
      extra = range
      data = range.upperBound
    }
    if flags & 8 != 0 {
      guard let text = GzipHeader.text(bytes, &data) else { return nil }
      name = text
    }
    if flags & 16 != 0 {
      guard let text = GzipHeader.text(bytes, &data) else { return nil }
      comment = text
    }
    if flags & 2 != 0 { data += 2 }
    guard data <= bytes.byteCount else { return nil }
  }

  private static func text(_ bytes: RawSpan, _ offset: inout Int) -> [UInt8]? {
    guard let end = bytes.firstOffset(of: [0], in: offset..<max(offset, bytes.byteCount)) else {
      return nil
    }
    defer { offset = end + 1 }
    return bytes.array(offset..<end)
  }
}

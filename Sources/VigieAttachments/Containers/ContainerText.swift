import VigieContainers
import VigieCore
import VigieDocuments

extension Extraction {
  /// Reads a member of a container, and all that its name may mean.
  ///
  /// - Parameters:
  ///   - bytes: What it holds; nothing for a folder or what could not be unpacked.
  ///   - name: Its name there.
  ///   - place: The container.
  mutating func open(_ bytes: [UInt8], named name: MemberName, in place: Place) {
    var inner = place
    if !name.text.isEmpty { inner.path.append(name.text) }
    inner.location = ""
    for reading in name.alternatives + RareNames.readings(of: name) {
      add(reading, at: inner, role: .filename)
    }
    unsafe open(bytes.span.bytes, named: name.text, in: place)
  }

  /// Reads the bytes before, between or after what a format describes, where they may say anything.
  ///
  /// Fill bytes say nothing, nor do the few that a program leaves behind unless they are a text.
  mutating func openStray(_ bytes: RawSpan, _ range: Range<Int>, in place: Place) {
    var range = range.clamped(to: 0..<bytes.byteCount)
    func isFill(_ offset: Int, _ others: [UInt8]) -> Bool {
      guard let byte = bytes.byte(at: offset) else { return false }
      return byte == 0 || byte == 0x20 || (9...13).contains(byte) || others.contains(byte)
    }
    // A document may begin with 0xFF.
    while let first = range.first, isFill(first, []) { range.removeFirst() }
    let whole = range
    while let last = range.last, isFill(last, [0xFF, 0x1A]) { range.removeLast() }
    guard range.count >= ContainerText.minStrayByteCount else {
      let text = bytes.array(range)
      if text.count > 3, text.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || (9...13).contains($0) }) {
        add(String(decoding: text, as: UTF8.self), at: place, role: .hidden)
      }
      return
    }
    // Fill at the end may belong to a document: a ZIP ends with zeros.
    open(bytes.extracting(whole), named: "", in: place)
  }
}

/// What containers share.
enum ContainerText {
  /// Fewer stray bytes than this are what a program leaves behind, such as a checksum.
  static let minStrayByteCount = 32

  /// The text of a comment or name in a container: UTF-8, or a code page of the past.
  static func decode(_ raw: [UInt8]) -> String {
    var raw = raw
    while raw.last == 0 { raw.removeLast() }
    return raw.contains(where: { $0 >= 0x80 })
      ? MemberName(raw).text : String(decoding: raw, as: UTF8.self)
  }
}

/// Archives that libarchive reads from front to back.
enum StreamedArchive {
  /// Reads every member, then what follows the archive.
  ///
  /// - Parameters:
  ///   - bytes: The archive and what follows it.
  ///   - kind: Its format.
  ///   - byteCount: Bytes of the archive, where its header says so; those after it are read on their
  ///     own.
  ///   - place: The archive.
  ///   - extraction: Where texts and gaps go.
  static func extract(
    _ bytes: RawSpan,
    _ kind: ArchiveKind,
    byteCount: Int? = nil,
    at place: Place,
    into extraction: inout Extraction
  ) {
    let result = members(bytes, kind, at: place, into: &extraction)
    if let end = byteCount ?? result.used, end > 0, end < bytes.byteCount {
      extraction.openStray(bytes, end..<bytes.byteCount, in: place)
    }
  }

  /// Reads every member, and not what follows the archive.
  ///
  /// - Returns: How many members there were until the end or a damage.
  static func extractMembers(
    _ bytes: RawSpan,
    _ kind: ArchiveKind,
    at place: Place,
    into extraction: inout Extraction
  ) -> Int {
    members(bytes, kind, at: place, into: &extraction).count
  }

  private static func members(
    _ bytes: RawSpan,
    _ kind: ArchiveKind,
    at place: Place,
    into extraction: inout Extraction
  ) -> (count: Int, used: Int?) {
    var count = 0
    let used = ArchiveReading.members(of: bytes, kind, into: &extraction, at: place) {
      (member: ArchiveMember, data: [UInt8], extraction: inout Extraction) in
      count += 1
      extraction.open(data, named: member.name, in: place)
      guard !member.linkTarget.isEmpty else { return }
      var inner = place
      inner.path.append(member.name.text)
      extraction.add(member.linkTarget, at: inner, role: .link, location: "target of the link")
    }
    return (count, used)
  }
}

/// Files that are packed as a whole and hold one file without a name.
enum PackedFile {
  /// Unpacks the file and reads it, then what follows it.
  static func extract(
    _ bytes: RawSpan,
    _ filter: CompressionFilter,
    at place: Place,
    into extraction: inout Extraction
  ) {
    guard extraction.enter(place) else { return }
    let result = ArchiveReading.unpack(bytes, filter, into: &extraction, at: place)
    extraction.open(result.bytes, named: MemberName([]), in: place)
    if let end = result.packedByteCount, end > 0, end < bytes.byteCount {
      extraction.openStray(bytes, end..<bytes.byteCount, in: place)
    }
  }
}

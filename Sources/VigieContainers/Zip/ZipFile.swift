package import VigieCore

/// A ZIP in memory whose members can be unpacked in any order, by name.
///
/// The central directory says what there is; local headers that it does not name are listed after
/// it, since some programs read a ZIP from front to back and see them. The value holds no bytes of
/// the ZIP: they are handed over at each call.
///
/// *Source:* PKWARE APPNOTE 6.3.10, §4.3.
package struct ZipFile: Sendable {
  /// What is wrong with the ZIP as a whole.
  package struct Fault: Sendable, Equatable {
    package var reason: GapReason
    /// In words, without names.
    package var detail: String
  }

  /// The files and folders, as the directory orders them, then those it does not name.
  ///
  /// A name may stand more than once, and programs differ in which one they show.
  package private(set) var entries: [ZipEntry] = []
  /// The comment of the archive.
  package private(set) var rawComment: [UInt8] = []
  /// What is wrong with the ZIP as a whole.
  package private(set) var faults: [Fault] = []
  /// Bytes that belong to no file of the ZIP and not to its directory, in front, between or after.
  package private(set) var strays: [Range<Int>] = []
  /// What to add to the offsets that the ZIP names: bytes were put in front of it.
  private var shift = 0

  /// Entries that are listed; the rest is a fault.
  package static let maxEntryCount = 1 << 16

  /// Lists what a ZIP holds; `nil` where there is neither a directory nor a local header.
  ///
  /// - Parameters:
  ///   - bytes: The whole file; a ZIP whose end was cut off is listed as far as it goes.
  ///   - isAppended: Whether it stands at the end of another document, which is not searched.
  package init?(_ bytes: RawSpan, isAppended: Bool = false) {
    var covered: [Range<Int>] = []
    let isListed = listDirectory(of: bytes, &covered)
    if isAppended {
      // What a document holds in pieces, as a workbook its drawings, is no ZIP for anybody: of such
      // a one no program opens what does not lie where the directory says.
      entries.removeAll { ZipEntry.local(bytes, at: $0.headerOffset) == nil }
      guard isListed, !entries.isEmpty else { return nil }
      return
    }
    let hasLocals = coverLocals(of: bytes, &covered)
    if !isListed {
      guard hasLocals else { return nil }
      faults.append(Fault(reason: .truncated, detail: "the ZIP ends before its directory"))
    }
  }

  /// The entries with a name; a `\` in a name of the ZIP is a `/`.
  package func entries(named name: String) -> [ZipEntry] { entries.filter { $0.name == name } }

  /// The name in the local header, where that is not the name of the entry.
  package func otherName(of entry: ZipEntry, in bytes: RawSpan) -> MemberName? {
    guard let (local, _) = ZipEntry.local(bytes, at: entry.headerOffset),
      local.rawName != entry.rawName
    else { return nil }
    return local.readings
  }

  /// Whether a file is a ZIP with something in front, such as a program that unpacks it.
  package static func ends(_ bytes: RawSpan) -> Bool {
    guard hasEndSignature(bytes) else { return false }
    guard let record = endRecord(of: bytes) else { return false }
    return record.entryCount > 0 && directoryStart(record, in: bytes) != nil
  }

  /// Whether the signature of the end stands where it can, which is soon known of most documents.
  private static func hasEndSignature(_ bytes: RawSpan) -> Bool {
    let start = max(0, bytes.byteCount - ZipEndRecord.searchByteCount)
    return bytes.firstOffset(of: ZipEndRecord.signature, in: start..<bytes.byteCount) != nil
  }

  // MARK: Directory

  private static func endRecord(of bytes: RawSpan) -> ZipEndRecord? {
    ZipEndRecord.find(byteCount: bytes.byteCount) { bytes.array($0) }
  }

  /// Where the directory is: where the record says, or right before the record.
  private static func directoryStart(_ record: ZipEndRecord, in bytes: RawSpan) -> Int? {
    if record.entryCount == 0 { return record.offset }
    let places = [record.offset - record.directoryByteCount, record.directoryOffset]
    return places.first { bytes.number(4, at: $0) == ZipEntry.centralSignature }
  }

  private mutating func listDirectory(of bytes: RawSpan, _ covered: inout [Range<Int>]) -> Bool {
    guard let record = ZipFile.endRecord(of: bytes),
      let start = ZipFile.directoryStart(record, in: bytes)
    else { return false }
    rawComment = bytes.array(record.comment)
    shift = start - record.directoryOffset
    if record.entryCount == 0 { shift = 0 }
    // Offsets that fit as they are stay: some programs count from the start of the file.
    if shift != 0, let first = ZipEntry.central(bytes, at: start)?.0,
      bytes.number(4, at: first.headerOffset) == ZipEntry.localSignature
    {
      shift = 0
    }
    var offset = start
    while entries.count < record.entryCount || offset < record.offset {
      guard entries.count < ZipFile.maxEntryCount else {
        faults.append(Fault(reason: .limit, detail: "the ZIP lists too many files"))
        break
      }
      guard let (listed, next) = ZipEntry.central(bytes, at: offset) else { break }
      var entry = listed
      entry.headerOffset += shift
      entries.append(entry)
      offset = next
    }
    if entries.count < record.entryCount, entries.count < ZipFile.maxEntryCount {
      let detail = "the directory of the ZIP is damaged: it lists fewer files than it says"
      faults.append(Fault(reason: .corrupt, detail: detail))
    }
    covered.append(start..<max(start, offset))
    covered.append(record.offset..<max(record.offset, record.end))
    return true
  }

  // MARK: Local headers

  /// Adds the entries whose local header no directory names, and tells which bytes nothing covers.
  ///
  /// - Returns: Whether there is any local header.
  private mutating func coverLocals(of bytes: RawSpan, _ covered: inout [Range<Int>]) -> Bool {
    for entry in entries {
      guard let (_, data) = ZipEntry.local(bytes, at: entry.headerOffset) else { continue }
      let (end, hasOverflow) = data.addingReportingOverflow(entry.packedByteCount)
      let limit = hasOverflow ? bytes.byteCount : min(end, bytes.byteCount)
      covered.append(entry.headerOffset..<descriptorEnd(after: limit, of: entry, in: bytes))
    }
    var found = !entries.isEmpty
    for hole in ZipFile.holes(in: bytes.byteCount, covered) {
      var start = hole.lowerBound
      var offset = start
      while let next = bytes.firstOffset(of: [0x50, 0x4B, 3, 4], in: offset..<hole.upperBound) {
        guard entries.count < ZipFile.maxEntryCount,
          let (entry, data) = ZipEntry.local(bytes, at: next),
          ZipFile.isPlausible(entry), data <= hole.upperBound
        else {
          offset = next + 4
          continue
        }
        if next > start { strays.append(start..<next) }
        let end = add(entry, data: data, within: hole, of: bytes)
        found = true
        start = end
        offset = end
      }
      if start < hole.upperBound { strays.append(start..<hole.upperBound) }
    }
    return found
  }

  /// Adds an entry that only its local header names.
  ///
  /// - Returns: Where its bytes end.
  private mutating func add(
    _ entry: ZipEntry,
    data: Int,
    within hole: Range<Int>,
    of bytes: RawSpan
  ) -> Int {
    var entry = entry
    if entry.flags & 8 != 0, entry.packedByteCount == 0 {
      // The sizes follow the data: those end before the next header at the latest.
      entry.hasSizes = false
      var next = hole.upperBound
      // The second is looked for up to the first: many headers take no longer than one.
      for mark: [UInt8] in [[0x50, 0x4B, 3, 4], [0x50, 0x4B, 1, 2]] {
        next = bytes.firstOffset(of: mark, in: data..<next) ?? next
      }
      entry.packedByteCount = next - data
      entries.append(entry)
      return data + entry.packedByteCount
    }
    entries.append(entry)
    let end = min(data &+ min(entry.packedByteCount, bytes.byteCount), hole.upperBound)
    return min(descriptorEnd(after: end, of: entry, in: bytes), hole.upperBound)
  }

  /// The end of the data descriptor that follows packed bytes, where one does.
  private func descriptorEnd(after end: Int, of entry: ZipEntry, in bytes: RawSpan) -> Int {
    guard entry.flags & 8 != 0 else { return end }
    let signature = bytes.number(4, at: end) == 0x0807_4B50 ? 4 : 0
    let isLong = max(entry.packedByteCount, entry.byteCount) >= 0xFFFF_FFFF
    return min(end + signature + (isLong ? 20 : 12), bytes.byteCount)
  }

  /// Whether a local header that was found by its signature alone is one.
  private static func isPlausible(_ entry: ZipEntry) -> Bool {
    !entry.rawName.isEmpty && entry.rawName.count < 1 << 12 && entry.method < 100
      && entry.rawName.allSatisfy { $0 >= 0x20 }
  }

  /// The ranges that nothing covers.
  private static func holes(in byteCount: Int, _ covered: [Range<Int>]) -> [Range<Int>] {
    var holes: [Range<Int>] = []
    var end = 0
    for range in covered.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      let start = min(max(range.lowerBound, 0), byteCount)
      if start > end { holes.append(end..<start) }
      end = max(end, min(range.upperBound, byteCount))
    }
    if end < byteCount { holes.append(end..<byteCount) }
    return holes
  }
}

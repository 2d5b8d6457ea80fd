import VigieContainers
package import VigieCore
package import VigieDocuments

/// RAR archives of the versions 1.5 to 7.
///
/// libarchive unpacks them, but it takes encrypted data of version 5 for damage, stops at solid archives of version 4
/// and knows nothing of what is older than 2.9, which ``OldRar`` unpacks where it can be had: the blocks are looked at
/// too, so that every file is read or named.
///
/// *Source:* RAR 5.0 archive format, General archive structure; technote.txt of RAR 4.
package enum Rar: DocumentFormat {
  package static let name = "RAR archive"

  static let signature: [UInt8] = [0x52, 0x61, 0x72, 0x21, 0x1A, 0x07]

  package static func recognizes(_ bytes: RawSpan) -> Bool {
    bytes.holds(signature)
      && (bytes.byte(at: 6) == 0 || bytes.byte(at: 6) == 1 && bytes.byte(at: 7) == 0)
  }

  package static func extract(
    _ bytes: RawSpan,
    at place: Place,
    into extraction: inout Extraction
  ) {
    let isOld = bytes.byte(at: 6) == 0
    let blocks = isOld ? RarBlocks.version4(bytes) : RarBlocks.version5(bytes)
    let unlocked = blocks.files.filter { !$0.isEncrypted }
    var seen = 0
    var read: Set<Int> = []
    if isOld, blocks.isAncient || blocks.isSolid, OldRar.isReady {
      read = unpack(unlocked, of: bytes, at: place, into: &extraction)
    } else if !blocks.isAncient, !unlocked.isEmpty || blocks.files.isEmpty {
      let sound = unlocked.count == blocks.files.count ? nil : blocks.withoutEncrypted(bytes)
      let kind: ArchiveKind = isOld ? .rar : .rar5
      if let sound {
        let span = unsafe sound.span.bytes
        seen = StreamedArchive.extractMembers(span, kind, at: place, into: &extraction)
      } else {
        seen = StreamedArchive.extractMembers(bytes, kind, at: place, into: &extraction)
      }
    }
    let rest = blocks.files.filter(\.isEncrypted) + unlocked.dropFirst(seen)
    for file in rest where !read.contains(file.block.lowerBound) {
      open(file, of: blocks, bytes, at: place, into: &extraction)
    }
    for range in blocks.comments {
      let comment = ContainerText.decode(bytes.array(range))
      extraction.add(comment, at: place, role: .comment, location: "comment of the archive")
    }
    if blocks.hasUnreadComment {
      extraction.miss(.unsupported, "the comment of the archive is packed", at: place)
    }
    if blocks.isCut {
      extraction.miss(.truncated, "RAR archive: it ends too early", at: place)
    }
    if blocks.isVolume {
      extraction.miss(.missing, "the archive goes on in other files", at: place)
    }
    if let end = blocks.end { extraction.openStray(bytes, end..<bytes.byteCount, in: place) }
  }

  /// Reads files that libarchive does not know.
  ///
  /// - Returns: Where the blocks of those begin that were read.
  private static func unpack(
    _ files: [RarBlocks.File],
    of bytes: RawSpan,
    at place: Place,
    into extraction: inout Extraction
  ) -> Set<Int> {
    var names: [Int: MemberName] = [:]
    var wanted: [Int: OldRar.Wanted] = [:]
    for file in files where !file.isStored && OldRar.unpacks(version: file.version) {
      var inner = place
      inner.path.append(file.name.text)
      names[file.block.lowerBound] = file.name
      wanted[file.block.lowerBound] = OldRar.Wanted(place: inner, packedByteCount: file.data.count)
    }
    var read: Set<Int> = []
    OldRar.files(of: bytes, wanted, into: &extraction) { start, data, extraction in
      read.insert(start)
      if let name = names[start] { extraction.open(data, named: name, in: place) }
    }
    return read
  }

  /// Reads a file that was not unpacked.
  private static func open(
    _ file: RarBlocks.File,
    of blocks: RarBlocks,
    _ bytes: RawSpan,
    at place: Place,
    into extraction: inout Extraction
  ) {
    var inner = place
    inner.path.append(file.name.text)
    guard extraction.enter(inner) else { return }
    var data: [UInt8] = []
    if file.isEncrypted {
      extraction.miss(.encrypted, "a file of the archive is encrypted", at: inner)
    } else if file.isStored {
      let count = file.data.count
      if extraction.unpack(count, total: count, packed: count, at: inner) {
        data = bytes.array(file.data)
      }
    } else if !file.data.isEmpty {
      extraction.miss(.unsupported, blocks.unreadDetail, at: inner)
    }
    extraction.open(data, named: file.name, in: place)
  }
}

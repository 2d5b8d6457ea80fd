import VigieContainers

/// The blocks of a RAR, so far as they say what libarchive does not.
struct RarBlocks {
  /// A file or folder.
  struct File {
    var name: MemberName
    var isEncrypted: Bool
    /// Whether its data are its bytes: neither packed nor continued in another volume.
    var isStored: Bool
    /// The version of RAR that unpacks it, such as 29; 0 where the block does not say.
    var version: UInt8 = 0
    /// The packed bytes.
    var data: Range<Int>
    /// All of its block.
    var block: Range<Int>
  }

  /// In the order of the archive.
  var files: [File] = []
  /// Where the comments of the archive are that are stored and not packed.
  var comments: [Range<Int>] = []
  /// Whether there is a comment that is packed or encrypted.
  var hasUnreadComment = false
  /// Whether the archive is one of several volumes.
  var isVolume = false
  /// Whether a program before version 2.9 made it, in ways that libarchive does not know.
  var isAncient = false
  /// Whether the files of version 4 are packed as one, each by what stands in those before.
  var isSolid = false
  /// Whether the file ends inside the header of a block.
  var isCut = false
  /// Where the archive ends; `nil` where no end is marked.
  var end: Int?

  /// Why a file that is packed was not read, in words.
  var unreadDetail: String {
    if isAncient { return "a file of the archive is packed as RAR did before version 2.9" }
    if isSolid { return "a file of the archive is packed together with others (solid RAR 3)" }
    return "a file of the archive is packed unusually"
  }

  /// Blocks that are looked at.
  static let maxCount = 100_000

  /// The method of what is not packed.
  private static let stored: UInt8 = 0x30

  /// The archive without the files that are encrypted.
  func withoutEncrypted(_ bytes: RawSpan) -> [UInt8] {
    var result: [UInt8] = []
    var offset = 0
    for file in files where file.isEncrypted {
      result += bytes.array(offset..<max(offset, file.block.lowerBound))
      offset = file.block.upperBound
    }
    return result + bytes.array(min(offset, bytes.byteCount)..<bytes.byteCount)
  }

  // MARK: Version 4

  /// The blocks of version 4.
  ///
  /// *Source:* technote.txt of RAR 4: HEAD_CRC, HEAD_TYPE, HEAD_FLAGS, HEAD_SIZE, ADD_SIZE.
  static func version4(_ bytes: RawSpan) -> RarBlocks {
    var blocks = RarBlocks()
    var offset = 7
    for _ in 0..<maxCount {
      guard let type = bytes.byte(at: offset + 2), let flags = bytes.number(2, at: offset + 3),
        let size = bytes.number(2, at: offset + 5), size >= 7
      else { return blocks }
      let hasData = flags & 0x8000 != 0 || type == 0x74 || type == 0x7A
      var dataCount = hasData ? bytes.number(4, at: offset + 7) ?? 0 : 0
      // The upper half of the packed size.
      if type == 0x74, flags & 0x100 != 0 {
        dataCount += min(bytes.number(4, at: offset + 32) ?? 0, 1 << 24) << 32
      }
      let header = offset + size
      guard header <= bytes.byteCount else {
        blocks.isCut = true
        return blocks
      }
      let next = min(header + dataCount, bytes.byteCount)
      switch type {
      case 0x73:
        if flags & 1 != 0 { blocks.isVolume = true }
        if flags & 2 != 0 { blocks.hasUnreadComment = true }
        if flags & 8 != 0 { blocks.isSolid = true }
        // Everything after is encrypted.
        if flags & 0x80 != 0 { return blocks }
      case 0x74: blocks.add4(bytes, offset, flags, header..<next)
      case 0x7A:
        // A service block named CMT, stored (method 0x30) or packed.
        guard bytes.holds(Array("CMT".utf8), at: offset + 32) else { break }
        if bytes.byte(at: offset + 25) == stored, flags & 4 == 0 {
          blocks.comments.append(header..<next)
        } else {
          blocks.hasUnreadComment = true
        }
      case 0x7B:
        blocks.end = next
        return blocks
      default: break
      }
      guard next < bytes.byteCount else { return blocks }
      offset = next
    }
    return blocks
  }

  /// Adds a file of version 4.
  private mutating func add4(_ bytes: RawSpan, _ start: Int, _ flags: Int, _ data: Range<Int>) {
    guard let method = bytes.byte(at: start + 25), let version = bytes.byte(at: start + 24),
      let count = bytes.number(2, at: start + 26)
    else { return }
    // What is stored needs no more than version 2.0: folders, links, small files.
    if version < 29, method != RarBlocks.stored, !data.isEmpty { isAncient = true }
    let nameStart = start + 32 + (flags & 0x100 != 0 ? 8 : 0)
    guard nameStart <= data.lowerBound else { return }
    let raw = bytes.array(nameStart..<min(nameStart + count, data.lowerBound))
    // A name in the code page, NUL, then how to make the one in Unicode of it.
    let short = raw.prefix { $0 != 0 }
    var name = MemberName(Array(short))
    if short.count < raw.count, let wide = RarName.wide(short, raw[(short.count + 1)...]) {
      name = MemberName(Array(String(decoding: wide, as: UTF16.self).utf8), isUTF8: true)
    }
    files.append(
      File(
        name: name,
        isEncrypted: flags & 4 != 0,
        isStored: method == RarBlocks.stored && flags & 3 == 0,
        version: version,
        data: data,
        block: start..<data.upperBound
      )
    )
  }

  // MARK: Version 5

  /// The blocks of version 5.
  ///
  /// *Source:* RAR 5.0 archive format, General archive block format.
  static func version5(_ bytes: RawSpan) -> RarBlocks {
    var blocks = RarBlocks()
    var offset = 8
    for _ in 0..<maxCount {
      let start = offset
      var cursor = offset + 4
      guard let size = variable(bytes, &cursor), size > 0, size < 1 << 21 else { return blocks }
      let headerEnd = cursor + size
      blocks.isCut = headerEnd > bytes.byteCount
      guard !blocks.isCut, let type = variable(bytes, &cursor),
        let flags = variable(bytes, &cursor)
      else { return blocks }
      var extraCount = 0
      if flags & 1 != 0 { extraCount = variable(bytes, &cursor) ?? 0 }
      var dataCount = 0
      if flags & 2 != 0 { dataCount = variable(bytes, &cursor) ?? 0 }
      let next = headerEnd + min(dataCount, bytes.byteCount - headerEnd)
      let extra = max(cursor, headerEnd - min(extraCount, size))..<max(cursor, headerEnd)
      switch type {
      case 1: if (variable(bytes, &cursor) ?? 0) & 1 != 0 { blocks.isVolume = true }
      case 2, 3:
        let block = start..<next
        let isPart = flags & 0x18 != 0
        if var file = file5(bytes, cursor, extra, headerEnd..<next, block) {
          file.isStored = file.isStored && !isPart
          if type == 2 { blocks.files.append(file) } else { blocks.addService(file) }
        }
      // An encryption header: everything after it is encrypted.
      case 4: return blocks
      case 5:
        blocks.end = headerEnd
        return blocks
      default: break
      }
      guard next < bytes.byteCount else { return blocks }
      offset = next
    }
    return blocks
  }

  /// Takes the comment of the archive.
  private mutating func addService(_ file: File) {
    guard file.name.text == "CMT" else { return }
    if file.isStored && !file.isEncrypted {
      comments.append(file.data)
    } else {
      hasUnreadComment = true
    }
  }

  /// A file header or service header of version 5.
  ///
  /// *Source:* RAR 5.0 archive format, File header and service header, File encryption record.
  private static func file5(
    _ bytes: RawSpan,
    _ start: Int,
    _ extra: Range<Int>,
    _ data: Range<Int>,
    _ block: Range<Int>
  ) -> File? {
    var cursor = start
    guard let flags = variable(bytes, &cursor), variable(bytes, &cursor) != nil,
      variable(bytes, &cursor) != nil
    else { return nil }
    if flags & 2 != 0 { cursor += 4 }
    if flags & 4 != 0 { cursor += 4 }
    guard let method = variable(bytes, &cursor), variable(bytes, &cursor) != nil,
      let nameCount = variable(bytes, &cursor)
    else { return nil }
    let name = bytes.array(cursor..<cursor + min(nameCount, max(0, data.lowerBound - cursor)))
    var isEncrypted = false
    var record = extra.lowerBound
    while record < extra.upperBound {
      guard let size = variable(bytes, &record) else { break }
      var field = record
      if variable(bytes, &field) == 1 { isEncrypted = true }
      record += max(1, min(size, extra.count))
    }
    return File(
      name: MemberName(name, isUTF8: true),
      isEncrypted: isEncrypted,
      // Bits 7 to 9 are the method, 0 for stored.
      isStored: method >> 7 & 7 == 0,
      data: data,
      block: block
    )
  }

  /// A number of 7 bits a byte, the lowest first, or `nil` where it is cut off or too great.
  private static func variable(_ bytes: RawSpan, _ offset: inout Int) -> Int? {
    var value = 0
    for shift in stride(from: 0, to: 56, by: 7) {
      guard let byte = bytes.byte(at: offset) else { return nil }
      offset += 1
      value |= Int(byte & 0x7F) << shift
      if byte & 0x80 == 0 { return value }
    }
    return nil
  }

  private func variable(_ bytes: RawSpan, _ offset: inout Int) -> Int? {
    RarBlocks.variable(bytes, &offset)
  }
}

import VigieContainers
import VigieCore

/// How bytes are packed, told by how they start.
enum Packing {
  /// As a whole, by gzip and the like.
  case file
  /// A tar.
  case tar
  case zip

  /// Bytes that are looked at.
  static let headByteCount = 512

  /// What names of ZIPs and tars end with, packed or not.
  static let archiveEnds = [
    ".zip", ".tar", ".tgz", ".tar.gz", ".tbz2", ".tar.bz2", ".txz", ".tar.xz", ".tar.zst",
    ".tar.lz4",
  ]

  /// Whether a file is named as a ZIP or tar.
  static func namesArchive(_ name: String) -> Bool {
    let name = name.lowercased()
    return archiveEnds.contains(where: name.hasSuffix)
  }

  /// The packing of bytes that start so; `nil` where they are not packed.
  ///
  /// *Source:* RFC 1952 §2.3.1 (gzip), RFC 8878 §3.1.1 (Zstandard), the formats of bzip2, xz and LZ4;
  /// POSIX.1-2017 pax, "ustar Interchange Format"; APPNOTE.TXT §4.3.7 (ZIP).
  init?(_ head: some Collection<UInt8>) {
    let head = Array(head.prefix(Packing.headByteCount))
    let marks: [[UInt8]] = [
      [0x1F, 0x8B, 8], [0x28, 0xB5, 0x2F, 0xFD], Array("BZh".utf8) + [0x39],
      [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], [0x04, 0x22, 0x4D, 0x18],
    ]
    if marks.contains(where: head.starts) {
      self = .file
    } else if head.starts(with: "BZh".utf8), head.count > 9,
      head[4...].starts(with: [0x31, 0x41, 0x59, 0x26, 0x53, 0x59])
    {
      self = .file
    } else if head.starts(with: [0x50, 0x4B, 3, 4]) || head.starts(with: [0x50, 0x4B, 5, 6]) {
      self = .zip
    } else if head.count >= 262, head[257...].starts(with: "ustar".utf8) {
      self = .tar
    } else {
      return nil
    }
  }
}

/// The bytes of a file that is packed as a whole, unpacked as they are read.
final class UnpackedSource: ByteSource {
  private let stream: TarStream
  private let packed: Feed
  private let limits: ZipLimits
  private var count = 0
  private var isOpen = false

  /// Unpacks a source.
  init(_ source: any ByteSource, limits: ZipLimits) throws(SourceFault) {
    packed = Feed(source)
    self.limits = limits
    guard let stream = TarStream(.packedFile, next: packed.next) else {
      throw SourceFault(reason: .corrupt, detail: "a packed file cannot be unpacked")
    }
    self.stream = stream
  }

  func read(_ count: Int, into bytes: inout [UInt8]) throws(SourceFault) -> Int {
    if !isOpen {
      isOpen = true
      switch stream.next() {
      case .member: break
      case .end: return 0
      case .damage: throw damage
      }
    }
    try packed.check(self.count, limits)
    guard let got = stream.read(count, into: &bytes) else { throw damage }
    self.count += got
    return got
  }

  private var damage: SourceFault {
    packed.fault ?? SourceFault(reason: .corrupt, detail: "a packed file is damaged")
  }
}

/// A source as libarchive asks for it.
final class Feed {
  private let source: any ByteSource
  private var head: [UInt8]
  /// Packed bytes so far.
  private(set) var byteCount = 0
  /// Why the source stopped.
  private(set) var fault: SourceFault?

  /// A source, with what was read of it already.
  init(_ source: any ByteSource, head: [UInt8] = []) {
    self.source = source
    self.head = head
  }

  /// Puts the next bytes into an empty array.
  func next(_ bytes: inout [UInt8]) -> Bool {
    if !head.isEmpty {
      swap(&bytes, &head)
      byteCount += bytes.count
      return true
    }
    do throws(SourceFault) {
      byteCount += try source.read(1 << 16, into: &bytes)
      return true
    } catch {
      fault = error
      return false
    }
  }

  /// Ends what unpacks to too much.
  func check(_ count: Int, _ limits: ZipLimits) throws(SourceFault) {
    if count > limits.maxTotalByteCount {
      let detail = "the archive unpacks to more than \(limits.maxTotalByteCount) bytes"
      throw SourceFault(reason: .limit, detail: detail)
    }
    if count > limits.freeByteCount, count / limits.maxRatio > max(1, byteCount) {
      let detail = "the archive unpacks to more than \(limits.maxRatio) times its size"
      throw SourceFault(reason: .limit, detail: detail)
    }
  }
}

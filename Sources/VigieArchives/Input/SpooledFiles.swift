import Glibc
import VigieContainers
import VigieCore
import VigieDocuments

/// The files of what can be read only once, from front to back: a tar, a packed file, a pipe.
///
/// Formats need their tables before their messages, and files when messages name them. So the unpacked
/// bytes go, once and one after the other, into a temporary file that has no name: nobody else can
/// open it, and it is gone with the process, however that ends. It lies in `TMPDIR`, or `/tmp`.
struct SpooledFiles {
  /// The temporary file.
  let file: OpenFile
  /// The files, with their ranges in it.
  private(set) var members: [ArchiveTree.Member] = []
  /// Whether the source was one file, and no tar.
  private(set) var isSingle = false
  /// What of the source could not be read.
  private(set) var faults: [SourceFault] = []

  /// Reads a source to its end.
  ///
  /// - Parameters:
  ///   - source: What to read.
  ///   - name: What to call it where it is one file.
  ///   - limits: How far it may expand.
  /// - Throws: ``SpoolError`` where the temporary file cannot be kept.
  init(_ source: any ByteSource, name: String, limits: ZipLimits) throws(SpoolError) {
    var spool = Spool()
    var files = Files()
    do throws(SourceFault) {
      try files.read(source, name, limits, into: &spool)
    } catch {
      // What came before the fault is read.
      files.faults.append(error)
    }
    if let failure = files.failure { throw SpoolError(reason: failure.reason) }
    do {
      let count = spool.byteCount
      let mapped = try spool.finishAsFile()
      guard let descriptor = mapped.descriptor,
        let file = OpenFile(duplicating: descriptor, byteCount: count)
      else { throw SpoolError(reason: "no further file can be opened") }
      self.file = file
    } catch let error as Spool.Failure {
      throw SpoolError(reason: error.reason)
    } catch let error as SpoolError {
      throw error
    } catch {
      throw SpoolError(reason: "the temporary file cannot be kept")
    }
    members = files.members
    isSingle = files.isSingle
    faults = files.faults
  }

  /// Why the temporary file cannot be kept.
  struct SpoolError: Error {
    var reason: String
  }

  /// What is collected of a source.
  private struct Files {
    var members: [ArchiveTree.Member] = []
    var isSingle = false
    var faults: [SourceFault] = []
    var failure: Spool.Failure?
    private var skippedCount = 0

    mutating func read(
      _ source: any ByteSource,
      _ name: String,
      _ limits: ZipLimits,
      into spool: inout Spool
    ) throws(SourceFault) {
      var name = name
      var source = source
      var head = try Files.head(of: source)
      var packed: Feed?
      if Packing(head) == .file {
        let feed = Feed(source, head: head)
        source = try UnpackedSource(FeedSource(feed), limits: limits)
        packed = feed
        head = try Files.head(of: source)
        for end in [".gz", ".zst", ".bz2", ".xz", ".lz4"] where name.lowercased().hasSuffix(end) {
          name.removeLast(end.count)
        }
      }
      if Packing(head) == .tar {
        return try readTar(Feed(source, head: head), limits, into: &spool)
      }
      isSingle = true
      let start = spool.byteCount
      defer {
        members = [
          ArchiveTree.Member(
            name: name,
            byteCount: spool.byteCount - start,
            range: start..<spool.byteCount
          )
        ]
      }
      try keep(head, in: &spool)
      while true {
        var bytes: [UInt8] = []
        guard try source.read(1 << 18, into: &bytes) > 0 else { break }
        try keep(bytes, in: &spool)
        if packed == nil, spool.byteCount > limits.maxTotalByteCount {
          let detail = "the stream is longer than \(limits.maxTotalByteCount) bytes"
          throw SourceFault(reason: .limit, detail: detail)
        }
      }
    }

    private mutating func keep(_ bytes: [UInt8], in spool: inout Spool) throws(SourceFault) {
      do {
        try spool.append(contentsOf: bytes)
      } catch {
        failure = error
        throw SourceFault(reason: .limit, detail: "the temporary file cannot be written")
      }
    }

    /// The first bytes of a source.
    private static func head(of source: any ByteSource) throws(SourceFault) -> [UInt8] {
      var head: [UInt8] = []
      while head.count < Packing.headByteCount {
        guard try source.read(1 << 16, into: &head) > 0 else { break }
      }
      return head
    }

    private mutating func readTar(
      _ feed: Feed,
      _ limits: ZipLimits,
      into spool: inout Spool
    ) throws(SourceFault) {
      guard let tar = TarStream(.tar, next: feed.next) else {
        throw SourceFault(reason: .corrupt, detail: "the tar cannot be opened")
      }
      defer {
        if skippedCount > 0 {
          let detail = "\(skippedCount) links and devices of the tar were not read"
          faults.append(SourceFault(reason: .unsupported, detail: detail))
        }
      }
      while true {
        switch tar.next() {
        case .end: return
        case .damage:
          throw feed.fault
            ?? SourceFault(reason: .corrupt, detail: "the tar cannot be read to its end")
        case .member(let member):
          guard member.isFile else {
            if !member.name.hasSuffix("/") { skippedCount += 1 }
            continue
          }
          guard members.count < limits.maxMemberCount else {
            let detail = "the tar holds more than \(limits.maxMemberCount) files"
            throw SourceFault(reason: .limit, detail: detail)
          }
          try readMember(member.name, tar, limits, into: &spool)
        }
      }
    }

    private mutating func readMember(
      _ name: String,
      _ tar: TarStream,
      _ limits: ZipLimits,
      into spool: inout Spool
    ) throws(SourceFault) {
      let start = spool.byteCount
      let parts = name.split(separator: "/").filter { $0 != "." }
      defer {
        members.append(
          ArchiveTree.Member(
            name: parts.joined(separator: "/"),
            byteCount: spool.byteCount - start,
            range: start..<spool.byteCount
          )
        )
      }
      while true {
        var bytes: [UInt8] = []
        guard let got = tar.read(1 << 18, into: &bytes) else {
          throw SourceFault(reason: .corrupt, detail: "a file of the tar is damaged")
        }
        guard got > 0 else { return }
        try keep(bytes, in: &spool)
        if spool.byteCount > limits.maxTotalByteCount {
          let detail = "the tar unpacks to more than \(limits.maxTotalByteCount) bytes"
          throw SourceFault(reason: .limit, detail: detail)
        }
      }
    }
  }
}

/// A feed as a source again.
private final class FeedSource: ByteSource {
  private let feed: Feed

  init(_ feed: Feed) { self.feed = feed }

  func read(_ count: Int, into bytes: inout [UInt8]) throws(SourceFault) -> Int {
    var next: [UInt8] = []
    guard feed.next(&next) else {
      throw feed.fault ?? SourceFault(reason: .corrupt, detail: "the source cannot be read")
    }
    bytes += next
    return next.count
  }
}

/// The bytes of a pipe or another stream.
final class StreamSource: ByteSource {
  private let descriptor: CInt
  private let isOwn: Bool

  /// The bytes of an open descriptor, which stays open.
  init(_ descriptor: CInt) {
    self.descriptor = descriptor
    isOwn = false
  }

  /// The bytes of a named pipe, once somebody writes to it; `nil` where it cannot be opened.
  init?(path: String) {
    descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    isOwn = true
    if descriptor < 0 { return nil }
  }

  deinit { if isOwn { close(descriptor) } }

  func read(_ count: Int, into bytes: inout [UInt8]) throws(SourceFault) -> Int {
    var got = 0
    bytes.append(addingCapacity: count) { span in
      unsafe span.withUnsafeMutableBufferPointer { buffer, filled in
        repeat {
          got = unsafe Glibc.read(descriptor, buffer.baseAddress, min(count, buffer.count))
        } while got < 0 && errno == EINTR
        filled = max(0, got)
      }
    }
    guard got >= 0 else {
      throw SourceFault(reason: .corrupt, detail: "the system cannot read the stream further")
    }
    return got
  }
}

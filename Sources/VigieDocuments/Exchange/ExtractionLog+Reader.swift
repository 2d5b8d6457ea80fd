import Glibc
package import VigieCore

extension ExtractionLog {
  /// What stands in the file of a writer that is gone.
  package struct Contents: Sendable {
    /// The texts, in order; their places lie at or below the document.
    package var texts: [ExtractedText] = []
    /// The pictures, in order.
    package var pictures: [ExtractedPicture] = []
    /// What could not be read.
    package var gaps: [Gap] = []
    /// How an attempt to break out ended: the error number; 0 where it was let do.
    package var refusal: CInt?
    /// Whether the writer came to its end.
    package var isComplete = false
    /// Whether there was no room for all of it.
    package var isFull = false
    /// Whether the next try may find more, although no gap says so: no reader could be had now.
    package var isProvisional = false
    /// Whether all of it is as a writer leaves it; else what stands here is what came before.
    package var isSound = true

    /// Nothing.
    package init() {}
  }

  /// Reads the file, which nobody can change any more.
  ///
  /// - Parameters:
  ///   - descriptor: The file.
  ///   - place: The document: its part, and its path before that of every text.
  ///   - documentByteCount: The bytes of the document, of which texts may be a part.
  /// - Returns: What stands there, as far as it is as a writer leaves it.
  package static func read(
    descriptor: CInt,
    at place: Place,
    documentByteCount: Int
  ) -> Contents {
    guard let file = try? MappedFile(descriptor: descriptor, limit: .max) else {
      var nothing = Contents()
      nothing.isSound = false
      return nothing
    }
    return unsafe file.withBytes { bytes in
      var reading = Reading(descriptor: descriptor, place: place, documentByteCount)
      unsafe reading.read(bytes.bytes)
      return reading.contents
    }
  }

  /// Reads a short file, which its writer has left; others may still change it.
  ///
  /// What it says is copied first: to have it sealed and mapped costs more than that.
  ///
  /// - Returns: What stands there; `nil` where the file is longer, or is not as a writer leaves it.
  package static func readShort(
    descriptor: CInt,
    at place: Place,
    documentByteCount: Int
  ) -> Contents? {
    var end = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: shortByteCount) { buffer, filled in
      let found = unsafe pread(descriptor, buffer.baseAddress, firstByteCount, 0)
      guard found >= headerByteCount, let start = buffer.baseAddress else { return }
      let written = unsafe UnsafeRawPointer(start).loadUnaligned(fromByteOffset: 8, as: UInt64.self)
      end = Int(exactly: UInt64(littleEndian: written)) ?? .max
      filled = min(found, end)
      guard found == firstByteCount, end > found, end <= shortByteCount else { return }
      filled += unsafe max(0, pread(descriptor, start + found, end - found, found))
    }
    guard !bytes.isEmpty, bytes.count == end else { return nil }
    var reading = Reading(descriptor: descriptor, place: place, documentByteCount)
    unsafe reading.read(bytes.span.bytes)
    return reading.contents.isSound ? reading.contents : nil
  }

  /// The longest file that is short: a text that is mapped lies in none.
  private static let shortByteCount = mappedByteCount
  /// What is read of it at first, in which most lie whole.
  private static let firstByteCount = 1 << 13

  /// The texts and gaps so far.
  private struct Reading {
    let descriptor: CInt
    let place: Place
    let documentByteCount: Int
    var contents = Contents()
    var path: [String] = []

    init(descriptor: CInt, place: Place, _ documentByteCount: Int) {
      self.descriptor = descriptor
      self.place = place
      self.documentByteCount = documentByteCount
    }

    mutating func read(_ bytes: RawSpan) {
      do {
        var header = ExchangeReader(to: min(bytes.byteCount, ExtractionLog.headerByteCount))
        let magic = try header.number(UInt64.self, in: bytes)
        let written = try header.number(UInt64.self, in: bytes)
        let state = try header.number(UInt64.self, in: bytes)
        guard magic == ExtractionLog.magic, let end = Int(exactly: written),
          end <= bytes.byteCount, let state = State(rawValue: state)
        else { throw ExchangeReader.Malformed() }
        var offset = ExtractionLog.headerByteCount
        while offset < end { offset = try record(at: offset, to: end, bytes) }
        contents.isComplete = state != .writing
        contents.isFull = state == .full
      } catch {
        contents.isSound = false
      }
    }

    /// Reads a record.
    ///
    /// - Returns: Where the next one stands.
    private mutating func record(
      at offset: Int,
      to end: Int,
      _ bytes: RawSpan
    ) throws(ExchangeReader.Malformed) -> Int {
      var reader = ExchangeReader(from: offset, to: end)
      let kind = try reader.number(UInt64.self, in: bytes)
      let name = try reader.number(UInt64.self, in: bytes)
      guard let kind = Kind(rawValue: kind),
        let start = Int(exactly: try reader.number(UInt64.self, in: bytes)),
        let count = Int(exactly: try reader.number(UInt64.self, in: bytes)),
        let stringCount = Int(exactly: try reader.number(UInt64.self, in: bytes)),
        stringCount <= end - reader.offset
      else { throw ExchangeReader.Malformed() }
      let stringsEnd = reader.offset + stringCount
      var strings = ExchangeReader(from: reader.offset, to: stringsEnd)
      try readPath(from: &strings, bytes)
      var found = Place(part: place.part, path: path, role: place.role)
      found.location = try strings.string(in: bytes)
      switch kind {
      case .text, .picture:
        guard start >= stringsEnd, start <= end, count <= end - start else {
          throw ExchangeReader.Malformed()
        }
        found.role = try role(name)
        add(try content(start, count, bytes), kind == .picture, at: found)
        return ExtractionLog.aligned(start + count)
      case .verbatim, .verbatimPicture:
        guard start <= documentByteCount, count <= documentByteCount - start else {
          throw ExchangeReader.Malformed()
        }
        found.role = try role(name)
        add(.verbatim(start..<start + count), kind == .verbatimPicture, at: found)
      case .gap:
        let reasons = GapReason.allCases
        guard name < UInt64(reasons.count) else { throw ExchangeReader.Malformed() }
        let detail = try strings.string(in: bytes)
        contents.gaps.append(Gap(place: found, reason: reasons[Int(name)], detail: detail))
      case .refusal:
        contents.refusal = CInt(truncatingIfNeeded: name)
      }
      return ExtractionLog.aligned(stringsEnd)
    }

    private mutating func readPath(
      from strings: inout ExchangeReader,
      _ bytes: RawSpan
    ) throws(ExchangeReader.Malformed) {
      let count = try strings.number(UInt32.self, in: bytes)
      if count == ExtractionLog.samePath { return }
      path = place.path
      for _ in 0..<count { path.append(try strings.string(in: bytes)) }
    }

    private func role(_ name: UInt64) throws(ExchangeReader.Malformed) -> Role {
      let roles = Role.allCases
      guard name < UInt64(roles.count) else { throw ExchangeReader.Malformed() }
      return roles[Int(name)]
    }

    private mutating func add(
      _ content: ExtractedText.Content,
      _ isPicture: Bool,
      at place: Place
    ) {
      if isPicture {
        contents.pictures.append(ExtractedPicture(place: place, content: content))
      } else {
        contents.texts.append(ExtractedText(place: place, content: content))
      }
    }

    private func content(
      _ start: Int,
      _ count: Int,
      _ bytes: RawSpan
    ) throws(ExchangeReader.Malformed) -> ExtractedText.Content {
      if count >= ExtractionLog.mappedByteCount, start % ExtractionLog.pageByteCount == 0,
        let file = try? MappedFile(descriptor: descriptor, offset: start, byteCount: count)
      {
        return .file(file)
      }
      let copied = unsafe bytes.withUnsafeBytes { unsafe Array($0[start..<start + count]) }
      return .bytes(copied)
    }
  }
}

import Glibc
package import VigieCore

extension ExtractionLog {
  /// Appends to the file; of one thread.
  @safe package final class Writer: ExtractionObserver, @unchecked Sendable {
    // Unchecked: the process that reads a document has one thread.
    private let descriptor: CInt
    private let maxByteCount: Int
    private var base: UnsafeMutableRawPointer
    private var capacity: Int
    private var end = ExtractionLog.headerByteCount
    private var lastPath: [String]?
    private var isFull = false

    /// The bytes that the file has at first.
    private static let firstByteCount = 1 << 16

    /// Writes into an empty file; `nil` where it cannot be mapped.
    ///
    /// - Parameters:
    ///   - descriptor: The file, open for reading and writing as long as the value lives.
    ///   - maxByteCount: Its length, at most.
    package init?(descriptor: CInt, maxByteCount: Int) {
      self.descriptor = descriptor
      self.maxByteCount = max(maxByteCount, Writer.firstByteCount)
      capacity = Writer.firstByteCount
      guard let mapped = unsafe Writer.map(descriptor, capacity) else { return nil }
      unsafe base = unsafe mapped
      put(ExtractionLog.magic, at: 0)
      put(UInt64(end), at: 8)
    }

    package func found(_ text: ExtractedText) {
      append(text.content, at: text.place, .text, .verbatim)
    }

    package func found(_ picture: ExtractedPicture) {
      append(picture.content, at: picture.place, .picture, .verbatimPicture)
    }

    private func append(
      _ content: ExtractedText.Content,
      at place: Place,
      _ kind: Kind,
      _ verbatim: Kind
    ) {
      switch content {
      case .verbatim(let range):
        unsafe append(verbatim, role(place), range.lowerBound, range.count, place)
      case .bytes(let bytes):
        unsafe bytes.withUnsafeBytes { unsafe append(kind, $0, at: place) }
      case .file(let file):
        unsafe file.withBytes { unsafe append(kind, $0, at: place) }
      }
    }

    package func missed(_ gap: Gap) {
      let index = GapReason.allCases.firstIndex(of: gap.reason) ?? 0
      unsafe append(.gap, UInt64(index), 0, 0, gap.place, detail: gap.detail)
    }

    /// Says how an attempt to break out ended: the error number; 0 where it was let do.
    package func refused(_ code: CInt) {
      unsafe append(
        .refusal,
        UInt64(UInt32(bitPattern: code)),
        0,
        0,
        Place(part: .body, role: .body)
      )
    }

    /// Says that nothing more comes.
    package func finish() {
      put((isFull ? ExtractionLog.State.full : .complete).rawValue, at: 16)
    }

    private func role(_ place: Place) -> UInt64 {
      UInt64(Role.allCases.firstIndex(of: place.role) ?? 0)
    }

    // MARK: Records

    private func append(_ kind: Kind, _ text: UnsafeRawBufferPointer, at place: Place) {
      let count = text.count
      unsafe append(kind, role(place), nil, count, place) { target in
        if let start = text.baseAddress { unsafe memcpy(target, start, count) }
      }
    }

    /// Appends a record.
    ///
    /// `start` is where the text starts in the document, or `nil` for a text that follows the record and
    /// that `fill` writes.
    private func append(
      _ kind: Kind,
      _ name: UInt64,
      _ start: Int?,
      _ count: Int,
      _ place: Place,
      detail: String? = nil,
      fill: (UnsafeMutableRawPointer) -> Void = { _ in }
    ) {
      var strings = ExchangeWriter()
      if place.path == lastPath {
        strings.add(ExtractionLog.samePath)
      } else {
        strings.add(UInt32(clamping: place.path.count))
        for member in place.path { strings.add(member) }
      }
      strings.add(place.location)
      if let detail { strings.add(detail) }
      let isMapped = start == nil && count >= ExtractionLog.mappedByteCount
      let step = isMapped ? ExtractionLog.pageByteCount : 8
      let stringsStart = end + ExtractionLog.recordByteCount
      let textStart = ExtractionLog.aligned(stringsStart + strings.bytes.count, to: step)
      let next = ExtractionLog.aligned(textStart + (start == nil ? count : 0))
      guard !isFull, grow(to: next) else {
        isFull = true
        return
      }
      put(kind.rawValue, at: end)
      put(name, at: end + 8)
      put(UInt64(start ?? textStart), at: end + 16)
      put(UInt64(count), at: end + 24)
      put(UInt64(strings.bytes.count), at: end + 32)
      unsafe strings.bytes.withUnsafeBytes { bytes in
        if let first = bytes.baseAddress { unsafe memcpy(base + stringsStart, first, bytes.count) }
      }
      if start == nil { unsafe fill(base + textStart) }
      end = next
      lastPath = place.path
      // Last: a record counts once it is whole.
      put(UInt64(end), at: 8)
    }

    private func put(_ number: UInt64, at offset: Int) {
      unsafe base.storeBytes(of: number.littleEndian, toByteOffset: offset, as: UInt64.self)
    }

    /// Makes room; `false` where there is none.
    private func grow(to byteCount: Int) -> Bool {
      if byteCount <= capacity { return true }
      guard byteCount <= maxByteCount else { return false }
      let wanted = min(maxByteCount, max(byteCount, capacity * 2))
      guard let mapped = unsafe Writer.map(descriptor, wanted) else { return false }
      unsafe munmap(base, capacity)
      unsafe base = unsafe mapped
      capacity = wanted
      return true
    }

    private static func map(_ descriptor: CInt, _ byteCount: Int) -> UnsafeMutableRawPointer? {
      guard ftruncate(descriptor, byteCount) == 0 else { return nil }
      let mapped = unsafe mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
      return unsafe mapped == UnsafeMutableRawPointer(bitPattern: -1) ? nil : mapped
    }
  }
}

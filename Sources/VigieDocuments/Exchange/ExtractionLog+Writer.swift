import Glibc
package import VigieCore

extension ExtractionLog {
  /// Appends to the file; of one thread.
  @safe package final class Writer: ExtractionObserver, @unchecked Sendable {
    // Unchecked: the process that reads a document has one thread.
    private let descriptor: CInt
    private let maxByteCount: Int
    /// The start of the file, which holds its head.
    private let head: UnsafeMutableRawPointer
    /// The part of the file in which records are written now.
    private var window: UnsafeMutableRawPointer
    private var windowRange: Range<Int>
    private var fileByteCount: Int
    private var end = ExtractionLog.headerByteCount
    private var lastPath: [String]?
    private var isFull = false

    /// The bytes of a window, at least: a multiple of the page of every machine.
    private static let windowByteCount = ExtractionLog.pageByteCount
    /// Texts of so many bytes are written as a whole: a page that is written to through a map costs more
    /// than one that the system fills.
    private static let wholeByteCount = 1 << 14

    /// Writes into an empty file; `nil` where it cannot be mapped.
    ///
    /// - Parameters:
    ///   - descriptor: The file, open for reading and writing as long as the value lives.
    ///   - maxByteCount: Its length, at most.
    package init?(descriptor: CInt, maxByteCount: Int) {
      self.descriptor = descriptor
      self.maxByteCount = max(maxByteCount, Writer.windowByteCount)
      let range = 0..<Writer.windowByteCount
      guard ftruncate(descriptor, range.upperBound) == 0,
        let mapped = unsafe Writer.map(descriptor, range)
      else { return nil }
      unsafe head = unsafe mapped
      unsafe window = unsafe mapped
      windowRange = range
      fileByteCount = range.upperBound
      unsafe head.storeBytes(of: ExtractionLog.magic.littleEndian, as: UInt64.self)
      setEnd(end)
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
      let state = (isFull ? ExtractionLog.State.full : .complete).rawValue
      unsafe head.storeBytes(of: state.littleEndian, toByteOffset: 16, as: UInt64.self)
    }

    /// Says how far the records are whole.
    private func setEnd(_ offset: Int) {
      unsafe head.storeBytes(of: UInt64(offset).littleEndian, toByteOffset: 8, as: UInt64.self)
    }

    private func role(_ place: Place) -> UInt64 {
      UInt64(Role.allCases.firstIndex(of: place.role) ?? 0)
    }

    // MARK: Records

    /// Appends a record and the text that it is of.
    private func append(_ kind: Kind, _ text: UnsafeRawBufferPointer, at place: Place) {
      unsafe append(kind, role(place), nil, text.count, place, text: text)
    }

    /// Appends a record.
    ///
    /// `start` is where the text starts in the document, or `nil` for a text that follows the record.
    private func append(
      _ kind: Kind,
      _ name: UInt64,
      _ start: Int?,
      _ count: Int,
      _ place: Place,
      detail: String? = nil,
      text: UnsafeRawBufferPointer = unsafe UnsafeRawBufferPointer(start: nil, count: 0)
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
      let stringsEnd = stringsStart + strings.bytes.count
      let textStart = ExtractionLog.aligned(stringsEnd, to: step)
      let next = ExtractionLog.aligned(textStart + text.count)
      let isWhole = text.count >= Writer.wholeByteCount
      guard !isFull, next <= maxByteCount, open(end..<(isWhole ? stringsEnd : next)),
        unsafe !isWhole || write(text, at: textStart, to: next)
      else {
        isFull = true
        return
      }
      put(kind.rawValue, at: end)
      put(name, at: end + 8)
      put(UInt64(start ?? textStart), at: end + 16)
      put(UInt64(count), at: end + 24)
      put(UInt64(strings.bytes.count), at: end + 32)
      unsafe strings.bytes.withUnsafeBytes { unsafe put($0, at: stringsStart) }
      if !isWhole { unsafe put(text, at: textStart) }
      end = next
      lastPath = place.path
      // Last: a record counts once it is whole.
      setEnd(end)
    }

    private func put(_ number: UInt64, at offset: Int) {
      unsafe window.storeBytes(
        of: number.littleEndian,
        toByteOffset: offset - windowRange.lowerBound,
        as: UInt64.self
      )
    }

    private func put(_ bytes: UnsafeRawBufferPointer, at offset: Int) {
      guard let start = bytes.baseAddress else { return }
      unsafe memcpy(window + (offset - windowRange.lowerBound), start, bytes.count)
    }

    // MARK: The file

    /// Puts the window where a range of the file can be written; `false` where there is no room.
    private func open(_ range: Range<Int>) -> Bool {
      if range.lowerBound >= windowRange.lowerBound, range.upperBound <= windowRange.upperBound {
        return true
      }
      let start = range.lowerBound & ~(ExtractionLog.pageByteCount - 1)
      // The more was written, the more is to come: windows grow with the file.
      let wanted = max(range.upperBound - start, Writer.windowByteCount, start / 2)
      let stop = min(
        maxByteCount,
        ExtractionLog.aligned(start + wanted, to: Writer.windowByteCount)
      )
      guard stop >= range.upperBound else { return false }
      guard stop <= fileByteCount || lengthen(to: stop),
        let mapped = unsafe Writer.map(descriptor, start..<stop)
      else { return false }
      if unsafe window != head { unsafe munmap(window, windowRange.count) }
      unsafe window = unsafe mapped
      windowRange = start..<stop
      return true
    }

    private func lengthen(to byteCount: Int) -> Bool {
      guard ftruncate(descriptor, byteCount) == 0 else { return false }
      fileByteCount = byteCount
      return true
    }

    /// Writes a text, and has the file reach as far as its record; `false` where there is no room for it.
    private func write(_ text: UnsafeRawBufferPointer, at offset: Int, to end: Int) -> Bool {
      var written = 0
      while written < text.count {
        let rest = unsafe UnsafeRawBufferPointer(rebasing: text[written...])
        let count = unsafe pwrite(descriptor, rest.baseAddress, rest.count, offset + written)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return false }
        written += count
      }
      fileByteCount = max(fileByteCount, offset + text.count)
      return end <= fileByteCount || lengthen(to: end)
    }

    private static func map(_ descriptor: CInt, _ range: Range<Int>) -> UnsafeMutableRawPointer? {
      let mapped = unsafe mmap(
        nil,
        range.count,
        PROT_READ | PROT_WRITE,
        MAP_SHARED,
        descriptor,
        range.lowerBound
      )
      return unsafe mapped == UnsafeMutableRawPointer(bitPattern: -1) ? nil : mapped
    }
  }
}

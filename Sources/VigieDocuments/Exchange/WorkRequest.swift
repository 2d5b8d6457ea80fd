package import VigieCore

/// What a service asks of the process that reads documents.
///
/// One message with two open files: the document, and the file for the ``ExtractionLog``.
package struct WorkRequest: Sendable, Equatable {
  /// What is to be done.
  package enum Work: Sendable, Equatable {
    /// Takes the text out of the document.
    case extract
    /// Tries to break out of the sandbox in the way of this name.
    case breakOut(String)
    /// Answers at once, without a process for the document: what the way there and back costs.
    case answer
  }

  /// What is to be done.
  package var work: Work
  /// The bytes of the document that are read; its file may be longer.
  package var byteCount: Int
  /// What it may spend.
  package var limits: DocumentLimits

  /// A value from its parts.
  package init(
    _ work: Work,
    byteCount: Int = 0,
    limits: DocumentLimits
  ) {
    self.work = work
    self.byteCount = byteCount
    self.limits = limits
  }

  /// The message.
  package var bytes: [UInt8] {
    var writer = ExchangeWriter()
    switch work {
    case .extract: writer.add(UInt8(1))
    case .breakOut: writer.add(UInt8(2))
    case .answer: writer.add(UInt8(3))
    }
    writer.add(Int64(byteCount))
    for number in numbers { writer.add(Int64(number)) }
    if case .breakOut(let name) = work { writer.add(name) }
    return writer.bytes
  }

  /// The request of a message, or `nil` where it is none.
  package init?(_ bytes: [UInt8]) {
    guard let request = try? WorkRequest(reading: unsafe bytes.span.bytes) else { return nil }
    self = request
  }

  private init(reading bytes: RawSpan) throws(ExchangeReader.Malformed) {
    var reader = ExchangeReader(to: bytes.byteCount)
    let kind = try reader.number(UInt8.self, in: bytes)
    byteCount = max(0, Int(try reader.number(Int64.self, in: bytes)))
    var numbers: [Int] = []
    for _ in 0..<14 { numbers.append(Int(try reader.number(Int64.self, in: bytes))) }
    limits = DocumentLimits(
      maxDepth: numbers[0],
      maxMemberCount: numbers[1],
      maxMemberByteCount: numbers[2],
      maxUnpackedByteCount: numbers[3],
      maxRatio: numbers[4],
      maxTextByteCount: numbers[5],
      maxTextCount: numbers[6],
      maxPageCount: numbers[7],
      maxMilliseconds: numbers[8],
      maxMemoryByteCount: numbers[9],
      maxPictureCount: numbers[10],
      maxPictureByteCount: numbers[11],
      maxPixelCount: numbers[12],
      maxPictureMilliseconds: numbers[13]
    )
    switch kind {
    case 1: work = .extract
    case 2: work = .breakOut(try reader.string(in: bytes))
    case 3: work = .answer
    default: throw ExchangeReader.Malformed()
    }
    guard reader.isAtEnd else { throw ExchangeReader.Malformed() }
  }

  /// The limits in the order of the message.
  private var numbers: [Int] {
    [
      limits.maxDepth, limits.maxMemberCount, limits.maxMemberByteCount,
      limits.maxUnpackedByteCount, limits.maxRatio, limits.maxTextByteCount, limits.maxTextCount,
      limits.maxPageCount, limits.maxMilliseconds, limits.maxMemoryByteCount,
      limits.maxPictureCount, limits.maxPictureByteCount, limits.maxPixelCount,
      limits.maxPictureMilliseconds,
    ]
  }
}

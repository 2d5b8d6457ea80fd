import VigieCore

/// What a service and the process that reads its documents say to each other.
///
/// Both stand on one machine: numbers are little-endian and as wide as written. A string or a list is
/// its length as `UInt32` and then its bytes or elements. Whoever reads takes nothing for granted: the
/// process at the other end may be taken over by a document.
package enum Exchange {
  /// Raised when the layout of a message or of ``ExtractionLog`` changes.
  private static let version: UInt64 = 4

  /// What both sides must have in common, as one number: the layout and the names that are sent as
  /// their place in a list.
  ///
  /// *Source:* FNV-1a, 64 bits (draft-eastlake-fnv §2); no secret hangs on it.
  package static let fingerprint: UInt64 = {
    let names = Role.allCases.map(\.rawValue) + GapReason.allCases.map(\.rawValue)
    return names.joined(separator: " ").utf8.reduce(0xCBF2_9CE4_8422_2325 ^ version) {
      ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3
    }
  }()
}

/// Writes numbers and strings one after the other.
struct ExchangeWriter {
  private(set) var bytes: [UInt8] = []

  mutating func add<Number: FixedWidthInteger>(_ number: Number) {
    for index in 0..<(Number.bitWidth / 8) {
      bytes.append(UInt8(truncatingIfNeeded: number >> Number(8 * index)))
    }
  }

  mutating func add(_ text: String) {
    let units = text.utf8
    add(UInt32(clamping: units.count))
    bytes.append(contentsOf: units)
  }
}

/// Reads numbers and strings one after the other; what is not there fails for good.
struct ExchangeReader {
  /// Where the next value starts.
  private(set) var offset: Int
  private let end: Int

  /// Reads a part of some bytes, which must be the same at every call.
  init(from offset: Int = 0, to end: Int) {
    self.offset = offset
    self.end = end
  }

  /// A message that is not as it must be.
  struct Malformed: Error {}

  mutating func number<Number: FixedWidthInteger>(
    _ type: Number.Type = Number.self,
    in bytes: RawSpan
  ) throws(Malformed) -> Number {
    let count = Number.bitWidth / 8
    try require(count, in: bytes)
    var number: Number = 0
    for index in 0..<count {
      number |= Number(truncatingIfNeeded: bytes[offset + index]) << Number(8 * index)
    }
    offset += count
    return number
  }

  mutating func string(in bytes: RawSpan) throws(Malformed) -> String {
    let count = Int(try number(UInt32.self, in: bytes))
    try require(count, in: bytes)
    let start = offset
    offset += count
    return unsafe bytes.withUnsafeBytes { all in
      unsafe String(decoding: all[start..<start + count], as: UTF8.self)
    }
  }

  /// Whether everything was read.
  var isAtEnd: Bool { offset == end }

  private func require(_ count: Int, in bytes: RawSpan) throws(Malformed) {
    guard end <= bytes.byteCount, offset >= 0, offset <= end, count <= end - offset else {
      throw Malformed()
    }
  }
}

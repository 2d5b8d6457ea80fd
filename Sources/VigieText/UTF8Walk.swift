/// A scalar read from UTF-8 bytes that may be malformed.
@usableFromInline package struct WalkedScalar: Equatable, Sendable {
  /// The code point; U+FFFD for a byte that belongs to no well-formed sequence.
  @usableFromInline package var value: UInt32
  /// How many bytes it takes: 1…4.
  @usableFromInline package var length: Int

  /// A byte that belongs to no well-formed sequence: a unit of its own.
  @usableFromInline static let malformed = WalkedScalar(value: 0xFFFD, length: 1)

  @inlinable @inline(__always)
  package init(value: UInt32, length: Int) {
    self.value = value
    self.length = length
  }
}

/// Walking over UTF-8 that may be malformed.
///
/// Every well-formed sequence is one unit and every other byte a unit of its own. Well-formed
/// sequences never overlap, so a walk gives the same units from whatever unit it starts, forwards
/// and backwards: this is what lets a match be checked at its place without an offset map.
///
/// *Source:* The Unicode Standard 15.0, table 3-7, "Well-Formed UTF-8 Byte Sequences".
extension Span<UInt8> {
  /// The unit that starts at a byte.
  ///
  /// - Precondition: `index` is in the span.
  @inlinable @inline(__always)
  package func scalar(at index: Int) -> WalkedScalar {
    let lead = self[index]
    if lead < 0x80 { return WalkedScalar(value: UInt32(lead), length: 1) }
    return multibyteScalar(at: index, lead)
  }

  @inline(never) @usableFromInline
  func multibyteScalar(at index: Int, _ lead: UInt8) -> WalkedScalar {
    let left = count - index
    guard left >= 2 else { return .malformed }
    let second = self[index + 1]
    switch lead {
    case 0xC2...0xDF:
      guard isContinuation(second) else { return .malformed }
      return WalkedScalar(value: (UInt32(lead) & 0x1F) << 6 | (UInt32(second) & 0x3F), length: 2)
    case 0xE0...0xEF:
      let least: UInt8 = lead == 0xE0 ? 0xA0 : 0x80
      let most: UInt8 = lead == 0xED ? 0x9F : 0xBF
      guard left >= 3, second >= least, second <= most, isContinuation(self[index + 2]) else {
        return .malformed
      }
      let value =
        (UInt32(lead) & 0x0F) << 12 | (UInt32(second) & 0x3F) << 6
        | (UInt32(self[index + 2]) & 0x3F)
      return WalkedScalar(value: value, length: 3)
    case 0xF0...0xF4:
      let least: UInt8 = lead == 0xF0 ? 0x90 : 0x80
      let most: UInt8 = lead == 0xF4 ? 0x8F : 0xBF
      guard left >= 4, second >= least, second <= most, isContinuation(self[index + 2]),
        isContinuation(self[index + 3])
      else { return .malformed }
      let high = (UInt32(lead) & 0x07) << 18 | (UInt32(second) & 0x3F) << 12
      let low = (UInt32(self[index + 2]) & 0x3F) << 6 | (UInt32(self[index + 3]) & 0x3F)
      return WalkedScalar(value: high | low, length: 4)
    default: return .malformed
    }
  }

  /// The unit that ends right before a byte.
  ///
  /// - Precondition: `index` is in `1...count` and lies on a unit's edge.
  @inlinable @inline(__always)
  package func scalar(before index: Int) -> WalkedScalar {
    let last = self[index - 1]
    if last < 0x80 { return WalkedScalar(value: UInt32(last), length: 1) }
    return multibyteScalar(before: index, last)
  }

  @inline(never) @usableFromInline
  func multibyteScalar(before index: Int, _ last: UInt8) -> WalkedScalar {
    guard isContinuation(last) else { return .malformed }
    for length in 2...4 where index >= length {
      let start = index - length
      if isContinuation(self[start]) { continue }
      let unit = scalar(at: start)
      return unit.length == length ? unit : .malformed
    }
    return .malformed
  }

  /// The nearest unit's edge at or before a byte.
  package func unitEdge(atOrBefore index: Int) -> Int {
    if index <= 0 { return 0 }
    if index >= count { return count }
    for back in 1...3 where index >= back && !isContinuation(self[index - back]) {
      let start = index - back
      return start + scalar(at: start).length > index ? start : index
    }
    return index
  }

  @inline(__always)
  private func isContinuation(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }
}

package import VigieCore

/// What decoding met on the way to one byte of a decoded text.
package struct Decoding: OptionSet, Sendable, Equatable {
  package let rawValue: UInt8

  package init(rawValue: UInt8) { self.rawValue = rawValue }

  /// A tag was left out right before the byte.
  package static let tag = Decoding(rawValue: 1 << 0)
  /// A character reference for a letter.
  package static let reference = Decoding(rawValue: 1 << 1)
  /// A percent escape or base64.
  package static let encoded = Decoding(rawValue: 1 << 2)
  /// An invisible scalar was left out right before the byte.
  package static let invisible = Decoding(rawValue: 1 << 3)
  /// A compatibility form.
  package static let compatibility = Decoding(rawValue: 1 << 4)
  /// A look-alike of another script.
  package static let homoglyph = Decoding(rawValue: 1 << 5)
  /// Punctuation that stands for a letter.
  package static let leet = Decoding(rawValue: 1 << 6)

  /// The disguises these are; a tag counts only inside a word, which the caller knows.
  package var disguise: Disguise {
    var disguise: Disguise = []
    if contains(.reference) { disguise.insert(.markupSplit) }
    if contains(.encoded) { disguise.insert(.encoded) }
    if contains(.invisible) { disguise.insert(.zeroWidth) }
    if contains(.compatibility) { disguise.insert(.compatibilityForm) }
    if contains(.homoglyph) { disguise.insert(.homoglyph) }
    if contains(.leet) { disguise.insert(.leet) }
    return disguise
  }
}

/// A run of a decoded HTML text that is code or a quotation.
package struct MarkupRegion: Sendable, Equatable {
  /// What the run is.
  package enum Kind: Sendable { case code, quotation }
  package var kind: Kind
  /// Bytes of the decoded text, half-open.
  package var range: Range<Int>
}

/// A text with markup and encodings undone, and for every byte of it the bytes it came from.
///
/// Kept by its thread and filled again for the next text, so that decoding allocates only while
/// the texts grow. It holds one window of a text at a time: its size does not depend on the text's.
package struct DecodedText: ~Copyable {
  /// UTF-8, as far as the original was.
  package private(set) var bytes: [UInt8] = []
  /// For each byte the original byte at which what it stands for starts…
  private var starts: [Int32] = []
  /// … and the one after its end.
  private var ends: [Int32] = []
  /// What was undone.
  private var marks: [Decoding] = []
  /// Code and quotations of the markup.
  package var regions: [MarkupRegion] = []
  /// What was left out since the last byte.
  private var pending: Decoding = []
  /// Whether anything differs from the original.
  package private(set) var isChanged = false

  package init() {}

  /// How many bytes there are.
  package var count: Int { bytes.count }

  /// Forgets the text, keeps the memory.
  package mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    starts.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
    marks.removeAll(keepingCapacity: true)
    regions.removeAll(keepingCapacity: true)
    pending = []
    isChanged = false
  }

  /// Adds a byte that stands for some bytes of the original.
  @inline(__always)
  package mutating func append(_ byte: UInt8, from range: Range<Int>, _ decoding: Decoding = []) {
    bytes.append(byte)
    starts.append(Int32(truncatingIfNeeded: range.lowerBound))
    ends.append(Int32(truncatingIfNeeded: range.upperBound))
    marks.append(decoding.union(pending))
    if !decoding.isEmpty { isChanged = true }
    pending = []
  }

  /// Adds what earlier layers undid to the last byte; that is no change of this layer.
  mutating func inherit(_ decoding: Decoding) {
    guard !marks.isEmpty else { return }
    marks[marks.count - 1].formUnion(decoding)
  }

  /// Notes that something was left out before the next byte.
  package mutating func leaveOut(_ decoding: Decoding) {
    pending.formUnion(decoding)
    isChanged = true
  }

  /// The bytes of the original that a range stands for.
  package func original(_ range: Range<Int>) -> Range<Int> {
    if range.isEmpty {
      let at = range.lowerBound < count ? Int(starts[range.lowerBound]) : Int(ends.last ?? 0)
      return at..<at
    }
    return Int(starts[range.lowerBound])..<Int(ends[range.upperBound - 1])
  }

  /// Everything that was undone in a range; what was left out before its first byte is not in it.
  package func decoding(in range: Range<Int>) -> Decoding {
    guard let first = range.first else { return [] }
    var all = marks[first].subtracting([.tag, .invisible])
    for index in range.dropFirst() { all.formUnion(marks[index]) }
    return all
  }

  /// What was undone for one byte.
  package func decoding(at index: Int) -> Decoding { marks[index] }
}

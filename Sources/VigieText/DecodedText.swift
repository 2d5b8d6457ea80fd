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

  /// Diacritics that no marking bears.
  package static let diacritic = Decoding(rawValue: 1 << 7)

  /// What changes a letter, or stands unseen beside it.
  package static let ofLetters: Decoding = [.invisible, .compatibility, .homoglyph, .diacritic]

  /// The disguises these are; a tag counts only inside a word, which the caller knows.
  package var disguise: Disguise {
    var disguise: Disguise = []
    if contains(.reference) { disguise.insert(.markupSplit) }
    if contains(.encoded) { disguise.insert(.encoded) }
    if contains(.invisible) { disguise.insert(.zeroWidth) }
    if contains(.compatibility) { disguise.insert(.compatibilityForm) }
    if contains(.homoglyph) { disguise.insert(.homoglyph) }
    if contains(.leet) { disguise.insert(.leet) }
    if contains(.diacritic) { disguise.insert(.diacritics) }
    return disguise
  }
}

/// A run of a decoded HTML text that is code, a quotation or the term of a glossary.
package struct MarkupRegion: Sendable, Equatable {
  /// What the run is.
  package enum Kind: Sendable { case code, quotation, term }
  package var kind: Kind
  /// Bytes of the decoded text, half-open.
  package var range: Range<Int>
}

/// A text with markup and encodings undone, and for every byte of it the bytes it came from.
///
/// Kept by its thread and filled again for the next text, so that decoding allocates only while
/// the texts grow. It holds one window of a text at a time: its size does not depend on the text's.
package struct DecodedText: ~Copyable {
  /// A run of bytes with one origin.
  private struct Piece {
    /// The first byte of the run in the decoded text.
    var start: Int
    /// The bytes of the original: one for each byte where `isCopy`, else all for all.
    var original: Range<Int>
    var isCopy: Bool
    /// What was left out right before the run.
    var lead: Decoding
    /// What was undone in the run.
    var decoding: Decoding
  }

  /// UTF-8, as far as the original was.
  package private(set) var bytes: [UInt8] = []
  private var pieces: [Piece] = []
  /// Code and quotations of the markup.
  package var regions: [MarkupRegion] = []
  /// What was left out since the last run.
  private var pending: Decoding = []
  /// Whether anything differs from the original.
  package private(set) var isChanged = false

  package init() {}

  /// How many bytes there are.
  package var count: Int { bytes.count }

  /// Forgets the text, keeps the memory.
  package mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    pieces.removeAll(keepingCapacity: true)
    regions.removeAll(keepingCapacity: true)
    pending = []
    isChanged = false
  }

  /// Adds bytes of the original as they are.
  mutating func copy(_ source: Span<UInt8>, _ range: Range<Int>, to original: Int) {
    guard !range.isEmpty else { return }
    begin(original..<(original + range.count), isCopy: true, [])
    unsafe source.extracting(range).withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
  }

  /// Adds a byte that stands for some bytes of the original.
  package mutating func append(_ byte: UInt8, from range: Range<Int>, _ decoding: Decoding) {
    if !decoding.isEmpty { isChanged = true }
    if !continuesLast(range, decoding) { begin(range, isCopy: false, decoding) }
    bytes.append(byte)
  }

  /// Whether a byte of an origin belongs to the last run.
  private func continuesLast(_ range: Range<Int>, _ decoding: Decoding) -> Bool {
    guard pending.isEmpty, !pieces.isEmpty else { return false }
    let last = pieces[pieces.count - 1]
    return !last.isCopy && last.original == range && last.decoding == decoding
  }

  /// Adds bytes of an earlier decoded text as they are, each with its origin there.
  mutating func copy(_ earlier: borrowing DecodedText, _ range: Range<Int>) {
    guard !range.isEmpty else { return }
    var index = earlier.piece(at: range.lowerBound)
    var start = range.lowerBound
    while start < range.upperBound {
      let piece = earlier.pieces[index]
      let end = min(range.upperBound, earlier.end(of: index))
      if start == piece.start { pending.formUnion(piece.lead) }
      let original =
        piece.isCopy
        ? (piece.original.lowerBound + start - piece.start)..<(piece.original.lowerBound + end
          - piece.start) : piece.original
      begin(original, isCopy: piece.isCopy, piece.decoding)
      bytes.append(contentsOf: earlier.bytes[start..<end])
      start = end
      index += 1
    }
  }

  private mutating func begin(_ original: Range<Int>, isCopy: Bool, _ decoding: Decoding) {
    pieces.append(
      Piece(
        start: bytes.count,
        original: original,
        isCopy: isCopy,
        lead: pending,
        decoding: decoding
      )
    )
    pending = []
  }

  /// Notes that something was left out before the next byte.
  package mutating func leaveOut(_ decoding: Decoding) {
    pending.formUnion(decoding)
    isChanged = true
  }

  /// The bytes of the original that a range stands for.
  package func original(_ range: Range<Int>) -> Range<Int> {
    guard !pieces.isEmpty else { return 0..<0 }
    if range.lowerBound >= count {
      let end = pieces[pieces.count - 1].original.upperBound
      return end..<end
    }
    let first = pieces[piece(at: range.lowerBound)]
    let start =
      first.isCopy
      ? first.original.lowerBound + range.lowerBound - first.start : first.original.lowerBound
    if range.isEmpty { return start..<start }
    let last = pieces[piece(at: range.upperBound - 1)]
    let end =
      last.isCopy
      ? last.original.lowerBound + range.upperBound - last.start : last.original.upperBound
    return start..<max(start, end)
  }

  /// The first byte whose origin does not end before a byte of the original.
  private func place(from original: Int) -> Int {
    var low = 0
    var high = pieces.count
    while low < high {
      let middle = (low + high) / 2
      if pieces[middle].original.upperBound <= original { low = middle + 1 } else { high = middle }
    }
    guard low < pieces.count else { return count }
    let piece = pieces[low]
    return piece.isCopy ? piece.start + max(0, original - piece.original.lowerBound) : piece.start
  }

  /// Takes over the regions of a text of which this one is the next layer.
  mutating func takeRegions(of earlier: borrowing DecodedText) {
    for region in earlier.regions {
      let original = earlier.original(region.range)
      let range = place(from: original.lowerBound)..<place(from: original.upperBound)
      if !range.isEmpty { regions.append(MarkupRegion(kind: region.kind, range: range)) }
    }
  }

  /// Everything that was undone in a range; what was left out before its first byte is not in it.
  package func decoding(in range: Range<Int>) -> Decoding {
    guard !range.isEmpty, !pieces.isEmpty else { return [] }
    var index = piece(at: range.lowerBound)
    var all = pieces[index].decoding
    index += 1
    while index < pieces.count, pieces[index].start < range.upperBound {
      all.formUnion(pieces[index].decoding.union(pieces[index].lead))
      index += 1
    }
    return all
  }

  /// The bytes in a range, other than its first, right before which a tag was left out.
  package func tagPlaces(in range: Range<Int>) -> [Int] {
    guard !range.isEmpty, !pieces.isEmpty else { return [] }
    var places: [Int] = []
    var index = piece(at: range.lowerBound) + 1
    while index < pieces.count, pieces[index].start < range.upperBound {
      if pieces[index].lead.contains(.tag) { places.append(pieces[index].start) }
      index += 1
    }
    return places
  }

  /// The number of the run that holds a byte.
  private func piece(at place: Int) -> Int {
    var low = 0
    var high = pieces.count - 1
    while low < high {
      let middle = (low + high + 1) / 2
      if pieces[middle].start <= place { low = middle } else { high = middle - 1 }
    }
    return low
  }

  private func end(of piece: Int) -> Int {
    piece + 1 < pieces.count ? pieces[piece + 1].start : bytes.count
  }
}

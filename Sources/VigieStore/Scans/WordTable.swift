import Glibc

/// Words, each once, in the order in which they came.
struct WordTable<Word: Hashable & Sendable>: Sendable {
  private(set) var words: [Word] = []
  private var places: [Word: Int64] = [:]
  private var latest: Int64 = -1

  /// The place of a word, which is added where it is new.
  mutating func place(of word: Word) -> Int64 {
    if latest >= 0, words[Int(latest)] == word { return latest }
    if let known = places[word] {
      latest = known
      return known
    }
    latest = Int64(words.count)
    places[word] = latest
    words.append(word)
    return latest
  }
}

/// Names, each once, in the order in which they came; those of a block, ``EventBlock/maxCount`` at most.
///
/// A dictionary would hash each with SipHash and ask whether it is the same in Unicode. Here names are bytes, as they
/// are in the store, and a hash that anybody can guess will do: however many collide, there are few.
struct NameTable: Sendable {
  /// The names, each its length in UTF-8 bytes (LEB128) and these: as a block holds them.
  private(set) var bytes: [UInt8] = []
  /// Where each name begins in ``bytes``, after its length, and where it ends.
  private var ranges: [Range<Int>] = []
  private var hashes: [UInt64] = []
  /// By the low bits of a hash, or after it, the place of a name and 1; 0 where there is none.
  private var slots: [UInt16] = []
  private var latest = 0

  /// How many they are.
  var count: Int { ranges.count }

  /// The place of a name, which is added where it is new.
  mutating func place(of name: String) -> Int64 { place(of: name.utf8.span) }

  /// The place of a name in UTF-8, which is added where it is new.
  mutating func place(of name: Span<UInt8>) -> Int64 {
    let hash = NameTable.hash(name)
    if latest < count, isName(latest, name, hash) { return Int64(latest) }
    if count >= slots.count / 2 { grow() }
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: hash) & mask
    while slots[slot] != 0 {
      let place = Int(slots[slot]) - 1
      if isName(place, name, hash) {
        latest = place
        return Int64(place)
      }
      slot = (slot + 1) & mask
    }
    latest = count
    bytes.appendLEB128(UInt64(name.count))
    let start = bytes.count
    unsafe name.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
    ranges.append(start..<bytes.count)
    hashes.append(hash)
    slots[slot] = UInt16(count)
    return Int64(latest)
  }

  private func isName(_ place: Int, _ name: Span<UInt8>, _ hash: UInt64) -> Bool {
    let range = ranges[place]
    guard hashes[place] == hash, range.count == name.count else { return false }
    return bytes.span.extracting(range).isSame(as: name)
  }

  private mutating func grow() {
    slots = [UInt16](repeating: 0, count: max(64, slots.count * 2))
    let mask = slots.count - 1
    for (place, hash) in hashes.enumerated() {
      var slot = Int(truncatingIfNeeded: hash) & mask
      while slots[slot] != 0 { slot = (slot + 1) & mask }
      slots[slot] = UInt16(place + 1)
    }
  }

  /// A hash of the length of a name and its words of eight bytes.
  private static func hash(_ bytes: Span<UInt8>) -> UInt64 {
    var hash = UInt64(truncatingIfNeeded: bytes.count)
    unsafe bytes.withUnsafeBytes { buffer in
      var offset = 0
      while offset < buffer.count {
        var word: UInt64 = 0
        if offset + 8 <= buffer.count {
          word = unsafe buffer.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        } else {
          for index in offset..<buffer.count { word = word << 8 | UInt64(unsafe buffer[index]) }
        }
        // *Source:* D. Knuth, The Art of Computer Programming, vol. 3, §6.4: multiplication by the golden ratio.
        hash = (hash ^ word) &* 0x9E37_79B9_7F4A_7C15
        hash ^= hash >> 32
        offset += 8
      }
    }
    return hash
  }
}

/// A text that is the same as another where both are the same bytes, as in SQLite: `String` takes texts for the same
/// that Unicode does, such as é in one letter and in two, of which one would be kept in place of the other.
struct ExactText: Hashable {
  let text: String

  init(_ text: String) { self.text = text }

  static func == (left: ExactText, right: ExactText) -> Bool { left.text.isExactly(right.text) }

  func hash(into hasher: inout Hasher) {
    unsafe text.utf8.span.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
  }
}

extension String {
  /// Whether two texts are the same bytes.
  func isExactly(_ other: String) -> Bool { utf8.span.isSame(as: other.utf8.span) }
}

extension Span<UInt8> {
  fileprivate func isSame(as other: Span<UInt8>) -> Bool {
    guard count == other.count else { return false }
    return unsafe withUnsafeBytes { left in
      unsafe other.withUnsafeBytes { right in
        guard let start = left.baseAddress, let other = right.baseAddress else { return true }
        return unsafe memcmp(start, other, left.count) == 0
      }
    }
  }
}

extension [UInt8] {
  /// Adds a number, seven bits a byte, the low ones first.
  ///
  /// *Source:* DWARF 5 §7.6.
  mutating func appendLEB128(_ number: UInt64) {
    var number = number
    while number >= 0x80 {
      append(UInt8(truncatingIfNeeded: number) | 0x80)
      number >>= 7
    }
    append(UInt8(number))
  }
}

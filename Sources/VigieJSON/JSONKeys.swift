/// The keys a reader knows, found by number without making a string of each key read.
package struct JSONKeys: Sendable {
  /// The names, in the order of their numbers.
  package let names: [String]
  private let entries: [Entry]
  /// Numbers of names by their hash, -1 where there is none; a name whose slot is taken stands in
  /// the next free one.
  private let slots: [Int16]

  /// A name as numbers to compare: bytes 0…7, 8…15, and how many there are.
  private struct Entry: Equatable, Sendable {
    var head: UInt64 = 0
    var tail: UInt64 = 0
    var count: Int

    init(_ key: Span<UInt8>) {
      count = key.count
      head = Entry.word(key, 0)
      if count > 8 { tail = Entry.word(key, 8) }
    }

    /// Up to eight bytes from an index on, the first lowest.
    @inline(__always)
    private static func word(_ key: Span<UInt8>, _ first: Int) -> UInt64 {
      if first + 8 <= key.count {
        return unsafe key.withUnsafeBytes {
          unsafe UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: first, as: UInt64.self))
        }
      }
      var word: UInt64 = 0
      for index in first..<key.count { word |= UInt64(key[index]) << UInt64(8 * (index - first)) }
      return word
    }

    /// A number in which names differ; the factor is 2⁶⁴ divided by the golden ratio.
    ///
    /// *Source:* D. E. Knuth, "The Art of Computer Programming", vol. 3, §6.4 (Fibonacci hashing).
    var hash: Int {
      Int(truncatingIfNeeded: ((head ^ tail &+ UInt64(count)) &* 0x9E37_79B9_7F4A_7C15) >> 40)
    }
  }

  /// A table of these names; the number of a name is its index.
  package init(_ names: [String]) {
    self.names = names
    precondition(names.count < 1 << 14, "a table of keys is short")
    let entries = names.map { Entry(Array($0.utf8).span) }
    self.entries = entries
    // At most half full, so that what is not there is soon known not to be.
    var slotCount = 2
    while slotCount < 2 * names.count { slotCount *= 2 }
    var slots = [Int16](repeating: -1, count: slotCount)
    for index in entries.indices {
      var slot = entries[index].hash & (slotCount - 1)
      while slots[slot] >= 0 { slot = (slot + 1) & (slotCount - 1) }
      slots[slot] = Int16(index)
    }
    self.slots = slots
  }

  /// The number of the name with these bytes, or `nil` where it is not known.
  func index(of key: Span<UInt8>) -> Int? {
    let sought = Entry(key)
    var slot = sought.hash & (slots.count - 1)
    while slots[slot] >= 0 {
      let index = Int(slots[slot])
      if entries[index] == sought, key.count <= 16 || isEqual(key, names[index]) { return index }
      slot = (slot + 1) & (slots.count - 1)
    }
    return nil
  }

  private func isEqual(_ key: Span<UInt8>, _ name: String) -> Bool {
    var index = 0
    for byte in name.utf8 {
      guard key[index] == byte else { return false }
      index += 1
    }
    return true
  }
}

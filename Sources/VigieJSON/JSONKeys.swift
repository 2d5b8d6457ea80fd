/// The keys a reader knows, found by number without making a string of each key read.
package struct JSONKeys: Sendable {
  /// The names, in the order of their numbers.
  package let names: [String]
  private let entries: [Entry]

  /// A name as numbers to compare: bytes 0…7, 8…15, and how many there are.
  private struct Entry: Equatable, Sendable {
    var head: UInt64 = 0
    var tail: UInt64 = 0
    var count: Int

    init(_ key: Span<UInt8>) {
      count = key.count
      for index in 0..<min(8, count) { head |= UInt64(key[index]) << UInt64(8 * index) }
      guard count > 8 else { return }
      for index in 8..<min(16, count) { tail |= UInt64(key[index]) << UInt64(8 * (index - 8)) }
    }
  }

  /// A table of these names; the number of a name is its index.
  package init(_ names: [String]) {
    self.names = names
    entries = names.map { Entry(Array($0.utf8).span) }
  }

  /// The number of the name with these bytes, or `nil` where it is not known.
  ///
  /// - Complexity: O(names).
  func index(of key: Span<UInt8>) -> Int? {
    let sought = Entry(key)
    for index in entries.indices where entries[index] == sought {
      if key.count <= 16 || isEqual(key, names[index]) { return index }
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

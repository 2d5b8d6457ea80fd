/// The keys a reader knows, found by number without making a string of each key read.
package struct JSONKeys: Sendable {
  /// The names, in the order of their numbers.
  package let names: [String]
  private let bytes: [[UInt8]]
  /// The first eight bytes of each name, least significant first.
  private let heads: [UInt64]

  /// A table of these names; the number of a name is its index.
  package init(_ names: [String]) {
    self.names = names
    bytes = names.map { Array($0.utf8) }
    heads = bytes.map { JSONKeys.head(of: $0.span) }
  }

  /// The number of the name with these bytes, or `nil` where it is not known.
  ///
  /// - Complexity: O(names).
  func index(of key: Span<UInt8>) -> Int? {
    let head = JSONKeys.head(of: key)
    for index in heads.indices where heads[index] == head && bytes[index].count == key.count {
      if key.count <= 8 { return index }
      var position = 8
      while position < key.count, bytes[index][position] == key[position] { position += 1 }
      if position == key.count { return index }
    }
    return nil
  }

  private static func head(of key: Span<UInt8>) -> UInt64 {
    var head: UInt64 = 0
    for index in 0..<min(8, key.count) { head |= UInt64(key[index]) << UInt64(8 * index) }
    return head
  }
}

/// The local names that a reader knows, each with a number.
package struct MarkupVocabulary: Sendable {
  /// The number of every name that is not in the vocabulary.
  package static let unknown = -1

  /// The names by number.
  let names: [[UInt8]]
  /// Open addressing by hash: the number of a name plus one; 0 is free.
  private let slots: [UInt16]

  /// A vocabulary whose numbers are the indices of the names; the first of two equal names counts.
  package init(_ names: [String]) {
    let spelled = names.map { Array($0.utf8) }
    var size = 64
    while size < spelled.count * 4 { size *= 2 }
    var slots = [UInt16](repeating: 0, count: size)
    for (number, name) in spelled.enumerated() where number < Int(UInt16.max) {
      var slot = MarkupVocabulary.hash(name.span) & (size - 1)
      var isNew = true
      while slots[slot] != 0, isNew {
        isNew = spelled[Int(slots[slot]) - 1] != name
        slot = (slot + 1) & (size - 1)
      }
      if isNew { slots[slot] = UInt16(number + 1) }
    }
    self.names = spelled
    self.slots = slots
  }

  /// The number of a name, or ``unknown``.
  package func number(of name: Span<UInt8>) -> Int {
    var slot = MarkupVocabulary.hash(name) & (slots.count - 1)
    while slots[slot] != 0 {
      let number = Int(slots[slot]) - 1
      if equals(names[number], name) { return number }
      slot = (slot + 1) & (slots.count - 1)
    }
    return MarkupVocabulary.unknown
  }

  private func equals(_ known: [UInt8], _ name: Span<UInt8>) -> Bool {
    guard known.count == name.count else { return false }
    for index in 0..<name.count where known[index] != name[index] { return false }
    return true
  }

  /// FNV-1a over at most 64 bytes: longer names differ early enough.
  private static func hash(_ name: Span<UInt8>) -> Int {
    var hash: UInt32 = 0x811C_9DC5
    for index in 0..<min(name.count, 64) {
      hash = (hash ^ UInt32(name[index])) &* 0x0100_0193
    }
    return Int(hash ^ hash >> 15)
  }
}

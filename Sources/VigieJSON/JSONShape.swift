import CVigieJSON

/// Which fields of a record to pick out, for ``JSONReader/pick(_:)``.
///
/// A shape is a table of objects, the record first. It says for each member what to do with its
/// value; a record that holds what the shape refuses is read the thorough way instead.
package struct JSONShape: Sendable {
  /// What to do with the value of a member.
  package enum Action: Sendable, Equatable {
    /// Keep where it stands under this number, 0…31; it is a string or a number, and stands once.
    case take(Int)
    /// Go through the object with this number of the table, 1…63; another type of value is refused,
    /// and so is the same object twice.
    case enter(Int)
    /// Pass it.
    case skip
    /// Pass it unless it holds a string that is not empty.
    case skipUnlessText
    /// Leave the record to the thorough way.
    case refuse
  }

  /// The members of one object.
  package struct Object: Sendable {
    /// What to do with the members that are known.
    package var members: [(name: String, action: Action)]
    /// What to do with all others.
    package var others: Action

    /// A value from its parts.
    package init(_ members: [(name: String, action: Action)], others: Action) {
      self.members = members
      self.others = others
    }
  }

  typealias Entry = vigie_json_entry
  typealias Table = vigie_json_table

  let entries: [Entry]
  let tables: [Table]

  /// A shape from its objects.
  ///
  /// A name is compared by its first sixteen bytes and its length: longer ones can only be refused.
  package init(_ objects: [Object]) {
    precondition(objects.count <= 64, "a shape has 64 objects at most")
    var entries: [Entry] = []
    var tables: [Table] = []
    for object in objects {
      var count = 2
      while count < 2 * object.members.count { count *= 2 }
      var none = Entry()
      none.count = -1
      var own = [Entry](repeating: none, count: count)
      for member in object.members {
        let name = Array(member.name.utf8)
        precondition(name.count <= 16 || member.action == .refuse, "\(member.name) is too long")
        var entry = Entry()
        entry.count = Int32(name.count)
        for (index, byte) in name.prefix(16).enumerated() {
          if index < 8 {
            entry.head |= UInt64(byte) << UInt64(8 * index)
            entry.head_mask |= 0xFF << UInt64(8 * index)
          } else {
            entry.tail |= UInt64(byte) << UInt64(8 * (index - 8))
            entry.tail_mask |= 0xFF << UInt64(8 * (index - 8))
          }
        }
        entry.code = JSONShape.code(member.action)
        var slot = JSONShape.hash(entry.head, entry.tail, name.count) & (count - 1)
        while own[slot].count >= 0 { slot = (slot + 1) & (count - 1) }
        own[slot] = entry
      }
      tables.append(
        Table(
          first: Int32(entries.count),
          mask: Int32(count - 1),
          others: JSONShape.code(object.others)
        )
      )
      entries += own
    }
    self.entries = entries
    self.tables = tables
  }

  /// Numbers from this on are objects to enter; those below, pieces to take.
  static let firstObject = VIGIE_JSON_OBJECT

  private static func code(_ action: Action) -> Int32 {
    switch action {
    case .take(let number):
      precondition((0..<firstObject).contains(number), "there are \(firstObject) places")
      return Int32(number)
    case .enter(let object): return Int32(VIGIE_JSON_OBJECT + object)
    case .skip: return Int32(VIGIE_JSON_SKIP)
    case .skipUnlessText: return Int32(VIGIE_JSON_SKIP_UNLESS_TEXT)
    case .refuse: return Int32(VIGIE_JSON_REFUSE)
    }
  }

  /// A number in which names differ; the factor is 2⁶⁴ divided by the golden ratio.
  ///
  /// *Source:* D. E. Knuth, "The Art of Computer Programming", vol. 3, §6.4 (Fibonacci hashing).
  @inline(__always)
  static func hash(_ head: UInt64, _ tail: UInt64, _ count: Int) -> Int {
    Int(truncatingIfNeeded: ((head ^ tail &+ UInt64(count)) &* 0x9E37_79B9_7F4A_7C15) >> 40)
  }
}

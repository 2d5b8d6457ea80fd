/// A table from 64-bit hashes to numbers; the hash is the key.
struct HashTable: Sendable {
  private var keys: [UInt64]
  private var values: [UInt32]
  private var count = 0

  /// A table that holds so many without growing.
  init(capacity: Int = 32) {
    var slotCount = 64
    while slotCount < 2 * capacity { slotCount *= 2 }
    keys = [UInt64](repeating: 0, count: slotCount)
    values = [UInt32](repeating: 0, count: slotCount)
  }

  subscript(key: UInt64) -> UInt32? {
    let mask = keys.count - 1
    var slot = Int(truncatingIfNeeded: key ^ (key >> 32)) & mask
    while values[slot] != 0 {
      if keys[slot] == key { return values[slot] }
      slot = (slot + 1) & mask
    }
    return nil
  }

  /// Calls a body with every key and value, in no order.
  func forEach(_ body: (UInt64, UInt32) -> Void) {
    for slot in values.indices where values[slot] != 0 { body(keys[slot], values[slot]) }
  }

  /// Adds a value greater than 0.
  mutating func insert(_ key: UInt64, _ value: UInt32) {
    if count * 2 >= keys.count { grow() }
    let mask = keys.count - 1
    var slot = Int(truncatingIfNeeded: key ^ (key >> 32)) & mask
    while values[slot] != 0 { slot = (slot + 1) & mask }
    keys[slot] = key
    values[slot] = value
    count += 1
  }

  private mutating func grow() {
    let old = (keys, values)
    keys = [UInt64](repeating: 0, count: old.0.count * 2)
    values = [UInt32](repeating: 0, count: old.0.count * 2)
    count = 0
    for slot in old.0.indices where old.1[slot] != 0 { insert(old.0[slot], old.1[slot]) }
  }
}

/// A table from 64-bit hashes to numbers; the hash is the key.
///
/// Nearly all that is asked for is not in it, so a bit for each key is looked at first: these bits stay in
/// the nearest cache, where the table itself does not fit.
struct HashTable: Sendable {
  private struct Slot: Sendable {
    var key: UInt64 = 0
    /// 0 where the slot is empty.
    var value: UInt32 = 0
  }

  private var slots: [Slot]
  private var bits: [UInt64]
  private var count = 0

  /// How many bits there are for each slot: a sixteenth of them is set at most.
  private static let bitsPerSlot = 8

  /// A table that holds so many without growing.
  init(capacity: Int = 32) {
    var slotCount = 64
    while slotCount < 2 * capacity { slotCount *= 2 }
    slots = [Slot](repeating: Slot(), count: slotCount)
    bits = [UInt64](repeating: 0, count: slotCount * HashTable.bitsPerSlot / 64)
  }

  @inline(__always)
  subscript(key: UInt64) -> UInt32? {
    // The highest bits: the lowest ones choose the slot.
    let bit = Int(truncatingIfNeeded: key >> 32) & (bits.count * 64 - 1)
    return bits[bit >> 6] >> UInt64(bit & 63) & 1 == 0 ? nil : value(of: key)
  }

  private func value(of key: UInt64) -> UInt32? {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: key ^ (key >> 32)) & mask
    while slots[slot].value != 0 {
      if slots[slot].key == key { return slots[slot].value }
      slot = (slot + 1) & mask
    }
    return nil
  }

  /// Calls a body with every key and value, in no order.
  func forEach(_ body: (UInt64, UInt32) -> Void) {
    for slot in slots where slot.value != 0 { body(slot.key, slot.value) }
  }

  /// Adds a value greater than 0.
  mutating func insert(_ key: UInt64, _ value: UInt32) {
    if count * 2 >= slots.count { grow() }
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: key ^ (key >> 32)) & mask
    while slots[slot].value != 0 { slot = (slot + 1) & mask }
    slots[slot] = Slot(key: key, value: value)
    let bit = Int(truncatingIfNeeded: key >> 32) & (bits.count * 64 - 1)
    bits[bit >> 6] |= 1 << UInt64(bit & 63)
    count += 1
  }

  private mutating func grow() {
    let old = slots
    self = HashTable(capacity: slots.count)
    for slot in old where slot.value != 0 { insert(slot.key, slot.value) }
  }
}

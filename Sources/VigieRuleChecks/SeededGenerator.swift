/// A generator that gives the same numbers for the same seed, so that a run can be seen again.
///
/// *Source:* Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators" (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  /// A generator from its seed.
  init(seed: UInt64) { state = seed }

  /// A generator for one of many pieces of work: the same whatever was done before it.
  ///
  /// *Source:* FNV-1a, 64 bits (Fowler, Noll, Vo).
  init(seed: UInt64, of name: String) {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325 ^ seed
    for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    state = hash
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

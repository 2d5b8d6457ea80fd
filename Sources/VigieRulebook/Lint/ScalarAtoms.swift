/// The coarsest partition of the scalars that tells some sets apart, as bits.
struct ScalarAtoms {
  /// A set of atoms.
  struct Bits: Hashable {
    fileprivate(set) var words: [UInt64]

    func overlaps(_ other: Bits) -> Bool {
      for index in words.indices where words[index] & other.words[index] != 0 { return true }
      return false
    }

    func intersection(_ other: Bits) -> Bits {
      Bits(words: zip(words, other.words).map { $0 & $1 })
    }

    /// The lowest atom, or `nil` where there is none.
    var first: Int? {
      for (index, word) in words.enumerated() where word != 0 {
        return index * 64 + word.trailingZeroBitCount
      }
      return nil
    }

    fileprivate func holds(_ atom: Int) -> Bool { words[atom / 64] >> UInt64(atom % 64) & 1 == 1 }
  }

  /// A scalar of each atom, the most readable that it has.
  private(set) var representatives: [Unicode.Scalar] = []
  private var bitsOfSet: [ScalarSet: Bits] = [:]

  /// The partition that tells these sets apart.
  init(_ sets: Set<ScalarSet>) {
    let ordered = sets.sorted { $0.ranges.count > $1.ranges.count }
    var cuts: Set<UInt32> = [0]
    for range in ordered.flatMap(\.ranges) {
      cuts.insert(range.lowerBound)
      if range.upperBound < ScalarSet.lastScalar { cuts.insert(range.upperBound + 1) }
    }
    let starts = cuts.sorted()
    var atoms: [[Bool]: Int] = [:]
    var members: [[Int]] = Array(repeating: [], count: ordered.count)
    for (index, start) in starts.enumerated() {
      let end = index + 1 < starts.count ? starts[index + 1] - 1 : ScalarSet.lastScalar
      guard let sample = ScalarAtoms.sample(start...end) else { continue }
      let signature = ordered.map { $0.contains(start) }
      if let known = atoms[signature] {
        if ScalarAtoms.rank(sample) < ScalarAtoms.rank(representatives[known]) {
          representatives[known] = sample
        }
        continue
      }
      atoms[signature] = representatives.count
      for (set, isMember) in signature.enumerated() where isMember {
        members[set].append(representatives.count)
      }
      representatives.append(sample)
    }
    let wordCount = (representatives.count + 63) / 64
    for (set, atoms) in zip(ordered, members) {
      var bits = Bits(words: Array(repeating: 0, count: wordCount))
      for atom in atoms { bits.words[atom / 64] |= 1 << UInt64(atom % 64) }
      bitsOfSet[set] = bits
    }
  }

  /// The atoms of one of the sets the partition was made for.
  func bits(of set: ScalarSet) -> Bits {
    bitsOfSet[set] ?? Bits(words: Array(repeating: 0, count: (representatives.count + 63) / 64))
  }

  /// The most readable scalar that is in none of the sets of atoms, or `nil` where all are.
  func scalar(outside sets: [Bits]) -> Unicode.Scalar? {
    representatives.indices
      .filter { atom in !sets.contains { $0.holds(atom) } }
      .map { representatives[$0] }
      .min { ScalarAtoms.rank($0) < ScalarAtoms.rank($1) }
  }

  /// The most readable scalar of a range, or `nil` where it holds surrogates only.
  private static func sample(_ range: ClosedRange<UInt32>) -> Unicode.Scalar? {
    for wish in ["a"..."z", "0"..."9", "A"..."Z", "!"..."~", " "..." "]
      as [ClosedRange<Unicode.Scalar>]
    {
      let low = max(wish.lowerBound.value, range.lowerBound)
      if low <= min(wish.upperBound.value, range.upperBound) { return Unicode.Scalar(low) }
    }
    return Unicode.Scalar(range.lowerBound)
      ?? (range.upperBound > 0xDFFF ? Unicode.Scalar(0xE000 as UInt32) : nil)
  }

  private static func rank(_ scalar: Unicode.Scalar) -> UInt32 {
    switch scalar {
    case "a"..."z": scalar.value - 0x61
    case "0"..."9": 100 + scalar.value
    case "A"..."Z": 200 + scalar.value
    case "!"..."~": 300 + scalar.value
    case " ": 500
    default: 1000 + scalar.value
    }
  }
}

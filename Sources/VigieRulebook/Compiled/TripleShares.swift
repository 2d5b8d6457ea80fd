/// How common three neighbours are in running text: which windows of a string are rare.
///
/// The tables hold a digit of base 36 for each triple, minus twice the binary logarithm of its share.
/// Only speed hangs on them.
struct TripleShares {
  /// By the first, the second and the third of three neighbours, five bits each.
  private let triples: [Float]
  /// By the first and the second.
  private let pairs: [Float]

  private init(_ table: StaticString) {
    let shares = (0..<36).map { digit in
      (0..<digit).reduce(Float(1)) { share, _ in share * Float(0.5).squareRoot() }
    }
    // 32 digits and a line feed a row.
    let triples = (0..<(1 << 15)).map { place in
      let digit = unsafe table.utf8Start[place + place / 32]
      return shares[digit < 0x3A ? Int(digit) - 0x30 : Int(digit) - 0x61 + 10]
    }
    self.triples = triples
    self.pairs = (0..<1_024).map { triples[(32 * $0)..<(32 * $0 + 32)].reduce(0, +) }
  }

  /// The share of the windows of one row (``Step/row``), taken for a chain of triples.
  ///
  /// - Parameters:
  ///   - row: Two symbols, five bits each, and some bits of the one before them.
  ///   - lasts: The last symbols of the windows as bits.
  /// - Returns: The share of all of them together, 0…1.
  func share(of row: Int, lasts: UInt32) -> Float {
    let pair = row & 1_023
    let seen = Int(Step.row) >> 10
    var start: Float = 0
    for first in stride(from: row >> 10, to: 32, by: seen + 1) {
      start += triples[first << 10 | pair]
    }
    var end: Float = 0
    if lasts == .max {
      end = pairs[pair]
    } else {
      for last in 0..<32 where lasts >> UInt32(last) & 1 == 1 { end += triples[pair << 5 | last] }
    }
    return start * end / pairs[pair]
  }

  /// The share of any number of neighbours, taken for a chain of triples.
  func share(of symbols: some Collection<UInt8>) -> Float {
    var share: Float = 1
    var last = 0
    for (place, symbol) in symbols.enumerated() {
      last = (last << 5 | Int(symbol & 31)) & 0x7FFF
      if place >= 2 { share *= triples[last] }
      if place >= 3 { share /= pairs[last >> 5] }
    }
    return share
  }

  /// The share of neighbours of which each is one of some, as bits, taken for a chain of triples.
  ///
  /// - Parameter sets: Those of each place, the first one first; three or more.
  /// - Returns: The share of all of them together, 0…1.
  func share(ofEach sets: some Collection<UInt32>) -> Float {
    var chains: [(pair: Int, share: Float)] = []
    for (place, set) in sets.enumerated() {
      var longer: [(pair: Int, share: Float)] = []
      var left = set
      while left != 0 {
        let own = left.trailingZeroBitCount
        left &= left - 1
        switch place {
        case 0: longer.append((own, 1))
        case 1: longer += chains.map { ($0.pair << 5 | own, pairs[$0.pair << 5 | own]) }
        default:
          longer += chains.map { chain in
            (
              (chain.pair << 5 | own) & 1_023,
              chain.share * triples[chain.pair << 5 | own] / pairs[chain.pair]
            )
          }
        }
      }
      swap(&chains, &longer)
    }
    return chains.reduce(0) { $0 + $1.share }
  }

  /// The share of one symbol or code.
  func share(ofSingle symbol: Int) -> Float {
    pairs[(32 * symbol)..<(32 * symbol + 32)].reduce(0, +)
  }

  /// Those of skeleton symbols.
  static let symbols = TripleShares(symbolTable)
  /// Those of ``StepTable`` codes.
  static let codes = TripleShares(codeTable)
}

/// Unpacks deflated data: for the few places in old documents that pack a part by themselves.
///
/// Own code, because every other packed format goes through libarchive, which reads no bare
/// deflated data.
///
/// *Source:* RFC 1951.
enum Inflate {
  /// Unpacks data up to a limit.
  ///
  /// - Returns: What it unpacks to, cut at the limit or where the data is damaged; `nil` where
  ///   nothing can be unpacked.
  static func inflate(_ data: Octets, limit: Int) -> [UInt8]? {
    var state = State(data: data, limit: limit)
    state.run()
    return state.output.isEmpty ? nil : state.output
  }

  /// A code of up to 15 bits a symbol.
  private struct Code {
    /// Codes of each length.
    var counts = [Int](repeating: 0, count: 16)
    /// Symbols in the order of their codes.
    var symbols: [Int] = []

    init(lengths: [Int]) {
      for length in lengths where length > 0 { counts[length] += 1 }
      for length in 1...15 {
        for (symbol, own) in lengths.enumerated() where own == length { symbols.append(symbol) }
      }
    }
  }

  private struct State {
    let data: Octets
    let limit: Int
    var output: [UInt8] = []
    private var offset = 0
    private var bits: UInt32 = 0
    private var bitCount = 0

    init(data: Octets, limit: Int) {
      self.data = data
      self.limit = limit
    }

    mutating func run() {
      while let isLast = take(1), let kind = take(2) {
        let isWhole: Bool
        switch kind {
        case 0: isWhole = stored()
        case 1: isWhole = block(State.fixed.0, State.fixed.1)
        case 2:
          guard let codes = dynamicCodes() else { return }
          isWhole = block(codes.0, codes.1)
        default: return
        }
        if !isWhole || isLast == 1 { return }
      }
    }

    private mutating func take(_ count: Int) -> Int? {
      while bitCount < count {
        guard let byte = data.u8(offset) else { return nil }
        bits |= UInt32(byte) << UInt32(bitCount)
        bitCount += 8
        offset += 1
      }
      let value = bits & ((1 << UInt32(count)) - 1)
      bits >>= UInt32(count)
      bitCount -= count
      return Int(value)
    }

    private mutating func symbol(_ code: Code) -> Int? {
      var value = 0
      var first = 0
      var index = 0
      for length in 1...15 {
        guard let bit = take(1) else { return nil }
        value |= bit
        let count = code.counts[length]
        if value - count < first {
          let place = index + value - first
          return place < code.symbols.count ? code.symbols[place] : nil
        }
        index += count
        first = (first + count) << 1
        value <<= 1
      }
      return nil
    }

    private mutating func stored() -> Bool {
      bits = 0
      bitCount = 0
      guard let length = data.u16(offset) else { return false }
      let part = data.clamped(offset + 4, min(length, limit - output.count))
      output += part.bytes
      offset += 4 + length
      return part.count == length
    }

    private mutating func block(_ literals: Code, _ distances: Code) -> Bool {
      while let symbol = symbol(literals) {
        if symbol == 256 { return true }
        guard output.count < limit else { return false }
        if symbol < 256 {
          output.append(UInt8(symbol))
          continue
        }
        guard symbol - 257 < State.lengths.count,
          let extra = take(State.lengths[symbol - 257].extra),
          let code = self.symbol(distances), code < State.distances.count,
          let further = take(State.distances[code].extra)
        else { return false }
        let length = State.lengths[symbol - 257].base + extra
        let distance = State.distances[code].base + further
        guard distance <= output.count else { return false }
        for _ in 0..<min(length, limit - output.count) {
          output.append(output[output.count - distance])
        }
      }
      return false
    }

    private mutating func dynamicCodes() -> (Code, Code)? {
      guard let literals = take(5), let distances = take(5), let own = take(4) else { return nil }
      var lengths = [Int](repeating: 0, count: 19)
      for index in 0..<own + 4 {
        guard let length = take(3) else { return nil }
        lengths[State.order[index]] = length
      }
      let code = Code(lengths: lengths)
      var all: [Int] = []
      let count = literals + 257 + distances + 1
      while all.count < count {
        guard let symbol = symbol(code) else { return nil }
        switch symbol {
        case 0..<16: all.append(symbol)
        case 16:
          guard let last = all.last, let more = take(2) else { return nil }
          all += [Int](repeating: last, count: more + 3)
        case 17:
          guard let more = take(3) else { return nil }
          all += [Int](repeating: 0, count: more + 3)
        default:
          guard let more = take(7) else { return nil }
          all += [Int](repeating: 0, count: more + 11)
        }
      }
      let split = literals + 257
      return (Code(lengths: Array(all[..<split])), Code(lengths: Array(all[split..<count])))
    }

    private static let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
    private static let fixed: (Code, Code) = {
      let lengths = (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 }
      return (Code(lengths: lengths), Code(lengths: [Int](repeating: 5, count: 30)))
    }()
    private static let lengths: [(base: Int, extra: Int)] = {
      var table: [(Int, Int)] = []
      var base = 3
      for index in 0..<28 {
        let extra = index < 8 ? 0 : index / 4 - 1
        table.append((base, extra))
        base += 1 << extra
      }
      return table + [(258, 0)]
    }()
    private static let distances: [(base: Int, extra: Int)] = {
      var table: [(Int, Int)] = []
      var base = 1
      for index in 0..<30 {
        let extra = index < 4 ? 0 : index / 2 - 1
        table.append((base, extra))
        base += 1 << extra
      }
      return table
    }()
  }
}

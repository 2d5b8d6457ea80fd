/// A string that may stand where a window was met.
package struct WindowCandidate: Sendable {
  /// Which bits of the last symbols the string settles.
  package var mask: UInt64
  /// What these bits are.
  package var value: UInt64
  /// What the last symbol may be, as bits: more than the string says where the window ends after it.
  package var lasts: UInt32
  /// The string's number.
  package var string: Int32
  /// How many symbols of it come up to the end of the window.
  package var count: Int32
  /// How many come after it; -1 where the window ends with what follows the string.
  package var rest: Int32
  /// The byte at the string's end where only one case will do; 0 where any will.
  package var lastByte: UInt8

  /// The symbols after the window, the first lowest, at most three; none where the window ends
  /// beyond the string.
  package var next: UInt16
  /// How many these are.
  package var nextCount: UInt8
  /// How many bytes around the window bear on what stands there.
  package var reach: UInt16

  /// A candidate from its parts.
  package init(
    mask: UInt64,
    value: UInt64,
    lasts: UInt32,
    string: Int32,
    count: Int32,
    rest: Int32,
    lastByte: UInt8,
    next: UInt16,
    nextCount: UInt8,
    reach: UInt16
  ) {
    self.mask = mask
    self.value = value
    self.lasts = lasts
    self.string = string
    self.count = count
    self.rest = rest
    self.lastByte = lastByte
    self.next = next
    self.nextCount = nextCount
    self.reach = reach
  }
}

/// The strings a pass looks for, found by four neighbouring symbols of each.
///
/// Whoever looks at every second step still meets each string: two windows of it are kept, one step
/// apart. A window that is met names its strings; whether the rest of a string stands there is for the
/// caller to check, a ``PassCandidate`` rules most places out.
package struct WindowSet: Sendable {
  /// How many rows there are: what stands before the last symbol (``Step/row``).
  package static let rowCount = Int(Step.row) + 1

  /// For each row how many candidates it has.
  package let counts: [UInt16]
  /// The candidates, row after row.
  package let candidates: [WindowCandidate]

  /// A set worked out before, or `nil` where its parts do not go together.
  ///
  /// - Parameters:
  ///   - counts: For each row how many candidates it has.
  ///   - candidates: The candidates, row after row.
  package init?(counts: [UInt16], candidates: [WindowCandidate]) {
    guard counts.count == WindowSet.rowCount,
      counts.reduce(0, { $0 + Int($1) }) == candidates.count
    else { return nil }
    self.counts = counts
    self.candidates = candidates
  }

  /// The set, or `nil` where it is not one of so many strings.
  func ofStrings(_ count: Int) -> WindowSet? {
    candidates.allSatisfy { (0..<count).contains(Int($0.string)) && $0.count > 0 } ? self : nil
  }

  /// A string to look for.
  struct Sought {
    /// Its symbols, of five bits.
    var symbols: [UInt8]
    /// What may stand right before and after it; `nil` where that is not known.
    var edges: [UInt8]?
    var lastByte: UInt8 = 0
    /// How many bytes around it bear on what stands there.
    var reach = 0
  }

  /// Calls a body with each symbol of some that are given as bits.
  static func forEach(_ symbols: UInt32, _ body: (Int) -> Void) {
    var left = symbols
    while left != 0 {
      body(left.trailingZeroBitCount)
      left &= left - 1
    }
  }

  /// How often the strings choose their windows.
  private static let roundCount = 2
  /// The most symbols of a string that a candidate settles: as many as 64 bits hold after
  /// two more came in.
  fileprivate static let maxSettledCount = 10

  /// What a place that a candidate does not rule out costs beside a window that is met.
  ///
  /// *Source:* of 2.5, 10 and 40 the one with the fewest stops on chat; the time differs little.
  private static let stopCost: Float = 10

  /// Builds the set.
  ///
  /// - Parameters:
  ///   - strings: What to look for, none of them empty.
  ///   - endsInside: Whether no window may end after its string, which then has two symbols or more.
  ///   - shares: How common three symbols in a row are.
  init(_ strings: [Sought], endsInside: Bool, _ shares: TripleShares) {
    let options = strings.map { $0.options(endsInside: endsInside) }
    let costs = options.map { options in
      options.map { option in
        (
          option.windows.reduce(0) { $0 + shares.share(of: $1.row, lasts: $1.lasts) },
          WindowSet.stopCost * shares.share(of: option.settled)
        )
      }
    }
    // A window that several strings have costs but once: each string chooses again, knowing what
    // the others took.
    var useCounts = [UInt16](repeating: 0, count: 32 * WindowSet.rowCount)
    var chosen = [Int?](repeating: nil, count: strings.count)
    func use(_ string: Int, by change: (inout UInt16) -> Void) {
      guard let first = chosen[string] else { return }
      for option in options[string][first...].prefix(2) {
        if let window = option.single { change(&useCounts[window]) }
      }
    }
    for _ in 0..<WindowSet.roundCount {
      for string in strings.indices {
        use(string) { $0 -= 1 }
        let own = options[string].indices.map { place in
          let isShared = options[string][place].single.map { useCounts[$0] > 0 } ?? false
          return costs[string][place].1 + (isShared ? 0 : costs[string][place].0)
        }
        let pairs = zip(own, own.dropFirst()).map { $0 + $1 }
        chosen[string] = pairs.indices.min { pairs[$0] < pairs[$1] } ?? 0
        use(string) { $0 += 1 }
      }
    }
    var rows = [[WindowCandidate]](repeating: [], count: WindowSet.rowCount)
    for string in strings.indices {
      for option in options[string][(chosen[string] ?? 0)...].prefix(2) {
        var candidate = strings[string].candidate(Int32(string), endingAfter: option.count)
        for (row, lasts) in option.windows {
          candidate.lasts = lasts
          rows[row].append(candidate)
        }
      }
    }
    self.counts = rows.map { UInt16(clamping: $0.count) }
    self.candidates = Array(rows.joined())
  }
}

extension WindowSet.Sought {
  /// A place where a window may end.
  fileprivate struct Option {
    /// After how many symbols.
    var count: Int
    /// The windows that may end there: their rows, and in each the last symbols as bits.
    var windows: [(row: Int, lasts: UInt32)]
    /// What a candidate settles there.
    var settled: ArraySlice<UInt8>

    /// The number of the window where there is but one.
    var single: Int? {
      guard windows.count == 1, windows[0].lasts.nonzeroBitCount == 1 else { return nil }
      return windows[0].row << 5 | windows[0].lasts.trailingZeroBitCount
    }
  }

  /// Where windows may end, place after place: two at least.
  ///
  /// Places outside the string stand for many windows, known edges for a few.
  fileprivate func options(endsInside: Bool) -> [Option] {
    let least = min(edges == nil ? 4 : 3, max(1, symbols.count - 1))
    let most = edges == nil && symbols.count > 4 || endsInside ? symbols.count : symbols.count + 1
    return (least...most).map { count in
      Option(
        count: count,
        windows: windows(endingAfter: count),
        settled: settled(endingAfter: count)
      )
    }
  }

  /// What may stand at a place of the string, as bits: its symbol, an edge, or anything.
  private func symbols(at place: Int) -> UInt32 {
    if symbols.indices.contains(place) { return 1 << UInt32(symbols[place]) }
    guard place == -1 || place == symbols.count, let edges else { return .max }
    return edges.reduce(0) { $0 | 1 << UInt32($1) }
  }

  /// All windows that end after so many symbols of the string.
  private func windows(endingAfter count: Int) -> [(row: Int, lasts: UInt32)] {
    // Of the oldest symbol only some bits are seen: many are one.
    let seen = Int(Step.row) >> 10
    let oldest = symbols(at: count - 4)
    var olds: UInt32 = 0
    for symbol in 0..<32 where oldest >> UInt32(symbol) & 1 == 1 {
      olds |= 1 << UInt32(symbol & seen)
    }
    let (second, third) = (symbols(at: count - 3), symbols(at: count - 2))
    var rows: [Int] = []
    WindowSet.forEach(olds) { old in
      WindowSet.forEach(second) { second in
        WindowSet.forEach(third) { rows.append(old << 10 | second << 5 | $0) }
      }
    }
    let lasts = symbols(at: count - 1)
    return rows.map { ($0, lasts) }
  }

  /// The symbols a candidate settles whose window ends after so many.
  private func settled(endingAfter count: Int) -> ArraySlice<UInt8> {
    symbols[max(0, count - WindowSet.maxSettledCount)..<min(count, symbols.count)]
  }

  fileprivate func candidate(_ number: Int32, endingAfter count: Int) -> WindowCandidate {
    var mask: UInt64 = 0
    var value: UInt64 = 0
    let settled = settled(endingAfter: count)
    let next = symbols.dropFirst(count).prefix(3)
    for place in settled.indices {
      let shift = UInt64(5 * (count - 1 - place))
      mask |= 31 << shift
      value |= UInt64(settled[place]) << shift
    }
    return WindowCandidate(
      mask: mask,
      value: value,
      lasts: 0,
      string: number,
      count: Int32(count),
      rest: Int32(symbols.count - count),
      lastByte: lastByte,
      next: next.enumerated().reduce(0) { $0 | UInt16($1.element) << UInt16(5 * $1.offset) },
      nextCount: UInt8(next.count),
      reach: UInt16(clamping: reach)
    )
  }
}

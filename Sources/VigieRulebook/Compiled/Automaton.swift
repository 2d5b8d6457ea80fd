/// An automaton that finds all of many symbol strings in one pass (Aho–Corasick, as a full table).
///
/// A state is the offset of its row, so that one step is one addition and one load. States in which
/// a string ends have the greatest offsets: a step has a hit when the state is at least
/// ``firstAccepting``.
package final class Automaton: Sendable {
  /// Row after row: for each symbol the next state.
  package let transitions: [UInt32]
  /// The symbols a row has room for: a power of two.
  package let columnCount: Int
  /// The least state in which a string ends.
  package let firstAccepting: UInt32
  /// For each accepting state the range of its strings in ``outputs``.
  private let outputRanges: [Range<Int>]
  /// The numbers of the strings that end in a state.
  package let outputs: [UInt32]

  /// Builds an automaton.
  ///
  /// - Parameters:
  ///   - strings: What to find, symbols 1..<columnCount; string `n` is reported as `n`.
  ///   - columnCount: The symbols there are, a power of two.
  ///   - silentColumn: A symbol that does not move the state, or `nil` for none.
  /// - Complexity: O(total length × columnCount).
  package init(
    strings: [[UInt8]],
    columnCount: Int,
    silentColumn: Int?
  ) {
    var rows: [[Int32]] = [[Int32](repeating: -1, count: columnCount)]
    var ending: [[UInt32]] = [[]]
    for (number, string) in strings.enumerated() where !string.isEmpty {
      var state = 0
      for symbol in string {
        let next = rows[state][Int(symbol)]
        if next >= 0 {
          state = Int(next)
        } else {
          rows.append([Int32](repeating: -1, count: columnCount))
          ending.append([])
          rows[state][Int(symbol)] = Int32(rows.count - 1)
          state = rows.count - 1
        }
      }
      ending[state].append(UInt32(number))
    }
    // Breadth first: a state's fall-back is nearer to the root, so it is complete before it.
    var fallback = [Int](repeating: 0, count: rows.count)
    var queue = [0]
    var head = 0
    while head < queue.count {
      let state = queue[head]
      head += 1
      for symbol in 0..<columnCount {
        let next = Int(rows[state][symbol])
        let below = state == 0 ? 0 : Int(rows[fallback[state]][symbol])
        if next > 0 {
          fallback[next] = below
          ending[next] += ending[below]
          queue.append(next)
        } else {
          rows[state][symbol] = Int32(below)
        }
      }
    }
    // Accepting states last. With a silent column each has a twin before them, to which silence
    // leads and which does not accept: a hit is seen at the symbol that makes it, and only there.
    let accepting = queue.filter { !ending[$0].isEmpty }
    let others = queue.filter { ending[$0].isEmpty }
    let twins = silentColumn == nil ? [] : accepting
    let order = others + twins + accepting
    var rank = [UInt32](repeating: 0, count: rows.count)
    for (place, state) in order.enumerated() { rank[state] = UInt32(place * columnCount) }
    var transitions: [UInt32] = []
    transitions.reserveCapacity(order.count * columnCount)
    for (place, state) in order.enumerated() {
      // The first place of a state is its own, or its twin's.
      let isTwin = place >= others.count && place < others.count + twins.count
      let own = isTwin ? UInt32(place * columnCount) : rank[state]
      let silent = ending[state].isEmpty || isTwin ? own : own - UInt32(twins.count * columnCount)
      for symbol in 0..<columnCount {
        switch symbol {
        case silentColumn: transitions.append(silent)
        default: transitions.append(rank[Int(rows[state][symbol])])
        }
      }
    }
    var outputs: [UInt32] = []
    var ranges: [Range<Int>] = []
    for state in accepting {
      ranges.append(outputs.count..<(outputs.count + ending[state].count))
      outputs += ending[state]
    }
    self.transitions = transitions
    self.columnCount = columnCount
    self.firstAccepting = UInt32((order.count - ranges.count) * columnCount)
    self.outputRanges = ranges
    self.outputs = outputs
  }

  /// The state after one more symbol.
  @inline(__always)
  package func step(_ state: UInt32, _ symbol: UInt8) -> UInt32 {
    transitions[Int(state) + Int(symbol)]
  }

  /// How many states strings end in.
  package var acceptingCount: Int { outputRanges.count }

  /// The strings that end in an accepting state, by its number among those.
  package func outputs(ofAccepting number: Int) -> ArraySlice<UInt32> {
    outputs[outputRanges[number]]
  }

  /// The range in ``outputs`` of the strings that end in an accepting state.
  package func outputRange(of state: UInt32) -> Range<Int> {
    outputRanges[Int(state - firstAccepting) / columnCount]
  }

  /// How many states there are.
  package var stateCount: Int { transitions.count / columnCount }
}

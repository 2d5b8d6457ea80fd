/// What may stand around many anchors, as numbers in a row: it is told of an anchor when it is asked for, which of most
/// of them nobody does.
package struct SurroundingsTable: Sendable {
  package typealias Characters = AnchorSurroundings.Characters

  /// The sets of characters that are told apart.
  package let sets: [Characters]
  /// What anchors have, each once: the ways before, the anchor itself as one way, and the ways after.
  ///
  /// Ways stand after how many there are, and so do the numbers of the sets of one way.
  package let numbers: [UInt16]
  /// For each anchor which of these it has.
  package let kinds: [UInt32]
  /// Where each kind starts.
  private let starts: [Int]

  /// How many anchors there are.
  package var count: Int { kinds.count }

  /// A table of nothing.
  package init() {
    sets = []
    numbers = []
    kinds = []
    starts = []
  }

  /// A table of what anchors have.
  package init(_ all: [AnchorSurroundings]) {
    var sets: [Characters] = []
    var known: [Characters: Int] = [:]
    var places: [[UInt16]: Int] = [:]
    var numbers: [UInt16] = []
    var kinds: [UInt32] = []
    var starts: [Int] = []
    for one in all {
      var own: [UInt16] = []
      for ways in [one.before, [one.own], one.after] {
        own.append(UInt16(ways.count))
        for way in ways {
          own.append(UInt16(way.count))
          for characters in way {
            let number = known[characters, default: sets.count]
            if number == sets.count {
              known[characters] = number
              sets.append(characters)
            }
            precondition(number <= UInt16.max, "few sets of characters are told apart")
            own.append(UInt16(number))
          }
        }
      }
      let kind = places[own, default: starts.count]
      if kind == starts.count {
        places[own] = kind
        starts.append(numbers.count)
        numbers += own
      }
      kinds.append(UInt32(kind))
    }
    self.sets = sets
    self.numbers = numbers
    self.kinds = kinds
    self.starts = starts
  }

  /// A table from its parts; `nil` where a number of them is wrong.
  package init?(sets: [Characters], numbers: [UInt16], kinds: [UInt32]) {
    var starts: [Int] = []
    var index = 0
    let all = numbers.span
    while index < all.count {
      starts.append(index)
      for part in 0..<3 {
        guard index < all.count else { return nil }
        let wayCount = Int(all[index])
        guard part == 1 ? wayCount == 1 : wayCount <= AnchorSurroundings.maxWayCount else {
          return nil
        }
        index += 1
        for _ in 0..<wayCount {
          guard index < all.count, all.count - index > Int(all[index]) else { return nil }
          let end = index + 1 + Int(all[index])
          index += 1
          while index < end {
            guard all[index] < sets.count else { return nil }
            index += 1
          }
        }
      }
    }
    for kind in kinds where kind >= starts.count { return nil }
    self.sets = sets
    self.numbers = numbers
    self.kinds = kinds
    self.starts = starts
  }

  /// What may stand around an anchor.
  package subscript(anchor: Int) -> AnchorSurroundings {
    var index = starts[Int(kinds[anchor])]
    func ways() -> [[Characters]] {
      let count = Int(numbers[index])
      index += 1
      return (0..<count).map { _ in
        let way = numbers[(index + 1)...].prefix(Int(numbers[index]))
        index = way.endIndex
        return way.map { sets[Int($0)] }
      }
    }
    let before = ways()
    let own = ways()
    return AnchorSurroundings(before: before, own: own[0], after: ways())
  }
}

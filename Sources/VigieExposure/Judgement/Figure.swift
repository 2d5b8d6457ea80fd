/// How many there are: at least so many for sure, and at most so many.
package struct Figure: Sendable, Hashable {
  /// Those of which it is sure.
  package var certain: Int
  /// Those of which it is not ruled out; the sure ones among them.
  package var possible: Int

  /// A figure from its ends.
  package init(_ certain: Int = 0, _ possible: Int = 0) {
    self.certain = certain
    self.possible = max(certain, possible)
  }

  /// Whether at least and at most are the same.
  package var isExact: Bool { certain == possible }

  /// Both ends added.
  package static func + (left: Figure, right: Figure) -> Figure {
    Figure(left.certain + right.certain, left.possible + right.possible)
  }

  /// Both ends at least those of another figure.
  func raised(to other: Figure) -> Figure {
    Figure(max(certain, other.certain), max(possible, other.possible))
  }

  mutating func add(_ standing: RoomAccess.Standing, _ count: Int = 1) {
    switch standing {
    case .none: break
    case .possible: possible += count
    case .certain:
      certain += count
      possible += count
    }
  }

  /// What two archives say of the same things: all of one may be in the other.
  func merged(with other: Figure) -> Figure {
    Figure(max(certain, other.certain), possible + other.possible)
  }
}

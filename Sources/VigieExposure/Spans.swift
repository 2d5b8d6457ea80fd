/// Times, as half-open runs of milliseconds in order that neither touch nor overlap.
struct Spans: Sendable, Equatable {
  private(set) var runs: [Range<Int>] = []

  /// No time at all.
  static let none = Spans()
  /// All of time; far from the ends of the numbers, so that sums hold.
  static let always = Spans(Int.min / 4..<Int.max / 4)

  init() {}

  /// One run; none where it is empty.
  init(_ run: Range<Int>) { if !run.isEmpty { runs = [run] } }

  /// Runs in any order.
  init(_ unordered: [Range<Int>]) {
    for run in unordered.sorted(by: { $0.lowerBound < $1.lowerBound }) where !run.isEmpty {
      if let last = runs.last, run.lowerBound <= last.upperBound {
        runs[runs.count - 1] = last.lowerBound..<max(last.upperBound, run.upperBound)
      } else {
        runs.append(run)
      }
    }
  }

  var isEmpty: Bool { runs.isEmpty }
  /// The first moment, or `nil` of no time.
  var start: Int? { runs.first?.lowerBound }
  /// The first moment after the last run, or `nil` of no time.
  var end: Int? { runs.last?.upperBound }
  /// Every moment at which it begins or ends.
  var bounds: [Int] { runs.flatMap { [$0.lowerBound, $0.upperBound] } }

  func contains(_ time: Int) -> Bool { runs.contains { $0.contains(time) } }

  /// Whether some moment from `start` on and before `end` is among them.
  func meets(_ start: Int, _ end: Int) -> Bool {
    start < end && runs.contains { $0.lowerBound < end && start < $0.upperBound }
  }

  func union(_ other: Spans) -> Spans { Spans(runs + other.runs) }

  func intersection(_ other: Spans) -> Spans {
    Spans(runs.flatMap { run in other.runs.map { run.clamped(to: $0) } })
  }

  func subtracting(_ other: Spans) -> Spans {
    var left: [Range<Int>] = []
    for run in runs {
      var start = run.lowerBound
      for taken in other.runs where taken.upperBound > start && taken.lowerBound < run.upperBound {
        if start < taken.lowerBound { left.append(start..<taken.lowerBound) }
        start = max(start, taken.upperBound)
      }
      if start < run.upperBound { left.append(start..<run.upperBound) }
    }
    return Spans(left)
  }
}

/// Times of which some are sure and others only not ruled out; the sure ones are among the possible.
struct Likely: Sendable, Equatable {
  var certain = Spans.none
  var possible = Spans.none

  func union(_ other: Likely) -> Likely {
    Likely(
      certain: certain.union(other.certain),
      possible: possible.union(other.possible)
    )
  }

  func intersection(_ other: Likely) -> Likely {
    Likely(
      certain: certain.intersection(other.certain),
      possible: possible.intersection(other.possible)
    )
  }

  func within(_ window: Range<Int>) -> Likely {
    intersection(Likely(certain: Spans(window), possible: Spans(window)))
  }
}

/// What a value was over time: each holds from its moment until the next.
struct Timeline<Value: Sendable & Equatable>: Sendable {
  /// The values by their moments; in order once ``settle()`` was called.
  private(set) var changes: [(time: Int, value: Value)] = []
  /// What the archive says without a time: how it was at its end.
  var undated: Value?

  mutating func add(_ value: Value, at time: Int?) {
    if let time { changes.append((time, value)) } else { undated = value }
  }

  /// Puts the changes in order; those of one moment stay as they were read.
  mutating func settle() {
    let ordered = changes.enumerated().sorted {
      ($0.element.time, $0.offset) < ($1.element.time, $1.offset)
    }
    changes = []
    for (_, change) in ordered where changes.last?.value != change.value { changes.append(change) }
  }

  var isEmpty: Bool { changes.isEmpty && undated == nil }

  /// The value at a moment, or `nil` where it is before the first that is known.
  ///
  /// - Complexity: O(log changes).
  func value(at time: Int) -> Value? {
    var low = 0
    var high = changes.count
    while low < high {
      let middle = (low + high) / 2
      if changes[middle].time <= time { low = middle + 1 } else { high = middle }
    }
    return low > 0 ? changes[low - 1].value : changes.isEmpty ? undated : nil
  }

  /// When the value is one that a test accepts; `unknown` says what counts before the first.
  func times(unknown: Bool, where accepts: (Value) -> Bool) -> Spans {
    let all = Spans.always.runs[0]
    guard let first = changes.first else {
      return undated.map(accepts) ?? unknown ? .always : .none
    }
    var runs: [Range<Int>] = []
    if unknown, all.lowerBound < first.time { runs.append(all.lowerBound..<first.time) }
    for (index, change) in changes.enumerated() where accepts(change.value) {
      let end = index + 1 < changes.count ? changes[index + 1].time : all.upperBound
      if change.time < end { runs.append(change.time..<end) }
    }
    return Spans(runs)
  }
}

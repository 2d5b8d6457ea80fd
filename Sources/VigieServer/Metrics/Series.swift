import CoreMetrics
import Synchronization

/// A number that only grows.
final class Count: CounterHandler, Sendable {
  private let number = Atomic<Int64>(0)

  var value: Int64 { number.load(ordering: .relaxed) }

  func increment(by amount: Int64) { number.wrappingAdd(amount, ordering: .relaxed) }

  func reset() { number.store(0, ordering: .relaxed) }
}

/// A number that goes up and down.
final class Level: MeterHandler, RecorderHandler, Sendable {
  private let number = Mutex(0.0)

  var value: Double { number.withLock { $0 } }

  func set(_ value: Int64) { set(Double(value)) }
  func set(_ value: Double) { number.withLock { $0 = value } }
  func increment(by amount: Double) { number.withLock { $0 += amount } }
  func decrement(by amount: Double) { number.withLock { $0 -= amount } }
  func record(_ value: Int64) { set(value) }
  func record(_ value: Double) { set(value) }
}

/// How often a value lay between which bounds.
final class Histogram: RecorderHandler, TimerHandler, Sendable {
  /// From a microsecond to ten seconds.
  static let timeBounds: [Int64] = [
    1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000,
    5_000_000, 10_000_000, 25_000_000, 50_000_000, 100_000_000, 250_000_000, 500_000_000,
    1_000_000_000, 10_000_000_000,
  ]
  /// For values that are no times.
  static let plainBounds: [Int64] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000]

  /// The upper bounds, included, in order.
  let bounds: [Int64]
  private struct State {
    var counts: [UInt64]
    var sum: Int64 = 0
  }
  private let state: Mutex<State>

  init(bounds: [Int64]) {
    self.bounds = bounds
    state = Mutex(State(counts: [UInt64](repeating: 0, count: bounds.count + 1)))
  }

  /// How many values lay up to each bound but above the one before; the last of them above all.
  var counts: [UInt64] { state.withLock { $0.counts } }
  var sum: Int64 { state.withLock { $0.sum } }

  func record(_ value: Int64) {
    let index = bounds.firstIndex { value <= $0 } ?? bounds.count
    state.withLock { state in
      state.counts[index] &+= 1
      state.sum &+= value
    }
  }

  func record(_ value: Double) { record(Int64(exactly: value.rounded()) ?? (value > 0 ? .max : 0)) }

  func recordNanoseconds(_ duration: Int64) { record(duration) }
}

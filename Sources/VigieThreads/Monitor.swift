import Glibc

/// A lock, and places to wait for what others do under it.
@safe package final class Monitor: @unchecked Sendable {
  // Unchecked: POSIX makes these calls safe between threads; the addresses never change.
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let conditions: UnsafeMutablePointer<pthread_cond_t>
  private let conditionCount: Int

  /// A monitor with so many places to wait at.
  package init(conditionCount: Int) {
    unsafe pthread_mutex_init(mutex, nil)
    self.conditionCount = conditionCount
    unsafe conditions = .allocate(capacity: conditionCount)
    var attributes = pthread_condattr_t()
    unsafe pthread_condattr_init(&attributes)
    // A wait with an end must not be moved by who sets the clock of the machine.
    unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    for number in 0..<conditionCount { unsafe pthread_cond_init(condition(number), &attributes) }
    unsafe pthread_condattr_destroy(&attributes)
  }

  deinit {
    for number in 0..<conditionCount { unsafe pthread_cond_destroy(condition(number)) }
    unsafe pthread_mutex_destroy(mutex)
    unsafe conditions.deallocate()
    unsafe mutex.deallocate()
  }

  /// Runs a function while no other thread is in the monitor.
  package func locked<Result>(_ body: () -> Result) -> Result {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    return body()
  }

  /// Waits to be woken; the caller is in the monitor, and others are while it waits.
  package func wait(at number: Int) { unsafe pthread_cond_wait(condition(number), mutex) }

  /// Waits to be woken or for a point in time; the caller is in the monitor.
  ///
  /// - Parameters:
  ///   - number: Where it waits.
  ///   - end: The end of the wait, nanoseconds of ``now``.
  package func wait(at number: Int, until end: UInt64) {
    var time = timespec(tv_sec: Int(end / 1_000_000_000), tv_nsec: Int(end % 1_000_000_000))
    unsafe pthread_cond_timedwait(condition(number), mutex, &time)
  }

  /// Wakes one that waits at a place.
  package func wakeOne(at number: Int) { unsafe pthread_cond_signal(condition(number)) }

  /// Wakes all that wait at a place.
  package func wakeAll(at number: Int) { unsafe pthread_cond_broadcast(condition(number)) }

  /// Nanoseconds that have passed since some moment; nobody sets this clock.
  package static var now: UInt64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
  }

  private func condition(_ number: Int) -> UnsafeMutablePointer<pthread_cond_t> {
    precondition((0..<conditionCount).contains(number))
    return unsafe conditions + number
  }
}

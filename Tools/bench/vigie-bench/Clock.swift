import Glibc

/// The two clocks that measurements use, nanoseconds.
enum Clock {
  /// Time this thread has run: other programs on the machine do not count.
  static func thread() -> UInt64 { read(CLOCK_THREAD_CPUTIME_ID) }

  /// Time that has passed.
  @inline(__always)
  static func wall() -> UInt64 { read(CLOCK_MONOTONIC) }

  @inline(__always)
  private static func read(_ clock: clockid_t) -> UInt64 {
    var time = timespec()
    unsafe clock_gettime(clock, &time)
    return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
  }
}

import Glibc
import Synchronization

/// Gives the pages of a mapped file back while somebody reads through it.
///
/// A page that was read stays resident until the kernel wants it, so reading a file of a gigabyte
/// looks like a gigabyte of memory. A thread drops all pages every few milliseconds; the few that
/// are still wanted come back from the page cache. The bytes never change: the mapping is private
/// and never written.
@safe final class PageTrimmer: @unchecked Sendable {
  // Unchecked: the address and length never change, and the kernel makes the call safe.
  private let address: UnsafeMutableRawPointer
  private let byteCount: Int
  private let isDone = Atomic<Bool>(false)
  private var thread = pthread_t()
  private var isRunning = false

  /// Files below this many bytes are left alone.
  static let minByteCount = 64 << 20
  /// The time between two rounds, nanoseconds.
  private static let pause = 10_000_000

  /// Starts giving back the pages of a mapping, which must outlive the value.
  init(address: UnsafeMutableRawPointer, byteCount: Int) {
    unsafe self.address = unsafe address
    self.byteCount = byteCount
    let retained = unsafe Unmanaged.passRetained(self)
    let status = unsafe pthread_create(
      &thread,
      nil,
      { argument in
        if let argument = unsafe argument {
          unsafe Unmanaged<PageTrimmer>.fromOpaque(argument).takeRetainedValue().run()
        }
        return nil
      },
      retained.toOpaque()
    )
    isRunning = status == 0
    // Without a thread the pages stay: that costs memory the kernel can take back, nothing else.
    if !isRunning { unsafe retained.release() }
  }

  /// Ends the thread; returns when it is gone.
  func stop() {
    isDone.store(true, ordering: .relaxed)
    if isRunning { pthread_join(thread, nil) }
    isRunning = false
  }

  private func run() {
    var pause = timespec(tv_sec: 0, tv_nsec: PageTrimmer.pause)
    while !isDone.load(ordering: .relaxed) {
      unsafe nanosleep(&pause, nil)
      unsafe madvise(address, byteCount, MADV_DONTNEED)
    }
  }
}

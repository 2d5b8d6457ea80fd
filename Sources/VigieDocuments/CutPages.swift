import Glibc
import Synchronization

/// Lets a process outlive files that become shorter while they are mapped: what is gone reads as zeros.
///
/// The system sends SIGBUS to who touches such a page, which ends the process. A program that maps files of others
/// calls ``survive()`` at its start; one that is a guest in another's process copies files instead.
///
/// *Source:* mmap(2), "SIGBUS"; sigaction(2), `BUS_ADRERR`. systemd's journal reader does the same.
package enum CutPages {
  /// One mapping that may be cut.
  private struct Slot: ~Copyable {
    let isTaken = Atomic<Bool>(false)
    let start = Atomic<UInt>(0)
    let end = Atomic<UInt>(0)
    let isCut = Atomic<Bool>(false)
  }

  /// More than threads map at a time; a mapping without a place is not looked after.
  private static let slotCount = 64
  private static let pageByteCount = UInt(sysconf(CInt(_SC_PAGESIZE)))
  // Written once, before any thread maps a file; never freed, for a signal may come at any time.
  private nonisolated(unsafe) static var slots: UnsafeMutablePointer<Slot>?

  /// Takes SIGBUS from now on; to be called before other threads start.
  package static func survive() {
    guard unsafe slots == nil, pageByteCount > 0 else { return }
    let table = UnsafeMutablePointer<Slot>.allocate(capacity: slotCount)
    for index in 0..<slotCount { unsafe (table + index).initialize(to: Slot()) }
    unsafe slots = table
    var action = sigaction()
    unsafe action.__sigaction_handler.sa_sigaction = { _, information, _ in
      unsafe CutPages.patch(information)
    }
    action.sa_flags = SA_SIGINFO
    unsafe sigaction(SIGBUS, &action, nil)
  }

  /// Looks after a mapping; its place, or `nil` where there is none.
  static func add(_ address: UnsafeMutableRawPointer, _ byteCount: Int) -> Int? {
    guard let slots = unsafe slots else { return nil }
    for index in 0..<slotCount {
      let isFree = unsafe slots[index].isTaken.compareExchange(
        expected: false,
        desired: true,
        ordering: .acquiring
      ).exchanged
      guard isFree else { continue }
      let start = UInt(bitPattern: address)
      unsafe slots[index].isCut.store(false, ordering: .relaxed)
      unsafe slots[index].end.store(start + UInt(byteCount), ordering: .relaxed)
      unsafe slots[index].start.store(start, ordering: .releasing)
      return index
    }
    return nil
  }

  /// Whether some of a mapping was gone when it was read.
  static func isCut(_ index: Int) -> Bool {
    guard let slots = unsafe slots else { return false }
    return unsafe slots[index].isCut.load(ordering: .acquiring)
  }

  /// Ends looking after a mapping, before it is taken away.
  static func remove(_ index: Int) {
    guard let slots = unsafe slots else { return }
    unsafe slots[index].start.store(0, ordering: .releasing)
    unsafe slots[index].isTaken.store(false, ordering: .releasing)
  }

  /// Puts zeros from the page that is gone to the end of its mapping.
  ///
  /// It runs in a signal handler: no memory is allocated, no lock taken.
  private static func patch(_ information: UnsafeMutablePointer<siginfo_t>?) {
    if let information = unsafe information, let slots = unsafe slots {
      let address = unsafe UInt(bitPattern: information.pointee._sifields._sigfault.si_addr)
      let page = address & ~(pageByteCount - 1)
      for index in 0..<slotCount {
        let start = unsafe slots[index].start.load(ordering: .acquiring)
        let end = unsafe slots[index].end.load(ordering: .relaxed)
        guard start != 0, start <= address, address < end else { continue }
        let zeros = unsafe mmap(
          UnsafeMutableRawPointer(bitPattern: page),
          Int(end - page),
          PROT_READ,
          MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
          -1,
          0
        )
        guard UInt(bitPattern: zeros) == page else { break }
        unsafe slots[index].isCut.store(true, ordering: .releasing)
        return
      }
    }
    // None of ours: it happens again at once, and ends the process as it would have.
    signal(SIGBUS, SIG_DFL)
  }
}

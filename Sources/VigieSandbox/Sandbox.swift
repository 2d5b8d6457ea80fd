import CSandbox
import Glibc

/// The fences around a process that reads what strangers wrote.
///
/// They hold for good and for all that the process starts. Two stages: the zygote may start processes
/// and exchange messages, a process for one document may not.
package enum Sandbox {
  /// Which fences hold.
  package struct Fences: Sendable, Equatable {
    /// The version of Landlock that takes files, network and signals away; 0 where the kernel has none.
    package var landlock: Int
    /// Whether the kernel kills for a wrong system call.
    package var seccomp: Bool
    /// Whether it became nobody; only what root starts can.
    package var isNobody: Bool

    /// A value from its parts.
    package init(landlock: Int, seccomp: Bool, isNobody: Bool) {
      self.landlock = landlock
      self.seccomp = seccomp
      self.isNobody = isNobody
    }
  }

  /// Descriptors that a process in the sandbox may have open, at most.
  static let maxDescriptorCount: UInt64 = 64

  /// Shuts this process in; before any byte of a document, and before any other thread.
  ///
  /// - Parameter needsSeccomp: Whether a kernel that cannot filter system calls is a failure.
  ///   Landlock may be missing: opening a file is a wrong system call already.
  /// - Returns: The fences that hold.
  /// - Throws: `SystemFailure` where one that the kernel has cannot be put up.
  package static func enter(needsSeccomp: Bool) throws(SystemFailure) -> Fences {
    let hasSeccomp = sandbox_has_seccomp() == 0 ? false : true
    if !hasSeccomp, needsSeccomp {
      throw SystemFailure("the kernel cannot filter system calls (seccomp)", code: ENOSYS)
    }
    _ = try SystemFailure.check("no core dumps", sandbox_limit(CInt(SANDBOX_LIMIT_CORE), 0))
    _ = try SystemFailure.check(
      "few descriptors",
      sandbox_limit(CInt(SANDBOX_LIMIT_DESCRIPTORS), maxDescriptorCount)
    )
    let isNobody = try SystemFailure.check("becoming nobody", sandbox_drop_identity()) == 1
    // After the identity: a change of it makes the process open to others again.
    _ = try SystemFailure.check("closing to other processes", sandbox_close_to_others())
    _ = try SystemFailure.check("no new privileges", sandbox_no_new_privileges())
    let version = sandbox_landlock_version()
    if version > 0 { _ = try SystemFailure.check("Landlock", sandbox_landlock(version)) }
    if hasSeccomp {
      _ = try SystemFailure.check("seccomp", sandbox_filter_calls(CInt(SANDBOX_CALLS_OF_ZYGOTE)))
    }
    return Fences(landlock: Int(version), seccomp: hasSeccomp, isNobody: isNobody)
  }

  /// What a process for one document may spend.
  package struct Allowance: Sendable {
    /// Address space in all, bytes.
    package var memoryByteCount: Int
    /// Processor time, seconds.
    package var seconds: Int
    /// What it may write, bytes.
    package var fileByteCount: Int

    /// A value from its parts.
    package init(memoryByteCount: Int, seconds: Int, fileByteCount: Int) {
      self.memoryByteCount = memoryByteCount
      self.seconds = seconds
      self.fileByteCount = fileByteCount
    }
  }

  /// Shuts a child of the zygote in further: it reads one document and talks to nobody.
  ///
  /// It ends with the zygote, and its descriptors must be those of the document only.
  package static func enterDocument(
    _ allowance: Allowance,
    of fences: Fences
  ) throws(SystemFailure) {
    try endWithParent()
    for (kind, value) in [
      (SANDBOX_LIMIT_MEMORY, allowance.memoryByteCount), (SANDBOX_LIMIT_CPU, allowance.seconds),
      (SANDBOX_LIMIT_FILE, allowance.fileByteCount),
    ] {
      let result = sandbox_limit(CInt(kind), UInt64(max(1, value)))
      _ = try SystemFailure.check("a limit of the system", result)
    }
    if fences.seccomp {
      let result = sandbox_filter_calls(CInt(SANDBOX_CALLS_OF_DOCUMENT))
      _ = try SystemFailure.check("seccomp", result)
    }
  }

  /// Has this process end with the one that started it.
  package static func endWithParent() throws(SystemFailure) {
    _ = try SystemFailure.check("ending with the zygote", sandbox_die_with_parent())
  }

  /// Closes every descriptor from a number on.
  package static func closeDescriptors(from first: CInt) {
    _ = sandbox_close_from(UInt32(max(0, first)))
  }

  /// Keeps freed memory in this process and its copies, for the next use.
  package static func keepMemory() { sandbox_keep_memory() }

  /// Makes room for what a process that ends soon fills at once, in large pages; before it starts threads.
  package static func readyHeap(byteCount: Int) { sandbox_ready_heap(byteCount) }

  /// Moves the code of this program to large pages where that can be done: each copy of the process is cheaper then.
  package static func settleCode() { _ = sandbox_settle_code() }

  /// Gives back the memory that is free now, before copies of this process are made.
  package static func trimMemory() { sandbox_trim_memory() }

  /// The address space of this process, bytes; 0 where `/proc` is not there.
  package static var addressSpaceByteCount: Int {
    let file = unsafe open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return 0 }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 128)
    let count = unsafe read(file, &bytes, bytes.count)
    // *Source:* proc_pid_statm(5): the first number is the total size in pages.
    let digits = bytes.prefix(max(0, count)).prefix { (0x30...0x39).contains($0) }
    let pages = digits.reduce(0) { $0 &* 10 &+ Int($1 - 0x30) }
    return pages &* Int(getpagesize())
  }
}

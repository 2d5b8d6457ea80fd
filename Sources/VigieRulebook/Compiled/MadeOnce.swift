import Synchronization

/// An object that is made at first need and shared by every thread; of several made at once one is kept.
///
/// What `AtomicLazyReference` is, but for its cost: that is not specialised, so that every look at it asks the run-time for
/// the type it is of, some hundred instructions.
struct MadeOnce<Object: AnyObject & Sendable>: ~Copyable, Sendable {
  /// The address of the object, retained; 0 before it is made.
  private let kept = Atomic<UInt>(0)

  /// The object, made now where it was not.
  @inline(__always)
  func value(_ make: () -> Object) -> Object {
    object(at: kept.load(ordering: .acquiring)) ?? keep(make())
  }

  @inline(__always)
  private func object(at address: UInt) -> Object? {
    guard let pointer = unsafe UnsafeRawPointer(bitPattern: address) else { return nil }
    return unsafe Unmanaged<Object>.fromOpaque(pointer).takeUnretainedValue()
  }

  @inline(never)
  private func keep(_ object: Object) -> Object {
    let made = unsafe Unmanaged.passRetained(object)
    let (isKept, earlier) = kept.compareExchange(
      expected: 0,
      desired: UInt(bitPattern: unsafe made.toOpaque()),
      ordering: .acquiringAndReleasing
    )
    if isKept { return object }
    // Another thread was first.
    unsafe made.release()
    return self.object(at: earlier) ?? object
  }

  deinit {
    guard let pointer = unsafe UnsafeRawPointer(bitPattern: kept.load(ordering: .acquiring)) else {
      return
    }
    unsafe Unmanaged<Object>.fromOpaque(pointer).release()
  }
}

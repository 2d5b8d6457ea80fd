import Glibc

/// A thread of the system that runs one function.
///
/// For work that neither waits for tasks nor makes any: it takes no thread from those of Swift's tasks.
package struct Thread {
  /// Carries the function to the thread.
  private final class Start {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  private var handle = pthread_t()

  /// Starts a thread.
  ///
  /// - Precondition: The system has room for one more.
  package init(_ body: @escaping @Sendable () -> Void) {
    let status = start(stackByteCount: nil, body)
    precondition(status == 0, "a thread cannot be started")
  }

  /// Starts a thread with a stack of its own size; `nil` where the system has no room for it.
  package init?(stackByteCount: Int, _ body: @escaping @Sendable () -> Void) {
    guard start(stackByteCount: stackByteCount, body) == 0 else { return nil }
  }

  private mutating func start(
    stackByteCount: Int?,
    _ body: @escaping @Sendable () -> Void
  ) -> CInt {
    var attributes = pthread_attr_t()
    unsafe pthread_attr_init(&attributes)
    defer { unsafe pthread_attr_destroy(&attributes) }
    if let stackByteCount {
      let status = unsafe pthread_attr_setstacksize(&attributes, stackByteCount)
      guard status == 0 else { return status }
    }
    let start = unsafe Unmanaged.passRetained(Start(body))
    let status = unsafe pthread_create(
      &handle,
      &attributes,
      { argument in
        if let argument = unsafe argument {
          unsafe Unmanaged<Start>.fromOpaque(argument).takeRetainedValue().body()
        }
        return nil
      },
      start.toOpaque()
    )
    if status != 0 { unsafe start.release() }
    return status
  }

  /// Waits for the end of the function.
  package func join() { pthread_join(handle, nil) }
}

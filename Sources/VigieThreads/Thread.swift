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
    let start = unsafe Unmanaged.passRetained(Start(body)).toOpaque()
    let status = unsafe pthread_create(
      &handle,
      nil,
      { argument in
        if let argument = unsafe argument {
          unsafe Unmanaged<Start>.fromOpaque(argument).takeRetainedValue().body()
        }
        return nil
      },
      start
    )
    precondition(status == 0, "a thread cannot be started")
  }

  /// Waits for the end of the function.
  package func join() { pthread_join(handle, nil) }
}

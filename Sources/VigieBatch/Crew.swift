import Glibc

/// Runs the same work over many inputs on several threads and delivers the results in order.
///
/// Plain threads: the work neither waits nor allocates tasks. The caller's thread reads inputs and
/// takes results, so that a reader and a writer need not be thread-safe. At most `window` inputs
/// are under way at once, so memory does not grow with their number.
package enum Crew {
  /// The number of processors of this machine.
  package static var processorCount: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

  /// Runs work over inputs.
  ///
  /// - Parameters:
  ///   - threadCount: The number of threads that work; one or more.
  ///   - makeWorker: Called once on each thread; what it returns may keep scratch memory.
  ///   - next: Gives the next input, or `nil` at the end; called on the caller's thread.
  ///   - deliver: Takes each result in the order of the inputs, on the caller's thread.
  package static func run<Input: Sendable, Output: Sendable>(
    threadCount: Int,
    makeWorker: @escaping @Sendable () -> (Input) -> Output,
    next: () -> Input?,
    deliver: (Output) -> Void
  ) {
    let bench = Bench<Input, Output>(window: threadCount * 4)
    let threads = (0..<max(1, threadCount)).map { _ in
      Thread {
        let work = makeWorker()
        while let (number, input) = bench.take() { bench.put(work(input), number: number) }
      }
    }
    var isAtEnd = false
    while true {
      while !isAtEnd, bench.hasRoom {
        if let input = next() { bench.add(input) } else { isAtEnd = true }
        while let output = bench.collect(waiting: false) { deliver(output) }
      }
      guard let output = bench.collect(waiting: true) else { break }
      deliver(output)
    }
    bench.close()
    for thread in threads { thread.join() }
  }
}

/// Where inputs lie until a thread takes them, and results until it is their turn.
private final class Bench<Input: Sendable, Output: Sendable>: @unchecked Sendable {
  // Unchecked: every property but the constants is read and written under `monitor` only.
  private let window: Int
  private let monitor = Monitor()
  /// Inputs not yet taken, the oldest first from `head`.
  private var inputs: [(number: Int, input: Input)] = []
  private var head = 0
  private var outputs: [Int: Output] = [:]
  private var addedCount = 0
  private var collectedCount = 0
  private var isClosed = false

  init(window: Int) { self.window = window }

  var hasRoom: Bool { monitor.locked { addedCount - collectedCount < window } }

  func add(_ input: Input) {
    monitor.locked {
      inputs.append((addedCount, input))
      addedCount += 1
    }
    monitor.wakeWorker()
  }

  /// The next input for a worker; `nil` when the bench is closed.
  func take() -> (number: Int, input: Input)? {
    monitor.locked {
      while head == inputs.count {
        if isClosed { return nil }
        monitor.waitAsWorker()
      }
      let taken = inputs[head]
      head += 1
      if head == inputs.count {
        inputs.removeAll(keepingCapacity: true)
        head = 0
      }
      return taken
    }
  }

  func put(_ output: Output, number: Int) {
    monitor.locked { outputs[number] = output }
    monitor.wakeOwner()
  }

  /// The next result in order, or `nil` where there is none yet (or ever, when waiting).
  func collect(waiting: Bool) -> Output? {
    monitor.locked {
      guard collectedCount < addedCount else { return nil }
      while outputs[collectedCount] == nil {
        if !waiting { return nil }
        monitor.waitAsOwner()
      }
      collectedCount += 1
      return outputs.removeValue(forKey: collectedCount - 1)
    }
  }

  func close() {
    monitor.locked { isClosed = true }
    monitor.wakeAllWorkers()
  }
}

/// A lock on which workers wait for inputs and the owner for results.
@safe private final class Monitor: @unchecked Sendable {
  // Unchecked: POSIX makes these calls safe between threads; the addresses never change.
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let forWorkers = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private let forOwner = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  init() {
    unsafe pthread_mutex_init(mutex, nil)
    unsafe pthread_cond_init(forWorkers, nil)
    unsafe pthread_cond_init(forOwner, nil)
  }

  deinit {
    unsafe pthread_cond_destroy(forOwner)
    unsafe pthread_cond_destroy(forWorkers)
    unsafe pthread_mutex_destroy(mutex)
    unsafe forOwner.deallocate()
    unsafe forWorkers.deallocate()
    unsafe mutex.deallocate()
  }

  func locked<Result>(_ body: () -> Result) -> Result {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    return body()
  }

  /// Waits; the caller holds the lock.
  func waitAsWorker() { unsafe pthread_cond_wait(forWorkers, mutex) }
  /// Waits; the caller holds the lock.
  func waitAsOwner() { unsafe pthread_cond_wait(forOwner, mutex) }
  func wakeWorker() { unsafe pthread_cond_signal(forWorkers) }
  func wakeAllWorkers() { unsafe pthread_cond_broadcast(forWorkers) }
  func wakeOwner() { unsafe pthread_cond_signal(forOwner) }
}

/// A thread that runs one function.
private struct Thread {
  /// Carries the function to the thread.
  private final class Start {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  private var handle = pthread_t()

  init(_ body: @escaping @Sendable () -> Void) {
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

  func join() { pthread_join(handle, nil) }
}

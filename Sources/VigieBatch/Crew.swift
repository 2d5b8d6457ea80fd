import Glibc
import VigieThreads

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
  /// Workers wait for inputs, the owner for results.
  private let monitor = Monitor(conditionCount: 2)
  private let forWorkers = 0
  private let forOwner = 1
  /// Inputs, the oldest first; those before `head` are taken and no longer here.
  private var inputs: [(number: Int, input: Input)?] = []
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
    monitor.wakeOne(at: forWorkers)
  }

  /// The next input for a worker; `nil` when the bench is closed.
  func take() -> (number: Int, input: Input)? {
    monitor.locked {
      while head == inputs.count {
        if isClosed { return nil }
        monitor.wait(at: forWorkers)
      }
      let taken = inputs[head]
      inputs[head] = nil
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
    monitor.wakeOne(at: forOwner)
  }

  /// The next result in order, or `nil` where there is none yet (or ever, when waiting).
  func collect(waiting: Bool) -> Output? {
    monitor.locked {
      guard collectedCount < addedCount else { return nil }
      while outputs[collectedCount] == nil {
        if !waiting { return nil }
        monitor.wait(at: forOwner)
      }
      collectedCount += 1
      return outputs.removeValue(forKey: collectedCount - 1)
    }
  }

  func close() {
    monitor.locked { isClosed = true }
    monitor.wakeAll(at: forWorkers)
  }
}

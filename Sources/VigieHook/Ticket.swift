import Synchronization
import VigieCore

/// One message that is being judged elsewhere: whoever comes first settles it, for good.
///
/// The thread that judges it, the deadline and the caller who gives up all try.
final class Ticket: Sendable {
  typealias Outcome = Result<Review, ReviewFailure>

  private enum State {
    case open
    case awaited(CheckedContinuation<Outcome, Never>)
    case settled(Outcome)
    case answered
  }

  private let state = Mutex(State.open)

  /// Waits for the outcome.
  ///
  /// - Parameter start: Called once there is somebody to answer to; not where it is settled already.
  /// - Returns: What it was settled with.
  func outcome(whileStarted start: () -> Void) async -> Outcome {
    await withCheckedContinuation { continuation in
      let known: Outcome? = state.withLock { state in
        guard case .settled(let outcome) = state else {
          state = .awaited(continuation)
          return nil
        }
        state = .answered
        return outcome
      }
      if let known {
        continuation.resume(returning: known)
      } else {
        start()
      }
    }
  }

  /// Whether nobody has settled it.
  var isOpen: Bool {
    state.withLock { state in
      switch state {
      case .open, .awaited: true
      case .settled, .answered: false
      }
    }
  }

  /// Settles it, unless that was done before.
  func settle(_ outcome: Outcome) {
    let waiting: CheckedContinuation<Outcome, Never>? = state.withLock { state in
      switch state {
      case .open:
        state = .settled(outcome)
        return nil
      case .awaited(let continuation):
        state = .answered
        return continuation
      case .settled, .answered: return nil
      }
    }
    waiting?.resume(returning: outcome)
  }
}

import Synchronization
package import VigieCore
package import VigieFilter

/// Inspectors of one filter for any number of threads; those that nobody uses wait on the bench.
///
/// A message is judged by one filter from its first byte to its verdict, whatever is loaded meanwhile.
package final class InspectorBench: Sendable {
  /// An inspector that nobody uses just now.
  ///
  /// Unchecked: whoever takes it off the bench has it alone.
  private struct Idle: @unchecked Sendable {
    let inspector: Inspector
  }

  /// What the inspectors judge by.
  package let filter: Filter
  private let copiesFiles: Bool
  private let idle = Mutex<[Idle]>([])

  /// A bench for a filter.
  ///
  /// - Parameters:
  ///   - filter: What to judge by.
  ///   - copiesFiles: As ``Inspector/init(_:copiesFiles:)`` says.
  package init(_ filter: Filter, copiesFiles: Bool = false) {
    self.filter = filter
    self.copiesFiles = copiesFiles
  }

  /// Judges a message and the files it carries, on this thread.
  package func review(_ message: Message) -> Review {
    withInspector { $0.review(message) }
  }

  /// Judges a message without files on this thread; `nil` where that takes too much effort.
  package func review(_ message: Message, effort: Int) -> Review? {
    withInspector { $0.review(message, effort: effort) }
  }

  /// Judges a text in one place of a message, on this thread.
  package func review(text: [UInt8], at place: Place, of message: Message) -> Review {
    withInspector { $0.review(text: text, at: place, of: message) }
  }

  private func withInspector<Result>(_ body: (Inspector) -> Result) -> Result {
    let mine =
      idle.withLock { $0.popLast() }
      ?? Idle(inspector: Inspector(filter, copiesFiles: copiesFiles))
    defer { idle.withLock { $0.append(mine) } }
    return body(mine.inspector)
  }
}

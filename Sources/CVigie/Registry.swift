import Synchronization

/// What is open, by the names that callers hold.
///
/// A name is a number that is never given out again and never an address, so that one that is closed,
/// foreign or made up is told from one that is open, and no memory is read through it.
enum Registry {
  private struct State {
    var count: UInt = 0
    var open: [UInt: Vigie] = [:]
  }

  private static let state = Mutex(State())

  /// Gives a name to what was opened.
  static func add(_ vigie: Vigie) -> OpaquePointer? {
    let name = state.withLock { state in
      state.count &+= 1
      // Odd, so that none is NULL, nor an address that malloc gives.
      let name = state.count << 4 | 1
      state.open[name] = vigie
      return name
    }
    return unsafe OpaquePointer(bitPattern: name)
  }

  /// What a name stands for, or `nil` where it is not open.
  static func vigie(_ name: OpaquePointer?) -> Vigie? {
    let name = UInt(bitPattern: name)
    return state.withLock { $0.open[name] }
  }

  /// Forgets a name; whoever uses what it stood for ends in peace.
  static func remove(_ name: OpaquePointer?) {
    let name = UInt(bitPattern: name)
    // Given up outside of the lock: taking rules apart takes its time.
    _ = state.withLock { $0.open.removeValue(forKey: name) }
  }
}

import CSandbox
import Glibc

/// One end of a pair of sockets that carry whole messages, with open files if need be.
package struct MessageSocket: ~Copyable, Sendable {
  /// The socket.
  package let descriptor: Descriptor

  /// An end that is open already.
  package init(owning descriptor: consuming Descriptor) { self.descriptor = descriptor }

  /// The longest message, bytes; it fits the send buffer of every kernel.
  package static let maxByteCount = 1 << 14
  /// The descriptors of one message, at most.
  package static let maxDescriptorCount = Int(SANDBOX_MAX_DESCRIPTORS)

  /// Two connected ends.
  package struct Pair: ~Copyable {
    package let mine: MessageSocket
    package let its: MessageSocket

    /// Keeps one end, and closes the other.
    package consuming func keepMine() -> MessageSocket { mine }
  }

  /// Makes two connected ends.
  package static func pair() throws(SystemFailure) -> Pair {
    var numbers: [CInt] = [-1, -1]
    let result = unsafe sandbox_socket_pair(&numbers)
    _ = try SystemFailure.check("no pair of sockets can be made", result)
    return Pair(
      mine: MessageSocket(owning: Descriptor(owning: numbers[0])),
      its: MessageSocket(owning: Descriptor(owning: numbers[1]))
    )
  }

  /// Sends one message.
  ///
  /// - Parameters:
  ///   - bytes: The message, at most ``maxByteCount``, not empty.
  ///   - descriptors: Open files that go with it, at most ``maxDescriptorCount``; they stay open here.
  /// - Throws: `SystemFailure`, also where the other side is gone.
  package borrowing func send(
    _ bytes: [UInt8],
    descriptors: [CInt] = []
  ) throws(SystemFailure) {
    let sent = unsafe sandbox_send(
      descriptor.number,
      bytes,
      bytes.count,
      descriptors,
      descriptors.count
    )
    _ = try SystemFailure.check("a message cannot be sent", sent)
  }

  /// A message, as received.
  package struct Message: ~Copyable {
    /// The bytes; empty where the other side is gone.
    package let bytes: [UInt8]
    /// The first open file that came with it; -1 for none.
    package let first: Descriptor
    /// The second one; -1 for none.
    package let second: Descriptor

    /// Takes the first open file over.
    package consuming func takeFirst() -> Descriptor { first }

    /// Takes both over.
    package consuming func take<Result>(
      _ body: (_ first: consuming Descriptor, _ second: consuming Descriptor) -> Result
    ) -> Result { body(first, second) }
  }

  /// Receives one message; waits for it.
  package borrowing func receive() throws(SystemFailure) -> Message {
    var numbers = [CInt](repeating: -1, count: MessageSocket.maxDescriptorCount)
    var numberCount = numbers.count
    var received = 0
    let socket = descriptor.number
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: MessageSocket.maxByteCount) {
      buffer,
      count in
      received = unsafe sandbox_receive(
        socket,
        buffer.baseAddress,
        buffer.count,
        &numbers,
        &numberCount
      )
      count = max(0, received)
    }
    _ = try SystemFailure.check("a message cannot be received", received)
    return Message(
      bytes: bytes,
      first: Descriptor(owning: numberCount > 0 ? numbers[0] : -1),
      second: Descriptor(owning: numberCount > 1 ? numbers[1] : -1)
    )
  }
}

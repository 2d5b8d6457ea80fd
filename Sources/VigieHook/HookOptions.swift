/// How long a message may take, and how many are judged at once.
public struct HookOptions: Sendable, Hashable {
  /// From the call to the reply, at most.
  public var deadline: Duration
  /// Threads for messages that take more than a moment.
  public var threadCount: Int
  /// How many such messages may wait for a thread; one more is answered by the fail policy.
  public var maxWaitingCount: Int
  /// The most text, UTF-8 bytes, of a message that is judged on the caller's thread.
  public var promptByteCount: Int
  /// The most places looked at in a text of such a message, some microsecond each; one that holds more
  /// goes to the threads.
  public var promptEffort: Int
  /// What happens to a message that is not judged in time.
  public var failPolicy: FailPolicy
  /// From the call to the reply for an upload, at most.
  public var uploadDeadline: Duration
  /// Threads for uploads, which messages do not wait for; as many uploads may wait as messages.
  public var uploadThreadCount: Int
  /// How long a sender has to send a stopped message again with a justification.
  public var overrideLifetime: Duration

  /// Options; the defaults suit a server that sends some hundred messages a second.
  public init(
    deadline: Duration = .milliseconds(250),
    threadCount: Int = 2,
    maxWaitingCount: Int = 256,
    promptByteCount: Int = 16_384,
    promptEffort: Int = 1_000,
    failPolicy: FailPolicy = FailPolicy(.closed),
    uploadDeadline: Duration = .seconds(10),
    uploadThreadCount: Int = 1,
    overrideLifetime: Duration = .seconds(600)
  ) {
    self.deadline = deadline
    self.threadCount = threadCount
    self.maxWaitingCount = maxWaitingCount
    self.promptByteCount = promptByteCount
    self.promptEffort = promptEffort
    self.failPolicy = failPolicy
    self.uploadDeadline = uploadDeadline
    self.uploadThreadCount = uploadThreadCount
    self.overrideLifetime = overrideLifetime
  }
}

import Foundation
import Testing
import VigieSandbox

@Suite("Descriptors and messages")
struct DescriptorTests {
  @Test("a message carries files to the other end, which may outlive the message")
  func carries() throws {
    let pair = try MessageSocket.pair()
    let text = Array("hush hush".utf8)
    let number = try unsafe text.withUnsafeBytes { bytes in
      try unsafe Descriptor.memoryFile("test", holding: bytes).release()
    }
    let file = Descriptor(owning: number)
    try pair.mine.send([1, 2, 3], descriptors: [file.number])
    let message = try pair.its.receive()
    #expect(message.bytes == [1, 2, 3])
    #expect(message.second.number == -1)
    let received = message.takeFirst()
    #expect(try received.fileByteCount() == text.count)
    #expect(received.number != file.number)
    #expect(fcntl(received.number, F_GETFD) == FD_CLOEXEC)
  }

  @Test("messages stay apart, and an end that is gone is an empty message")
  func apart() throws {
    let pair = try MessageSocket.pair()
    try pair.mine.send([1])
    try pair.mine.send([2, 3])
    #expect(try pair.its.receive().bytes == [1])
    #expect(try pair.its.receive().bytes == [2, 3])
    let mine = pair.keepMine()
    #expect(throws: SystemFailure.self) { try mine.send([4]) }
    #expect(try mine.receive().bytes.isEmpty)
  }

  @Test("a message that is too long, or with more files than wanted, is refused and leaks nothing")
  func tooMuch() throws {
    let pair = try MessageSocket.pair()
    let long = [UInt8](repeating: 7, count: MessageSocket.maxByteCount + 1)
    let file = try Descriptor.memoryFile("test")
    try expectNoLeak {
      try pair.mine.send(long, descriptors: [file.number, file.number])
      #expect(throws: SystemFailure.self) { _ = try pair.its.receive() }
    }
    #expect(throws: SystemFailure.self) { try pair.mine.send([1], descriptors: [0, 0, 0]) }
  }

  @Test("a sealed file is final; one that is mapped for writing cannot be sealed")
  func seals() throws {
    let file = try Descriptor.memoryFile("test")
    #expect(ftruncate(file.number, 4096) == 0)
    let mapped = unsafe mmap(nil, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file.number, 0)
    #expect(throws: SystemFailure.self) { try file.seal() }
    unsafe munmap(mapped, 4096)
    try file.seal()
    #expect(ftruncate(file.number, 0) != 0)
    let bytes: [UInt8] = [1]
    #expect(unsafe write(file.number, bytes, 1) < 0)
  }

  @Test("closed with its value, unless it was given away")
  func closes() throws {
    try expectNoLeak { _ = try Descriptor.memoryFile("test") }
    let number = try Descriptor.memoryFile("test").release()
    #expect(fcntl(number, F_GETFD) == FD_CLOEXEC)
    close(number)
  }
}

@Suite("Processes")
struct ProcessTests {
  private func start(_ program: String, _ arguments: [String]) throws -> (ProcessEnd, [UInt8]) {
    let pair = try MessageSocket.pair()
    let process = try ChildProcess(
      program: program,
      arguments: arguments,
      environment: ["MARK=here"],
      socket: pair.its
    )
    let end = process.wait()
    var bytes: [UInt8] = []
    if Awaited.wait(pair.mine.descriptor.number, milliseconds: 0).contains(.first) {
      bytes = try pair.mine.receive().bytes
    }
    return (end, bytes)
  }

  @Test("says how a process ended")
  func ends() throws {
    #expect(try start("/bin/sh", ["-c", "exit 7"]).0 == .exit(code: 7))
    let killed = try start("/bin/sh", ["-c", "kill -SEGV $$"]).0
    #expect(killed == .signal(SIGSEGV))
    #expect(killed.words.contains("SIGSEGV"))
  }

  @Test("a program has its socket, its own environment and nothing else that is open")
  func bare() throws {
    let extra = try Descriptor.memoryFile("test")
    let kept = fcntl(extra.number, F_DUPFD, 40)
    defer { close(kept) }
    // The shell looks by itself: another process in a pipe would see the ends of the pipe too, or not.
    let script =
      "i=0; n=0; while test $i -lt 64; do test -e /proc/$$/fd/$i && n=$((n + 1)); i=$((i + 1)); done; "
      + "echo $n >&3; test \"$MARK\" = here && test -z \"$HOME\""
    let (end, bytes) = try start("/bin/sh", ["-c", script])
    #expect(end == .exit(code: 0))
    // 0, 1, 2 and the socket.
    #expect(String(decoding: bytes, as: UTF8.self) == "4\n")
  }

  @Test("a program that is not there is an error, and nothing stays open")
  func missing() throws {
    try expectNoLeak {
      #expect(throws: SystemFailure.self) { _ = try start("/nowhere/program", []) }
    }
  }

  @Test("a process that does not end by itself is killed, whoever holds only its descriptor")
  func kills() throws {
    let pair = try MessageSocket.pair()
    let process = try ChildProcess(
      program: "/bin/sleep",
      arguments: ["60"],
      environment: [],
      socket: pair.its
    )
    #expect(Awaited.wait(process.descriptor.number, milliseconds: 20).isEmpty)
    ChildProcess.kill(process.descriptor)
    #expect(Awaited.wait(process.descriptor.number, milliseconds: 5_000) == .first)
    #expect(process.wait() == .signal(SIGKILL))
    process.kill()
  }
}

/// Does something so often that a descriptor left open each time stands out among those that other
/// tests open and close meanwhile.
private func expectNoLeak(_ body: () throws -> Void) throws {
  let before = openDescriptors()
  for _ in 0..<400 { try body() }
  #expect(openDescriptors() < before + 200)
}

/// How many descriptors this process has open.
private func openDescriptors() -> Int {
  (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count) ?? 0
}

import Foundation
import TestSupport
import Testing
import VigieArchives
import VigieBatch
import VigieCore
import VigieReports

@Suite("Scan of an archive")
struct BatchScanTests {
  /// An archive of many messages, some marked, some lines no JSON.
  private func archive(in directory: TemporaryDirectory) throws -> String {
    let lines = (0..<1000).map { index in
      if index % 250 == 249 { return "this is no JSON" }
      let text = index % 10 == 0 ? "hush hush" : "hello there"
      let channel = "{\"id\":\"c\(index % 3)\",\"visibility\":\"public\"}"
      return "{\"id\":\"m\(index)\",\"body\":\"\(text)\",\"channel\":\(channel)}"
    }
    return try directory.write("messages.jsonl", lines.joined(separator: "\n") + "\n")
  }

  private func scan(_ path: String, threadCount: Int) throws -> (events: [String], tally: Tally) {
    var reader = try ArchiveReader(path: path, format: "jsonl", limits: Limits())
    var tally = Tally()
    var events: [String] = []
    BatchScan(with: try makeFilter(), threadCount: threadCount).run(&reader, counting: &tally) {
      switch $0 {
      case .message(let message):
        events.append("\(message.review.id) \(message.review.findings) \(message.review.gaps)")
      case .gap(let gap, let isMessage): events.append("\(gap) \(isMessage)")
      }
    }
    return (events, tally)
  }

  @Test("gives the same events in the same order on any number of threads")
  func deterministic() throws {
    let directory = try TemporaryDirectory()
    let path = try archive(in: directory)
    let one = try scan(path, threadCount: 1)
    #expect(one.events.count == 1000)
    for threadCount in [2, 5] {
      let more = try scan(path, threadCount: threadCount)
      #expect(more.events == one.events)
      #expect(more.tally.messages == one.tally.messages)
    }
  }

  @Test("counts messages of which there is nothing to say together as it counts them one by one")
  func cleared() throws {
    let directory = try TemporaryDirectory()
    let path = try archive(in: directory)
    let single = try scan(path, threadCount: 2).tally
    var reader = try ArchiveReader(path: path, format: "jsonl", limits: Limits())
    var tally = Tally()
    var clearedCount = 0
    var eventCount = 0
    BatchScan(with: try makeFilter(), threadCount: 2).run(
      &reader,
      counting: &tally,
      cleared: { clearedCount += $0.count },
      deliver: { _ in eventCount += 1 }
    )
    // One message in ten is marked, four lines are no JSON; the others are not delivered.
    #expect(eventCount == 104)
    #expect(clearedCount == 896)
    #expect(tally.messages == single.messages)
    #expect(tally.bytes == single.bytes)
    #expect(tally.files == single.files)
    #expect(tally.verdicts == single.verdicts)
    #expect(tally.channels == single.channels)
    #expect(tally.channelCoverage == single.channelCoverage)
  }

  @Test("counts messages, bytes and findings, and what was not inspected")
  func counts() throws {
    let directory = try TemporaryDirectory()
    let path = try archive(in: directory)
    let tally = try scan(path, threadCount: 2).tally
    #expect(tally.messages.total == 1000)
    #expect(tally.messages.not == 4)
    #expect(tally.messages.inspected == 996)
    #expect(tally.findings.total == 100)
    #expect(tally.verdicts[.block] == 100)
    #expect(tally.verdict == .block)
    #expect(tally.channels.map(\.messageCount).reduce(0, +) == 996)
    let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
    #expect(tally.bytes.total == size)
    let sum = tally.bytes.inspected + tally.bytes.partly + tally.bytes.not
    #expect(sum == tally.bytes.total)
  }

  @Test("says of a message in which nothing stands what it says of any other")
  func nothingSaid() throws {
    let directory = try TemporaryDirectory()
    let lines = ["hello there", "hush hush"].enumerated().map { index, text in
      "{\"id\":\"m\(index)\",\"body\":\"\(text)\",\"sender\":\"@ann:x\",\"replaces\":\"m9\","
        + "\"timestamp\":\"2026-06-14T00:00:00Z\","
        + "\"channel\":{\"id\":\"c\",\"name\":\"Salon\",\"visibility\":\"private\"}}"
    }
    let path = try directory.write("messages.jsonl", lines.joined(separator: "\n") + "\n")
    var reader = try ArchiveReader(path: path, format: "jsonl", limits: Limits())
    var tally = Tally()
    var found: [ScannedMessage] = []
    BatchScan(with: try makeFilter(), threadCount: 2).run(&reader, counting: &tally) {
      if case .message(let message) = $0 { found.append(message) }
    }
    #expect(found.map(\.review.id) == ["m0", "m1"])
    #expect(found.map(\.review.verdict) == [.allow, .block])
    #expect(found.map(\.byteCount) == lines.map(\.utf8.count))
    // One was made where it is delivered, the other where it was judged.
    #expect(Set(found.map(\.review.ruleset)) == ["sha256:test"])
    for message in found {
      #expect(message.channelID == "c")
      #expect(message.channelName == "Salon")
      #expect(message.visibility == .private)
      #expect(message.sender == "@ann:x")
      #expect(message.timestamp == "2026-06-14T00:00:00Z")
      #expect(message.replaces == "m9")
      #expect(message.files == Coverage())
      #expect(message.isMessage)
    }
  }
}

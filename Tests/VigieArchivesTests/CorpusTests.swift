import Foundation
import Testing
import VigieArchives

/// The cases under Corpus/archives/<format>/<case>.
struct CorpusCase: Sendable, CustomStringConvertible {
  let format: String
  let name: String
  let folder: String
  /// `input` or `input.<extension>`.
  let input: String

  var description: String { "\(format)/\(name)" }

  static let all: [CorpusCase] = {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Corpus/archives").path
    let files = FileManager.default
    func list(_ path: String) -> [String] {
      ((try? files.contentsOfDirectory(atPath: path)) ?? []).sorted()
    }
    return ArchiveFormats.all.map { $0.name }.flatMap { format in
      list("\(root)/\(format)").compactMap { name in
        let folder = "\(root)/\(format)/\(name)"
        guard let input = list(folder).first(where: { $0.hasPrefix("input") }) else { return nil }
        return CorpusCase(format: format, name: name, folder: folder, input: "\(folder)/\(input)")
      }
    }
  }()
}

@Suite("Archive corpus")
struct CorpusTests {
  @Test("has a case for every format")
  func complete() {
    let formats = Set(CorpusCase.all.map(\.format))
    #expect(formats == Set(ArchiveFormats.all.map { $0.name }))
  }

  /// Set `VIGIE_RECORD` to write `expected.jsonl` anew.
  @Test("reads as expected, with its format found by itself", arguments: CorpusCase.all)
  func expected(_ sample: CorpusCase) throws {
    var reader = try ArchiveReader(path: sample.input)
    #expect(reader.formatName == sample.format)
    var lines: [String] = []
    while let item = try reader.next() { lines.append(line(item, root: sample.folder)) }
    #expect(reader.byteCountRead == reader.totalByteCount)
    let file = "\(sample.folder)/expected.jsonl"
    let text = lines.map { $0 + "\n" }.joined()
    if ProcessInfo.processInfo.environment["VIGIE_RECORD"] != nil {
      try text.write(toFile: file, atomically: true, encoding: .utf8)
    }
    let known = try String(contentsOfFile: file, encoding: .utf8)
    #expect(lines == known.split(separator: "\n").map(String.init))
  }

  @Test("cut off anywhere: an error, a gap, or the same messages", arguments: CorpusCase.all)
  func truncated(_ sample: CorpusCase) throws {
    guard let whole = try? bytes(of: sample.input) else { return }
    let folder = try Folder()
    let name = "cut." + (sample.input as NSString).pathExtension
    let all = try items(sample.input, format: sample.format).messages.count
    // Long files are cut at fewer places, which fall on every kind of byte all the same.
    for count in stride(from: 0, to: whole.count, by: whole.count > 4000 ? 7 : 1) {
      let path = try folder.write(name, Array(whole[..<count]))
      guard let cut = try? items(path, format: sample.format) else { continue }
      #expect(cut.messages.count <= all + 1)
      // Between two exports in one file nothing shows that the second is missing.
      let isBetween = sample.name == "two-rooms" && cut.messages.count == 1
      let hasEnd = [
        "element-json", "slack", "discord", "telegram", "google-chat", "teams", "zulip",
        "zulip-archive", "discord-text", "telegram-html", "mattermost-api", "telegram-bot",
        "json-list",
      ]
      .contains(
        sample.format
      )
      if hasEnd && !isBetween {
        let lost = cut.messages.count < all
        #expect(!lost || !cut.reasons.isEmpty, "cut at \(count)")
      }
    }
  }

  @Test("damaged anywhere: never a crash or a hang", arguments: CorpusCase.all)
  func mutated(_ sample: CorpusCase) throws {
    guard let whole = try? bytes(of: sample.input), !whole.isEmpty else { return }
    let folder = try Folder()
    let name = "damaged." + (sample.input as NSString).pathExtension
    var generator = SplitMix(state: 2026)
    var readCount = 0
    for _ in 0..<600 {
      var damaged = whole
      for _ in 0...Int(generator.next() % 4) {
        let index = Int(generator.next() % UInt64(damaged.count))
        switch generator.next() % 4 {
        case 0: damaged.remove(at: index)
        case 1: damaged.insert(UInt8(generator.next() & 0xFF), at: index)
        case 2: damaged[index] = Array("{}[]\",:\\\n".utf8)[Int(generator.next() % 9)]
        default: damaged[index] = UInt8(generator.next() & 0xFF)
        }
        if damaged.isEmpty { damaged = [0] }
      }
      let path = try folder.write(name, damaged)
      if let found = try? items(path, format: sample.format) {
        readCount += 1
        #expect(found.count <= whole.count)
      }
    }
    #expect(readCount > 0)
  }
}

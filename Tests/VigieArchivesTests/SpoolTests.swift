import Foundation
import Testing
import VigieArchives
import VigieCore

/// A tar of files, as POSIX describes it.
private func tar(_ files: [(name: String, bytes: [UInt8])], isEnded: Bool = true) -> [UInt8] {
  var output: [UInt8] = []
  func add(_ name: [UInt8], _ bytes: [UInt8], type: Character) {
    var header = [UInt8](repeating: 0, count: 512)
    func put(_ text: [UInt8], _ offset: Int) {
      header.replaceSubrange(offset..<offset + text.count, with: text)
    }
    put(Array(name.prefix(100)), 0)
    put(Array("0000644\0".utf8), 100)
    let size = String(bytes.count, radix: 8)
    put(Array((String(repeating: "0", count: 11 - size.count) + size).utf8), 124)
    put(Array(String(type).utf8), 156)
    put(Array("ustar\0".utf8) + Array("00".utf8), 257)
    put(Array(repeating: 0x20, count: 8), 148)
    let sum = String(header.reduce(0) { $0 + Int($1) }, radix: 8)
    put(Array((String(repeating: "0", count: 6 - sum.count) + sum + "\0 ").utf8), 148)
    output += header + bytes
    output += [UInt8](repeating: 0, count: (512 - bytes.count % 512) % 512)
  }
  for file in files {
    let name = Array(file.name.utf8)
    // Long names go before their file, as GNU tar writes them.
    if name.count > 100 { add(Array("././@LongLink".utf8), name + [0], type: "L") }
    add(name, file.bytes, type: "0")
  }
  if isEnded { output += [UInt8](repeating: 0, count: 1024) }
  return output
}

/// A gzip of bytes that are stored as they are.
func gzip(_ bytes: [UInt8]) -> [UInt8] {
  var output: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]
  var rest = bytes[...]
  repeat {
    let block = rest.prefix(0xFFFF)
    rest = rest.dropFirst(block.count)
    let count = UInt16(block.count)
    output.append(rest.isEmpty ? 1 : 0)
    for value in [count, ~count] { output += [UInt8(value & 0xFF), UInt8(value >> 8)] }
    output += block
  } while !rest.isEmpty
  for value in [checksum(bytes), UInt32(bytes.count)] {
    for shift in 0..<4 { output.append(UInt8(truncatingIfNeeded: value >> (8 * UInt32(shift)))) }
  }
  return output
}

/// The files below a folder.
private func files(below folder: String) throws -> [(name: String, bytes: [UInt8])] {
  try FileManager.default.subpathsOfDirectory(atPath: folder).sorted().compactMap { name in
    var isFolder: ObjCBool = false
    _ = unsafe FileManager.default.fileExists(atPath: "\(folder)/\(name)", isDirectory: &isFolder)
    return isFolder.boolValue ? nil : (name, try bytes(of: "\(folder)/\(name)"))
  }
}

/// What two ways to the same archive must have in common.
private func digest(_ items: [ArchiveItem]) -> [String] {
  items.map { item in
    switch item {
    case .message(let message, let source, let count):
      "\(message.id) \(message.body ?? "-") \(message.html ?? "-") \(message.subject ?? "-") "
        + "\(message.attachments.map(\.name)) \(source.member ?? "") \(source.byteOffset) \(count)"
    case .channel(let message, _, _): "channel \(message.subject ?? "") \(message.body ?? "")"
    case .gap(let gap, _): "gap \(gap.reason) \(gap.detail)"
    case .access(let change, _): "access \(change)"
    }
  }
}

@Suite("Archives that can be read only once")
struct SpoolTests {
  static let folders = CorpusCase.all.filter { (try? bytes(of: $0.input)) == nil }
  static let single = CorpusCase.all.filter {
    !$0.input.hasSuffix(".zip") && (try? bytes(of: $0.input)) != nil
  }

  @Test("a tar holds what its folder holds", arguments: folders)
  func folder(_ sample: CorpusCase) throws {
    let expected = digest(try items(sample.input))
    let folder = try Folder()
    let archive = tar(try files(below: sample.input))
    for bytes in [archive, gzip(archive)] {
      // Some formats call a channel after the archive.
      let path = try folder.write("input", bytes)
      #expect(try ArchiveReader(path: path).formatName == sample.format)
      let found = digest(try items(path))
      #expect(found == expected, "\(found.filter { !expected.contains($0) })")
    }
  }

  @Test("a packed file holds what the file holds", arguments: single)
  func file(_ sample: CorpusCase) throws {
    let folder = try Folder()
    let name = (sample.input as NSString).lastPathComponent
    let path = try folder.write(name + ".gz", gzip(try bytes(of: sample.input)))
    #expect(try ArchiveReader(path: path).formatName == sample.format)
    #expect(digest(try items(path)) == digest(try items(sample.input)))
  }

  @Test("a pipe is read once, however often it is opened")
  func pipe() throws {
    let folder = try Folder()
    let path = "\(folder.path)/pipe"
    let files: [(String, [UInt8])] = [
      ("channels.json", Array(#"[{"id":"C1","name":"a"}]"#.utf8)),
      ("a/2026-06-01.json", Array(#"[{"ts":"1.2","text":"x"}]"#.utf8)),
    ]
    for bytes in [tar(files), gzip(tar(files)), storedZip(files)] {
      let isMade = unsafe mkfifo(path, 0o600) == 0
      #expect(isMade)
      let writer = Thread { try? Data(bytes).write(to: URL(fileURLWithPath: path)) }
      writer.start()
      let opened = OpenedArchives()
      for _ in 0..<2 {
        var reader = try opened.reader(path: path, limits: Limits())
        var found: [ArchiveItem] = []
        while let item = try reader.next() { found.append(item) }
        #expect(reader.formatName == "slack")
        #expect(found.messages.map(\.body) == ["x"] && found.gaps.isEmpty)
        #expect(found.messages.first?.channel?.visibility == .public)
      }
      unsafe unlink(path)
    }
  }

  @Test("what is cut off is read as far as it goes, and said")
  func truncated() throws {
    let lines = (0..<200).map { #"{"id":"\#($0)","body":"texte"}"# }.joined(separator: "\n")
    let plain = gzip(Array(lines.utf8))
    let folder = try Folder()
    for count in stride(from: 20, to: plain.count, by: 97) {
      let path = try folder.write("a.jsonl.gz", Array(plain[..<count]))
      guard let found = try? items(path, format: "jsonl") else { continue }
      #expect(!found.gaps.isEmpty, "cut at \(count)")
      #expect(found.messages.count <= 200)
    }
    let archive = tar(
      [("a.jsonl", Array(lines.utf8)), ("b/c.jsonl", Array(lines.utf8))],
      isEnded: false
    )
    for count in stride(from: 600, to: archive.count - 512, by: 511) {
      let path = try folder.write("a.tar", Array(archive[..<count]))
      guard let found = try? items(path) else { continue }
      #expect(!found.gaps.isEmpty, "cut at \(count)")
    }
  }

  @Test("a bomb ends at the limits, with a gap")
  func bomb() throws {
    let folder = try Folder()
    let lines = String(repeating: "{\"body\":\"texte\"}\n", count: 1000)
    let path = try folder.write("a.jsonl.gz", gzip(Array(lines.utf8)))
    var options = ArchiveOptions()
    options.zipLimits.maxTotalByteCount = 1000
    let found = try items(path, options: options)
    #expect(found.reasons.contains(.limit))
  }

  @Test("links and devices of a tar are counted, never followed")
  func links() throws {
    var archive = tar([
      ("a/2026-06-02.json", []), ("channels.json", Array(#"[{"id":"C1","name":"a"}]"#.utf8)),
      ("a/2026-06-01.json", Array(#"[{"ts":"1.2","text":"x"}]"#.utf8)),
    ])
    archive[156] = UInt8(ascii: "2")
    archive.replaceSubrange(157..<168, with: Array("/etc/passwd".utf8))
    // The checksum counts the header anew.
    archive.replaceSubrange(148..<156, with: Array(repeating: 0x20, count: 8))
    let sum = String(archive[..<512].reduce(0) { $0 + Int($1) }, radix: 8)
    archive.replaceSubrange(148..<156, with: Array(("000" + sum).suffix(6).utf8) + [0, 0x20])
    let folder = try Folder()
    let found = try items(try folder.write("a.tar", archive))
    #expect(found.messages.map(\.body) == ["x"])
    #expect(found.reasons == [.unsupported])
  }

  @Test("damaged anywhere: never a crash or a hang, and nothing lost in silence")
  func mutated() throws {
    let lines = (0..<30).map { #"[{"ts":"1.\#($0)","text":"texte"}]"# }
    var files: [(name: String, bytes: [UInt8])] = [
      ("channels.json", Array(#"[{"id":"C1","name":"a"}]"#.utf8))
    ]
    for (index, line) in lines.enumerated() {
      files.append(("a/2026-06-\(10 + index % 20).json", Array(line.utf8)))
    }
    let archive = tar(files)
    let packed = gzip(archive)
    let folder = try Folder()
    var generator = SplitMix(state: 7)
    for round in 0..<200 {
      var bytes = round % 2 == 0 ? archive : packed
      for _ in 0...Int(generator.next() % 4) {
        let index = Int(generator.next() % UInt64(bytes.count))
        switch generator.next() % 3 {
        case 0: bytes.remove(at: index)
        case 1: bytes.insert(UInt8(generator.next() & 0xFF), at: index)
        default: bytes[index] = UInt8(generator.next() & 0xFF)
        }
      }
      guard let found = try? items(try folder.write("a.tar", bytes)) else { continue }
      #expect(found.messages.count <= 40)
      // The checksum of a gzip tells any damage within it.
      if round % 2 == 1, found.messages.count < 30 { #expect(!found.gaps.isEmpty) }
    }
  }
}

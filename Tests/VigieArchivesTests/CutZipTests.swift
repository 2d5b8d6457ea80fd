import Testing
import VigieArchives
import VigieCore

@Suite("ZIPs that were cut off")
struct CutZipTests {
  private static let lines = (0..<3).map { number in
    (name: "\(number).jsonl", bytes: Array(#"{"id":"m\#(number)","body":"bonjour"}"#.utf8))
  }

  /// The files of a ZIP written in one go: sizes stand after the bytes, whatever the header says.
  private static func streamed() -> [UInt8] {
    func number(_ value: Int, _ count: Int) -> [UInt8] {
      (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    return lines.flatMap { file in
      let header: [UInt8] =
        [0x50, 0x4B, 3, 4] + number(20, 2) + number(8, 2) + number(0, 18)
        + number(file.name.utf8.count, 2) + number(0, 2) + Array(file.name.utf8)
      // The bytes hold a header of their own, which is none of the ZIP.
      let sizes = number(Int(checksum(file.bytes)), 4) + number(file.bytes.count, 4)
      return header + file.bytes + [0x50, 0x4B, 7, 8] + sizes + number(file.bytes.count, 4)
    }
  }

  @Test("are read as far as they go, and said to be cut off")
  func cut() throws {
    let whole = storedZip(CutZipTests.lines)
    let folder = try Folder()
    let directory = try #require(
      whole.indices.first { whole[$0...].starts(with: [0x50, 0x4B, 1, 2]) }
    )
    let found = try items(try folder.write("a.zip", Array(whole[..<directory])))
    #expect(found.messages.map(\.id) == ["m0", "m1", "m2"])
    #expect(found.reasons == [.truncated])
    let place = found.compactMap { if case .gap(_, let source) = $0 { source.member } else { nil } }
    #expect(place == ["\(folder.path)/a.zip"])
    // In the middle of the last file: those before it, and what is known of it.
    let middle = try items(try folder.write("b.zip", Array(whole[..<(directory - 20)])))
    #expect(middle.messages.map(\.id).starts(with: ["m0", "m1"]))
    #expect(middle.reasons.count == 2 && middle.reasons.contains(.truncated))
  }

  @Test("are read also where sizes stand after the bytes")
  func streams() throws {
    let folder = try Folder()
    let streamed = CutZipTests.streamed()
    let tail = Array(repeating: UInt8(0x50), count: 2)
    let found = try items(try folder.write("a.zip", streamed + [0x50, 0x4B, 1, 2] + tail))
    #expect(found.messages.map(\.id) == ["m0", "m1", "m2"])
    #expect(found.reasons == [.truncated])
  }

  @Test("with lengths beyond all files are read as far as they go")
  func lengths() throws {
    let whole = storedZip(CutZipTests.lines)
    let directory = try #require(
      whole.indices.first { whole[$0...].starts(with: [0x50, 0x4B, 1, 2]) }
    )
    // The lengths stand in an extra field: 2^63 - 1.
    let length = Array(repeating: UInt8(0xFF), count: 7) + [0x7F]
    let full = Array(repeating: UInt8(0xFF), count: 4)
    let header: [UInt8] =
      [0x50, 0x4B, 3, 4, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0] + [0, 0, 0, 0] + full + full
      + [7, 0, 20, 0] + Array("3.jsonl".utf8) + [1, 0, 16, 0] + length + length
    let end = Array(#"{"id":"m3","body":"fin"}"#.utf8)
    let folder = try Folder()
    let found = try items(try folder.write("a.zip", Array(whole[..<directory]) + header + end))
    #expect(found.messages.map(\.id).starts(with: ["m0", "m1", "m2"]))
    #expect(found.reasons.contains(.truncated))
  }

  @Test("are said to be cut off also where they lie in a folder")
  func nested() throws {
    let slack = storedZip([
      ("channels.json", Array(#"[{"id":"C1","name":"a"}]"#.utf8)), ("users.json", Array("[]".utf8)),
      ("a/2026-06-01.json", Array(#"[{"ts":"1780300800.000100","user":"U1","text":"un"}]"#.utf8)),
    ])
    let directory = try #require(
      slack.indices.first { slack[$0...].starts(with: [0x50, 0x4B, 1, 2]) }
    )
    let cut = Array(slack[..<directory])
    let matrix = Array(
      #"[{"type":"m.room.message","event_id":"$1","room_id":"!r","sender":"@a:b","origin_server_ts":1,"content":{"body":"deux"}}]"#
        .utf8
    )
    for files in [["slack.zip": cut], ["slack.zip": cut, "events.json": matrix]] {
      let folder = try Folder(files)
      let found = try items(folder.path)
      #expect(found.messages.compactMap(\.body).contains("un"))
      #expect(found.reasons == [.truncated], "\(files.keys)")
    }
  }
}

@Suite("Archives that cannot be read, among others")
struct UnreadArchiveTests {
  @Test("are a gap that names them")
  func gap() throws {
    let folder = try Folder()
    let path = try folder.write("a.zip", [0x50, 0x4B, 3, 4, 0])
    let error = try #require(throws: ArchiveError.self) { _ = try ArchiveReader(path: path) }
    #expect(error.leavesOthers)
    var reader = ArchiveReader(unread: error)
    guard case .gap(let gap, let source)? = try reader.next() else {
      Issue.record("no gap")
      return
    }
    #expect(gap.reason == .corrupt && source.member == path)
    #expect(try reader.next() == nil)
    #expect(reader.byteCountRead == 0 && reader.totalByteCount == 5)
    #expect(reader.exports.counts.isEmpty)
    for (path, format) in [("\(folder.path)/none", nil), (path, "slak")] as [(String, String?)] {
      let error = try #require(throws: ArchiveError.self) {
        _ = try ArchiveReader(path: path, format: format)
      }
      #expect(format == nil ? !error.leavesOthers : error.leavesOthers)
    }
  }
}

import Foundation
import Glibc
import Testing
import VigieArchives
import VigieCore

/// Fields of another type than they should have, and names that are no text: damaged, and read all the same.
@Suite("Wrong types and odd names")
struct WrongTypesTests {
  private static let mark = "DIFFUSION RESTREINTE"

  /// What stands where a text belongs, as JSON.
  private static let shapes = [
    #"["\#(mark)"]"#, #"{"value":"\#(mark)"}"#, #"[[{"a":{"b":["\#(mark)"]}}]]"#,
  ]

  /// The files of an export of each service, with a value in the place of a field.
  private static func exports(_ value: String) -> [(name: String, files: [String: String])] {
    let slack = ["channels.json": #"[{"id":"C1","name":"a"}]"#, "users.json": "[]"]
    func slackMessage(_ members: String) -> [String: String] {
      let message = #"[{"type":"message","user":"U1","ts":"1780303800.000100",\#(members)}]"#
      return slack.merging(["a/2026-06-01.json": message]) { $1 }
    }
    func discord(_ members: String) -> [String: String] {
      let text = #"{"id":"1","type":"Default","timestamp":"2026-06-01T00:00:00Z",\#(members)}"#
      return [
        "a.json":
          #"{"guild":{"id":"1","name":"g"},"channel":{"id":"2","name":"c"},"messages":[\#(text)],"messageCount":1}"#
      ]
    }
    func teams(_ members: String) -> [String: String] {
      [
        "a.json":
          #"[{"id":"1","createdDateTime":"2026-06-01T00:00:00Z","channelIdentity":{"channelId":"c","teamId":"t"},\#(members)}]"#
      ]
    }
    func telegram(_ members: String) -> [String: String] {
      [
        "result.json":
          #"{"name":"n","type":"private_group","id":1,"messages":[{"id":1,"type":"message","date":"2026-06-01T00:00:00","date_unixtime":"1780300800","from":"a",\#(members)}]}"#
      ]
    }
    return [
      ("slack text", slackMessage(#""text":\#(value)"#)),
      ("slack blocks", slackMessage(#""text":"x","blocks":{"x":\#(value)}"#)),
      ("slack attachments", slackMessage(#""text":"x","attachments":\#(value)"#)),
      ("slack fallback", slackMessage(#""text":"x","attachments":[{"fallback":\#(value)}]"#)),
      ("slack fields", slackMessage(#""text":"x","attachments":[{"fields":\#(value)}]"#)),
      ("slack file", slackMessage(#""text":"x","files":[[\#(value)]]"#)),
      ("slack file name", slackMessage(#""text":"x","files":[{"id":"F","name":\#(value)}]"#)),
      ("slack message", slackMessage(#""text":"x","message":{"text":\#(value)}"#)),
      ("discord content", discord(#""content":\#(value)"#)),
      (
        "discord file",
        discord(#""content":"x","attachments":[{"id":"1","fileName":\#(value),"url":"u"}]"#)
      ),
      ("teams body", teams(#""body":{"contentType":"text","content":\#(value)}"#)),
      ("teams subject", teams(#""subject":\#(value),"body":{"contentType":"text","content":"x"}"#)),
      ("telegram text", telegram(#""text":\#(value)"#)),
    ]
  }

  /// Every text and name of what an archive holds.
  private static func said(_ items: [ArchiveItem]) -> String {
    var texts: [String] = []
    for item in items {
      switch item {
      case .message(let message, _, _), .channel(let message, _, _):
        texts += [message.body, message.html, message.subject].compactMap(\.self)
        texts += message.attachments.map(\.name)
      case .gap, .access: continue
      }
    }
    return texts.joined(separator: "\n")
  }

  @Test("the strings of what should be a text are texts", arguments: shapes)
  func texts(_ shape: String) throws {
    for export in WrongTypesTests.exports(shape) {
      let folder = try Folder(export.files.mapValues { Array($0.utf8) })
      let said = WrongTypesTests.said(try items(folder.path))
      #expect(said.contains(WrongTypesTests.mark), "\(export.name)")
    }
  }

  @Test("a text of another type hides none of the blocks", arguments: shapes + ["1", "true"])
  func blocks(_ shape: String) throws {
    let block = #"[{"type":"section","text":{"type":"mrkdwn","text":"NATO SECRET"}}]"#
    let folder = try Folder([
      "channels.json": Array(#"[{"id":"C1","name":"a"}]"#.utf8), "users.json": Array("[]".utf8),
      "a/2026-06-01.json": Array(
        #"[{"type":"message","ts":"1780303800.000100","text":\#(shape),"blocks":\#(block)}]"#.utf8
      ),
    ])
    #expect(WrongTypesTests.said(try items(folder.path)).contains("NATO SECRET"))
  }

  @Test("a file that vanishes while its folder is read is missing, and the others are read")
  func vanishing() throws {
    let names = (1...9).map { "f\($0).jsonl" }
    let line = #"{"id":"1","body":"un"}"#
    let folder = try Folder(
      Dictionary(uniqueKeysWithValues: names.map { ($0, Array(line.utf8)) })
    )
    var reader = try ArchiveReader(path: folder.path)
    var found: [ArchiveItem] = []
    while let item = try reader.next() {
      found.append(item)
      for name in names.dropFirst(5) where found.count == 1 {
        try FileManager.default.removeItem(atPath: "\(folder.path)/\(name)")
      }
    }
    #expect(found.messages.count + found.gaps.count == 9)
    #expect(found.gaps.count >= 3)
    #expect(Set(found.gaps.map(\.reason)) == [.missing])
  }

  @Test("a folder may have names that are no UTF-8, and files that are none")
  func names() throws {
    let folder = try Folder(["a.txt": Array("un".utf8)])
    func make(_ name: [UInt8], _ text: String) {
      let path = (Array("\(folder.path)/".utf8) + name).map { CChar(bitPattern: $0) } + [0]
      let file = unsafe open(path, O_WRONLY | O_CREAT, 0o600)
      _ = unsafe write(file, text, text.utf8.count)
      close(file)
    }
    make(Array("d".utf8) + [0xE9] + Array(".txt".utf8), "deux")
    let inner = (Array("\(folder.path)/sous-d".utf8) + [0xE9]).map { CChar(bitPattern: $0) } + [0]
    let made = unsafe mkdir(inner, 0o700)
    try #require(made == 0)
    make(Array("sous-d".utf8) + [0xE9] + Array("/c.txt".utf8), "trois")
    let found = try items(folder.path)
    #expect(found.messages.compactMap(\.body).sorted() == ["deux", "trois", "un"])
    #expect(found.reasons.isEmpty)
    // A link within the folder is what it names; one that leaves it, and a pipe, are not followed.
    let link = unsafe symlink("a.txt", "\(folder.path)/l1")
    try #require(link == 0)
    #expect(try items(folder.path).reasons.isEmpty)
    let other = unsafe symlink("/etc/hostname", "\(folder.path)/l2")
    let pipe = unsafe mkfifo("\(folder.path)/p", 0o600)
    try #require(other == 0 && pipe == 0)
    let gaps = try items(folder.path).gaps
    #expect(gaps.map(\.reason) == [.unsupported])
    #expect(gaps.map(\.detail) == ["links or special files of the folder were not followed: 2"])
  }
}

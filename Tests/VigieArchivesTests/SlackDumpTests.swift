import Foundation
import GRDBSQLite
import Testing
import VigieArchives
import VigieCore

@Suite("slackdump")
struct SlackDumpTests {
  @Test("names the mend of its database")
  func database() throws {
    let folder = try Folder(["slackdump.sqlite": Array("SQLite format 3\0".utf8)])
    let error = #expect(throws: ArchiveError.self) {
      _ = try ArchiveReader(path: folder.path)
    }
    #expect(error?.kind == .damaged)
    #expect(error?.mend.contains("convert") == true)
  }

  /// A database that some statements make.
  private func database(_ path: String, _ statements: String) {
    var handle: OpaquePointer?
    #expect(unsafe sqlite3_open(path, &handle) == SQLITE_OK)
    #expect(unsafe sqlite3_exec(handle, statements, nil, nil, nil) == SQLITE_OK)
    unsafe sqlite3_close_v2(handle)
  }

  private static let corpus = CorpusCase.all.first { $0.description == "slackdump/database" }

  @Test("the database is read as well within a ZIP, with its files")
  func zippedDatabase() throws {
    let input = try #require(SlackDumpTests.corpus?.input)
    let names = ["slackdump.sqlite", "__uploads/F2/plan.txt"]
    let folder = try Folder()
    let zip = storedZip(try names.map { ("a/\($0)", try bytes(of: "\(input)/\($0)")) })
    let found = try items(try folder.write("a.zip", zip))
    #expect(found.messages.map(\.body) == (try items(input)).messages.map(\.body))
    #expect(found.messages.first?.attachments.first?.content == .bytes(Array("plan\n".utf8)))
  }

  @Test("what a log beside the database holds is a gap")
  func writeAheadLog() throws {
    let input = try #require(SlackDumpTests.corpus?.input)
    let folder = try Folder(["slackdump.sqlite": try bytes(of: "\(input)/slackdump.sqlite")])
    let count = try items(folder.path).reasons.count
    _ = try folder.write("slackdump.sqlite-wal", "x")
    for path in [folder.path, "\(folder.path)/slackdump.sqlite"] {
      let reasons = try items(path).reasons
      #expect(reasons.count == count + 1 && reasons.contains(.truncated))
    }
  }

  @Test("a table of messages that is none is not asked")
  func hostileTable() throws {
    let folder = try Folder()
    let path = "\(folder.path)/slackdump.sqlite"
    let endless = "WITH RECURSIVE x(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM x) SELECT * FROM x"
    database(path, "CREATE TABLE S_USER (ID); CREATE VIEW MESSAGE AS \(endless)")
    #expect(throws: ArchiveError.self) { _ = try items(path) }
    // One of a module that SQLite brings with it.
    try FileManager.default.removeItem(atPath: path)
    database(path, "CREATE TABLE S_USER (ID); CREATE VIRTUAL TABLE MESSAGE USING fts5(DATA)")
    #expect(throws: ArchiveError.self) { _ = try items(path) }
  }

  @Test("a value over the limit ends the query with a gap")
  func longValue() throws {
    let folder = try Folder()
    let path = "\(folder.path)/slackdump.sqlite"
    database(
      path,
      """
      CREATE TABLE S_USER (ID, DATA, CHUNK_ID);
      CREATE TABLE MESSAGE (ID, CHUNK_ID, CHANNEL_ID, TXT, DATA);
      INSERT INTO MESSAGE VALUES (1, 1, 'C1', 'a', '{"ts":"1.000001","text":"a"}');
      INSERT INTO MESSAGE VALUES (2, 1, 'C1', 'b', zeroblob(2000000));
      """
    )
    var options = ArchiveOptions()
    options.limits.maxTextByteCount = 100_000
    let found = try items(path, options: options)
    #expect(found.messages.compactMap(\.body).allSatisfy { $0 == "a" })
    #expect(found.reasons == [.limit])
  }

  @Test("takes an answer of the API for a dump of one channel")
  func answer() throws {
    let text = """
      {"ok":true,"messages":[{"type":"message","user":"U1","text":"un","ts":"1780300800.000100"},
      {"type":"message","user":"U2","text":"deux","ts":"1780300801.000100"}],"has_more":false}
      """
    let folder = try Folder()
    let path = try folder.write("C09.json", text)
    #expect(try ArchiveReader(path: path).formatName == "slackdump")
    let found = try items(path)
    #expect(found.messages.map(\.body) == ["un", "deux"])
    #expect(found.messages.map { $0.channel?.id } == ["C09", "C09"])
  }

  @Test("a channel is public only where the dump says so")
  func visibility() throws {
    let chunks = """
      {"t":4,"ts":1,"id":"channels","ch":[{"id":"C1","is_private":false},{"id":"C2","is_private":true},\
      {"id":"C3"},{"id":"C4","is_mpim":true,"is_private":true},{"id":"C5","is_private":true,"is_im":true}]}
      """
    let messages = (1...5).map {
      #"{"t":0,"ts":1,"id":"C\#($0)","m":[{"ts":"1.\#($0)","text":"x"}]}"#
    }
    let folder = try Folder([
      "channels.json": Array((chunks + "\n").utf8),
      "C.json": Array((messages.joined(separator: "\n") + "\n").utf8),
    ])
    let found = try items(folder.path)
    let expected: [Visibility] = [.public, .private, .unknown, .direct, .direct]
    #expect(found.messages.compactMap(\.channel?.visibility) == expected)
    #expect(found.gaps.isEmpty)
  }
}

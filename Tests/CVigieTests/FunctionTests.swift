import CVigieHeader
import Glibc
import TestSupport
import Testing

/// What a function handed out, as text; the memory is given back.
private func taken(_ out: UnsafeMutablePointer<CChar>?) -> String? {
  defer { unsafe vigie_free(out) }
  return unsafe out.map { unsafe String(cString: $0) }
}

/// A rules directory with one family, and what is opened over it.
@safe private final class Opened {
  let directory: TemporaryDirectory
  private(set) var vigie: OpaquePointer?

  static func family(_ phrase: String) -> String {
    """
    family: xx
    title: Test
    scheme: xx
    sources: { S: s }
    rules:
      - { id: xx.hush, title: Hush, level: secret, cites: [S], prior: distinctive, usage: 2,
          phrases: [\(phrase)], examples: { applied: ["⟦\(phrase)⟧"], silent: [rien] } }
    """
  }

  init(flags: UInt64 = 0) throws {
    directory = try TemporaryDirectory()
    for name in [
      "evidence/kinds.yaml", "evidence/en.yaml", "ladder.yaml", "policies/default.yaml",
      "tips/en.yaml",
    ] {
      _ = try directory.write(name, try #require(bytes(of: ShippedRules.path + "/" + name)))
    }
    _ = try directory.write(
      "tips/fr.yaml",
      try #require(bytes(of: ShippedRules.path + "/tips/fr.yaml"))
    )
    _ = try directory.write("markings/xx.yaml", Opened.family("hush hush"))
    var options = unsafe vigie_options()
    unsafe options.size = MemoryLayout<vigie_options>.size
    unsafe options.flags = flags
    var error: UnsafeMutablePointer<CChar>?
    let status = unsafe directory.path.withCString { path in
      unsafe options.rules = path
      return unsafe vigie_open(&options, &vigie, &error)
    }
    let words = unsafe taken(error)
    try #require(status == VIGIE_OK, "\(words ?? "")")
  }

  deinit { unsafe vigie_close(vigie) }

  func close() { unsafe vigie_close(vigie) }

  func check(_ json: String) -> (status: vigie_status, line: String?) {
    var out: UnsafeMutablePointer<CChar>?
    var size = 0
    let status = unsafe vigie_check(vigie, json, json.utf8.count, &out, &size)
    let line = unsafe taken(out)
    #expect(size == line?.utf8.count ?? 0)
    return (status, line)
  }

  func reload() -> (status: vigie_status, error: String?) {
    var error: UnsafeMutablePointer<CChar>?
    let status = unsafe vigie_reload(vigie, &error)
    return (status, unsafe taken(error))
  }

  var ruleset: String? {
    var out: UnsafeMutablePointer<CChar>?
    _ = unsafe vigie_ruleset(vigie, &out)
    return unsafe taken(out)
  }

  private func bytes(of path: String) -> [UInt8]? {
    guard let file = unsafe fopen(path, "r") else { return nil }
    defer { unsafe fclose(file) }
    var bytes: [UInt8] = []
    while case let byte = unsafe fgetc(file), byte >= 0 { bytes.append(UInt8(byte)) }
    return bytes
  }
}

@Suite("Functions of vigie.h")
struct FunctionTests {
  @Test("a line in is a line out, and one that is not valid says why")
  func lines() throws {
    let opened = try Opened()
    let marked = opened.check(#"{"id":"1","body":"a hush hush"}"#)
    #expect(marked.status == VIGIE_OK)
    let line = try #require(marked.line)
    #expect(
      line.hasPrefix(#"{"id":"1","verdict":"block","level":"secret","findings":[{"rule":"xx.hush""#)
    )
    #expect(line.contains(#""range":[2,11]"#))
    #expect(line.contains(#""ruleset":"\#(try #require(opened.ruleset))""#))
    let bad = opened.check(#"{"id":"2","boddy":"hush hush"}"#)
    #expect(bad.status == VIGIE_BAD_LINE)
    #expect(bad.line?.hasPrefix(#"{"id":"2","error":{"code":"unknown-key""#) == true)
  }

  @Test("files of this machine are opened where that is allowed, and only there")
  func paths() throws {
    let closed = try Opened()
    let file = try closed.directory.write("a.txt", "hush hush")
    let line = #"{"id":"1","attachments":[{"name":"a","path":"\#(file)"}]}"#
    let refused = closed.check(line)
    #expect(refused.status == VIGIE_BAD_LINE)
    #expect(refused.line?.contains(#""id":"1","error":{"code":"not-allowed""#) == true)
    #expect(refused.line?.contains(file) == false)
    let opened = try Opened(flags: UInt64(VIGIE_ALLOW_PATHS))
    #expect(opened.check(line).line?.contains(#""verdict":"block""#) == true)
  }

  @Test("rules that cannot be used leave those in use, and say where they are wrong")
  func reload() throws {
    let opened = try Opened()
    let before = opened.ruleset
    _ = try opened.directory.write("markings/xx.yaml", "family: [")
    let refused = opened.reload()
    #expect(refused.status == VIGIE_BAD_RULES)
    #expect(refused.error?.contains("markings/xx.yaml:2:1: ") == true)
    #expect(opened.ruleset == before)
    #expect(opened.check(#"{"id":"1","body":"hush hush"}"#).line?.contains("xx.hush") == true)
    _ = try opened.directory.write("markings/xx.yaml", Opened.family("mum mum mum"))
    #expect(opened.reload().status == VIGIE_OK)
    #expect(opened.ruleset != before)
    #expect(opened.check(#"{"id":"1","body":"hush hush"}"#).line?.contains("xx.hush") == false)
  }

  @Test("what is closed answers so, and its name is not given out again")
  func closed() throws {
    let opened = try Opened()
    opened.close()
    let answer = opened.check(#"{"id":"1"}"#)
    #expect(answer.status == VIGIE_NOT_OPEN)
    #expect(answer.line == nil)
    #expect(opened.reload().status == VIGIE_NOT_OPEN)
    #expect(opened.ruleset == nil)
    #expect(unsafe try Opened().vigie != opened.vigie)
  }

  @Test("a structure of an older or newer header is understood, a senseless one refused")
  func optionSizes() throws {
    let known = unsafe MemoryLayout<vigie_options>.size
    let sizes: [(Int, UInt64, vigie_status)] = [
      // The rules that the structure names do not exist, which is what it says where it is read.
      (known, 0, VIGIE_BAD_RULES), (known + 8, 0, VIGIE_BAD_RULES), (24, 0, VIGIE_BAD_RULES),
      (known + 8, 1, VIGIE_BAD_ARGUMENT), (0, 0, VIGIE_BAD_ARGUMENT),
      (known - 1, 0, VIGIE_BAD_ARGUMENT), (.max, 0, VIGIE_BAD_ARGUMENT),
      (-8, 0, VIGIE_BAD_ARGUMENT),
    ]
    for (size, more, wanted) in sizes {
      var options = unsafe (vigie_options(), more)
      unsafe options.0.size = size
      var vigie: OpaquePointer?
      let status = unsafe "/nonexistent".withCString { path in
        unsafe options.0.rules = path
        return unsafe withUnsafeBytes(of: &options) { bytes in
          unsafe vigie_open(
            bytes.baseAddress?.assumingMemoryBound(to: vigie_options.self),
            &vigie,
            nil
          )
        }
      }
      #expect(status == wanted, "size \(size), then \(more)")
      #expect(unsafe vigie == nil)
    }
  }

  @Test("a status has words")
  func statusTexts() {
    let words = (0...7).map { unsafe String(cString: vigie_status_text(vigie_status($0))) }
    #expect(
      words == [
        "ok", "bad-argument", "not-open", "bad-line", "bad-rules", "bad-key", "no-memory",
        "unknown",
      ]
    )
  }
}

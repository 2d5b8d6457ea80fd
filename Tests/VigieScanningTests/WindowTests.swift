import Testing
import VigieCore
import VigieRulebook
import VigieScanning
import TestSupport

/// Nothing is missed, shifted or told twice where one window of decoding ends and the next begins.
@Suite("Windows of decoding")
struct WindowTests {
  private static let small = (count: 1_024, overlap: 256)
  /// Markings that only decoding shows, and the part of each that is found.
  private static let hidden = [
    "%44%49%46%46%55%53%49%4F%4E%20%52%45%53%54%52%45%49%4E%54%45", "RElGRlVTSU9OIFJFU1RSRUlOVEU=",
    "DIFFUSION RE<b>STR</b>EINTE", "DIFFUSION &#82;&#69;STREINTE", "DIFFUSION RESTRE!NTE",
    "\\u0044IFFUSION RESTREINTE", "DIFFU<i>S</i>\u{200B}ION RЕSTREÍNTE",
  ]

  private let rules: CompiledRules

  init() throws {
    rules = try TestRules.compiled([TestRules.rule("xx.dr", ["diffusion restreinte"])])
  }

  /// Words of a sentence without end, so many bytes of them, cut between scalars.
  private func filler(_ count: Int) -> [UInt8] {
    let words = Array("les équipes du soir préparent la relève et ".utf8)
    var text: [UInt8] = []
    while text.count < count { text += words }
    text.removeLast(text.count - count)
    // No letter is cut, and none touches what follows.
    var end = text.count
    while end > 0, text[end - 1] >= 0x80 || end == text.count {
      end -= 1
      text[end] = 0x20
    }
    return text
  }

  @Test("a hidden marking at every place around the edges", arguments: WindowTests.hidden)
  func everyPlace(_ marking: String) {
    let scanner = Scanner(rules, window: WindowTests.small)
    let bytes = Array(marking.utf8)
    let all = filler(1_600)
    // Where the second window starts, and where the first one ends.
    for edge in [768, 1_024] {
      for start in (edge - bytes.count - 6)...(edge + 6) {
        let text = filler(start) + bytes + [0x20] + all.suffix(1_500 - start)
        let found = report(scanner, rules, text).map { $0.split(separator: " ")[1] }
        let isThere = found == ["\(start..<(start + bytes.count))"]
        if !isThere { Issue.record("at \(start) of \(text.count): \(found)") }
      }
    }
  }

  /// A long text in which signs stand everywhere is asked block by block whether it holds anything.
  ///
  /// One that is far longer than the overlap of windows is judged in parts.
  @Test(
    "a hidden marking at every place around the edges of blocks",
    arguments: WindowTests.hidden,
    [Scanner.window.overlap, 1_024]
  )
  func everyBlock(_ marking: String, _ overlap: Int) {
    let scanner = Scanner(rules, window: (count: 16 * overlap, overlap: overlap))
    let bytes = Array(marking.utf8)
    // A tag here and there, so that there is something to decode throughout.
    var all: [UInt8] = []
    while all.count < 40_000 { all += filler(180) + Array("<b>gras</b> ".utf8) }
    for edge in [7_680, 8_192, 15_360, 15_872] {
      for start in stride(from: edge - bytes.count - 12, through: edge + 12, by: 5) {
        // Inside a tag nobody would see it.
        let head = all[..<start]
        if let opened = head.lastIndex(of: 0x3C), opened > head.lastIndex(of: 0x3E) ?? 0 {
          continue
        }
        var text = all
        text.insert(contentsOf: [0x20] + bytes + [0x20], at: start)
        let found = report(scanner, rules, text).map { $0.split(separator: " ")[1] }
        let isThere = found == ["\(start + 1)..<\(start + 1 + bytes.count)"]
        if !isThere { Issue.record("at \(start) of \(text.count): \(found)") }
      }
    }
  }

  @Test(
    "a hidden marking among names that look like lines of base64",
    arguments: WindowTests.hidden
  )
  func amongNames(_ marking: String) {
    let scanner = Scanner(rules, window: WindowTests.small)
    let bytes = Array(marking.utf8)
    var all: [UInt8] = []
    while all.count < 30_000 {
      all += Array("libboostprogramoptions\(all.count)developmentfiles\nlibfixed <b>x</b>\n".utf8)
      if all.count % 5 == 0 { all += filler(60) }
    }
    for place in stride(from: 500, to: 29_000, by: 1_777) {
      guard let line = all[place...].firstIndex(of: 0x0A) else { break }
      var text = all
      text.insert(contentsOf: bytes + [0x0A], at: line + 1)
      let found = report(scanner, rules, text).map { $0.split(separator: " ")[1] }
      let isThere = found == ["\(line + 1)..<\(line + 1 + bytes.count)"]
      if !isThere { Issue.record("at \(line + 1) of \(text.count): \(found)") }
    }
  }

  @Test("base64 wrapped at any length in a long text", arguments: [64, 70, 75, 76])
  func wrappedInBlocks(_ lineLength: Int) {
    let scanner = Scanner(rules)
    var all: [UInt8] = []
    while all.count < 12_000 { all += filler(180) + Array("<b>gras</b> ".utf8) }
    for place in stride(from: 100, to: 11_000, by: 877) {
      let inner = filler(place) + Array("diffusion restreinte ".utf8) + filler(11_500 - place)
      var lines = ""
      for (index, letter) in encodedBase64(inner).enumerated() {
        if index > 0, index % lineLength == 0 { lines += "\n" }
        lines.append(letter)
      }
      let text = all + Array("\n\(lines)\n".utf8) + all
      let found = report(scanner, rules, text)
      #expect(found.count == 1, "at \(place): \(found)")
    }
  }

  @Test("the same at the size of the real windows", arguments: [-31, 0, 17])
  func realSize(_ shift: Int) {
    let scanner = Scanner(rules)
    let marking = Array(WindowTests.hidden[0].utf8)
    let (count, overlap) = Scanner.window
    var text = filler(count - overlap + shift) + marking
    text += [0x20] + filler(count + shift - text.count - 1)
    text += marking + [0x20] + filler(4_096)
    let expected = [count - overlap + shift, count + shift].map {
      "xx.dr \($0..<($0 + marking.count)) encoded"
    }
    #expect(report(scanner, rules, text) == expected)
  }

  @Test("a long base64 run of French over several windows, wrapped or not", arguments: [0, 64, 76])
  func longRun(_ lineLength: Int) {
    let scanner = Scanner(rules, window: WindowTests.small)
    for start in 0..<4 {
      for place in stride(from: 200, to: 1_900, by: 131) {
        let inner = filler(place) + Array("diffusion restreinte ".utf8) + filler(2_000 - place)
        let run = Array(encodedBase64(inner))
        var lines = ""
        for (index, letter) in run.enumerated() {
          if lineLength > 0, index > 0, index % lineLength == 0 { lines += "\r\n" }
          lines.append(letter)
        }
        let text = Array(String(repeating: "-", count: start).utf8) + [0x20] + Array(lines.utf8)
        let found = report(scanner, rules, text)
        if found.count != 1 { Issue.record("from \(start), at \(place): \(found)") }
      }
    }
  }

  @Test("words beyond the edge of a window still count")
  func context() throws {
    let rules = try TestRules.compiled(
      [TestRules.rule("xx.dr", ["diffusion restreinte"])],
      evidence: [
        EvidenceKind(
          name: "declassified",
          title: "no longer marked",
          marking: 1,
          usage: -9,
          reach: .near,
          cues: [("fr", ["declassifie"])]
        ),
        EvidenceKind(
          name: "ordinary",
          title: "another sense",
          marking: -9,
          usage: 0,
          reach: .near,
          cues: [("fr", ["bulletin"])]
        ),
        EvidenceKind(
          name: "attached",
          title: "comes with it",
          marking: 1,
          usage: 5,
          reach: .near,
          cues: [("fr", ["ci-joint"])]
        ),
      ]
    )
    let scanner = Scanner(rules, window: (count: 4_096, overlap: 2_048))
    let marking = Array(WindowTests.hidden[0].utf8)
    for cue in ["ci-joint", "déclassifié", "bulletin"] {
      for start in stride(from: 1_700, to: 4_500, by: 67) {
        for isBefore in [true, false] {
          let beside = filler(150)
          let cueText = Array((cue + " ").utf8)
          let text =
            isBefore
            ? filler(start - 151 - cueText.count) + cueText + beside + [0x20] + marking + [0x20]
              + filler(5_000)
            : filler(start) + marking + [0x20] + beside + cueText + filler(5_000)
          scanner.scan(text, .body)
          let standing = scanner.judgements.filter { $0.isLikely && $0.coveredBy == nil }
          let told = standing.map(\.usage)
          let expected: [Usage] =
            switch cue {
            case "ci-joint": [.applied]
            case "bulletin": []
            default: [.mentioned]
            }
          if told != expected {
            Issue.record("\(cue) \(isBefore ? "before" : "after") \(start): \(told)")
          }
        }
      }
    }
  }
}

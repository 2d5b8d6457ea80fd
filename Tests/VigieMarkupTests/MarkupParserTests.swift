import Testing
import VigieMarkup

/// Writes down what it is told.
final class Recorder: MarkupHandler {
  var events: [String] = []
  var text = ""
  var limit = Int.max

  func start(_ element: borrowing MarkupElement) -> Bool {
    var event = "<\(element.qualifiedName)"
    for index in 0..<element.attributeCount {
      event += " \(element.attributeLocalName(index))=\(element.attributeValue(index))"
    }
    events.append(event + ">")
    return events.count < limit
  }
  func end(_ name: Int) { events.append("</\(name)>") }
  func characters(_ text: Span<UInt8>) { self.text += string(text) }
  func comment(_ text: Span<UInt8>) { events.append("!\(string(text))") }
  func instruction(_ text: Span<UInt8>) { events.append("?\(string(text))") }
  func declaredEntity(_ text: Span<UInt8>) { events.append("&\(string(text))") }
  func unparsed(_ text: Span<UInt8>) { events.append("…\(string(text))") }

  private func string(_ text: Span<UInt8>) -> String {
    String(decoding: text.indices.map { text[$0] }, as: UTF8.self)
  }
}

/// What a document gives.
func read(
  _ bytes: [UInt8],
  as language: MarkupParser.Language = .xml,
  limit: Int = .max
) -> (Recorder, MarkupReport) {
  let recorder = Recorder()
  recorder.limit = limit
  let report = unsafe MarkupParser.parse(
    bytes.span.bytes,
    as: language,
    vocabulary: MarkupVocabulary(["a", "b", "p"]),
    handler: recorder
  )
  return (recorder, report)
}

@Suite("XML")
struct XMLTests {
  @Test("gives names, attributes, text, comments and instructions")
  func events() {
    let (found, report) = read(
      Array(
        "<?go x?><n:a xmlns:n='u' n:k='1&amp;2 &lt;'>t&amp;<![CDATA[<u>]]><!--c--><b/></n:a>".utf8
      )
    )
    #expect(found.events == ["?x", "<n:a k=1&2 <>", "!c", "<b>", "</1>", "</0>"])
    #expect(found.text == "t&<u>")
    #expect(!report.isDamaged)
  }

  @Test("in other encodings is decoded here", arguments: [true, false])
  func encodings(_ isBigEndian: Bool) {
    let text = "<?xml version='1.0' encoding='UTF-16'?><a>été</a>"
    let wide = text.utf16.flatMap { unit -> [UInt8] in
      let pair = [UInt8(unit >> 8), UInt8(unit & 0xFF)]
      return isBigEndian ? pair : pair.reversed()
    }
    for mark: [UInt8] in [[], isBigEndian ? [0xFE, 0xFF] : [0xFF, 0xFE]] {
      let (found, report) = read(mark + wide)
      #expect(found.text == "été")
      #expect(!report.hasDoubtfulEncoding && !report.isDamaged)
    }
    let latin =
      Array("<?xml version='1.0' encoding='ISO-8859-1'?><a>".utf8) + [0xE9] + Array("</a>".utf8)
    #expect(read(latin).0.text == "é")
    #expect(!read(latin).1.hasDoubtfulEncoding)
    let cyrillic =
      Array("<?xml version='1.0' encoding='koi8-r'?><a>".utf8) + [0xE9] + Array("</a>".utf8)
    #expect(read(cyrillic).1.hasDoubtfulEncoding)
  }

  @Test("never expands an entity")
  func entities() {
    var bomb = "<!DOCTYPE a [<!ENTITY x0 'SECRET'>"
    for index in 1..<20 { bomb += "<!ENTITY x\(index) '&x\(index - 1);&x\(index - 1);'>" }
    let (found, report) = read(Array((bomb + "]><a k='&x19;'>1&x19;2</a>").utf8))
    #expect(report.declaresEntities)
    #expect(found.text.count < 10)
    #expect(found.events.contains("&SECRET"))
    let (outside, other) = read(
      Array("<!DOCTYPE a [<!ENTITY f SYSTEM 'file:///etc/passwd'>]><a>&f;</a>".utf8)
    )
    #expect(outside.text.isEmpty)
    #expect(other.declaresEntities)
    let (plain, noReport) = read(Array("<!DOCTYPE a PUBLIC 'x' 'y'><a>&eacute;t&nbsp;</a>".utf8))
    #expect(plain.text == "ét\u{A0}")
    #expect(!noReport.declaresEntities)
  }

  static let damaged = [
    ("<a>one<b>two</a> three", "two"), ("<a>one < two</a>", "two"), ("<a>one</a><b>two</b>", "two"),
    ("<a>one & two</a>", "two"), ("one<a>two</a>", "one"), ("<a>one</b></b></b>two</a>", "two"),
    ("<a k=v j='1' j='2'>two</a>", "two"), ("<a>one<![CDATA[two", "two"), ("<a one='x' two", "two"),
    ("<a>one</a>two", "two"), ("<a>\u{1}one\u{0}</a>", "one"), ("<a><?xml?>two</a>", "two"),
    ("<a>one\u{FFFE}two</a>", "two"), ("<a k='x\u{2}'>two</a>", "two"),
  ]

  @Test("that is damaged is read as far as it goes", arguments: damaged)
  func recovers(_ document: String, _ wanted: String) {
    let (found, _) = read(Array(document.utf8))
    let all = found.text + found.events.joined(separator: " ")
    #expect(all.contains(wanted), "\(found.events) \(found.text)")
  }

  @Test("that is hostile ends in time, and says so")
  func hostile() {
    let deep = read(Array((String(repeating: "<a>", count: 200_000) + "SECRET").utf8))
    #expect(deep.1.isBeyondLimits)
    #expect(deep.0.events.contains { $0.hasPrefix("…") && $0.contains("SECRET") })
    let many = (0..<100_000).map { "k\($0)='SECRET'" }.joined(separator: " ")
    let wide = read(Array("<a \(many)>text</a>".utf8))
    #expect(wide.1.isBeyondLimits)
    #expect(wide.0.events.contains { $0.contains("SECRET") && $0.contains("text") })
    let long = read(Array(("<a>" + String(repeating: "= ", count: 20_000_000 / 2) + "</a>").utf8))
    #expect(!long.1.isBeyondLimits)
    #expect(long.0.text.utf8.count == 20_000_000)
  }

  @Test("stops when its reader has enough")
  func stops() {
    let (found, report) = read(Array("<a><b/><b/><b/></a>".utf8), limit: 2)
    #expect(report.isStopped)
    #expect(found.events.count < 6)
  }

  @Test("cut or mutated anywhere gives events and a report")
  func mutations() {
    let document = Array(
      "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY e 'x'>]><a k='v&amp;'><b>é&e;</b><!-- c --></a>"
        .utf8
    )
    var state: UInt64 = 5
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    for round in 0..<2_000 {
      var bytes = document
      for _ in 0...random(4) { bytes[random(bytes.count)] = UInt8(random(256)) }
      bytes.removeLast(random(bytes.count))
      _ = read(bytes, as: round % 2 == 0 ? .xml : .html)
    }
  }
}

@Suite("HTML")
struct HTMLTests {
  @Test("gives elements in small letters, text and resolved entities")
  func events() {
    let (found, _) = read(
      Array("<P CLASS=x>é &eacute; &#233; <B>b</B><!--c--><script>if (a < b) {}</script>".utf8),
      as: .html
    )
    #expect(found.text.contains("é é é b"))
    #expect(found.text.contains("a < b"))
    #expect(found.events.contains("<p class=x>"))
    #expect(found.events.contains("!c"))
  }

  @Test("that is hostile ends in time")
  func hostile() {
    let deep =
      String(repeating: "<div>", count: 300_000) + "SECRET"
      + String(repeating: "</b>", count: 99_999)
    let (found, report) = read(Array(deep.utf8), as: .html)
    #expect(report.isBeyondLimits)
    #expect((found.text + found.events.joined()).contains("SECRET"))
  }
}

import Testing
import TestSupport
import VigieText

@Suite("Decoded text")
struct DecodedTextTests {
  private static let pieces: [[UInt8]] =
    [
      "a", "é", "DR", " ", "\n", "\r\n", "<", ">", "</", "<b>", "</b>", "<p>", "<br/>", "<code>",
      "</code>", "<blockquote>", "<!--", "-->", "<!", "<a href=\"", "\">", "&", "&#", "&#x",
      "&#68;",
      "&#x52;", "&eacute;", "&amp;", "&lt;", "&quot", ";", "%", "%4", "%44", "%c3%a9", "%3Cb%3E",
      "%25", "+", "\\", "\\u", "\\u0044", "\\ud835", "\\udc03", "\\x52", "!", "|", "€", "Ｄ", "е",
      "е",
      "\u{200B}", "\u{301}", "\u{FE0F}", "ﬁ", "㎏", "Ě", "RElGRlVTSU9OIFJFU1RSRUlOVEU=",
      "Tm90ZSDDv8O_w78gPz8_IMOpbMOodmUg", "PGI+Tk", "E8L2I+", "=", "==", "-_", "=44", "=C3", "=A9",
      "=\n",
      "AAAAAAAAAAAAAAAAAAAA",
      "\0", "diffusion", "restreinte",
    ].map { Array($0.utf8) } + [[0xFF], [0xC3], [0xE2, 0x80], [0x80], [0xED, 0xA0, 0x80]]

  @Test("random markup: every byte comes from the source, in order, copies unchanged")
  func soup() {
    var generator = SeededGenerator(seed: 7)
    let decoder = TestDecoder()
    for round in 0..<1_500 {
      var source: [UInt8] = []
      for _ in 0..<Int.random(in: 1...16, using: &generator) {
        source += generator.pick(DecodedTextTests.pieces)
      }
      let isMarkup = round % 3 == 0
      let changed = decoder.decode(source, .all, isMarkup: isMarkup)
      var fault = check(decoder, source)
      if !changed, decoder.bytes != source { fault = "a change was not told" }
      if fault == nil, round % 2 == 0 {
        _ = decoder.undoLeet()
        fault = check(decoder, source)
      }
      if let fault { Issue.record("round \(round), \(source): \(fault)") }
    }
  }

  /// What is wrong with a decoded text, or `nil`.
  private func check(_ text: TestDecoder, _ source: [UInt8]) -> String? {
    let whole = 0..<source.count
    var last = 0..<0
    for place in 0..<text.count {
      let origin = text.original(place..<(place + 1))
      guard !origin.isEmpty, whole.lowerBound <= origin.lowerBound,
        origin.upperBound <= whole.upperBound
      else { return "byte \(place) comes from \(origin)" }
      if origin.lowerBound < last.lowerBound || origin.upperBound < last.upperBound {
        return "byte \(place) comes from \(origin), the one before it from \(last)"
      }
      last = origin
      let isCopy = origin.count == 1 && text.decoding(in: place..<(place + 1)).isEmpty
      if isCopy, text.bytes[place] != source[origin.lowerBound] {
        return "byte \(place) is no copy of \(origin)"
      }
      let two = text.original(max(0, place - 1)..<(place + 1))
      if two.upperBound != origin.upperBound { return "the range up to byte \(place) is \(two)" }
    }
    for region in text.regions
    where region.range.isEmpty || region.range.upperBound > text.count {
      return "a region is \(region.range)"
    }
    return nil
  }

  @Test("ranges at the ends, and of an empty text")
  func ends() {
    let decoder = TestDecoder()
    #expect(decoder.original(0..<0) == 0..<0)
    #expect(decoder.decoding(in: 0..<0) == [])
    let source = Array("x&#68;".utf8)
    #expect(decoder.decode(source, .all, isMarkup: false))
    #expect(decoder.original(2..<2) == 6..<6)
    #expect(decoder.original(1..<1) == 1..<1)
    #expect(decoder.original(0..<2) == 0..<6)
    let empty: [UInt8] = []
    #expect(!decoder.decode(empty, .all, isMarkup: true))
    #expect(decoder.count == 0)
  }

  @Test("a decoder used again gives what a new one gives")
  func reuse() {
    let decoder = TestDecoder()
    for text in ["<code>a", "&#68;", "plain", "%44<b>R</b>"] {
      let source = Array(text.utf8)
      let fresh = TestDecoder()
      #expect(
        decoder.decode(source, .all, isMarkup: true)
          == fresh.decode(source, .all, isMarkup: true)
      )
      #expect(decoder.bytes == fresh.bytes)
      #expect(decoder.regions == fresh.regions)
    }
  }
}

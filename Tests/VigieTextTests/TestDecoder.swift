import VigieText

/// A decoder of bytes that can be kept, so that expectations may name it.
final class TestDecoder {
  private var decoder = Decoder()

  private var source: [UInt8] = []
  private var steps = Decoder.Steps.all

  /// The result; the source itself where nothing was undone and the decoder copied nothing.
  var bytes: [UInt8] {
    decoder.text.count == 0 && !decoder.text.isChanged ? source : decoder.text.bytes
  }
  var count: Int { decoder.text.count }
  var isChanged: Bool { decoder.text.isChanged }
  var regions: [MarkupRegion] { decoder.text.regions }
  var string: String { String(decoding: bytes, as: UTF8.self) }

  @discardableResult
  func decode(_ source: [UInt8], _ steps: Decoder.Steps = .all, isMarkup: Bool = false) -> Bool {
    self.source = source
    self.steps = steps
    return decoder.decode(source.span, steps, isMarkup: isMarkup)
  }

  @discardableResult
  func undoLeet() -> Bool {
    let source = self.source
    return decoder.undoLeet(source.span, after: steps)
  }

  func original(_ range: Range<Int>) -> Range<Int> { decoder.text.original(range) }
  func decoding(in range: Range<Int>) -> Decoding { decoder.text.decoding(in: range) }
  func tagPlaces(in range: Range<Int>) -> [Int] { decoder.text.tagPlaces(in: range) }
}

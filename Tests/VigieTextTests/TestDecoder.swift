import VigieText

/// A decoder of bytes that can be kept, so that expectations may name it.
final class TestDecoder {
  private var decoder = Decoder()

  var bytes: [UInt8] { decoder.text.bytes }
  var count: Int { decoder.text.count }
  var isChanged: Bool { decoder.text.isChanged }
  var regions: [MarkupRegion] { decoder.text.regions }
  var string: String { String(decoding: bytes, as: UTF8.self) }

  @discardableResult
  func decode(_ source: [UInt8], _ steps: Decoder.Steps = .all, isMarkup: Bool = false) -> Bool {
    decoder.decode(source.span, steps, isMarkup: isMarkup)
  }

  @discardableResult
  func undoLeet() -> Bool { decoder.undoLeet() }

  func original(_ range: Range<Int>) -> Range<Int> { decoder.text.original(range) }
  func decoding(in range: Range<Int>) -> Decoding { decoder.text.decoding(in: range) }
  func tagPlaces(in range: Range<Int>) -> [Int] { decoder.text.tagPlaces(in: range) }
}

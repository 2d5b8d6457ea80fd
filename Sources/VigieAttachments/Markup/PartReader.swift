import VigieCore
import VigieMarkup

/// A reader of one XML document, or of one part of a package of them.
///
/// It keeps what stands outside of elements; its heirs know what the elements mean.
class PartReader: MarkupHandler {
  let collector: Collector
  /// The part, for texts that have no better place.
  let location: String

  init(_ collector: Collector, _ location: String) {
    self.collector = collector
    self.location = location
  }

  func start(_ element: borrowing MarkupElement) -> Bool { collector.hasRoom }
  func end(_ name: Int) {}
  func characters(_ text: Span<UInt8>) {}
  /// The document ended, wherever it was: what is open is text all the same.
  func finish() {}

  func comment(_ text: Span<UInt8>) { add(text, .comment) }
  func instruction(_ text: Span<UInt8>) { add(text, .hidden) }
  func declaredEntity(_ text: Span<UInt8>) { add(text, .hidden) }
  func unparsed(_ text: Span<UInt8>) { add(text, .bodyText) }

  private func add(_ text: Span<UInt8>, _ role: Role) {
    var bytes: [UInt8] = []
    bytes.append(text)
    collector.add(bytes, role, location)
  }
}

/// Finds the reader of a document by its root element, and hands everything on to it.
///
/// The root says what a part is to the program that opens it; names, relationships and content types
/// may lie or be missing.
final class RootDispatcher: MarkupHandler {
  private let choose: (borrowing MarkupElement) -> PartReader
  private let fallback: PartReader
  private(set) var reader: PartReader?

  init(_ fallback: PartReader, _ choose: @escaping (borrowing MarkupElement) -> PartReader) {
    self.fallback = fallback
    self.choose = choose
  }

  func start(_ element: borrowing MarkupElement) -> Bool {
    if let reader { return reader.start(element) }
    let chosen = choose(element)
    reader = chosen
    return chosen.start(element)
  }
  func end(_ name: Int) { reader?.end(name) }
  func characters(_ text: Span<UInt8>) { reader?.characters(text) }
  func comment(_ text: Span<UInt8>) { (reader ?? fallback).comment(text) }
  func instruction(_ text: Span<UInt8>) { (reader ?? fallback).instruction(text) }
  func declaredEntity(_ text: Span<UInt8>) { (reader ?? fallback).declaredEntity(text) }
  func unparsed(_ text: Span<UInt8>) { (reader ?? fallback).unparsed(text) }
}

public import VigieCore
import VigiePolicy
import VigieRulebook
import VigieScanning

/// Judges messages on one thread; holds the scratch memory of that thread.
///
/// A message in which nothing stands costs one pass over each of its texts: no allocation, no lock.
public final class FilterWorker {
  // Unchecked: a worker is of one thread, and nothing that a review calls knows it. To look for a second user at each
  // message takes as long as to read some twenty bytes.
  @safe @exclusivity(unchecked) private var desk: FilterDesk

  /// A worker of a filter.
  public init(_ filter: Filter) { self.desk = FilterDesk(filter) }

  /// Judges the text parts, the channel's name and the names of the attachments of a message.
  public func review(_ message: Message) -> Review { desk.review(message) }

  /// Judges a message as ``review(_:)`` does; `nil` where nothing was found and all was read.
  package func remark(on message: Message) -> Review? { desk.remark(on: message) }

  /// Judges a message if that takes little work.
  ///
  /// A text written to be dear (a thousand words that begin a marking) costs a hundred times one of its
  /// length. Who must not be held up asks this way first.
  ///
  /// - Parameters:
  ///   - message: The message.
  ///   - effort: The most places of one text that are looked at; some microsecond each.
  /// - Returns: The review, or `nil` where a text has more; nothing is said of the message then.
  public func review(_ message: Message, effort: Int) -> Review? {
    desk.review(message, effort: effort)
  }

  /// Judges a message together with text and gaps extracted from its attachments.
  public func review(_ message: Message, segments: [Segment], gaps extracted: [Gap]) -> Review {
    desk.begin(message)
    desk.scanParts(of: message)
    for segment in segments { desk.scan(segment.text.span, segment.place) }
    desk.gaps += extracted
    return desk.decide(message)
  }

  /// Judges a message and one text that is too large to copy, such as a mapped file.
  public func review(
    _ message: Message,
    place: Place,
    text: UnsafeRawBufferPointer,
    gaps extracted: [Gap]
  ) -> Review {
    desk.begin(message)
    desk.scanParts(of: message)
    let bytes = unsafe text.bindMemory(to: UInt8.self)
    unsafe desk.scan(Span(_unsafeElements: bytes), place)
    desk.gaps += extracted
    return desk.decide(message)
  }

  /// The findings of one text alone, in text order, with the gaps of the engine.
  public func findings(in segment: Segment) -> (findings: [Finding], gaps: [Gap]) {
    desk.reset()
    desk.scan(segment.text.span, segment.place)
    return (desk.findings, desk.gaps)
  }

  /// Everything the engine considered in one text, reported or not, in text order.
  package func explain(_ segment: Segment) -> [Explanation] {
    let text = segment.text.span
    desk.scanner.leavesOutCovered = false
    defer { desk.scanner.leavesOutCovered = true }
    guard desk.scanner.scan(text, role: segment.place.role) else { return [] }
    var lines = LineCounter()
    let rules = desk.filter.rules
    let authentication = desk.filter.authentication
    return desk.scanner.judgements.map { judgement in
      let finding = FindingShape.finding(
        judgement,
        text,
        segment.place,
        rules,
        authentication,
        &lines
      )
      return Explanation(judgement, finding, text, rules)
    }
  }
}
